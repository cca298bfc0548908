"""The dialogs that open a dataset: one for each kind of files, and of folders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.system.words import _
from cadl_gui.ui.file_dialogs import ask_for_file, ask_for_folder
from cadl_gui.ui.settings import FileKind

_ANY_FILE = _("All files (*)")


@dataclass(frozen=True)
class DatasetOpener:
    """Asks for files or a folder of one kind.

    Attributes:
        source: the kind of dataset.
        of_folder: whether it asks for a folder.
    """

    source: DatasetSource
    of_folder: bool

    @property
    def text(self) -> str:
        """What it does, for a menu: “Open IDX files…”."""
        return f"{self._title}…"

    @property
    def help(self) -> str:
        """What can be opened, in one line."""
        return self.source.help

    def ask(self, parent: QWidget) -> Path | None:
        """Ask the user; return the path that was chosen, or None."""
        if self.of_folder:
            return ask_for_folder(parent, FileKind.DATASET, self._title)
        filters = f"{self.source.file_filter};;{_ANY_FILE}"
        return ask_for_file(parent, FileKind.DATASET, self._title, filters)

    @property
    def _title(self) -> str:
        return (_("Open {title} folder") if self.of_folder else _("Open {title} files")).format(
            title=self.source.title
        )


def dataset_openers(sources: Iterable[DatasetSource]) -> Iterator[DatasetOpener]:
    """Yield the openers of all kinds of datasets that are opened from a path."""
    for source in sources:
        if source.patterns:
            yield DatasetOpener(source, of_folder=False)
        if source.takes_folders:
            yield DatasetOpener(source, of_folder=True)
