"""The words that say why a classifier answers as it does."""

import numpy as np
import pytest

from cadl_gui.imaging.drawing.reason import places, reason


def speaking(*at, shape=(28, 28)):
    """Contributions of single pixels: (row, column, amount)."""
    image = np.zeros(shape, np.float32)
    for row, column, amount in at:
        image[row, column] = amount
    return image


CORNERS = ((0, 0, 0.01), (27, 27, 0.01))


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [
        (3, 3, "at the top left"),
        (3, 14, "at the top"),
        (14, 25, "at the right"),
        (14, 14, "in the middle"),
        (26, 14, "at the bottom"),
        (26, 1, "at the bottom left"),
    ],
)
def test_the_place_that_says_most_is_named(row, column, place):
    assert places(speaking(*CORNERS, (row, column, 2.0))).best == place
    assert places(speaking(*CORNERS, (row, column, -2.0))).worst == place


def test_places_are_those_of_the_ink_not_of_the_image():
    assert places(speaking((10, 10, 1.0), (12, 12, 0.1), (14, 14, 0.1))).best == "at the top left"


def test_what_hardly_says_anything_is_not_named():
    assert places(speaking(*CORNERS, (3, 3, 2.0), (26, 14, -0.1))).worst == ""
    assert places(np.zeros((28, 28))) == ("", "")


def test_the_reason_names_both_classes_and_how_many_times_the_one_is_as_likely():
    said = reason(speaking(*CORNERS, (3, 3, 3.0), (26, 14, -0.7)), 0.0, ("7", "4"))
    assert said == (
        "Most of all, what is at the top left makes it 7 rather than 4. "
        "What is at the bottom would suit 4 better. In all, 7 is 10 times as likely as 4."
    )


def test_biases_count_for_the_total_and_are_not_held_against_the_drawing():
    """“The biases count for more than all the pixels”, a class read of each drawing: as if none mattered."""
    assert reason(np.zeros((28, 28)), 0.04, ("7", "4")) == "In all, 7 is about as likely as 4."
    said = reason(speaking(*CORNERS, (3, 3, 1.0)), 2.0, ("7", "4"))
    assert said == (
        "Most of all, what is at the top left makes it 7 rather than 4. In all, 7 is 20 times as likely as 4."
    )


@pytest.mark.parametrize(
    ("lead", "times"),
    [
        (0.0, "about"),
        (np.log(2.5), "2.5 times"),
        (np.log(1234), "1,234 times"),
        (20, "more than a million times"),
    ],
)
def test_numbers_of_times_can_be_read(lead, times):
    assert reason(speaking((3, 3, lead)), 0.0, ("a", "b")).endswith(f"In all, a is {times} as likely as b.")
