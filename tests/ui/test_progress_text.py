"""One line tells how a training is going, at the speed that really holds."""

import pytest
from fakes import description

from cadl_gui.core.history import History
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.core.presets import preset
from cadl_gui.engine.engine import EngineState
from cadl_gui.engine.pace import FULL_SPEED, PACES, Pace
from cadl_gui.engine.run import Run, RunState
from cadl_gui.ui.progress_text import pace_text, progress_text


def run(**changes):
    config = preset("lecture-autoencoder").config
    return Run("A", description("a", config), History(10), newest=Position(2, 4), **changes)


def test_full_speed_is_the_machine_s():
    text = progress_text(run(images_per_second=1300.0), EngineState.TRAINING, FULL_SPEED, trains=True)
    assert text == "Epoch 3 of 5 · batch 4 of 10 · 1,300 images/s · 2 s left"


def test_a_slow_pace_decides_the_speed():
    text = progress_text(run(images_per_second=1300.0), EngineState.TRAINING, Pace(1), trains=True)
    assert text.endswith("100 images/s · 26 s left")


def test_a_paused_training_has_no_speed():
    text = progress_text(run(images_per_second=1300.0), EngineState.PAUSED, FULL_SPEED, trains=True)
    assert text == "Epoch 3 of 5 · batch 4 of 10 · paused"


@pytest.mark.parametrize(
    ("state", "word"),
    [(RunState.COMPLETE, "Trained to"), (RunState.FAILED, "Failed at"), (RunState.STOPPED, "Stopped at"),
     (RunState.OPENED, "Opened · trained to")],
)  # fmt: skip
def test_a_run_at_rest_says_how_it_ended(state, word):
    text = progress_text(run(state=state), EngineState.IDLE, FULL_SPEED, trains=False)
    assert text == f"{word} epoch 3 of 5, batch 4"


@pytest.mark.parametrize(
    ("newest", "training", "at_rest"),
    [(UNTRAINED, "Untrained · paused", "Untrained"),
     (Position(0, 4), "Epoch 1 of 5 · batch 4 of 10 · paused", "Stopped at epoch 1 of 5, batch 4"),
     (Position(3), "Epoch 3 of 5 · paused", "Stopped at epoch 3 of 5")],
)  # fmt: skip
def test_the_same_position_is_in_the_same_epoch_while_it_trains_and_at_rest(newest, training, at_rest):
    stopped = run(state=RunState.STOPPED)
    stopped.newest = newest
    assert progress_text(stopped, EngineState.PAUSED, FULL_SPEED, trains=True) == training
    assert progress_text(stopped, EngineState.IDLE, FULL_SPEED, trains=False) == at_rest


def test_paces_read_as_people_say_them():
    assert [pace_text(pace) for pace in (PACES[0], PACES[1], PACES[-1])] == [
        "1 batch a second", "2 batches a second", "Full speed"
    ]  # fmt: skip
