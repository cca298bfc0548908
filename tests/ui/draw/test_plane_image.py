"""The latent plane in small: points in the colours of their labels, and the drawing's position among them."""

import numpy as np
import pytest

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.ui.draw.plane_image import PlaneImage

COLOURS = ("#ff0000", "#00ff00")


def plane(latents, labels=None):
    return PlaneImage(
        EvaluationArtifacts(np.array(latents, np.float16), None if labels is None else np.array(labels))
    )


def test_points_lie_where_their_place_is_in_the_colour_of_their_label():
    corners = plane([[-1, -2], [3, 2]], [0, 1])
    image = corners.painted("#101010", COLOURS)
    for latent, colour in (((-1, -2), (255, 0, 0)), ((3, 2), (0, 255, 0))):
        x, y = corners.place_of(np.array(latent, np.float32))
        assert tuple(image[int(y * 192), int(x * 192)]) == colour
    assert tuple(image[0, 0]) == (16, 16, 16)
    assert corners.place_of(np.array([1, 0], np.float32)) == pytest.approx((0.5, 0.5))


def test_points_outside_are_placed_at_the_edge():
    assert plane([[-1, -1], [1, 1]]).place_of(np.array([9, -9], np.float32)) == (1, 1)


@pytest.mark.parametrize(
    "artifacts", [None, EvaluationArtifacts(), EvaluationArtifacts(np.zeros((5, 3), np.float16))]
)
def test_without_points_there_is_still_a_plane(artifacts):
    empty = PlaneImage(artifacts)
    assert (empty.painted("#101010", COLOURS) == 16).all()
    assert empty.place_of(np.zeros(2, np.float32)) == (0.5, 0.5)


def test_points_that_are_all_the_same_lie_in_the_middle():
    assert plane([[2, 2], [2, 2]]).place_of(np.array([2, 2], np.float32)) == (0.5, 0.5)


def test_latents_that_are_not_finite_are_left_out():
    finite, both = plane([[-1, -1]], [0]), plane([[np.nan, 0], [-1, -1], [np.inf, 0]], [1, 0, 1])
    np.testing.assert_array_equal(both.painted("#101010", COLOURS), finite.painted("#101010", COLOURS))
