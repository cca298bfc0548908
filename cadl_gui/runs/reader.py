"""Reads a run folder, also while it is still being written."""

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
        folder: where it is.
        history: all that it recorded; steps can reach beyond the last complete epoch.
        history_bytes: how much of the history's file was read, for whoever reads on.
        recorded: positions whose weights can be read, in order.
        checkpoint: of the last complete epoch, from which the run can go on; None if none is complete.
    """

    folder: Path
    history: History
    history_bytes: int
    recorded: tuple[Position, ...]
    checkpoint: Path | None


def read_run(folder: Path) -> StoredRun:
    """Read what a run folder holds, besides its weights.

    Raises:
        CheckpointError: if it is no run folder, or is damaged.
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
    """Read what a run is.

    Raises:
        CheckpointError: if it is no run folder, or is damaged.
        OSError: if it cannot be read.
    """
    path = layout.manifest_path(folder)
    if not path.is_file():
        raise CheckpointError(f"“{folder}” is not a run folder: there is no {path.name} in it.")
    return manifest_from_json(parse_json(read_whole(path, MOST_MANIFEST_BYTES), path), path)


def _read_history(folder: Path, steps_per_epoch: int) -> tuple[History, int]:
    """What was recorded, and how many bytes tell it."""
    path, history, n_bytes = layout.history_path(folder), History(steps_per_epoch), 0
    if path.exists():  # the first epoch may not be there yet
        for record, end in read_records(path):
            replay(record, history, path)
            n_bytes = end
    return history, n_bytes
