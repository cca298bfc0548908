"""The timeline's slider: recorded positions can be reached, and gaps are visible."""

import pytest
from hand import tip_at
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from seen import colours_of

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.ui.widgets.epoch_slider import EpochSlider
from cadl_gui.ui.widgets.epoch_track import TimelineContent, place_of

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEPT = (UNTRAINED, Position(0, 1), Position(0, 200), Position(1), Position(2), Position(6), Position(10))
NOTE = HealthNote(Position(6), "gap", "It learns by heart.")


@pytest.fixture
def slider(qtbot, theme):
    slider = EpochSlider(theme)
    qtbot.addWidget(slider)
    slider.resize(1024, 64)  # a hundred pixels an epoch, after a margin of twelve
    slider.show_run(
        TimelineContent(10, KEPT, 10.0, 2, "134.4 nats", (NOTE,), ((0, 1.0), (5, 0.2), (10, 0.0)))
    )
    slider.show()
    return slider


def press(qtbot, slider, epochs, modifier=Qt.KeyboardModifier.NoModifier, y=32):
    with qtbot.waitSignal(slider.chosen) as chosen:
        qtbot.mouseClick(slider, LEFT, modifier, QPoint(round(12 + 100 * epochs), y))
    return chosen.args[0]


def test_a_press_selects_the_nearest_retained_epoch(qtbot, slider):
    assert press(qtbot, slider, 1.4) == Position(1)
    assert press(qtbot, slider, 4.5) == Position(6)
    assert press(qtbot, slider, 0.1) == UNTRAINED


def test_with_shift_the_first_batches_too(qtbot, slider):
    assert press(qtbot, slider, 0.1, SHIFT) == Position(0, 1)
    assert press(qtbot, slider, 0.9, SHIFT) == Position(0, 200)


def test_a_press_on_a_triangle_goes_where_it_happened(qtbot, slider):
    assert press(qtbot, slider, 6.05, y=16) == Position(6)
    assert tip_at(slider, 612) == "It learns by heart."
    slider.show_run(TimelineContent(10, KEPT, 10.0, 2, "", (HealthNote(Position(5), "gap", "Here."),)))
    assert press(qtbot, slider, 5.05, y=16) == Position(2)  # the retained position at or before it
    assert press(qtbot, slider, 5.05) == Position(6)


def test_all_notes_of_a_triangle_are_reported(slider):
    notes = NOTE, HealthNote(Position(6), "dead", "Units are dead.")
    slider.show_run(TimelineContent(10, KEPT, 10.0, None, "", notes))
    assert tip_at(slider, 612) == "It learns by heart.\nUnits are dead."


def test_a_drag_continues_to_select(qtbot, slider):
    chosen = []
    slider.chosen.connect(chosen.append)
    qtbot.mousePress(slider, LEFT, pos=QPoint(12, 32))
    qtbot.mouseMove(slider, QPoint(212, 32))
    qtbot.mouseMove(slider, QPoint(612, 32))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(612, 32))
    qtbot.mouseMove(slider, QPoint(1012, 32))
    assert chosen == [UNTRAINED, Position(2), Position(6)]


def test_the_wheel_leaves_the_timeline_alone(qtbot, slider):
    """Scrolling would otherwise change the epoch in the middle of a lecture."""
    slider.show_position(Position(2), epochs=2)
    with qtbot.assertNotEmitted(slider.chosen):
        QTest.wheelEvent(slider.windowHandle(), QPointF(300, 32), QPoint(0, 120))
    assert slider.value() == 2


def keyed(qtbot, slider, key):
    """The position that a key selects."""
    with qtbot.waitSignal(slider.chosen) as chosen:
        qtbot.keyClick(slider, key)
    return chosen.args[0]


def test_arrow_keys_go_one_epoch(qtbot, slider):
    slider.show_position(Position(2), epochs=2)
    assert keyed(qtbot, slider, Qt.Key.Key_Right) == Position(3)
    slider.show_position(Position(2), epochs=2)
    assert keyed(qtbot, slider, Qt.Key.Key_Left) == Position(1)


def test_inside_an_epoch_arrow_keys_go_to_its_ends(qtbot, slider):
    """In the third epoch, Left goes to the end of the second; it used to go to that of the first."""
    slider.show_position(Position(2, 5), epochs=2.5)
    assert keyed(qtbot, slider, Qt.Key.Key_Right) == Position(3)
    slider.show_position(Position(2, 5), epochs=2.5)
    assert keyed(qtbot, slider, Qt.Key.Key_Left) == Position(2)


def test_from_the_first_batches_left_goes_to_the_untrained_network(qtbot, slider):
    """It used to have no effect there."""
    slider.show_position(Position(0, 200), epochs=0.4)
    assert keyed(qtbot, slider, Qt.Key.Key_Left) == UNTRAINED


@pytest.mark.parametrize("position", [UNTRAINED, Position(0, 200), Position(6), Position(10)])
def test_the_head_is_at_the_position(qtbot, slider, theme, position):
    slider.show_position(position, epochs=0)
    image, accent = slider.grab().toImage(), QColor(theme.colours.accent)
    head = [x for x in range(image.width()) if image.pixelColor(x, 27) == accent]
    assert (head[0] + head[-1]) / 2 == pytest.approx(12 + 100 * place_of(position), abs=1)


def test_where_nothing_is_retained_the_groove_is_hollow(qtbot, slider, theme):
    slider.show_position(Position(10), epochs=10)
    image = slider.grab().toImage()

    def colour_at(epochs):
        return QColor(image.pixel(round(12 + 100 * epochs), 32)).name()

    assert colour_at(1.5) == theme.colours.accent.lower()
    assert colour_at(4.0) == theme.colours.window.lower()
    assert colour_at(8.0) == theme.colours.window.lower()


def test_an_empty_timeline_is_a_bare_groove(slider, theme):
    slider.setEnabled(False)
    image = slider.grab().toImage()
    assert QColor(image.pixel(512, 32)).name() == theme.colours.line.lower()
    assert QColor(theme.colours.accent).name() not in colours_of(image), "and has no head"


def test_the_triangle_of_the_best_epoch_says_what_it_is(slider):
    assert tip_at(slider, 212) == "Epoch 2 is the best: 134.4 nats on validation images."
    assert tip_at(slider, 512) == slider.toolTip()
