"""Finds images in different parts of a split that look the same.

Images are compared at 16×16 pixels. Averaged to 8×8, no pair comes farther apart, so those tell exactly which
pairs to compare: all in 5 s among 20,000 images. Of more, a sample is compared.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.image_distance import SHIFTS, brightness, coarse_vectors, distances
from cadl_gui.datasets.images import Images
from cadl_gui.domain.dataset_answers import MOST_COMPARED, MOST_DUPLICATES, PARTS, DuplicatePair, Duplicates

_THRESHOLD = 0.11
"""Largest distance of near-duplicates, as a share of the mean contrast of the images.

Fitted on MNIST and on photographs of 32×32 pixels. Of the 900 million pairs of images in different parts of
MNIST, 174 lie below, all of them straight strokes of two 1s that look the same. Of photographs that were
compressed (JPEG, quality 75), made noisy (standard deviation 8 of 255), brighter or shifted by a pixel, 64 to
99 % lie below, and none of 350,000 pairs of different ones.
"""

_LEAST_THRESHOLD = 1 / 255
"""The same in [0, 1], for images with hardly any contrast: pixels are rounded."""

_MOST_BRIGHTNESS = 0.25
"""Largest difference of the mean brightness of near-duplicates, in [0, 1]."""

_MOST_CANDIDATES = 50_000
_BLOCK = 128
"""Entries that are compared with the others at once."""

_BLOCK_BYTES = 2**22
"""Size of the images that are reduced at once."""

_READ, _COMPARED = 0.5, 0.9
"""Progress when the images are read and when they are compared; the rest is for the candidates."""

_Compared = tuple[float, NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""Progress in [0, 1], two entries of each pair that is near enough, and the squares of their distances."""


@dataclass(frozen=True, eq=False)
class _Entries:
    """Coarse vectors of all images, and of shifted copies of those that do not belong to the first part.

    Attributes:
        vectors: (n, d) float32.
        image: number of the image of each entry, (n,) int64.
        part: its part, (n,) uint8.
        is_shifted: whether it is a shifted copy, (n,) bool.
    """

    vectors: NDArray[np.float32]
    image: NDArray[np.int64]
    part: NDArray[np.uint8]
    is_shifted: NDArray[np.bool_]


def find_duplicates(
    images: Images, parts: NDArray[np.uint8], most: int = MOST_COMPARED
) -> Generator[float, None, Duplicates]:
    """Find near-duplicates across the parts of a split.

    Which images are near enough is decided by `distances`; coarse vectors tell for which pairs to compute it.

    Args:
        parts: the part of each image, its index in `PARTS`, (n,).
        most: how many images are compared, drawn at random if there are more.

    Yields:
        The progress in [0, 1], several times a second.

    Returns:
        The pairs, the nearest first.

    Raises:
        DatasetError: if a file that is still read from has changed.
    """
    is_sample = len(images) > most
    drawn = np.random.default_rng(0).choice(len(images), most, replace=False) if is_sample else None
    which = np.arange(len(images)) if drawn is None else np.sort(drawn)
    entries = yield from _read(images, which, parts[which])
    contrast = float(np.linalg.norm(entries.vectors[~entries.is_shifted], axis=1).mean())
    threshold = max(_LEAST_THRESHOLD, _THRESHOLD * contrast)
    # Rounding of coarse distances must not lose a pair that lies on the threshold.
    limit = threshold**2 + float(np.finfo(np.float32).eps)
    candidates = _NearestPairs(len(images), _MOST_CANDIDATES)
    for progress, i, j, squares in _all_pairs(entries, limit):
        earlier = entries.part[i] < entries.part[j]
        first, second = np.where(earlier, i, j), np.where(earlier, j, i)
        candidates.add(entries.image[first], entries.image[second], squares)
        yield _READ + progress * (_COMPARED - _READ)
    del entries
    pairs = _NearestPairs(len(images), MOST_DUPLICATES)
    for progress, first, second, found in _verified(images, candidates, threshold):
        pairs.add(first, second, found)
        yield _COMPARED + progress * (1 - _COMPARED)
    return Duplicates(
        tuple(
            DuplicatePair(i, j, PARTS[parts[i]], PARTS[parts[j]], distance)
            for i, j, distance in zip(*(array.tolist() for array in pairs.nearest()), strict=True)
        ),
        is_sample=is_sample,
    )


def _read(
    images: Images, which: NDArray[np.int64], parts: NDArray[np.uint8]
) -> Generator[float, None, _Entries]:
    """Read some images once and reduce them; yields the progress."""
    n_shifts = np.where(parts == 0, 1, len(SHIFTS))
    image = np.repeat(which, n_shifts)
    is_shifted = np.ones(len(image), np.bool_)
    is_shifted[np.cumsum(n_shifts) - n_shifts] = False
    step = max(1, _BLOCK_BYTES // images[:1].nbytes)
    vectors: NDArray[np.float32] | None = None
    end = 0
    for start in range(0, len(which), step):
        block, are_shifted = images[which[start : start + step]], parts[start : start + step] != 0
        plain = coarse_vectors(block, SHIFTS[:1])
        reduced = np.repeat(plain, np.where(are_shifted, len(SHIFTS), 1), axis=0)[:, 0]
        if are_shifted.any():
            reduced[np.repeat(are_shifted, np.where(are_shifted, len(SHIFTS), 1))] = coarse_vectors(
                block[are_shifted]
            ).reshape(-1, plain.shape[2])
        if vectors is None:
            vectors = np.empty((len(image), plain.shape[2]), np.float32)
        vectors[end : end + len(reduced)] = reduced
        end += len(reduced)
        yield _READ * (start + len(block)) / len(which)
    assert vectors is not None, "a dataset has images"
    return _Entries(vectors, image, np.repeat(parts, n_shifts), is_shifted)


def _all_pairs(entries: _Entries, limit: float) -> Iterator[_Compared]:
    """Compare each entry of an image that may be shifted with all images of earlier parts."""
    plain = np.flatnonzero(~entries.is_shifted)
    n_done, n = 0, np.count_nonzero(entries.part)
    for part in range(1, len(PARTS)):
        later = np.flatnonzero(entries.part == part)
        earlier = plain[entries.part[plain] < part]
        right = _right(entries.vectors[earlier])
        for start in range(0, len(later), _BLOCK):
            block = later[start : start + _BLOCK]
            squares = _left(entries.vectors[block]) @ right.T
            rows, columns = np.nonzero(squares <= limit)
            n_done += len(block)
            yield n_done / n, block[rows], earlier[columns], squares[rows, columns]


def _left(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Extend vectors so that a product with those of `_right` is a squared distance: |a|² - 2 a·b + |b|²."""
    norms = np.square(vectors).sum(axis=1, keepdims=True)
    return np.hstack([-2 * vectors, norms, np.ones_like(norms)])


def _right(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.square(vectors).sum(axis=1, keepdims=True)
    return np.hstack([vectors, np.ones_like(norms), norms])


def _verified(images: Images, candidates: "_NearestPairs", threshold: float) -> Iterator[_Compared]:
    """Yield those candidates whose images are near enough, and their distances instead of squares."""
    first, second, _ = candidates.nearest()
    step = max(1, _BLOCK_BYTES // images[:1].nbytes)
    for start in range(0, len(first), step):
        i, j = first[start : start + step], second[start : start + step]
        of_first, of_second = images[i], images[j]
        apart = distances(of_first, of_second)
        are_near = apart <= threshold
        are_near &= np.abs(brightness(of_first) - brightness(of_second)) <= _MOST_BRIGHTNESS
        yield start / len(first), i[are_near], j[are_near], apart[are_near]


class _NearestPairs:
    """Collects pairs of images, each once with its least distance, and keeps the nearest.

    Args:
        n_images: number of images.
        most: how many pairs to keep.
    """

    def __init__(self, n_images: int, most: int) -> None:
        self._n_images, self._most = n_images, most
        self._pairs = [np.zeros(0, np.int64)]
        self._distances = [np.zeros(0, np.float32)]
        self._n = 0

    def add(self, first: NDArray[np.int64], second: NDArray[np.int64], distance: NDArray[np.float32]) -> None:
        """Add pairs, which may be there already."""
        self._pairs.append(first * self._n_images + second)
        self._distances.append(distance)
        self._n += len(first)
        if self._n > 4 * self._most:
            self._merge()

    def nearest(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Return first and second images and distances, the nearest first."""
        self._merge()
        pairs, distance = self._pairs[0], self._distances[0]
        return *np.divmod(pairs, self._n_images), distance

    def _merge(self) -> None:
        pairs, distance = np.concatenate(self._pairs), np.concatenate(self._distances)
        order = np.lexsort((pairs, distance))
        _, firsts = np.unique(pairs[order], return_index=True)
        kept = order[np.sort(firsts)]
        kept = kept[: self._most]
        self._pairs, self._distances, self._n = [pairs[kept]], [distance[kept]], len(kept)
