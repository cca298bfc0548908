"""Copying and pasting of latent vectors."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from cadl_gui.domain.errors import UserError
from cadl_gui.imaging.latent.latent_text import as_numbers, as_python, from_text
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.latent.cursor import LatentCursor


class LatentClipboard(QObject):
    """Copies and pastes z.

    Args:
        place: The cursor that holds z; the clipboard's parent.

    Signals:
        status_message: (str) A sentence saying what was copied.
        failed: (str) A sentence saying why nothing could be pasted.
    """

    status_message = Signal(str)
    failed = Signal(str)

    def __init__(self, place: LatentCursor) -> None:
        super().__init__(place)
        self._cursor = place

    def copy_numbers(self) -> None:
        """Copy z as numbers."""
        self._copy(as_numbers(self._cursor.latent))

    def copy_python(self) -> None:
        """Copy z as a line of Python."""
        self._copy(as_python(self._cursor.latent))

    def paste(self) -> None:
        """Go to the z on the clipboard."""
        try:
            self._cursor.move_to(from_text(QGuiApplication.clipboard().text(), self._cursor.latent_dim))
        except UserError as error:
            self.failed.emit(str(error))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.status_message.emit(f"Copied {text}")


ROWS: tuple[ActionRow[LatentClipboard], ...] = (
    ActionRow(key="copyZ", menu="Latent", text="Copy z", shortcuts=("Ctrl+Alt+C",), separated=True,
              help="The handle's latent vector as numbers.", callback=LatentClipboard.copy_numbers),
    ActionRow(key="copyPython", menu="Latent", text="Copy z as Python", shortcuts=("Ctrl+Alt+P",),
              help="The handle's latent vector as a line of Python.", callback=LatentClipboard.copy_python),
    ActionRow(key="pasteZ", menu="Latent", text="Paste z", shortcuts=("Ctrl+Alt+V",),
              help="Go to the numbers on the clipboard.", callback=LatentClipboard.paste),
)  # fmt: skip
