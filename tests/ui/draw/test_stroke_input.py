"""One device draws at a time: each stroke begins, goes on and ends once, with a pressure of its own."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cadl_gui.ui.draw.stroke_input import StrokeInput

pytestmark = pytest.mark.gui

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
PEN, ERASER = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser


class Recorded(StrokeInput):
    """Records what it was told."""

    def __init__(self):
        super().__init__()
        self.told = []

    def begin_stroke(self, place, pressure, *, erases):
        self.told.append(("erase" if erases else "draw", round(place.x()), pressure))

    def continue_stroke(self, place, pressure):
        self.told.append(("to", round(place.x()), pressure))

    def end_stroke(self, place, pressure):
        self.told.append(("end", round(place.x()), pressure))

    def abandon_stroke(self):
        self.told.append(("abandoned",))

    def area(self):
        return QRectF(0, 0, 140, 196)  # one step is a 28th of 196

    def heard(self):
        told, self.told = self.told, []
        return told


@pytest.fixture
def widget(qtbot):
    widget = Recorded()
    qtbot.addWidget(widget)
    widget.resize(200, 200)
    widget.show()
    return widget


def pen(widget, kind, x, pressure, pointer=PEN):
    device = QPointingDevice(
        "pen", 1, QPointingDevice.DeviceType.Stylus, pointer,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure, 1, 3,
    )  # fmt: skip
    place = QPointF(x, 100)
    about = pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, LEFT, LEFT
    QApplication.sendEvent(widget, QTabletEvent(kind, device, place, widget.mapToGlobal(place), *about))


def at(x):
    return QPoint(x, 100)


def test_a_pen_ends_with_the_last_pressure_that_it_had_and_its_other_end_erases_each_time(widget):
    for pointer, how in ((PEN, "draw"), (ERASER, "erase"), (PEN, "draw")):
        pen(widget, QEvent.Type.TabletPress, 40, 0.25, pointer)
        pen(widget, QEvent.Type.TabletMove, 60, 0.75, pointer)
        pen(widget, QEvent.Type.TabletRelease, 80, 0.0, pointer)
        pen(widget, QEvent.Type.TabletMove, 90, 0.0, pointer)
        assert widget.heard() == [(how, 40, 0.25), ("to", 60, 0.75), ("end", 80, 0.75)]
        pen(widget, QEvent.Type.TabletPress, 50, 0.5, pointer)
        pen(widget, QEvent.Type.TabletRelease, 50, 0.0, pointer)
        assert widget.heard() == [(how, 50, 0.5), ("end", 50, 0.5)], "not that of the stroke before"


def test_a_stroke_ends_with_its_own_button_and_the_next_one_may_be_that_of_another(widget):
    for button, other, how in ((LEFT, RIGHT, "draw"), (RIGHT, LEFT, "erase"), (LEFT, MIDDLE, "draw")):
        QTest.mousePress(widget, button, pos=at(40))
        QTest.mousePress(widget, other, pos=at(45))
        QTest.mouseRelease(widget, other, pos=at(50))
        QTest.mouseRelease(widget, button, pos=at(60))
        assert widget.heard() == [(how, 40, 1.0), ("end", 60, 1.0)]
        QTest.mouseRelease(widget, button, pos=at(70))
        QTest.mousePress(widget, MIDDLE, pos=at(40))
        QTest.mouseRelease(widget, MIDDLE, pos=at(40))
        assert widget.heard() == []
    QTest.mousePress(widget, LEFT, pos=at(40))
    QTest.mousePress(widget, LEFT, pos=at(90))  # a dialog had the release
    QTest.mouseRelease(widget, LEFT, pos=at(95))
    assert widget.heard() == [("draw", 40, 1.0), ("abandoned",), ("draw", 90, 1.0), ("end", 95, 1.0)]


def test_fingers_draw_one_after_another_and_neither_mouse_nor_pen_beside_one(widget):
    device = QTest.createTouchDevice()
    for first, second in ((0, 1), (1, 0), (0, 1)):
        QTest.touchEvent(widget, device).press(first, at(40), widget).commit()
        QTest.touchEvent(widget, device).stationary(first).press(second, at(150), widget).commit()
        pen(widget, QEvent.Type.TabletPress, 100, 0.5)
        QTest.touchEvent(widget, device).stationary(first).move(second, at(160), widget).commit()
        QTest.touchEvent(widget, device).stationary(first).release(second, at(160), widget).commit()
        QTest.touchEvent(widget, device).move(first, at(60), widget).commit()
        QTest.touchEvent(widget, device).release(first, at(70), widget).commit()
        assert widget.heard() == [("draw", 40, 1.0), ("to", 60, 1.0), ("end", 70, 1.0)]


def test_the_keyboard_draws_where_its_pen_is_and_lifts_it_for_the_mouse_and_for_another_widget(widget):
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.activateWindow()
    widget.setFocus()
    left, right, up, space = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Space
    QTest.keyClick(widget, right)
    QTest.keyClick(widget, up)
    assert (widget.pen_place, widget.heard()) == (QPointF(77, 91), []), "from the middle, one step each"
    QTest.keyClick(widget, space)
    QTest.keyPress(widget, left)
    QTest.keyPress(widget, up)
    QTest.keyRelease(widget, left)
    QTest.keyRelease(widget, up)
    assert widget.pen_place == QPointF(63, 84), "left, then aslant: left and up"
    QTest.keyClick(widget, space)
    QTest.keyClick(widget, left)
    assert widget.heard() == [("draw", 77, 1.0), ("to", 70, 1.0), ("to", 63, 1.0), ("end", 63, 1.0)]
    for _ in range(30):
        QTest.keyClick(widget, right)
    assert widget.pen_place == QPointF(140, 84), "not over the edge"

    QTest.keyClick(widget, space)
    QTest.mouseClick(widget, LEFT, pos=at(40))
    heard = [("draw", 140, 1.0), ("end", 140, 1.0), ("draw", 40, 1.0), ("end", 40, 1.0)]
    assert (widget.pen_place, widget.heard()) == (None, heard)
    QTest.keyClick(widget, space)
    widget.clearFocus()
    assert widget.heard() == [("draw", 70, 1.0), ("end", 70, 1.0)], "it begins in the middle again"
    QTest.mousePress(widget, LEFT, pos=at(40))
    QTest.keyClick(widget, space)
    QTest.keyClick(widget, left)
    QTest.mouseRelease(widget, LEFT, pos=at(40))
    assert widget.heard() == [("draw", 40, 1.0), ("end", 40, 1.0)], "one device draws at a time"
