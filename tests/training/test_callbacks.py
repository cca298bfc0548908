"""Callbacks add events to those of the loop, which does not know them."""

import itertools

import numpy as np
import pytest
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted, HealthNoted, SnapshotsDropped, SnapshotTaken, TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.training.callbacks import Callback, Diagnostics, Retention
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

pytestmark = pytest.mark.tf

CONFIG = RunConfig.of(preset="test", layers=(4,), batch_size=20, epochs=104)
"""One step per epoch."""

LONG = StepBudget(seconds=60.0, max_steps=None, learning_rate=1e-3)


@pytest.fixture(scope="module")
def dataset():
    images = np.random.default_rng(5).integers(0, 256, (30, 4, 4, 1), np.uint8)
    return store("Noise", images, None, n_test=5)


def drive(dataset, config, callbacks_of):
    """All turns' events of a whole training."""
    start = initial_state(config, dataset, split(dataset, config))
    training = train(TrainingRequest("run", "Run", config), dataset, start, callbacks_of(start))
    turns = [next(training)]
    while not isinstance(turns[-1][-1], TrainingEnded):
        turns.append(training.send(LONG))
    return turns


def test_beyond_the_hundredth_epoch_every_second_one_is_dropped(dataset):
    turns = drive(dataset, CONFIG, lambda start: [Retention(start)])
    assert len(turns) == 105
    reported = list(itertools.chain(*turns))
    retained = {
        event.snapshot.position for event in reported if isinstance(event, SnapshotTaken) and event.recorded
    }
    dropped = {
        position for event in reported if isinstance(event, SnapshotsDropped) for position in event.positions
    }
    best = min(
        (event.record for event in reported if isinstance(event, EpochCompleted) and event.record.epoch),
        key=lambda record: record.metrics["val_loss"],
    )
    assert Position(101) in dropped or best.epoch == 101
    assert {position.epoch for position in retained - dropped} == {
        *range(101), 102, 104, best.epoch,
    }  # fmt: skip


def test_what_is_not_well_comes_in_front_of_the_epochs_end():
    """If all images are black, all units are constant."""
    black = store("Black", np.zeros((30, 4, 4, 1), np.uint8), None, n_test=5)
    config = CONFIG.replace(epochs=1, layers=(8, 4))
    first, *_ = drive(black, config, lambda start: [Diagnostics(start, black)])
    kinds = [type(event) for event in first]
    assert kinds.index(HealthNoted) == kinds.index(EpochCompleted) - 1


def test_the_loop_is_independent_of_callbacks(dataset):
    reported = list(itertools.chain(*drive(dataset, CONFIG, lambda _: [])))
    assert not [event for event in reported if isinstance(event, HealthNoted | SnapshotsDropped)]


def test_each_is_reported_what_the_one_before_made_of_it_and_of_every_turn(dataset):
    heard = []

    class Named(Callback):
        def __init__(self, name):
            self.name = name

        def on_turn(self, budget):
            heard.append((self.name, budget))

        def on_events(self, events):
            heard.append((self.name, events))
            return (*events, self.name)

    budget = StepBudget(seconds=0.0, max_steps=0, learning_rate=0.5)
    start = initial_state(CONFIG, dataset, split(dataset, CONFIG))
    training = train(TrainingRequest("run", "Run", CONFIG), dataset, start, [Named("first"), Named("second")])
    assert next(training)[-2:] == ("first", "second")
    last = training.send(budget)
    assert last[-2:] == ("first", "second")
    assert heard[2:4] == [("first", budget), ("second", budget)]
    assert [name for name, _ in heard] == ["first", "second"] * 3
    assert heard[-1][1] == last[:-1]
