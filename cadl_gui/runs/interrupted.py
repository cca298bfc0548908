"""Finds runs whose process died during training: killed, out of memory, or in a power failure."""

from contextlib import suppress
from pathlib import Path

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.runs import layout
from cadl_gui.runs.claim import Claim, is_half_begun
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.runs.reader import read_run


def take_interrupted(runs_folder: Path) -> list[InterruptedRun]:
    """Find the interrupted runs in a folder, most recently begun first (by folder name).

    Their marks are cleared, so each run is found only once. Runs that are being written, are complete, cannot
    be resumed or cannot be read are left out. The folder of a run that died before its first epoch was
    complete is removed.

    Args:
        runs_folder: the folder that contains the run folders; it need not exist.
    """
    if not runs_folder.is_dir():
        return []
    folders = sorted((path for path in runs_folder.iterdir() if was_interrupted(path)), reverse=True)
    return [found for found in map(_take, folders) if found is not None]


def _take(folder: Path) -> InterruptedRun | None:
    with suppress(CadlError, OSError):
        if is_half_begun(folder):
            Claim(folder, resume=True).give_up()
            folder.rmdir()
            return None
        RunLock(layout.lock_path(folder)).release()
        run = read_run(folder)
        if run.checkpoint is not None:
            epoch, epochs = layout.checkpoint_epoch(run.checkpoint), run.config.training.epochs
            return InterruptedRun(folder, run.name, epoch, epochs) if epoch < epochs else None
    return None
