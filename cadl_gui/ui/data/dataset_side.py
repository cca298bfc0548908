"""The column beside the montage: the chosen image, statistics, near-duplicates, or reconstructions."""

from collections.abc import Collection
from dataclasses import replace

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
_, _STATISTICS, _, _REINTERPRET = range(len(_PAGES))


_Panel = ImagePanel | StatisticsPanel | DuplicatesPanel | ReinterpretPanel


class DatasetSide(QWidget):
    """Shows one of four panels, and requests what they show once they are visible.

    Args:
        engine: answers requests about the dataset.
        theme: colours, fonts and sizes.
        parent: parent widget.

    Signals:
        outdated: (str) why a request failed, as happens when the dataset's files have changed.

    Attributes:
        image: shows the chosen image.
        duplicates: shows near-duplicates.
        reinterpretation: shows what the network shown makes of the images.
    """

    outdated = Signal(str)

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = engine.view
        self._client = InferenceClient(engine.datasets, self)
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._has_statistics = self._is_active = False
        self.image = ImagePanel(theme, engine.jobs)
        self._statistics = StatisticsPanel(theme, engine.jobs, engine.view)
        self.duplicates = DuplicatesPanel(theme, engine.jobs)
        self.reinterpretation = ReinterpretPanel(engine, theme, self)
        self._stack = QStackedWidget()
        self._buttons = PageButtons(_PAGES)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self._buttons)
        column.addWidget(self._stack, stretch=1)
        self._connect()
        engine.view.bind(self, self._wished_page, self._show_page)

    def _connect(self) -> None:
        panels: tuple[_Panel, ...] = (
            self.image,
            self._statistics,
            self.duplicates,
            self.reinterpretation,
        )
        for panel in panels:
            self._stack.addWidget(panel)
        self._buttons.chosen.connect(self._choose_page)
        self.duplicates.search_wanted.connect(self._search)
        self.duplicates.cancel_wanted.connect(self._cancel_search)
        self.duplicates.images_wanted.connect(self._fetch_images)
        self.reinterpretation.outdated.connect(self.outdated)

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
        self.duplicates.set_duplicates(None)
        self.duplicates.setEnabled(about is not None)
        self.reinterpretation.set_dataset(dataset, about)
        self._show_page()

    def set_image(self, image: DatasetImage | None) -> None:
        """Show an image of the dataset; None shows none."""
        if image is None or self._about is None:
            self.image.set_image(None, number=0, label=None, class_names=(), file_name="", part="")
            return
        self.image.set_image(
            image.image,
            number=image.number,
            label=image.label,
            class_names=self._about.class_names,
            file_name=image.file_name,
            part=image.part,
        )
        self.reinterpretation.show_number(image.number)

    def set_targets(self, ids: Collection[str]) -> None:
        """Set the ids of the tabs that can show the image."""
        self.image.set_targets(ids)

    @property
    def _name(self) -> str:
        return "" if self._dataset is None else self._dataset.config.dataset

    @Slot(int)
    def _choose_page(self, number: int) -> None:
        page, chosen = tuple(_PAGES)[number], self._view.value.data
        self._view.change(data=replace(chosen.about(self._name) if page == "image" else chosen, page=page))

    def _wished_page(self) -> int:
        page = self._view.value.data.about(self._name).page
        return tuple(_PAGES).index(page) if page in _PAGES else _STATISTICS

    def _show_page(self) -> None:
        self._buttons.check(self._wished_page())
        self._stack.setCurrentIndex(self._wished_page())
        self._request_statistics()
        self._activate()

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
            self._statistics.set_statistics(statistics, self._about.class_names, self._name)

    @Slot()
    def _search(self) -> None:
        self._continue_search(0.0, starts=True)

    def _continue_search(self, progress: float, *, starts: bool = False) -> None:
        if self._dataset is not None:
            self.duplicates.set_progress(progress)
            self._client.ask(FindDuplicates(self._dataset, starts), self._on_found, self.outdated.emit)

    def _on_found(self, found: float | Duplicates, _: Position | None) -> None:
        if isinstance(found, Duplicates):
            self.duplicates.set_duplicates(found)
        else:
            self._continue_search(found)

    @Slot()
    def _cancel_search(self) -> None:
        self._client.cancel(FindDuplicates)
        self.duplicates.set_progress(None)

    @Slot(tuple)
    def _fetch_images(self, numbers: tuple[int, ...]) -> None:
        def on_images(images: NDArray[np.uint8], _: Position | None) -> None:
            self.duplicates.set_images(numbers, images)

        if self._dataset is not None:
            request = FetchImages(self._dataset, numbers)
            self._client.ask(request, on_images, self.outdated.emit, competes=False)
