"""Stores what the window shows, and the drawings, so that the next start has them again."""

import json
import logging
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.file_limits import MOST_WORK_BYTES
from cadl_gui.system.resources import ships
from cadl_gui.system.whole_file import read_whole
from cadl_gui.system.words import _
from cadl_gui.ui.controls.timer import Timer

_log = logging.getLogger(__name__)

_AFTER_MS = 1_000
"""Time from a change to its file: short, since a killed program loses that much; a stroke takes as long."""

Values = Callable[[], dict[str, Any]]
"""Returns JSON-serialisable values by name. Called in another thread: it must not touch what can change."""


class WorkStore(QObject):
    """Writes named files of JSON, soon after a change and in another thread; a kill leaves a complete file.

    Work is a convenience: what cannot be written is logged, and the program goes on without it. A file that
    cannot be read is moved aside, since the next change would overwrite it.

    Args:
        jobs: runs the jobs that write.
        folder: where the files are; made when the first is written.
        parent: parent object.

    Signals:
        unreadable: (message) a file was moved aside.
    """

    unreadable = Signal(str)

    def __init__(self, jobs: BackgroundJobs, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._folder = folder
        self._lock = Lock()
        self._waiting: dict[str, Values] = {}
        self._writing: BackgroundJob | None = None
        # It is not restarted by later changes, so drawing without a pause is stored, too.
        self._timer = Timer(self, self._write_waiting, _AFTER_MS)

    def names(self) -> list[str]:
        """Return the names under which something is stored."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def load(self, name: str) -> Any:
        """Return the values stored under a name; None if there are none that can be read."""
        path = self._path(name)
        try:
            values = parse(read_whole(path, MOST_WORK_BYTES))
            require_format(values.pop("format"), f"“{path}”")
        except FileNotFoundError:
            return None
        except (
            OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, UserError
        ) as error:  # fmt: skip
            self.report_damage(name, error)
            return None
        return values

    def report_damage(self, name: str, error: Exception) -> None:
        """Move aside what is stored under a name and cannot be used."""
        path = self._path(name)
        places = (self._path(f"{name}-unread-{n}") for n in count(1))
        aside = next(place for place in places if not place.exists())
        is_newer = isinstance(error, UserError)
        message = str(error) if is_newer else _("“{path}” is damaged and is not restored.").format(path=path)
        _log.warning("%s (%s)", message, error)
        try:
            path.rename(aside)
        except FileNotFoundError:
            pass  # another part of it was damaged, too
        except OSError:
            _log.exception("“%s” could not be moved aside", path)
        else:
            self.unreadable.emit(_("{message} It is now “{name}”.").format(message=message, name=aside.name))

    def keep(self, name: str, values: Values) -> None:
        """Store values under a name, within about a second; see `Values`."""
        self._waiting[name] = values
        self._timer.plan()

    def flush(self) -> None:
        """Write at once what waits, since the window closes."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        _write(self._folder, waiting, self._lock)

    @Slot()
    def _write_waiting(self) -> None:
        if self._writing is not None:
            self._timer.start()  # two writers of one file could finish in the wrong order
            return
        waiting, self._waiting = self._waiting, {}
        self._writing = BackgroundJob(partial(_write, self._folder, waiting, self._lock))
        self._writing.over.connect(self._on_written)
        self._jobs.start(self._writing)

    @Slot()
    def _on_written(self) -> None:
        self._writing = None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def key_of(source: Path) -> str:
    """Return what names a run in files: its path, or its name alone where it ships with the program.

    An AppImage, for one, has another path at each start.
    """
    path = source.resolve()
    return f"{SHIPPED}{path.name}" if ships(source) else str(path)


def _write(folder: Path, waiting: dict[str, Values], lock: Lock) -> None:
    """Write files; what was asked for later is also written later, and so is what stays."""
    with lock:
        for name, values in waiting.items():
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with atomic_write(folder / f"{name}.json") as beside:
                    beside.write_text(json.dumps({"format": FORMAT, **values()}), encoding="utf-8")
            except OSError as error:
                _log.warning("“%s” could not be stored for the next start: %s", name, error)
