"""The latent vector of a drawing or another image, and its trajectory over training."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.request_batch import RequestBatch
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends

_NO_DRAWING = "Draw something in the Draw tab first: it is placed here."


class DrawingTrajectory(QObject):
    """Encodes an image with the weights shown, then with those of each recorded epoch, one at a time.

    It is the drawing, or one that the Data tab sends. The trajectory follows bends and further epochs.

    Args:
        engine: Its view state holds the drawing.
        shown: Run and position.

    Signals:
        landed: ((d,) float32, int) The latent vector of the drawing, and the epoch of the weights.
        trajectory_changed: `trajectory` changed.
    """

    landed = Signal(object, int)
    trajectory_changed = Signal()

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._client = InferenceClient(engine.inference, self)
        self._image: NDArray[np.float32] | None = None
        self._bends: Bends = ()
        self._latents: dict[Position, NDArray[np.float32]] = {}
        self._asked: list[Position] = []
        self._gaps: set[Position] = set()
        self._batch = RequestBatch(engine, self)
        self._batch.answered.connect(self._on_latents)
        self._batch.finished.connect(self._follow)
        self._batch.failed.connect(self._on_gap)
        shown.position_changed.connect(self._follow)

    @property
    def trajectory(self) -> NDArray[np.float32]:
        """Latent vectors of the drawing at the recorded epochs, (k, d), the untrained network first."""
        return np.array([self._latents[epoch] for epoch in sorted(self._latents)], np.float32)

    @Slot()
    def place(self) -> None:
        """Encode the current drawing."""
        drawing = self._engine.view.drawing.image
        if drawing is None:
            self._engine.notifications.unanswered.emit(_NO_DRAWING)
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
            self._engine.notifications.unanswered.emit(
                f"{run.description.name} takes images of another size than {kind}."
            )
            return
        self.forget()
        images = image[np.newaxis]
        images.flags.writeable = False
        request = Encode(run.run_id, self._shown.position, images)
        self._client.ask(request, partial(self._on_landed, images), self._on_failed)

    @Slot()
    def forget(self) -> None:
        """Cancel pending requests and clear the trajectory."""
        self._client.cancel()
        self._image = None
        self._clear()

    def _clear(self) -> None:
        self._batch.cancel()
        self._latents, self._gaps = {}, set()
        self.trajectory_changed.emit()

    def _on_landed(
        self, image: NDArray[np.float32], latents: NDArray[np.float32], position: Position | None
    ) -> None:
        assert position is not None, "weights have encoded it"
        self.landed.emit(latents[0], position.epoch)
        self._image, self._bends = image, self._shown.bends
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Encode with the epochs that were not asked yet; anew with all of them after a bend."""
        run, image = self._shown.run, self._image
        if run is None or image is None:
            return
        if self._shown.bends != self._bends:
            self._bends = self._shown.bends
            self._clear()
        epochs = [position for position in run.recorded if position.step == 0]
        missing = [epoch for epoch in epochs if epoch not in self._latents and epoch not in self._gaps]
        if missing and not self._batch.is_busy:
            self._asked = missing
            self._batch.start([Encode(run.run_id, epoch, image) for epoch in missing])

    @Slot(object)
    def _on_latents(self, latents: NDArray[np.float32]) -> None:
        self._latents[self._asked.pop(0)] = latents[0]
        self.trajectory_changed.emit()

    @Slot()
    def _on_gap(self) -> None:
        """Leave an epoch out whose weights are no longer kept, or give no numbers."""
        self._gaps.add(self._asked[0])
        self._follow()

    def _on_failed(self, message: str) -> None:
        self._engine.notifications.unanswered.emit(message)
        self.forget()
