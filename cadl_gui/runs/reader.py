"""Reads a run folder, even while it is being written."""

from dataclasses import dataclass
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import read_records, replay
from cadl_gui.runs.manifest import Manifest, manifest_from_json, parse_json
from cadl_gui.system.file_limits import MOST_MANIFEST_BYTES
from cadl_gui.system.whole_file import read_whole


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


def read_run(folder: Path) -> StoredRun:
    """Read the contents of a run folder, without the weights.

    Raises:
        CheckpointError: if it is not a run folder, is damaged, or cannot be read.
    """
    try:
        manifest = read_manifest(folder)
        history, n_bytes = _read_history(folder, manifest.steps_per_epoch)
        epochs = {record.epoch for record in history.epochs}
        complete = [epoch for epoch in layout.checkpoint_epochs(folder) if epoch in epochs]
        positions = layout.snapshot_positions(folder)
    except OSError as error:
        raise CheckpointError(f"“{folder}” cannot be read: {error.strerror or error}.") from error
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
        raise CheckpointError(f"“{folder}” is not a run folder: there is no {path.name} in it.")
    return manifest_from_json(parse_json(read_whole(path, MOST_MANIFEST_BYTES), path), path)


def _read_history(folder: Path, steps_per_epoch: int) -> tuple[History, int]:
    """Return the recorded history, and the number of bytes read for it."""
    path, history, n_bytes = layout.history_path(folder), History(steps_per_epoch), 0
    if path.exists():  # it is missing until the first epoch is complete
        for record, end in read_records(path):
            replay(record, history, path)
            n_bytes = end
    return history, n_bytes
