"""All presets can be trained, and their checkpoints contain the trained weights."""

import numpy as np
import pytest
from stores import store
from weights import assert_same_weights, same_weights

from cadl_gui.domain.events import EpochCompleted, SnapshotTaken, StepsTaken, TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.recorded import train_and_record

pytestmark = [pytest.mark.tf, pytest.mark.slow]


def noise():
    """Seventy small blurred images with labels in place of MNIST."""
    random = np.random.default_rng(5)
    images = (random.random((70, 9, 8, 1)) ** 3 * 255).astype(np.uint8)
    return store("Noise", images, np.arange(70) % 10, n_test=7)


NOISE = noise()


def begun(request, dataset=NOISE):
    """A training on these images, whatever dataset is configured."""
    return train_and_record(request, load=lambda _: dataset)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_trains_an_epoch_and_opens_as_it_was_saved(name, tmp_path):
    config = preset(name).config.replace(epochs=1, batch_size=8)
    training = begun(TrainingRequest("run", name, config, tmp_path / "run"))
    events = list(next(training))
    while not isinstance(events[-1], TrainingEnded):
        events += training.send(StepBudget(60.0, None, config.training.learning_rate))
    snapshots = {
        event.snapshot.position: event.snapshot for event in events if isinstance(event, SnapshotTaken)
    }
    first, last = snapshots[Position(0)], snapshots[Position(1)]
    assert not same_weights(first.weights, last.weights)
    (record,) = [e.record for e in events if isinstance(e, EpochCompleted) and e.record.epoch == 1]
    names = {name for event in events if isinstance(event, StepsTaken) for name in event.metrics}
    assert set(record.metrics) == names | {f"val_{name}" for name in names}

    stored = read_run(tmp_path / "run")
    model = open_checkpoint(stored.checkpoint).model
    assert_same_weights(model.weights_by_path, last.weights)
    on_disk = read_snapshot(tmp_path / "run", Position(1))
    assert_same_weights(on_disk.weights, last.weights)
    assert (on_disk.artifacts.confusion is not None) == config.model.is_classifier
    assert (on_disk.artifacts.latents is None) == config.model.is_classifier
