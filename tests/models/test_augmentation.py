"""Augmentation gives images that are suitable for training, and is reproducible from a key."""

import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.models.augmentation import MAX_BEND, MAX_SHIFT, augment

pytestmark = pytest.mark.tf

KEY = tf.constant([7, 11])


def images(n=8, height=28, width=28, channels=1):
    """Random grey with a black border."""
    grey = np.random.default_rng(3).random((n, height - 8, width - 8, channels), dtype=np.float32)
    return np.pad(grey, ((0, 0), (4, 4), (4, 4), (0, 0)))


@pytest.mark.parametrize("shape", [(28, 28, 1), (20, 33, 3)])
@pytest.mark.parametrize("amount", [0.1, 1.0])
def test_shape_type_and_range_are_unchanged(shape, amount):
    before = images(8, *shape)
    after = augment(before, KEY, amount).numpy()
    assert after.shape == before.shape
    assert after.dtype == np.float32
    assert after.min() >= 0.0
    assert after.max() <= 1.0


def test_same_key_always_gives_the_same_images():
    np.testing.assert_array_equal(augment(images(), KEY, 0.7), augment(images(), KEY, 0.7))


def test_another_key_gives_other_images():
    once, again = augment(images(), KEY, 0.7), augment(images(), KEY + 1, 0.7)
    assert np.abs(once - again).mean(axis=(1, 2, 3)).min() > 0.01


def test_copies_of_one_image_in_a_batch_come_out_different():
    after = augment(np.repeat(images(1), 6, axis=0), KEY, 0.7).numpy()
    for i in range(6):
        for j in range(i):
            assert np.abs(after[i] - after[j]).mean() > 0.01


def test_little_augmentation_changes_little():
    smooth = np.broadcast_to(np.hanning(28)[:, None, None] * np.hanning(28)[:, None], (16, 28, 28, 1))
    smooth = smooth.astype(np.float32)
    assert np.abs(augment(smooth, KEY, 1e-3) - smooth).max() < 2e-3
    assert np.abs(augment(smooth, KEY, 1.0) - smooth).max() > 0.2


@pytest.mark.parametrize("amount", [0.5, 1.0])
@pytest.mark.parametrize(("height", "width"), [(57, 57), (95, 31), (31, 95)])
def test_ink_in_the_middle_moves_no_farther_than_documented(amount, height, width):
    """A small patch stays within the documented distance, and uses most of it.

    Measured along the longer side, of whose length the distance is a fraction.
    """
    dot = np.zeros((500, height, width, 1), np.float32)
    dot[:, height // 2 - 2 : height // 2 + 3, width // 2 - 2 : width // 2 + 3] = 1.0
    after = augment(dot, KEY, amount).numpy()[..., 0]
    after = np.where(after > 0.6 * after.max(axis=(1, 2), keepdims=True), after, 0.0)  # leaves noise out
    along = after.sum(axis=2) if height >= width else after.sum(axis=1)
    side = max(height, width)
    moved = np.abs(along @ (np.arange(side) - (side - 1) / 2) / along.sum(axis=1))
    reach = amount * (MAX_SHIFT + MAX_BEND) * side
    assert 0.5 * reach < moved.max() <= reach


def test_colour_channels_move_together():
    """All channels are warped alike, so a grey image stays grey except for the noise of each channel."""
    grey = np.repeat(images(32), 3, axis=3)
    after = augment(grey, KEY, 0.7).numpy()
    assert np.abs(after[..., 0] - after[..., 2]).mean() < 0.03


def test_strokes_become_broader_and_finer():
    bar = np.zeros((200, 28, 28, 1), np.float32)
    bar[:, 4:24, 12:16] = 1.0
    ink = (augment(bar, KEY, 1.0).numpy() > 0.3).sum(axis=(1, 2, 3)) / (20 * 4)
    assert np.quantile(ink, 0.9) > 1.3
    assert np.quantile(ink, 0.1) < 0.8


def test_half_of_the_scans_fade_half_have_grain_and_grey_is_lighter_or_darker():
    """Measured at the centre of a uniform square, which neither pen width nor blur changes."""

    def middle(grey):
        even = np.full((400, 28, 28, 1), grey, np.float32)
        return augment(even, KEY, 1.0).numpy()[:, 11:17, 11:17, 0].reshape(400, -1)

    light, grain = np.median(middle(1.0), axis=1), middle(0.5).std(axis=1)
    assert (light > 0.95).mean() == pytest.approx(0.5 + 0.05, abs=0.1)
    assert light.min() == pytest.approx(0.5, abs=0.05)
    assert (grain < 0.001).mean() == pytest.approx(0.5, abs=0.1)
    assert 0.06 < grain.max() < 0.15
    assert np.median(middle(0.5), axis=1).max() == pytest.approx(0.5**0.5, abs=0.06)
    assert np.median(middle(0.5), axis=1).min() < 0.25


def test_what_is_moved_in_from_outside_is_black():
    white = np.ones((200, 28, 28, 1), np.float32)
    after = augment(white, KEY, 1.0).numpy()[..., 0]
    assert (after[:, [0, 0, -1, -1], [0, -1, 0, -1]] < 0.2).mean() > 0.3
    assert (after[:, 14, 14] > 0.2).all()


def test_augmentation_runs_in_a_graph_on_batches_of_any_size():
    graph = tf.function(
        lambda batch, key: augment(batch, key, 0.7),
        input_signature=[tf.TensorSpec((None, 28, 28, 1)), tf.TensorSpec((2,), tf.int32)],
    )
    for n in (1, 5):
        before = images(n)
        np.testing.assert_allclose(graph(before, KEY), augment(before, KEY, 0.7), atol=1e-5)


@pytest.mark.parametrize("amount", [0.0, -0.1, 1.1, float("nan")])
def test_an_amount_out_of_range_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        augment(images(1), KEY, amount)
