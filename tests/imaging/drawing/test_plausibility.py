"""Drawings that are no digit are detected, and digits are not."""

import math

import numpy as np
import pytest

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.imaging.drawing.plausibility import entropy, looks_like_a_digit

SURE = np.eye(10)[3]
ONE = ((0.5, 0.1), (0.5, 0.9))


def drawing(points, width=0.08):
    return Drawing((Stroke(tuple(Point(*point) for point in points), width),))


def looks(drawn, probabilities=SURE, nearest=None):
    return looks_like_a_digit(drawn, normalise_drawing(drawn).centred, probabilities, nearest)


def nearest_at(distance, n_agreeing=10, *, labelled=True):
    """Ten images at a distance, of which some have the label `SURE`."""
    labels = np.where(np.arange(10) < n_agreeing, 3, 4) if labelled else None
    return NearestImages(np.zeros((10, 28, 28, 1), np.uint8), labels, np.full(10, distance, np.float32), True)


def test_a_line_may_be_a_one():
    assert looks(drawing(ONE), nearest=nearest_at(1.0))


def test_even_a_sure_answer_to_a_dot_is_doubted():
    assert not looks(drawing([(0.5, 0.5)]))
    assert not looks(drawing([(0.5, 0.5), (0.5, 0.52)]))
    assert not looks(drawing([(0.5, 0.5), (0.5, 0.6)], width=0.2)), "a blob of a wide pen"
    assert looks(drawing([(0.5, 0.5), (0.5, 0.54)], width=0.01)), "a small 1 of a thin one"


def test_even_a_sure_answer_to_a_full_canvas_is_doubted():
    rows = np.arange(0, 1, 0.05)
    assert not looks(drawing([(x, y) for y in rows for x in (0.0, 1.0)], width=0.1))


def test_what_is_far_from_every_training_digit_is_doubted():
    assert not looks(drawing(ONE), nearest=nearest_at(9.0))
    assert not looks(drawing(ONE), nearest=nearest_at(9.0, labelled=False))


@pytest.mark.parametrize(("n_agreeing", "is_digit"), [(6, True), (5, False)])
def test_what_is_not_near_has_to_be_like_the_digits_that_it_is_taken_for(n_agreeing, is_digit):
    assert looks(drawing(ONE), nearest=nearest_at(6.0, n_agreeing)) is is_digit
    assert looks(drawing(ONE), nearest=nearest_at(5.0, n_agreeing))
    assert looks(drawing(ONE), nearest=nearest_at(6.0, labelled=False))


def test_an_answer_that_does_not_know_is_doubted():
    assert not looks(drawing(ONE), np.full(10, 0.1))
    assert looks(drawing(ONE), np.array([0.5, 0.5, *[0] * 8]))


def test_a_small_digit_is_a_digit():
    assert looks(drawing([(0.1, 0.1), (0.1, 0.2)], width=0.02))


@pytest.mark.parametrize("n", [1, 2, 7])
def test_entropy_of_equal_chances(n):
    assert entropy(np.array([1 / n] * n + [0.0])) == pytest.approx(math.log(n))
