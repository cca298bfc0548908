"""The checkpoint of a classifier has, once it is opened, what its run recorded of it."""

import numpy as np
import pytest

from cadl_gui.domain.events import EpochCompleted, SnapshotTaken, TrainingStarted
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.training_requests import OpenFile, SaveCheckpoint, StepBudget, TrainingRequest
from cadl_gui.saved.backend import Training
from cadl_gui.saved.opened import FEWEST_EVALUATED, open_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

SOFTMAX = preset("lecture-softmax").config.replace(epochs=1, batch_size=1000)


def trained_events(config):
    turns = Training().train(TrainingRequest("r", "r", config))
    events = list(next(turns))
    while True:
        try:
            events += turns.send(StepBudget(60.0, None, 1e-3))
        except StopIteration:
            return events


def saved_newest(events, folder):
    """Save the newest weights, and return the file."""
    (started,) = (event for event in events if isinstance(event, TrainingStarted))
    snapshot = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    path = folder / "mine.keras"
    history = History(started.description.steps_per_epoch)
    Training().save(SaveCheckpoint(started.description, history, snapshot, path))
    return path


def test_confusion_and_mistakes_are_those_that_were_recorded(tmp_path):
    """Two empty panels said that something appears with the first batch."""
    events = trained_events(SOFTMAX)
    (started,) = (event for event in events if isinstance(event, TrainingStarted))
    (snapshot,) = (
        event.snapshot
        for event in events
        if isinstance(event, SnapshotTaken) and event.recorded and event.snapshot.position == Position(1)
    )
    history = History(started.description.steps_per_epoch)
    history.add_epoch(next(event.record for event in events if isinstance(event, EpochCompleted)))
    path = tmp_path / "mine.keras"
    Training().save(SaveCheckpoint(started.description, history, snapshot, path))
    artifacts = Training().open(OpenFile("o", path)).snapshot.artifacts
    assert artifacts is not None
    np.testing.assert_array_equal(artifacts.confusion, snapshot.artifacts.confusion)
    np.testing.assert_array_equal(artifacts.mistakes.images, snapshot.artifacts.mistakes.images)


@pytest.mark.parametrize(("n_affordable", "n_evaluated"), [(150, 150), (FEWEST_EVALUATED - 1, None)])
def test_a_network_that_takes_long_is_evaluated_on_few_images_or_not_at_all(
    tmp_path, n_affordable, n_evaluated
):
    """A file may hold a network of any size, and is opened while the user waits."""
    path = saved_newest(trained_events(SOFTMAX), tmp_path)
    artifacts = open_path(path).as_event(OpenFile("o", path), n_affordable * 7840).snapshot.artifacts
    assert (None if artifacts is None else artifacts.confusion.sum()) == n_evaluated


def test_of_another_network_nothing_is_evaluated(tmp_path):
    config = preset("lecture-autoencoder").config.replace(epochs=1, batch_size=5000)
    path = saved_newest(trained_events(config), tmp_path)
    assert Training().open(OpenFile("o", path)).snapshot.artifacts is None
