"""Points walk to a grid and back, and keep their pictures."""

import numpy as np
import pytest

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.view_box import ViewBox
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
    return PointWalk(theme, plane, BackgroundJobs())


def reorganise(qtbot, walk):
    """Let all walk to the grid, and wait until everyone has a cell of its own."""
    walk.set_grid(True)
    qtbot.waitUntil(lambda: stand_on_a_grid(walk))


def shows_all(plane):
    return all(plane.view.contains(*place) for place in plane.points.places.tolist())


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


@pytest.mark.parametrize("reduce_motion", [True, False])
def test_the_view_goes_along_to_the_grid_and_back_to_where_it_was(qtbot, points, reduce_motion):
    walk = walk_with(qtbot, reduce_motion=reduce_motion)
    plane = walk.plane
    plane.set_view(ViewBox(-9, -8, 4, 5))
    before = plane.view
    walk.show(points)
    reorganise(qtbot, walk)
    qtbot.waitUntil(lambda: shows_all(plane))
    assert plane.view.height < 1.5 * np.ptp(plane.points.places[:, 1])
    walk.set_grid(False)
    qtbot.waitUntil(lambda: plane.view == before)
    np.testing.assert_allclose(plane.points.places, points.places, atol=1e-6)


def test_a_view_that_the_hand_has_moved_stays_where_other_points_come(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(points)
    reorganise(qtbot, walk)
    walk.plane.zoom(3)
    chosen = walk.plane.view
    walk.show(LatentPoints(points.places[::-1] * 2, points.labels, points.pictures))
    reorganise(qtbot, walk)
    assert walk.plane.view == chosen
    walk.plane.fit()
    assert shows_all(walk.plane)


def test_from_the_grid_of_another_run_the_way_leads_to_everything(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(points)
    reorganise(qtbot, walk)
    walk.show(LatentPoints(np.empty((0, 2))))
    walk.forget_view()
    walk.set_home(ViewBox(5, 7, 5, 7))
    walk.set_grid(False)
    assert walk.plane.view.centre == (6, 6)


def test_on_a_grid_points_know_their_room(qtbot, points):
    walk = walk_with(qtbot, reduce_motion=True)
    walk.show(points)
    assert not walk.plane.points.is_on_grid
    reorganise(qtbot, walk)
    columns = np.unique(walk.plane.points.places[:, 0].round(4))
    np.testing.assert_allclose(np.diff(columns), walk.plane.points.room, rtol=1e-3)
    walk.set_grid(False)
    assert not walk.plane.points.is_on_grid


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
