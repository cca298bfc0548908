"""The choice of a file of taught examples, typed or from disk."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from cadl_gui.ui.settings import documents_folder
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme


class ExamplesEdit(QLineEdit):
    """Holds the path of a file that the Draw tab saved, or nothing; its button asks for one.

    Args:
        theme: for the button.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("none")
        self._choose = self.addAction(icon("folder-open", theme), QLineEdit.ActionPosition.TrailingPosition)
        self._choose.setObjectName("chooseExamplesAction")
        self._choose.setToolTip("Choose a file that was saved in the Draw tab")
        self._choose.triggered.connect(self._ask_for_path)

    @Slot()
    def _ask_for_path(self) -> None:
        folder = str(Path(self.text()).parent) if self.text() else documents_folder()
        kinds = "Taught examples (*.npz *.h5)"
        path, _ = QFileDialog.getOpenFileName(self, "Choose taught examples", folder, kinds)
        if path:
            self.setText(path)
