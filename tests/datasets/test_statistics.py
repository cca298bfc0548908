"""Statistics equal NumPy's own, of everything and of each class."""

import numpy as np
import pytest
from run_through import run_through

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.statistics import compute_statistics


def statistics(pixels, labels, n_classes, **limit):
    return run_through(compute_statistics(Images(pixels), labels, n_classes, (len(pixels), 0, 0), **limit))[1]


@pytest.mark.parametrize("shape", [(7, 5, 3), (1, 1, 1), (300, 300, 3)])
def test_means_and_deviations_are_numpys(shape):
    """Images of the last shape go 62 into a block."""
    rng = np.random.default_rng(0)
    n, n_classes = 65, 4
    pixels = rng.integers(0, 256, (n, *shape), dtype=np.uint8)
    labels = rng.integers(0, n_classes - 1, n)  # the last class has no images
    found = statistics(pixels, labels, n_classes)
    values = pixels / 255
    np.testing.assert_allclose(found.mean, values.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.standard_deviation, values.std(axis=0), atol=1e-7)
    for label in range(n_classes - 1):
        of_class = values[labels == label]
        np.testing.assert_allclose(found.class_means[label], of_class.mean(axis=0), atol=1e-9)
        np.testing.assert_allclose(found.class_standard_deviations[label], of_class.std(axis=0), atol=1e-7)
        assert found.class_counts[label] == len(of_class)
    assert found.class_counts[-1] == 0
    assert not found.class_means[-1].any()
    assert not found.class_standard_deviations[-1].any()


def test_a_class_of_one_image_has_no_deviation():
    pixels = np.random.default_rng(1).integers(0, 256, (3, 4, 4, 1), dtype=np.uint8)
    found = statistics(pixels, np.array([0, 1, 1]), 2)
    assert not found.class_standard_deviations[0].any()
    assert found.class_standard_deviations[1].any()


def test_without_labels_there_are_no_classes():
    found = statistics(np.full((3, 4, 4, 1), 51, np.uint8), None, 0)
    np.testing.assert_allclose(found.mean, 0.2)
    assert found.class_means.shape == found.class_standard_deviations.shape == (0, 4, 4, 1)


def test_classes_that_would_take_gigabytes_are_only_counted():
    """Of the pixels, those of all images are left."""
    limit = {"most_class_bytes": 3 * 16 * 4 * 4 - 1}
    pixels = np.random.default_rng(2).integers(0, 256, (4, 4, 4, 1), dtype=np.uint8)
    labels = np.array([0, 1, 1, 2])
    assert statistics(pixels, labels % 2, 2, **limit).is_by_class
    found = statistics(pixels, labels, 3, **limit)
    assert not found.is_by_class
    assert found.class_counts.tolist() == [1, 2, 1]
    np.testing.assert_allclose(found.mean, pixels.mean(axis=0) / 255)
