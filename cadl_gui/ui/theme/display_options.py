"""Display options shared by all figures."""

from PySide6.QtCore import QObject, Signal


class DisplayOptions(QObject):
    """Options chosen once for all figures, which read them while painting.

    Signals:
        changed: an option has changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inverted = False
        self._colour_map = "coolwarm"

    @property
    def inverted(self) -> bool:
        """*Ink on paper*: whether dataset images have black and white swapped, for a bright room."""
        return self._inverted

    @property
    def colour_map(self) -> str:
        """Name of the colour map for signed numbers."""
        return self._colour_map

    def set_inverted(self, inverted: bool) -> None:
        """Switch *Ink on paper* on or off."""
        if inverted != self._inverted:
            self._inverted = inverted
            self.changed.emit()

    def set_colour_map(self, name: str) -> None:
        """Set the colour map for signed numbers."""
        if name != self._colour_map:
            self._colour_map = name
            self.changed.emit()
