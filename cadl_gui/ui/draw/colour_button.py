"""A button that shows the colour of the brush, and offers others."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QMenu, QToolButton

from cadl_gui.domain.drawing import BLACK, WHITE, Colour
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import open_menu
from cadl_gui.ui.theme.theme import Theme

COLOURS: dict[str, Colour] = {
    _("Black"): BLACK,
    _("Grey"): (128, 128, 128),
    _("White"): WHITE,
    _("Red"): (221, 44, 0),
    _("Orange"): (255, 152, 0),
    _("Yellow"): (255, 214, 0),
    _("Green"): (67, 160, 71),
    _("Teal"): (0, 151, 167),
    _("Blue"): (30, 99, 233),
    _("Purple"): (123, 31, 162),
    _("Pink"): (236, 64, 122),
    _("Brown"): (121, 85, 72),
}
"""The colours of the menu, with their names."""

_SWATCH_PX = 64


class ColourButton(QToolButton):
    """Shows a colour; its menu has others, and *More…* opens a dialog with all.

    Args:
        theme: for sizes and the colour of the swatches' edges.

    Signals:
        chosen: (`Colour`) the user chose a colour.
    """

    chosen = Signal(tuple)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._colour: Colour = WHITE
        self._dialog: QColorDialog | None = None
        self.setObjectName("brushColourButton")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        open_menu(self, menu)
        self._group = QActionGroup(menu)
        for name, colour in COLOURS.items():
            action = self._group.addAction(name)
            action.setCheckable(True)
            action.setData(colour)
        menu.addActions(self._group.actions())
        menu.addSeparator()
        menu.addAction(_("More…"))
        menu.triggered.connect(self._on_action)
        theme.changed.connect(self._restyle)
        self.set_colour(WHITE)

    def set_colour(self, colour: Colour) -> None:
        """Show a colour."""
        self._colour = colour
        self._restyle()

    def open_menu(self) -> None:
        """Open the menu beneath the button, with the current colour selected."""
        menu = self.menu()
        actions = self._group.actions()
        menu.setActiveAction(self._group.checkedAction() or actions[0])
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    @Slot(QAction)
    def _on_action(self, action: QAction) -> None:
        if action.data():
            self.chosen.emit(tuple(action.data()))
        else:
            self._open_dialog()

    def _open_dialog(self) -> None:
        if self._dialog is None:
            self._dialog = QColorDialog(self.window())
            self._dialog.setObjectName("brushColourDialog")
            self._dialog.setWindowTitle(_("Brush colour"))
            self._dialog.colorSelected.connect(self._on_selected)
        self._dialog.setCurrentColor(QColor(*self._colour))
        self._dialog.open()

    @Slot(QColor)
    def _on_selected(self, colour: QColor) -> None:
        self.chosen.emit((colour.red(), colour.green(), colour.blue()))

    @Slot()
    def _restyle(self) -> None:
        name = next((name for name, colour in COLOURS.items() if colour == self._colour), "")
        text = _("Brush colour: {name}").format(name=name.lower() or QColor(*self._colour).name())
        self.setAccessibleName(text)
        self.setToolTip(f"{text} (K)")
        self.setIcon(self._swatch(self._colour))
        for action in self._group.actions():
            colour = tuple(action.data())
            action.setIcon(self._swatch(colour))
            action.setChecked(colour == self._colour)
        if not name and (checked := self._group.checkedAction()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def _swatch(self, colour: Colour) -> QIcon:
        pixmap = QPixmap(_SWATCH_PX, _SWATCH_PX)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setColor(QColor(self._theme.colours.secondary))
        pen.setWidth(_SWATCH_PX // 16)
        painter.setPen(pen)
        painter.setBrush(QColor(*colour))
        margin = _SWATCH_PX // 8
        painter.drawRoundedRect(pixmap.rect().adjusted(margin, margin, -margin, -margin), margin, margin)
        painter.end()
        return QIcon(pixmap)
