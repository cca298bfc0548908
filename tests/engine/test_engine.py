"""The façade: trainings told by events, requests answered from snapshots, one of each at a time."""

import numpy as np
import pytest

from cadl_gui.core.health import Suggestion
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import Reconstruct
from cadl_gui.engine.engine import Engine, EngineState
from cadl_gui.engine.pace import Pace
from cadl_gui.engine.run import RunState

CONFIGURATION = preset("lecture-autoencoder").configuration.replace(epochs=3)


def wait_for(qtbot, engine, state):
    qtbot.waitUntil(lambda: engine.state is state)


def test_a_training_runs_to_its_end_and_records_what_it_should(qtbot, engine):
    engine.train(CONFIGURATION)
    assert engine.state is EngineState.STARTING
    wait_for(qtbot, engine, EngineState.IDLE)
    (run,) = engine.runs
    assert run.state is RunState.COMPLETE
    assert run.newest == Position(3)
    assert [record.epoch for record in run.history.epochs] == [0, 1, 2, 3]
    assert run.history.n_steps == 30
    assert run.recorded == [
        UNTRAINED,
        *(Position(0, k) for k in (1, 2, 5)),
        *(Position(k) for k in (1, 2, 3)),
    ]
    assert run.fraction == 1.0
    assert run.best_epoch == 3


def test_a_paused_training_stands_still_until_it_is_resumed(qtbot, engine):
    engine.set_pace(Pace(20))
    engine.train(CONFIGURATION)
    wait_for(qtbot, engine, EngineState.TRAINING)
    engine.pause()
    engine.ask(Reconstruct("barrier", engine.runs[0].run_id, None, np.zeros((1, 28, 28, 1), np.float32)))
    qtbot.waitSignal(engine.replied).wait()
    steps = engine.runs[0].history.n_steps
    engine.step()
    qtbot.waitUntil(lambda: engine.runs[0].history.n_steps == steps + 1)
    assert engine.state is EngineState.PAUSED
    engine.set_pace(Pace())
    engine.resume()
    wait_for(qtbot, engine, EngineState.IDLE)
    assert engine.runs[0].state is RunState.COMPLETE


def test_stopping_keeps_the_newest_weights(qtbot, engine):
    engine.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, EngineState.PAUSED)
    for _ in range(4):
        engine.step()
    engine.stop()
    wait_for(qtbot, engine, EngineState.IDLE)
    run = engine.runs[0]
    assert run.state is RunState.STOPPED
    assert run.newest == run.recorded[-1] == Position(0, 4)


def test_rewind_keeps_the_run_and_waits_with_a_fresh_one_of_the_same_seed(qtbot, engine):
    engine.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, EngineState.PAUSED)
    engine.step()
    engine.rewind()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.state is EngineState.PAUSED)
    old, new = engine.runs
    assert old.state is RunState.STOPPED
    assert old.newest == Position(0, 1)
    assert new.newest == UNTRAINED
    assert new.description.configuration == old.description.configuration
    assert engine.view.run is new


def test_the_learning_rate_holds_from_the_next_turn_on(qtbot, engine, backends):
    engine.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, EngineState.PAUSED)
    engine.step()
    engine.set_learning_rate(0.5)
    engine.step()
    qtbot.waitUntil(lambda: engine.runs[0].history.n_steps == 2)
    assert backends[0].learning_rates == [0.001, 0.5]
    assert engine.runs[0].history.learning_rates == [(0, 0.001), (1, 0.5)]


def test_an_infinite_loss_is_told_in_a_sentence_and_the_engine_stays_usable(qtbot, engine):
    with qtbot.waitSignal(engine.failed) as failed:
        engine.train(CONFIGURATION.replace(learning_rate=1e6))
    sentence, details, suggestion = failed.args
    assert sentence == (
        "Training stopped: the loss became infinite at batch 3 of epoch 1. Epoch 1, batch 2 is kept."
    )
    assert "NonFiniteLossError" in details
    assert suggestion == Suggestion("learning_rate", 1e5)
    assert engine.runs[0].state is RunState.FAILED
    engine.train(CONFIGURATION)
    wait_for(qtbot, engine, EngineState.IDLE)
    assert engine.runs[1].state is RunState.COMPLETE


def test_requests_are_answered_for_a_place_on_the_timeline_and_for_the_newest_weights(qtbot, engine):
    engine.train(CONFIGURATION)
    wait_for(qtbot, engine, EngineState.IDLE)
    run = engine.runs[0]
    pictures = run.description.examples
    for position, brightness in ((Position(1), 1 / 3), (None, 1.0)):
        with qtbot.waitSignal(engine.replied) as replied:
            engine.ask(Reconstruct("test", run.run_id, position, pictures))
        (reply,) = replied.args
        assert reply.position == (position or Position(3))
        np.testing.assert_allclose(reply.value, pictures * np.float32(brightness), rtol=1e-6)


def test_a_request_that_fails_is_a_sentence(qtbot, engine):
    with qtbot.waitSignal(engine.replied) as replied:
        engine.ask(Reconstruct("test", "nobody", None, np.zeros((1, 28, 28, 1), np.float32)))
    assert replied.args[0].sentence == "This run is not open."
    assert replied.args[0].value is None


def test_saving_and_opening(qtbot, engine, tmp_path, backends):
    engine.train(CONFIGURATION)
    wait_for(qtbot, engine, EngineState.IDLE)
    engine.view.show(Position(2))
    path = tmp_path / "run.keras"
    with qtbot.waitSignal(engine.saved) as saved:
        engine.save(engine.runs[0], path)
    assert saved.args == [path]
    assert backends[0].saved[0].snapshot.position == Position(2)
    with qtbot.waitSignal(engine.run_added):
        engine.open(path)
    assert engine.runs[1].state is RunState.OPENED
    assert [run.letter for run in engine.runs] == ["A", "B"]


@pytest.mark.parametrize("deed", ["open", "save"])
def test_files_that_cannot_be_are_a_sentence(qtbot, engine, tmp_path, deed):
    engine.train(CONFIGURATION.replace(epochs=1))
    wait_for(qtbot, engine, EngineState.IDLE)
    path = tmp_path / "nowhere" / "run.keras"
    with qtbot.waitSignal(engine.failed) as failed:
        engine.open(path) if deed == "open" else engine.save(engine.runs[0], path)
    assert str(path) in failed.args[0]


def test_a_run_can_be_removed_but_not_while_it_trains(qtbot, engine):
    engine.train(CONFIGURATION, paused=True)
    wait_for(qtbot, engine, EngineState.PAUSED)
    engine.remove(engine.runs[0])
    assert len(engine.runs) == 1
    engine.stop()
    wait_for(qtbot, engine, EngineState.IDLE)
    engine.remove(engine.runs[0])
    assert engine.runs == ()
    assert engine.view.run is None


def test_a_backend_that_cannot_be_imported_is_told(qtbot):
    def broken():
        raise ImportError("no AVX")

    engine = Engine(broken, broken, runs_folder=None)
    with qtbot.waitSignal(engine.failed) as failed:
        engine.load()
    assert failed.args[0] == "TensorFlow could not be loaded: no AVX"
    assert engine.state is EngineState.UNAVAILABLE
    assert engine.shut_down(5000)


def test_shutting_down_in_mid_training_keeps_the_run(qtbot, backends):
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder=None)
    engine.load()
    wait_for(qtbot, engine, EngineState.IDLE)
    engine.set_pace(Pace(20))
    engine.train(CONFIGURATION)
    wait_for(qtbot, engine, EngineState.TRAINING)
    assert engine.shut_down(5000)
    assert not engine.is_running


def test_an_inference_side_that_cannot_be_loaded_answers_with_a_sentence(qtbot, backends):
    def broken():
        raise ImportError("no AVX")

    engine = Engine(lambda: backends[0], broken, runs_folder=None)
    engine.load()
    wait_for(qtbot, engine, EngineState.IDLE)
    with qtbot.waitSignal(engine.replied) as replied:
        engine.ask(Reconstruct("test", "nobody", None, np.zeros((1, 28, 28, 1), np.float32)))
    assert "could not be loaded" in replied.args[0].sentence
    assert engine.shut_down(5000)
