"""The log of a training on the command line, for TensorBoard."""

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cadl_gui.cli.output import printable
from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.events import Event
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.training.training_log import TrainingLog


class EpochLog:
    """Logs the epochs of a training. If the log can no longer be written, the training goes on without it.

    Used as a context manager, it closes the log.

    Args:
        folder: folder of the log; None for no log.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._log: TrainingLog | None = None
        self._is_incomplete = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._log is None:
            return
        try:
            self._log.close()
        except ExportError as failure:
            self._fail(str(failure))

    def begin(self, events: tuple[Event, ...]) -> None:
        """Begin or continue the log by the first events of a training.

        Raises:
            UserError: if the folder holds something else than a log.
            ExportError: if the log cannot be written.
        """
        if self._folder is None:
            return
        from cadl_gui.training.training_log import TrainingLog

        log = TrainingLog(self._folder)
        log.on_events(events)
        self._log = log

    def add(self, events: tuple[Event, ...]) -> None:
        """Add further events; a failure is printed."""
        if self._log is None:
            return
        try:
            self._log.on_events(events)
        except ExportError as failure:
            self._fail(_("{failure} The training goes on without a log.").format(failure=failure))

    def require_complete(self) -> None:
        """Check that all epochs were logged.

        Raises:
            ExportError: if the log ended early.
        """
        if self._is_incomplete:
            raise ExportError(_("The log in “{folder}” lacks the last epochs.").format(folder=self._folder))

    def _fail(self, message: str) -> None:
        print(printable(message), file=sys.stderr)
        self._log, self._is_incomplete = None, True
