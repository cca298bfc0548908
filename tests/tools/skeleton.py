"""Converts an image of a digit to strokes, for the corpora: thins it, then traces it."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.drawing.resampling import resized

_SIDE = 112
"""Images are thinned at four times the size of MNIST's, so that strokes are smooth."""

_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))

Pixel = tuple[int, int]


def strokes_of(image: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Trace a digit.

    Args:
        image: (height, width) float32 in [0, 1], bright ink on black.

    Returns:
        Strokes of (n, 2) points (x, y), in pixels of an enlarged image.
    """
    skeleton = {(int(row), int(column)) for row, column in np.argwhere(_thinned(_enlarged(image) > 0.5))}
    left, strokes = set(skeleton), []
    while left:
        path = _trace(left, skeleton)
        points = np.array(path, np.float64)[:, ::-1]
        if len(points) > 4:
            points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
        strokes.append(points)
    return strokes


def _enlarged(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return resized(image, _SIDE, _SIDE)


def _thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Zhang and Suen, *A fast parallel algorithm for thinning digital patterns*, 1984."""
    ink = ink.astype(np.uint8)
    while True:
        before = ink.sum()
        for step in (0, 1):
            padded = np.pad(ink, 1)
            n, ne, e, se = padded[:-2, 1:-1], padded[:-2, 2:], padded[1:-1, 2:], padded[2:, 2:]
            s, sw, w, nw = padded[2:, 1:-1], padded[2:, :-2], padded[1:-1, :-2], padded[:-2, :-2]
            ring = (n, ne, e, se, s, sw, w, nw)
            n_around = sum(pixel.astype(int) for pixel in ring)
            n_rising = sum(((ring[i] == 0) & (ring[(i + 1) % 8] == 1)).astype(int) for i in range(8))
            first, second = ((n * e * s), (e * s * w)) if step == 0 else ((n * e * w), (n * s * w))
            removable = (ink == 1) & (n_around >= 2) & (n_around <= 6) & (n_rising == 1)
            ink[removable & (first == 0) & (second == 0)] = 0
        if ink.sum() == before:
            return ink.astype(bool)


def _trace(left: set[Pixel], skeleton: set[Pixel]) -> list[Pixel]:
    """Trace pixels, from an end if there is one, until none are left; join adjacent strokes."""
    ends = (pixel for pixel in sorted(left) if len(_beside(pixel, left)) == 1)
    pixel = next(ends, min(left))
    left.discard(pixel)
    path = [*_beside(pixel, skeleton - left - {pixel})[:1], pixel]
    while following := _beside(pixel, left):
        pixel = following[0]
        left.discard(pixel)
        path.append(pixel)
    return [*path, *_beside(pixel, skeleton - set(path[-3:]))[:1]]


def _beside(pixel: Pixel, pixels: set[Pixel]) -> list[Pixel]:
    around = ((pixel[0] + down, pixel[1] + across) for down, across in _AROUND)
    return [neighbour for neighbour in around if neighbour in pixels]
