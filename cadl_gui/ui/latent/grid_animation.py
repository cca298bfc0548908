"""*Reorganise to grid*: the animation of points between their encoded positions and a grid."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.domain.images import grid_shape
from cadl_gui.domain.view import Square
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.imaging.latent.assignment import MOST_POINTS, assign_to_grid, cell_centres
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.view_animation import ViewAnimation
from cadl_gui.ui.theme.theme import Theme

_WALK_MS, _FRAME_MS = 1_200, 16
_STAGGER = 0.5
"""Delay of the points with the longest way, as a share of the duration."""
_SURROUNDINGS = 1.05
"""Size of the view of a grid, relative to the grid."""


@dataclass(frozen=True, eq=False)
class _Grid:
    """The grid computed for a set of points.

    Attributes:
        places: (n, 2) float32, the original positions.
        cells: (n, 2) float32, the centres of the assigned cells.
        room: Side of a cell.
        box: Bounding box of all cells.
    """

    places: NDArray[np.float32]
    cells: NDArray[np.float32]
    room: float
    box: ViewBox


class GridAnimation(QObject):
    """Shows points on the plane, scattered or on a grid, and animates the transition.

    The grid is computed in the background; until then the points stay where they are. The view moves to the
    grid with them, and afterwards back to where it was.

    Args:
        theme: Turns animations on or off.
        plane: The widget that shows the points; the animation's parent.
        jobs: Runs the jobs that compute grids.
        box: Returns the chosen part of the plane, to which the view goes back; None for what `fit` shows.

    Signals:
        failed: (str) A sentence saying why the grid could not be computed.
    """

    failed = Signal(str)

    def __init__(
        self, theme: Theme, plane: LatentPlane, jobs: BackgroundJobs, box: Callable[[], Square | None]
    ) -> None:
        super().__init__(plane)
        self._theme = theme
        self._plane = plane
        self._jobs = jobs
        self._box = box
        self._points = LatentPoints(np.empty((0, 2)))
        self._is_grid = False
        self._from = self._to = np.empty((0, 2), np.float32)
        self._wanted: NDArray[np.float32] | None = None
        self._room = math.inf
        self._home = plane.home
        self._view = ViewAnimation(plane)
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def plane(self) -> LatentPlane:
        """The widget that shows the points."""
        return self._plane

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
            self._timer.stop()
            if self._is_grid:
                self._find_cells()
            else:
                self._view.go(1)
            if not self._is_grid or len(self._to) != len(self._scattered):
                self._to, self._room = self._scattered, math.inf
        self._put(self._to if not self._timer.isActive() else self._way())

    @Slot(bool)
    def set_grid(self, is_grid: bool) -> None:
        """Animate the points to their cells, or back to their encoded positions."""
        if is_grid == self._is_grid:
            return
        self._is_grid = is_grid
        if is_grid:
            self._find_cells()
        else:
            self._wanted = None
            self._plane.set_home(self._home)
            self._view.begin(self._plane.box_of(self._box()))
            self._walk_to(np.asarray(self._points.places, np.float32))

    def nearest(self, z0: float, z1: float) -> int | None:
        """Return the index of the point nearest to a position on the plane, or None without points."""
        if not len(self._to):
            return None
        return int(((self._to - (z0, z1)) ** 2).sum(1).argmin())

    @property
    def _scattered(self) -> NDArray[np.float32]:
        """Encoded positions, at most `MOST_POINTS` of them while there is a grid."""
        places = np.asarray(self._points.places, np.float32)
        return places[:MOST_POINTS] if self._is_grid else places

    def _find_cells(self) -> None:
        places = self._wanted = self._scattered
        if len(places):
            finding = BackgroundJob(partial(_on_grid, places), "The points could not be put on a grid")
            finding.finished.connect(self._on_cells)
            finding.failed.connect(self._on_no_cells)
            self._jobs.start(finding)

    @Slot(str)
    def _on_no_cells(self, message: str) -> None:
        self._wanted = None
        self.failed.emit(message)

    @Slot(object)
    def _on_cells(self, grid: _Grid) -> None:
        if grid.places is not self._wanted:
            return
        self._wanted = None
        in_view = grid.box.zoomed(1 / _SURROUNDINGS, *grid.box.centre)
        self._plane.set_home(in_view)
        if math.isinf(self._room) or self._view.is_untouched:
            self._view.begin(in_view)
        self._room = grid.room
        self._walk_to(grid.cells)

    def _walk_to(self, places: NDArray[np.float32]) -> None:
        self._from, self._to = self._to, places
        self._began = time.monotonic()
        self._timer.start(_FRAME_MS)
        self._step()

    @Slot()
    def _step(self) -> None:
        progress = self._progress()
        self._view.go(progress)
        if progress < 1:
            self._put(self._way())
            return
        self._timer.stop()
        if not self._is_grid:
            self._room = math.inf
        self._put(self._to)

    def _progress(self) -> float:
        planned = self._theme.duration_ms(_WALK_MS)
        return 1.0 if planned == 0 else (time.monotonic() - self._began) * 1000 / planned

    def _way(self) -> NDArray[np.float32]:
        """Return the current positions: every point eases in and out, and those that go far start last."""
        n = min(len(self._from), len(self._to))
        start, end = self._from[:n], self._to[:n]
        far = np.linalg.norm(end - start, axis=1)
        delay = _STAGGER * far / max(float(far.max(initial=0)), 1e-9)
        t = np.clip((self._progress() - delay) / (1 - _STAGGER), 0, 1)[:, np.newaxis]
        eased = t * t * (3 - 2 * t)
        return np.asarray(start + eased * (end - start), np.float32)

    def _put(self, places: NDArray[np.float32]) -> None:
        n, points = len(places), self._points
        labels = None if points.labels is None else points.labels[:n]
        # The array stays the same object during the animation, so that the plane can reuse its cache.
        images = points.images if points.images is None or n == len(points) else points.images[:n]
        self._plane.set_points(LatentPoints(places, labels, images, self._room))


def _on_grid(places: NDArray[np.float32]) -> _Grid:
    """Compute the squarest grid for the points, centred on nearly all of them and as wide as they are."""
    rows, columns = grid_shape(len(places))
    cells = cell_centres(assign_to_grid(places, columns), columns, rows)
    around = ViewBox.around(places)
    room = around.width / columns
    box = ViewBox.centred(*around.centre, around.width, rows * room)
    corner = np.array((box.z0_low, box.z1_low))
    return _Grid(places, np.asarray(corner + cells * (box.width, box.height), np.float32), room, box)
