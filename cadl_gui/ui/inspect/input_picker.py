"""The picker of the image that goes through the network."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchTestImage
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

_EXAMPLE, _TEST, _DRAWING, _SENT = "Example", "Test image", "Drawing", "From Data"
_LAST_TEST_IMAGE = 99_999
_NUMBER_PX = 68


class InputPicker(QWidget):
    """Picks one of the run's examples, a test image, the drawing, or an image sent by the Data tab.

    Args:
        engine: Supplies test images and, through its view state, the drawing.

    Signals:
        changed: The image changed.
    """

    changed = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._client = InferenceClient(engine.inference, self)
        self._run: Run | None = None
        self._test: NDArray[np.float32] | None = None
        self._sent: NDArray[np.float32] | None = None
        self._sources = NoScrollComboBox()
        self._sources.setObjectName("pictureSourceCombo")
        self._sources.setAccessibleName("Which image")
        self._sources.addItems([_EXAMPLE, _TEST, _DRAWING])
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
        self._sources.currentIndexChanged.connect(self._on_source)
        self._number.valueChanged.connect(self._on_number)
        engine.view.drawing_changed.connect(self._on_drawing)
        self._on_source()

    @property
    def image(self) -> NDArray[np.float32] | None:
        """(height, width, channels) in [0, 1], read-only, in the run's image shape; None if there is none."""
        if self._run is None:
            return None
        examples = self._run.description.examples
        match self._sources.currentText():
            case "Drawing":
                found = self._engine.view.drawing
            case "Test image":
                found = self._test
            case "From Data":
                found = self._sent
            case _:
                found = None if examples is None or not len(examples) else examples[self._number.value()]
        fits = found is not None and found.shape == self._run.description.image_shape
        return found if fits else None

    def set_run(self, run: Run | None) -> None:
        """Offer images for another run; None offers none."""
        self._client.cancel()
        self._run = run
        self._forget_test_image()
        if self._sources.currentText() == _SENT and self.image is None:  # it is of another shape
            self._sources.setCurrentText(_EXAMPLE)
        self._on_source()

    def show_image(self, image: NDArray[np.float32]) -> None:
        """Pick an image of the Data tab, (height, width, channels) in [0, 1], read-only."""
        self._sent = image
        if self._sources.findText(_SENT) < 0:
            self._sources.addItem(_SENT)
        self._sources.setCurrentText(_SENT)
        self.changed.emit()

    @Slot()
    def _on_drawing(self) -> None:
        if self._sources.currentText() == _DRAWING:
            self.changed.emit()

    @Slot()
    def _on_source(self) -> None:
        source = self._sources.currentText()
        examples = None if self._run is None else self._run.description.examples
        last = _LAST_TEST_IMAGE if source == _TEST else max(0, (0 if examples is None else len(examples)) - 1)
        self._number.setRange(0, last)
        self._number.setEnabled(source in {_EXAMPLE, _TEST})
        self._on_number()

    @Slot()
    def _on_number(self) -> None:
        if self._sources.currentText() == _TEST and self._run is not None:
            request = FetchTestImage(self._run.run_id, self._number.value())
            self._client.ask(request, self._on_image, self._on_no_image)
        else:
            self.changed.emit()

    def _on_image(self, stored: NDArray[np.uint8], _: Position | None) -> None:
        image = stored.astype(np.float32) / np.float32(255)
        image.flags.writeable = False
        self._test = image
        if self._sources.currentText() == _TEST:
            self.changed.emit()

    def _on_no_image(self, message: str) -> None:
        self._forget_test_image()
        self._engine.notifications.unanswered.emit(message)

    def _forget_test_image(self) -> None:
        self._test = None
        if self._sources.currentText() == _TEST:
            self.changed.emit()
