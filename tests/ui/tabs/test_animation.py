"""What plays moves the handle for the moment; a hand that stops it or goes along the path leaves it there."""

import numpy as np
import pytest
from hand import choose_entry
from planes import has_dot
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing.seen import Seen

pytestmark = pytest.mark.gui


@pytest.fixture
def wished(engine):
    """Where the handle of the run shown is to be at the next start."""
    return lambda: engine.view.value.chosen(engine.runs.key(engine.view.run)).z


@pytest.fixture
def share(find):
    """Where the strip marks the handle on the path; None if it is elsewhere."""
    return lambda: find("pathStrip").share


def test_what_plays_leaves_the_place_of_the_handle_until_it_is_stopped_and_not_where_the_tab_is_left(
    qtbot, tab, find, pin, wished, share
):
    for place in ((0, 0), (1, 0.5)):
        pin(*place)
    play, drift, plane = find("playPathButton"), find("driftButton"), find("latentPlane")
    choose_entry(find("pathSpeedCombo"), "0.25×")
    for button, is_left in ((play, False), (drift, True), (play, True), (drift, False)):
        for i, number in ((0, 2), (1, 2), (0, 0.125), (1, -0.75)):  # the field may show it rounded already
            find(f"latentSpin{i}").setValue(number)
        before = plane.handle
        button.click()
        qtbot.waitUntil(lambda before=before: plane.handle != before)
        assert wished() == (0.125, -0.75)
        if is_left:
            tab.hide()
            tab.show()
            assert wished() == (0.125, -0.75)
        else:
            button.click()
            assert wished() == pytest.approx(plane.handle)
            assert wished() != (0.125, -0.75)
        assert (play.text(), drift.isChecked()) == ("Play path", False)
    strip = find("pathStrip")
    qtbot.waitUntil(lambda: strip.images is not None)
    for key, place in ((Qt.Key.Key_End, (1, 0.5)), (Qt.Key.Key_Home, (0, 0)), (Qt.Key.Key_End, (1, 0.5))):
        qtbot.keyClick(strip, key)
        assert (wished(), share()) == (place, place[0])


def test_a_drag_can_be_played_from_its_second_place_on_until_it_is_cleared(qtbot, tab, find):
    kinds, plane, play = find("pathKindCombo"), find("latentPlane"), find("playPathButton")
    choose_entry(kinds, kinds.itemText(kinds.findData("movement")))
    for _ in range(2):
        QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=QPoint(120, 90))
        assert not play.isEnabled()
        QTest.mouseMove(plane, QPoint(60, 150))
        qtbot.waitUntil(play.isEnabled)
        QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=QPoint(60, 150))
        find("clearPinsButton").click()


def test_speed_loop_and_path_are_changed_while_it_plays(qtbot, find, pin, engine, share):
    for place in ((0, 0), (1, 0.5)):
        pin(*place)
    play, speed, loop, plane = (find(f"{name}") for name in _PLAYING)
    shares = []
    choose_entry(speed, "0.25×")
    play.click()
    qtbot.waitUntil(lambda: bool(share()))
    choose_entry(speed, "4×")
    shares.clear()
    qtbot.waitUntil(lambda: shares.append(share()) or play.text() == "Play path")
    assert plane.handle == pytest.approx((1, 0.5))
    assert len({*shares}) < 90, "of 109 frames it leaves some out at this speed, on a busy machine more"
    play.click()
    loop.click()
    qtbot.waitUntil(lambda: share() > 0.5)
    qtbot.waitUntil(lambda: share() < 0.5)
    loop.click()
    qtbot.waitUntil(lambda: play.text() == "Play path")
    assert (share(), plane.handle) == (1, pytest.approx((1, 0.5)))
    pin(1, 1)
    choose_entry(speed, "0.25×")
    play.click()
    qtbot.waitUntil(lambda: bool(share()))
    engine.view.undo()
    handle = plane.handle
    qtbot.waitUntil(lambda: plane.handle != handle)
    assert share() is None, "it goes along the path of before"


_PLAYING = "playPathButton", "pathSpeedCombo", "loopPathButton", "latentPlane"


def test_a_path_through_epochs_moves_no_timeline_of_another_run(qtbot, find, pin, engine):
    for epoch in (0, 2):
        engine.view.show(Position(epoch))
        pin(epoch / 4, 0)
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    engine.view.show(Position(1))
    choose_entry(find("pathSpeedCombo"), "4×")
    find("playPathButton").click()
    qtbot.waitUntil(lambda: find("latentPlane").handle == pytest.approx((0.5, 0)))
    assert engine.view.position == Position(1)


def test_the_mixer_goes_with_the_run_whose_pins_it_mixes(qtbot, find, pin, engine, train_vae):
    first = engine.view.run
    pin(0.25, 0)
    pin(0.75, 0)
    other = train_vae()
    pin(0.5, -1)
    for _ in range(2):
        engine.view.show_run(first)
        find("mixPinsButton").click()
        assert find("latentPlane").handle == pytest.approx((0.5, 0))
        engine.view.show_run(other)
        assert not [
            each
            for each in QApplication.topLevelWidgets()
            if each.objectName() == "pinMixer" and each.isVisible()
        ]
        assert find("latentPlane").handle == pytest.approx((0.5, -1))
        assert not find("mixPinsButton").isEnabled()


def test_the_way_of_a_drawing_stays_with_the_run_that_encoded_it(qtbot, find, engine, train_vae):
    plane, first = find("latentPlane"), engine.view.run
    other = train_vae()
    engine.view.show_drawing(Seen(image=np.full((28, 28, 1), 0.25, np.float32)))
    for run in (first, other, first):
        engine.view.show_run(run)
        qtbot.waitUntil(lambda: len(plane.points) == 50 and not has_dot(plane, 0.25, 0.5))  # nor white paper
        find("placeDrawingButton").click()
        qtbot.waitUntil(lambda: has_dot(plane, 0.25, 0) and has_dot(plane, 0.25, 0.5))
        find("clearPinsButton").click()
        assert not has_dot(plane, 0.25, 0.5)
        find("placeDrawingButton").click()
        qtbot.waitUntil(lambda: has_dot(plane, 0.25, 0) and has_dot(plane, 0.25, 0.5))
