"""*Reorganise to grid*: the animation of points between their encoded positions and a grid."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.images import grid_shape
from cadl_gui.domain.view import Square
from cadl_gui.engine.background_jobs import BackgroundJob, OneJob
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.assignment import MOST_POINTS, assign_to_grid, cell_centres
from cadl_gui.imaging.latent.motions import GridMotion
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.system.words import _
from cadl_gui.ui.latent.motion_timer import MotionTimer
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.theme.theme import Theme

_WALK_MS = 1_200
_SURROUNDINGS = 1.05
"""Size of the view of a grid, relative to the grid."""


@dataclass(frozen=True, eq=False)
class _Grid:
    """The grid computed for a set of points.

    Attributes:
        cells: (n, 2) float32, the centres of the assigned cells.
        room: Side of a cell.
        box: Bounding box of all cells.
    """

    cells: NDArray[np.float32]
    room: float
    box: ViewBox


class GridAnimation(QObject):
    """Shows points on the plane, scattered or on a grid, and animates the transition.

    The grid is computed in the background; until then the points stay where they are. The view moves to the
    grid with them, and afterwards back to the part that is chosen; but not once the user has moved it.

    Args:
        engine: Runs the jobs that compute grids.
        theme: Turns animations on or off.
        plane: The widget that shows the points; the animation's parent.
        motions: Moves points and view.
        box: Returns the chosen part of the plane, to which the view goes back; None for what `fit` shows.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        plane: LatentPlane,
        motions: MotionTimer,
        box: Callable[[], Square | None],
    ) -> None:
        super().__init__(plane)
        self._finding = OneJob(engine.jobs, self)
        self._finding.finished.connect(self._on_cells)
        self._finding.failed.connect(engine.notifications.unanswered)
        self._theme = theme
        self._plane = plane
        self._motions = motions
        self._box = box
        self._points = LatentPoints(np.empty((0, 2)))
        self._is_grid = False
        self._places = self._goal = np.empty((0, 2), np.float32)
        self._room = math.inf
        self._home = self._view_goal = plane.home
        self._view: ViewBox | None = None

    @property
    def is_grid(self) -> bool:
        """Whether the points are on a grid, or moving there."""
        return self._is_grid

    def set_home(self, home: ViewBox) -> None:
        """Set the view that `fit` shows for scattered points."""
        self._home = home
        if not self._is_grid:
            self._plane.set_home(home)

    def show(self, points: LatentPoints) -> None:
        """Replace the points, without an animation unless a new grid is needed."""
        same_places = len(points) == len(self._points) and np.array_equal(points.places, self._points.places)
        self._points = points
        if not same_places:
            if self._motions.is_moving("points") and not self._is_grid:
                self._move_view(self._view_goal)
            self._motions.stop("points")
            if self._is_grid:
                self._find_cells()
            if not self._is_grid or len(self._goal) != len(self._scattered):
                self._goal, self._room = self._scattered, math.inf
            self._places = self._goal
        self._put()

    def set_grid(self, is_grid: bool) -> None:
        """Animate the points to their cells, or back to their encoded positions."""
        if is_grid == self._is_grid:
            return
        self._is_grid = is_grid
        if is_grid:
            self._find_cells()
        else:
            self._finding.drop()
            self._plane.set_home(self._home)
            self._go_to(np.asarray(self._points.places, np.float32), self._plane.box_of(self._box()))

    def nearest(self, z0: float, z1: float) -> int | None:
        """Return the index of the point nearest to a position on the plane, or None without points."""
        if not len(self._goal):
            return None
        return int(((self._goal - (z0, z1)) ** 2).sum(1).argmin())

    @property
    def _scattered(self) -> NDArray[np.float32]:
        """Encoded positions, at most `MOST_POINTS` of them while there is a grid."""
        places = np.asarray(self._points.places, np.float32)
        return places[:MOST_POINTS] if self._is_grid else places

    def _find_cells(self) -> None:
        self._finding.drop()
        if len(places := self._scattered):
            failure = _("The points could not be put on a grid")
            self._finding.replace(BackgroundJob(partial(_on_grid, places), failure))

    @Slot(object)
    def _on_cells(self, grid: _Grid) -> None:
        in_view = grid.box.zoomed(1 / _SURROUNDINGS, *grid.box.centre)
        self._plane.set_home(in_view)
        is_free = math.isinf(self._room) or self._plane.view == self._view
        self._room = grid.room
        self._go_to(grid.cells, in_view if is_free else None)

    def _go_to(self, places: NDArray[np.float32], view: ViewBox | None) -> None:
        self._goal, self._view_goal = places, view or self._plane.view
        self._view = None if view is None else self._plane.view
        seconds = self._theme.duration_ms(_WALK_MS) / 1000
        motion = GridMotion(self._places, places, self._plane.view, self._view_goal, seconds)
        self._motions.start("points", motion, self._move)

    def _move(self, where: tuple[NDArray[np.float32], ViewBox]) -> None:
        self._places, view = where
        self._move_view(view)
        if self._places is self._goal and not self._is_grid:
            self._room = math.inf
        self._put()

    def _move_view(self, view: ViewBox) -> None:
        """Show a part of the plane, unless the user has moved the view meanwhile."""
        if self._plane.view == self._view:
            self._plane.set_view(view)
            self._view = self._plane.view

    def _put(self) -> None:
        n, points = len(self._places), self._points
        labels = None if points.labels is None else points.labels[:n]
        # The array stays the same object during the animation, so that the plane can reuse its cache.
        images = points.images if points.images is None or n == len(points) else points.images[:n]
        self._plane.set_points(LatentPoints(self._places, labels, images, self._room))


def _on_grid(places: NDArray[np.float32]) -> _Grid:
    """Compute the squarest grid for the points, centred on nearly all of them and as wide as they are."""
    rows, columns = grid_shape(len(places))
    cells = cell_centres(assign_to_grid(places, columns), columns, rows)
    around = ViewBox.around(places)
    room = around.width / columns
    box = ViewBox.centred(*around.centre, around.width, rows * room)
    corner = np.array((box.z0_low, box.z1_low))
    return _Grid(np.asarray(corner + cells * (box.width, box.height), np.float32), room, box)
