"""Finds the real control that a lesson names, and points at it."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QAction, QColor, QFontMetrics, QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QScrollArea, QTabBar, QWidget
from shiboken6 import isValid

from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import FieldEditor
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_SMALL_PX, RADIUS_PX, SEMIBOLD, UNIT_PX

_FOLLOWS_MS = 100

_SAYS = _("Click here")
"""A ring alone looks as if it were done: a class waited for what it was to press itself."""


def find_control(window: QMainWindow, name: str, menu: str = "") -> tuple[QWidget, QRect] | None:
    """Return the visible control of an action or a field, and the part of it; None if none is in sight.

    Args:
        menu: title of the menu that has the action, which is pointed at where no button is.
    """
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
    menus = window.menuBar()
    titles = (each for each in menus.actions() if each.isVisible() and each.text().replace("&", "") == menu)
    title = next(titles, None) if menus.isVisible() else None
    return None if title is None else (menus, menus.actionGeometry(title))


def _scroll_to(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


class Ring(QWidget):
    """A ring around a control, and what to do with it, until that is used or gone; it takes no clicks.

    Args:
        window: window over which it lies.
        theme: has its colour.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.setObjectName("lessonRing")
        self._theme = theme
        self._target: QWidget | None = None
        self._part, self._ring, self._tag = QRect(), QRect(), QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._following = Timer(self, self._follow, _FOLLOWS_MS, repeats=True)
        self.hide()

    def point_at(self, widget: QWidget, part: QRect, action: QAction | None) -> None:
        """Show the ring around a part of a widget, which may be the control of an action."""
        self._target, self._part = widget, part
        if action is not None:  # its key uses it, too
            action.triggered.connect(self.hide, Qt.ConnectionType.SingleShotConnection)
        self.show()
        self.raise_()
        self._follow()
        self._following.start()
        if (handle := self.window().windowHandle()) is not None:
            handle.installEventFilter(self)

    @Slot()
    def _follow(self) -> None:
        """Be where the control is now: a page scrolls, and is laid out anew."""
        if self._target is None or not isValid(self._target) or not self._target.isVisible():
            self.hide()
            return
        place = self._part.translated(self._target.mapTo(self.window(), QPoint(0, 0)))
        ring = place.adjusted(-UNIT_PX, -UNIT_PX, UNIT_PX, UNIT_PX)
        font = self._theme.font("caption", SEMIBOLD)
        tag = QFontMetrics(font).boundingRect(_SAYS).adjusted(0, 0, 2 * GAP_SMALL_PX, GAP_SMALL_PX)
        inside = self.window().rect()
        has_room = ring.bottom() + tag.height() <= inside.bottom()
        tag.moveTo(ring.left(), ring.bottom() + 1 if has_room else ring.top() - tag.height())
        tag.moveRight(min(tag.right(), inside.right()))
        whole = ring.united(tag)
        self._ring, self._tag = ring.translated(-whole.topLeft()), tag.translated(-whole.topLeft())
        self.setFont(font)
        self.setGeometry(whole)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the control to the hand that presses it."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonPress:
            ring = self._ring.translated(self.pos())
            self.setVisible(not ring.contains(event.position().toPoint()))
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing."""
        super().hideEvent(event)
        self._following.stop()
        self._target = None
        if (handle := self.window().windowHandle()) is not None:
            handle.removeEventFilter(self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the ring, and the words beside it."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 2 * FOCUS_RING_PX))
        inset = FOCUS_RING_PX
        painter.drawRoundedRect(self._ring.adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(self._tag, RADIUS_PX, RADIUS_PX)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(self._tag, Qt.AlignmentFlag.AlignCenter, _SAYS)
        painter.end()
