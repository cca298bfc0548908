"""Errors whose message is the sentence that a user reads.

Everything that can go wrong for a reason that a user can understand is raised as a `CadlError`. The window
shows its text in a strip and the command line prints it to standard error; a traceback belongs to the log.
"""


class CadlError(Exception):
    """A failure told in one sentence. The command line exits with status 1."""

    exit_status = 1


class UserError(CadlError):
    """A mistake that the user can mend: a wrong path, value or name. Exit status 2."""

    exit_status = 2


class ConfigurationError(UserError):
    """A configuration field has a value that it cannot have.

    Attributes:
        field: name of the field of `RunConfig` that the sentence is about.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DatasetError(UserError):
    """A dataset cannot be read: missing, truncated, or not what it claims to be."""


class CheckpointError(UserError):
    """A checkpoint, snapshot or run folder cannot be read or does not fit its own description."""


NOT_FINITE = "This network answers with something that is not a number."
"""What is told in place of an answer where weights have grown without bounds."""


class RecordingError(CadlError):
    """A run cannot be written to disk (full, read-only, removed). Training goes on in memory."""


class NonFiniteLossError(CadlError):
    """The loss became infinite or not a number.

    Attributes:
        epoch: the epoch that was being trained, counted from 1.
        batch: the batch of that epoch at which it happened, counted from 1.
    """

    def __init__(self, epoch: int, batch: int) -> None:
        super().__init__(f"Training stopped: the loss became infinite at batch {batch} of epoch {epoch}.")
        self.epoch = epoch
        self.batch = batch


class ExportError(CadlError):
    """A network cannot be exported: the place cannot be written to, a library is missing, answers differ."""
