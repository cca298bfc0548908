"""What each network answered about the drawing at the epochs that are kept."""

from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import ranked
from cadl_gui.domain.images import evenly_spread
from cadl_gui.domain.position import Position
from cadl_gui.engine.run import Run

_MOST_POSITIONS = 15


class RunHistory(NamedTuple):
    """The answers of a run.

    Attributes:
        run: the run.
        positions: the positions that are shown, in order.
        answers: probabilities, (n_classes,), or the reconstruction, (height, width, channels), of each of
            them; None where it has not come.
        between: further kept positions where a classifier changed to its last answer, each with its answer.
    """

    run: Run
    positions: tuple[Position, ...]
    answers: tuple[NDArray[np.float32] | None, ...]
    between: tuple[tuple[Position, NDArray[np.float32] | None], ...] = ()

    @classmethod
    def of(cls, run: Run, known: Mapping[Position, NDArray[np.float32]]) -> Self:
        """Return the history of a run of which some kept positions are shown, by what is known of it."""
        positions = tuple(run.recorded[n] for n in evenly_spread(len(run.recorded), _MOST_POSITIONS))
        shown = cls(run, positions, tuple(known.get(at) for at in positions))
        since = shown.since()
        if since is None or since == positions[0]:
            return shown
        before = positions[positions.index(since) - 1]
        between = [(at, known.get(at)) for at in run.recorded if before < at < since]
        return shown._replace(between=tuple(between))

    def since(self) -> Position | None:
        """Return since when a classifier has given its last answer; None if that is not known."""
        known = sorted((*zip(self.positions, self.answers, strict=True), *self.between), key=lambda at: at[0])
        answers = [answer for _, answer in known if answer is not None and answer.ndim == 1]
        if len(answers) < len(known):
            return None
        labels = [int(ranked(answer)[0]) for answer in answers]
        first = max((i for i, label in enumerate(labels) if label != labels[-1]), default=-1) + 1
        return known[first][0]
