"""The base class of dialogs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from cadl_gui.ui.controls.parts import Part, column_in
from cadl_gui.ui.theme.tokens import GAP_PX

_SHARE_OF_SCREEN = 0.9
"""The rest is for the frame and the title bar that a window manager adds, and a taskbar."""


class Dialog(QDialog):
    """A dialog with a name and a title that is gone once it is closed.

    Its size follows that of the type, and always fits the screen.
    """

    def __init__(self, parent: QWidget | None, name: str, title: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def lay_out(self, gap: int, *parts: Part) -> QVBoxLayout:
        """Fill the dialog with a column; see `column_in`."""
        return column_in(self, gap, *parts, margins=(GAP_PX, GAP_PX, GAP_PX, GAP_PX))

    def close_button(self, *others: QPushButton) -> QDialogButtonBox:
        """Return a box with a button that closes the dialog, and others."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        # The style's own icon is made for light windows.
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        for button in others:
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def room(self) -> QSize:
        """The largest size of a dialog."""
        return self.screen().availableSize() * _SHARE_OF_SCREEN

    def resize_to_type(self, letters: int, lines: int) -> None:
        """Resize to a number of letters across and lines down, or as large as the screen allows."""
        metrics = self.fontMetrics()
        self.resize_within_screen(letters * metrics.horizontalAdvance("x"), lines * metrics.height())

    def resize_to_text(self, letters: int) -> None:
        """Resize to a number of letters across, and to the height of the text, which wraps.

        Qt by itself gives such a dialog two thirds of the screen's height at most, and cuts the text off.
        """
        width = min(letters * self.fontMetrics().horizontalAdvance("x"), self.room.width())
        layout = self.layout()
        assert layout is not None, "the text is in a layout"
        self.resize_within_screen(width, layout.totalHeightForWidth(width))

    def resize_within_screen(self, width: int, height: int) -> None:
        """Resize to this size, or as large as the screen allows."""
        self.resize(QSize(width, height).boundedTo(self.room))
