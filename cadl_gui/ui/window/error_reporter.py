"""Catches every otherwise uncaught error: the user sees a message, and the log gets the details."""

import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from cadl_gui.system.words import _

_log = logging.getLogger(__name__)

_NOT_AGAIN_WITHIN_SECONDS = 2.0
_BELONGS_TOGETHER_SECONDS = 2.0
_INTERRUPTED = 130
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorReporter(QObject):
    """Replaces Python's hooks for uncaught exceptions and Qt's message handler.

    The program survives an exception in a slot or a thread, so the user must be told. An error that recurs at
    once, as in a paint event, is reported once but logged each time.

    Args:
        on_fatal: called in any thread before Qt aborts the process, with the reason: a platform plugin's
            warning from just before, if there is one, since the fatal message itself only states the abort.

    Signals:
        failed: (message, details) an unexpected error occurred.
    """

    failed = Signal(str, str)

    _caught = Signal(str, str)

    def __init__(self, on_fatal: Callable[[str], object]) -> None:
        super().__init__()
        self._on_fatal = on_fatal
        self._reported: tuple[str, float] = ("", 0.0)
        self._warnings: deque[tuple[float, str]] = deque(maxlen=10)
        self._previous_hooks = sys.excepthook, threading.excepthook
        # Errors occur in any thread and at any moment, so they are reported through the event loop.
        self._caught.connect(self._report, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_uncaught_in_thread
        self._previous_handler = qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Restore the previous hooks and handler."""
        sys.excepthook, threading.excepthook = self._previous_hooks
        qInstallMessageHandler(self._previous_handler)

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.exit(_INTERRUPTED)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        _log.error("Uncaught\n%s", details)
        self._caught.emit(_("Unexpected error: {error}.").format(error=_words(kind, error)), details)

    def _on_uncaught_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
            self._on_uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        logging.getLogger("cadl_gui.qt").log(_LEVELS[kind], "%s: %s", context.category, message)
        if self._previous_handler is not None:
            self._previous_handler(kind, context, message)
        now = time.monotonic()
        if kind is QtMsgType.QtFatalMsg:
            recent = (text for at, text in self._warnings if now - at < _BELONGS_TOGETHER_SECONDS)
            self._on_fatal(next(recent, message))
        elif context.category.startswith("qt.qpa"):
            self._warnings.append((now, message))

    @Slot(str, str)
    def _report(self, message: str, details: str) -> None:
        reported, at = self._reported
        now = time.monotonic()
        if message != reported or now - at > _NOT_AGAIN_WITHIN_SECONDS:
            self._reported = message, now
            self.failed.emit(message, details)


def _words(kind: type[BaseException], error: BaseException) -> str:
    """Return the first line of an exception's message, or its class name if it has none."""
    first_line = (str(error).strip().splitlines() or [""])[0]
    return first_line.rstrip(".") or kind.__name__
