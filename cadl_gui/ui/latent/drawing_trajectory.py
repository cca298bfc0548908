"""The latent vector of a drawing or another image, and its trajectory over training."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.requests import Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.kept_answers import KeptAnswers
from cadl_gui.engine.question import Question
from cadl_gui.system.words import _
from cadl_gui.ui.data_image import image_of
from cadl_gui.ui.tab_run import TabRun

_DRAWING = _("your drawing")
_NO_DRAWING = _("Draw something in the Draw tab first: it is placed here.")


class DrawingTrajectory(QObject):
    """Encodes an image with the weights shown, then with those of each recorded epoch, one at a time.

    It is the drawing, or an image of a dataset. The trajectory follows bends and further epochs.

    Args:
        engine: Its view state holds the drawing.
        shown: Run and position.

    Signals:
        landed: ((d,) float32 or None, int) The latent vector of the image, if there is one, and the epoch of
            the weights.
        trajectory_changed: `trajectory` changed.
    """

    landed = Signal(object, int)
    trajectory_changed = Signal()

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._encoding = Question(engine, self, self._encode, self._fail)
        self._fetching = Question(engine, self, self._fetch, self._fail)
        self._image: NDArray[np.float32] | None = None
        self._name = ""
        self._answers = KeptAnswers(engine, self, self._wanted, kept_as=lambda latents: latents[0])
        self._answers.arrived.connect(self.trajectory_changed)
        shown.position_changed.connect(self._answers.ask_more)

    @property
    def _latents(self) -> dict[Position, NDArray[np.float32]]:
        return {} if self._shown.run is None else self._answers.known(self._shown.run)

    @property
    def trajectory(self) -> NDArray[np.float32]:
        """Latent vectors of the drawing at the recorded epochs, (k, d), the untrained network first."""
        return np.array([*self._latents.values()], np.float32)

    @property
    def names(self) -> list[str]:
        """What is at each place of the trajectory, such as “your drawing, epoch 1”."""
        return [f"{self._name}, {_('untrained') if at == UNTRAINED else at}" for at in self._latents]

    @property
    def here(self) -> int:
        """Index of the place on the trajectory with the weights shown; −1 while it is not known."""
        run = self._shown.run
        at = None if run is None else self._shown.position or run.newest
        return next((n for n, epoch in enumerate(self._latents) if epoch == at), -1)

    @Slot()
    def place(self) -> None:
        """Encode the current drawing."""
        drawing = self._engine.view.drawing.image
        if drawing is None:
            self._fail(_NO_DRAWING)
        else:
            self._place(_DRAWING, drawing)

    def place_image(self, dataset: str, number: int) -> None:
        """Encode an image of a dataset."""
        self._fetching.ask_anew(dataset, number)

    async def _fetch(self, dataset: str, number: int) -> None:
        image = await image_of(self._engine, dataset, number)
        self._place(_("image {number:,}").format(number=number), image)

    def _place(self, name: str, image: NDArray[np.float32]) -> None:
        run = self._shown.run
        if run is None:
            return
        if image.shape != run.description.image_shape:
            self._fail(_("{name} takes images of another size.").format(name=run.description.name))
            return
        self.forget()
        self._name = name
        images = image[np.newaxis]
        images.flags.writeable = False
        self._encoding.ask_anew(Encode(run.run_id, self._shown.position, images))

    @Slot()
    def forget(self) -> None:
        """Cancel pending requests and clear the trajectory."""
        self._encoding.cancel()
        self._image = None
        self._answers.forget()
        self.trajectory_changed.emit()

    def follow_drawing(self) -> None:
        """Show no longer where another drawing was."""
        drawing, image = self._engine.view.drawing.image, self._image
        is_there = image is not None and drawing is not None and np.array_equal(drawing, image[0])
        if image is not None and self._name == _DRAWING and not is_there:
            self.forget()

    async def _encode(self, request: Encode) -> None:
        latents, position = await request
        assert position is not None, "weights have encoded it"
        self.landed.emit(latents[0], position.epoch)
        self._image = request.images
        self._answers.ask_more()

    def _wanted(self) -> Iterable[Encode]:
        run, image = self._shown.run, self._image
        if run is not None and image is not None and self._shown.is_active:
            yield from (Encode(run.run_id, at, image) for at in run.recorded if at.step == 0)

    def _fail(self, message: str) -> None:
        self._engine.notifications.unanswered.emit(message)
        self.landed.emit(None, 0)
