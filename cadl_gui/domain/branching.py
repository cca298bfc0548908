"""A run that goes its own way from an epoch of another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.errors import ConfigurationError, UserError
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_config import TrainingConfig

BRANCH_FIELDS = tuple(name for name, about in fields_of(TrainingConfig).items() if not about.inherited)
"""What a branch may do otherwise: it keeps network, dataset, split and batches, and with them its past."""


@dataclass(frozen=True, eq=False)
class Branch:
    """Where a new run begins: a complete epoch of another one.

    Attributes:
        parent: the run that it leaves.
        history: what the parent recorded, up to this epoch or further; a copy that nobody changes.
        recorded: the parent's recorded positions, in order.
        snapshot: its weights at the end of the epoch, with their probes.
    """

    parent: RunDescription
    history: History
    recorded: tuple[Position, ...]
    snapshot: Snapshot

    @property
    def position(self) -> Position:
        """Where it begins."""
        return self.snapshot.position

    @property
    def origin(self) -> str:
        """Where it begins, for people: “vae, epoch 3”."""
        return f"{self.parent.name}, {self.position}"

    @property
    def earlier(self) -> tuple[Position, ...]:
        """The parent's recorded positions that lie before it."""
        return tuple(position for position in self.recorded if position < self.position)


def can_branch(position: Position) -> bool:
    """Whether a run can go its own way from there: at the end of an epoch, where its history ends too."""
    return position.step == 0


def branched(config: RunConfig, epoch: int, changes: Mapping[str, Any] | None = None) -> RunConfig:
    """The configuration of a branch.

    Args:
        config: of the parent.
        epoch: after which the branch begins.
        changes: other values for some of `BRANCH_FIELDS`. Where `epochs`, the total, is not among them and
            the parent is at its end, the branch goes on for as long again.

    Raises:
        UserError: if another field would change, or no epoch is left to train.
    """
    changes = dict(changes or {})
    for name, value in changes.items():
        if name not in BRANCH_FIELDS and value != config.value(name):
            raise UserError(
                f"A branch cannot change {FIELDS[name].label}: it keeps its network and its past."
            )
    if "epochs" not in changes and epoch >= config.training.epochs:
        changes["epochs"] = min(epoch + config.training.epochs, int(FIELDS["epochs"].maximum))
    chosen = config.replace(**changes)
    if chosen.seed_of_split != config.seed_of_split:
        # What the parent has learned from must not validate or test the branch.
        chosen = chosen.replace(split_seed=config.seed_of_split)
    if chosen.training.epochs <= epoch:
        raise ConfigurationError("epochs", f"Epochs is the total: a branch from epoch {epoch} needs more.")
    return chosen


def past_of(branch: Branch) -> History:
    """What the branch has behind it when it begins: all before the end of its first epoch.

    The record of that epoch itself is left out: the branch begins by completing it again, which puts weights,
    checkpoint and record on its own disk.
    """
    past = branch.history.up_to(branch.position)
    if past.epochs and past.epochs[-1].epoch == branch.position.epoch:
        past.epochs.pop()
    return past
