"""The log, which keeps everything that goes wrong."""

import faulthandler
import logging
import logging.handlers
import os
import sys
from pathlib import Path

from cadl_gui import __version__

_MAX_BYTES = 1_000_000

_crashes: list[int] = []
"""Descriptor of the file that `faulthandler` writes to, which has to stay open."""


def open_log(file: Path) -> bool:
    """Let everything below `cadl_gui` be logged to a file, and crashes of the process to one beside it.

    Args:
        file: made if need be; once it is full it is kept as `….log.1`.

    Returns:
        Whether the file can be written. If not, the log goes to standard error.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8"
        )
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


def older_log_of(file: Path) -> Path:
    """Where a full log is kept."""
    return file.with_name(f"{file.name}.1")


def crash_log_of(file: Path) -> Path:
    """Where is kept what each thread was doing as the process ended."""
    return file.with_suffix(".crash.log")


def _log_crashes(file: Path) -> None:
    """Where a library ends the process, Python writes there what each thread was doing."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return
    faulthandler.enable(descriptor)
    if _crashes:
        os.close(_crashes.pop())
    _crashes.append(descriptor)
