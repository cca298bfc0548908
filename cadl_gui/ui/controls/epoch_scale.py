"""Where positions are on a timeline: its first epoch, in which most is learned, has room."""

from bisect import bisect_left
from itertools import pairwise

from cadl_gui.domain.position import EARLY_BATCHES, Position

_FIRST_SHARE = 0.2
"""Least share of the timeline that the first epoch takes."""

_EARLY_SHARE = 0.9
"""Share of the first epoch's length over which its recorded batches are spread evenly: on a true scale all
but two would lie in its first fifth."""


def share_of(place: float, n_epochs: int) -> float:
    """Return where a place is on the timeline, as a share of its length in [0, 1].

    Args:
        place: in epochs; see `place_of`.
        n_epochs: length of the timeline.
    """
    first = max(1 / n_epochs, _FIRST_SHARE)
    if place <= 1 or n_epochs == 1:
        return first * min(1.0, max(0.0, place))
    return first + (1 - first) * min(1.0, (place - 1) / (n_epochs - 1))


def place_of(position: Position) -> float:
    """Return where a recorded position is drawn, in epochs; one at no recorded batch is between two."""
    if position.epoch or not position.step:
        return position.epoch + (0.5 if position.step else 0.0)
    nth = bisect_left(EARLY_BATCHES, position.step) + (1.0 if position.step in EARLY_BATCHES else 0.5)
    return _EARLY_SHARE * nth / len(EARLY_BATCHES)


def place_between(position: Position, steps_per_epoch: int) -> float:
    """Return where any position is drawn, in epochs: in the first epoch between its recorded batches.

    Args:
        position: the position, recorded or not.
        steps_per_epoch: batches per epoch.
    """
    if position.epoch or not position.step:
        return position.epoch + position.step / steps_per_epoch
    batches = [batch for batch in EARLY_BATCHES if batch < steps_per_epoch]
    knots = [(0, 0.0), *((batch, place_of(Position(0, batch))) for batch in batches), (steps_per_epoch, 1.0)]
    for (before, left), (after, right) in pairwise(knots):
        if position.step <= after:
            return left + (right - left) * (position.step - before) / (after - before)
    return 1.0
