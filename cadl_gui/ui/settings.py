"""The settings that are stored between sessions."""

import logging
import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Generic, Self, TypeVar, cast, get_args, overload

from PySide6.QtCore import QByteArray, QSettings

from cadl_gui.domain.file_format import FORMAT
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.system.words import _
from cadl_gui.ui.theme.theme import ThemeMode

_log = logging.getLogger(__name__)

_MOST_FORMAT = 999
_MOST_RECENT = 10
_MOST_LINES = 10_000
_MOST_LETTERS = 1_000_000
"""Of one setting: what is longer was not written by this program."""

_DAMAGE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What reading a setting raises that this program did not write."""

_NUMBER = re.compile("[0-9]{1,10}")
_T = TypeVar("_T")


class FileKind(StrEnum):
    """Kinds of files and folders that dialogs choose; each has its own last folder."""

    CHECKPOINT = "checkpoint"
    RUN = "run"
    DATASET = "dataset"
    IMAGE = "image"
    FILM = "film"
    PATH = "path"
    EXPORT = "export"
    REPORT = "report"
    EXAMPLES = "examples"
    SESSION = "session"
    LESSON = "lesson"


class Setting(Generic[_T]):
    """A setting as an attribute of `Settings`: of its type and within its bounds, whatever the file holds.

    Args:
        default: what counts if it was never set, or is damaged, which is logged.
        read: makes a value of the stored text; raises one of `_DAMAGE` if no value has this text.
        write: makes that text of a value.
    """

    def __init__(self, default: _T, read: Callable[[str], _T], write: Callable[[_T], str] = str) -> None:
        self.default = default
        self._read, self._write = read, write

    def __set_name__(self, owner: type["Settings"], name: str) -> None:
        self._name = name.removeprefix("_")

    @overload
    def __get__(self, settings: None, owner: type["Settings"]) -> Self: ...

    @overload
    def __get__(self, settings: "Settings", owner: type["Settings"]) -> _T: ...

    def __get__(self, settings: "Settings | None", owner: type["Settings"]) -> Self | _T:
        return self if settings is None else settings.value(self._name, self._read, self.default)

    def __set__(self, settings: "Settings", value: _T) -> None:
        settings.store(self._name, self._write(value))


def _flag() -> Setting[bool]:
    """A setting that is on or off, and off if it was never set."""
    return Setting(False, lambda text: text == "true", lambda on: "true" if on else "false")


def _number(text: str, least: int, most: int) -> int:
    """Return a whole number.

    Raises:
        ValueError: if the text is not one from `least` to `most`.
    """
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _lines(text: str) -> list[str]:
    """Return the lines of a setting, without those that name no file on any system."""
    return [line for line in text.split("\n") if line and _can_be_name(line)][:_MOST_LINES]


def _can_be_name(line: str) -> bool:
    """Return whether a line can be the name of a file."""
    try:
        return b"\0" not in os.fsencode(line)
    except UnicodeEncodeError:
        return False


def _mode(text: str) -> ThemeMode:
    return cast("ThemeMode", get_args(ThemeMode)[get_args(ThemeMode).index(text)])


class Settings:
    """Typed access to the application's `QSettings`.

    Attributes:
        caution: a sentence if a newer version of the program wrote the settings, or their format cannot be
            read; otherwise "".
    """

    theme_mode = Setting[ThemeMode]("system", _mode)
    reduce_motion = _flag()
    details = _flag()
    brush = Setting[int | None](None, lambda text: _number(text, 1, 100))
    """Size of the brush in hundredths of the canvas; None if it was never set."""

    replay_rate = Setting(2, lambda text: _number(text, 1, 60))
    """Positions a second in a replay of the timeline."""

    recent = Setting[list[str]]([], _lines, "\n".join)
    """Paths of recently opened or saved files, newest first."""

    def __init__(self) -> None:
        self._store = QSettings()
        written_by = self.value("format", lambda text: _number(text, 1, _MOST_FORMAT), None)
        self.caution = ""
        if written_by is None and self._store.contains("format"):
            self.caution = _(
                "The settings in “{filename}” are damaged: those that can be read are used."
            ).format(filename=self._store.fileName())
        elif written_by is not None and written_by > FORMAT:
            self.caution = _(
                "Your settings were written by a newer CADL (format {written_by}): "
                "those that this one does not know stay as they are."
            ).format(written_by=written_by)
            return
        self.store("format", FORMAT)

    @property
    def geometry(self) -> QByteArray | None:
        """Position and size of the window."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self.store("geometry", geometry)

    def add_recent(self, path: str) -> None:
        """Put a path at the top of the recent files."""
        self.recent = [path, *(other for other in self.recent if other != path)][:_MOST_RECENT]

    def folder_of(self, kind: FileKind) -> Path | None:
        """Return the folder last used for this kind of file; None if there is none or it no longer exists."""
        stored: list[str] = self.value(f"folders/{kind}", _lines, [])
        folder = Path(stored[0]) if stored else None
        return folder if folder is not None and can_be_found(folder) and folder.is_dir() else None

    def remember_folder(self, kind: FileKind, folder: Path) -> None:
        """Store the folder that the next dialog for this kind of file should propose."""
        self.store(f"folders/{kind}", str(folder))

    def store(self, name: str, value: object) -> None:
        """Store a value under a name, in the file soon."""
        self._store.setValue(name, value)

    def value(self, name: str, read: Callable[[str], _T], default: _T) -> _T:
        """Return what `read` makes of a setting's text, or `default`; see `Setting`."""
        if not self._store.contains(name):
            return default
        stored = self._store.value(name)
        if type(stored) is int:  # until it is read from a file again
            stored = str(stored)
        try:
            if not isinstance(stored, str) or len(stored) > _MOST_LETTERS:
                raise TypeError(name)
            return read(stored)
        except _DAMAGE:
            _log.warning("“%s” in “%s” is damaged and is not used", name, self._store.fileName())
            return default
