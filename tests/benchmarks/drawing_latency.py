"""Measures how fast the probability bars react to a stroke, without training and while each preset trains.

    python tests/benchmarks/drawing_latency.py CLASSIFIER [--presets NAME …] [--seconds 8] [--beside]

Strokes are replayed as 60 mouse events per second on the canvas of the real window, with the classifier's run
open. Measured for each event that changed the drawing: the time until the bars were painted with its answer
or a later one.

Goal for the 99th percentile over all events: 16 ms without training, 33 ms otherwise.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import itertools
import time
from collections.abc import Iterator

import numpy as np
from figures import Figures, percentiles
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from watched_answers import watch_answers

from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.requests import Request
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.draw.drawing_answers import DrawingAnswers
from cadl_gui.ui.window.main_window import MainWindow

_LIFTED = QEvent.Type.MouseButtonRelease
EVENTS_PER_SECOND, EVENTS_PER_LINE = 60, 20
WANTED_MS = {False: 16, True: 33}
"""Largest 99th percentile, without training and with it."""
DIGITS = (
    ((0.25, 0.2), (0.75, 0.2), (0.45, 0.85)),
    ((0.5, 0.1), (0.5, 0.9)),
    ((0.3, 0.3), (0.5, 0.15), (0.7, 0.3), (0.3, 0.8), (0.75, 0.8)),
    ((0.6, 0.15), (0.3, 0.6), (0.75, 0.6), (0.65, 0.4), (0.6, 0.9)),
)
"""Corners of a 7, a 1, a 2 and a 4, in units of the canvas side."""


class Watch(QObject):
    """Records each request that an event caused, and when the bars were painted with which answer."""

    def __init__(self, bars: QWidget) -> None:
        super().__init__()
        self.asked: list[tuple[float, int]] = []
        self.painted: list[tuple[float, int]] = []
        self.moved_at: float | None = None
        self._answered = -1
        self._n_asked = 0
        self.stop = watch_answers(DrawingAnswers, on_ask=self._on_ask, on_answer=self._on_answer)
        bars.installEventFilter(self)

    def _on_ask(self, _: Request) -> int:
        """Record the event that caused a request."""
        self._n_asked += 1
        if self.moved_at is not None:
            self.asked.append((self.moved_at, self._n_asked))
        return self._n_asked

    def _on_answer(self, number: int) -> None:
        self._answered = number

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint first, then record the time."""
        if event.type() == QEvent.Type.Paint:
            watched.event(event)
            self.painted.append((time.perf_counter(), self._answered))
            return True
        return False

    def waited_ms(self) -> np.ndarray:
        """How long each event waited for bars that answer it, in ms; infinite if none did."""
        return 1000 * np.array(
            [
                next((at - moved for at, answered in self.painted if answered >= number), np.inf)
                for moved, number in self.asked
            ]
        )


def movements() -> Iterator[tuple[QEvent.Type, tuple[float, float]]]:
    """Endless strokes, one digit after another."""
    for digit in itertools.cycle(DIGITS):
        yield QEvent.Type.MouseButtonPress, digit[0]
        for (x, y), (to_x, to_y) in itertools.pairwise(digit):
            for i in range(1, EVENTS_PER_LINE + 1):
                share = i / EVENTS_PER_LINE
                yield QEvent.Type.MouseMove, (x + (to_x - x) * share, y + (to_y - y) * share)
        yield QEvent.Type.MouseButtonRelease, digit[-1]


def draw_ms(window: MainWindow, seconds: float) -> np.ndarray:
    """Draw for some seconds, and return the waiting time of each event."""
    canvas = window.findChild(QWidget, "digitCanvas")
    watch = Watch(window.findChild(QWidget, "probabilityBars"))
    hand = movements()

    def move() -> None:
        kind, place = next(hand)
        if kind == QEvent.Type.MouseButtonPress:
            canvas.clear()
        watch.moved_at = time.perf_counter()
        send(canvas, kind, place)
        watch.moved_at = None

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(1000 // EVENTS_PER_SECOND)
    spin(seconds)
    timer.stop()
    spin(0.5)
    watch.stop()
    send(canvas, _LIFTED, DIGITS[0][0])
    canvas.clear()
    return watch.waited_ms()


def warm_up(window: MainWindow) -> None:
    """Draw a digit and wait for the last answer, because first requests compile functions."""
    canvas, nearest = (window.findChild(QWidget, name) for name in ("digitCanvas", "nearestCards"))
    for kind, place in itertools.takewhile(lambda movement: movement[0] != _LIFTED, movements()):
        send(canvas, kind, place)
    send(canvas, _LIFTED, DIGITS[0][-1])
    wait_until(lambda: bool(nearest.cards), 120)
    canvas.clear()


def send(canvas: QWidget, kind: QEvent.Type, place: tuple[float, float]) -> None:
    """Send a mouse event at a position in units of the canvas side."""
    point = QPointF(place[0] * canvas.width(), place[1] * canvas.height())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, point, canvas.mapToGlobal(point), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, event)


def measure(figures: Figures, window: MainWindow, engine: Engine, presets: list[str], seconds: float) -> None:
    """Measure while these presets take turns in training, and add a row."""
    for preset in presets:
        n = len(engine.runs)
        engine.training.train(PRESETS[preset].config.replace(epochs=1000), alongside=True)
        wait_until(lambda n=n: len(engine.runs) > n and engine.runs[n].history.n_steps > 20, 240)
    warm_up(window)
    name = " + ".join(f"`{preset}`" for preset in presets) or "nothing"
    figures.row(name, *percentiles(draw_ms(window, seconds), WANTED_MS[bool(presets)]))
    for run in engine.training.runs:
        engine.training.stop(run=run)
        wait_until(lambda run=run: not engine.training.trains(run), 60)
        engine.runs.remove(run)


def main() -> None:
    """Measure all cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("classifier", type=Path, help="run folder or checkpoint")
    parser.add_argument("--presets", nargs="*", choices=list(PRESETS), default=list(PRESETS))
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one measurement")
    parser.add_argument("--beside", action="store_true", help="and two of each by turns")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    print(f"window 1440×900, platform {QGuiApplication.platformName()}")
    with open_window() as (window, engine, _), Figures(arguments.json) as figures:
        figures.begin("strokes", "while it trains", "50 %, ms", "99 %, ms", "worst, ms")
        engine.runs.open(arguments.classifier)
        wait_until(lambda: bool(engine.runs), 60)
        window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
        measure(figures, window, engine, [], arguments.seconds)
        for preset in arguments.presets:
            for n in (1, 2) if arguments.beside else (1,):
                measure(figures, window, engine, [preset] * n, arguments.seconds)


if __name__ == "__main__":
    main()
