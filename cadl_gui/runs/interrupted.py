"""Finds runs whose process died during training: killed, out of memory, or in a power failure."""

import logging
from pathlib import Path

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.runs import layout
from cadl_gui.runs.claim import is_half_begun
from cadl_gui.runs.lock import RunLock, was_interrupted
from cadl_gui.runs.reader import read_run

_log = logging.getLogger(__name__)


def take_interrupted(runs_folder: Path) -> tuple[list[InterruptedRun], list[str]]:
    """Find the interrupted runs in a folder, most recently begun first (by folder name).

    Their marks are cleared, so each run is found only once. Runs that are being written or are complete are
    left out, and so are those that died before their first epoch was complete. Nothing is removed.

    Args:
        runs_folder: the folder that contains the run folders; it need not exist.

    Returns:
        The runs that can be resumed, and a sentence for each that cannot be read or resumed.
    """
    found: list[InterruptedRun] = []
    complaints: list[str] = []
    folders = runs_folder.iterdir() if runs_folder.is_dir() else ()
    for folder in sorted((path for path in folders if was_interrupted(path)), reverse=True):
        try:
            found += _take(folder)
        except CheckpointError as error:
            complaints.append(str(error))
        except RecordingError:  # another process has begun to write to it
            continue
        except OSError as error:
            complaints.append(f"“{folder}” cannot be read: {error.strerror or error}.")
    return found, complaints


def _take(folder: Path) -> list[InterruptedRun]:
    """Clear the mark of an interrupted run, and return the run if it can be resumed."""
    if is_half_begun(folder):
        _log.info("The training in “%s” ended before its first epoch", folder)
        return []
    RunLock(layout.lock_path(folder)).release()
    run = read_run(folder)
    if run.checkpoint is None:
        return []
    epoch, epochs = layout.checkpoint_epoch(run.checkpoint), run.config.training.epochs
    return [InterruptedRun(folder, run.name, epoch, epochs)] if epoch < epochs else []
