"""The settings that are stored between sessions."""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.ui.theme.theme import ThemeMode

FORMAT = 2
"""Version of the stored settings. In the first version, all file dialogs shared one folder, `folder`, and of
the next run only the preset was stored, `preset`.
"""

_FIRST_FORMAT = 1
"""Version of settings that contain none."""

_MOST_RECENT = 10
_MOST_SPANS = 50
_REPLAY_RATE, _MOST_REPLAYED = 4, 60

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

    Attributes:
        caution: a sentence if a newer version of the program wrote the settings; otherwise "".
    """

    def __init__(self) -> None:
        self._store = QSettings()
        written_by = str(self._store.value("format", _FIRST_FORMAT))
        self.caution = ""
        if written_by.isdecimal() and int(written_by) > FORMAT:
            self.caution = (
                f"Your settings were written by a newer version of the program (format {int(written_by)}): "
                "those that this one does not know stay as they are."
            )
        else:
            self._bring_to_format_2()
            self._store.setValue("format", FORMAT)

    @property
    def theme_mode(self) -> ThemeMode:
        """Light, dark or as the system."""
        value = self._store.value("theme", "system")
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
        value = str(self._store.value("brush", ""))
        return int(value) if value.isdecimal() else None

    @brush.setter
    def brush(self, size: int) -> None:
        self._store.setValue("brush", size)

    @property
    def draw_section(self) -> str:
        """Name of the section that was open last in the Draw tab; "" if none was chosen."""
        return str(self._store.value("draw_section", ""))

    @draw_section.setter
    def draw_section(self, name: str) -> None:
        self._store.setValue("draw_section", name)

    @property
    def latent_layers(self) -> list[str] | None:
        """Names of the layers shown last on the latent plane; None if none was chosen."""
        stored = self._store.value("latent_layers")
        return None if stored is None else str(stored).split()

    @latent_layers.setter
    def latent_layers(self, names: Iterable[str]) -> None:
        self._store.setValue("latent_layers", " ".join(names))

    @property
    def inspect_view(self) -> str:
        """Name of the view that was shown last in the Inspect tab; "" if none was chosen."""
        return str(self._store.value("inspect_view", ""))

    @inspect_view.setter
    def inspect_view(self, name: str) -> None:
        self._store.setValue("inspect_view", name)

    @property
    def replay_rate(self) -> int:
        """Positions a second in a replay of the timeline."""
        value = str(self._store.value("replay_rate", ""))
        return int(value) if value.isdecimal() and 0 < int(value) <= _MOST_REPLAYED else _REPLAY_RATE

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
        try:
            stored = json.loads(str(self._store.value("replay_spans", "{}")))
            return {
                path: (start and Position(*map(int, start)), end and Position(*map(int, end)))
                for path, (start, end) in stored.items()
            }
        except (ValueError, TypeError, AttributeError):  # not as it was written
            return {}

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
        return [path for path in str(self._store.value("recent", "")).split("\n") if path]

    def add_recent(self, path: str) -> None:
        """Put a path at the top of the recent files."""
        paths = [path, *(other for other in self.recent if other != path)]
        self._store.setValue("recent", "\n".join(paths[:_MOST_RECENT]))

    @property
    def open_runs(self) -> list[str]:
        """Paths of the runs that are open, or were in the last session, in the order of the list."""
        return [path for path in str(self._store.value("open_runs", "")).split("\n") if path]

    @open_runs.setter
    def open_runs(self, paths: list[str]) -> None:
        self._store.setValue("open_runs", "\n".join(paths))

    @property
    def shown_run(self) -> str:
        """Key of the run that was shown last, see `key_of`; "" if it was only in memory."""
        return str(self._store.value("shown_run", ""))

    @shown_run.setter
    def shown_run(self, path: str) -> None:
        self._store.setValue("shown_run", path)

    @property
    def compared(self) -> list[str]:
        """Keys of the runs that were compared last, see `key_of`."""
        return [key for key in str(self._store.value("compared", "")).split("\n") if key]

    @compared.setter
    def compared(self, keys: list[str]) -> None:
        self._store.setValue("compared", "\n".join(keys))

    @property
    def position(self) -> Position | None:
        """Position at which that run was shown last; None for its newest weights."""
        epoch, _, step = str(self._store.value("position", "")).partition(":")
        if not (epoch.isdecimal() and step.isdecimal()):
            return None
        return Position(int(epoch), int(step))

    @position.setter
    def position(self, position: Position | None) -> None:
        self._store.setValue("position", "" if position is None else f"{position.epoch}:{position.step}")

    @property
    def tab(self) -> str:
        """Name of the page that was shown last."""
        return str(self._store.value("tab", ""))

    @tab.setter
    def tab(self, name: str) -> None:
        self._store.setValue("tab", name)

    @property
    def next_run(self) -> RunConfig | None:
        """The settings of the next run; None if there are none, or this version cannot read them."""
        try:
            return RunConfig.from_json(json.loads(str(self._store.value("next_run", ""))))
        except (ValueError, TypeError, AttributeError, ConfigurationError):
            return None

    @next_run.setter
    def next_run(self, config: RunConfig) -> None:
        self._store.setValue("next_run", json.dumps(config.to_json()))

    def folder_of(self, kind: FileKind) -> Path | None:
        """Return the folder last used for this kind of file; None if there is none or it no longer exists."""
        stored = str(self._store.value(f"folders/{kind}", ""))
        folder = Path(stored)
        return folder if stored and can_be_found(folder) and folder.is_dir() else None

    def remember_folder(self, kind: FileKind, folder: Path) -> None:
        """Store the folder that the next dialog for this kind of file should propose."""
        self._store.setValue(f"folders/{kind}", str(folder))

    def _is_on(self, name: str) -> bool:
        """Return whether a yes-or-no setting is on; one that was never set is off."""
        return self._store.value(name, "false") == "true"

    def _set_on(self, name: str, on: bool) -> None:
        """Store a yes-or-no setting as text, which reads the same in every format of Qt's."""
        self._store.setValue(name, "true" if on else "false")

    def _bring_to_format_2(self) -> None:
        folder = str(self._store.value("folder", ""))
        if folder:
            for kind in _SHARED_IN_FORMAT_1:
                self.remember_folder(kind, Path(folder))
        self._store.remove("folder")
        preset = PRESETS.get(str(self._store.value("preset", "")))
        if preset is not None:
            self.next_run = preset.config
        self._store.remove("preset")
