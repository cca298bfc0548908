"""A field for the path of a file of labelled examples."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit

from cadl_gui.system.words import _
from cadl_gui.ui.file_dialogs import ask_for_file
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme


class ExamplesEdit(QLineEdit):
    """Edits the path of a file that the Draw tab saved, or nothing; its button opens a file dialog.

    Args:
        theme: Supplies the button's icon.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setPlaceholderText(_("none"))
        self._choose = self.addAction(icon("folder-open", theme), QLineEdit.ActionPosition.TrailingPosition)
        self._choose.setObjectName("chooseExamplesAction")
        self._choose.setToolTip(_("Choose a file that was saved in the Draw tab"))
        self._choose.triggered.connect(self._ask_for_path)

    @Slot()
    def _ask_for_path(self) -> None:
        kinds, near = _("Labelled examples (*.npz *.h5)"), Path(self.text()) if self.text() else None
        path = ask_for_file(self, FileKind.EXAMPLES, _("Choose labelled examples"), kinds, near=near)
        if path is not None:
            self.setText(str(path))
