"""Problem reports: one file with everything that helps to diagnose a problem."""

import os
import platform
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cadl_gui import __version__
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.log import crash_log_of, older_log_of
from cadl_gui.system.processor import processor_name
from cadl_gui.system.versions import installed_version
from cadl_gui.system.words import _

CONTENTS = (
    _("the program's log, which contains names of files and runs"),
    _("Python's tracebacks if the program crashed"),
    _("versions of the program and its libraries, processor, memory and system"),
)
"""Contents of a report, shown before the user chooses where to save it."""

_LIBRARIES = ("tensorflow", "keras", "numpy", "h5py", "PySide6-Essentials", "pyqtgraph", "pillow", "onnx")
_FACTS = "facts.txt"


def write_report(path: Path, log: Path, shown: Mapping[str, str]) -> None:
    """Write a ZIP archive with the log, the crash log, and facts about program and system.

    The facts do not include the names of the user and the machine; the home folder is replaced by `~`
    throughout.

    Args:
        path: path of the archive; an existing one is replaced once the new one is complete.
        log: path of the log; missing log files are left out.
        shown: further facts by name, such as the state of the window.

    Raises:
        OSError: if the archive cannot be written.
    """
    with atomic_output(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_FACTS, _facts(shown))
        for file in (log, older_log_of(log), crash_log_of(log)):
            if file.is_file():
                archive.writestr(file.name, _without_home(file.read_text("utf-8", errors="replace")))


def _facts(shown: Mapping[str, str]) -> str:
    facts = {
        "CADL": __version__,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "Python": platform.python_version(),
        **{library: installed_version(library) or _("not installed") for library in _LIBRARIES},
        "system": platform.platform(),
        "processor": _("{processor}, {cpu_count} threads").format(
            processor=processor_name(), cpu_count=os.cpu_count()
        ),
        "memory": _memory(),
        "packaged": "yes" if hasattr(sys, "frozen") else "no",
        **shown,
    }
    return "".join(f"{name}: {_without_home(value)}\n" for name, value in facts.items())


def _memory() -> str:
    try:
        n_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "unknown"  # not available on Windows
    return f"{n_bytes / 2**30:.1f} GiB"


def _without_home(text: str) -> str:
    home = str(Path.home())
    # Errors quote names as Python does, with two backslashes for each, and Qt writes paths with slashes.
    for written in (home, repr(home)[1:-1], Path.home().as_posix()):
        text = text.replace(written, "~") if len(written) > 1 else text
    return text
