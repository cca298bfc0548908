"""Exceptions whose message is shown to the user.

Every failure that a user can understand is raised as a `CadlError`. The window shows its message in the
notification bar and the command line prints it to standard error; tracebacks go to the log.
"""

from cadl_gui.system.words import _


class CadlError(Exception):
    """A failure with a one-sentence message. The command line exits with status 1."""

    exit_status = 1


class UserError(CadlError):
    """A mistake that the user can correct: a wrong path, value or name. Exit status 2."""

    exit_status = 2


class ConfigurationError(UserError):
    """A configuration field has an invalid value.

    Attributes:
        field: name of the field of `RunConfig` that the message is about.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DatasetError(UserError):
    """A dataset cannot be read: it is missing, truncated, or not in the expected format."""


class CheckpointError(UserError):
    """A checkpoint, snapshot or run folder cannot be read or does not fit its own description."""


NOT_FINITE = _("The network's output contains NaN or infinity.")
"""Message shown in place of a result when diverged weights produce non-finite values."""


class NotYetError(CadlError):
    """A request has to wait: what only TensorFlow can answer, before it is loaded or has traced it."""

    def __init__(self) -> None:
        super().__init__(_("This can be answered once TensorFlow is loaded."))


class RecordingError(CadlError):
    """A run cannot be written to disk (full, read-only, removed). Training continues in memory."""


class NonFiniteLossError(CadlError):
    """The loss became infinite or not a number.

    Attributes:
        epoch: the current epoch, counted from 1.
        batch: the batch of that epoch, counted from 1.
    """

    def __init__(self, epoch: int, batch: int) -> None:
        super().__init__(
            _("Training stopped: the loss became infinite at batch {batch} of epoch {epoch}.").format(
                batch=batch, epoch=epoch
            )
        )
        self.epoch = epoch
        self.batch = batch


class WorkerLostError(CadlError):
    """A worker of a training has ended, or cannot be reached. The run is whole up to its last epoch."""


class ExportError(CadlError):
    """A network cannot be exported: the path is not writable, a library is missing, or the outputs differ."""
