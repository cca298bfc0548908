"""Measures how soon the latent plane shows another epoch, and how smoothly it is refined.

    python tests/benchmarks/latent_epochs.py RUN [--changes 24]

RUN is the run folder of a variational network. In the real window on the real backends, keys move through the
recorded positions back and forth, whenever the manifold is complete. Measured for each change: the time from
the key to the end of the first paint of the plane with the coarse tiles of that position, to the end of the
paint with all tiles, and the longest time between two ticks of a 16 ms timer. Goal: 100 ms without
stuttering.
"""

import argparse
import os
import sys
import time
from itertools import cycle, islice
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, percentiles
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from watched_answers import watch_answers

from cadl_gui.domain.requests import Request
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.tiles import finest_level, smallest_tile_px, tiles_in
from cadl_gui.ui.latent.manifold import Manifold
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.tab import LatentTab

FRAME_MS, SECONDS = 16, 20


class Change(QObject):
    """A change of the epoch: records when the plane has painted its coarse tiles, and all tiles."""

    def __init__(self, engine: Engine, plane: LatentPlane) -> None:
        super().__init__()
        self._engine = engine
        self._plane = plane
        self._has_coarse = False
        self._ticks: list[float] = []
        self.began = self.coarse = self.whole = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        watch_answers(Manifold, on_answer=self._on_answer)
        plane.installEventFilter(self)

    def make(self, slider: QWidget, key: Qt.Key) -> tuple[float, float, float]:
        """Milliseconds to the coarse tiles and to all, and the longest time between ticks."""
        self._has_coarse, self.coarse, self.whole, self._ticks = False, 0.0, 0.0, []
        self._timer.start(FRAME_MS)
        spin(0.1)
        self.began = time.perf_counter()
        QTest.keyClick(slider, key, Qt.KeyboardModifier.ShiftModifier)
        wait_until(lambda: self.whole > 0, SECONDS)
        spin(0.1)
        self._timer.stop()
        longest = np.diff(self._ticks).max()
        return 1000 * (self.coarse - self.began), 1000 * (self.whole - self.began), 1000 * longest

    def _on_answer(self, request: Request) -> None:
        self._has_coarse |= request.position == self._engine.view.position

    def _is_whole(self) -> bool:
        view = self._plane.view
        width_px = self._plane.width() * self._plane.devicePixelRatioF()
        least = smallest_tile_px(max(self._engine.view.run.description.image_shape[:2]))
        return all(tile in self._plane.tiles for tile in tiles_in(view, finest_level(view, width_px, least)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint first, then record the time."""
        if event.type() != QEvent.Type.Paint:
            return False
        watched.event(event)
        if self._has_coarse and not self.whole:
            now = time.perf_counter()
            self.coarse = self.coarse or now
            self.whole = now if self._is_whole() else 0.0
        return True


def main() -> None:
    """Move the timeline back and forth, and print three rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("--changes", type=int, default=24)
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    with open_window() as (window, engine, _):
        tab = window.findChild(LatentTab)
        window.findChild(QTabWidget, "tabs").setCurrentWidget(tab)
        engine.runs.open(arguments.run)
        wait_until(lambda: tab.findChild(QWidget, "decodedImage").images is not None, SECONDS)
        spin(3)
        slider = window.findChild(QWidget, "epochSlider")
        change = Change(engine, tab.findChild(LatentPlane))
        there = [Qt.Key.Key_Left] * (len(engine.view.run.recorded) - 1)
        back = [Qt.Key.Key_Right] * len(there)
        keys = list(islice(cycle(there + back), arguments.changes))
        rows = np.array([change.make(slider, key) for key in keys]).T
    print(f"window 1440×900, {QGuiApplication.platformName()}, {len(keys)} changes")
    with Figures(arguments.json) as figures:
        figures.begin("epochs", "until", "50 %, ms", "99 %, ms", "worst, ms")
        for name, row in zip(("coarse manifold", "whole manifold", "between ticks"), rows, strict=True):
            figures.row(name, *percentiles(row))


if __name__ == "__main__":
    main()
