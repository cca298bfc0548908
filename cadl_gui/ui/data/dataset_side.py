"""The column beside the montage: the chosen image, statistics, near-duplicates, or reconstructions."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from cadl_gui.domain.dataset_answers import Duplicates
from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import ComputeStatistics, DatasetRef, FetchImages, FindDuplicates
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.data.duplicates_panel import DuplicatesPanel
from cadl_gui.ui.data.image_panel import ImagePanel
from cadl_gui.ui.data.page_buttons import PageButtons
from cadl_gui.ui.data.reinterpret_panel import ReinterpretPanel
from cadl_gui.ui.data.statistics_panel import StatisticsPanel
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_PAGES = {
    "image": _("Image"),
    "statistics": _("Statistics"),
    "duplicates": _("Duplicates"),
    "reinterpret": _("Network's view"),
}
_STATISTICS = 1

_Panel = ImagePanel | StatisticsPanel | DuplicatesPanel | ReinterpretPanel


class DatasetSide(QWidget):
    """Shows one of four panels, and requests what they show once they are visible.

    Args:
        engine: answers requests about the dataset.
        theme: colours, fonts and sizes.

    Signals:
        outdated: (str) why a request failed, as happens when the dataset's files have changed.

    Attributes:
        image: shows the chosen image.
        duplicates: shows near-duplicates.
        reinterpretation: shows what the network shown makes of the images.
    """

    outdated = Signal(str)

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self._view = engine.view
        fail = self.outdated.emit
        self._computing = Question(engine, self, self._compute_statistics, fail, page=self)
        self._searching = Question(engine, self, self._find_duplicates, fail, page=self)
        self._fetching = Question(engine, self, self._fetch_images, fail, page=self)
        self._wanted: list[tuple[int, ...]] = []
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self.image = ImagePanel(theme, engine.jobs)
        self._statistics = StatisticsPanel(theme, engine.jobs, engine.view)
        self.duplicates = DuplicatesPanel(theme, engine.jobs, self._searching.ask_anew, self._cancel_search)
        self.reinterpretation = ReinterpretPanel(engine, theme, self, fail)
        self._stack = QStackedWidget()
        self._buttons = PageButtons(_PAGES)
        theme.stage.put(When.DETAILS, *self._buttons.of("duplicates", "reinterpret"))
        column_in(self, GAP_SMALL_PX, self._buttons, (self._stack, 1))
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
        self.duplicates.images_wanted.connect(self._on_images_wanted)

    def set_dataset(self, dataset: DatasetRef | None, about: DatasetDescription | None) -> None:
        """Show another dataset; None shows none."""
        for question in (self._computing, self._searching, self._fetching):
            question.cancel()
        self._wanted.clear()
        self._dataset, self._about = dataset, about
        self.set_image(None)
        self._statistics.set_statistics(None, ())
        self.duplicates.set_duplicates(None)
        self.duplicates.setEnabled(about is not None)
        self.reinterpretation.set_dataset(dataset, about)
        self._show_page()

    def set_image(self, image: DatasetImage | None, error: str = "") -> None:
        """Show an image of the dataset; None shows none.

        Args:
            error: how large its error is; "" if it is not known.
        """
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
            error=error,
        )
        self.reinterpretation.show_number(image.number)

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

    def _request_statistics(self) -> None:
        if self._about is not None and self._stack.currentIndex() == _STATISTICS:
            self._computing.ask_about(self._dataset, self._about.class_names)

    async def _compute_statistics(self, dataset: DatasetRef, class_names: tuple[str, ...]) -> None:
        statistics, _ = await ComputeStatistics(dataset)
        self._statistics.set_statistics(statistics, class_names, self._name)

    async def _find_duplicates(self) -> None:
        found: float | Duplicates = 0.0
        starts = True
        while self._dataset is not None and not isinstance(found, Duplicates):
            self.duplicates.set_progress(found)
            found, _ = await FindDuplicates(self._dataset, starts)
            starts = False
        self.duplicates.set_duplicates(found if isinstance(found, Duplicates) else None)

    @Slot()
    def _cancel_search(self) -> None:
        self._searching.cancel()
        self.duplicates.set_progress(None)

    @Slot(tuple)
    def _on_images_wanted(self, numbers: tuple[int, ...]) -> None:
        self._wanted.append(numbers)
        self._fetching.ask_more()

    async def _fetch_images(self) -> None:
        while self._wanted and self._dataset is not None:
            numbers = self._wanted.pop(0)
            images, _ = await FetchImages(self._dataset, numbers)
            self.duplicates.set_images(numbers, images)
