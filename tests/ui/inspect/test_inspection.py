"""Weights and activations follow run, position and picture; answers that come too late are dropped."""

import numpy as np
import pytest
from fakes import FakeTraining
from weighted_fakes import WeightedInference

from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import FetchSnapshot, FollowThrough, Reply
from cadl_gui.engine.engine import EngineState
from cadl_gui.ui.inspect.inspection import Inspection

SOFTMAX = preset("softmax").config.replace(epochs=2)


@pytest.fixture
def backends():
    return FakeTraining(), WeightedInference()


@pytest.fixture
def inspection(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    engine.train(SOFTMAX)
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE and bool(engine.runs))
    return Inspection(engine)


def picture(value):
    return np.full((28, 28, 1), value, np.float32)


def test_a_picture_is_followed(qtbot, inspection):
    inspection.set_picture(picture(0.5))
    heard = []
    inspection.activations_arrived.connect(heard.append)
    inspection.set_active(True)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0][0][0, 4] == pytest.approx(2)


def test_the_answer_is_about_the_position_that_is_shown(qtbot, inspection, engine):
    inspection.set_active(True)
    with qtbot.waitSignal(inspection.weights_arrived, check_params_cb=lambda s: s.position == Position(1)):
        engine.view.show(Position(1))


def test_answers_about_earlier_pictures_positions_and_runs_are_dropped(qtbot, inspection, engine):
    run = engine.runs[0]
    inspection.set_picture(picture(0.5))
    engine.view.show(Position(1))
    late = (
        FollowThrough("inspection", run.run_id, Position(1), picture(0.4)[np.newaxis]),
        FetchSnapshot("inspection", run.run_id, Position(0)),
        FetchSnapshot("inspection", "another run", Position(1)),
        FetchSnapshot("another channel", run.run_id, Position(1)),
    )
    heard = []
    inspection.weights_arrived.connect(heard.append)
    inspection.activations_arrived.connect(heard.append)
    for request in late:
        engine.replied.emit(Reply(1, request, request.position, "late"))
    assert not heard


def test_what_cannot_be_fetched_or_followed_is_told(qtbot, inspection, engine):
    run = engine.runs[0]
    shown = engine.view.position
    with qtbot.waitSignal(inspection.failed) as failed:
        request = FetchSnapshot("inspection", run.run_id, shown)
        engine.replied.emit(Reply(1, request, None, None, "Not kept."))
    assert failed.args == ["Not kept."]


def test_an_answer_about_the_newest_weights_does_not_cover_the_position_that_was_gone_back_to(
    inspection, engine
):
    run = engine.runs[0]
    engine.view.show(Position(1))
    heard = []
    inspection.weights_arrived.connect(heard.append)
    newest = FetchSnapshot("inspection", run.run_id, None)
    engine.replied.emit(Reply(1, newest, Position(2), "the newest weights"))
    assert not heard
    engine.replied.emit(Reply(2, newest, Position(1), "asked for when they were the newest"))
    assert len(heard) == 1


def test_while_it_follows_somewhat_older_weights_are_better_than_none(inspection, engine):
    run = engine.runs[0]
    heard = []
    inspection.weights_arrived.connect(heard.append)
    engine.view.follow()
    engine.replied.emit(Reply(1, FetchSnapshot("inspection", run.run_id, None), Position(1), "older"))
    assert len(heard) == 1
