"""What lies where in a run folder.

run.json                              what the run is (manifest.py)
history.jsonl                         what it recorded, line by line (history_file.py)
checkpoint-0005.keras                 everything at the end of its last complete epoch (checkpoint.py)
snapshots/epoch-0000-batch-0005.h5    weights at a position, for each position that is kept (snapshots.py)
run.lock                              held by the process that writes (lock.py)
run.json.lock                         held for an instant by whoever changes run.json
"""

import re
from pathlib import Path

from cadl_gui.domain.position import Position

_SNAPSHOT = re.compile(r"epoch-(\d{4,9})-batch-(\d{4,9})\.h5")
_CHECKPOINT = re.compile(r"checkpoint-(\d{4,9})\.keras")


def manifest_path(folder: Path) -> Path:
    """Where a run says what it is."""
    return folder / "run.json"


def history_path(folder: Path) -> Path:
    """Where a run keeps its history."""
    return folder / "history.jsonl"


def lock_path(folder: Path) -> Path:
    """What a writer locks."""
    return folder / "run.lock"


def manifest_lock_path(folder: Path) -> Path:
    """What is locked while the manifest is read and written again."""
    return folder / "run.json.lock"


def snapshots_folder(folder: Path) -> Path:
    """Where the snapshots lie."""
    return folder / "snapshots"


def snapshot_path(folder: Path, position: Position) -> Path:
    """Where the weights at a position lie, if they are recorded."""
    return snapshots_folder(folder) / f"epoch-{position.epoch:04d}-batch-{position.step:04d}.h5"


def checkpoint_path(folder: Path, epoch: int) -> Path:
    """Where the checkpoint of the end of an epoch lies."""
    return folder / f"checkpoint-{epoch:04d}.keras"


def snapshot_positions(folder: Path) -> list[Position]:
    """The positions whose weights lie there, in order."""
    snapshots = snapshots_folder(folder)
    if not snapshots.is_dir():
        return []
    matches = (_SNAPSHOT.fullmatch(path.name) for path in snapshots.iterdir())
    return sorted(Position(int(match[1]), int(match[2])) for match in matches if match)


def checkpoint_epoch(path: Path) -> int:
    """The epoch whose end a checkpoint of a run folder was taken at."""
    match = _CHECKPOINT.fullmatch(path.name)
    if match is None:
        raise ValueError(f"Expected the path of a run's checkpoint. Received: path={path}")
    return int(match[1])


def checkpoint_epochs(folder: Path) -> list[int]:
    """The epochs whose checkpoints lie there, in order."""
    matches = (_CHECKPOINT.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in matches if match)
