"""What would disturb a stroke waits until the pen is lifted."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QPointingDevice, QTouchEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cadl_gui.ui.window.pen_watch import PenWatch

pytestmark = pytest.mark.gui

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
PLACE = QPoint(50, 50)


@pytest.fixture
def window(qtbot):
    window = QWindow()
    window.resize(100, 100)
    window.show()
    qtbot.waitUntil(window.isExposed)
    yield window
    window.destroy()


@pytest.fixture
def pen(window):
    return PenWatch(window)


def test_with_nothing_down_it_is_done_at_once_and_only_once(window, pen):
    done = []
    pen.call_when_lifted(lambda: done.append(1))
    QTest.mouseClick(window, LEFT, NONE, PLACE)
    assert done == [1]


def test_while_a_button_is_down_it_waits_for_the_last_one(window, pen):
    done = []
    QTest.mousePress(window, LEFT, NONE, PLACE)
    pen.call_when_lifted(lambda: done.append(1))
    QTest.mouseMove(window, PLACE + QPoint(5, 5))
    QTest.mousePress(window, RIGHT, NONE, PLACE)
    QTest.mouseRelease(window, LEFT, NONE, PLACE)
    assert done == []
    QTest.mouseRelease(window, RIGHT, NONE, PLACE)
    assert done == [1]


def test_while_a_finger_is_down_it_waits(window, pen):
    done = []
    device = QTest.createTouchDevice(QPointingDevice.DeviceType.TouchScreen)
    QTest.touchEvent(window, device).press(0, PLACE, window).commit()
    pen.call_when_lifted(lambda: done.append(1))
    assert done == []
    QTest.touchEvent(window, device).release(0, PLACE, window).commit()
    assert done == [1]
    QTest.touchEvent(window, device).press(0, PLACE, window).commit()
    pen.call_when_lifted(lambda: done.append(2))
    QApplication.sendEvent(window, QTouchEvent(QEvent.Type.TouchCancel, device))
    assert done == [1, 2]
