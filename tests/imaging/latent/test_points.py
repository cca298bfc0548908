"""Texts of classes whose centres are close to one another."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.points import kept_inside, places_without_overlap, pushed_apart


def distances(places):
    between = np.linalg.norm(places[:, None] - places[None], axis=2)
    return between[np.triu_indices(len(places), 1)]


def test_places_that_have_room_stay_where_they_are():
    places = np.array([[0.0, 0.0], [20.0, 0.0], [0.0, 30.0]])
    np.testing.assert_array_equal(pushed_apart(places, 10, 8), places)


@pytest.mark.parametrize("other", [(6.0, 3.0), (1e-9, 0.0), (0.0, 0.0)])
def test_two_that_lie_on_one_another_part_in_the_middle(other):
    places = np.array([(0.0, 0.0), other])
    moved = pushed_apart(places, 10, 8)
    assert distances(moved) == pytest.approx([10], abs=1e-6)
    np.testing.assert_allclose(moved.mean(0), places.mean(0), atol=1e-9)


def test_text_of_a_class_goes_no_farther_than_it_may():
    """As is the case for all of them before training."""
    places = np.random.default_rng(1).normal(size=(10, 2))
    moved = pushed_apart(places, 25, 15)
    assert np.linalg.norm(moved - places, axis=1).max() <= 15 + 1e-9
    assert distances(moved).min() > distances(places).min()


def test_no_texts_have_no_places():
    assert pushed_apart(np.zeros((0, 2)), 10, 5).shape == (0, 2)


@pytest.mark.parametrize("seed", range(5))
def test_rectangles_have_places_of_their_own_near_where_they_belong(seed):
    """As names of thirty classes whose points lie in one heap: none covers another."""
    random = np.random.default_rng(seed)
    places, halves = (
        random.normal(size=(30, 2)) * 40,
        np.stack([random.uniform(15, 45, 30), np.full(30, 9)], 1),
    )
    found = places_without_overlap(places, halves)
    shown = np.flatnonzero(np.isfinite(found).all(axis=1))
    assert shown[0] == 0, "the most important has its own place"
    np.testing.assert_array_equal(found[0], places[0])
    assert len(shown) >= 12
    assert np.linalg.norm(found[shown] - places[shown], axis=1).max() <= 4 * 18 + 1e-9
    for i in shown:
        for j in shown[shown > i]:
            assert (np.abs(found[i] - found[j]) >= halves[i] + halves[j] - 1e-9).any()


def test_rectangles_that_do_not_touch_stay():
    places, halves = np.array([[0.0, 0.0], [50.0, 0.0]]), np.full((2, 2), 10.0)
    np.testing.assert_array_equal(places_without_overlap(places, halves), places)


@pytest.mark.parametrize("seed", range(5))
def test_no_rectangle_is_cut_off_by_an_edge_that_its_place_is_near(seed):
    """Names of classes at the edges of the plane; those outside of it stay outside."""
    random = np.random.default_rng(seed)
    places = random.uniform(-50, 450, (30, 2))
    halves = np.stack([random.uniform(15, 45, 30), np.full(30, 9)], 1)
    found = places_without_overlap(places, halves, (400, 400))
    is_inside = ((places >= 0) & (places <= 400)).all(axis=1)
    seen = found[is_inside & np.isfinite(found).all(axis=1)]
    its = halves[is_inside & np.isfinite(found).all(axis=1)]
    assert len(seen) >= 8
    assert (seen - its >= -1e-9).all()
    assert (seen + its <= 400 + 1e-9).all()
    np.testing.assert_array_equal(kept_inside(places, halves, (400, 400))[~is_inside], places[~is_inside])
