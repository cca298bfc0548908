"""One line describes the progress of a training, with its actual speed."""

from dataclasses import dataclass
from functools import partial

import pytest
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.training_speed import FULL_SPEED, TRAINING_SPEEDS, TrainingSpeed
from cadl_gui.ui import progress_text as module
from cadl_gui.ui.progress_text import speed_text

progress_text = partial(module.progress_text, details=True)


@dataclass
class Training:
    """The part of the training controller that the text depends on."""

    trained: bool = True
    paused: bool = False
    measured: float = 1300.0
    speed: TrainingSpeed = FULL_SPEED

    def trains(self, run):
        return self.trained

    def is_reported_paused(self, run):
        return self.paused

    def images_per_second(self, run):
        return self.measured


def run(**changes):
    return Run(
        "A",
        description("a", preset("lecture-autoencoder").config),
        History(10),
        **{"newest": Position(2, 4)} | changes,
    )


def test_time_left_follows_from_the_speed():
    text = progress_text(run(), Training())
    assert text == "Epoch 3 of 5 · batch 4 of 10 · 1,300 images/s · 2 s left"
    for step, left in ((0, 30), (4, 26), (9, 21)):
        assert progress_text(run(newest=Position(2, step)), Training(measured=100.0)).endswith(
            f" {left} s left"
        )


def test_without_details_only_the_time_left_says_how_fast_it_is():
    text = progress_text(run(), Training(), details=False)
    assert text == "Epoch 3 of 5 · batch 4 of 10 · 2 s left"


def test_a_paused_training_has_no_speed():
    text = progress_text(run(), Training(paused=True))
    assert text == "Epoch 3 of 5 · batch 4 of 10 · paused"


@pytest.mark.parametrize(
    ("state", "word"),
    [(RunState.COMPLETE, "Trained to"), (RunState.FAILED, "Failed at"), (RunState.STOPPED, "Stopped at"),
     (RunState.OPENED, "Opened · trained to")],
)  # fmt: skip
def test_a_run_at_rest_says_how_it_ended(state, word):
    assert progress_text(run(state=state), Training(trained=False)) == f"{word} epoch 3 of 5, batch 4"


@pytest.mark.parametrize(
    ("newest", "training", "at_rest"),
    [(UNTRAINED, "Untrained · paused", "Untrained"),
     (Position(0, 4), "Epoch 1 of 5 · batch 4 of 10 · paused", "Stopped at epoch 1 of 5, batch 4"),
     (Position(3), "Epoch 3 of 5 · paused", "Stopped at epoch 3 of 5")],
)  # fmt: skip
def test_the_same_position_is_in_the_same_epoch_while_it_trains_and_at_rest(newest, training, at_rest):
    stopped = run(state=RunState.STOPPED)
    stopped.newest = newest
    assert progress_text(stopped, Training(paused=True)) == training
    assert progress_text(stopped, Training(trained=False)) == at_rest


@pytest.mark.parametrize(
    ("shown", "text"),
    [(UNTRAINED, "Untrained"), (Position(0, 2), "Epoch 1 of 5, batch 2"),
     (Position(2), "Epoch 2 of 5"), (Position(3), "Stopped at epoch 3 of 5"),
     (None, "Stopped at epoch 3 of 5")],
)  # fmt: skip
def test_at_rest_it_says_where_we_look(shown, text):
    """It said “trained to epoch 20 of 20” above the images of the untrained network."""
    stopped = run(state=RunState.STOPPED)
    stopped.newest = Position(3)
    assert progress_text(stopped, Training(trained=False), shown=shown) == text
    assert progress_text(stopped, Training(paused=True), shown=shown) == "Epoch 3 of 5 · paused"


@pytest.mark.parametrize(
    ("images_per_second", "ending"),
    [(2500.0, " · to watch it, lower the speed and train again"), (100.0, ""), (0.0, "")],
)
def test_who_missed_a_short_training_is_told_how_to_watch_it(images_per_second, ending):
    """Of 5 epochs of 10 batches of 100 images; the speed of a run that was only opened is not known."""
    ended = run(state=RunState.COMPLETE, images_per_second=images_per_second)
    ended.newest = Position(5)
    assert progress_text(ended, Training(trained=False)) == f"Trained to epoch 5 of 5{ending}"


def test_who_limited_the_speed_has_watched_it():
    ended = run(state=RunState.COMPLETE, images_per_second=2500.0)
    ended.newest = Position(5)
    slow = Training(trained=False, speed=TRAINING_SPEEDS[0])
    assert progress_text(ended, slow) == "Trained to epoch 5 of 5"


def test_paces_read_as_people_say_them():
    assert [speed_text(speed) for speed in (TRAINING_SPEEDS[0], TRAINING_SPEEDS[1], TRAINING_SPEEDS[-1])] == [
        "1 batch a second", "2 batches a second", "Full speed"
    ]  # fmt: skip
