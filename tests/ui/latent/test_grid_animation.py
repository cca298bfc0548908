"""Points move to a grid and back, with their images."""

import numpy as np
import pytest
from answerer import Answerer
from PySide6.QtWidgets import QApplication

from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.grid_animation import GridAnimation
from cadl_gui.ui.latent.motion_timer import MotionTimer
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.theme.theme import Theme


@pytest.fixture
def points():
    generator = np.random.default_rng(3)
    images = np.arange(25, dtype=np.float32)[:, None, None, None] / 25 * np.ones((25, 4, 4, 1), np.float32)
    return LatentPoints(generator.normal(size=(25, 2)).astype(np.float32), np.arange(25) % 10, images)


def walk_with(qtbot, *, reduce_motion, box=None):
    theme = Theme("light", reduce_motion=reduce_motion)
    plane = LatentPlane(theme)
    qtbot.addWidget(plane)
    engine = Answerer()
    plane.jobs = engine.jobs
    return GridAnimation(engine, theme, plane, MotionTimer(plane), lambda: box)


def plane_of(grid_animation):
    """The plane that it fills, its parent."""
    return grid_animation.parent()


def reorganise(qtbot, grid_animation):
    """Start the move to the grid, and wait until each point has its cell."""
    grid_animation.set_grid(True)
    qtbot.waitUntil(lambda: stand_on_a_grid(grid_animation))


def shows_all(plane):
    return all(plane.view.contains(*place) for place in plane.points.places.tolist())


def stand_on_a_grid(grid_animation):
    return len(np.unique(plane_of(grid_animation).points.places[:, 0].round(4))) == 5


def test_without_motion_all_stand_on_their_own_cell_at_once(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(points)
    reorganise(qtbot, grid_animation)
    places = plane_of(grid_animation).points.places
    assert len(np.unique(places.round(4), axis=0)) == 25
    grid_animation.set_grid(False)
    np.testing.assert_array_equal(plane_of(grid_animation).points.places, points.places)


def test_on_the_way_every_point_keeps_label_and_image(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=False)
    grid_animation.show(points)
    grid_animation.set_grid(True)
    on_the_way = plane_of(grid_animation).points
    np.testing.assert_array_equal(on_the_way.labels, points.labels)
    np.testing.assert_array_equal(on_the_way.images, points.images)
    qtbot.waitUntil(lambda: stand_on_a_grid(grid_animation))


def test_images_that_come_later_join_their_points_on_the_grid(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(LatentPoints(points.places, points.labels))
    reorganise(qtbot, grid_animation)
    places = plane_of(grid_animation).points.places
    grid_animation.show(points)
    np.testing.assert_array_equal(plane_of(grid_animation).points.places, places)
    np.testing.assert_array_equal(plane_of(grid_animation).points.images, points.images)


def test_the_nearest_point_is_found_on_the_grid(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    assert grid_animation.nearest(0, 0) is None
    grid_animation.show(points)
    reorganise(qtbot, grid_animation)
    assert grid_animation.nearest(*plane_of(grid_animation).points.places[7]) == 7


@pytest.mark.parametrize("reduce_motion", [True, False])
def test_the_view_goes_along_to_the_grid_and_back_to_where_it_was(qtbot, points, reduce_motion):
    box = -8.5, 4.5, 1.0
    grid_animation = walk_with(qtbot, reduce_motion=reduce_motion, box=box)
    plane = plane_of(grid_animation)
    plane.show_box(box)
    before = plane.view
    grid_animation.show(points)
    reorganise(qtbot, grid_animation)
    qtbot.waitUntil(lambda: shows_all(plane))
    assert plane.view.height < 1.5 * np.ptp(plane.points.places[:, 1])
    grid_animation.set_grid(False)
    qtbot.waitUntil(lambda: plane.view == before)
    np.testing.assert_allclose(plane.points.places, points.places, atol=1e-6)


def test_a_view_that_the_user_moved_stays_when_points_change(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(points)
    reorganise(qtbot, grid_animation)
    plane_of(grid_animation).zoom(3)
    chosen = plane_of(grid_animation).view
    grid_animation.show(LatentPoints(points.places[::-1] * 2, points.labels, points.images))
    reorganise(qtbot, grid_animation)
    assert plane_of(grid_animation).view == chosen
    plane_of(grid_animation).fit()
    assert shows_all(plane_of(grid_animation))


def test_from_the_grid_of_another_run_the_way_leads_to_everything(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(points)
    reorganise(qtbot, grid_animation)
    grid_animation.show(LatentPoints(np.empty((0, 2))))
    grid_animation.set_home(ViewBox(5, 7, 5, 7))
    grid_animation.set_grid(False)
    assert plane_of(grid_animation).view.centre == (6, 6)


def test_on_a_grid_points_know_their_room(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(points)
    assert not plane_of(grid_animation).points.is_on_grid
    reorganise(qtbot, grid_animation)
    columns = np.unique(plane_of(grid_animation).points.places[:, 0].round(4))
    np.testing.assert_allclose(np.diff(columns), plane_of(grid_animation).points.room, rtol=1e-3)
    grid_animation.set_grid(False)
    assert not plane_of(grid_animation).points.is_on_grid


def test_cells_that_are_found_too_late_are_dropped(qtbot, points):
    grid_animation = walk_with(qtbot, reduce_motion=True)
    grid_animation.show(points)
    jobs = grid_animation.parent().jobs
    for _ in range(2):
        grid_animation.set_grid(True)
        grid_animation.set_grid(False)
        qtbot.waitUntil(lambda: not jobs.is_busy)
        QApplication.processEvents()  # what has been found arrives
        np.testing.assert_array_equal(plane_of(grid_animation).points.places, points.places)
    grid_animation.set_grid(True)
    grid_animation.set_grid(False)
    other = LatentPoints(points.places[::-1] + 1, points.labels)
    grid_animation.show(other)
    reorganise(qtbot, grid_animation)
    np.testing.assert_array_equal(plane_of(grid_animation).points.labels, points.labels)
    grid_animation.set_grid(False)
    np.testing.assert_array_equal(plane_of(grid_animation).points.places, other.places)
