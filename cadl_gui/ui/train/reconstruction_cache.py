"""Reconstructions of a run's examples by the network shown, cached for every recorded position."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.ui.tab_page import TabPage

_MOST_BYTES = 64 * 2**20

_Key = tuple[str, Bends, Position]


class ReconstructionCache(QObject):
    """Follows the view state, so that dragging along the timeline does not wait for the network.

    Weights at a recorded position never change, nor do their reconstructions: they are computed once, one
    position at a time while there is no other request, and cached as uint8. For the newest weights of a live
    run, and where the cache is not filled yet, the images arrive after a request. Other bends make another
    network, so its images replace the run's earlier ones. Those of a run that was removed for good make room,
    since nothing is requested ahead once the cache is full. While the page is hidden, no requests are sent.

    Args:
        engine: answers the requests.
        page: page that shows the images; without one, requests are always sent.
        most_bytes: size of all images that are remembered.

    Signals:
        arrived: (`Position`, (n, height, width, channels) uint8) the images to show.
    """

    arrived = Signal(object, object)

    def __init__(self, engine: Engine, page: TabPage | None = None, most_bytes: int = _MOST_BYTES) -> None:
        super().__init__(page)
        self._most_bytes = most_bytes
        self._engine = engine
        self._remembered: OrderedDict[_Key, NDArray[np.uint8]] = OrderedDict()
        self._n_bytes = 0
        self._refused: set[_Key] = set()
        fail = engine.notifications.unanswered.emit
        self._for_shown = Question(engine, self, self._show, fail, self._weights_ref, page=page)
        self._for_retained = Question(engine, self, self._fill, lambda _: None, page=page)
        engine.view.bind(self, lambda: engine.view.shown, self._on_position_changed)
        view, training = engine.view, engine.training
        view.bind(self, lambda: (view.run and view.run.weights, training.status), self._for_retained.ask_more)
        engine.runs.forgotten.connect(self._forget)

    @Slot()
    def _on_position_changed(self) -> None:
        shown, examples = self._weights_ref(), _examples(self._engine.view.run)
        if shown is None or examples is None:
            return
        remembered = self._remembered.get((shown.run_id, shown.bends, shown.resolved_position))
        if remembered is not None:
            self.arrived.emit(shown.resolved_position, remembered)
        else:
            self._for_shown.follow(Reconstruct(shown.run_id, shown.position, examples))
        self._for_retained.ask_more()

    async def _show(self, request: Reconstruct) -> None:
        """Show a new answer, unless it is older than the cached images that are shown."""
        answer, position = await request
        shown, run = self._weights_ref(), self._engine.view.run
        if shown is None or run is None or position is None:
            return
        remembered = (shown.run_id, shown.bends, shown.resolved_position) in self._remembered
        images = self._cached(run, answer, position)
        if position == shown.resolved_position or not remembered:
            self.arrived.emit(position, images)
        self._for_retained.ask_more()

    def _cached(self, run: Run, answer: NDArray[np.float32], position: Position) -> NDArray[np.uint8]:
        """Return an answer as uint8, cached if its weights are recorded and so never change."""
        images = to_uint8(answer)
        images.flags.writeable = False
        if position in run.recorded:
            self._remember(self._key(run, position), images)
        return images

    def _remember(self, key: _Key, images: NDArray[np.uint8]) -> None:
        if key in self._remembered:
            return
        run_id, bends, _ = key
        for old in [old for old in self._remembered if old[0] == run_id and old[1] != bends]:
            self._n_bytes -= self._remembered.pop(old).nbytes
        self._remembered[key] = images
        self._n_bytes += images.nbytes
        while self._n_bytes > self._most_bytes:
            _, dropped = self._remembered.popitem(last=False)
            self._n_bytes -= dropped.nbytes

    @Slot(str)
    def _forget(self, run_id: str) -> None:
        for key in [key for key in self._remembered if key[0] == run_id]:
            self._n_bytes -= self._remembered.pop(key).nbytes

    def _weights_ref(self) -> WeightsRef | None:
        return WeightsRef.in_view(self._engine.view, self._engine.bending)

    def _key(self, run: Run, position: Position) -> _Key:
        return run.run_id, self._engine.bending.of(run.run_id), position

    async def _fill(self) -> None:
        """Request the recorded positions that are not cached; one at a time, and not while loading.

        Weights that are no longer retained would be refused again; the others are still asked about.
        """
        while self._engine.is_ready:
            run = self._engine.view.run
            examples = _examples(run)
            if run is None or examples is None or self._n_bytes + examples.size > self._most_bytes:
                return
            keys = (self._key(run, at) for at in run.recorded)
            key = next(
                (key for key in keys if key not in self._remembered and key not in self._refused), None
            )
            if key is None:
                return
            try:
                answer, at = await Reconstruct(run.run_id, key[-1], examples)
            except CadlError:
                self._refused.add(key)
            else:
                if at is not None:
                    self._cached(run, answer, at)


def _examples(run: Run | None) -> NDArray[np.float32] | None:
    """Return the examples to reconstruct, or None for a classifier, which has no decoder."""
    if run is None or run.description.config.model.is_classifier:
        return None
    return run.description.examples
