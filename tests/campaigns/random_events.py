"""Monkey testing: random events for the window, in real time, while a run trains.

    python tests/campaigns/random_events.py [--events 1500] [--seed 1]

The program as it is normally started, with its own engine, on a fresh profile. Mouse, wheel and key events
reach Qt like those of a display; sizes, themes and tabs change as well. Events come in bursts, since a user
reacts to the effect of the first. Native file dialogs are answered by a stub. At last, the program is closed
and started again.

Reported as faults: exceptions and logged errors, frames that are too long, and memory of the process, without
recorded snapshots, that still grows after two of every kind of network have been trained; and a second start
that does not show what was shown. After any fault or crash, the exit status is not 0. Time during which other
processes used the core does not count for frames.

A crash leaves a core file, on Linux where /proc/sys/kernel/core_pattern says; what each thread did in C++
is then printed by `gdb -batch -ex "thread apply all bt" python core`. With MALLOC_PERTURB_=165 before the
command, whatever uses freed memory crashes at once.
"""

import argparse
import faulthandler
import json
import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).parents[1]))

from monkey_hand import Monkey
from monkey_watch import Watch
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cadl_gui import app
from cadl_gui.domain.view import View
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.ui.shell.main_window import MainWindow

_LOOK_MS = 200


def main() -> int:
    """Run the test, and print the faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1500, help="how many (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of their choice (default %(default)s)")
    parser.add_argument(
        "--longest-frame", metavar="MS", type=int, default=250, help="in milliseconds (default %(default)s)"
    )
    arguments = parser.parse_args()
    faulthandler.enable()
    _allow_core_files()
    with tempfile.TemporaryDirectory(prefix="cadl monkey ", ignore_cleanup_errors=True) as scratch:
        return play(arguments.events, arguments.seed, Path(scratch), Watch(arguments.longest_frame))


def _allow_core_files() -> None:
    """Lift the limit on core files, which is 0 in most shells; Windows writes none."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def play(n_events: int, seed: int, scratch: Path, watch: Watch) -> int:
    """Open the program on a fresh profile and send events; returns the exit status."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(scratch / name.lower())
    monkeys: list[Monkey] = []

    def attend(window: MainWindow, engine: Engine) -> None:
        monkeys.append(Monkey(window, engine, n_events, seed, scratch, watch))

    status = app.show_window([], app.runs_folder(), attend=attend)
    print(watch.report(), flush=True)
    is_done = bool(monkeys) and monkeys[0].n_left == 0
    differing = _differing_at_next_start()
    print(f"Not as before at the next start: {', '.join(differing) or 'nothing'}", flush=True)
    return 0 if status == 0 and is_done and not watch.faults and not differing else 1


def _differing_at_next_start() -> list[str]:
    """Start the program again; returns the parts of its view that are not those stored when it was closed."""
    stored = json.loads((app.runs_folder().parent / "work" / "view.json").read_text("utf-8"))
    before, views = View.from_json(stored, print), list[View]()

    def attend(window: MainWindow, engine: Engine) -> None:
        def look() -> None:
            if engine.is_ready and not any(isinstance(run, ExpectedRun) for run in engine.runs.listed):
                views.append(engine.view.value)
                QApplication.quit()

        timer = QTimer(window, interval=_LOOK_MS)
        timer.timeout.connect(look)
        timer.start()

    app.show_window([], app.runs_folder(), attend=attend)
    (after,) = views
    # What ships is opened at each start, also if it was removed from the list.
    own = [tuple(key for key in view.runs if not key.startswith("shipped:")) for view in (before, after)]
    parts = (field.name for field in fields(View) if field.name != "runs")
    changed = [name for name in parts if getattr(before, name) != getattr(after, name)]
    return changed if own[0] == own[1] else ["runs", *changed]


if __name__ == "__main__":
    sys.exit(main())
