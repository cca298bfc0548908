"""What the network that is shown makes of its run's examples, remembered for every kept position."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.bends import Bends
from cadl_gui.core.images import to_uint8
from cadl_gui.core.position import Position
from cadl_gui.core.requests import Reconstruct, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.page import Page
from cadl_gui.ui.shown_weights import ShownWeights, is_about

_SHOWN, _KEPT = "reconstructions shown", "reconstructions kept"
_MOST_BYTES = 64 * 2**20

_Key = tuple[str, Bends, Position]


class Reconstructions(QObject):
    """Follows the view state, so that a drag through the timeline never waits for the network.

    Weights at a kept position never change, and so neither do its reconstructions: they are asked for once,
    one position after the other while nothing else is asked, and remembered as bytes. At the newest weights
    of a live run, and where memory has not come yet, the answer follows as soon as it is there. Other bends
    make another network: what the one before gave is forgotten. While nobody looks, nothing is asked.

    Args:
        engine: that is asked.
        page: that shows them; without one, somebody always looks.

    Signals:
        arrived: (`Position`, (n, height, width, channels) uint8) what is to be shown from now on.
        failed: (str) why nothing could be computed.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(self, engine: Engine, page: Page | None = None) -> None:
        super().__init__(page)
        self._engine = engine
        self._remembered: OrderedDict[_Key, NDArray[np.uint8]] = OrderedDict()
        self._n_bytes = 0
        self._asking = False
        self._is_awake = page is None or page.isVisible()
        if page is not None:
            page.looked_at.connect(self._set_awake)
        engine.view.position_changed.connect(self._on_position_changed)
        engine.run_changed.connect(self._on_run_changed)
        engine.replied.connect(self._on_replied)

    @Slot(bool)
    def _set_awake(self, awake: bool) -> None:
        self._is_awake = awake
        self._on_position_changed()

    @Slot()
    def _on_position_changed(self) -> None:
        shown, examples = ShownWeights.in_view(self._engine), _examples(self._engine.view.run)
        if shown is None or examples is None or not self._engine.is_ready or not self._is_awake:
            return
        remembered = self._remembered.get((shown.run_id, shown.bends, shown.moment))
        if remembered is not None:
            self.arrived.emit(shown.moment, remembered)
        else:
            self._engine.ask(Reconstruct(_SHOWN, shown.run_id, shown.position, examples))
        self._ask_for_next()

    @Slot(object)
    def _on_run_changed(self, run: Run) -> None:
        if run is self._engine.view.run:
            self._ask_for_next()

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel not in {_SHOWN, _KEPT}:
            return
        if request.channel == _KEPT:
            self._asking = False
        run = self._engine.view.run
        if run is None or run.run_id != request.run_id:
            return
        if reply.sentence or reply.position is None:
            self.failed.emit(reply.sentence)
            return
        pictures = to_uint8(reply.value)
        pictures.flags.writeable = False
        if reply.position in run.recorded:
            self._remember(self._key(run, reply.position), pictures)
        if request.channel == _SHOWN and self._is_wanted(reply):
            self.arrived.emit(reply.position, pictures)
        self._ask_for_next()

    def _is_wanted(self, reply: Reply) -> bool:
        """Whether its pictures may be shown; somewhat older ones do not cover those from memory."""
        shown = ShownWeights.in_view(self._engine)
        if shown is None or not is_about(reply, shown):
            return False
        key = shown.run_id, shown.bends, shown.moment
        return reply.position == shown.moment or key not in self._remembered

    def _remember(self, key: _Key, pictures: NDArray[np.uint8]) -> None:
        if key in self._remembered:
            return
        run_id, bends, _ = key
        for old in [old for old in self._remembered if old[0] == run_id and old[1] != bends]:
            self._n_bytes -= self._remembered.pop(old).nbytes
        self._remembered[key] = pictures
        self._n_bytes += pictures.nbytes
        while self._n_bytes > _MOST_BYTES:
            _, dropped = self._remembered.popitem(last=False)
            self._n_bytes -= dropped.nbytes

    def _key(self, run: Run, position: Position) -> _Key:
        return run.run_id, self._engine.bending.of(run.run_id), position

    def _ask_for_next(self) -> None:
        """Ask for the first kept position that is not remembered; one at a time."""
        view = self._engine.view
        run = view.run
        examples = _examples(run)
        if run is None or examples is None or self._asking or not self._is_awake:
            return
        if self._n_bytes + examples.size > _MOST_BYTES:
            return
        for position in run.recorded:
            if self._key(run, position) not in self._remembered:
                self._asking = True
                self._engine.ask(Reconstruct(_KEPT, run.run_id, position, examples))
                return


def _examples(run: Run | None) -> NDArray[np.float32] | None:
    """What there is to reconstruct; a classifier has no decoder."""
    if run is None or run.description.config.model.is_classifier:
        return None
    return run.description.examples
