"""Augments handwriting by varying its slant, size, stroke width and scan quality."""

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from cadl_gui.models.randomness import for_examples

MAX_ROTATION = math.radians(20.0)
"""Largest rotation in either direction at amount 1, in radians."""

MAX_SLANT = math.tan(math.radians(20.0))
"""Largest slant in either direction at amount 1, in columns per row."""

MAX_LOG_GROWTH, MAX_LOG_SHRINKING = math.log(1.2), math.log(1.6)
"""Largest changes of size at amount 1. Most digits fill their images, so they can shrink more than grow."""

MAX_LOG_ASPECT = math.log(1.2)
"""Largest change of the ratio of height to width at amount 1."""

MAX_SHIFT = 0.08
"""Largest shift in either direction at amount 1, as a fraction of the image's height or width."""

MAX_BEND = 0.08
"""Largest displacement of an elastic-grid knot at amount 1, as a fraction of the image's height or width."""

_KNOTS = 5
"""Knots along each side of the elastic grid; with so few, strokes bend but keep their width."""

_MAX_THICKENING, _MAX_THINNING, _MAX_BLUR = 1.4, 0.6, 1.0
"""Largest share of the dilated, eroded or blurred image in the mixture at amount 1; clipped to 1."""

_MAX_LOG_GAMMA = math.log(2.0)
_MAX_FADING = 0.5
_MAX_NOISE_STDDEV = 0.1


def augment(images: Any, key: Any, amount: float) -> Any:
    """Vary each image as if another writer, pen and scanner had produced it.

    Each image is warped once (shift, elastic bend, rotation, slant, size and aspect about the image's
    centre); then its stroke width changes, then its sharpness, contrast and noise. The strength of each
    change is drawn per image, from zero to `amount` times the constants above. Ink is bright; pixels from
    outside the image are black. Intended to run inside a `tf.function` on the CPU, outside XLA.

    Elastic bends: Simard, Steinkraus and Platt, *Best Practices for Convolutional Neural Networks Applied to
    Visual Document Analysis*, 2003.

    Args:
        images: (batch, height, width, channels) float32 in [0, 1].
        key: (2,) int32; the same key gives the same images.
        amount: strength in (0, 1]; 1 is the most at which a digit stays readable.

    Returns:
        Images of the same shape, float32 in [0, 1]. Ink at the centre moves by at most
        `amount * (MAX_SHIFT + MAX_BEND)` of a side.

    Raises:
        ValueError: if `amount` is out of range.
    """
    if not 0.0 < amount <= 1.0:
        raise ValueError(f"Expected 0 < amount <= 1. Received: amount={amount}")
    hand, bend, pen, scanner, grain = tf.unstack(tf.random.split(key, 5))
    rows, columns = _affine_map(*_bent_grid(images, bend, amount), hand, amount)
    warped = _sample(images, rows, columns)
    return _scan(_change_pen(warped, pen, amount), scanner, grain, amount)


def _bent_grid(images: Any, key: Any, amount: float) -> tuple[Any, Any]:
    """Shifted and bent row and column of each pixel relative to the centre, (batch, height, width) each."""
    n, height, width, _ = _shape(images)
    shift_key, strength_key, knot_key = tf.unstack(tf.random.split(key, 3))
    down, right = _uniform(shift_key, n, 2, rank=3)
    strength = for_examples(tf.random.stateless_uniform, (n, 1, 1, 1), strength_key)
    shape = (n, _KNOTS, _KNOTS, 2)
    knots = strength * for_examples(tf.random.stateless_uniform, shape, knot_key, -1.0, 1.0)
    pulls = tf.image.resize(knots, (height, width))
    rows = tf.reshape(tf.range(height, dtype=tf.float32), (-1, 1)) - 0.5 * (height - 1)
    columns = tf.range(width, dtype=tf.float32) - 0.5 * (width - 1)
    rows -= amount * height * (MAX_SHIFT * down + MAX_BEND * pulls[..., 0])
    columns -= amount * width * (MAX_SHIFT * right + MAX_BEND * pulls[..., 1])
    return rows, columns


def _affine_map(rows: Any, columns: Any, key: Any, amount: float) -> tuple[Any, Any]:
    """Source positions of pixels under a rotation, slant, size and aspect drawn for each image."""
    angle, slant, scale, aspect = _uniform(key, tf.shape(rows)[0], 4, rank=3)
    angle *= amount * MAX_ROTATION
    size = tf.exp(-amount * tf.where(scale > 0.0, MAX_LOG_GROWTH, MAX_LOG_SHRINKING) * scale)
    flatness = tf.exp(-0.5 * amount * MAX_LOG_ASPECT * aspect)
    turned_rows = size * flatness * (tf.cos(angle) * rows - tf.sin(angle) * columns)
    turned_columns = size / flatness * (tf.sin(angle) * rows + tf.cos(angle) * columns)
    return turned_rows, turned_columns + amount * MAX_SLANT * slant * turned_rows


def _sample(images: Any, rows: Any, columns: Any) -> Any:
    """Interpolate bilinearly at positions relative to the centre, (batch, height, width); black outside."""
    n, height, width, channels = _shape(images)
    padded = tf.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = tf.clip_by_value(rows + 0.5 * (height + 1), 0.0, height + 0.999)
    columns = tf.clip_by_value(columns + 0.5 * (width + 1), 0.0, width + 0.999)
    top, left = tf.floor(rows), tf.floor(columns)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    first = tf.reshape(tf.range(n), (-1, 1, 1)) * ((height + 2) * (width + 2))
    index = first + tf.cast(top, tf.int32) * (width + 2) + tf.cast(left, tf.int32)
    pixels = tf.reshape(padded, (-1, channels))
    upper = (1.0 - right) * tf.gather(pixels, index) + right * tf.gather(pixels, index + 1)
    index += width + 2
    lower = (1.0 - right) * tf.gather(pixels, index) + right * tf.gather(pixels, index + 1)
    return (1.0 - down) * upper + down * lower


def _change_pen(images: Any, key: Any, amount: float) -> Any:
    """Blend with the dilated or the eroded image, for a broader or a finer pen."""
    (width,) = _uniform(key, _shape(images)[0], 1, rank=4)
    thick, thin = _over_neighbours(images, tf.maximum), _over_neighbours(images, tf.minimum)
    images += tf.clip_by_value(amount * _MAX_THICKENING * width, 0.0, 1.0) * (thick - images)
    return images + amount * _MAX_THINNING * tf.nn.relu(-width) * (thin - images)


def _scan(images: Any, key: Any, grain_key: Any, amount: float) -> Any:
    """Apply blur, gamma, contrast and noise."""
    blur, gamma, fading, noise = _uniform(key, _shape(images)[0], 4, rank=4)
    blurred = _over_neighbours(images, tf.add) / 9.0
    images += amount * _MAX_BLUR * tf.nn.relu(blur) * (blurred - images)
    images = tf.pow(tf.maximum(images, 1e-6), tf.exp(amount * _MAX_LOG_GAMMA * gamma))
    images *= 1.0 - amount * _MAX_FADING * tf.nn.relu(fading)
    grain = for_examples(tf.random.stateless_normal, tf.shape(images), grain_key)
    images += amount * _MAX_NOISE_STDDEV * tf.nn.relu(noise) * grain
    return tf.clip_by_value(images, 0.0, 1.0)


def _over_neighbours(images: Any, combine: Callable[[Any, Any], Any]) -> Any:
    """Combine each pixel with its eight neighbours; pixels outside the image are black.

    TensorFlow's pooling is equivalent, but ten times slower on the CPU when the stride is one.
    """
    padded = tf.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = combine(combine(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    return combine(combine(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])


def _uniform(key: Any, n: Any, count: int, rank: int) -> list[Any]:
    """Draw `count` tensors of n numbers each, in [-1, 1), that broadcast against the given rank."""
    shape = (count, n, *(1,) * (rank - 1))
    numbers = for_examples(tf.random.stateless_uniform, shape, key, -1.0, 1.0, axis=1)
    return list(tf.unstack(numbers))


def _shape(images: Any) -> tuple[Any, int, int, int]:
    height, width, channels = images.shape[1:]
    return tf.shape(images)[0], height, width, channels
