"""The same seed gives the same run: repeated, in other turns, and interrupted and resumed."""

import itertools

import numpy as np
import pytest
from same_runs import assert_same_run
from stores import store

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import SnapshotTaken, TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.training.recorded import train_and_record

pytestmark = pytest.mark.tf

CLASSIFIER = RunConfig.of(
    preset="test",
    model="classifier",
    epochs=3,
    batch_size=8,
    schedule="cosine",
    weight_decay=0.01,
    convolutional=True,
    layers=(4, 3),
    kernel_sizes=(3, 3),
    strides=(2, 1),
    augmentation=0.6,
    handwriting_variants=0.5,
    batch_normalisation=True,
    dropout=0.2,
    use_bias=True,
    initializer="he",
)
VARIATIONAL = RunConfig.of(
    preset="test",
    epochs=3,
    batch_size=8,
    layers=(7,),
    latent_dim=2,
    tied=False,
    variational=True,
    denoising=True,
    corruption="salt-and-pepper",
    batch_normalisation=True,
    dropout=0.2,
    use_bias=True,
    output_activation="sigmoid",
    initializer="glorot",
)
RATE = 1e-2


def noise():
    """133 small images in place of the configured dataset: 14 batches of 8."""
    random = np.random.default_rng(5)
    images = (random.random((133, 8, 7, 1)) ** 3 * 255).astype(np.uint8)
    return store("Noise", images, random.integers(0, 10, 133), n_test=13)


NOISE = noise()


def begun(request, dataset=NOISE):
    """A training on these images, whatever dataset is configured."""
    return train_and_record(request, load=lambda _: dataset)


def run(config, folder, turns, *, resume=False):
    """Drive a training through turns, repeating the last one."""
    training = begun(TrainingRequest("run", "Run", config, folder, resume=resume))
    events = list(next(training))
    following = itertools.chain(turns, itertools.repeat(turns[-1]))
    while not isinstance(events[-1], TrainingEnded):
        events += training.send(next(following))
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken)]


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("config", [CLASSIFIER, VARIATIONAL], ids=["classifier", "variational"])
def test_other_turns_and_an_interruption_change_no_bit(config, precision, tmp_path, processor):
    """Augmentation, corruption, dropout and sampling depend on (seed, step); running means are saved."""
    processor("avx amx_bf16")
    config = config.replace(precision=precision)
    full_speed = StepBudget(60.0, None, RATE)
    final = run(config, tmp_path / "whole", [full_speed])[-1]
    assert final.position == Position(3)
    batches = [StepBudget(0.0, n, RATE) for n in (1, 2, 3)]
    stopped = run(config, tmp_path / "cut", [*batches * 8, StepBudget(0.0, 0, RATE)])
    assert Position(1) < stopped[-1].position < Position(3)
    run(config, tmp_path / "cut", [StepBudget(60.0, 5, RATE), full_speed], resume=True)
    assert_same_run(tmp_path / "whole", tmp_path / "cut")
