"""The progress of an export, with a button to cancel it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX


class ExportProgress(QWidget):
    """Shows the progress of an export; hidden otherwise.

    Args:
        name: What is exported, in objectNames: `{name}Progress`.

    Attributes:
        cancelled: Signal, the user cancelled the export.
    """

    def __init__(self, name: str = "export", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        set_style_property(self._label, "textRole", "caption")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName("Progress of the export")
        self._bar.setTextVisible(False)
        cancel = QPushButton("Cancel")
        cancel.setObjectName(f"cancel{name.capitalize()}Button")
        self.cancelled = cancel.clicked
        column = QVBoxLayout()
        column.setSpacing(UNIT_PX)
        column.addWidget(self._label)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addLayout(column, stretch=1)
        row.addWidget(cancel)
        self.hide()

    @Slot(str, int, int)
    def show_progress(self, what: str, n: int, total: int) -> None:
        """Show the number of images rendered."""
        self._label.setText(f"{what} · image {n:,} of {total:,}")
        self._bar.setRange(0, total)
        self._bar.setValue(n)
        self.show()

    @Slot(str)
    def show_writing(self, what: str) -> None:
        """Show that the file is being written."""
        self._label.setText(f"{what} · writing the file")
