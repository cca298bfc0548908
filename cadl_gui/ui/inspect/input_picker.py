"""The picker of the image that goes through the network."""

from dataclasses import replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QSpinBox, QWidget

from cadl_gui.domain.requests import FetchTestImage
from cadl_gui.domain.view import InspectView
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import named, row_in
from cadl_gui.ui.data_image import image_of
from cadl_gui.ui.theme.tokens import UNIT_PX

_SOURCES = {"example": _("From Train"), "test": _("Test image"), "drawing": _("From Draw")}
_TIPS = {
    "example": _("One of the hundred images whose output Train shows"),
    "test": _("One of the images that the network was not trained on"),
    "drawing": _("The image on the canvas in Draw"),
}
_SENT = _("From Data")
_LAST_IMAGE = 99_999


class InputPicker(QWidget):
    """Picks one of the run's examples, a test image, the drawing, or an image sent from Data.

    Args:
        engine: Supplies test images and, through its view state, the drawing and what is picked.

    Signals:
        changed: The image changed.
    """

    changed = Signal()

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._question = Question(engine, self, self._fetch, self._on_no_image)
        self._asked_of: Run | None = None
        self._fetched: NDArray[np.float32] | None = None
        self._sources = named(NoScrollComboBox(), "pictureSourceCombo", says=_("Which image"))
        self._sources.offer_entries([(text, source, _TIPS[source]) for source, text in _SOURCES.items()])
        tip = _("Which of the images goes through the network")
        self._number = named(QSpinBox(), "examplePicker", tip, says=_("Number of the image"))
        self._number.setWrapping(True)
        for widget in (self._sources, self._number):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row_in(self, UNIT_PX, (self._sources, 2), (self._number, 1))
        view = engine.view
        self._sources.currentIndexChanged.connect(self._on_source)
        self._chosen_number = Chosen(self._number, view, "inspect", "number")
        # Also while it is hidden, as in present mode.
        view.bind(self._question, lambda: view.drawing, self._on_drawing)
        wish = attrgetter("source", "dataset", "number")
        view.bind(self._question, lambda: (view.run, wish(view.value.inspect)), self._show)

    @property
    def image(self) -> NDArray[np.float32] | None:
        """(height, width, channels) in [0, 1], read-only, in the run's image shape; None if there is none."""
        match self._source:
            case "drawing":
                return self._fitting(self._engine.view.drawing.image)
            case "test" | "data":
                return self._fitting(self._fetched)
        examples, number = self._examples, self._engine.view.value.inspect.number
        return examples[number if number < len(examples) else 0] if len(examples) else None

    @property
    def _source(self) -> str:
        """The source that is chosen; the examples where an image was sent that has not the run's shape."""
        wish = self._engine.view.value.inspect
        is_there = wish.dataset and (self._fetched is None or self._fitting(self._fetched) is not None)
        return wish.source if wish.source in _SOURCES or (wish.source == "data" and is_there) else "example"

    @property
    def _run(self) -> Run | None:
        run = self._engine.view.run
        return None if run is None or run.description.is_graph else run

    @property
    def _examples(self) -> NDArray[np.float32] | tuple[()]:
        examples = None if self._run is None else self._run.description.examples
        return () if examples is None else examples

    def _fitting(self, image: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        run = self._run
        fits = run is not None and image is not None and image.shape == run.description.image_shape
        return image if fits else None

    def _on_drawing(self) -> None:
        if self._source == "drawing":
            self.changed.emit()

    @Slot()
    def _on_source(self) -> None:
        wish = self._engine.view.value.inspect
        self._engine.view.change(inspect=replace(wish, source=self._sources.currentData()))

    def _show(self) -> None:
        run, wish = self._run, self._engine.view.value.inspect
        is_other, self._asked_of = run is not self._asked_of, run
        if is_other:
            self._fetched = None
        self._question.cancel()
        self._show_source()
        source = self._source
        if run is not None and (source == "test" or wish.source == "data"):
            self._question.ask_anew(run if source == "test" else None, wish)
        if source not in {"test", "data"} or is_other:  # until it comes, the image before stays
            self.changed.emit()

    def _show_source(self) -> None:
        source, wish = self._source, self._engine.view.value.inspect
        with QSignalBlocker(self._sources), QSignalBlocker(self._number):
            if wish.dataset and self._sources.findData("data") < 0:
                self._sources.addItem(_SENT, "data")
            self._sources.setCurrentIndex(self._sources.findData(source))
            last = max(0, len(self._examples) - 1) if source == "example" else _LAST_IMAGE
            self._number.setRange(0, last)
        self._chosen_number.show()
        self._number.setVisible(source in {"example", "test"})  # else the name of the source has its room

    async def _fetch(self, run: Run | None, wish: InspectView) -> None:
        """Fetch a test image of a run or, without one, an image of a dataset."""
        if run is None:
            image = await image_of(self._engine, wish.dataset, wish.number)
        else:
            image = to_float((await FetchTestImage(run.run_id, wish.number))[0])
        image.flags.writeable = False
        self._fetched = image
        self._show_source()
        self.changed.emit()

    def _on_no_image(self, message: str) -> None:
        self._fetched = None
        self.changed.emit()
        self._engine.notifications.unanswered.emit(message)
