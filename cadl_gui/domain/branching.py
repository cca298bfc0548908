"""Branching: starting a run from an epoch of another run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.configuration import ALL_FIELDS, FIELDS, RunConfig
from cadl_gui.domain.errors import ConfigurationError, UserError
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.system.words import _

BRANCH_FIELDS = tuple(name for name, about in fields_of(TrainingConfig).items() if not about.inherited)
"""Fields that a branch may change; network, dataset, split and batches stay, so that its history applies."""


@dataclass(frozen=True, eq=False)
class Branch:
    """Starting point of a new run: a completed epoch of its parent.

    Attributes:
        parent: the parent run.
        history: history of the parent, up to this epoch or further; a copy that is not modified.
        recorded: recorded positions of the parent, in order.
        snapshot: weights of the parent at the end of the epoch, with their evaluation artifacts.
    """

    parent: RunDescription
    history: History
    recorded: tuple[Position, ...]
    snapshot: Snapshot

    @property
    def position(self) -> Position:
        """Position at which the branch starts."""
        return self.snapshot.position

    @property
    def origin(self) -> str:
        """Start of the branch for display, such as “vae, epoch 3”."""
        return f"{self.parent.name}, {self.position}"

    @property
    def earlier(self) -> tuple[Position, ...]:
        """Recorded positions of the parent before the start of the branch."""
        return tuple(position for position in self.recorded if position < self.position)


def can_branch(position: Position) -> bool:
    """Whether a run can be branched at a position: only at the end of an epoch, where history records end."""
    return position.step == 0


def branched(config: RunConfig, epoch: int, changes: Mapping[str, Any] | None = None) -> RunConfig:
    """Derive the configuration of a branch.

    Args:
        epoch: epoch after which the branch starts.
        changes: new values for some of `BRANCH_FIELDS`. If `epochs`, the total, is not among them and the
            branch starts at the parent's last epoch, it trains for as many epochs again.

    Raises:
        UserError: if another field would change, or no epoch is left to train.
    """
    changes = dict(changes or {})
    for name, value in changes.items():
        if name not in BRANCH_FIELDS and value != config.value(name):
            raise UserError(
                _("A branch cannot change {label}: it has its parent's network and history.").format(
                    label=_(ALL_FIELDS[name].label)
                )
            )
    if "epochs" not in changes and epoch >= config.training.epochs:
        changes["epochs"] = min(epoch + config.training.epochs, int(FIELDS["epochs"].maximum))
    chosen = config.replace(**changes)
    if chosen.seed_of_split != config.seed_of_split:
        # The parent's training images must not validate or test the branch.
        chosen = chosen.replace(split_seed=config.seed_of_split)
    if chosen.training.epochs <= epoch:
        raise ConfigurationError(
            "epochs", _("Epochs is the total: a branch from epoch {epoch} needs more.").format(epoch=epoch)
        )
    return chosen


def past_of(branch: Branch) -> History:
    """History of a branch when it starts: the parent's, without the record of the last epoch.

    That record is left out because the branch starts by completing the epoch again, which writes weights,
    checkpoint and record to its own folder.
    """
    past = branch.history.up_to(branch.position)
    if past.epochs and past.epochs[-1].epoch == branch.position.epoch:
        past.epochs.pop()
    return past
