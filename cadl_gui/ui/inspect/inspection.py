"""The weights of the run that is shown at the position that is shown, and what they make of one picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.requests import FetchSnapshot, FollowThrough, ListOperations, Paint, Reply, Request
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shown_weights import ShownWeights, is_about

_CHANNEL = "inspection"


class Inspection(QObject):
    """Follows the view state while somebody looks.

    Signals:
        weights_arrived: (`Snapshot`) what is to be shown from now on.
        activations_arrived: (tuple of arrays) what every layer makes of the picture, (1, *output_shape) each.
        painted: ((height, width, channels) float32) what is decoded from a part of them.
        operations_listed: (tuple of `Operation`) the graph of the run.
        failed: (str) why the weights could not be fetched.
        not_followed: (str) why the picture could not be followed, or the rest not be computed.
    """

    weights_arrived = Signal(object)
    activations_arrived = Signal(object)
    painted = Signal(object)
    operations_listed = Signal(object)
    failed = Signal(str)
    not_followed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._is_active = False
        self._picture: NDArray[np.float32] | None = None
        self._painting: NDArray[np.float32] | None = None
        engine.view.position_changed.connect(self._ask)
        engine.replied.connect(self._on_replied)

    def set_active(self, active: bool) -> None:
        """Whether somebody looks: a training does not hand out weights that nobody sees."""
        self._is_active = active
        self._ask()

    def set_picture(self, picture: NDArray[np.float32] | None) -> None:
        """Follow this picture through the network, (height, width, channels) in [0, 1]; None follows none."""
        self._picture = None if picture is None else picture[np.newaxis]
        self._follow()

    def paint(self, layer: str, activations: NDArray[np.float32]) -> None:
        """Decode what a layer gives, (1, *output_shape) read-only."""
        self._painting = activations
        if shown := self._looked_at:
            self._engine.ask(Paint(_CHANNEL, shown.run_id, shown.position, layer, activations))

    def list_operations(self) -> None:
        """Ask for the graph of the run that is shown."""
        if shown := self._looked_at:
            self._engine.ask(ListOperations(_CHANNEL, shown.run_id, shown.position))

    @property
    def _looked_at(self) -> ShownWeights | None:
        """What there is to ask about; None while nobody looks."""
        return ShownWeights.in_view(self._engine) if self._is_active else None

    @Slot()
    def _ask(self) -> None:
        if shown := self._looked_at:
            self._engine.ask(FetchSnapshot(_CHANNEL, shown.run_id, shown.position))
        self._follow()

    def _follow(self) -> None:
        shown = self._looked_at
        if shown is not None and self._picture is not None:
            self._engine.ask(FollowThrough(_CHANNEL, shown.run_id, shown.position, self._picture))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel != _CHANNEL or not self._is_wanted(reply):
            return
        if reply.sentence:
            failed = self.failed if isinstance(request, FetchSnapshot) else self.not_followed
            failed.emit(reply.sentence)
            return
        match request:
            case FetchSnapshot():
                self.weights_arrived.emit(reply.value)
            case FollowThrough():
                self.activations_arrived.emit(reply.value)
            case Paint():
                self.painted.emit(reply.value[0])
            case ListOperations():
                self.operations_listed.emit(reply.value)

    def _is_wanted(self, reply: Reply) -> bool:
        """Whether it is about what is shown; a graph is that of the run at every position."""
        request, shown = reply.request, ShownWeights.in_view(self._engine)
        if isinstance(request, ListOperations):
            return shown is not None and request.run_id == shown.run_id
        return is_about(reply, shown) and not self._is_earlier(request)

    def _is_earlier(self, request: Request) -> bool:
        """Whether it is about a picture, or a part of activations, that was meant before."""
        match request:
            case FollowThrough():
                return request.pictures is not self._picture
            case Paint():
                return request.activations is not self._painting
        return False
