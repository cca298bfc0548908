"""Images that look the same are found across the parts of a split, and no others."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image
from run_through import run_through

from cadl_gui.datasets.duplicates import find_duplicates
from cadl_gui.datasets.image_distance import coarse_vectors, distances
from cadl_gui.datasets.images import Images
from cadl_gui.datasets.load import load
from cadl_gui.domain.dataset_answers import MOST_DUPLICATES

TRAINING, VALIDATION, TEST = range(3)


def scenes(n, shape=(32, 32, 3), seed=0):
    """Images as smooth and as different as photographs: (n, height, width, channels) uint8."""
    height, width, channels = shape
    rng = np.random.default_rng(seed)
    small = Image.fromarray
    made = []
    for _ in range(n):
        coarse = rng.integers(20, 200, (5, 5, channels), dtype=np.uint8)
        planes = [
            small(coarse[..., c]).resize((width, height), Image.Resampling.BICUBIC) for c in range(channels)
        ]
        made.append(np.stack([np.asarray(plane) for plane in planes], axis=-1))
    return np.stack(made)


def brighter(image, by=25):
    return np.clip(image.astype(int) + by, 0, 255).astype(np.uint8)


def compressed(image, quality=75):
    stored = io.BytesIO()
    grey = image.shape[2] == 1
    Image.fromarray(image[..., 0] if grey else image).save(stored, "JPEG", quality=quality)
    opened = np.asarray(Image.open(stored))
    return opened[..., np.newaxis] if grey else opened


def shifted(image, down=0, right=0):
    """Moved by up to a pixel, the edge repeated."""
    height, width, _ = image.shape
    return np.pad(image, ((1, 1), (1, 1), (0, 0)), "edge")[1 - down :, 1 - right :][:height, :width]


def averaged(image, side):
    """(min(height, side), min(width, side), channels), each the mean of as large a part of the image."""
    for axis in (0, 1):
        n = image.shape[axis]
        parts = np.moveaxis(np.repeat(image, min(n, side), axis), axis, 0)
        image = np.moveaxis(parts.reshape(min(n, side), n, *parts.shape[1:]).mean(axis=1), 0, axis)
    return image


def slow_distance(first, second):
    """As the docstring says it, pixel by pixel."""
    least = np.inf
    for down, right in itertools.product((-1, 0, 1), repeat=2):
        total = 0.0
        for side, in_colour in ((16, False), (4, True)):
            if in_colour and first.shape[2] == 1:
                continue
            a, b = (np.float64(image) / 255 for image in (first, shifted(second, down, right)))
            if not in_colour:
                a, b = (image.mean(axis=2, keepdims=True) for image in (a, b))
            a, b = averaged(a, side), averaged(b, side)
            total += np.square((a - a.mean()) - (b - b.mean())).mean()
        least = min(least, np.sqrt(total))
    return least


def found_in(images, parts, **limit):
    """The answer of a search, and the progress on its way."""
    progress, found = run_through(find_duplicates(Images(images), np.array(parts, np.uint8), **limit))
    return found, progress


@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 28, 1), (5, 40, 1), (1, 1, 3), (1, 1, 1), (33, 17, 4)])
def test_the_distance_is_what_it_is_said_to_be(shape):
    rng = np.random.default_rng(1)
    first, second = (rng.integers(0, 256, (6, *shape), dtype=np.uint8) for _ in range(2))
    second[0] = shifted(first[0], 1, -1)
    wanted = [slow_distance(*pair) for pair in zip(first, second, strict=True)]
    np.testing.assert_allclose(distances(first, second), wanted, atol=1e-5)


@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 28, 1), (12, 9, 1), (19, 50, 3), (1, 1, 1)])
def test_coarse_vectors_are_never_farther_apart(shape):
    rng = np.random.default_rng(2)
    first, second = (rng.integers(0, 256, (40, *shape), dtype=np.uint8) for _ in range(2))
    of_first, of_second = coarse_vectors(first)[:, :1], coarse_vectors(second)
    coarse = np.linalg.norm(of_first - of_second, axis=2).min(axis=1)
    assert (coarse <= distances(first, second) + 1e-6).all()


@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 28, 1)])
def test_planted_copies_are_found_and_different_images_are_not(shape):
    images = scenes(400, shape)
    parts = np.repeat([TRAINING, VALIDATION, TEST], [300, 50, 50])
    images[310] = brighter(images[3])
    images[311] = compressed(images[4])
    images[360] = shifted(images[5], down=1)
    images[361] = shifted(images[6], down=-1, right=1)
    images[362] = images[312]
    images[8] = images[7]  # of the same part
    answer, progress = found_in(images, parts)
    assert {(pair.first, pair.second) for pair in answer.pairs} == {
        (3, 310), (4, 311), (5, 360), (6, 361), (312, 362),
    }  # fmt: skip
    assert {pair.first: (pair.first_part, pair.second_part) for pair in answer.pairs} == {
        3: ("training", "validation"),
        4: ("training", "validation"),
        5: ("training", "test"),
        6: ("training", "test"),
        312: ("validation", "test"),
    }
    assert progress == sorted(progress)
    assert 0 <= progress[0] <= progress[-1] <= 1
    sample, _ = found_in(images, parts, most=330)
    assert (answer.is_sample, sample.is_sample) == (False, True)
    assert 0 < len(sample.pairs) < len(answer.pairs)
    assert set(sample.pairs) < set(answer.pairs)


def test_of_real_digits_only_the_copies_are_found():
    """Many 1s are alike, and the threshold has to lie between them and a copy that was compressed."""
    dataset = load("mnist")
    images = dataset.images[np.r_[:1500, 60000:60500]].copy()
    images[1600] = compressed(images[0], quality=90)
    images[1700] = shifted(brighter(images[1]), down=1, right=1)
    answer, _ = found_in(images, [TRAINING] * 1500 + [TEST] * 500)
    assert {(pair.first, pair.second) for pair in answer.pairs} == {(0, 1600), (1, 1700)}


def test_all_that_a_slow_search_finds_is_found_nearest_first():
    """The parts lie anywhere, and copies are worse and worse, until they are none."""
    images = scenes(30, (20, 24, 3))
    noise = np.random.default_rng(3)
    for i in range(15):
        noisy = images[i] + noise.normal(0, i, images[i].shape)
        images[29 - i] = np.clip(noisy, 0, 255).astype(np.uint8)
    parts = noise.integers(0, 3, 30)
    answer, _ = found_in(images, parts)
    apart = {
        (i, j): slow_distance(images[i], images[j])
        for i, j in itertools.permutations(range(30), 2)
        if parts[i] < parts[j]
    }
    farthest = answer.pairs[-1].distance
    wanted = {pair: distance for pair, distance in apart.items() if distance <= farthest + 1e-5}
    assert 3 < len(wanted) < 15
    nearest_first = sorted(wanted, key=wanted.get)
    assert [(pair.first, pair.second) for pair in answer.pairs] == nearest_first
    np.testing.assert_allclose([pair.distance for pair in answer.pairs], sorted(wanted.values()), atol=1e-5)


def test_blank_images_are_the_same_unless_one_is_black_and_one_is_white():
    images = np.zeros((5, 8, 8, 1), np.uint8)
    images[[1, 3]] = 255
    images[4] = 10
    answer, _ = found_in(images, [TRAINING, TRAINING, TEST, TEST, TEST])
    assert [(pair.first, pair.second, pair.distance) for pair in answer.pairs] == [
        (0, 2, 0.0), (0, 4, 0.0), (1, 3, 0.0),
    ]  # fmt: skip


def test_images_of_other_colours_are_different():
    shape = scenes(30, (32, 32, 1))[:, :, :, 0]
    images = np.zeros((30, 32, 32, 3), np.uint8)
    images[..., 0] = shape
    images[29, ..., 0], images[29, ..., 2] = 0, shape[0]  # the first one, but blue
    images[28, ..., 0] = shape[1]
    answer, _ = found_in(images, [TRAINING] * 28 + [TEST] * 2)
    assert [(pair.first, pair.second) for pair in answer.pairs] == [(1, 28)]


def test_of_many_pairs_the_nearest_are_kept():
    images = np.repeat(scenes(1), 100, axis=0)
    images[50:99, 0, 0] ^= 1
    answer, _ = found_in(images, [TRAINING] * 50 + [TEST] * 50)
    assert len(answer.pairs) == MOST_DUPLICATES
    apart = [pair.distance for pair in answer.pairs]
    assert apart == sorted(apart)
    assert apart[49] == 0.0 < apart[50]


def test_single_part_has_no_duplicates_across_parts():
    answer, _ = found_in(np.repeat(scenes(1), 5, axis=0), [TRAINING] * 5)
    assert answer.pairs == ()
    assert not answer.is_sample


def test_a_search_that_is_closed_reads_no_further():
    class Counted(Images):
        n_read = 0

        def __getitem__(self, which):
            Counted.n_read += 1
            return super().__getitem__(which)

    search = find_duplicates(Counted(np.zeros((3000, 64, 64, 1), np.uint8)), np.zeros(3000, np.uint8))
    next(search)
    n_read = Counted.n_read
    search.close()
    with pytest.raises(StopIteration):
        next(search)
    assert Counted.n_read == n_read
