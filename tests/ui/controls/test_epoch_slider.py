"""The timeline's slider: recorded positions can be reached, and gaps are visible."""

from itertools import combinations

import pytest
from hand import tip_at
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from seen import colours_of

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.ui.controls.epoch_marks import Mark
from cadl_gui.ui.controls.epoch_scale import place_between, place_of, share_of
from cadl_gui.ui.controls.epoch_slider import EpochSlider
from cadl_gui.ui.controls.epoch_track import EpochTrack, TimelineContent

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
KEPT = (UNTRAINED, Position(0, 1), Position(0, 200), Position(1), Position(2), Position(6), Position(10))
NOTE = HealthNote(Position(6), "gap", "It learns by heart.")


@pytest.fixture
def slider(qtbot, theme):
    slider = EpochSlider(theme)
    qtbot.addWidget(slider)
    slider.resize(1024, 64)  # a thousand pixels, after a margin of twelve
    slider.show_run(
        TimelineContent(10, KEPT, 10.0, 2, "loss 134.4", (NOTE,), ((0, 1.0), (5, 0.2), (10, 0.0)))
    )
    slider.show()
    return slider


def at(epochs):
    """The x coordinate of a place in epochs."""
    return round(12 + 1000 * share_of(epochs, 10))


def press(qtbot, slider, epochs, y=32):
    with qtbot.waitSignal(slider.chosen) as chosen:
        qtbot.mouseClick(slider, LEFT, pos=QPoint(at(epochs), y))
    return chosen.args[0]


def test_a_press_selects_the_nearest_retained_epoch(qtbot, slider):
    assert press(qtbot, slider, 1.4) == Position(1)
    assert press(qtbot, slider, 4.5) == Position(6)
    assert press(qtbot, slider, 0.03) == UNTRAINED


def test_the_first_epoch_has_a_fifth_of_the_track_and_its_batches_are_reached(qtbot, slider):
    """Of 44 epochs, it was 22 pixels wide; its batches needed the shift key."""
    assert at(0) == 12
    assert at(1) == 212
    assert at(10) == 1012
    assert press(qtbot, slider, 0.11) == Position(0, 1)
    assert press(qtbot, slider, 0.9) == Position(0, 200)
    for n_epochs in (1, 2, 4):
        assert share_of(1, n_epochs) == pytest.approx(1 / n_epochs), "a short run needs no more room"


def test_what_is_trained_in_the_first_epoch_lies_between_its_recorded_batches():
    places = [place_between(Position(0, step), 600) for step in (0, 1, 3, 200, 400, 599)]
    assert places == sorted(places)
    assert places[1] == place_of(Position(0, 1))
    assert places[3] == place_of(Position(0, 200))
    assert place_between(Position(0, 3), 5) < 1
    assert place_between(Position(3, 300), 600) == 3.5


def test_where_a_training_was_stopped_lies_between_the_recorded_batches_around_it():
    """Batch 457 lay left of batch 200."""
    in_order = [Position(0, step) for step in (0, 1, 2, 3, 30, 50, 200, 457)] + [
        Position(1),
        Position(1, 9),
        Position(2),
    ]
    places = [place_of(position) for position in in_order]
    assert places == sorted(set(places))


def test_a_press_on_a_triangle_goes_where_it_happened(qtbot, slider):
    assert press(qtbot, slider, 6.05, y=16) == Position(6)
    assert tip_at(slider, at(6)) == "It learns by heart."
    slider.show_run(TimelineContent(10, KEPT, 10.0, 2, "", (HealthNote(Position(5), "gap", "Here."),)))
    assert press(qtbot, slider, 5.05, y=16) == Position(2)  # the retained position at or before it
    assert press(qtbot, slider, 5.05) == Position(6)
    notes = NOTE, HealthNote(Position(6), "dead", "Units are dead.")
    slider.show_run(TimelineContent(10, KEPT, 10.0, None, "", notes))
    assert tip_at(slider, at(6)) == "It learns by heart.\nUnits are dead."


def test_a_drag_continues_to_select(qtbot, slider):
    chosen = []
    slider.chosen.connect(chosen.append)
    qtbot.mousePress(slider, LEFT, pos=QPoint(12, 32))
    qtbot.mouseMove(slider, QPoint(at(2), 32))
    qtbot.mouseMove(slider, QPoint(at(6), 32))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(at(6), 32))
    qtbot.mouseMove(slider, QPoint(1012, 32))
    assert chosen == [UNTRAINED, Position(2), Position(6)]


def test_drag_of_the_timeline_ends_wherever_its_button_was_released(qtbot, slider):
    """After a dialog that opened meanwhile, and had the release, the head followed the pointer."""
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    qtbot.mousePress(slider, LEFT, pos=QPoint(at(2), 32))
    qtbot.mouseRelease(elsewhere, LEFT)
    with qtbot.assertNotEmitted(slider.chosen):
        qtbot.mouseMove(slider, QPoint(at(6), 32))


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


def test_arrow_keys_go_to_the_recorded_position_before_and_to_the_one_after(qtbot, slider):
    """From the 40th epoch of the shipped vae, Right did nothing 95 times; Left did nothing in epoch 1."""
    left, right = Qt.Key.Key_Left, Qt.Key.Key_Right
    for position, epochs, key, other in (
        (Position(1), 1, right, Position(2)),
        (Position(2), 2, left, Position(1)),
        (Position(2), 2, right, Position(6)),
        (Position(1, 5), 1.5, right, Position(2)),
        (Position(1, 5), 1.5, left, Position(1)),
        (Position(0, 200), 0.4, left, UNTRAINED),
    ):
        slider.show_position(position, epochs=epochs)
        assert keyed(qtbot, slider, key) == other


def test_after_a_key_that_leads_nowhere_the_next_one_counts_from_the_head(qtbot, slider):
    """After End in a run that was stopped early, Left did nothing as often as epochs are missing."""
    slider.show_run(TimelineContent(10, KEPT[:-1], 6.0))
    slider.show_position(Position(6), epochs=6)
    keyed(qtbot, slider, Qt.Key.Key_End)
    assert slider.value() == 6
    assert keyed(qtbot, slider, Qt.Key.Key_Left) == Position(5)


@pytest.mark.parametrize("position", [Position(0, 200), Position(1, 5), Position(6)])
def test_home_goes_to_the_untrained_network(qtbot, slider, position):
    """From the first batches it had no effect, since the slider's value is 0 there, too."""
    slider.show_position(position, epochs=0.4)
    assert keyed(qtbot, slider, Qt.Key.Key_Home) == UNTRAINED


@pytest.mark.parametrize("position", [UNTRAINED, Position(0, 200), Position(6), Position(10)])
def test_the_head_is_at_the_position(qtbot, slider, theme, position):
    slider.show_position(position, epochs=0)
    image, accent = slider.grab().toImage(), QColor(theme.colours.accent)
    head = [x for x in range(image.width()) if image.pixelColor(x, 27) == accent]
    assert (head[0] + head[-1]) / 2 == pytest.approx(at(place_of(position)), abs=1)


def test_where_nothing_is_retained_the_groove_is_hollow(qtbot, slider, theme):
    slider.show_position(Position(10), epochs=10)
    image = slider.grab().toImage()

    def colour_at(epochs):
        return QColor(image.pixel(at(epochs), 32)).name()

    assert colour_at(1.5) == theme.colours.accent.lower()
    assert colour_at(4.0) == theme.colours.window.lower()
    assert colour_at(8.0) == theme.colours.window.lower()


def test_a_smaller_loss_is_lower(slider, theme):
    image, line = slider.grab().toImage(), theme.colours.line.lower()
    columns = [
        [y for y in range(slider.height()) if image.pixelColor(at(epochs), y).name() == line]
        for epochs in (0.3, 2.5, 5.5, 8.5)
    ]
    assert all(columns)
    assert columns == sorted(columns)


def test_an_empty_timeline_is_a_bare_groove(slider, theme):
    slider.setEnabled(False)
    image = slider.grab().toImage()
    assert QColor(image.pixel(512, 32)).name() == theme.colours.line.lower()
    assert QColor(theme.colours.accent).name() not in colours_of(image), "and has no head"


def test_the_triangle_of_the_best_epoch_says_what_it_is(slider):
    assert tip_at(slider, at(2)) == "Epoch 2 is the best: loss 134.4 on validation images."
    assert tip_at(slider, at(5)) == slider.toolTip()


MARKS = Mark(Position(10), "best · last"), Mark(UNTRAINED, "untrained"), Mark(Position(1), "epoch 1")


ALL = UNTRAINED, Position(10)


def marked(slider, *marks, span=ALL):
    slider.show_run(TimelineContent(10, KEPT, 10.0, marks=marks, span=span))


def test_a_press_on_a_name_goes_where_it_is(qtbot, slider):
    """The name is wider than its tick: its end is nearer to another position."""
    marked(slider, *MARKS)
    assert press(qtbot, slider, 8.9, y=50) == Position(10)
    assert press(qtbot, slider, 8.9, y=32) == Position(10)
    marked(slider, Mark(Position(6), "the best of all epochs"), *MARKS[1:])
    assert press(qtbot, slider, 5.4, y=50) == Position(6)
    marks = (Mark(Position(6), "epoch 6 of ten · warning"),)
    slider.show_run(TimelineContent(10, KEPT, 10.0, notes=(NOTE,), marks=marks, span=ALL))
    assert tip_at(slider, at(5.4), y=50) == "It learns by heart.", "and it says what it means"


@pytest.mark.parametrize("width", [300, 500, 1024])
@pytest.mark.parametrize("is_presented", [False, True])
def test_names_do_not_overlap_and_the_first_is_never_left_out(slider, theme, width, is_presented):
    theme.set_present(is_presented)
    track = EpochTrack(theme, QRectF(12, 0, width - 24, theme.sizes.timeline), 60)
    marks = Mark(Position(59), "best"), Mark(UNTRAINED, "untrained"), Mark(Position(60), "last"), MARKS[2]
    places = track.mark_rects(marks)
    assert places[0][0].text == "best"
    rects = [rect for _, rect in places]
    assert not any(one.intersects(other) for one, other in combinations(rects, 2))
    assert all(rect.left() >= 0 and rect.right() <= width for rect in rects)


def test_the_grips_above_the_track_choose_what_is_replayed(qtbot, slider, theme):
    marked(slider, *MARKS)
    with qtbot.waitSignal(slider.span_chosen) as chosen, qtbot.assertNotEmitted(slider.chosen):
        qtbot.mousePress(slider, LEFT, pos=QPoint(at(0) - 4, 4))
        qtbot.mouseMove(slider, QPoint(at(2), 4))
        qtbot.mouseRelease(slider, LEFT, pos=QPoint(at(2), 4))
    assert chosen.args == [Position(2), Position(10)]
    marked(slider, *MARKS, span=(Position(2), Position(10)))
    image, accent = slider.grab().toImage(), QColor(theme.colours.accent)
    for end, out in ((at(2), -1), (at(10), 1)):
        below = [image.pixelColor(end + out * across, 5) == accent for across in (2, 8)]
        assert below == [True, False], "each grip points down at its end"
    with qtbot.waitSignal(slider.span_chosen) as chosen:
        qtbot.mousePress(slider, LEFT, pos=QPoint(at(10) + 4, 4))
        qtbot.mouseMove(slider, QPoint(at(1), 4))
        qtbot.mouseRelease(slider, LEFT, pos=QPoint(at(1), 4))
    assert chosen.args == [Position(2), Position(6)], "it ends after it begins"
