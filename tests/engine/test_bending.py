"""Bends live in one home; whoever asks is answered by the network as it is bent when the answer comes."""

import numpy as np
import pytest
from fakes import SHAPE

from cadl_gui.core.bends import Part, scaled
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import FetchSnapshot, Reconstruct, Reply
from cadl_gui.engine.engine import EngineState

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)
MUTED = scaled((), Part("encoder_1", 3), 0.0)


@pytest.fixture
def run(qtbot, engine):
    engine.train(CONFIGURATION)
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE and bool(engine.runs))
    return engine.runs[0]


def question(run):
    return Reconstruct("test", run.run_id, None, np.zeros((1, *SHAPE), np.float32))


def test_a_bend_is_part_of_every_question(qtbot, engine, run):
    engine.bending.bend(run.run_id, MUTED)
    with qtbot.waitSignal(engine.replied) as replied:
        engine.ask(question(run))
    assert replied.args[0].request.bends == MUTED


def test_whoever_shows_the_run_hears_of_it(qtbot, engine, run):
    with qtbot.waitSignals([engine.view.position_changed, engine.run_changed]):
        engine.bending.bend(run.run_id, MUTED)
    with qtbot.waitSignal(engine.view.position_changed):
        engine.bending.undo(run.run_id)
    with qtbot.assertNotEmitted(engine.view.position_changed):
        engine.bending.undo(run.run_id)


def test_an_answer_of_the_network_before_the_bend_never_comes(qtbot, engine, run):
    """It is asked again instead, so that whoever waits is answered."""
    replies = []
    engine.replied.connect(replies.append)
    number = engine.ask(question(run))
    engine.bending.bend(run.run_id, MUTED)
    qtbot.waitUntil(lambda: bool(replies))
    assert [(reply.number, reply.request.bends) for reply in replies] == [(number, MUTED)]


def test_a_newer_question_goes_instead_of_one_that_no_longer_holds(qtbot, engine, run):
    replies = []
    engine.replied.connect(replies.append)
    engine.ask(question(run))
    newer = engine.ask(question(run))
    engine.bending.bend(run.run_id, MUTED)
    qtbot.waitUntil(lambda: bool(replies))
    assert [reply.number for reply in replies] == [newer]


def test_a_bent_run_is_not_saved_and_a_straightened_one_is(qtbot, engine, run, tmp_path):
    engine.bending.bend(run.run_id, MUTED)
    with qtbot.waitSignal(engine.failed) as failed:
        engine.save(run, tmp_path / "bent.keras")
    assert "A lecture-autoencoder is bent" in failed.args[0]
    assert not list(tmp_path.glob("*.keras"))
    engine.bending.straighten(run.run_id)
    with qtbot.waitSignal(engine.saved):
        engine.save(run, tmp_path / "straight.keras")


def test_runs_are_bent_one_by_one(engine, run):
    engine.bending.bend(run.run_id, MUTED)
    assert engine.bending.of("another run") == ()
    engine.bending.straighten(run.run_id)
    assert engine.bending.history(run.run_id).can_undo, "straightening, too, can be undone"


def test_a_reply_about_a_run_that_is_gone_is_still_a_reply(engine):
    replies = []
    engine.replied.connect(replies.append)
    engine._on_replied(Reply(1, FetchSnapshot("test", "gone", None), None, None, "Not open."))
    assert len(replies) == 1
