"""Measures the paint times of the latent plane, offscreen: `python tests/benchmarks/latent_plane.py`.

A frame has 16.7 ms at 60 frames per second. Processor time is what it takes on an otherwise idle machine.
Each gesture sends real events; measured is the repaint that follows, including everything that the event
invalidated.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, percentiles
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cadl_gui.imaging.latent.assignment import MOST_POINTS, assign_to_grid
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.tiles import finest_level, refinement, smallest_tile_px
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.system.garbage import gc_paused
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.theme.theme import Theme

SIDE_PX, N_POINTS, N_FRAMES = 672, 10_000, 120


def clusters(n: int) -> LatentPoints:
    """Ten artificial clusters with artificial images."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, n)
    places = random.normal(0, 2, (10, 2))[labels] + random.normal(0, 0.5, (n, 2))
    return LatentPoints(places, labels, random.integers(0, 256, (n, 28, 28, 1), dtype=np.uint8))


def pan(plane: LatentPlane, frame: int) -> None:
    """Drag back and forth with the middle button."""
    QTest.mouseMove(plane, QPoint(336 + 3 * abs(frame % 60 - 30), 336 + frame % 30))


def zoom(plane: LatentPlane, frame: int) -> None:
    """Turn the wheel back and forth."""
    turned = QPoint(0, 120 if frame % 20 < 10 else -120)
    where = QPointF(300, 350)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(where, where, QPoint(), turned, Qt.MouseButton.NoButton, none, phase, False)
    QApplication.sendEvent(plane, wheel)


def drag(plane: LatentPlane, frame: int) -> None:
    """Drag the handle."""
    QTest.mouseMove(plane, QPoint(100 + 4 * frame, 336 + frame % 50))


def measure(
    figures: Figures, plane: LatentPlane, name: str, gesture: Callable[[LatentPlane, int], None]
) -> None:
    """Add a row: the milliseconds of event and repaint, in wall time and processor time."""
    frames: list[tuple[float, float]] = []
    for frame in range(N_FRAMES):
        start, worked = time.perf_counter(), time.thread_time()
        gesture(plane, frame)
        plane.repaint()
        frames.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - worked)))
    figures.row(name, *(cell for values in zip(*frames, strict=True) for cell in percentiles(values)))


def measure_gestures(figures: Figures, plane: LatentPlane, what: str) -> None:
    """Add a row for each gesture."""
    centre = QPoint(336, 336)
    QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=centre)
    measure(figures, plane, f"drag the handle, {what}", drag)
    QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=centre)
    QTest.mousePress(plane, Qt.MouseButton.MiddleButton, pos=centre)
    measure(figures, plane, f"pan, {what}", pan)
    QTest.mouseRelease(plane, Qt.MouseButton.MiddleButton, pos=centre)
    measure(figures, plane, f"zoom, {what}", zoom)


def main() -> None:
    """Fill a table, and print the duration of a grid assignment."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with gc_paused():  # as in app.main
        theme = Theme("dark")
        application = QApplication([])
        theme.prepare(application)
        theme.apply(application)
        plane = LatentPlane(theme)
        points = clusters(N_POINTS)
    plane.resize(SIDE_PX, SIDE_PX)
    plane.show()
    application.processEvents()
    plane.set_points(points)
    plane.set_view(ViewBox.around(points.places))
    print(f"{SIDE_PX}×{SIDE_PX} px, {N_POINTS:,} points")
    with Figures(arguments.json) as figures:
        heads = ("50 %, ms a frame", "99 %", "longest", "processor: 50 %, ms", "99 %", "longest")
        figures.begin("plane", "gesture", *heads)
        measure_gestures(figures, plane, "points")
        tiles = list(refinement(plane.view, finest_level(plane.view, SIDE_PX, smallest_tile_px(28)), ()))
        plane.add_tiles(tiles, points.images[: len(tiles)])
        measure_gestures(figures, plane, f"points, {len(tiles)} tiles")
        plane.set_layer(LatentLayer.POINTS, shown=False)
        plane.set_layer(LatentLayer.THUMBNAILS, shown=True)
        measure_gestures(figures, plane, "thumbnails, tiles")
    start = time.thread_time()
    assign_to_grid(points.places[:MOST_POINTS])
    print(f"{MOST_POINTS:,} points to a grid: {time.thread_time() - start:.2f} s of processor time")


if __name__ == "__main__":
    main()
