"""How different two images look, whatever their size: the distance of near-duplicates.

It is the root-mean-square difference, with black and white 1 apart, of what is left of the images at 16×16
pixels in grey, and at 4×4 in each channel if they have colours, regardless of their mean brightness. Images
that are shifted by a pixel look the same, so the least distance counts of nine shifts of the second image.
"""

import numpy as np
from numpy.typing import NDArray

Shift = tuple[int, int]
"""Pixels down and to the right."""

SHIFTS: tuple[Shift, ...] = tuple((down, right) for down in (0, -1, 1) for right in (0, -1, 1))
"""All shifts by up to a pixel; the first one is none."""

_COARSE, _FINE, _COLOUR = 8, 16, 4
"""Pixels along each side of reduced images. The eighth fine ones lie within coarse ones."""


def coarse_vectors(images: NDArray[np.uint8], shifts: tuple[Shift, ...] = SHIFTS) -> NDArray[np.float32]:
    """Reduce images so far that their distance is a lower bound of `distances`.

    It is one because averaging over larger areas makes no mean square difference larger.

    Args:
        images: (n, height, width, channels) uint8.

    Returns:
        (n, shifts, d) float32. The squared norm of a difference is the mean square difference of two images,
        and the norm of a vector the contrast of its image, both in [0, 1].
    """
    grey = _grey(images)
    reduced = np.stack([_reduced(grey, _COARSE, shift) for shift in shifts], axis=1)
    return _scaled(_centred(reduced.reshape(len(images), len(shifts), -1)))


def distances(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Compute the distance of each of n pairs of images.

    Args:
        first: (n, height, width, channels) uint8.
        second: likewise; the images that are shifted.

    Returns:
        (n,) float32 in [0, √2].
    """
    of_first, *_ = _fine_vectors(first, SHIFTS[:1])
    squares = [np.square(of_first - shifted).sum(axis=1) for shifted in _fine_vectors(second, SHIFTS)]
    least: NDArray[np.float32] = np.sqrt(np.min(squares, axis=0))
    return least


def brightness(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the mean brightness of images, (n, height, width, channels) uint8, as (n,) in [0, 1]."""
    means: NDArray[np.float32] = images.mean(axis=(1, 2, 3), dtype=np.float32) / 255
    return means


def _fine_vectors(images: NDArray[np.uint8], shifts: tuple[Shift, ...]) -> list[NDArray[np.float32]]:
    """Return for each shift (n, d) float32, whose squared norms add up as those of `coarse_vectors`."""
    n, grey, vectors = len(images), _grey(images), []
    colour = np.divide(images, 255, dtype=np.float32) if images.shape[3] > 1 else None
    for shift in shifts:
        vector = _scaled(_centred(_reduced(grey, _FINE, shift).reshape(n, -1)))
        if colour is not None:
            in_colour = _scaled(_centred(_reduced(colour, _COLOUR, shift).reshape(n, -1)))
            vector = np.concatenate([vector, in_colour], axis=1)
        vectors.append(vector)
    return vectors


def _grey(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the mean of the channels, (n, height, width, 1) float32 in [0, 1]."""
    grey: NDArray[np.float32] = images.mean(axis=3, keepdims=True, dtype=np.float32) / 255
    return grey


def _reduced(images: NDArray[np.float32], side: int, shift: Shift) -> NDArray[np.float32]:
    """Shift images and average them over equal areas.

    Args:
        images: (n, height, width, channels) float32.
        side: largest height and width of the reduced images; smaller images keep theirs.
        shift: pixels down and to the right; the edge is repeated.

    Returns:
        (n, reduced height, reduced width, channels) float32.
    """
    n, height, width, channels = images.shape
    down, across = _averages(height, side, shift[0]), _averages(width, side, shift[1])
    lower = (down @ images.reshape(n, height, width * channels)).reshape(-1, width, channels)
    return (across @ lower).reshape(n, len(down), len(across), channels)


def _averages(n: int, side: int, shift: int) -> NDArray[np.float32]:
    """Return the matrix that averages n pixels over `side` equal lengths, (min(n, side), n) float32."""
    edges = np.linspace(0, n, min(n, side) + 1)
    pixels = np.arange(n)
    overlaps = np.minimum(edges[1:, np.newaxis], pixels + 1) - np.maximum(edges[:-1, np.newaxis], pixels)
    weights = np.maximum(overlaps, 0) * (len(edges) - 1) / n
    shifted = np.zeros(weights.shape, np.float32)
    for pixel in pixels:
        shifted[:, np.clip(pixel - shift, 0, n - 1)] += weights[:, pixel]
    return shifted


def _centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    centred: NDArray[np.float32] = vectors - vectors.mean(axis=-1, keepdims=True)
    return centred


def _scaled(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vectors / np.float32(np.sqrt(vectors.shape[-1]))
    return scaled
