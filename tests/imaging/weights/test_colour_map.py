"""Equal numbers have equal colours, and zero has the middle one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cadl_gui.imaging.weights.colour_map import (
    EMPTY,
    NOT_A_NUMBER,
    NOT_A_NUMBER_COLOUR,
    activation_colour_map,
    colour_indices,
    colour_map,
    colour_maps,
    coloured,
    signed_rgb,
)


@pytest.mark.parametrize("name", colour_maps())
def test_a_map_has_a_colour_for_zero_and_as_many_on_either_side(name):
    spec = colour_map(name)
    assert spec.shape == (257, 3)
    assert spec.dtype == np.uint8
    assert np.abs(np.diff(spec.astype(int), axis=0)).max() < 20, "neighbouring numbers look alike"


@pytest.mark.parametrize(
    ("name", "colour"),
    [("coolwarm", (221, 221, 221)), ("vik", (236, 229, 224)), ("berlin", (25, 12, 9)), ("grey", (128,) * 3)],
)
def test_zero_is_the_background(name, colour):
    np.testing.assert_allclose(colour_map(name)[128], colour, atol=1)


@pytest.mark.parametrize("name", ["matplotlib:coolwarm", "crameri:vik", "crameri:berlin"])
def test_the_baked_maps_are_those_that_they_are_named_after(name):
    import cmap

    colours = np.asarray(cmap.Colormap(name)(np.linspace(0, 1, 257)))[:, :3]
    np.testing.assert_array_equal(colour_map(name.partition(":")[2]), np.rint(255 * colours))


@pytest.mark.parametrize(
    ("name", "where"), [("seaborn:rocket", "activations/dark"), ("seaborn:rocket_r", "activations/light")]
)
def test_the_maps_of_activations_begin_at_zero(name, where):
    import cmap

    colours = np.rint(255 * np.asarray(cmap.Colormap(name)(np.linspace(0, 1, 257)))[:, :3])
    np.testing.assert_array_equal(colour_map(where)[128:], colours[::2])
    assert (colour_map(where)[:128] == colours[0]).all()


def test_only_what_is_never_negative_has_a_map_that_begins_at_zero():
    assert activation_colour_map(np.array([0, np.nan, 2]), "vik", is_dark=True) == "activations/dark"
    assert activation_colour_map(np.array([0, 2]), "vik", is_dark=False) == "activations/light"
    assert activation_colour_map(np.array([-1, 2]), "vik", is_dark=True) == "vik"


@given(
    arrays.arrays(np.float32, (3, 4), elements=st.floats(-10, 10, width=32)),
    st.floats(0.125, 10),
)
def test_colours_follow_the_numbers_pixel_by_pixel(values, limit):
    expected = [[128 + round(128 * min(1, max(-1, v / limit))) for v in row] for row in values.tolist()]
    # Halfway between two colours, either is correct.
    np.testing.assert_allclose(colour_indices(values, limit), expected, atol=1)


@given(arrays.arrays(np.float32, 5, elements=st.floats(width=32)))
def test_a_number_and_its_opposite_lie_opposite_each_other(values):
    limit = float(np.max(np.abs(values), where=np.isfinite(values), initial=0))
    there, back = colour_indices(values, limit).astype(int), colour_indices(-values, limit).astype(int)
    finite = np.isfinite(values)
    np.testing.assert_array_equal((there + back)[finite], 256)
    assert (there[~finite] == NOT_A_NUMBER).all()


def test_each_image_can_have_its_own_limit():
    values = np.array([[1.0, 2.0], [10.0, 20.0]], np.float32)
    np.testing.assert_array_equal(colour_indices(values, np.array([[2.0], [20.0]])), [[192, 256], [192, 256]])


def test_where_all_is_zero_all_is_the_colour_of_zero():
    np.testing.assert_array_equal(colour_indices(np.zeros(3, np.float32), 0.0), 128)


def test_the_smallest_and_the_hugest_numbers_have_colours():
    for limit in (1e-44, 3e38):
        values = np.array([-limit, 0, limit], np.float32)
        np.testing.assert_array_equal(colour_indices(values, float(values[2])), [0, 128, 256])


def test_what_is_no_number_or_empty_has_a_colour_of_its_own():
    pixels = coloured(np.array([[0, NOT_A_NUMBER, EMPTY]], np.uint16), "vik", (1, 2, 3))
    assert pixels.tolist() == [[colour_map("vik")[0].tolist(), list(NOT_A_NUMBER_COLOUR), [1, 2, 3]]]


def test_colours_are_amounts_of_red_green_and_blue_about_grey():
    values = np.array([[0, 0, 0], [2, 0, -2], [9, -9, 1], [np.nan, 0, 0]], np.float32)
    found = signed_rgb(values, 2.0).tolist()
    assert found[:2] == [[128, 128, 128], [255, 128, 0]]
    assert found[2] == [255, 0, 191]
    assert tuple(found[3]) == NOT_A_NUMBER_COLOUR
