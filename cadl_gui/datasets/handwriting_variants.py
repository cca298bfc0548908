"""Augments digits with handwriting variants that are rare in MNIST: 1s with flag and foot line, slashed 0s.

MNIST's digits were written in America, where a 1 is a line. Much of Europe writes it with a flag at its top,
and some of it with a line at its foot.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PURPOSE = 0x77617973  # "ways": separates this random stream from all others with the same seed

_FLAG_SHARE, _FOOT_SHARE, _BACKSLASH_SHARE = 0.85, 0.45, 0.12
"""Shares of the altered images. A 1 without a flag gets a foot line."""

_FLAG_LENGTHS, _FLAG_BEND = (0.15, 0.8), 0.12
"""In lengths of the 1; largest offset of the flag's middle to either side, in lengths of the flag."""

_FLAG_STEEPEST, _FLAG_FLATTEST = 20.0, (75.0, 56.0)
"""Degrees from the stem; flattest for the shortest and the longest flag, as a long flat one makes a 7."""

_SHORTER_BY_LEAN = 2.5
"""Shortens the flag of a stem that leans to the right, as MNIST’s 7s do: the length is divided by 1 plus this
times the lean in pixels per row. With long flags some of those 7s were read as 1s.
"""

_FOOT_HALVES, _FOOT_TILT = (0.12, 0.42), 0.06
"""In lengths of the 1: extent to either side, and largest offset of one end upwards, the other downwards."""

_SLASH_DEGREES, _SLASH_REACH, _SLASH_SHIFT = (25.0, 65.0), (0.7, 1.45), 0.15
"""For a circular 0: angle of the slash, and in radii, reach of each end and offset from the centre."""

_PEN = (0.8, 1.15)
"""Width of added strokes, in widths of the digit's own stroke."""

_MAX_SLASH = 0.45
"""Largest width of a slash, in radii of the hole that it crosses, so that the hole stays visible."""

_INK = 0.3
"""Brightness threshold of the stroke, for locating its ends."""

_N_PIECES = 4
"""Number of straight pieces that approximate an added stroke."""

_AT_ONCE = 128
"""Images per batch; the distances of all their pixels from all pieces then fit into a few megabytes."""

_NOWHERE = -1000.0
"""Coordinate of a stroke that is not drawn, in pixels."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Added:
    """Strokes to add to n images.

    Attributes:
        points: (n, k strokes, 3, 2): start, middle and end of each stroke; x and y in pixels.
        width: stroke width of each image, (n,) in pixels.
    """

    points: Floats
    width: Floats


def rewritten(
    images: NDArray[np.uint8], labels: NDArray[np.int64], share: float, seed: int
) -> NDArray[np.uint8]:
    """Add flags and foot lines to some of the 1s, and slashes to some of the 0s.

    Added strokes are about as wide as the image's own stroke and follow its slant; length, place and angle
    vary from image to image. The digit is moved by whole pixels so that its centre of mass stays in place.

    Args:
        images: images of digits, bright ink, (n, height, width, channels) uint8.
        labels: digit of each image, (n,).
        share: share of the 1s and 0s that are altered, in [0, 1].
        seed: the same seed alters the same images in the same way.

    Returns:
        A copy, with all other images unchanged.
    """
    altered = images.copy()
    for label, added_to in ((0, _slash), (1, _flag_and_foot)):
        which = np.flatnonzero(labels == label)
        chance, *lots = _lots(seed, label, len(which))
        has_ink = images[which].max(axis=(1, 2, 3)) >= 255 * _INK
        chosen = np.flatnonzero(has_ink & (chance < share))
        for first in range(0, len(chosen), _AT_ONCE):
            part = chosen[first : first + _AT_ONCE]
            before = images[which[part]]
            added = added_to(before.max(axis=-1) / 255, [numbers[part] for numbers in lots])
            altered[which[part]] = _with_strokes(before, added)
    return altered


def _lots(seed: int, label: int, n: int, count: int = 12) -> Floats:
    """(count, n) random numbers in [0, 1), from raw ones, whose stability NumPy guarantees (NEP 19)."""
    raw = np.random.PCG64(np.random.SeedSequence([seed, _PURPOSE, label])).random_raw(n * count)
    return (raw >> np.uint64(11)).astype(np.float64).reshape(n, count).T / 2.0**53


def _flag_and_foot(ink: Floats, lots: list[Floats]) -> _Added:
    top, bottom, width = _line(ink)
    length = np.linalg.norm(bottom - top, axis=1, keepdims=True)
    down = _unit(bottom - top)
    across = np.stack([-down[:, 1], down[:, 0]], axis=1)
    # Between left on the paper and perpendicular to a slanted stem.
    left = _unit(np.array([-1.0, 0.0]) + lots[0][:, np.newaxis] * across)
    flattest = _between(lots[2], _FLAG_FLATTEST)
    angle = np.radians(_FLAG_STEEPEST + (flattest - _FLAG_STEEPEST) * lots[1])[:, np.newaxis]
    lean = np.maximum(-down[:, :1], 0) / np.maximum(down[:, 1:], 0.1)
    flag = _between(lots[2], _FLAG_LENGTHS)[:, np.newaxis] * length / (1 + _SHORTER_BY_LEAN * lean)
    flag = flag * _unit(np.cos(angle) * down + np.sin(angle) * left)
    bend = _between(lots[3], (-_FLAG_BEND, _FLAG_BEND))[:, np.newaxis] * flag[:, ::-1] * (-1, 1)
    flags = np.stack([top, top + flag / 2 + bend, top + flag], axis=1)
    halves = [_between(lots[i], _FOOT_HALVES)[:, np.newaxis] * length for i in (4, 5)]
    tilt = _between(lots[6], (-_FOOT_TILT, _FOOT_TILT))[:, np.newaxis] * length * (0, 1)
    feet = np.stack([bottom + halves[0] * left + tilt, bottom, bottom - halves[1] * left - tilt], axis=1)
    has_flag = lots[7] < _FLAG_SHARE
    flags[~has_flag] = _NOWHERE
    feet[has_flag & (lots[8] >= _FOOT_SHARE)] = _NOWHERE
    return _Added(np.stack([flags, feet], axis=1), width * _between(lots[9], _PEN))


def _slash(ink: Floats, lots: list[Floats]) -> _Added:
    centre, xx, xy, yy, area = _moments(ink)
    # The ring is a sheared circle: in coordinates (u, v) of the circle, x = x_u u + x_v v and y = y_v v.
    y_v = np.sqrt(np.maximum(2 * yy, 1.0))
    x_v = 2 * xy / y_v
    x_u = np.sqrt(np.maximum(2 * xx - x_v**2, 1.0))
    angle = np.radians(_between(lots[0], _SLASH_DEGREES))
    right = np.where(lots[1] < _BACKSLASH_SHARE, -1.0, 1.0) * np.cos(angle)
    shift_u, shift_v = (_between(lots[i], (-_SLASH_SHIFT, _SLASH_SHIFT)) for i in (2, 3))
    ends = []
    for reach in (_between(lots[4], _SLASH_REACH), np.zeros(len(ink)), -_between(lots[5], _SLASH_REACH)):
        u, v = reach * right + shift_u, shift_v - reach * np.sin(angle)
        ends.append(centre + np.stack([x_u * u + x_v * v, y_v * v], axis=1))
    width = area / (2 * np.pi * np.sqrt(np.maximum(xx + yy, 1.0)))  # of the ring: ink over length
    hole = np.maximum(np.minimum(x_u, y_v) - width / 2, 0)
    return _Added(
        np.stack(ends, axis=1)[:, np.newaxis], np.minimum(width * _between(lots[6], _PEN), _MAX_SLASH * hole)
    )


def _line(ink: Floats) -> tuple[Floats, Floats, Floats]:
    """Upper and lower end of a line's middle, (n, 2) each, and its width, (n,)."""
    centre, xx, xy, yy, area = _moments(ink)
    steepness = 0.5 * np.arctan2(2 * xy, yy - xx)  # of the main axis, from straight down
    axis = np.stack([np.sin(steepness), np.cos(steepness)], axis=1)
    x, y = _pixels(ink)
    along = np.einsum("nhwc,nc->nhw", np.stack([x, y], axis=-1) - centre[:, np.newaxis, np.newaxis], axis)
    inked = ink >= _INK
    low = np.where(inked, along, np.inf).min(axis=(1, 2))
    high = np.where(inked, along, -np.inf).max(axis=(1, 2))
    width = area / (high - low + 1)
    ends = []
    for at_end in (along - low[:, np.newaxis, np.newaxis], high[:, np.newaxis, np.newaxis] - along):
        # The centre of a round end lies half a width before it.
        ends.append(_moments(np.where(at_end <= width[:, np.newaxis, np.newaxis], ink * inked, 0))[0])
    return ends[0], ends[1], width


def _moments(ink: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Centre of mass (n, 2), variances xx, xy, yy and sum of ink, (n,) each."""
    x, y = _pixels(ink)
    area = ink.sum(axis=(1, 2))
    centre = np.stack([(ink * x).sum(axis=(1, 2)), (ink * y).sum(axis=(1, 2))], axis=1)
    centre /= np.maximum(area, 1e-6)[:, np.newaxis]
    dx, dy = x - centre[:, :1, np.newaxis], y - centre[:, 1:, np.newaxis]
    xx, xy, yy = ((ink * d).sum(axis=(1, 2)) / np.maximum(area, 1e-6) for d in (dx * dx, dx * dy, dy * dy))
    return centre, xx, xy, yy, area


def _pixels(ink: NDArray[Any]) -> tuple[Floats, Floats]:
    """Column and row of every pixel, (height, width) each."""
    _, height, width = ink.shape
    grid: Floats = np.indices((height, width), dtype=np.float64)
    return grid[1], grid[0]


def _with_strokes(images: NDArray[np.uint8], added: _Added) -> NDArray[np.uint8]:
    """Draw strokes over the images, and move each so that its centre of mass stays in place."""
    start, middle, end = (added.points[:, :, i, np.newaxis] for i in range(3))
    t = np.linspace(0, 1, _N_PIECES + 1)[:, np.newaxis]
    bend = 4 * t * (1 - t) * (middle - (start + end) / 2)  # a parabola through the three points
    line = start + t * (end - start) + bend
    a, b = (part.reshape(len(images), 1, 1, -1, 2) for part in (line[:, :, :-1], line[:, :, 1:]))
    pixel = np.stack(_pixels(images[..., 0]), axis=-1)[:, :, np.newaxis]
    piece = b - a
    share = ((pixel - a) * piece).sum(axis=-1) / np.maximum((piece**2).sum(axis=-1), 1e-6)
    nearest = a + np.clip(share, 0, 1)[..., np.newaxis] * piece
    distance = np.linalg.norm(pixel - nearest, axis=-1).min(axis=-1)
    drawn = np.clip(added.width[:, np.newaxis, np.newaxis] / 2 + 0.5 - distance, 0, 1)
    strokes = np.round(255 * drawn).astype(np.uint8)[..., np.newaxis]
    return _moved_back(np.maximum(images, strokes), images)


def _moved_back(images: NDArray[np.uint8], before: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Move images by whole pixels to restore their centre of mass, padding with black."""
    centres = [_moments(part.max(axis=-1) / 255)[0] for part in (before, images)]
    shift = np.round(centres[0] - centres[1]).astype(int)
    _, height, width, _ = images.shape
    rows = (np.arange(height) - shift[:, 1:])[:, :, np.newaxis]
    columns = (np.arange(width) - shift[:, :1])[:, np.newaxis]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    which = np.arange(len(images))[:, np.newaxis, np.newaxis]
    moved: NDArray[np.uint8] = images[which, rows % height, columns % width]
    moved[~inside] = 0
    return moved


def _unit(vectors: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-6)


def _between(numbers: Floats, limits: tuple[float, float]) -> Floats:
    """Scale numbers from [0, 1) to [low, high)."""
    return limits[0] + (limits[1] - limits[0]) * numbers
