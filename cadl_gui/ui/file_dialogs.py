"""The system's file dialogs: to open a file or a folder, and to save a file.

For each kind of file, the folder used last is stored separately; see `Settings.folder_of`.
"""

import re
from pathlib import Path

from PySide6.QtCore import QEventLoop, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from cadl_gui.domain.lesson import SUFFIX
from cadl_gui.domain.lesson_bundle import BUNDLE_SUFFIX
from cadl_gui.engine.new_folder import as_file_name
from cadl_gui.system.words import _
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.settings import FileKind, Settings

LESSON_FILTER = _("Lessons (*{suffix} *{bundle_suffix})").format(suffix=SUFFIX, bundle_suffix=BUNDLE_SUFFIX)
_STANDARD = QStandardPaths.StandardLocation
_FIRST_PLACES = {
    FileKind.IMAGE: _STANDARD.PicturesLocation,
    FileKind.FILM: _STANDARD.PicturesLocation,
}
"""First folders of these kinds; all others start in the documents folder."""


def ask_for_file(
    parent: QWidget, kind: FileKind, title: str, filters: str, *, near: Path | None = None
) -> Path | None:
    """Ask for a file to open; return None if the dialog is cancelled.

    Args:
        kind: its last folder is proposed, and the new one stored.
        filters: file filters in Qt's notation.
        near: a file whose folder is proposed instead, if it exists.
    """
    folder = near.parent if near is not None and near.parent.is_dir() else proposed_folder(kind)
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), filters)
    return _remembered(kind, chosen)


def ask_for_folder(parent: QWidget, kind: FileKind, title: str) -> Path | None:
    """Ask for a folder to open, and store its parent; return None if the dialog is cancelled."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(proposed_folder(kind)))
    return _remembered(kind, chosen)


def ask_where_to_save(parent: QWidget, kind: FileKind, title: str, name: str, filters: str) -> Path | None:
    """Ask where to save; return None if the dialog is cancelled. See `ask_where_and_as_what`."""
    answer = ask_where_and_as_what(parent, kind, title, name, filters)
    return None if answer is None else answer[0]


def ask_where_and_as_what(
    parent: QWidget, kind: FileKind, title: str, name: str, filters: str
) -> tuple[Path, str] | None:
    """Ask where to save, and in which of several formats; return None if the dialog is cancelled.

    Args:
        kind: its last folder is proposed, and the new one stored.
        name: proposed file name; a number is added if it is taken.
        filters: formats, as Qt file filters; "" adds no suffix to the name that is typed.

    Returns:
        The path, with the suffix of the chosen filter unless it already has that of any filter, and the
        filter.
    """
    # A folder may be named after “rate 0.1”.
    suffix = next((each for each in _suffixes(filters) if name.endswith(each)), "")
    proposed = free_path(proposed_folder(kind), name, suffix)
    chosen, chosen_filter = QFileDialog.getSaveFileName(parent, title, str(proposed), filters)
    typed = _remembered(kind, chosen)
    if typed is None:
        return None
    path = _with_suffix(typed, chosen_filter or filters.split(";;", maxsplit=1)[0], filters)
    # The dialog has asked about overwriting the typed name, but not the name with the suffix.
    if path != typed and path.exists() and not _may_replace(parent, path):
        return None
    return path, chosen_filter


def proposed_folder(kind: FileKind) -> Path:
    """Return the folder used last for this kind of file if it still exists, otherwise the documents folder.

    Images and films start in the system's folder for them rather than in documents. Where the user has no
    such folder, it is the home folder: the system's dialog would show the folder of the process instead.
    """
    remembered = Settings().folder_of(kind)
    if remembered is not None:
        return remembered
    first = Path(QStandardPaths.writableLocation(_FIRST_PLACES.get(kind, _STANDARD.DocumentsLocation)))
    return first if first.is_dir() else Path(QStandardPaths.writableLocation(_STANDARD.HomeLocation))


def free_path(folder: Path, name: str, suffix: str) -> Path:
    """Return a free path in a folder: this name, or what precedes its suffix with a number."""
    stem = as_file_name(name.removesuffix(suffix))
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path = folder / f"{re.sub(r' [0-9]+$', '', stem)} {number}{suffix}"
        number += 1
    return path


def _remembered(kind: FileKind, chosen: str) -> Path | None:
    if not chosen:
        return None
    Settings().remember_folder(kind, Path(chosen).parent)
    return Path(chosen)


def _with_suffix(path: Path, chosen_filter: str, filters: str) -> Path:
    suffixes = _suffixes(chosen_filter)
    if not suffixes or path.name.lower().endswith(tuple(_suffixes(filters))):
        return path
    return path.with_name(path.name + suffixes[0])


def _suffixes(filters: str) -> list[str]:
    return re.findall(r"\*((?:\.\w+)+)", filters)


def _may_replace(parent: QWidget, path: Path) -> bool:
    answer = QEventLoop()
    texts = _("“{name}” exists already.").format(name=path.name), ""
    question = confirm(parent, "replaceQuestion", texts, _("Replace"), lambda: answer.exit(1))
    question.destroyed.connect(answer.quit)
    return bool(answer.exec())
