"""Where the drawing of the Draw tab lands in a latent space, and how it got there as the network learned."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.requests import Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.request_series import RequestSeries
from cadl_gui.ui.suited_run import SuitedRun

if TYPE_CHECKING:
    from cadl_gui.domain.position import Position
    from cadl_gui.engine.run import Run

_NO_DRAWING = "Draw a digit in the Draw tab first: it is placed here."


class PlacedDrawing(QObject):
    """Encodes the drawing with the weights shown, then with those of each kept epoch, one at a time.

    Args:
        engine: whose view state knows the drawing.
        shown: run and position.

    Signals:
        landed: ((d,) float32, int) its code, and the epoch at which it is that.
        way_changed: `way` is another one.
        failed: (str) why it has no place.
    """

    landed = Signal(object, int)
    way_changed = Signal()
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: SuitedRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._client = InferenceClient(engine.inference, self)
        self._codes: list[NDArray[np.float32]] = []
        self._series = RequestSeries(engine, self)
        self._series.answered.connect(self._on_codes)
        self._series.failed.connect(self._on_failed)

    @property
    def way(self) -> NDArray[np.float32]:
        """Its codes at the kept epochs, from the untrained network on, (k, d); empty without any."""
        return np.array(self._codes, np.float32)

    @Slot()
    def place(self) -> None:
        """Place what is drawn now."""
        run, drawing = self._shown.run, self._engine.view.drawing
        if run is None:
            return
        if drawing is None:
            self.failed.emit(_NO_DRAWING)
            return
        if drawing.shape != run.description.picture_shape:
            self.failed.emit(f"{run.description.name} takes pictures of another size than drawings.")
            return
        self.forget()
        picture = drawing[np.newaxis]
        picture.flags.writeable = False
        request = Encode(run.run_id, self._shown.position, picture)
        self._client.ask(request, partial(self._on_landed, run, picture), self._on_failed)

    @Slot()
    def forget(self) -> None:
        """Nothing is placed any more."""
        self._client.cancel()
        self._series.cancel()
        self._codes = []
        self.way_changed.emit()

    def _on_landed(
        self,
        run: "Run",
        picture: NDArray[np.float32],
        codes: NDArray[np.float32],
        position: "Position | None",
    ) -> None:
        assert position is not None, "weights have encoded it"
        self.landed.emit(codes[0], position.epoch)
        epochs = [position for position in run.recorded if position.step == 0]
        if epochs:
            self._series.start([Encode(run.run_id, epoch, picture) for epoch in epochs])

    @Slot(object)
    def _on_codes(self, codes: NDArray[np.float32]) -> None:
        self._codes.append(codes[0])
        self.way_changed.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.failed.emit(sentence)
        self.forget()
