"""Runs whose training died with its process: killed, out of memory, without power."""

from contextlib import suppress
from pathlib import Path

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.runs import layout
from cadl_gui.runs.claim import Claim, is_half_begun
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.runs.reader import read_run


def take_interrupted(runs_folder: Path) -> list[InterruptedRun]:
    """Find them among the runs of a folder, the one that was begun last first.

    Their marks are taken off: each is found once. Runs that are being written, that are complete or that
    cannot go on are left out, and so is what cannot be read. What died before its first epoch was complete
    never was a run, and is removed.
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
