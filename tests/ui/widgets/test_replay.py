"""The replay loops through a span of the run, at a speed; both are remembered."""

import pytest
from any_run import rendered
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListView
from trained import train

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.widgets.replay import Replay

pytestmark = [pytest.mark.gui, pytest.mark.slow]

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=4)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pages():
    return "seen"


@pytest.fixture
def run(qtbot, window, engine):
    return train(qtbot, engine, CONFIGURATION)


def trigger(window, key):
    window.findChild(QAction, f"{key}Action").trigger()


def test_replay_loops_between_the_positions_chosen(qtbot, window, engine, find, run):
    engine.view.show(Position(2))
    trigger(window, "replayFrom")
    engine.view.show(Position(3))
    trigger(window, "replayTo")
    seen = rendered(engine.view, lambda: engine.view.position)
    qtbot.mouseClick(find("epochRateButton"), LEFT)
    qtbot.mouseClick(find("epochPlayButton"), LEFT)
    qtbot.waitUntil(lambda: len(seen) >= 4)
    qtbot.mouseClick(find("epochPlayButton"), LEFT)
    assert seen[:4] == [Position(2), Position(3), Position(2), Position(3)]
    trigger(window, "replayAll")
    del seen[:]
    engine.view.show(Position(4))
    qtbot.mouseClick(find("epochPlayButton"), LEFT)
    qtbot.waitUntil(lambda: UNTRAINED in seen and len(seen) - seen.index(UNTRAINED) > len(run.recorded))
    qtbot.mouseClick(find("epochPlayButton"), LEFT)
    whole = seen[seen.index(UNTRAINED) :]
    assert whole[: len(run.recorded) + 1] == [*run.recorded, UNTRAINED]


@pytest.mark.parametrize(("key", "epoch"), [("replayFrom", 4), ("replayTo", 0)])
def test_span_ends_at_the_last_position_and_begins_at_the_first(window, engine, run, key, epoch):
    """Its replay was of the whole run again, and once it was trained further, of what came then."""
    replay = window.findChild(Replay)
    replay.set_span(run, Position(2), Position(3))
    engine.view.show(Position(epoch))
    trigger(window, key)
    assert replay.span(run) == (Position(2), Position(3))


def test_choosing_a_position_stops_it(qtbot, window, engine, find, run):
    qtbot.mouseClick(find("epochPlayButton"), LEFT)
    find("epochSlider").setValue(2)
    here = engine.view.position
    wait_until_idle(engine, window)
    assert engine.view.position == here


@pytest.mark.parametrize("key", ["back", "forward", "first", "firstEpoch", "bestEpoch"])
def test_every_way_to_choose_a_position_stops_the_replay(qtbot, window, engine, find, run, key):
    """The replay went on, and took the best epoch away within a quarter of a second."""
    engine.view.show(Position(1))
    button = find("epochPlayButton")
    at_rest = button.icon().cacheKey()
    qtbot.mouseClick(button, LEFT)
    assert button.icon().cacheKey() != at_rest
    trigger(window, key)
    assert button.icon().cacheKey() == at_rest


def test_another_run_ends_it(qtbot, window, engine, find, run):
    """A run that was clicked, and a training that was started, was left at once for its first batch."""
    another = train(qtbot, engine, CONFIGURATION)
    button, rows = find("epochPlayButton"), find("runList", QListView)
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
    button = find("epochPlayButton")
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
    assert again.rate == replay.rate == 12
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
