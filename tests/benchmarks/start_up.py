"""Measures how soon the window is visible, a stroke and a drag are answered, and training is possible.

    python tests/benchmarks/start_up.py [--runs 5] [--app dist/cadl_gui]

Starts programs afresh, in alternation, and prints for each the time from process start to visible window, as
the median and the range over the rounds: a bare PySide6 window; one that also imports NumPy and pyqtgraph;
ours. For ours also the time to *ready to train*, beside TensorFlow's own import, and the longest freeze of
the interface thread; the time to the first answer to a stroke in Draw, and to the first image of a drag in
Latent, of a user who does it as soon as the tab is there; and the longest freeze while that user draws until
TensorFlow is loaded. With `QT_QPA_PLATFORM=xcb`, on the screen `DISPLAY`.

With `--app` also the packaged app: its window according to its log, *ready to train* according to its
self-test, which reports each step when it is done; for comparison, the bare windows packaged in the same way,
which needs PyInstaller.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from operator import sub, truediv
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[1]))

from figures import Cell, Figures, figure, within

from cadl_gui import app

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

_CLOCK = "import os, sys, time; started = float(sys.argv[1])\n"
_BARE = """
from PySide6.QtWidgets import QApplication, QWidget
from PySide6.QtCore import QTimer
class Window(QWidget):
    def paintEvent(self, event):
        print("window", time.time() - started, flush=True); QTimer.singleShot(0, QApplication.quit)
application = QApplication([]); window = Window(); window.resize(1440, 900); window.show(); application.exec()
"""
_PLOTTING = "import numpy, pyqtgraph\n" + _BARE
_TENSORFLOW = "import tensorflow; print('import', time.time() - started)"
_OURS = """
sys.argv = ["cadl-gui"]
from cadl_gui import app
ticks = []
def say(window, engine):
    from PySide6.QtCore import QTimer, Qt
    print("window", time.time() - started, flush=True)
    timer = QTimer(window); timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter())); timer.start(16)
    def check():
        if engine.is_ready:
            gaps = [b - a for a, b in zip(ticks, ticks[1:])]
            print("ready", time.time() - started); print("still", max(gaps), flush=True)
            QTimer.singleShot(0, window.close)
    engine.view.bind(engine, lambda: engine.is_ready, check)
sys.exit(app.show_window([], app.runs_folder(), alone=True, attend=say))
"""
_EARLY = """
sys.argv = ["cadl-gui"]
from cadl_gui import app
ticks = []
def attend(window, engine):
    from early_user import SEVEN, START, EarlyUser
    from PySide6.QtCore import QTimer, Qt
    def tell(what, seconds=None):
        print(what, time.time() - started if seconds is None else seconds, flush=True)
    def draw(user):
        yield from user.draw_seven()
        tell("stroke")
        canvas = user.part("digitCanvas")
        timer = QTimer(window); timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: ticks.append(time.perf_counter())); timer.start(16)
        yield lambda: len(ticks) > 2
        user.release(canvas, SEVEN[-1])  # now TensorFlow begins to load
        while not engine.is_ready:
            n = len(ticks)
            user.press(canvas, SEVEN[0])
            for place in SEVEN[1:]:
                yield lambda: len(ticks) > n
                n = len(ticks)
                user.move(canvas, place)
            user.release(canvas, SEVEN[-1])
            yield lambda: len(ticks) > n
        tell("drawing", max(b - a for a, b in zip(ticks, ticks[1:])))
        user.clear()  # or the next start would draw on it
        window.close()
    def drag(user):
        yield from user.drag()
        tell("drag")
        user.move(user.part("latentPlane"), START)  # or the next start would drag to where the handle is
        window.close()
    window.early_user = EarlyUser(window, drag if DRAGS else draw)
sys.exit(app.show_window([], app.runs_folder(), attend=attend))
"""
BARE, PLOTTING, TENSORFLOW, OURS = "PySide6", "PySide6 + NumPy + pyqtgraph", "TensorFlow", "cadl-gui"
DRAWS, DRAGS = "cadl-gui, drawing at once", "cadl-gui, dragging at once"
PROGRAMS = {
    BARE: _BARE,
    PLOTTING: _PLOTTING,
    TENSORFLOW: _TENSORFLOW,
    OURS: _OURS,
    DRAWS: "DRAGS = False" + _EARLY,
    DRAGS: "DRAGS = True" + _EARLY,
}

_READY_STEP = "load TensorFlow"
"""Step of the self-test after which training is possible."""

_LARGEST_WINDOW_RATIO, _LARGEST_READY_DELAY_SECONDS = 1.5, 1.0
_LATEST_ANSWER_SECONDS, _LONGEST_FREEZE_SECONDS = 0.9, 0.25

Times = dict[tuple[str, str], list[float]]
"""Seconds in each round, by program and milestone."""


def environment(home: str) -> dict[str, str]:
    """The environment of a user: folders below `home`, and compiled modules are cached."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "STATE")}
    return own | folders | {"PYTHONPATH": str(Path(__file__).parents[1])}


def start(command: list[str], home: str) -> dict[str, float]:
    """Start one program and collect the times that it prints, in seconds since its process began."""
    done = subprocess.run(
        [*command, repr(time.time())], capture_output=True, text=True, check=True, env=environment(home)
    )
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def start_app(folder: Path, home: str) -> dict[str, float]:
    """Start the packaged app until its window is visible, and its self-test until it is ready to train."""
    return {"window": window_seconds(folder / "cadl-gui"), "ready": ready_seconds(folder / "cadl", home)}


def window_seconds(program: Path) -> float:
    """Start the program and end it once its log reports the window."""
    with tempfile.TemporaryDirectory() as home:
        began = time.time()
        with subprocess.Popen([program], stderr=subprocess.DEVNULL, env=environment(home)) as started:
            while not any(app.WINDOW_IS_THERE in log.read_text() for log in Path(home).rglob("cadl_gui.log")):
                if started.poll() is not None:
                    raise RuntimeError(f"{program} ended before its window was there")
                time.sleep(0.002)
            seconds = time.time() - began
            started.kill()
    return seconds


def ready_seconds(program: Path, home: str) -> float:
    """Start the self-test and end it once TensorFlow is loaded."""
    began = time.time()
    with subprocess.Popen(
        [program, "selftest", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(home),
    ) as started:
        assert started.stdout is not None, "it is a pipe"
        for line in started.stdout:
            if json.loads(line).get("step") == _READY_STEP:
                break
        seconds = time.time() - began
        started.kill()
    return seconds


def package(name: str, program: str, folder: Path) -> list[str]:
    """Package a bare window as cadl_gui.spec packages the app; returns the command that starts it."""
    script = folder / f"{name}.py"
    script.write_text(_CLOCK + program, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--log-level", "ERROR", "--distpath", folder, "--workpath",
         folder / "build", "--specpath", folder, script],
        check=True,
    )  # fmt: skip
    return [str(folder / name / name)]


def measure(starters: dict[str, Callable[[], dict[str, float]]], rounds: int) -> Times:
    """Start the programs in turn, round after round."""
    times: Times = {}
    for i in range(rounds + 1):
        for name, starter in starters.items():
            for what, seconds in starter().items():
                if i > 0:  # the first round warms the disk
                    times.setdefault((name, what), []).append(seconds)
    return times


def tabulate(figures: Figures, name: str, title: str, times: Times) -> None:
    """The medians and ranges of the times, and of their ratios and differences in each round."""
    figures.begin(name, title, "s")
    for (program, what), values in times.items():
        figures.row(f"{program}: {what}", figure(*_spread(values)))
    windows = times[OURS, "window"]
    ratios = [_spread(map(truediv, windows, times[beside, "window"])) for beside in (PLOTTING, BARE)]
    delays = _spread(map(sub, times[OURS, "ready"], times[TENSORFLOW, "import"]))
    figures.begin(f"{name}-goals", title, "figure")
    figures.row(f"window / {PLOTTING}", _within(ratios[0], _LARGEST_WINDOW_RATIO))
    figures.row(f"window / {BARE}", figure(*ratios[1]))
    figures.row(f"ready - {TENSORFLOW}'s import, s", _within(delays, _LARGEST_READY_DELAY_SECONDS))
    if (DRAWS, "stroke") not in times:  # the packaged app is not used
        return
    for program, what in ((DRAWS, "stroke"), (DRAGS, "drag")):
        answers = _spread(times[program, what])
        figures.row(f"first answer to a {what}, s", _within(answers, _LATEST_ANSWER_SECONDS))
    freeze = round(max(times[DRAWS, "drawing"]), 2)
    figures.row("longest freeze while drawing and loading, s", within(freeze, _LONGEST_FREEZE_SECONDS))


def _spread(values: Iterable[float]) -> tuple[float, float, float]:
    """The median of one value a round, the smallest and the largest."""
    found = [*values]
    return round(median(found), 2), round(min(found), 2), round(max(found), 2)


def _within(found: tuple[float, float, float], limit: float) -> Cell:
    return within(found[0], limit, *found[1:])


def main() -> None:
    """Start everything, and tabulate it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--app", type=Path, metavar="FOLDER", help="the packaged app")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, Figures(arguments.json) as figures:
        tree = {
            name: partial(start, [sys.executable, "-c", _CLOCK + program], home)
            for name, program in PROGRAMS.items()
        }
        tabulate(figures, "source", "from the source tree", measure(tree, arguments.runs))
        if arguments.app:
            packaged = {
                BARE: partial(start, package("bare", _BARE, Path(home)), home),
                PLOTTING: partial(start, package("plotting", _PLOTTING, Path(home)), home),
                TENSORFLOW: tree[TENSORFLOW],
                OURS: partial(start_app, arguments.app, home),
            }
            tabulate(figures, "packaged", "the packaged app", measure(packaged, arguments.runs))


if __name__ == "__main__":
    main()
