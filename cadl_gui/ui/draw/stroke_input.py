"""Handles mouse, pen, touch and keyboard input in the same way."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

_DRAWING_BUTTONS = {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}
_STEPS = 28
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class StrokeInput(QWidget):
    """A widget to draw on.

    One device draws at a time: during a stroke, input from others is ignored. A subclass implements
    `begin_stroke`, `continue_stroke`, `end_stroke` and `abandon_stroke`; they are called in this order, and a
    stroke finishes with either of the last two.

    By keyboard, the arrow keys move a cursor, two of them at once aslant; the space bar puts the pen down and
    lifts it.

    Attributes:
        pen_place: where the keyboard draws; None until its first key, and after a press of a button.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_drawing = False
        self._pressure = 1.0
        self._button = Qt.MouseButton.NoButton
        self._finger = -1
        self.pen_place: QPointF | None = None
        self._held: set[Qt.Key] = set()
        self._is_down = False
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def begin_stroke(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """Start a stroke.

        Args:
            place: position in the widget.
            pressure: pressure of the pen, in [0, 1].
        """
        raise NotImplementedError

    def continue_stroke(self, place: QPointF, pressure: float) -> None:
        """Continue the stroke to this position."""
        raise NotImplementedError

    def end_stroke(self, place: QPointF, pressure: float) -> None:
        """Finish the stroke at this position."""
        raise NotImplementedError

    def abandon_stroke(self) -> None:
        """Finish the stroke because the system cancelled its events; what was drawn stays."""
        raise NotImplementedError

    def area(self) -> QRectF:
        """The part of the widget in which one can draw; the cursor crosses it in 28 steps."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor; put the pen down, or lift it."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._put_down(not self._is_down)
        elif event.key() in _ARROWS:
            self._held.add(Qt.Key(event.key()))
            area = self.area()
            step = max(area.width(), area.height()) / _STEPS
            place = sum((_ARROWS[key] * step for key in self._held), self.pen_place or area.center())
            x = min(max(place.x(), area.left()), area.right())
            self.pen_place = QPointF(x, min(max(place.y(), area.top()), area.bottom()))
            if self._is_down:
                self._continue(self.pen_place, 1.0)
        else:
            super().keyPressEvent(event)
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Move in one direction fewer."""
        if not event.isAutoRepeat():
            self._held.discard(event.key())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift the pen of the keyboard."""
        super().focusOutEvent(event)
        self._put_down(False)

    def _put_down(self, is_down: bool) -> None:
        """Begin or end the keyboard's stroke, unless another device draws."""
        self._held.clear()
        if is_down and not self._is_drawing:
            self.pen_place = self.pen_place or self.area().center()
            self._is_down = True
            self._begin(self.pen_place, 1.0, erases=False)
        elif self._is_down and self.pen_place is not None and not is_down:
            self._is_down = False
            self._end(self.pen_place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a stroke: the left button draws, the right one erases."""
        self._put_down(False)
        self.pen_place = None
        self.update()
        if event.button() == self._button:
            self._abandon()  # a dialog opened meanwhile, and had its release
        if event.button() in _DRAWING_BUTTONS and not self._is_drawing:
            self._button = event.button()
            self._begin(event.position(), 1.0, erases=self._button == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue the stroke."""
        self._continue(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the stroke if its own button was released."""
        if event.button() == self._button:
            self._button = Qt.MouseButton.NoButton
            self._end(event.position())

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Handle a pen, whose other end erases."""
        if event.type() == QEvent.Type.TabletPress:
            erases = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin(event.position(), event.pressure(), erases=erases)
        elif event.type() == QEvent.Type.TabletMove:
            self._continue(event.position(), event.pressure())
        else:
            self._end(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger that touches."""
        if not isinstance(event, QTouchEvent):
            return super().event(event)
        if event.type() == QEvent.Type.TouchCancel:
            self._abandon()
        for point in event.points():
            self._touch(point)
        event.accept()
        return True

    def _touch(self, point: QEventPoint) -> None:
        state = point.state()
        if state == QEventPoint.State.Pressed and not self._is_drawing:
            self._finger = point.id()
            self._begin(point.position(), 1.0, erases=False)
        elif point.id() == self._finger and state == QEventPoint.State.Updated:
            self._continue(point.position(), 1.0)
        elif point.id() == self._finger and state == QEventPoint.State.Released:
            self._finger = -1
            self._end(point.position())

    def _begin(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        if self._is_drawing:
            return
        self._is_drawing, self._pressure = True, pressure
        self.begin_stroke(place, pressure, erases=erases)

    def _continue(self, place: QPointF, pressure: float) -> None:
        if self._is_drawing:
            self._pressure = pressure
            self.continue_stroke(place, pressure)

    def _end(self, place: QPointF) -> None:
        """End with the last pressure: a pen being lifted no longer reports its own."""
        if self._is_drawing:
            self._is_drawing = False
            self.end_stroke(place, self._pressure)

    def _abandon(self) -> None:
        if self._is_drawing:
            self._is_drawing = False
            self.abandon_stroke()
