"""Keeps what a training has learned where the command line says, however the training ends."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cadl_gui.domain.errors import CadlError, RecordingError, WorkerLostError
from cadl_gui.domain.position import Position
from cadl_gui.runs.layout import checkpoint_epoch
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.system.words import _

_log = logging.getLogger(__name__)


class OutputLostError(RecordingError):
    """The checkpoint cannot be written to the path given by `-o`; the run itself is whole."""


@contextmanager
def folder_to_train_in(chosen: Path | None) -> Iterator[Path]:
    """Yield the run folder of a training: the one given by `--run`, or else a temporary one.

    Even without `--run` the run is on disk, since its last checkpoint becomes the file given by `-o`. If that
    cannot be written, the temporary folder stays: it has all that was learned.
    """
    if chosen is not None:
        yield chosen
        return
    scratch = Path(tempfile.mkdtemp(prefix="cadl-"))
    try:
        yield scratch / "run"
    except BaseException as error:
        if not any(isinstance(each, OutputLostError) for each in (error, error.__cause__)):
            shutil.rmtree(scratch, ignore_errors=True)
        raise
    shutil.rmtree(scratch, ignore_errors=True)


def write_output(run: StoredRun, checkpoint: Path, output: Path) -> None:
    """Write a checkpoint of a run to the path given by `-o`.

    Raises:
        CheckpointError: if the checkpoint cannot be read.
        OutputLostError: if the path cannot be written.
    """
    from cadl_gui.runs.checkpoint import copy_checkpoint

    try:
        copy_checkpoint(checkpoint, output, run.history.up_to(Position(checkpoint_epoch(checkpoint))))
    except OSError as error:
        raise OutputLostError(
            _("“{output}” cannot be written: {reason}. The run is kept in “{folder}”.").format(
                output=output, reason=error.strerror or error, folder=run.folder
            )
        ) from error


@contextmanager
def keeping_last_epoch(folder: Path, output: Path | None) -> Iterator[None]:
    """If a training in this block fails, write its last trained epoch to the path given by `-o`.

    The error gets a note that says so. A training of several workers is kept in its run folder only.
    """
    try:
        yield
    except Exception as error:
        if output is not None and not isinstance(error, WorkerLostError):
            try:
                run = read_run(folder)
                if run.checkpoint is not None and (epoch := checkpoint_epoch(run.checkpoint)):
                    write_output(run, run.checkpoint, output)
                    error.add_note(
                        _("Epoch {epoch} is kept in “{output}”.").format(epoch=epoch, output=output)
                    )
            except OutputLostError as lost:
                error.add_note(str(lost))
                raise error from lost
            except (CadlError, OSError):  # there is no epoch; the failure is what the user has to know
                _log.exception("No epoch could be kept")
        raise
