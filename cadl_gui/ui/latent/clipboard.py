"""Places of a latent space on the clipboard."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from cadl_gui.domain.errors import UserError
from cadl_gui.imaging.latent.code_text import as_numbers, as_python, from_text
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

    @property
    def deeds(self) -> dict[str, Callable[[], None]]:
        """What each action does."""
        return {"copyZ": self.copy_numbers, "copyPython": self.copy_python, "pasteZ": self.paste}

    @Slot()
    def copy_numbers(self) -> None:
        """Z as numbers."""
        self._copy(as_numbers(self._place.code))

    @Slot()
    def copy_python(self) -> None:
        """Z as a line of Python."""
        self._copy(as_python(self._place.code))

    @Slot()
    def paste(self) -> None:
        """Go to the z on the clipboard."""
        try:
            self._place.set_code(from_text(QGuiApplication.clipboard().text(), self._place.n_latents))
        except UserError as error:
            self.failed.emit(str(error))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit(f"Copied {text}")
