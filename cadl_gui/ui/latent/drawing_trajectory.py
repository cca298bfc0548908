"""The latent vector of a drawing or another image, and its trajectory over training."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.requests import Encode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.system.words import _
from cadl_gui.ui.data_image import image_of
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends

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
        self._following = Question(engine, self, self._encode_epochs, self._fail)
        self._fetching = Question(engine, self, self._fetch, self._fail)
        self._image: NDArray[np.float32] | None = None
        self._name = ""
        self._bends: Bends = ()
        self._latents: dict[Position, NDArray[np.float32]] = {}
        self._gaps: set[Position] = set()
        shown.position_changed.connect(self._follow)

    @property
    def trajectory(self) -> NDArray[np.float32]:
        """Latent vectors of the drawing at the recorded epochs, (k, d), the untrained network first."""
        return np.array([self._latents[epoch] for epoch in sorted(self._latents)], np.float32)

    @property
    def names(self) -> list[str]:
        """What is at each place of the trajectory, such as “your drawing, epoch 1”."""
        return [f"{self._name}, {_('untrained') if at == UNTRAINED else at}" for at in sorted(self._latents)]

    @property
    def here(self) -> int:
        """Index of the place on the trajectory with the weights shown; −1 while it is not known."""
        run = self._shown.run
        at = None if run is None else self._shown.position or run.newest
        return -1 if at not in self._latents else sorted(self._latents).index(at)

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
        self._clear()

    def follow_drawing(self) -> None:
        """Show no longer where another drawing was."""
        drawing, image = self._engine.view.drawing.image, self._image
        is_there = image is not None and drawing is not None and np.array_equal(drawing, image[0])
        if image is not None and self._name == _DRAWING and not is_there:
            self.forget()

    def _clear(self) -> None:
        self._following.cancel()
        self._latents, self._gaps = {}, set()
        self.trajectory_changed.emit()

    async def _encode(self, request: Encode) -> None:
        latents, position = await request
        assert position is not None, "weights have encoded it"
        self.landed.emit(latents[0], position.epoch)
        self._image, self._bends = request.images, self._shown.bends
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Encode with the epochs that were not asked yet; anew with all of them after a bend."""
        if self._image is not None and self._shown.bends != self._bends:
            self._bends = self._shown.bends
            self._clear()
        self._following.ask_more()

    async def _encode_epochs(self) -> None:
        run, image = self._shown.run, self._image
        while run is not None and image is not None:
            epochs = (position for position in run.recorded if position.step == 0)
            known = self._latents.keys() | self._gaps
            epoch = next((epoch for epoch in epochs if epoch not in known), None)
            if epoch is None:
                return
            try:
                latents, _ = await Encode(run.run_id, epoch, image)
            except CadlError:  # its weights are no longer kept, or give no numbers
                self._gaps.add(epoch)
            else:
                self._latents[epoch] = latents[0]
                self.trajectory_changed.emit()

    def _fail(self, message: str) -> None:
        self._engine.notifications.unanswered.emit(message)
        self.landed.emit(None, 0)
