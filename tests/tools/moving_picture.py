"""Makes the README's moving picture: a 7 is drawn, and a hand drags through the plane of a trained network.

    python tests/tools/moving_picture.py [OUT.webp] [--size 1200x750] [--width 960]

It is the real window with the runs that ship. Each frame waits until everything that the hand asked for is
shown, so a slow machine makes the same picture.
"""

import argparse
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from early_user import SEVEN, EarlyUser
from idle import wait_until_idle
from open_window import open_window, wait_until
from PIL import Image
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QTabWidget, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.window.main_window import MainWindow

OUT = Path(__file__).resolve().parents[2] / "resources" / "readme" / "cadl.webp"
STROKE = SEVEN
DRAG = ((0.15, 0.8), (0.32, 0.62), (0.25, 0.3), (0.55, 0.2), (0.62, 0.45), (0.5, 0.7), (0.3, 0.75))
"""The stroke and the drag, in units of the sides of canvas and plane."""

FRAME_MS, HOLD_MS = 70, 2200
QUALITY = 70
IDLE_S = 600.0
"""Longest time until all that a hand asked for is there."""

Place = tuple[float, float]


def between(corners: Sequence[Place], step: float) -> Iterator[Place]:
    """Places on the way along some corners, so far apart."""
    for begin, end in itertools.pairwise(corners):
        n = max(1, round(float(np.hypot(end[0] - begin[0], end[1] - begin[1])) / step))
        for share in np.linspace(0, 1, n, endpoint=False):
            yield begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])
    yield corners[-1]


class Film:
    """Frames of the window, with a ring where the pointer is."""

    def __init__(self, window: MainWindow, engine: Engine, width: int) -> None:
        self._window = window
        self._engine = engine
        self._width = width
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def add(self, widget: QWidget, place: Place, milliseconds: int = FRAME_MS) -> None:
        """Wait until everything is shown, and add a frame."""
        wait_until_idle(self._engine, self._window, most_s=IDLE_S)
        image = self._window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        at = widget.mapTo(self._window, QPoint(0, 0))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(255, 120, 0, 220), 3))
        painter.drawEllipse(
            QPointF(at.x() + place[0] * widget.width(), at.y() + place[1] * widget.height()), 11, 11
        )
        painter.end()
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        height = round(self._width * image.height() / image.width())
        self.frames.append(Image.fromarray(pixels).resize((self._width, height), Image.Resampling.LANCZOS))
        self.milliseconds.append(milliseconds)

    def save(self, path: Path) -> None:
        """Write the frames as one file that moves for ever."""
        first, *others = self.frames
        first.save(
            path, save_all=True, append_images=others, duration=self.milliseconds, loop=0, quality=QUALITY,
            method=6,
        )  # fmt: skip


def drag(film: Film, user: EarlyUser, widget: QWidget, corners: Sequence[Place], step: float) -> None:
    """Press, move along the corners and release, with a frame for each place; hold the last one."""
    first, *places = between(corners, step)
    user.press(widget, first)
    for place in places:
        user.move(widget, place)
        film.add(widget, place)
    user.release(widget, places[-1])
    film.add(widget, places[-1], HOLD_MS)


def main() -> None:
    """Use the window, and save what is seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, nargs="?", default=OUT)
    parser.add_argument("--size", default="1200x750", help="of the window, in pixels")
    parser.add_argument("--width", type=int, default=960, help="of the picture, in pixels")
    parser.add_argument(
        "--step", type=float, default=0.025, help="between two frames, in sides of the canvas"
    )
    arguments = parser.parse_args()
    with open_window(*map(int, arguments.size.split("x"))) as (window, engine, _):
        window.open_again(shipped_runs())
        wait_until(lambda: len(engine.runs) == len(shipped_runs()), IDLE_S)
        film, user = Film(window, engine, arguments.width), EarlyUser(window, lambda _: iter(()))
        tabs = window.findChild(QTabWidget, "tabs")
        tabs.setCurrentWidget(window.findChild(QWidget, "drawTab"))
        canvas = user.part("digitCanvas")
        film.add(canvas, STROKE[0], HOLD_MS // 3)
        drag(film, user, canvas, STROKE, arguments.step)
        engine.view.show_run(next(run for run in engine.runs if run.description.name == "vae"))
        tabs.setCurrentWidget(window.findChild(QWidget, "latentTab"))
        plane = user.part("latentPlane")
        film.add(plane, DRAG[0], HOLD_MS // 3)
        drag(film, user, plane, DRAG, arguments.step)
        film.save(arguments.out)
    print(f"{arguments.out}: {len(film.frames)} frames, {arguments.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
