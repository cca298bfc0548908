"""Reconstructions of a run's examples by the network shown, cached for every recorded position."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.kept_answers import KeptAnswers
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.ui.tab_page import TabPage

_MOST_BYTES = 64 * 2**20


class ReconstructionCache(QObject):
    """Follows the view state, so that dragging along the timeline does not wait for the network.

    The reconstructions by recorded weights are computed ahead, while there is no other request, and kept as
    uint8 until the cache is full. For the newest weights of a live run, and what is not cached yet, the
    images arrive after a request. While the page is hidden, no requests are sent.

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
        fail = engine.notifications.unanswered.emit
        self._for_shown = Question(engine, self, self._show, fail, self._weights_ref, page=page)
        self._kept = KeptAnswers(engine, self, self._wanted, kept_as=_pixels, page=page)
        engine.view.bind(self, lambda: engine.view.shown, self._on_position_changed)
        view, training = engine.view, engine.training
        view.bind(self, lambda: (view.run and view.run.weights, training.status), self._kept.ask_more)

    def _on_position_changed(self) -> None:
        shown, run = self._weights_ref(), self._engine.view.run
        examples = _examples(run)
        if shown is None or run is None or examples is None:
            return
        if (images := self._kept.known(run).get(shown.resolved_position)) is not None:
            self.arrived.emit(shown.resolved_position, images)
        else:
            self._for_shown.follow(Reconstruct(shown.run_id, shown.position, examples))
        self._kept.ask_more()

    async def _show(self, request: Reconstruct) -> None:
        """Show a new answer, unless it is older than the cached images that are shown."""
        answer, position = await request
        shown, run = self._weights_ref(), self._engine.view.run
        if (
            shown is not None
            and run is not None
            and (position == shown.resolved_position or shown.resolved_position not in self._kept.known(run))
        ):
            self.arrived.emit(position, _pixels(answer))

    def _weights_ref(self) -> WeightsRef | None:
        return WeightsRef.in_view(self._engine.view, self._engine.bending)

    def _wanted(self) -> Iterable[Reconstruct]:
        run = self._engine.view.run
        if run is not None and (examples := _examples(run)) is not None and self._engine.is_ready:
            is_full = sum(images.nbytes for images in self._kept) + examples.size > self._most_bytes
            yield from (Reconstruct(run.run_id, at, examples) for at in run.recorded if not is_full)


def _pixels(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    pixels = to_uint8(images)
    pixels.flags.writeable = False
    return pixels


def _examples(run: Run | None) -> NDArray[np.float32] | None:
    """Return the examples to reconstruct, or None for a classifier, which has no decoder."""
    if run is None or run.description.config.model.is_classifier:
        return None
    return run.description.examples
