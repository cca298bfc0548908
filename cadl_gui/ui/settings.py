"""The settings that are stored between sessions."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.ui.theme.theme import ThemeMode

_log = logging.getLogger(__name__)

FORMAT = 2
"""Version of the stored settings. In the first version, all file dialogs shared one folder, `folder`, and of
the next run only the preset was stored, `preset`.
"""

_MOST_FORMAT = 999
_FIRST_FORMAT = 1
"""Version of settings that contain none."""

_MOST_RECENT = 10
_MOST_SPANS = 50
_MOST_LINES = 10_000
_REPLAY_RATE, _MOST_REPLAYED = 4, 60
_LARGEST_BRUSH = 100
_MOST_STEPS = 10**9
_MOST_LETTERS = 1_000_000
"""Of one setting: what is longer was not written by this program."""

_NUMBER = re.compile("[0-9]{1,10}")
_T = TypeVar("_T")

Span = tuple[Position | None, Position | None]
"""First and last position of a replay; None stands for those of the run."""


class FileKind(StrEnum):
    """Kinds of files and folders that dialogs choose; each has its own last folder."""

    CHECKPOINT = "checkpoint"
    RUN = "run"
    DATASET = "dataset"
    IMAGE = "picture"
    FILM = "film"
    PATH = "path"
    EXPORT = "export"
    REPORT = "report"
    EXAMPLES = "examples"


_SHARED_IN_FORMAT_1 = (FileKind.CHECKPOINT, FileKind.RUN, FileKind.EXPORT)


class Settings:
    """Typed access to the application's `QSettings`.

    Whatever the file holds, a property is of its type and within its bounds: a setting that is not is logged,
    and counts as never set. All are read by `_text`, `_lines`, `_number` and `_parsed`.

    Attributes:
        caution: a sentence if a newer version of the program wrote the settings, or their version cannot be
            read; otherwise "".
    """

    def __init__(self) -> None:
        self._store = QSettings()
        is_set = self._store.contains("format")
        written_by = self._number("format", 0, _MOST_FORMAT) if is_set else _FIRST_FORMAT
        self.caution = ""
        if written_by is None:
            self.caution = (
                f"The settings in “{self._store.fileName()}” are damaged: those that can be read are used."
            )
        elif written_by > FORMAT:
            self.caution = (
                f"Your settings were written by a newer version of the program (format {written_by}): "
                "those that this one does not know stay as they are."
            )
        if written_by is None or written_by <= FORMAT:
            self._bring_to_format_2()
            self._store.setValue("format", FORMAT)

    @property
    def theme_mode(self) -> ThemeMode:
        """Light, dark or as the system."""
        value = self._text("theme")
        return cast("ThemeMode", value) if value in get_args(ThemeMode) else "system"

    @theme_mode.setter
    def theme_mode(self, mode: ThemeMode) -> None:
        self._store.setValue("theme", mode)

    @property
    def reduce_motion(self) -> bool:
        """Whether animations are off."""
        return self._is_on("reduce_motion")

    @reduce_motion.setter
    def reduce_motion(self, on: bool) -> None:
        self._set_on("reduce_motion", on)

    @property
    def geometry(self) -> QByteArray | None:
        """Position and size of the window."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def brush(self) -> int | None:
        """Size of the brush in hundredths of the canvas; None if it was never set."""
        return self._number("brush", 1, _LARGEST_BRUSH)

    @brush.setter
    def brush(self, size: int) -> None:
        self._store.setValue("brush", size)

    @property
    def draw_section(self) -> str:
        """Name of the section that was open last in the Draw tab; "" if none was chosen."""
        return self._text("draw_section")

    @draw_section.setter
    def draw_section(self, name: str) -> None:
        self._store.setValue("draw_section", name)

    @property
    def latent_layers(self) -> list[str] | None:
        """Names of the layers shown last on the latent plane; None if none was chosen."""
        return self._text("latent_layers").split() if self._store.contains("latent_layers") else None

    @latent_layers.setter
    def latent_layers(self, names: Iterable[str]) -> None:
        self._store.setValue("latent_layers", " ".join(names))

    @property
    def inspect_view(self) -> str:
        """Name of the view that was shown last in the Inspect tab; "" if none was chosen."""
        return self._text("inspect_view")

    @inspect_view.setter
    def inspect_view(self, name: str) -> None:
        self._store.setValue("inspect_view", name)

    @property
    def replay_rate(self) -> int:
        """Positions a second in a replay of the timeline."""
        return self._number("replay_rate", 1, _MOST_REPLAYED) or _REPLAY_RATE

    @replay_rate.setter
    def replay_rate(self, rate: int) -> None:
        self._store.setValue("replay_rate", rate)

    def replay_span(self, run: str) -> Span:
        """Return the span of a run's replay: first and last position, None for the run's own.

        Args:
            run: path of the run.
        """
        return self._replay_spans.get(run, (None, None))

    def set_replay_span(self, run: str, span: Span) -> None:
        """Store the span of a run's replay; see `replay_span`."""
        spans = {path: other for path, other in self._replay_spans.items() if path != run}
        if span != (None, None):
            spans[run] = span
        self._store.setValue("replay_spans", json.dumps(dict([*spans.items()][-_MOST_SPANS:])))

    @property
    def _replay_spans(self) -> dict[str, Span]:
        return self._parsed("replay_spans", _spans_of) or {}

    @property
    def logarithmic_bars(self) -> bool:
        """Whether the Draw tab's bars show probabilities on a logarithmic scale."""
        return self._is_on("logarithmic_bars")

    @logarithmic_bars.setter
    def logarithmic_bars(self, on: bool) -> None:
        self._set_on("logarithmic_bars", on)

    @property
    def recent(self) -> list[str]:
        """Paths of recently opened or saved files, newest first."""
        return self._lines("recent")

    def add_recent(self, path: str) -> None:
        """Put a path at the top of the recent files."""
        paths = [path, *(other for other in self.recent if other != path)]
        self._store.setValue("recent", "\n".join(paths[:_MOST_RECENT]))

    @property
    def open_runs(self) -> list[str]:
        """Paths of the runs that are open, or were in the last session, in the order of the list."""
        return self._lines("open_runs")

    @open_runs.setter
    def open_runs(self, paths: list[str]) -> None:
        self._store.setValue("open_runs", "\n".join(paths))

    @property
    def shown_run(self) -> str:
        """Key of the run that was shown last, see `key_of`; "" if it was only in memory."""
        return self._text("shown_run")

    @shown_run.setter
    def shown_run(self, path: str) -> None:
        self._store.setValue("shown_run", path)

    @property
    def compared(self) -> list[str]:
        """Keys of the runs that were compared last, see `key_of`."""
        return self._lines("compared")

    @compared.setter
    def compared(self, keys: list[str]) -> None:
        self._store.setValue("compared", "\n".join(keys))

    @property
    def position(self) -> Position | None:
        """Position at which that run was shown last; None for its newest weights."""
        text = self._text("position")
        found = re.fullmatch(f"({_NUMBER.pattern}):({_NUMBER.pattern})", text)
        try:
            return found and _position([int(found[1]), int(found[2])])
        except ValueError:
            return None

    @position.setter
    def position(self, position: Position | None) -> None:
        self._store.setValue("position", "" if position is None else f"{position.epoch}:{position.step}")

    @property
    def tab(self) -> str:
        """Name of the page that was shown last."""
        return self._text("tab")

    @tab.setter
    def tab(self, name: str) -> None:
        self._store.setValue("tab", name)

    @property
    def next_run(self) -> RunConfig | None:
        """The settings of the next run; None if there are none, or this version cannot read them."""
        return self._parsed("next_run", RunConfig.from_json)

    @next_run.setter
    def next_run(self, config: RunConfig) -> None:
        self._store.setValue("next_run", json.dumps(config.to_json()))

    def folder_of(self, kind: FileKind) -> Path | None:
        """Return the folder last used for this kind of file; None if there is none or it no longer exists."""
        stored = self._lines(f"folders/{kind}")
        folder = Path(stored[0]) if stored else Path()
        return folder if stored and can_be_found(folder) and folder.is_dir() else None

    def remember_folder(self, kind: FileKind, folder: Path) -> None:
        """Store the folder that the next dialog for this kind of file should propose."""
        self._store.setValue(f"folders/{kind}", str(folder))

    def _is_on(self, name: str) -> bool:
        """Return whether a yes-or-no setting is on; one that was never set is off."""
        return self._text(name) == "true"

    def _text(self, name: str) -> str:
        """Return a setting as text; "" if it was never set, or is no text of a sensible length."""
        value = self._store.value(name, "")
        if isinstance(value, int) and not isinstance(value, bool):  # until it is read from a file again
            value = str(value) if 0 <= value <= _MOST_STEPS else None
        if isinstance(value, str) and len(value) <= _MOST_LETTERS:
            return value
        return self._damaged(name, "")

    def _lines(self, name: str) -> list[str]:
        """Return the lines of a setting, without those that name no file on any system."""
        lines = [line for line in self._text(name).split("\n") if line]
        names = [line for line in lines if _can_be_name(line)][:_MOST_LINES]
        return names if len(names) == len(lines) else self._damaged(name, names)

    def _number(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number from `least` to `most`; None if it was never set, or is something else."""
        text = self._text(name)
        if _NUMBER.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        return self._damaged(name, None) if text else None

    def _parsed(self, name: str, read: Callable[[Any], _T]) -> _T | None:
        """Return what `read` makes of a setting in JSON; None if it was never set, or `read` raises."""
        text = self._text(name)
        try:
            return read(parse(text.encode())) if text else None
        except (
            ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError,
            ConfigurationError,
        ):  # fmt: skip
            return self._damaged(name, None)

    def _damaged(self, name: str, instead: _T) -> _T:
        """Log that a setting is not used, and return what counts instead."""
        _log.warning("“%s” in “%s” is damaged and is not used", name, self._store.fileName())
        return instead

    def _set_on(self, name: str, on: bool) -> None:
        """Store a yes-or-no setting as text, which reads the same in every format of Qt's."""
        self._store.setValue(name, "true" if on else "false")

    def _bring_to_format_2(self) -> None:
        for folder in self._lines("folder")[:1]:
            for kind in _SHARED_IN_FORMAT_1:
                self.remember_folder(kind, Path(folder))
        self._store.remove("folder")
        preset = PRESETS.get(self._text("preset"))
        if preset is not None:
            self.next_run = preset.config
        self._store.remove("preset")


def _can_be_name(line: str) -> bool:
    """Return whether a line can be the name of a file."""
    try:
        return b"\0" not in os.fsencode(line)
    except UnicodeEncodeError:
        return False


def _position(numbers: Any) -> Position:
    """Return the position that two whole numbers stand for.

    Raises:
        TypeError: if they are not two.
        ValueError: if they are not whole numbers, or out of range.
    """
    epoch, step = numbers
    if not all(type(number) is int and 0 <= number <= _MOST_STEPS for number in (epoch, step)):
        raise ValueError(numbers)
    return Position(epoch, step)


def _spans_of(stored: Any) -> dict[str, Span]:
    return {
        path: (None if start is None else _position(start), None if end is None else _position(end))
        for path, (start, end) in stored.items()
    }
