"""The latent vector of a drawing or another image, and its trajectory over training."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.requests import Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.request_batch import RequestBatch
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from cadl_gui.domain.position import Position
    from cadl_gui.engine.run import Run

_NO_DRAWING = "Draw something in the Draw tab first: it is placed here."


class DrawingTrajectory(QObject):
    """Encodes an image with the weights shown, then with those of each recorded epoch, one at a time.

    It is the drawing, or one that the Data tab sends.

    Args:
        engine: Its view state holds the drawing.
        shown: Run and position.

    Signals:
        landed: ((d,) float32, int) The latent vector of the drawing, and the epoch of the weights.
        trajectory_changed: `trajectory` changed.
        failed: (str) A sentence saying why the drawing cannot be placed.
    """

    landed = Signal(object, int)
    trajectory_changed = Signal()
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._client = InferenceClient(engine.inference, self)
        self._latents: list[NDArray[np.float32]] = []
        self._batch = RequestBatch(engine, self)
        self._batch.answered.connect(self._on_latents)
        self._batch.failed.connect(self._on_failed)

    @property
    def trajectory(self) -> NDArray[np.float32]:
        """Latent vectors of the drawing at the recorded epochs, (k, d), the untrained network first."""
        return np.array(self._latents, np.float32)

    @Slot()
    def place(self) -> None:
        """Encode the current drawing."""
        drawing = self._engine.view.drawing
        if drawing is None:
            self.failed.emit(_NO_DRAWING)
        else:
            self.place_image(drawing, "the drawing in the Draw tab")

    def place_image(self, image: NDArray[np.float32], kind: str) -> None:
        """Encode an image.

        Args:
            image: (height, width, channels) in [0, 1].
            kind: what to call it in a message.
        """
        run = self._shown.run
        if run is None:
            return
        if image.shape != run.description.image_shape:
            self.failed.emit(f"{run.description.name} takes images of another size than {kind}.")
            return
        self.forget()
        images = image[np.newaxis]
        images.flags.writeable = False
        request = Encode(run.run_id, self._shown.position, images)
        self._client.ask(request, partial(self._on_landed, run, images), self._on_failed)

    @Slot()
    def forget(self) -> None:
        """Cancel pending requests and clear the trajectory."""
        self._client.cancel()
        self._batch.cancel()
        self._latents = []
        self.trajectory_changed.emit()

    def _on_landed(
        self,
        run: "Run",
        image: NDArray[np.float32],
        latents: NDArray[np.float32],
        position: "Position | None",
    ) -> None:
        assert position is not None, "weights have encoded it"
        self.landed.emit(latents[0], position.epoch)
        epochs = [position for position in run.recorded if position.step == 0]
        if epochs:
            self._batch.start([Encode(run.run_id, epoch, image) for epoch in epochs])

    @Slot(object)
    def _on_latents(self, latents: NDArray[np.float32]) -> None:
        self._latents.append(latents[0])
        self.trajectory_changed.emit()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self.failed.emit(message)
        self.forget()
