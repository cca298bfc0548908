"""Which positions of a run stay reachable: all of a short one, of a long one fewer and fewer.

A run of n epochs keeps about 100 + 50 · log2(n / 100) of them, so that neither disk nor memory nor the
timeline fills up, and the beginning, where most is learned, stays dense.
"""

from collections.abc import Iterable
from itertools import pairwise

from cadl_gui.domain.position import Position

DENSE_EPOCHS = 100
"""Up to here every epoch is kept. From there on to twice as far every second one, to four times as far every
fourth, and so on."""


def positions_to_retain(recorded: Iterable[Position], best_epoch: int | None) -> tuple[Position, ...]:
    """The positions that are kept of those that are recorded, in order.

    What is kept depends on nothing but a position itself, except for the last and the best: so a run that is
    thinned after each epoch keeps what it would keep if it were thinned once, at its end.

    Args:
        recorded: positions whose weights are there, in any order.
        best_epoch: the epoch with the best metric so far, or None.
    """
    positions = sorted(set(recorded))
    always = {positions[-1], Position(best_epoch or 0)} if positions else set()
    return tuple(position for position in positions if position in always or _is_on_grid(position))


def unretained_ranges(recorded: Iterable[Position]) -> list[tuple[int, int]]:
    """Where epochs were trained but are not kept: (from, to), the recorded epochs on both sides."""
    epochs = sorted({position.epoch for position in recorded if position.step == 0})
    return [(before, after) for before, after in pairwise(epochs) if after - before > 1]


def _is_on_grid(position: Position) -> bool:
    """Whether it lies in the dense part, or at one of the epochs that are ever further apart."""
    if position.epoch < DENSE_EPOCHS or position == Position(DENSE_EPOCHS):
        return True
    octave = ((position.epoch - 1) // DENSE_EPOCHS).bit_length()
    return position.step == 0 and position.epoch % 2**octave == 0
