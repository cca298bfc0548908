"""Pins, the path through them, and what can be done with it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.combo import Combo

_KINDS = {
    "straight": "Straight",
    "spherical": "Spherical",
    "smooth": "Smooth",
    "movement": "Hand's movement",
}
_SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


class LatentPathBar(QWidget):
    """Buttons for pins and path; the deeds themselves are done by whoever listens.

    Args:
        theme: decides how many controls there are.
        export_menu: what *Export…* opens.

    Signals:
        kind_chosen: (str) the path is to lead in this way.
        speed_chosen: (float) it is to play so many times as fast.
    """

    kind_chosen = Signal(str)
    speed_chosen = Signal(float)

    def __init__(self, theme: Theme, export_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.pin = _button("Pin", "pinButton", "Set a pin where the handle is (P)")
        self.undo = _button(
            "Undo", "undoPinButton", "Take back the last change of the pins (Ctrl+Z)", quiet=True
        )
        self.redo = _button("Redo", "redoPinButton", "Do it again (Ctrl+Shift+Z)", quiet=True)
        self.clear = _button("Clear", "clearPinsButton", "Take all pins and the trail away", quiet=True)
        self.play = _button("Play path", "playPathButton", "Move the handle along the path (L)")
        self.loop = _button("Loop", "loopPathButton", "Begin again at the end")
        self.loop.setCheckable(True)
        self.feed_back = _button(
            "Feed back", "feedBackButton", "Encode what is decoded, again and again, until it settles (B)"
        )
        self.feed_back.setCheckable(True)
        self.export = _button("Export…", "exportButton", "Film, strip, print, path and numbers")
        self.export.setMenu(export_menu)
        self._kind = Combo()
        self._speed = Combo()
        self._fill_combos()
        self._lay_out()
        theme.changed.connect(self._arrange)
        self._arrange()

    @Slot(str)
    def show_kind(self, kind: str) -> None:
        """Show how the path leads, without telling anybody."""
        self._kind.setCurrentIndex(list(_KINDS).index(kind))

    def _fill_combos(self) -> None:
        self._kind.setObjectName("pathKindCombo")
        self._kind.setAccessibleName("How the path leads")
        self._kind.setToolTip("How the path leads from pin to pin")
        for kind, text in _KINDS.items():
            self._kind.addItem(text, kind)
        self._kind.activated.connect(lambda index: self.kind_chosen.emit(list(_KINDS)[index]))
        self._speed.setObjectName("pathSpeedCombo")
        self._speed.setAccessibleName("Speed of the path")
        for speed in _SPEEDS:
            self._speed.addItem(f"{speed:g}×", speed)
        self._speed.setCurrentIndex(_SPEEDS.index(1.0))
        self._speed.activated.connect(lambda index: self.speed_chosen.emit(_SPEEDS[index]))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        for widgets in (
            (self._kind, self._speed, self.loop),
            (self.undo, self.redo, self.clear, self.export),
            (self.pin, self.play, self.feed_back),
        ):
            row = QHBoxLayout()
            row.setSpacing(GAP_SMALL_PX)
            for widget in widgets:
                row.addWidget(widget, stretch=2 if widget is self._kind else 1)
            column.addLayout(row)

    @Slot()
    def _arrange(self) -> None:
        """A class needs to see a path being set and played."""
        for widget in (self._kind, self._speed, self.loop, self.undo, self.redo, self.clear, self.export):
            widget.setVisible(not self._theme.present)
        self.feed_back.setVisible(not self._theme.present)


def _button(text: str, name: str, tip: str, *, quiet: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    set_style_property(button, "quiet", value=quiet)
    return button
