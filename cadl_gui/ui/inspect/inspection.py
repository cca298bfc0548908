"""The weights of the run that is shown at the position that is shown, and what they make of one picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import FetchSnapshot, FollowThrough, Reply
from cadl_gui.engine.engine import Engine

_CHANNEL, _EXAMPLES = "inspection", "inspection of all examples"


class Inspection(QObject):
    """Follows the view state while somebody looks.

    Signals:
        weights_arrived: (`Snapshot`) what is to be shown from now on.
        activations_arrived: (tuple of arrays) what every layer makes of the picture, (1, *output_shape) each.
        examples_followed: (tuple of arrays) the same of all examples, (n, *output_shape) each.
        failed: (str) why the weights could not be fetched.
        not_followed: (str) why the picture could not be followed.
    """

    weights_arrived = Signal(object)
    activations_arrived = Signal(object)
    examples_followed = Signal(object)
    failed = Signal(str)
    not_followed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._is_active = False
        self._picture: NDArray[np.float32] | None = None
        self._examples: NDArray[np.float32] | None = None
        engine.view.position_changed.connect(self._ask)
        engine.replied.connect(self._on_replied)

    def set_active(self, active: bool) -> None:
        """Whether somebody looks: a training does not hand out weights that nobody sees."""
        self._is_active = active
        self._ask()

    def set_picture(self, picture: NDArray[np.float32] | None) -> None:
        """Follow this picture through the network, (height, width, channels) in [0, 1]; None follows none."""
        self._picture = None if picture is None else picture[np.newaxis]
        self._follow(_CHANNEL, self._picture)

    def set_examples(self, pictures: NDArray[np.float32] | None) -> None:
        """Follow all these pictures, too, (n, height, width, channels) in [0, 1]; None follows none."""
        self._examples = pictures
        self._follow(_EXAMPLES, pictures)

    @Slot()
    def _ask(self) -> None:
        view = self._engine.view
        if self._is_active and view.run is not None:
            position = None if view.follows else view.position
            self._engine.ask(FetchSnapshot(_CHANNEL, view.run.run_id, position))
        self._follow(_CHANNEL, self._picture)
        self._follow(_EXAMPLES, self._examples)

    def _follow(self, channel: str, pictures: NDArray[np.float32] | None) -> None:
        view = self._engine.view
        if self._is_active and view.run is not None and pictures is not None:
            position = None if view.follows else view.position
            self._engine.ask(FollowThrough(channel, view.run.run_id, position, pictures))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel not in {_CHANNEL, _EXAMPLES} or not self._is_wanted(reply):
            return
        if isinstance(request, FollowThrough) and request.pictures is not self._asked_on(request.channel):
            return
        if isinstance(request, FetchSnapshot):
            signal, failed = self.weights_arrived, self.failed
        else:
            one = request.channel == _CHANNEL
            signal = self.activations_arrived if one else self.examples_followed
            failed = self.not_followed
        if reply.sentence:
            failed.emit(reply.sentence)
        else:
            signal.emit(reply.value)

    def _is_wanted(self, reply: Reply) -> bool:
        """Whether it is about what is shown.

        The newest weights that were asked for may have been left meanwhile; while the view follows, somewhat
        older ones are better than none.
        """
        request, view = reply.request, self._engine.view
        if view.run is None or request.run_id != view.run.run_id:
            return False
        if request.position is None and view.follows:
            return True
        return view.position == (request.position if reply.position is None else reply.position)

    def _asked_on(self, channel: str) -> NDArray[np.float32] | None:
        """The pictures that are followed now; answers about earlier ones are dropped."""
        return self._picture if channel == _CHANNEL else self._examples
