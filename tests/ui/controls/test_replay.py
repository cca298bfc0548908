"""The replay shows a span of the run once, at a speed; both are remembered."""

import pytest
from any_run import rendered
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListView
from trained import train

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.ui.controls.replay import Replay
from cadl_gui.ui.settings import Settings

pytestmark = pytest.mark.gui
PAGES = "seen"

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=4)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def run(qtbot, window, engine):
    return train(qtbot, engine, CONFIGURATION)


def trigger(window, key):
    window.findChild(QAction, f"{key}Action").trigger()


def test_replay_shows_once_what_is_between_the_positions_chosen(qtbot, window, engine, run, hand):
    engine.view.show(Position(2))
    trigger(window, "replayFrom")
    engine.view.show(Position(3))
    trigger(window, "replayTo")
    seen = rendered(engine.view, lambda: engine.view.position)
    for _ in range(2):
        del seen[:]
        hand.press()
        qtbot.waitUntil(lambda: not hand.is_playing)
        assert seen == [Position(2), Position(3)]
    trigger(window, "replayAll")
    engine.view.show(Position(4))
    del seen[:]
    hand.press()
    qtbot.waitUntil(lambda: not hand.is_playing)
    assert seen == run.recorded
    assert engine.view.position == Position(4)


def test_choosing_a_position_stops_it(qtbot, window, engine, find, run):
    qtbot.mouseClick(find("playButton"), LEFT)
    find("epochSlider").setValue(2)
    here = engine.view.position
    wait_until_idle(engine, window)
    assert engine.view.position == here


@pytest.mark.parametrize("key", ["back", "forward", "first", "firstEpoch", "bestEpoch"])
def test_every_way_to_choose_a_position_stops_the_replay(qtbot, window, engine, find, run, key):
    """The replay went on, and took the best epoch away within a quarter of a second."""
    engine.view.show(Position(1))
    button = find("playButton")
    at_rest = button.icon().cacheKey()
    qtbot.mouseClick(button, LEFT)
    assert button.icon().cacheKey() != at_rest
    trigger(window, key)
    assert button.icon().cacheKey() == at_rest


def test_another_run_ends_it(qtbot, window, engine, find, run):
    """A run that was clicked, and a training that was started, was left at once for its first batch."""
    another = train(qtbot, engine, CONFIGURATION)
    button, rows = find("playButton"), find("runList", QListView)
    at_rest = button.icon().cacheKey()
    qtbot.mouseClick(button, LEFT)
    assert button.icon().cacheKey() != at_rest
    qtbot.mouseClick(rows.viewport(), LEFT, pos=rows.visualRect(rows.model().index(0, 0)).center())
    assert engine.view.run is not another
    assert engine.view.is_live
    assert button.icon().cacheKey() == at_rest


@pytest.mark.parametrize("way", ["button", "keys"])
def test_going_back_to_live_ends_it(qtbot, window, engine, find, run, way):
    """It went on, and showed the next epoch of the replay at once."""
    button = find("playButton")
    at_rest = button.icon().cacheKey()
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: engine.view.position > UNTRAINED)
    assert button.icon().cacheKey() != at_rest
    if way == "button":
        qtbot.mouseClick(find("liveButton"), LEFT)
    else:
        qtbot.keyClick(window, Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
    assert engine.view.is_live
    assert button.icon().cacheKey() == at_rest


def test_speed_and_span_are_remembered(window, engine, run):
    replay = Replay(engine, Settings())
    replay.next_rate()
    replay.set_span(run, Position(1), Position(3))
    again = Replay(engine, Settings())
    assert again.rate == replay.rate == 4
    assert again.span(run) == (Position(1), Position(3))
    again.set_span(run, UNTRAINED, Position(4))
    assert Replay(engine, Settings()).span(run) == (UNTRAINED, Position(4))


def test_an_end_of_the_run_moves_with_it_while_it_is_trained(window, engine, run):
    replay = Replay(engine, Settings())
    replay.set_span(run, Position(2), Position(4))
    run.recorded.append(Position(5))
    assert replay.span(run) == (Position(2), Position(5))


def test_a_grip_is_let_go_when_another_run_is_shown(qtbot, window, engine, find, run):
    """A training that had been started appeared under the hand, and the next move was an error."""
    slider = find("epochSlider")
    qtbot.mousePress(slider, LEFT, pos=QPoint(8, 4))
    qtbot.mouseMove(slider, QPoint(slider.width() // 2, 4))
    chosen = []
    slider.span_chosen.connect(lambda *span: chosen.append(span))
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.view.run is not run)
    qtbot.mouseMove(slider, QPoint(slider.width() // 3, 4))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(slider.width() // 3, 4))
    assert chosen == []


@pytest.fixture
def hand(qtbot, window, engine, find, settings):
    """A replay at sixty positions a second, and what can be done with it."""
    settings.replay_rate = 60
    return Hand(qtbot, window, engine, find)


class Hand:
    """Presses the timeline's buttons, and knows what they report."""

    def __init__(self, qtbot, window, engine, find):
        self._qtbot, self._engine, self._find = qtbot, engine, find
        self._replay = window.findChild(Replay)
        self._at_rest = find("playButton").icon().cacheKey()
        self.seen = rendered(engine.view, lambda: (engine.view.run, engine.view.position))

    @property
    def is_playing(self):
        return self._find("playButton").icon().cacheKey() != self._at_rest

    @property
    def ticks(self):
        """Milliseconds between two positions; None while nothing is replayed."""
        clocks = [clock for clock in self._replay.findChildren(QTimer) if clock.isActive()]
        return clocks[0].interval() if clocks else None

    def press(self, name="playButton"):
        self._qtbot.mouseClick(self._find(name), LEFT)

    def epochs_seen_to_the_end(self):
        """The positions that are shown until it ends, each of the run that is shown now."""
        del self.seen[:]
        self._qtbot.waitUntil(lambda: not self.is_playing)
        assert {run for run, _ in self.seen} == {self._engine.view.run}
        return [position for _, position in self.seen]


def test_each_speed_is_that_of_the_replay_under_way_and_of_the_next_one(window, find, settings, run, hand):
    """The button told another speed, and the replay went on at the one before until it was begun anew."""
    settings.replay_rate = 12
    for rate, milliseconds in ((1, 1000), (2, 1000), (4, 1000), (12, 332), (1, 1000)):
        hand.press("epochRateButton")
        assert (hand.ticks, hand.is_playing) == (None, False), "it is not begun by that"
        hand.press()
        assert (hand.ticks, hand.is_playing) == (milliseconds, True), "the first one is seen for longer"
        assert find("epochRateButton").text() == f"Speed: {rate}/s"
        hand.press()
    hand.press()
    for rate, milliseconds in ((2, 500), (4, 250), (12, 83), (1, 1000), (2, 500)):
        hand.press("epochRateButton")
        assert (hand.ticks, hand.is_playing) == (milliseconds, True)
        assert find("epochRateButton").text() == f"Speed: {rate}/s"
        assert settings.replay_rate == rate
    hand.press()
    assert hand.ticks is None


def test_replay_begins_where_one_is_and_at_the_start_of_its_span_if_that_is_elsewhere(
    window, engine, run, hand
):
    window.findChild(Replay).set_span(run, Position(1), Position(3))
    for begin, expected in (
        (lambda: engine.view.show(Position(2)), (2, 3)),
        (lambda: engine.view.show(Position(1)), (1, 2, 3)),
        (lambda: engine.view.show(Position(3)), (1, 2, 3)),
        (lambda: engine.view.show(Position(4)), (1, 2, 3)),
        (lambda: engine.view.show(UNTRAINED), (1, 2, 3)),
        (engine.view.go_live, (1, 2, 3)),
    ):
        begin()
        hand.press()
        here = engine.view.position
        assert [here, *hand.epochs_seen_to_the_end()] == [Position(epoch) for epoch in expected]


def test_an_end_of_the_span_that_is_passed_by_the_other_goes_to_the_end_of_the_run(window, engine, find, run):
    """“Replay from here” behind the end of the span replayed all of the run."""
    replay = window.findChild(Replay)
    for span, key, here, expected in (
        ((0, 3), "replayFrom", 2, (2, 3)),
        ((0, 2), "replayFrom", 3, (3, 4)),
        ((1, 3), "replayFrom", 3, (3, 4)),
        ((2, 4), "replayFrom", 4, (2, 4)),
        ((1, 4), "replayTo", 3, (1, 3)),
        ((2, 4), "replayTo", 1, (0, 1)),
        ((2, 4), "replayTo", 2, (0, 2)),
        ((1, 3), "replayTo", 0, (1, 3)),
        ((1, 3), "replayAll", 2, (0, 4)),
    ):
        replay.set_span(run, *map(Position, span))
        engine.view.show(Position(here))
        trigger(window, key)
        assert replay.span(run) == tuple(map(Position, expected)), (span, key, here)
        assert find("epochSlider").value() == here


def test_each_run_has_a_span_of_its_own_and_what_is_removed_ends_the_replay(qtbot, window, engine, run, hand):
    other = train(qtbot, engine, CONFIGURATION.replace(epochs=3))
    replay = window.findChild(Replay)
    for each, start, end in ((run, 2, 4), (other, 1, 2)):
        engine.view.show_run(each)
        engine.view.show(Position(start))
        trigger(window, "replayFrom")
        engine.view.show(Position(end))
        trigger(window, "replayTo")
    for each, epochs in ((run, (2, 3, 4)), (other, (1, 2)), (run, (2, 3, 4))):
        engine.view.show_run(each)
        hand.press()
        here = engine.view.position
        assert [here, *hand.epochs_seen_to_the_end()] == [Position(epoch) for epoch in epochs]
        hand.press()
        engine.view.show_run(other if each is run else run)
        assert not hand.is_playing
    hand.press()
    engine.runs.remove(engine.view.run)
    wait_until_idle(engine, window)
    assert (hand.is_playing, engine.view.run, engine.view.is_live) == (False, run, True)
    assert replay.span(run) == (Position(2), Position(4))
    engine.runs.remove(run)
    hand.press()
    assert (hand.is_playing, engine.view.run) == (False, None)
    engine.runs.restore_removed()
    assert engine.view.run is run
    hand.press()
    assert hand.epochs_seen_to_the_end() == [Position(3), Position(4)]


def test_replay_goes_on_behind_other_pages_and_beside_a_training_of_another_run(
    qtbot, window, engine, find, run, hand
):
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.view.run is not run)
    engine.view.show_run(run)
    for name in ("drawTab", "latentTab"):
        hand.press()
        find("tabs").setCurrentWidget(find(name))
        newest = engine.training.run.newest
        engine.training.step()
        qtbot.waitUntil(lambda newest=newest: engine.training.run.newest > newest)
        qtbot.waitUntil(lambda: not hand.is_playing)
        assert (engine.view.run, engine.view.position) == (run, Position(4))
    trigger(window, "play")
    assert hand.is_playing
    trigger(window, "play")
    assert not hand.is_playing
