"""What the window remembers from one time to the next."""

from enum import StrEnum
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import QByteArray, QSettings

from cadl_gui.ui.theme.theme import ThemeMode

FORMAT = 2
"""Version of what is written. In the first, file dialogs shared one folder, `folder`."""

_FIRST_FORMAT = 1
"""Of settings that say none."""

_MOST_RECENT = 10


class FileKind(StrEnum):
    """Kinds of files and folders that are chosen in dialogs; each has its own folder used last."""

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
        caution: in one sentence, that a newer version of the program wrote them; "" if none did.
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
        """Whether nothing eases."""
        return self._store.value("reduce_motion", "false") == "true"

    @reduce_motion.setter
    def reduce_motion(self, on: bool) -> None:
        self._store.setValue("reduce_motion", "true" if on else "false")

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def brush(self) -> int | None:
        """Size of the brush in hundredths of the canvas; None if nobody has chosen one."""
        value = str(self._store.value("brush", ""))
        return int(value) if value.isdecimal() else None

    @brush.setter
    def brush(self, size: int) -> None:
        self._store.setValue("brush", size)

    @property
    def recent(self) -> list[str]:
        """Paths of the files that were opened or saved last, the newest first."""
        return [path for path in str(self._store.value("recent", "")).split("\n") if path]

    def add_recent(self, path: str) -> None:
        """Put a path first."""
        paths = [path, *(other for other in self.recent if other != path)]
        self._store.setValue("recent", "\n".join(paths[:_MOST_RECENT]))

    @property
    def open_runs(self) -> list[str]:
        """Paths of the runs that are open, or were the last time, in the order of the list."""
        return [path for path in str(self._store.value("open_runs", "")).split("\n") if path]

    @open_runs.setter
    def open_runs(self, paths: list[str]) -> None:
        self._store.setValue("open_runs", "\n".join(paths))

    @property
    def shown_run(self) -> str:
        """Path of the run that was shown last; "" if it lived in memory only."""
        return str(self._store.value("shown_run", ""))

    @shown_run.setter
    def shown_run(self, path: str) -> None:
        self._store.setValue("shown_run", path)

    @property
    def tab(self) -> str:
        """Name of the page that was shown last."""
        return str(self._store.value("tab", ""))

    @tab.setter
    def tab(self, name: str) -> None:
        self._store.setValue("tab", name)

    @property
    def preset(self) -> str:
        """Name of the preset that was chosen last, which may be none any more."""
        return str(self._store.value("preset", ""))

    @preset.setter
    def preset(self, name: str) -> None:
        self._store.setValue("preset", name)

    def folder_of(self, kind: FileKind) -> Path | None:
        """The folder in which a file of this kind was chosen last; None if there is none, or it is gone."""
        folder = str(self._store.value(f"folders/{kind}", ""))
        return Path(folder) if folder and Path(folder).is_dir() else None

    def remember_folder(self, kind: FileKind, folder: Path) -> None:
        """Let the next dialog for a file of this kind open in this folder."""
        self._store.setValue(f"folders/{kind}", str(folder))

    def _bring_to_format_2(self) -> None:
        folder = str(self._store.value("folder", ""))
        if folder:
            for kind in _SHARED_IN_FORMAT_1:
                self.remember_folder(kind, Path(folder))
        self._store.remove("folder")
