"""Measures the latency of a drag in the Latent tab, without training and while presets train.

    python tests/benchmarks/latent_drag.py RUN… [--seconds 8] [--trains PRESET …] [--program PROGRAM]

RUN is the run folder of a variational network; several are measured by turns. A 60 Hz drag around the plane
in the real tab on the real backends. Measured for each event: the time from its arrival to the end of the
first paint of an image that answers it or a later one. Printed are the percentiles over all events; those of
the time between ticks of a 16 ms timer, since measurements in a window that stutters are unreliable; and the
processor time of the interface thread per event, including everything that follows from it, which does not
depend on the load of the machine.

With `--program`, such as `.venv/bin/cadl-gui`, a real pointer drags in that program, which is started anew on
a screen of its own, and the images are looked for on the screen (`pointer_drag.py`). RUN is a shipped run.
The times include the X server and the fetching of the pixels; the ticks are those of the pointer.
"""

import argparse
import math
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, percentiles
from open_window import open_window, spin, wait_until
from pointer_drag import PointerDrag
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from watched_answers import watch_answers

from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.requests import Decode, Request
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.latent.decoded_card import DecodedCard
from cadl_gui.ui.latent.tab import LatentTab

WANTED_MS = {False: 16, True: 33}
"""Largest 99th percentile, without training and with it."""


class Drag(QObject):
    """Records when each position was requested, and each paint of the image with the event it answers."""

    def __init__(self, plane: QWidget, image: QWidget) -> None:
        super().__init__()
        self.began: list[float] = []
        self.painted: list[tuple[float, int]] = []
        self._plane = plane
        self._latents: dict[tuple[float, ...], int] = {}
        self._answered = -1
        self.stop = watch_answers(DecodedCard, on_answer=self._on_answer)
        image.installEventFilter(self)

    def move(self) -> None:
        """Send one event of a drag around the centre, never twice at the same position."""
        i = len(self.began)
        angle, radius = 0.11 * i, 0.3 + 0.1 * math.sin(0.013 * i)
        x = self._plane.width() * (0.5 + radius * math.cos(angle))
        y = self._plane.height() * (0.5 + radius * math.sin(angle))
        self.began.append(time.perf_counter())
        send(self._plane, QEvent.Type.MouseMove, QPointF(x, y))
        self._latents[tuple(np.float32(self._plane.handle).tolist())] = i

    def _on_answer(self, request: Request) -> None:
        if isinstance(request, Decode):
            latent = tuple(request.latents[0].tolist())
            self._answered = max(self._answered, self._latents.get(latent, -1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint first, then record the time."""
        if event.type() == QEvent.Type.Paint:
            watched.event(event)
            self.painted.append((time.perf_counter(), self._answered))
            return True
        return False


def waited_ms(drag: Drag | PointerDrag) -> np.ndarray:
    """How long each event waited for an image at least as new, in ms; infinite if none came."""
    return np.array([
        next((at - began for at, answered in drag.painted if answered >= i), np.inf)
        for i, began in enumerate(drag.began)
    ]) * 1000  # fmt: skip


def send(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """Send a mouse event of a drag with the left button."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, place, widget.mapToGlobal(place), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def drag_ms(engine: Engine, tab: LatentTab, seconds: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Waiting times of the events of a drag, times between ticks, and processor time per event."""
    plane = tab.findChild(QWidget, "latentPlane")
    drag = Drag(plane, tab.findChild(QWidget, "decodedImage"))
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.timeout.connect(drag.move)
    send(plane, QEvent.Type.MouseButtonPress, plane.rect().center().toPointF())
    worked = time.thread_time()
    timer.start(1000 // 60)
    spin(seconds)
    timer.stop()
    worked = (time.thread_time() - worked) / len(drag.began)
    spin(0.5)
    send(plane, QEvent.Type.MouseButtonRelease, plane.rect().center().toPointF())
    drag.stop()
    return waited_ms(drag), np.diff(ticks) * 1000, worked * 1000


def pointer_drag_ms(
    program: Path, run: Path, trains: str | None, seconds: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """The same of a real pointer; the ticks are its events."""
    drag = PointerDrag(program, run.name, trains, seconds)
    return waited_ms(drag), np.diff(drag.began) * 1000, drag.worked / len(drag.began) * 1000


def window_drag_ms(run: Path, trains: str | None, seconds: float) -> tuple[np.ndarray, np.ndarray, float]:
    """The same in a window of this process."""
    with open_window() as (window, engine, _):
        tab = window.findChild(LatentTab)
        window.findChild(QTabWidget, "tabs").setCurrentWidget(tab)
        engine.runs.open(run)
        wait_until(lambda: tab.findChild(QWidget, "decodedImage").images is not None, 120)
        if trains is not None:
            shown = engine.view.run
            engine.training.train(PRESETS[trains].config.replace(epochs=1000))
            wait_until(lambda: len(engine.runs) == 2 and engine.runs[1].history.n_steps > 20, 300)
            engine.view.show_run(shown)
        spin(3)
        return drag_ms(engine, tab, seconds)


def main() -> None:
    """Measure all cases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one measurement")
    parser.add_argument("--trains", nargs="*", choices=list(PRESETS), default=[])
    parser.add_argument("--program", type=Path, help="what a user starts, to drag in it by a real pointer")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    platform = "xcb" if arguments.program else QGuiApplication.platformName()
    print(f"window 1440×900, platform {platform}")
    heads = ("drag: 50 %, ms", "99 %, ms", "worst, ms", "ticks: 50 %, ms", "99 %, ms", "worst, ms")
    with Figures(arguments.json) as figures:
        figures.begin("drags", "while it trains", "run", *heads, "processor, ms an event")
        for trains in (None, *arguments.trains):
            for run in arguments.runs:
                measured = run, trains, arguments.seconds
                program = arguments.program
                drag = pointer_drag_ms(program, *measured) if program else window_drag_ms(*measured)
                name, (waited, frames, worked) = f"`{trains}`" if trains else "nothing", drag
                drags = percentiles(waited, WANTED_MS[trains is not None])
                figures.row(name, f"`{run.name}`", *drags, *percentiles(frames), round(worked, 2))


if __name__ == "__main__":
    main()
