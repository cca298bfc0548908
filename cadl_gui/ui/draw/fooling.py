"""Makes a classifier answer another class by a few pixels.

The pixels lie over the normalised drawing, as noise does: on the canvas, they would move it.
"""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.requests import Classify
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.imaging.drawing.flip_search import MOST_FLIPS, FlipSearch
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAUSE_MS = 400
"""Before each pixel, so that a class sees where it is."""


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
    """

    flipped = Signal(object)
    ended = Signal(bool)

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._view = engine.view
        self._fail = engine.notifications.unanswered.emit
        self._question = Question(engine, self, self._flip_one, self._on_failure, rest_ms=PAUSE_MS)
        self._search: FlipSearch | None = None
        self._unflipped: NDArray[np.float32] | None = None
        shown.position_changed.connect(self.stop)
        engine.view.bind(self, lambda: engine.view.drawing, self._on_image)

    @property
    def is_running(self) -> bool:
        """Whether pixels are being searched."""
        return self._search is not None

    def start(self, target: int) -> None:
        """Make the run that answers take the drawing for the target; inverted pixels stay so."""
        run, seen = self._shown.run, self._view.drawing
        if run is None or seen.image is None or len(seen.drawing.flips) >= MOST_FLIPS:
            return
        self._unflipped = seen.unflipped
        self._search = FlipSearch(seen.image, seen.drawing.flips, target)
        self._question.ask_anew(run.run_id)

    @Slot()
    def stop(self) -> None:
        """Search no further."""
        if self.is_running:
            self._end(is_fooled=False)

    def _end(self, *, is_fooled: bool) -> None:
        self._search = None
        self._question.cancel()
        self.ended.emit(is_fooled)

    def _on_image(self) -> None:
        """Stop if the drawing or its noise has changed; the pixels inverted here change the image, too."""
        search, own, seen = self._search, self._unflipped, self._view.drawing
        is_same = own is not None and seen.unflipped is not None and np.array_equal(own, seen.unflipped)
        if search and not (is_same and seen.drawing.flips == search.flips):
            self.stop()

    async def _flip_one(self, run_id: str) -> None:
        search = self._search
        if search is None:
            return
        answers = [await Classify(run_id, self._shown.position, images) for images in search.images()]
        is_fooled = search.flip(np.concatenate([probabilities for probabilities, _ in answers]))
        self.flipped.emit(search.flips)
        if self._search is search and (is_fooled or len(search.flips) >= MOST_FLIPS):
            self._end(is_fooled=is_fooled)
        elif self._search is search:
            self._question.ask_more()

    def _on_failure(self, message: str) -> None:
        self._end(is_fooled=False)
        self._fail(message)
