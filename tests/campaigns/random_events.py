"""Monkey testing: random events for the window, in real time, while a run trains.

    python tests/campaigns/random_events.py [--events 1500] [--seed 1]

The program as it is normally started, with its own engine, on a fresh profile. Mouse, wheel and key events
reach Qt like those of a display; sizes, themes and tabs change as well. Events come in bursts, since a user
reacts to the effect of the first. Native file dialogs are answered by a stub.

Reported as faults: exceptions and logged errors, frames that are too long, and memory of the process, without
recorded snapshots, that still grows after two of every kind of network have been trained. After any fault or
crash, the exit status is not 0. Time during which other processes used the core does not count for frames.

A crash leaves a core file, on Linux where /proc/sys/kernel/core_pattern says; what each thread did in C++
is then printed by `gdb -batch -ex "thread apply all bt" python core`. With MALLOC_PERTURB_=165 before the
command, whatever uses freed memory crashes at once.
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
    return 0 if status == 0 and is_done and not watch.faults else 1


if __name__ == "__main__":
    sys.exit(main())
