"""The system's file dialogs: which file to open, which folder, and where to save.

Each kind of file has its own memory of the folder in which one was chosen last; see `Settings.folder_of`.
"""

import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cadl_gui.engine.new_folder import as_file_name
from cadl_gui.ui.settings import FileKind, Settings

_STANDARD = QStandardPaths.StandardLocation
_FIRST_PLACES = {
    FileKind.IMAGE: _STANDARD.PicturesLocation,
    FileKind.FILM: _STANDARD.PicturesLocation,
}
"""Where a kind is looked for before one was chosen; the others are documents."""


def ask_for_file(
    parent: QWidget, kind: FileKind, title: str, filters: str, *, near: Path | None = None
) -> Path | None:
    """Ask for a file to open; None if nobody chooses one.

    Args:
        parent: of the dialog.
        kind: whose folder is proposed and remembered.
        title: of the dialog.
        filters: which files are listed, as Qt writes them.
        near: a file whose folder is proposed instead, if it is there.
    """
    folder = near.parent if near is not None and near.parent.is_dir() else proposed_folder(kind)
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), filters)
    return _remembered(kind, chosen)


def ask_for_folder(parent: QWidget, kind: FileKind, title: str) -> Path | None:
    """Ask for a folder to open; None if nobody chooses one. Its parent is remembered."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(proposed_folder(kind)))
    return _remembered(kind, chosen)


def ask_where_to_save(parent: QWidget, kind: FileKind, title: str, name: str, filters: str) -> Path | None:
    """Ask where to save; None if nobody says. See `ask_where_and_as_what`."""
    answer = ask_where_and_as_what(parent, kind, title, name, filters)
    return None if answer is None else answer[0]


def ask_where_and_as_what(
    parent: QWidget, kind: FileKind, title: str, name: str, filters: str
) -> tuple[Path, str] | None:
    """Ask where to save, and as what of several; None if nobody says.

    Args:
        parent: of the dialog.
        kind: whose folder is proposed and remembered.
        title: of the dialog.
        name: is proposed, with a number behind it if it is taken.
        filters: what it can be saved as, as Qt writes them; "" adds no suffix to what is typed.

    Returns:
        The path, with the suffix of the chosen filter unless it has that of any filter, and the filter.
    """
    proposed = free_path(proposed_folder(kind), name)
    chosen, chosen_filter = QFileDialog.getSaveFileName(parent, title, str(proposed), filters)
    typed = _remembered(kind, chosen)
    if typed is None:
        return None
    path = _with_suffix(typed, chosen_filter or filters.split(";;", maxsplit=1)[0], filters)
    # The dialog has asked whether what was typed may be replaced, and not about what it becomes.
    if path != typed and path.exists() and not _may_replace(parent, path):
        return None
    return path, chosen_filter


def proposed_folder(kind: FileKind) -> Path:
    """Where a file of this kind is looked for: the folder used last while it is there, else documents.

    Images and films have the system's folder of images in the place of documents.
    """
    remembered = Settings().folder_of(kind)
    return remembered or Path(
        QStandardPaths.writableLocation(_FIRST_PLACES.get(kind, _STANDARD.DocumentsLocation))
    )


def free_path(folder: Path, name: str) -> Path:
    """A path in a folder that no file has: with this name, or a number behind its stem."""
    suffix = Path(name).suffix
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
    if not suffixes or path.suffix.lower() in _suffixes(filters):
        return path
    return path.with_name(path.name + suffixes[0])


def _suffixes(filters: str) -> list[str]:
    return re.findall(r"\*(\.\w+)", filters)


def _may_replace(parent: QWidget, path: Path) -> bool:
    question = QMessageBox(QMessageBox.Icon.Warning, "", f"“{path.name}” exists already.", parent=parent)
    question.setObjectName("replaceQuestion")
    replace = question.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    question.setEscapeButton(question.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
    question.exec()
    may_replace = question.clickedButton() is replace
    question.deleteLater()
    return may_replace
