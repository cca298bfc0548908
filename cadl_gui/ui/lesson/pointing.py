"""Finds the real control that a lesson names, and points at it."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QTabBar, QWidget

from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, RADIUS_PX, UNIT_PX
from cadl_gui.ui.widgets.field_editor import FieldEditor
from cadl_gui.ui.widgets.timer import Timer

_POINTS_MS = 4_000


def find_control(window: QWidget, name: str) -> tuple[QWidget, QRect] | None:
    """Return the visible control of an action or a field, and the part of it; None if none is in sight."""
    for number, spec in enumerate(TABS):
        if name == spec.name:
            bar = window.findChild(QTabBar)
            return None if bar is None or not bar.isVisible() else (bar, bar.tabRect(number))
    buttons: list[QWidget] = [*window.findChildren(QAbstractButton, f"{name}Button")]
    fields: list[QWidget] = [each for each in window.findChildren(FieldEditor) if each.name == name]
    for widget in (*buttons, *fields):
        if widget.isVisible():
            _scroll_to(widget)
            return widget, widget.rect()
    return None


def _scroll_to(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


class Ring(QWidget):
    """A ring around a control for a moment; it takes no clicks.

    Args:
        window: window over which it lies.
        theme: has its colour.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.setObjectName("lessonRing")
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._end = Timer(self, self.hide, _POINTS_MS)
        self.hide()

    def point_at(self, widget: QWidget, part: QRect) -> None:
        """Show the ring around a part of a widget."""
        corner = widget.mapTo(widget.window(), QPoint(0, 0))
        self.setGeometry(part.translated(corner).adjusted(-UNIT_PX, -UNIT_PX, UNIT_PX, UNIT_PX))
        self.raise_()
        self.show()
        self._end.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colours.accent), 2 * FOCUS_RING_PX))
        inset = FOCUS_RING_PX
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)
        painter.end()
