"""Miniatures of networks: points of a plane, and the kernels of a first layer."""

import numpy as np
import pytest

from cadl_gui.imaging.miniature import kernel_miniature, points_miniature
from cadl_gui.imaging.weights.colour_map import colour_map

RED, BLUE, WHITE = ((255, 0, 0), (0, 0, 255), (255, 255, 255))


def test_points_are_where_they_are_in_the_plane():
    points = np.array([(-3.0, -3.0), (3.0, 3.0)])
    image = points_miniature(points, np.array([RED, BLUE], np.uint8), np.array(WHITE, np.uint8), 40)
    assert image.shape == (40, 40, 3)
    red, blue = (np.argwhere((image == colour).all(axis=2)).mean(axis=0) for colour in (RED, BLUE))
    assert red[0] > 30, "a small second coordinate is below"
    assert red[1] < 10
    assert blue[0] < 10
    assert blue[1] > 30


@pytest.mark.parametrize("points", [np.full((3, 2), np.nan), np.zeros((0, 2)), np.zeros((3, 2))])
def test_degenerate_points_are_drawn_without_complaint(points):
    colours = np.tile(np.array(RED, np.uint8), (len(points), 1))
    assert points_miniature(points, colours, np.array(WHITE, np.uint8), 8).shape == (8, 8, 3)


def test_kernels_of_a_dense_and_of_a_convolutional_layer():
    dense = kernel_miniature(np.ones((784, 10), np.float32), (28, 28, 1), "vik")
    assert dense.shape == (84, 84, 3), "nine of ten"
    assert (dense == colour_map("vik")[-1]).all()
    assert kernel_miniature(np.zeros((5, 5, 3, 4), np.float32), (32, 32, 3), "vik").shape == (10, 10, 3)


def test_a_layer_that_does_not_see_the_image_has_none():
    assert kernel_miniature(np.ones((100, 10), np.float32), (28, 28, 1), "vik") is None
