"""Small versions of images: every pixel is the mean of the area that it covers."""

import numpy as np
import pytest

from cadl_gui.imaging.montage.pyramid import Pyramid, area_averaged, cell_shape


def images_of(n, *shape):
    return np.random.default_rng(n).integers(0, 256, (n, *shape), np.uint8)


def by_repeating(images, height, width):
    """Area means, from images enlarged so far that every area is whole pixels."""
    large = images.repeat(height, axis=1).repeat(width, axis=2).astype(float)
    n, _, _, channels = large.shape
    old = images.shape[1:3]
    return large.reshape(n, height, old[0], width, old[1], channels).mean(axis=(2, 4))


@pytest.mark.parametrize(
    ("shape", "to"),
    [
        ((8, 8, 1), (4, 4)),
        ((28, 28, 1), (16, 16)),
        ((7, 5, 3), (4, 3)),
        ((6, 9, 3), (2, 3)),
        ((5, 5, 1), (5, 5)),
    ],
)
def test_a_pixel_is_the_mean_of_its_area(shape, to):
    images = images_of(6, *shape)
    np.testing.assert_allclose(area_averaged(images, *to), by_repeating(images, *to), rtol=1e-5)


def filled(images, most_bytes=2**26, block=4):
    pyramid = Pyramid(len(images), images.shape[1:], most_bytes)
    while not pyramid.is_complete:
        pyramid.add(images[pyramid.n_done : pyramid.n_done + block])
    return pyramid


def test_pyramid_has_a_version_of_each_size_below_that_of_the_images():
    images = images_of(10, 28, 28, 1)
    pyramid = filled(images)
    assert [side for side in range(40) if pyramid.has(side)] == [1, 2, 4, 8, 16]
    for side in (1, 2, 4, 8, 16):
        difference = pyramid.level(side).astype(float) - area_averaged(images, side, side)
        assert np.abs(difference).max() <= 0.51, side


def test_the_shorter_side_keeps_the_shape():
    assert cell_shape((30, 60, 3), 8) == (4, 8)
    assert cell_shape((60, 1, 3), 8) == (8, 1)
    assert filled(images_of(3, 12, 24, 3)).level(8).shape == (3, 4, 8, 3)


def test_brightness_is_the_mean_of_an_image():
    images = images_of(10, 28, 20, 3)
    np.testing.assert_allclose(filled(images).brightness, images.mean(axis=(1, 2, 3)), rtol=1e-4)


def test_large_versions_are_left_out_where_they_take_too_much_memory():
    pyramid = filled(images_of(10, 64, 64, 3), most_bytes=10 * 3 * (1 + 4 + 16))
    assert [side for side in range(64) if pyramid.has(side)] == [1, 2, 4]
    assert filled(images_of(10, 64, 64, 3), most_bytes=0).has(1)


def test_pyramid_says_how_far_it_is():
    pyramid, images = Pyramid(10, (4, 4, 1)), images_of(10, 4, 4, 1)
    assert (pyramid.share_done, pyramid.is_complete) == (0.0, False)
    pyramid.add(images[:5])
    assert (pyramid.share_done, pyramid.is_complete) == (0.5, False)
    pyramid.add(images[5:])
    assert (pyramid.share_done, pyramid.is_complete) == (1.0, True)
