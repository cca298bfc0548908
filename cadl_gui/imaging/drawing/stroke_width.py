"""How wide the strokes of an image are, and how to make them wider or thinner."""

import math

import numpy as np
from numpy.typing import NDArray


def stroke_width(image: NDArray[np.float32]) -> float:
    """Mean width of the strokes in pixels: twice their area over the length of their edges.

    The total variation of an image is the length of its edges whatever their sharpness (the coarea formula),
    so this measures grey, anti-aliased strokes as they are. Round blobs count for half of their diameter.

    Args:
        image: (height, width) float32 in [0, 1], bright ink on black.

    Returns:
        The width; 0 without ink.
    """
    corners = np.pad(image, 1)
    # Slopes where four pixels meet, so that edges of every direction count nearly the same.
    rising, falling = corners[1:, 1:] - corners[:-1, :-1], corners[1:, :-1] - corners[:-1, 1:]
    down, across = (rising + falling) / 2, (rising - falling) / 2
    edges = float(np.hypot(down, across).sum())
    return 2 * float(image.sum()) / edges if edges > 0 else 0.0


def thickened(image: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """Strokes with their edges moved outwards by so many pixels; inwards where `by` is negative.

    Grey dilation or erosion by an octagon, the fraction of a pixel by blending two of them.

    Args:
        image: (height, width) float32 in [0, 1], bright ink on black; outside of it is no ink.
        by: pixels.

    Returns:
        (height + 2 * margin, width + 2 * margin) float32, margin being `by` rounded up, but at least 0.
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
    """Dilation by one pixel along the axes and, if wanted, along the diagonals."""
    grown = image.copy()
    np.maximum(grown[1:], image[:-1], out=grown[1:])
    np.maximum(grown[:-1], image[1:], out=grown[:-1])
    source = grown.copy() if diagonally else image
    np.maximum(grown[:, 1:], source[:, :-1], out=grown[:, 1:])
    np.maximum(grown[:, :-1], source[:, 1:], out=grown[:, :-1])
    return grown
