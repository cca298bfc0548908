"""Finds runs whose process died during training: killed, out of memory, or in a power failure."""

import logging
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.runs import layout
from cadl_gui.runs.claim import is_half_begun
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.system.words import _

_log = logging.getLogger(__name__)


def take_interrupted(runs_folder: Path) -> tuple[list[InterruptedRun], list[str]]:
    """Find the interrupted runs in a folder, most recently begun first (by folder name).

    The marks of the runs that are returned are cleared, so each is found only once. Runs that are being
    written or are complete are left out, and so are those that died before their first epoch was complete.
    Nothing is removed.

    Args:
        runs_folder: the folder that contains the run folders; it need not exist.

    Returns:
        The runs that can be resumed; if there are none, a sentence for each that cannot be read. The window
        shows one message at a time, and to resume comes first: the others are found again at the next start.
    """
    found: list[InterruptedRun] = []
    complaints: dict[Path, str] = {}
    folders = runs_folder.iterdir() if runs_folder.is_dir() else ()
    for folder in sorted((path for path in folders if was_interrupted(path)), reverse=True):
        try:
            if is_half_begun(folder):
                _log.info("The training in “%s” ended before its first epoch", folder)
                continue
            run = read_run(folder)
            if run.checkpoint is not None:
                run.checkpoint_to_resume()
        except CheckpointError as error:
            complaints[folder] = str(error)
        except OSError as error:
            complaints[folder] = _("“{folder}” cannot be read: {reason}.").format(
                folder=folder, reason=error.strerror or error
            )
        else:
            found += _resumable(run) if _cleared(folder) else []
    for complaint in complaints.values():
        _log.warning("%s", complaint)
    return found, [] if found else [complaint for folder, complaint in complaints.items() if _cleared(folder)]


def _cleared(folder: Path) -> bool:
    """Clear the mark of an interrupted run; False if it cannot be, or another process has begun to write."""
    try:
        RunLock(layout.lock_path(folder)).release()
    except (RecordingError, OSError) as error:
        _log.warning("The mark of “%s” stays: %s", folder, error)
        return False
    return True


def _resumable(run: StoredRun) -> list[InterruptedRun]:
    if run.checkpoint is None:
        return []
    epoch, epochs = layout.checkpoint_epoch(run.checkpoint), run.config.training.epochs
    return [InterruptedRun(run.folder, run.name, epoch, epochs)] if epoch < epochs else []
