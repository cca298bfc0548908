"""Measures the responsiveness of the window while a run trains, or while datasets are prepared.

    python tests/benchmarks/responsiveness.py [--seconds 8]
    python tests/benchmarks/responsiveness.py --data [--seconds 8] [--rounds 3]

By itself, two measurements, each without training, with each preset, and with steps of about 100 ms:

- *Frames*: the times between the ticks of a 16 ms timer in the interface thread.
- *Drag*: 60 mouse events per second on the timeline, each at another recorded epoch or batch. For each event,
  answered or superseded: the time until the reconstructions of the hundred examples at that position, or at a
  later one, were painted.

Goal for the 99th percentile: frames ≤ 25 ms and drag ≤ 33 ms. Platform, size, preset and batch are printed.

With `--data`, frames only: with nothing to do, while a folder of photographs is prepared, while a run trains
on a prepared dataset whose images stay in their file, with both, and with nothing to do again. When a
preparation is done, the window says so, offers the dataset, and the next one begins. Each round has a window
of its own.

Goal for the 99th percentile: ≤ 25 ms with one of them, ≤ 33 ms with both, on an otherwise idle machine.
Elsewhere, only what the interface thread computed in a frame tells anything: its 99th percentile and maximum
come last.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import time

import from_file
import numpy as np
from figures import Figures, percentiles, within
from open_window import open_window, spin, wait_until
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from cadl_gui.datasets import images as images_module
from cadl_gui.datasets.load import scan
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.garbage import gc_paused
from cadl_gui.ui.controls.epoch_scale import place_of, share_of
from cadl_gui.ui.train.reconstruction_cache import ReconstructionCache
from cadl_gui.ui.window.main_window import MainWindow

_MARGIN_PX = 12
"""Margins beside the groove of the timeline."""

DENSE, CONV = "lecture-autoencoder", "lecture-conv-autoencoder"
CASES = ((None, DENSE, 100), (DENSE, DENSE, 100), (CONV, CONV, 100), (DENSE, DENSE, 1500), (CONV, CONV, 600))
"""(training or None, preset, batch size). The last two have steps of about 100 ms on two cores."""


N_PHOTOGRAPHS, N_DIFFERENT, N_TRAINED = 20_000, 100, 20_000
SIZES = range(32, 64)
"""Sizes in which the photographs are prepared; the last one first."""

IDLE, PREPARES, TRAINS, BOTH, IDLE_AGAIN = (
    "nothing",
    "prepares",
    "trains",
    "prepares and trains",
    "nothing again",
)
WANTED_MS = {IDLE: None, PREPARES: 25, TRAINS: 25, BOTH: 33, IDLE_AGAIN: None}
WANTED_FRAMES_MS, WANTED_DRAG_MS = 25, 33
"""Largest 99th percentiles."""


class Drag(QObject):
    """Records the events of a drag, and each paint of the reconstructions with the event that it answers."""

    def __init__(self, reconstructions: ReconstructionCache, widget: QWidget) -> None:
        super().__init__()
        self.events: list[tuple[float, Position]] = []
        self.painted: list[tuple[float, int]] = []
        self._answered = -1
        reconstructions.arrived.connect(self._on_arrived)
        widget.installEventFilter(self)

    def _on_arrived(self, position: Position, _) -> None:
        """The newest event that requested this position is answered."""
        asked = (i for i in reversed(range(len(self.events))) if self.events[i][1] == position)
        self._answered = max(self._answered, next(asked, -1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint first, then record the time."""
        if event.type() == QEvent.Type.Paint:
            watched.event(event)
            self.painted.append((time.perf_counter(), self._answered))
            return True
        return False


def frames_ms(seconds: float) -> np.ndarray:
    """Times between the ticks of a 16 ms timer, and how long this thread computed between them, (2, n)."""
    ticks: list[tuple[float, float]] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append((time.perf_counter(), time.thread_time())))
    timer.start(16)
    spin(seconds)
    timer.stop()
    return np.diff(ticks, axis=0).T * 1000


def drag_ms(window: MainWindow, engine: Engine, seconds: float) -> np.ndarray:
    """How long each event of a drag waited for an image at least as new, in ms."""
    slider = window.findChild(QWidget, "epochSlider")
    reconstructions = window.findChild(ReconstructionCache)
    drag = Drag(reconstructions, window.findChild(QWidget, "reconstructionMontage"))
    recorded = list(engine.view.run.recorded)
    path = recorded + recorded[-2:0:-1]

    def place(position: Position) -> float:
        groove = slider.width() - 2 * _MARGIN_PX
        return _MARGIN_PX + groove * share_of(place_of(position), slider.maximum())

    send(slider, QEvent.Type.MouseButtonPress, place(path[0]))

    def move() -> None:
        position = path[(len(drag.events) + 1) % len(path)]
        drag.events.append((time.perf_counter(), position))
        send(slider, QEvent.Type.MouseMove, place(position))

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(1000 // 60)
    spin(seconds)
    timer.stop()
    spin(0.5)
    send(slider, QEvent.Type.MouseButtonRelease, place(path[0]))
    return np.array([waited(i, began, drag.painted) for i, (began, _) in enumerate(drag.events)]) * 1000


def send(widget: QWidget, kind: QEvent.Type, x: float) -> None:
    """Send a mouse event with Shift, so that the batches inside the first epoch count, too."""
    place = QPointF(x, widget.height() / 2)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    shift = Qt.KeyboardModifier.ShiftModifier
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, buttons, shift)
    QApplication.sendEvent(widget, event)


def waited(i: int, began: float, painted: list[tuple[float, int]]) -> float:
    """Seconds until an image that answers event i or a later one was painted; infinite if none was."""
    return next((at - began for at, answered in painted if answered >= i), np.inf)


def measure(figures: Figures, trains: str | None, preset: str, batch_size: int, seconds: float) -> None:
    """Measure, and add a row."""
    with open_window() as (window, engine, _):
        config = PRESETS[preset].config.replace(batch_size=batch_size, epochs=1000)
        engine.training.train(config)
        wait_until(lambda: engine.training.run is not None and engine.training.run.newest.epoch >= 2, 300)
        run = engine.training.run
        if trains is None:
            engine.training.stop()
            wait_until(lambda: engine.training.state is TrainingState.IDLE, 60)
        steps, began = run.history.n_steps, time.perf_counter()
        frames, _ = frames_ms(seconds)
        step_ms = 1000 * (time.perf_counter() - began) / max(1, run.history.n_steps - steps)
        drag = drag_ms(window, engine, seconds)
        what = f"`{trains}`, batch {batch_size}, {step_ms:.0f} ms a step" if trains else "nothing"
        figures.row(what, *percentiles(frames, WANTED_FRAMES_MS), *percentiles(drag, WANTED_DRAG_MS))


class Preparations(QObject):
    """Prepares a folder of photographs again and again, each time in another size."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__()
        self._preparing = engine.preparing
        with gc_paused():  # no program holds so many scans at once, whose names the collector visits
            self._scans = [scan(f"{folder}:size={size}") for size in SIZES]
        self._preparing.finished.connect(self.begin)

    @Slot()
    def begin(self) -> None:
        """Prepare in the next size."""
        self._preparing.start(self._scans.pop())

    def end(self) -> None:
        """Cancel what is being prepared."""
        self._preparing.finished.disconnect(self.begin)
        self._preparing.cancel()
        wait_until(lambda: self._preparing.scan is None, 60)


def make_photographs(folder: Path) -> None:
    """A folder of many names for a few photographs: every one of them is read and decoded."""
    random = np.random.default_rng(0)
    folder.mkdir()
    for number in range(N_PHOTOGRAPHS):
        path, first = folder / f"{number}.jpg", folder / f"{number % N_DIFFERENT}.jpg"
        if number >= N_DIFFERENT:
            path.hardlink_to(first)
            continue
        small = Image.fromarray(random.integers(0, 256, (12, 9, 3), np.uint8))
        small.resize((480, 640), Image.Resampling.BICUBIC).save(path)


def situations(
    engine: Engine, photographs: Path, dataset: Path, seconds: float
) -> Iterator[tuple[str, np.ndarray]]:
    """The frames of each situation, one after the other."""
    yield IDLE, frames_ms(seconds)
    preparations = Preparations(engine, photographs)
    preparations.begin()
    yield PREPARES, frames_ms(seconds)
    preparations.end()
    engine.training.train(PRESETS[DENSE].config.replace(dataset=str(dataset), epochs=1000))
    wait_until(lambda: engine.training.run is not None and engine.training.run.history.n_steps > 10, 300)
    yield TRAINS, frames_ms(seconds)
    preparations = Preparations(engine, photographs)
    preparations.begin()
    yield BOTH, frames_ms(seconds)
    preparations.end()
    engine.training.stop()
    wait_until(lambda: engine.training.state is TrainingState.IDLE, 60)
    yield IDLE_AGAIN, frames_ms(seconds)


def measure_data(figures: Figures, folder: Path, seconds: float, rounds: int) -> None:
    """Measure the frames beside preparing and training, and add a row for each situation."""
    # Processes that decode would import this file, and Qt with it, which those of the program do not.
    del sys.modules["__main__"].__file__
    images_module.IN_MEMORY_BYTES = 0
    make_photographs(folder / "photographs")
    from_file.prepare(folder / "prepared", N_TRAINED)
    frames: dict[str, list[np.ndarray]] = {}
    for _ in range(rounds):
        with open_window() as (_, engine, _):
            for what, values in situations(engine, folder / "photographs", folder / "prepared", seconds):
                frames.setdefault(what, []).append(values)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{rounds} rounds of {seconds:g} s, {DENSE} on {N_TRAINED:,} images of 64×64×3, {load}")
    heads = ("50 %, ms", "99 %, ms", "worst, ms", "computed: 99 %, ms", "worst, ms")
    figures.begin("data", "meanwhile", *heads)
    for what, measured in frames.items():
        values, computed = np.concatenate(measured, axis=1)
        of_rounds = [float(np.percentile(each[0], 99)) for each in measured]
        half, most, worst = percentiles(values)
        extent = (round(of_round, 1) for of_round in (min(of_rounds), max(of_rounds)))
        figures.row(what, half, within(most, WANTED_MS[what], *extent), worst, *percentiles(computed)[1:])


def main() -> None:
    """Measure all cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one measurement")
    parser.add_argument("--data", action="store_true", help="beside preparing, and training from a file")
    parser.add_argument("--rounds", type=int, default=3, help="with --data: windows, one after the other")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    if arguments.data:
        with tempfile.TemporaryDirectory() as scratch, Figures(arguments.json) as figures:
            os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
            measure_data(figures, Path(scratch), arguments.seconds, arguments.rounds)
        return
    print(f"window 1440×900, platform {QGuiApplication.platformName()}")
    parts = ("frames: 50 %, ms", "99 %, ms", "worst, ms", "drag: 50 %, ms", "99 %, ms", "worst, ms")
    with Figures(arguments.json) as figures:
        figures.begin("window", "while it trains", *parts)
        for case in CASES:
            measure(figures, *case, arguments.seconds)


if __name__ == "__main__":
    main()
