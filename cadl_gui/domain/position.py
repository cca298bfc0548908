"""Where in a run one is."""

from typing import NamedTuple

EARLY_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200)
"""Batches of the first epoch whose weights are kept: there a class sees noise turn into digits."""


class Position(NamedTuple):
    """A place on the timeline: `epoch` complete epochs, then `step` batches of the next one.

    `Position(0, 0)` is the untrained network, `Position(0, 5)` the fifth batch of the first epoch,
    `Position(3, 0)` the end of the third. Positions compare in the order of training.
    """

    epoch: int
    step: int = 0

    def __str__(self) -> str:
        """In words, as everywhere: “untrained”, “epoch 3”, “epoch 4, batch 834”."""
        return f"{self.in_epoch()}, batch {self.step}" if self.step else self.in_epoch()

    def in_epoch(self, epochs: int = 0) -> str:
        """The epoch that it is in or at the end of: “epoch 4”, or of how many: “epoch 4 of 10”."""
        if self == (0, 0):
            return "untrained"
        epoch = self.epoch + (self.step > 0)
        return f"epoch {epoch} of {max(epochs, epoch)}" if epochs else f"epoch {epoch}"


UNTRAINED = Position(0)
"""The first position of every run."""


def is_recorded(position: Position) -> bool:
    """Whether the weights at this position are kept for the timeline."""
    return position.step == 0 or (position.epoch == 0 and position.step in EARLY_BATCHES)


def steps_to_next_record(position: Position, steps_per_epoch: int) -> int:
    """How many batches lead from `position` to the next position whose weights are kept (at least 1)."""
    if position.epoch == 0:
        for batch in EARLY_BATCHES:
            if position.step < batch < steps_per_epoch:
                return batch - position.step
    return steps_per_epoch - position.step
