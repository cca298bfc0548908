"""What the window does under a monkey's hands: random events, in real time, while a run trains.

    python tests/benchmarks/random_events.py [--events 1500] [--seed 1]

The program as it is started, with its own engine, on a fresh profile. Events of mouse, wheel and keys reach
Qt as those of a display do; sizes, themes and tabs change as well. They come in bursts, since nobody thinks
of a second event before the answer to the first. Native file dialogs are answered by a stub.

Printed, and each a fault: exceptions and errors of the log, frames that are too long, and memory of the
process's own, without recorded snapshots, that still grows when two of every kind have been trained.
Any fault, as any crash, is a status other than 0. Time in which another process had the core is no frame's.
"""

import argparse
import faulthandler
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).parents[1]))

from monkey_hand import Monkey
from monkey_watch import Watch

from cadl_gui import app
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shell.main_window import MainWindow


def main() -> int:
    """Let the monkey play, and tell what it broke."""
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
    with tempfile.TemporaryDirectory(prefix="cadl monkey ", ignore_cleanup_errors=True) as scratch:
        return play(arguments.events, arguments.seed, Path(scratch), Watch(arguments.longest_frame))


def play(n_events: int, seed: int, scratch: Path, watch: Watch) -> int:
    """Open the program on a fresh profile and play with it; returns the exit status."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(scratch / name.lower())
    monkeys: list[Monkey] = []

    def attend(window: MainWindow, engine: Engine) -> None:
        monkeys.append(Monkey(window, engine, n_events, seed, scratch, watch))

    status = app.show_window([], app.runs_folder(), attend=attend)
    print(watch.report(), flush=True)
    is_done = bool(monkeys) and monkeys[0].n_left == 0
    return 0 if status == 0 and is_done and not watch.faults else 1


if __name__ == "__main__":
    sys.exit(main())
