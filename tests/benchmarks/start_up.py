"""How soon the window is there.

    python tests/benchmarks/start_up.py [--runs 5] [--app dist/cadl_gui]

Starts programs afresh, in alternation, and prints for each the median time from process start to visible
window: a bare PySide6 window; one with NumPy and pyqtgraph imported; ours. For ours also the time to *ready
to train*, beside TensorFlow's own import, and the longest time that the interface thread stood still.

With `--app`, the same for the packaged app instead, by its self-test, which tells each step as it is done;
beside it the bare windows packaged in the same way, for which PyInstaller has to be installed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

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
from cadl_gui.ui.main_window import MainWindow
from PySide6.QtCore import QTimer, Qt
from PySide6.QtWidgets import QApplication
ticks = []
def say(window):
    print("window", time.time() - started, flush=True)
    timer = QTimer(window); timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter())); timer.start(16)
    def check():
        if window._engine.is_ready:
            gaps = [b - a for a, b in zip(ticks, ticks[1:])]
            print("ready", time.time() - started); print("still", max(gaps), flush=True); window.close()
    window._engine.state_changed.connect(check)
original = MainWindow.__init__
def patched(self, *arguments):
    original(self, *arguments); self.painted.connect(lambda: say(self))
MainWindow.__init__ = patched
sys.exit(app.main())
"""
PROGRAMS = {
    "PySide6": _BARE,
    "PySide6 + NumPy + pyqtgraph": _PLOTTING,
    "TensorFlow import": _TENSORFLOW,
    "cadl-gui": _OURS,
}


_PROOFS = {"open the window": "window", "load TensorFlow": "ready"}
"""Steps of the self-test, and what has been reached once they are told."""


def start(command: list[str], home: str) -> dict[str, float]:
    """Start one program and collect the times that it prints, in seconds since its process began."""
    environment = os.environ | {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "STATE")}
    done = subprocess.run(
        [*command, repr(time.time())], capture_output=True, text=True, check=True, env=environment
    )
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def start_app(folder: Path) -> dict[str, float]:
    """Start the packaged app's self-test, and end it once the program is ready to train."""
    times: dict[str, float] = {}
    began = time.time()
    with subprocess.Popen(
        [folder / "cadl", "selftest", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as app:
        assert app.stdout is not None, "it is a pipe"
        for line in app.stdout:
            name = _PROOFS.get(json.loads(line).get("step"))
            if name is not None:
                times[name] = time.time() - began
            if "ready" in times:
                break
        app.kill()
    return times


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


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--app", type=Path, metavar="FOLDER", help="the packaged app")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        commands = {name: [sys.executable, "-c", _CLOCK + program] for name, program in PROGRAMS.items()}
        if arguments.app:
            commands["PySide6"] = package("bare", _BARE, Path(home))
            commands["PySide6 + NumPy + pyqtgraph"] = package("plotting", _PLOTTING, Path(home))
            del commands["cadl-gui"]
        times: dict[tuple[str, str], list[float]] = {}
        for i in range(arguments.runs + 1):
            found = {name: start(command, home) for name, command in commands.items()}
            if arguments.app:
                found["cadl-gui"] = start_app(arguments.app)
            if i > 0:  # the first round warms the disk
                for name, measured in found.items():
                    for what, seconds in measured.items():
                        times.setdefault((name, what), []).append(seconds)
    for (name, what), values in times.items():
        print(f"{name:30} {what:8} {median(values):6.2f} s")
    window = median(times["cadl-gui", "window"])
    print(f"window / PySide6 + NumPy + pyqtgraph = {window / median(times[list(PROGRAMS)[1], 'window']):.2f}")
    print(f"window / PySide6 = {window / median(times['PySide6', 'window']):.2f}")


if __name__ == "__main__":
    main()
