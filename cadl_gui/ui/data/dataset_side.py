"""The column beside the montage: the chosen image, statistics, near-duplicates, or reconstructions."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cadl_gui.domain.dataset_answers import DatasetStatistics, Duplicates
from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import ComputeStatistics, DatasetRef, FetchImages, FindDuplicates
from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.data.duplicates_panel import DuplicatesPanel
from cadl_gui.ui.data.image_panel import ImagePanel
from cadl_gui.ui.data.page_buttons import PageButtons
from cadl_gui.ui.data.reinterpret_controller import ReinterpretController
from cadl_gui.ui.data.reinterpret_panel import ReinterpretPanel
from cadl_gui.ui.data.statistics_panel import StatisticsPanel
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_PAGES = {
    "image": "Image",
    "statistics": "Statistics",
    "duplicates": "Duplicates",
    "reinterpret": "Network's view",
}
_IMAGE, _STATISTICS, _, _REINTERPRET = range(len(_PAGES))


_Panel = ImagePanel | StatisticsPanel | DuplicatesPanel | ReinterpretPanel


class DatasetSide(QWidget):
    """Shows one of four panels, and requests what they show once they are visible.

    Args:
        engine: answers requests about the dataset.
        theme: colours, fonts and sizes.
        parent: parent widget.

    Signals:
        outdated: (str) why a request failed, as happens when the dataset's files have changed.
        send_wanted: (str) the chosen image should be shown in the tab with this id.
        image_chosen: (int) number of an image of a near-duplicate that was clicked.
        dataset_kept: (bool) whether the dataset should stay when another run is shown, because another
            network is to see it.

    Attributes:
        reinterpretation: shows what the network shown makes of the images.
    """

    outdated = Signal(str)
    send_wanted = Signal(str)
    image_chosen = Signal(int)
    dataset_kept = Signal(bool)

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = InferenceClient(engine.datasets, self)
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._has_statistics = self._is_active = False
        self._image = ImagePanel(theme, engine.jobs)
        self._statistics = StatisticsPanel(theme, engine.jobs)
        self._duplicates = DuplicatesPanel(theme, engine.jobs)
        self._reinterpreted = ReinterpretPanel(theme, engine.jobs)
        self.reinterpretation = ReinterpretController(engine, theme, self._reinterpreted, self)
        self._stack = QStackedWidget()
        self._buttons = PageButtons(_PAGES)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self._buttons)
        column.addWidget(self._stack, stretch=1)
        self._connect()
        self._show_page(_STATISTICS)

    def _connect(self) -> None:
        panels: tuple[_Panel, ...] = (
            self._image,
            self._statistics,
            self._duplicates,
            self._reinterpreted,
        )
        for panel in panels:
            self._stack.addWidget(panel)
        self._buttons.chosen.connect(self._show_page)
        self._image.send_wanted.connect(self.send_wanted)
        self._duplicates.image_chosen.connect(self.image_chosen)
        self._duplicates.search_wanted.connect(self._search)
        self._duplicates.cancel_wanted.connect(self._cancel_search)
        self._duplicates.images_wanted.connect(self._fetch_images)
        self.reinterpretation.outdated.connect(self.outdated)
        self.reinterpretation.page_wanted.connect(self._show_reinterpreted)

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Set whether requests are sent."""
        self._is_active = active
        self._client.set_active(active)
        self._activate()

    def set_dataset(self, dataset: DatasetRef | None, about: DatasetDescription | None) -> None:
        """Show another dataset; None shows none."""
        self._client.cancel()
        self._dataset, self._about, self._has_statistics = dataset, about, False
        self.set_image(None)
        self._statistics.set_statistics(None, ())
        self._duplicates.set_duplicates(None)
        self._duplicates.setEnabled(about is not None)
        self.reinterpretation.set_dataset(dataset, about)
        self._show_page(_STATISTICS if self._stack.currentIndex() == _IMAGE else self._stack.currentIndex())

    def set_image(self, image: DatasetImage | None) -> None:
        """Show an image of the dataset; None shows none."""
        if image is None or self._about is None:
            self._image.set_image(None, number=0, label=None, class_names=(), file_name="", part="")
            return
        self._image.set_image(
            image.image,
            number=image.number,
            label=image.label,
            class_names=self._about.class_names,
            file_name=image.file_name,
            part=image.part,
        )
        self.reinterpretation.show_number(image.number)
        if self._stack.currentIndex() != _REINTERPRET:
            self._show_page(_IMAGE)

    def set_targets(self, ids: Collection[str]) -> None:
        """Set the ids of the tabs that can show the image."""
        self._image.set_targets(ids)

    @Slot(int)
    def _show_page(self, number: int) -> None:
        self._buttons.check(number)
        self._stack.setCurrentIndex(number)
        self._request_statistics()
        self._activate()
        self.dataset_kept.emit(number == _REINTERPRET)

    @Slot()
    def _show_reinterpreted(self) -> None:
        self._show_page(_REINTERPRET)

    def _activate(self) -> None:
        is_shown = self._stack.currentIndex() == _REINTERPRET
        self.reinterpretation.set_active(self._is_active and is_shown)

    def _request_statistics(self) -> None:
        if self._dataset is None or self._about is None or self._has_statistics:
            return
        if self._stack.currentIndex() == _STATISTICS and not self._client.is_asking(ComputeStatistics):
            self._client.ask(ComputeStatistics(self._dataset), self._on_statistics, self.outdated.emit)

    def _on_statistics(self, statistics: DatasetStatistics, _: Position | None) -> None:
        if self._about is not None:
            self._has_statistics = True
            self._statistics.set_statistics(statistics, self._about.class_names)

    @Slot()
    def _search(self) -> None:
        self._continue_search(0.0, starts=True)

    def _continue_search(self, progress: float, *, starts: bool = False) -> None:
        if self._dataset is not None:
            self._duplicates.set_progress(progress)
            self._client.ask(FindDuplicates(self._dataset, starts), self._on_found, self.outdated.emit)

    def _on_found(self, found: float | Duplicates, _: Position | None) -> None:
        if isinstance(found, Duplicates):
            self._duplicates.set_duplicates(found)
        else:
            self._continue_search(found)

    @Slot()
    def _cancel_search(self) -> None:
        self._client.cancel(FindDuplicates)
        self._duplicates.set_progress(None)

    @Slot(tuple)
    def _fetch_images(self, numbers: tuple[int, ...]) -> None:
        def on_images(images: NDArray[np.uint8], _: Position | None) -> None:
            self._duplicates.set_images(numbers, images)

        if self._dataset is not None:
            request = FetchImages(self._dataset, numbers)
            self._client.ask(request, on_images, self.outdated.emit, competes=False)
