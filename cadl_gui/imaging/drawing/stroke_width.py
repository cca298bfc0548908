"""Measures and changes the width of the strokes in an image."""

import math

import numpy as np
from numpy.typing import NDArray


def stroke_width(image: NDArray[np.float32]) -> float:
    """Mean width of the strokes: twice their area divided by the length of their edges.

    The total variation of an image is the length of its edges, however sharp they are (the coarea formula),
    so this measures anti-aliased strokes directly. A disc has a width of half its diameter.

    Args:
        image: (height, width) float32 in [0, 1], bright ink on black.

    Returns:
        The width in pixels; 0 without ink.
    """
    corners = np.pad(image, 1)
    # Gradients at the corners of pixels, so that edges of all directions count almost equally.
    rising, falling = corners[1:, 1:] - corners[:-1, :-1], corners[1:, :-1] - corners[:-1, 1:]
    down, across = (rising + falling) / 2, (rising - falling) / 2
    edges = float(np.hypot(down, across).sum())
    return 2 * float(image.sum()) / edges if edges > 0 else 0.0


def thickened(image: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """Move the edges of strokes outwards, or inwards if `by` is negative.

    Grey dilation or erosion by an octagon; fractions of a pixel are interpolated between two of them.

    Args:
        image: (height, width) float32 in [0, 1], bright ink on black, with no ink outside.
        by: distance in pixels.

    Returns:
        (height + 2 * margin, width + 2 * margin) float32 in [0, 1], where the margin is `by` rounded up, but
        at least 0.
    """
    if by < 0:
        return 1 - _dilated(np.pad(1 - image, 1, constant_values=1.0), -by)[1:-1, 1:-1]
    return _dilated(np.pad(image, math.ceil(by)), by)


def _dilated(image: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    whole = math.floor(by)
    for i in range(whole):
        image = _grown(image, diagonally=i % 2 == 1)
    fraction = np.float32(by - whole)
    if fraction == 0:
        return image
    return (1 - fraction) * image + fraction * _grown(image, diagonally=whole % 2 == 1)


def _grown(image: NDArray[np.float32], *, diagonally: bool) -> NDArray[np.float32]:
    """Dilate by one pixel along the axes and, if `diagonally`, along the diagonals."""
    grown = image.copy()
    np.maximum(grown[1:], image[:-1], out=grown[1:])
    np.maximum(grown[:-1], image[1:], out=grown[:-1])
    source = grown.copy() if diagonally else image
    np.maximum(grown[:, 1:], source[:, :-1], out=grown[:, 1:])
    np.maximum(grown[:, :-1], source[:, 1:], out=grown[:, :-1])
    return grown
