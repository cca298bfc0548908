"""Mouse, pen and finger as one hand."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

_DRAWING_BUTTONS = {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}


class StrokeInput(QWidget):
    """A widget that is drawn on.

    One hand draws at a time: while a stroke goes on, what else touches the widget is not felt. A subclass
    says what a stroke does by `begin_stroke`, `continue_stroke`, `end_stroke` and `abandon_stroke`; they are
    called in this order, the last two in place of each other.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_drawing = False
        self._pressure = 1.0
        self._button = Qt.MouseButton.NoButton
        self._finger = -1
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def begin_stroke(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """The pen touched the widget at this place, with a pressure in [0, 1]."""
        raise NotImplementedError

    def continue_stroke(self, place: QPointF, pressure: float) -> None:
        """The pen moved."""
        raise NotImplementedError

    def end_stroke(self, place: QPointF, pressure: float) -> None:
        """The pen was lifted at this place."""
        raise NotImplementedError

    def abandon_stroke(self) -> None:
        """The system took the hand's events away; what was drawn stays."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left draws, right erases."""
        if event.button() in _DRAWING_BUTTONS and not self._is_drawing:
            self._button = event.button()
            self._begin(event.position(), 1.0, erases=self._button == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        self._continue(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke is done with the button that began it."""
        if event.button() == self._button:
            self._button = Qt.MouseButton.NoButton
            self._end(event.position())

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen; its other end erases."""
        if event.type() == QEvent.Type.TabletPress:
            erases = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin(event.position(), event.pressure(), erases=erases)
        elif event.type() == QEvent.Type.TabletMove:
            self._continue(event.position(), event.pressure())
        else:
            self._end(event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """The first finger draws."""
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
        """End as wide as before: a pen that is lifted does not press any more."""
        if self._is_drawing:
            self._is_drawing = False
            self.end_stroke(place, self._pressure)

    def _abandon(self) -> None:
        if self._is_drawing:
            self._is_drawing = False
            self.abandon_stroke()
