"""Places of a latent space on the clipboard."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from cadl_gui.domain.errors import UserError
from cadl_gui.imaging.latent.code_text import as_numbers, as_python, from_text
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.latent.place import LatentPlace


class LatentClipboard(QObject):
    """Copies z and pastes it.

    Args:
        place: whose z it is; the clipboard's parent.

    Signals:
        told: (str) a sentence: what was copied.
        failed: (str) a sentence: why nothing could be pasted.
    """

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, place: LatentPlace) -> None:
        super().__init__(place)
        self._place = place

    def copy_numbers(self) -> None:
        """Z as numbers."""
        self._copy(as_numbers(self._place.code))

    def copy_python(self) -> None:
        """Z as a line of Python."""
        self._copy(as_python(self._place.code))

    def paste(self) -> None:
        """Go to the z on the clipboard."""
        try:
            self._place.set_code(from_text(QGuiApplication.clipboard().text(), self._place.n_latents))
        except UserError as error:
            self.failed.emit(str(error))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit(f"Copied {text}")


ROWS: tuple[ActionRow[LatentClipboard], ...] = (
    ActionRow(key="copyZ", menu="Latent", text="Copy z", shortcuts=("Ctrl+Alt+C",), separated=True,
              help="The numbers of the handle's place.", callback=LatentClipboard.copy_numbers),
    ActionRow(key="copyPython", menu="Latent", text="Copy z as Python", shortcuts=("Ctrl+Alt+P",),
              help="The handle's place as a line of Python.", callback=LatentClipboard.copy_python),
    ActionRow(key="pasteZ", menu="Latent", text="Paste z", shortcuts=("Ctrl+Alt+V",),
              help="Go to the numbers on the clipboard.", callback=LatentClipboard.paste),
)  # fmt: skip
