"""The button at the foot of a dialog that is read."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def close_button(dialog: QDialog) -> QDialogButtonBox:
    """Return a box with a button that closes the dialog; others can be added."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    # The style's own icon is made for light windows.
    buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
    buttons.rejected.connect(dialog.reject)
    return buttons
