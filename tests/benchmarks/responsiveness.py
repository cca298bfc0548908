"""Measures the responsiveness of the window while a run trains.

    python tests/benchmarks/responsiveness.py [--seconds 8]

Two measurements, each without training, with each preset, and with steps of about 100 ms:

- *Frames*: the times between the ticks of a 16 ms timer in the interface thread.
- *Drag*: 60 mouse events per second on the timeline, each at another recorded epoch or batch. For each event,
  answered or superseded: the time until the reconstructions of the hundred examples at that position, or at a
  later one, were painted.

Goal for the 99th percentile: frames ≤ 25 ms and drag ≤ 33 ms. Platform, size, preset and batch are printed.
"""

import argparse
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import time

import numpy as np
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.reconstruction_cache import ReconstructionCache
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.widgets.epoch_track import place_of

_MARGIN_PX = 12
"""Margins beside the groove of the timeline."""

DENSE, CONV = "lecture-autoencoder", "lecture-conv-autoencoder"
CASES = ((None, DENSE, 100), (DENSE, DENSE, 100), (CONV, CONV, 100), (DENSE, DENSE, 1500), (CONV, CONV, 600))
"""(training or None, preset, batch size). The last two have steps of about 100 ms on two cores."""


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
    """Times between the ticks of a 16 ms timer."""
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(16)
    spin(seconds)
    timer.stop()
    return np.diff(ticks) * 1000


def drag_ms(window: MainWindow, engine: Engine, seconds: float) -> np.ndarray:
    """How long each event of a drag waited for an image at least as new, in ms."""
    slider = window.findChild(QWidget, "epochSlider")
    reconstructions = window.findChild(ReconstructionCache)
    drag = Drag(reconstructions, window.findChild(QWidget, "reconstructionMontage"))
    recorded = list(engine.view.run.recorded)
    path = recorded + recorded[-2:0:-1]

    def place(position: Position) -> float:
        groove = slider.width() - 2 * _MARGIN_PX
        return _MARGIN_PX + groove * place_of(position) / slider.maximum()

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


def measure(trains: str | None, preset: str, batch_size: int, seconds: float) -> None:
    """Measure and print one line."""
    with open_window() as (window, engine, _):
        config = PRESETS[preset].config.replace(batch_size=batch_size, epochs=1000)
        engine.training.train(config)
        wait_until(lambda: engine.training.run is not None and engine.training.run.newest.epoch >= 2, 300)
        run = engine.training.run
        if trains is None:
            engine.training.stop()
            wait_until(lambda: engine.training.state is TrainingState.IDLE, 60)
        steps, began = run.history.n_steps, time.perf_counter()
        frames = frames_ms(seconds)
        step_ms = 1000 * (time.perf_counter() - began) / max(1, run.history.n_steps - steps)
        drag = drag_ms(window, engine, seconds)
        what = f"{trains}, batch {batch_size}, {step_ms:.0f} ms a step" if trains else "nothing"
        percentiles = "   ".join(
            f"{np.percentile(values, 50):6.1f} {np.percentile(values, 99):6.1f} {values.max():6.1f}"
            for values in (frames, drag)
        )
        print(f"{what:52} {percentiles}   {len(drag)} events", flush=True)


def main() -> None:
    """Measure all cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one measurement")
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    print(f"window 1440×900, platform {QGuiApplication.platformName()}; ms: 50 %, 99 %, worst")
    print(f"{'trains':52} {'frames':>20}   {'drag':>20}")
    for case in CASES:
        measure(*case, arguments.seconds)


if __name__ == "__main__":
    main()
