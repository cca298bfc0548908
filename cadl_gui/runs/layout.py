"""Paths of the files in a run folder.

run.json                              the manifest, which describes the run (manifest.py)
history.jsonl                         the recorded history, line by line (history_file.py)
checkpoint-0005.keras                 the complete state at the end of the last complete epoch (checkpoint.py)
snapshots/epoch-0000-batch-0005.h5    weights at a position, a file for each retained position (snapshots.py)
run.lock                              held by the process that writes to the folder (lock.py)
run.json.lock                         held briefly by a process while it changes run.json
from-session                          empty; the run came from somebody else, and so did the paths in it

An epoch is complete once its snapshot, its checkpoint and its line of the history are on disk, in that order.
The name is stored in run.json only, so a run can be renamed while it is written; the history in history.jsonl
only, but for a checkpoint that is saved elsewhere. Snapshots are replaced or removed, never changed, so that
a branch can link to its parent's.
"""

import re
from pathlib import Path

from cadl_gui.domain.position import Position
from cadl_gui.system.atomic_write import RUN_HISTORY, RUN_MANIFEST, RUN_SNAPSHOTS

SNAPSHOT = re.compile(r"epoch-(\d{4,9})-batch-(\d{4,9})\.h5")
CHECKPOINT = re.compile(r"checkpoint-(\d{4,9})\.keras")


def manifest_path(folder: Path) -> Path:
    """Return the path of the run's manifest."""
    return folder / RUN_MANIFEST


def history_path(folder: Path) -> Path:
    """Return the path of the run's history."""
    return folder / RUN_HISTORY


def lock_path(folder: Path) -> Path:
    """Return the path of the file that the writer of the run locks."""
    return folder / "run.lock"


def manifest_lock_path(folder: Path) -> Path:
    """Return the path of the file that is locked while the manifest is changed."""
    return folder / "run.json.lock"


def stranger_path(folder: Path) -> Path:
    """Return the path of the file that says that the run came in a session."""
    return folder / "from-session"


def snapshots_folder(folder: Path) -> Path:
    """Return the folder of the snapshots."""
    return folder / RUN_SNAPSHOTS


def snapshot_path(folder: Path, position: Position) -> Path:
    """Return the path of the snapshot at a position; the file exists only if the position is recorded."""
    return snapshots_folder(folder) / f"epoch-{position.epoch:04d}-batch-{position.step:04d}.h5"


def has_snapshot(folder: Path, position: Position) -> bool:
    """Return whether the snapshot at a position is on disk."""
    return snapshot_path(folder, position).is_file()


def checkpoint_path(folder: Path, epoch: int) -> Path:
    """Return the path of the checkpoint taken at the end of an epoch."""
    return folder / f"checkpoint-{epoch:04d}.keras"


def snapshot_positions(folder: Path) -> list[Position]:
    """Return the positions that have a snapshot in the folder, in order."""
    snapshots = snapshots_folder(folder)
    if not snapshots.is_dir():
        return []
    matches = (SNAPSHOT.fullmatch(path.name) for path in snapshots.iterdir())
    return sorted(Position(int(match[1]), int(match[2])) for match in matches if match)


def checkpoint_epoch(path: Path) -> int:
    """Return the epoch at whose end a checkpoint in a run folder was taken.

    Raises:
        ValueError: if the file name is not that of a run's checkpoint.
    """
    match = CHECKPOINT.fullmatch(path.name)
    if match is None:
        raise ValueError(f"Expected the path of a run's checkpoint. Received: path={path}")
    return int(match[1])


def checkpoint_epochs(folder: Path) -> list[int]:
    """Return the epochs that have a checkpoint in the folder, in order."""
    matches = (CHECKPOINT.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in matches if match)
