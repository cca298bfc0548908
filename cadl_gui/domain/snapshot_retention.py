"""Selects the positions of a run to retain: all of a short run, increasingly few of a long one.

A run of n epochs retains about 100 + 50 · log2(n / 100) of them, so that neither disk nor memory nor the
timeline fills up while the beginning, where most is learned, stays dense.
"""

from collections.abc import Iterable
from itertools import pairwise

from cadl_gui.domain.position import Position

DENSE_EPOCHS = 100
"""Every epoch is retained up to here, then every second one up to twice as far, every fourth one up to four
times as far, and so on."""


def positions_to_retain(recorded: Iterable[Position], best_epoch: int | None) -> tuple[Position, ...]:
    """Select the recorded positions to retain, in order.

    Except for the last and the best position, the choice depends only on the position itself, so pruning
    after each epoch retains the same positions as pruning once at the end.

    Args:
        recorded: positions whose weights are available, in any order.
        best_epoch: the epoch with the best monitored metric so far, or None.
    """
    positions = sorted(set(recorded))
    always = {positions[-1], Position(best_epoch or 0)} if positions else set()
    return tuple(position for position in positions if position in always or _is_on_grid(position))


def unretained_ranges(recorded: Iterable[Position]) -> list[tuple[int, int]]:
    """List gaps of trained but unretained epochs, as (from, to): the retained epochs on both sides."""
    epochs = sorted({position.epoch for position in recorded if position.step == 0})
    return [(before, after) for before, after in pairwise(epochs) if after - before > 1]


def _is_on_grid(position: Position) -> bool:
    """Whether a position is in the dense part or on the increasingly sparse grid after it."""
    if position.epoch < DENSE_EPOCHS or position == Position(DENSE_EPOCHS):
        return True
    octave = ((position.epoch - 1) // DENSE_EPOCHS).bit_length()
    return position.step == 0 and position.epoch % 2**octave == 0
