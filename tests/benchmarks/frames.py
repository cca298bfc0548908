"""Measures how long the window freezes when it changes as a whole while a run trains.

    python tests/benchmarks/frames.py [--trains softmax] [--rounds 3] [--own-runs 60]

In the real window with the shipped runs open, and perhaps many of one's own, which are read first, each tab
is opened for the first time, then theme and present mode are switched. Measured for each change: the longest
time between two ticks of a 2 ms timer in the interface thread, and the longest time that this thread computed
between two ticks; for the rest it waited for others. The maximum over all rounds is printed.

Goal: no frame over 100 ms.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

from figures import Figures
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import shipped_run, shipped_runs
from cadl_gui.ui.window.main_window import MainWindow


class Pulse(QObject):
    """Ticks in the interface thread, and records the longest time between two ticks."""

    def __init__(self) -> None:
        super().__init__()
        self.worst_ms = self.computed_ms = 0.0
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(2)

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        waited, computed = (1000 * (new - old) for new, old in zip(now, self._last, strict=True))
        self.worst_ms, self.computed_ms = max(self.worst_ms, waited), max(self.computed_ms, computed)
        self._last = now


def changes(window: MainWindow, settles: float) -> Iterator[tuple[str, Callable[[], None]]]:
    """The changes in order, each with its name and a function."""
    for key in ("dataTab", "drawTab", "latentTab", "inspectTab", "trainTab"):
        yield f"first opening of {key}", trigger(window, settles, key)
    for tab in ("dataTab", "trainTab", "drawTab", "latentTab", "inspectTab"):
        for key in ("dark", "light", "present", "present"):
            yield f"{key} in {tab}", trigger(window, settles, key, tab)


def trigger(window: MainWindow, settles: float, *keys: str) -> Callable[[], None]:
    """A function that triggers an action; those after it are triggered first, without being measured."""
    wanted, *before = (window.findChild(QAction, f"{key}Action") for key in keys)

    def do() -> None:
        for action in before:
            action.trigger()
            spin(settles)
        QTimer.singleShot(0, wanted.trigger)

    return do


def measure(
    window: MainWindow, engine: Engine, trains: str, own_runs: Sequence[Path], settles: float
) -> dict[str, tuple[float, float]]:
    """The longest pause and the longest computation of each change, in ms."""
    folders = [*shipped_runs(), *own_runs]
    reading = Pulse()
    for folder in folders:
        engine.runs.open(folder, show=False)
    wait_until(lambda: len(engine.runs) == len(folders), 300)
    worst = {f"reading {len(folders)} runs": (reading.worst_ms, reading.computed_ms)}
    reading.deleteLater()
    engine.training.train(PRESETS[trains].config.replace(epochs=1000))
    wait_until(lambda: engine.training.run is not None and engine.training.run.newest.epoch >= 1, 300)
    for name, do in changes(window, settles):
        do()
        pulse = Pulse()
        spin(settles)
        before = worst.get(name, (0.0, 0.0))
        worst[name] = max(before[0], pulse.worst_ms), max(before[1], pulse.computed_ms)
        pulse.deleteLater()
    return worst


def main() -> None:
    """Measure, and print a line for each change."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trains", default="softmax", choices=sorted(PRESETS))
    parser.add_argument("--rounds", type=int, default=3, help="windows that are opened, one after the other")
    parser.add_argument(
        "--own-runs", type=int, default=0, help="copies of a shipped run that are opened, too"
    )
    parser.add_argument("--settles", type=float, default=1.5, help="seconds that each change is watched")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    worst: dict[str, tuple[float, float]] = {}
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder, open_window() as (window, engine, _):
            copies = [Path(folder) / f"softmax {number}" for number in range(arguments.own_runs)]
            own_runs = [shutil.copytree(shipped_run("softmax"), copy) for copy in copies]
            for name, both in measure(window, engine, arguments.trains, own_runs, arguments.settles).items():
                worst[name] = tuple(map(max, both, worst.get(name, both)))
    print(
        f"window 1440×900, platform {QGuiApplication.platformName()}, {arguments.trains} trains; worst, in ms"
    )
    with Figures(arguments.json) as figures:
        figures.begin("frames", "what happens", "still, ms", "computed, ms")
        for name, both in worst.items():
            figures.row(name, *map(round, both))


if __name__ == "__main__":
    main()
