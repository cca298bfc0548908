"""Searches the few pixels that make a classifier answer another class.

The pixels lie over the normalised drawing, as noise does: on the canvas, they would move it.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from cadl_gui.domain.drawing import Pixels

MOST_FLIPS = 60
_AT_ONCE = 98
"""Images for each request, few enough that other requests do not wait noticeably."""

_SHORT_LIST, _SHORT_ROUNDS = 98, 4
"""After all pixels were tried, so many of the best are tried again, this many times."""

_TINY = 1e-37


class Fooling(QObject):
    """Inverts one pixel after another, each time the one that brings the target nearest.

    The pen, noise, another run or other weights stop it.

    Args:
        engine: answers the requests.
        shown: the run that answers.
        parent: parent object.

    Signals:
        flipped: (frozenset) the pixels to invert, one more than before.
        ended: (bool) whether the run answers the target now; False also if it was stopped.
        failed: (str) why it could not go on.
    """

    flipped = Signal(object)
    ended = Signal(bool)
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._view = engine.view
        self._client = InferenceClient(engine.inference, self)
        self._run_id = ""
        self._base: NDArray[np.float32] | None = None
        self._unflipped: NDArray[np.float32] | None = None
        self._target = 0
        self._flips: Pixels = frozenset()
        self._candidates: list[tuple[int, int]] = []
        self._short_list: list[tuple[int, int]] = []
        self._scores: list[NDArray[np.float64]] = []
        self._is_target: list[NDArray[np.bool_]] = []
        self._round = 0
        shown.run_changed.connect(self.stop)
        shown.position_changed.connect(self.stop)
        engine.view.bind(self, lambda: engine.view.drawing, self._on_image)

    @property
    def is_running(self) -> bool:
        """Whether pixels are being searched."""
        return bool(self._run_id)

    def start(self, target: int) -> None:
        """Make the run that answers take the drawing for the target; inverted pixels stay so."""
        run, seen = self._shown.run, self._view.drawing
        if run is None or seen.image is None or len(seen.drawing.flips) >= MOST_FLIPS:
            return
        self._run_id, self._base, self._target = run.run_id, seen.image, target
        self._flips, self._unflipped = seen.drawing.flips, seen.unflipped
        self._round = 0
        self._begin_round()

    @Slot()
    def stop(self) -> None:
        """Search no further."""
        if self.is_running:
            self._end(is_fooled=False)

    def _end(self, *, is_fooled: bool) -> None:
        self._run_id = ""
        self._client.cancel()
        self.ended.emit(is_fooled)

    def _on_image(self) -> None:
        """Stop if the drawing or its noise has changed; the pixels inverted here change the image, too."""
        own, now = self._unflipped, self._view.drawing.unflipped
        is_same = own is not None and now is not None and np.array_equal(own, now)
        if self.is_running and not (is_same and self._view.drawing.drawing.flips == self._flips):
            self.stop()

    def _begin_round(self) -> None:
        assert self._base is not None, "there is an image"
        is_short = self._round % (1 + _SHORT_ROUNDS) > 0
        height, width = self._base.shape[:2]
        every = [(row, column) for row in range(height) for column in range(width)]
        pixels = self._short_list if is_short else every
        self._candidates = [pixel for pixel in pixels if pixel not in self._flips]
        self._scores, self._is_target = [], []
        self._ask()

    def _ask(self) -> None:
        """Ask about the next candidates of this round."""
        base = self._base
        assert base is not None, "there is an image"
        first = sum(map(len, self._scores))
        part = self._candidates[first : first + _AT_ONCE]
        images = np.repeat(base[np.newaxis], len(part), axis=0)
        rows, columns = np.array(part).T
        numbers = np.arange(len(part))
        images[numbers, rows, columns] = 1 - images[numbers, rows, columns]
        images.flags.writeable = False
        self._client.ask(
            Classify(self._run_id, self._shown.position, images), self._on_answer, self._on_failure
        )

    def _on_answer(self, probabilities: NDArray[np.float32], _: Position | None) -> None:
        if not self.is_running:
            return
        logs = np.log(np.maximum(probabilities, _TINY).astype(np.float64))
        target = logs[:, self._target].copy()
        self._is_target.append(probabilities.argmax(axis=1) == self._target)
        logs[:, self._target] = -np.inf
        self._scores.append(target - logs.max(axis=1))
        if sum(map(len, self._scores)) < len(self._candidates):
            self._ask()
        else:
            self._take_best()

    def _take_best(self) -> None:
        scores = np.concatenate(self._scores)
        order = np.argsort(-scores, kind="stable")
        best = int(order[0])
        self._short_list = [self._candidates[number] for number in order[:_SHORT_LIST].tolist()]
        self._flips = self._flips | {self._candidates[best]}
        is_target = bool(np.concatenate(self._is_target)[best])
        assert self._base is not None, "there is an image"
        base = self._base.copy()
        base[self._candidates[best]] = 1 - base[self._candidates[best]]
        self._base = base
        self._round += 1
        self.flipped.emit(self._flips)
        if not self.is_running:
            return
        if is_target or len(self._flips) >= MOST_FLIPS:
            self._end(is_fooled=is_target)
        else:
            self._begin_round()

    def _on_failure(self, message: str) -> None:
        self._end(is_fooled=False)
        self.failed.emit(message)
