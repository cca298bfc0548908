"""The estimated resources of a training match the actual ones."""

import numpy as np
import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.estimate import estimate
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset

MNIST = (28, 28, 1), 10


def estimated(config):
    return estimate(config, model_spec(config.model, *MNIST))


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.parametrize("name", ["lecture-autoencoder", "vae", "conv-classifier"])
def test_a_run_takes_about_as_much_room_on_disk_as_was_said(name, tmp_path):
    from cadl_gui.cli import main

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (1300, 28, 28, 1), np.uint8)  # for 208 batches
    np.savez(tmp_path / "noise.npz", images=images, labels=np.arange(1300) % 10)
    config = preset(name).config.replace(epochs=2, batch_size=5, split="fractions")
    command = ["train", name, "--epochs", "2", "--batch-size", "5", "--set", "split=fractions"]
    assert main([*command, "--dataset", str(tmp_path / "noise.npz"), "--run", str(tmp_path / "run")]) == 0
    n_bytes = sum(path.stat().st_size for path in (tmp_path / "run").rglob("*") if path.is_file())
    assert 0.7 < estimated(config).disk / n_bytes < 1.3


def test_each_retained_epoch_has_what_is_measured_of_its_kind_of_network():
    """Of a classifier, the confusion of 4 classes and 25 mistakes; else 2,000 latents and labels."""
    for fields, n_bytes in (
        ({"model": "classifier", "layers": (3,)}, 8 * 4 * 4 + 25 * 6 * 5),
        ({"layers": (3, 2)}, 2000 * (2 * 2 + 8)),
    ):
        config = RunConfig.of(preset="test", epochs=7, **fields)
        spec = model_spec(config.model, (6, 5, 1), 4)
        more = estimate(config.replace(epochs=8), spec).disk - estimate(config, spec).disk
        assert more == 4 * spec.n_parameters + n_bytes


def test_a_long_training_does_not_keep_every_epoch():
    config = preset("lecture-autoencoder").config
    ten, thousand = (estimated(config.replace(epochs=epochs)).disk for epochs in (10, 1000))
    assert 10 * ten < thousand < 30 * ten


def test_a_larger_batch_takes_more_memory_and_no_more_disk():
    config = preset("conv-classifier").config
    small, large = (estimated(config.replace(batch_size=n)) for n in (100, 1000))
    assert large.memory > 5 * small.memory
    assert large.disk == small.disk
