"""Positions on the timeline of a run."""

from collections.abc import Iterable
from typing import NamedTuple

from cadl_gui.domain.errors import UserError
from cadl_gui.system.words import _

EARLY_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200)
"""Batches of the first epoch whose weights are recorded, to show students how noise turns into digits."""


class Position(NamedTuple):
    """A position on the timeline: after `epoch` complete epochs and `step` batches of the next one.

    `Position(0, 0)` is the untrained network, `Position(0, 5)` the end of the fifth batch of the first epoch,
    `Position(3, 0)` the end of the third. Positions compare in the order of training.
    """

    epoch: int
    step: int = 0

    def __str__(self) -> str:
        """Format for display: “untrained”, “epoch 3”, “epoch 4, batch 834”."""
        return (
            _("{in_epoch}, batch {step}").format(in_epoch=self.in_epoch(), step=self.step)
            if self.step
            else self.in_epoch()
        )

    def of_run(self, letter: str) -> str:
        """Name the position with the letter of its run: “epoch 3 of B”, “untrained B”."""
        return (
            f"{self} {letter}"
            if self == (0, 0)
            else _("{position} of {letter}").format(position=self, letter=letter)
        )

    def in_epoch(self, epochs: int = 0) -> str:
        """Format the current or just completed epoch: “epoch 4” or, given a total, “epoch 4 of 10”.

        Args:
            epochs: total number of epochs; 0 omits it.
        """
        if self == (0, 0):
            return _("untrained")
        epoch = self.epoch + (self.step > 0)
        return (
            _("epoch {epoch} of {epochs}").format(epoch=epoch, epochs=max(epochs, epoch))
            if epochs
            else _("epoch {epoch}").format(epoch=epoch)
        )


UNTRAINED = Position(0)
"""The first position of every run."""


def end_of_epoch(epoch: int, recorded: Iterable[Position], owner: str) -> Position:
    """Return the position at the end of an epoch.

    Raises:
        UserError: if it is none of the recorded ones of `owner`, the subject of the sentence.
    """
    epochs = [position.epoch for position in recorded if position.step == 0]
    if epoch not in epochs:
        raise UserError(
            _("{owner} has no snapshot for epoch {epoch}; it has {all}.").format(
                owner=owner, epoch=epoch, all=", ".join(map(str, epochs))
            )
        )
    return Position(epoch)


def is_recorded(position: Position) -> bool:
    """Whether the weights at this position are recorded on the timeline."""
    return position.step == 0 or (position.epoch == 0 and position.step in EARLY_BATCHES)


def steps_to_next_record(position: Position, steps_per_epoch: int) -> int:
    """Number of batches, at least 1, from `position` to the next one whose weights are recorded."""
    if position.epoch == 0:
        for batch in EARLY_BATCHES:
            if position.step < batch < steps_per_epoch:
                return batch - position.step
    return steps_per_epoch - position.step
