"""Reads a run folder, even while it is being written.

The writer saves an epoch's snapshot and checkpoint before its line of the history, so files are at most one
epoch ahead of the history. Where they are further ahead, a sync conflict, a virus scanner or a power failure
has removed, emptied or shortened the history. Such a folder holds work: it is reported and left alone.
"""

from dataclasses import dataclass
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import read_records, replay
from cadl_gui.runs.manifest import Manifest, manifest_from_json, parse_json
from cadl_gui.system.file_limits import MOST_MANIFEST_BYTES
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _


class LostHistoryError(CheckpointError):
    """A run folder holds checkpoints or snapshots of epochs that its history does not have."""


@dataclass(frozen=True, eq=False, kw_only=True)
class StoredRun(Manifest):
    """A run on disk.

    Attributes:
        folder: the run folder.
        history: everything recorded; its steps can extend beyond the last complete epoch.
        history_bytes: offset in the history file up to which it was read, for reading later additions.
        recorded: positions whose weights can be read, in order.
        checkpoint: path of the last complete epoch's checkpoint, from which the run can be resumed; None if
            no epoch is complete.
    """

    folder: Path
    history: History
    history_bytes: int
    recorded: tuple[Position, ...]
    checkpoint: Path | None

    def checkpoint_to_resume(self) -> Path:
        """Return the checkpoint from which the run is resumed, which discards everything later.

        Raises:
            CheckpointError: if there is none, or there are later epochs, whose checkpoint was removed.
        """
        if self.checkpoint is None:
            why = _("has no complete epoch to resume from")
            if self.history.epochs:  # as in a session that does not have all epochs
                why = _("cannot be resumed, since its checkpoint was left out: branch from an epoch instead")
            raise CheckpointError(_("The run in “{folder}” {why}.").format(folder=self.folder, why=why))
        last, at = self.history.epochs[-1].epoch, layout.checkpoint_epoch(self.checkpoint)
        if last > at:
            name = layout.checkpoint_path(self.folder, last).name
            raise CheckpointError(
                _(
                    "The run in “{folder}” has {last} epochs, but could be resumed only after epoch "
                    "{at}, because {name} is missing; nothing was changed: restore it, or branch from "
                    "epoch {last}."
                ).format(folder=self.folder, last=last, at=at, name=name)
            )
        return self.checkpoint


def read_run(folder: Path) -> StoredRun:
    """Read the contents of a run folder, without the weights.

    Raises:
        LostHistoryError: if its history does not have the epochs of its files.
        CheckpointError: if it is not a run folder, is damaged, or cannot be read.
    """
    with telling(folder, CheckpointError):
        manifest = read_manifest(folder)
        # Listed before the history is read, which a writer may extend meanwhile, and after.
        furthest = furthest_position(folder)
        history, n_bytes, unreadable = _read_history(folder, manifest.steps_per_epoch)
        epochs = {record.epoch for record in history.epochs}
        if furthest > Position(max(epochs, default=-1) + 1):
            raise _lost_history(folder, max(epochs, default=-1), unreadable)
        complete = [epoch for epoch in layout.checkpoint_epochs(folder) if epoch in epochs]
        positions = layout.snapshot_positions(folder)
    return StoredRun(
        **vars(manifest),
        folder=folder,
        history=history,
        history_bytes=n_bytes,
        recorded=tuple(position for position in positions if position.step or position.epoch in epochs),
        checkpoint=layout.checkpoint_path(folder, complete[-1]) if complete else None,
    )


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a run folder.

    Raises:
        CheckpointError: if it is not a run folder, or the manifest is damaged.
        OSError: if the manifest cannot be read.
    """
    path = layout.manifest_path(folder)
    if not path.is_file():
        raise CheckpointError(
            _("“{folder}” is not a run folder: there is no {name} in it.").format(
                folder=folder, name=path.name
            )
        )
    return manifest_from_json(parse_json(read_whole(path, MOST_MANIFEST_BYTES), path), path)


def furthest_position(folder: Path) -> Position:
    """Return the last position that has a checkpoint or snapshot in the folder; `UNTRAINED` if none is later.

    Raises:
        OSError: if the folder cannot be listed.
    """
    checkpoints = map(Position, layout.checkpoint_epochs(folder))
    return max([UNTRAINED, *checkpoints, *layout.snapshot_positions(folder)])


def _lost_history(folder: Path, last: int, lack: str) -> LostHistoryError:
    """Return the error of a history that ends with epoch `last`, -1 for none, or lacks what `lack` says."""
    name, epochs = layout.history_path(folder).name, layout.checkpoint_epochs(folder)
    lack = lack or (_("has no epoch") if last < 0 else _("ends with epoch {last}").format(last=last))
    found = [_("the checkpoint of epoch {last}").format(last=epochs[-1])] if epochs else []
    if n_snapshots := len(layout.snapshot_positions(folder)):
        found.append(count_text(n_snapshots, "snapshot"))
    otherwise = (
        _(", or open “{name}” in it").format(name=layout.checkpoint_path(folder, epochs[-1]).name)
        if epochs
        else ""
    )
    return LostHistoryError(
        _(
            "“{folder}” can be neither opened nor resumed, because its {name} {lack}; it still "
            "holds {found}: restore {name} from a backup{otherwise}."
        ).format(folder=folder, name=name, lack=lack, found=_(" and ").join(found), otherwise=otherwise)
    )


def _read_history(folder: Path, steps_per_epoch: int) -> tuple[History, int, str]:
    """Return the recorded history, the number of bytes read for it, and why there is none, or ""."""
    path, history, n_bytes = layout.history_path(folder), History(steps_per_epoch), 0
    try:
        for record, end in read_records(path):
            replay(record, history, path)
            n_bytes = end
    except FileNotFoundError:  # until the first epoch is complete
        return history, 0, _("is a link to nothing") if path.is_symlink() else _("is missing")
    except OSError as error:
        if furthest_position(folder) == UNTRAINED:
            raise
        return (
            History(steps_per_epoch),
            0,
            _("cannot be read ({reason})").format(reason=error.strerror or error),
        )
    return history, n_bytes, ""
