"""Handles mouse, pen and touch input in the same way."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

_DRAWING_BUTTONS = {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}


class StrokeInput(QWidget):
    """A widget to draw on.

    One device draws at a time: during a stroke, input from others is ignored. A subclass implements
    `begin_stroke`, `continue_stroke`, `end_stroke` and `abandon_stroke`; they are called in this order, and a
    stroke finishes with either of the last two.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_drawing = False
        self._pressure = 1.0
        self._button = Qt.MouseButton.NoButton
        self._finger = -1
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a stroke: the left button draws, the right one erases."""
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
