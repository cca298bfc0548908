"""Points walk to a grid and back, and keep their pictures."""

import numpy as np
import pytest

from cadl_gui.core.latent.points import LatentPoints
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.point_walk import PointWalk
from cadl_gui.ui.theme.theme import Theme


@pytest.fixture
def points():
    generator = np.random.default_rng(3)
    pictures = np.arange(25, dtype=np.float32)[:, None, None, None] / 25 * np.ones((25, 4, 4, 1), np.float32)
    return LatentPoints(generator.normal(size=(25, 2)).astype(np.float32), np.arange(25) % 10, pictures)


def walk_with(qtbot, *, reduce_motion):
    theme = Theme("light", reduce_motion=reduce_motion)
    plane = LatentPlane(theme)
    qtbot.addWidget(plane)
    return PointWalk(theme, plane)


def reorganise(qtbot, walk):
    """Let all walk to the grid, and wait until everyone has a cell of its own."""
    walk.set_grid(True)
    qtbot.waitUntil(lambda: stand_on_a_grid(walk))


def stand_on_a_grid(walk):
    return len(np.unique(walk.plane.points.places[:, 0].round(4))) == 5


def test_without_motion_all_stand_on_their_own_cell_at_once(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(points)
    reorganise(qtbot, walk)
    places = walk.plane.points.places
    assert len(np.unique(places.round(4), axis=0)) == 25
    walk.set_grid(False)
    np.testing.assert_array_equal(walk.plane.points.places, points.places)


def test_on_the_way_every_point_keeps_label_and_picture(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=False)
    walk.show(points)
    walk.set_grid(True)
    on_the_way = walk.plane.points
    np.testing.assert_array_equal(on_the_way.labels, points.labels)
    np.testing.assert_array_equal(on_the_way.pictures, points.pictures)
    qtbot.waitUntil(lambda: stand_on_a_grid(walk))


def test_pictures_that_come_later_join_their_points_on_the_grid(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(LatentPoints(points.places, points.labels))
    reorganise(qtbot, walk)
    places = walk.plane.points.places
    walk.show(points)
    np.testing.assert_array_equal(walk.plane.points.places, places)
    np.testing.assert_array_equal(walk.plane.points.pictures, points.pictures)


def test_the_point_that_stands_nearest_is_found_on_the_grid(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    assert walk.nearest(0, 0) is None
    walk.show(points)
    reorganise(qtbot, walk)
    assert walk.nearest(*walk.plane.points.places[7]) == 7


def test_cells_that_are_found_too_late_are_nobody_s(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(points)
    walk.set_grid(True)
    walk.set_grid(False)
    other = LatentPoints(points.places[::-1] + 1, points.labels)
    walk.show(other)
    reorganise(qtbot, walk)
    np.testing.assert_array_equal(walk.plane.points.labels, points.labels)
    walk.set_grid(False)
    np.testing.assert_array_equal(walk.plane.points.places, other.places)
