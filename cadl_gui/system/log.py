"""The program's log files."""

import faulthandler
import logging
import logging.handlers
import os
import sys
from pathlib import Path

from cadl_gui import __version__

_MAX_BYTES = 1_000_000

_crashes: list[int] = []
"""Descriptor of the file that `faulthandler` writes to, which must stay open."""


def open_log(file: Path) -> bool:
    """Log everything below `cadl_gui` to a file, and crashes of the process to another one next to it.

    Args:
        file: the log file, created if necessary; once full it is renamed to `….log.1`.

    Returns:
        Whether the file is writable. If not, the log goes to standard error.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = _LogFile(file, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    package = logging.getLogger("cadl_gui")
    for old in package.handlers[:]:
        package.removeHandler(old)
        old.close()
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    package.info("cadl_gui %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)
    is_written = isinstance(handler, logging.FileHandler)
    if is_written:
        _log_crashes(crash_log_of(file))
    return is_written


class _LogFile(logging.handlers.RotatingFileHandler):
    """Says once on standard error that the log cannot be written, as on a full disk; logging goes on.

    Python would print two tracebacks for each record.
    """

    _has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            if not self._has_failed and sys.stderr is not None:
                reason = error.strerror or error
                sys.stderr.write(f"The log “{self.baseFilename}” cannot be written: {reason}.\n")
            self._has_failed = True
        else:
            super().handleError(record)


def older_log_of(file: Path) -> Path:
    """Path to which a full log is renamed."""
    return file.with_name(f"{file.name}.1")


def crash_log_of(file: Path) -> Path:
    """Path of the crash log, with the stack of each thread when the process crashed."""
    return file.with_suffix(".crash.log")


def _log_crashes(file: Path) -> None:
    """Make Python write the stack of each thread to a file if a library crashes the process."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return
    faulthandler.enable(descriptor)
    if _crashes:
        os.close(_crashes.pop())
    _crashes.append(descriptor)
