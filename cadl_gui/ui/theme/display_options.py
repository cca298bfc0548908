"""How figures are to be shown, whichever they are."""

from PySide6.QtCore import QObject, Signal, Slot


class DisplayOptions(QObject):
    """Options that someone chooses once for all figures; these read them while they paint.

    Signals:
        changed: one of them is another.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inverted = False
        self._colour_map = "coolwarm"

    @property
    def inverted(self) -> bool:
        """*Ink on paper*: whether images of a dataset are shown black for white, for a bright room."""
        return self._inverted

    @property
    def colour_map(self) -> str:
        """The colours of signed numbers."""
        return self._colour_map

    @Slot(bool)
    def set_inverted(self, inverted: bool) -> None:
        """Choose ink on paper, or light on dark."""
        if inverted != self._inverted:
            self._inverted = inverted
            self.changed.emit()

    @Slot(str)
    def set_colour_map(self, name: str) -> None:
        """Show signed numbers in other colours."""
        if name != self._colour_map:
            self._colour_map = name
            self.changed.emit()
