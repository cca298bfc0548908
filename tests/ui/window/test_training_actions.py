"""Which run the training actions act on: the one in training, else the one shown; also the second time."""

import pytest
from fakes import FakeInference
from held import HeldTraining
from menus import entry
from next_settings import set_next
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_speed import FULL_SPEED, TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference
RUNS_FOLDER = "runs"

SHORT = preset("softmax").config.replace(epochs=2, seed=11)
LONG = preset("lecture-autoencoder").config.replace(epochs=7, seed=12)


def begun(qtbot, engine, backends, n):
    """The configuration of the training that is begun as the n-th, once it waits or goes on."""
    under_way = {TrainingState.TRAINING, TrainingState.PAUSED}
    qtbot.waitUntil(lambda: len(backends[0].requests) == n and engine.training.state in under_way)
    assert engine.training.run.run_id == backends[0].requests[-1].run_id
    return backends[0].requests[-1].config


def ended(qtbot, engine):
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


def test_train_again_repeats_the_run_that_it_names_whatever_else_is_shown(
    qtbot, window, find, engine, backends
):
    """The run shown was trained again, although the button named the one in training."""
    shown = train(qtbot, engine, SHORT)
    again, verbs = entry(window, "rewind"), [entry(window, key) for key in ("pause", "step", "stop")]
    engine.training.train(LONG, paused=True)
    assert begun(qtbot, engine, backends, 2) == LONG
    engine.view.show_run(shown)
    assert [action.text() for action in (again, *verbs)] == ["Train again B", "Resume B", "Step B", "Stop B"]
    again.trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert backends[0].requests[-1].config == LONG
    qtbot.waitUntil(lambda: engine.runs[1].state is RunState.STOPPED)
    assert engine.view.run is engine.runs[2]
    assert again.text() == "Train again"
    ended(qtbot, engine)
    engine.view.show_run(shown)
    again.trigger()
    ended(qtbot, engine)
    assert [request.config for request in backends[0].requests] == [SHORT, LONG, LONG, SHORT]
    assert len({run.description.name for run in engine.runs}) == 4


def test_step_begins_a_run_and_then_goes_on_with_it_also_for_the_next_one(qtbot, window, engine, backends):
    step, stop = entry(window, "step"), entry(window, "stop")
    for n, config in enumerate((SHORT, LONG), 1):
        set_next(engine, config)
        qtbot.waitUntil(step.isEnabled)
        for batch in (1, 2):
            step.trigger()
            qtbot.waitUntil(
                lambda n=n, batch=batch: (
                    len(engine.runs) == n and engine.runs[-1].newest == Position(0, batch)
                )
            )
            assert engine.training.state is TrainingState.PAUSED
        assert [request.config for request in backends[0].requests][n - 1 :] == [config]
        stop.trigger()
        ended(qtbot, engine)
        assert not stop.isEnabled()


def test_pause_resumes_the_stopped_run_that_is_shown_and_no_other(qtbot, window, engine, backends):
    engine.training.set_speed(TRAINING_SPEEDS[0])
    pause, (first, second) = entry(window, "pause"), (stopped(qtbot, engine, n) for n in (1, 2))
    for run in (first, second, first):
        engine.view.show_run(run)
        assert (pause.text(), pause.isEnabled()) == ("Resume", True)
        name = f"{run.letter} lecture-autoencoder{' 2' if run is second else ''}"
        assert pause.toolTip().startswith(f"{name} resumes ")
        n = len(backends[0].requests)
        pause.trigger()
        assert window.statusBar().currentMessage().startswith(f"{name} resumes ")
        assert begun(qtbot, engine, backends, n + 1) == LONG
        assert (backends[0].requests[-1].resume, engine.training.run) == (True, run)
        engine.training.stop()
        ended(qtbot, engine)
    engine.training.set_speed(FULL_SPEED)
    engine.view.show_run(train(qtbot, engine, SHORT))
    assert (pause.text(), pause.isEnabled()) == ("Pause", False)


def test_a_training_that_is_resumed_is_shown_live_whatever_was_shown_meanwhile(
    qtbot, window, engine, backends
):
    """Its pictures stayed at the untrained network, which had been looked at during the pause."""
    view, pause = engine.view, entry(window, "pause")
    shown = train(qtbot, engine, SHORT)
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(LONG, paused=True)
    begun(qtbot, engine, backends, 2)
    trained = engine.training.run
    for run in (trained, shown):
        view.show_run(run)
        view.show(Position(0, 0))
        assert not view.is_live
        pause.trigger()
        assert (engine.training.state, view.run, view.is_live) == (TrainingState.TRAINING, trained, True)
        pause.trigger()
        assert engine.training.state is TrainingState.PAUSED
    engine.training.stop()
    ended(qtbot, engine)


def stopped(qtbot, engine, batches):
    engine.training.train(LONG, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    run = engine.training.run
    run.description.source.mkdir(parents=True)
    for batch in range(batches):
        engine.training.step()
        qtbot.waitUntil(lambda batch=batch: run.newest == Position(0, batch + 1))
    engine.training.stop()
    ended(qtbot, engine)
    return run
