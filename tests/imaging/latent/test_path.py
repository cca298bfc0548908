"""Paths pass through their pins at constant speed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.path import PATH_KINDS, movement, path_at, path_through

kinds = st.sampled_from(PATH_KINDS)


@st.composite
def pins(draw, least=1):
    k, d, seed = draw(st.integers(least, 6)), draw(st.integers(1, 5)), draw(st.integers(0, 1000))
    return np.random.default_rng(seed).normal(size=(k, d)) * 2


@given(pins(), kinds, st.integers(2, 60))
def test_a_path_leads_from_the_first_pin_to_the_last(pins, kind, n):
    path = path_through(pins, kind, n)
    assert path.shape == (n, pins.shape[1])
    assert path.dtype == np.float32
    np.testing.assert_allclose(path[[0, -1]], pins[[0, -1]], rtol=1e-6)


@given(pins(least=2), kinds)
def test_path_passes_through_every_pin(pins, kind):
    np.testing.assert_allclose(path_at(pins, kind, np.arange(len(pins))), pins, atol=1e-9)


@given(st.integers(0, 200), kinds)
def test_frames_are_equally_far_apart_along_the_way(seed, kind):
    """Measured on a path so fine that chords are as long as arcs."""
    pins = np.random.default_rng(seed).normal(size=(3, 2))
    steps = np.linalg.norm(np.diff(path_through(pins, kind, 4001), axis=0), axis=1)
    assert np.median(steps) > 0
    assert np.mean(np.abs(steps - np.median(steps)) < 0.05 * np.median(steps)) > 0.98


def test_a_straight_path_is_a_straight_line():
    path = path_through([(0, 0), (4, 2)], "straight", 5)
    np.testing.assert_allclose(path, [(0, 0), (1, 0.5), (2, 1), (3, 1.5), (4, 2)], atol=1e-6)


def test_a_spherical_path_stays_at_its_distance_from_the_origin():
    path = path_through([(2, 0, 0), (0, 2, 0), (0, 0, 2)], "spherical", 50)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 2, rtol=1e-4)


@pytest.mark.parametrize("end", [(-1, 0), (3, 0), (0, 0)])
def test_where_there_is_no_great_circle_a_spherical_path_is_straight(end):
    spherical, straight = (path_through([(1, 0), end], kind, 9) for kind in ("spherical", "straight"))
    np.testing.assert_allclose(spherical, straight, atol=1e-6)


def test_a_smooth_path_turns_without_a_corner():
    corner = [(0, 0), (1, 0), (1, 1)]
    around = path_at(corner, "smooth", [1 - 1e-4, 1, 1 + 1e-4])
    before, after = np.diff(around, axis=0)
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert cosine > 0.999


def test_smooth_through_a_row_of_pins_is_the_row():
    path = path_through([(0, 0), (1, 1), (2, 2), (3, 3)], "smooth", 31)
    np.testing.assert_allclose(path[:, 0], path[:, 1], atol=1e-6)
    np.testing.assert_allclose(path[:, 0], np.linspace(0, 3, 31), atol=1e-4)


@given(kinds)
def test_pins_at_one_place_are_no_obstacle(kind):
    path = path_through([(1, 2), (1, 2), (3, 4), (3, 4)], kind, 20)
    assert np.isfinite(path).all()
    assert path_through([(1, 2), (1, 2)], kind, 3).tolist() == [[1, 2]] * 3


def test_a_movement_keeps_its_pace():
    """Slow for two seconds, then fast for one."""
    z = movement([5, 7, 8], [(0, 0), (1, 0), (5, 0)], 7)
    np.testing.assert_allclose(z[:, 0], [0, 0.25, 0.5, 0.75, 1, 3, 5], atol=1e-6)


def test_a_drag_that_never_moved_stays():
    assert movement([3], [(1, 2)], 2).tolist() == [[1, 2], [1, 2]]


@pytest.mark.parametrize(
    ("points", "n"), [(np.zeros((0, 2)), 5), ([(0, np.nan)], 5), ([(0, 0)], 1), (np.zeros(3), 5)]
)
def test_what_is_no_path_is_refused(points, n):
    with pytest.raises(ValueError, match="Expected finite points"):
        path_through(points, "straight", n)


@pytest.mark.parametrize("times", [[0], [1, 0]])
def test_times_that_do_not_fit_are_refused(times):
    with pytest.raises(ValueError, match="Expected 2 times"):
        movement(times, [(0, 0), (1, 1)], 5)
