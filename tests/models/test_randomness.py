"""Random numbers depend only on their key: dropout, corruption and the keys themselves."""

import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build
from cadl_gui.models.augmentation import augment
from cadl_gui.models.corruption import corrupt
from cadl_gui.models.randomness import RngStream, dropout, fold_in, layer_number
from cadl_gui.models.variational_autoencoder import reparameterize

pytestmark = pytest.mark.tf

KEY = tf.constant([7, 11])
KINDS = ("masking", "salt-and-pepper", "gaussian")


def images(shape=(50, 20, 20, 1)):
    """No pixel is black or white, so that corrupted ones can be recognised."""
    return np.random.default_rng(0).uniform(0.2, 0.8, shape).astype(np.float32)


def test_every_purpose_and_every_step_has_a_key_of_its_own():
    keys = {tuple(fold_in(tf.constant([1, step]), p).numpy()) for step in range(20) for p in range(1, 30)}
    assert len(keys) == 20 * 29
    assert len(set(RngStream)) == len(RngStream)
    assert max(RngStream) is RngStream.DROPOUT  # every layer counts on from there


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_leaves_out_a_share_and_keeps_the_mean(rate):
    inputs = np.full((200, 500), 2.0, np.float32)
    outputs = dropout(inputs, KEY, rate).numpy()
    assert set(np.unique(outputs)) == {0.0, np.float32(2.0 / (1 - rate))}
    deviation = np.sqrt(rate * (1 - rate) / inputs.size)
    assert (outputs == 0).mean() == pytest.approx(rate, abs=4 * deviation)
    assert outputs.mean() == pytest.approx(2.0, abs=8 * deviation / (1 - rate))


def test_dropout_of_nothing_is_nothing():
    inputs = images()
    np.testing.assert_array_equal(dropout(inputs, KEY, 0.0), inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_key_corrupts_alike_and_another_otherwise(kind):
    first, again = corrupt(images(), KEY, kind, 0.3), corrupt(images(), KEY, kind, 0.3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, corrupt(images(), KEY + 1, kind, 0.3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [0.0, 0.5, 1.0])
def test_pixels_stay_in_range_and_nothing_is_corrupted_by_nothing(kind, amount):
    corrupted = corrupt(images((5, 7, 9, 3)), KEY, kind, amount).numpy()
    assert corrupted.dtype == np.float32
    assert corrupted.shape == (5, 7, 9, 3)
    assert corrupted.min() >= 0
    assert corrupted.max() <= 1
    assert np.array_equal(corrupted, images((5, 7, 9, 3))) == (amount == 0)


@pytest.mark.parametrize("kind", ["masking", "salt-and-pepper"])
@pytest.mark.parametrize("amount", [0.1, 0.5, 0.8])
def test_the_amount_is_the_share_of_the_pixels_that_are_hit(kind, amount):
    original = images()
    corrupted = corrupt(original, KEY, kind, amount).numpy()
    hit = corrupted != original
    assert hit.mean() == pytest.approx(amount, abs=4 * np.sqrt(amount * (1 - amount) / hit.size))
    values = np.unique(corrupted[hit])
    np.testing.assert_array_equal(values, [0.0] if kind == "masking" else [0.0, 1.0])


def test_salt_and_pepper_are_alike():
    corrupted = corrupt(images(), KEY, "salt-and-pepper", 1.0).numpy()
    assert corrupted.mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(corrupted.size))


@pytest.mark.parametrize("kind", ["masking", "salt-and-pepper"])
def test_all_channels_of_a_pixel_are_hit_together(kind):
    original = images((10, 8, 8, 3))
    hit = corrupt(original, KEY, kind, 0.5).numpy() != original
    np.testing.assert_array_equal(hit.any(axis=-1), hit.all(axis=-1))


def test_gaussian_noise_has_its_standard_deviation_and_changes_no_mean():
    original = np.full((50, 20, 20, 3), 0.5, np.float32)
    noise = corrupt(original, KEY, "gaussian", 0.1).numpy() - original
    assert noise.mean() == pytest.approx(0, abs=4 * 0.1 / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(0.1, rel=0.02)
    channels = noise.reshape(-1, 3).T
    assert abs(np.corrcoef(channels)[0, 1]) < 4 / np.sqrt(channels.shape[1])


NOISE = {
    **{kind: lambda batch, kind=kind: corrupt(batch, KEY, kind, 0.3) for kind in KINDS},
    "augmentation": lambda batch: augment(batch, KEY, 0.7),
    "dropout": lambda batch: dropout(batch, KEY, 0.4),
    "sampling": lambda batch: reparameterize(batch, -batch, KEY),
}


@pytest.mark.parametrize("draw", NOISE.values(), ids=NOISE)
def test_an_example_has_the_noise_of_its_place_whatever_the_others_are(draw):
    """So a worker that has some rows of a batch can compute the noise of all rows, and use its own."""
    batch = images((12, 20, 20, 1))
    mine = slice(3, 7)
    with_strangers = np.zeros_like(batch)
    with_strangers[mine] = batch[mine]
    np.testing.assert_array_equal(draw(with_strangers)[mine], draw(batch)[mine])


VARIATIONAL = RunConfig.of(
    preset="test", layers=(6,), latent_dim=3, tied=False, variational=True, output_activation="sigmoid"
)


def kernel(config, layer):
    weights = build(config, (4, 5, 1), 0).weights_by_path
    return weights[f"{layer}/linear/kernel"]


def test_first_weights_follow_from_the_name_of_the_layer_and_not_from_its_place():
    """`z_log_var` shifts the indices of the decoder's layers, but not their names."""
    plain = VARIATIONAL.replace(variational=False)
    np.testing.assert_array_equal(kernel(VARIATIONAL, "decoder_1"), kernel(plain, "decoder_1"))
    np.testing.assert_array_equal(kernel(VARIATIONAL, "decoder_1"), kernel(VARIATIONAL, "decoder_1"))
    assert not np.array_equal(kernel(VARIATIONAL, "z_mean"), kernel(VARIATIONAL, "z_log_var"))


def test_a_layer_has_a_number_of_its_own_that_no_purpose_has():
    names = [f"{part}_{i}" for part in ("encoder", "decoder") for i in range(1, 33)]
    numbers = {layer_number(name) for name in [*names, "hidden", "latent"]}
    assert len(numbers) == len(names) + 2
    assert max(numbers) + RngStream.DROPOUT < 2**31
