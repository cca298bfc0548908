"""A press beside the handle of a slider brings it under the pointer, which drags it on."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from cadl_gui.ui.controls.jump_slider import JumpSlider

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot):
    slider = JumpSlider()
    qtbot.addWidget(slider)
    slider.setRange(0, 10)
    slider.resize(220, 30)
    slider.show()
    return slider


@pytest.mark.parametrize(("share", "value"), [(0.0, 0), (0.3, 3), (0.5, 5), (0.99, 10)])
@pytest.mark.parametrize("start", [0, 10])
def test_the_handle_goes_to_where_the_track_is_pressed(qtbot, slider, share, value, start):
    """It went a page towards the pointer: from full speed to the slowest, wherever the track was clicked."""
    slider.setValue(start)
    qtbot.mouseClick(slider, LEFT, pos=QPoint(round(share * slider.width()), 15))
    assert slider.value() == value


def test_from_there_it_is_dragged(qtbot, slider):
    slider.setValue(10)
    qtbot.mousePress(slider, LEFT, pos=QPoint(66, 15))
    assert slider.isSliderDown()
    qtbot.mouseMove(slider, QPoint(154, 15))
    assert slider.value() == 7
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(154, 15))


def test_the_wheel_scrolls_past_it_unless_it_has_the_focus(qtbot):
    """In a list of many latents, each slider that came under the pointer moved."""
    rows = QWidget()
    column = QVBoxLayout(rows)
    sliders = [JumpSlider() for _ in range(20)]
    for each in sliders:
        column.addWidget(each)
    slider = sliders[0]
    scroll = QScrollArea()
    qtbot.addWidget(scroll)
    scroll.setWidget(rows)
    scroll.resize(260, 100)
    scroll.show()
    qtbot.waitExposed(scroll)
    scroll.activateWindow()
    qtbot.waitUntil(scroll.isActiveWindow)
    place = QPointF(slider.mapTo(scroll, slider.rect().center()))
    scroll.setFocus()
    slider.setValue(5)
    QTest.wheelEvent(scroll.windowHandle(), place, QPoint(0, -120))
    assert (slider.value(), scroll.verticalScrollBar().value() > 0) == (5, True)
    scroll.verticalScrollBar().setValue(0)
    slider.setFocus()
    QTest.wheelEvent(scroll.windowHandle(), place, QPoint(0, -120))
    assert (slider.value() < 5, scroll.verticalScrollBar().value()) == (True, 0)
