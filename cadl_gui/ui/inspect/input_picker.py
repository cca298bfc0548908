"""The picker of the image that goes through the network."""

from dataclasses import replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchTestImage
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

_SOURCES = {"example": "Example", "test": "Test image", "drawing": "Drawing"}
_SENT = "From Data"
_LAST_TEST_IMAGE = 99_999
_NUMBER_PX = 68


class InputPicker(QWidget):
    """Picks one of the run's examples, a test image, the drawing, or an image sent by the Data tab.

    Args:
        engine: Supplies test images and, through its view state, the drawing and what is picked.

    Signals:
        changed: The image changed.
    """

    changed = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._client = InferenceClient(engine.inference, self)
        self._asked_of: Run | None = None
        self._test: NDArray[np.float32] | None = None
        self._sent: NDArray[np.float32] | None = None
        self._sources = NoScrollComboBox()
        self._sources.setObjectName("pictureSourceCombo")
        self._sources.setAccessibleName("Which image")
        for source, text in _SOURCES.items():
            self._sources.addItem(text, source)
        self._number = QSpinBox()
        self._number.setObjectName("examplePicker")
        self._number.setAccessibleName("Number of the image")
        self._number.setToolTip("Which of the images goes through the network")
        self._number.setWrapping(True)
        self._number.setFixedWidth(_NUMBER_PX)
        self._sources.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT_PX)
        row.addWidget(self._sources, stretch=1)
        row.addWidget(self._number)
        view = engine.view
        self._sources.currentIndexChanged.connect(self._on_source)
        self._chosen_number = Chosen(self._number, view, "inspect", "number")
        # Also while it is hidden, as in present mode.
        view.bind(self._client, lambda: view.drawing, self._on_drawing)
        wish = attrgetter("source", "number")
        view.bind(self._client, lambda: (view.run, wish(view.value.inspect)), self._show)

    @property
    def image(self) -> NDArray[np.float32] | None:
        """(height, width, channels) in [0, 1], read-only, in the run's image shape; None if there is none."""
        match self._source:
            case "drawing":
                return self._fitting(self._engine.view.drawing.image)
            case "test":
                return self._fitting(self._test)
            case "sent":
                return self._sent
        examples, number = self._examples, self._engine.view.value.inspect.number
        return examples[min(number, len(examples) - 1)] if len(examples) else None

    def show_image(self, image: NDArray[np.float32]) -> None:
        """Pick an image of the Data tab, (height, width, channels) in [0, 1], read-only."""
        self._sent = image
        if self._sources.findText(_SENT) < 0:
            self._sources.addItem(_SENT, "sent")
        view = self._engine.view
        before = view.value
        view.change(inspect=replace(before.inspect, source="sent"))
        if view.value is before:
            self._show()

    @property
    def _source(self) -> str:
        """The source that is chosen; the examples where it gives no image of the run's shape."""
        wished = self._engine.view.value.inspect.source
        is_there = wished in _SOURCES or (wished == "sent" and self._fitting(self._sent) is not None)
        return wished if is_there else "example"

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
        run, source = self._run, self._source
        with QSignalBlocker(self._sources), QSignalBlocker(self._number):
            self._sources.setCurrentIndex(self._sources.findData(source))
            last = _LAST_TEST_IMAGE if source == "test" else max(0, len(self._examples) - 1)
            self._number.setRange(0, last)
        self._chosen_number.show()
        self._number.setEnabled(source in {"example", "test"})
        is_other, self._asked_of = run is not self._asked_of, run
        if is_other:
            self._test = None
        self._client.cancel()
        if source == "test" and run is not None:
            request = FetchTestImage(run.run_id, self._engine.view.value.inspect.number)
            self._client.ask(request, self._on_image, self._on_no_image)
        if source != "test" or is_other:  # until it comes, the image before stays
            self.changed.emit()

    def _on_image(self, stored: NDArray[np.uint8], _: Position | None) -> None:
        image = stored.astype(np.float32) / np.float32(255)
        image.flags.writeable = False
        self._test = image
        self.changed.emit()

    def _on_no_image(self, message: str) -> None:
        self._test = None
        self.changed.emit()
        self._engine.notifications.unanswered.emit(message)
