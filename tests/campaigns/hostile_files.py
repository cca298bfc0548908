"""Opens damaged and forged files of all kinds in a monitored process.

    python tests/campaigns/hostile_files.py --n 5000 --seed 1 [--kind NAME] [--keep FOLDER]
    python tests/campaigns/hostile_files.py --n 300 --strace
    python tests/campaigns/hostile_files.py --starts 50 [--command NAME]
    python tests/campaigns/hostile_files.py --window 20 [--kind NAME]

Each file must be refused with a message or open as something valid, within two seconds of processor time and
300 MB of additional memory, without executing anything or writing elsewhere. Files that violate this are
kept, and the exit status is 1. With `--strace`, all system calls are checked, too; with `--starts`, that many
files are passed to each command of `cadl`, each in a process of its own; with `--window`, that many files of
each kind are dropped on the real window, which must not freeze for over 100 ms.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from hostile.campaign import Fault, Tally, campaign
from hostile.kinds import KINDS
from hostile.starts import STARTS, starts
from hostile.watched import Watched

_LONGEST_STILL_MS = 100

SHARES = {"checkpoint": 6, "run folder": 5, "TensorFlow 1, format 1": 4, "TensorFlow 1, format 2": 4}
"""Relative number of files of each kind; the default is 2."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=5000, help="files of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[kind.name for kind in KINDS])
    parser.add_argument("--keep", type=Path, default=Path("hostile-files"), help="where faults are kept")
    parser.add_argument("--strace", action="store_true", help="watch what the system is asked for")
    parser.add_argument("--starts", type=int, default=0, metavar="N", help="files for each command instead")
    parser.add_argument(
        "--command", choices=[start.name for start in STARTS], help="only this one is started"
    )
    parser.add_argument("--window", type=int, default=0, metavar="N", help="files of each kind, dropped")
    arguments = parser.parse_args()
    if arguments.starts:
        return _print_starts(arguments)
    if arguments.window:
        return _print_window(arguments)
    kinds = [kind for kind in KINDS if arguments.kind in {None, kind.name}]
    parts = sum(SHARES.get(kind.name, 2) for kind in kinds)
    faults = []
    print(
        "| kind | files | refused | opened | faults | most processor time | preparing | most memory | took |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in kinds:
        n = -(-arguments.n * SHARES.get(kind.name, 2) // parts)
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as logs:
            watched = Watched(Path(logs)) if arguments.strace else None
            tally = campaign(kind, n, arguments.seed, arguments.keep, watched=watched)
        print(_row(kind.name, n, tally, time.monotonic() - start), flush=True)
        faults += tally.faults
    return _print_faults(faults)


def _print_starts(arguments: argparse.Namespace) -> int:
    faults = []
    print("| command | files | statuses | faults | most processor time, most memory above a whole file's |")
    print("| --- | --- | --- | --- | --- |")
    for start in (each for each in STARTS if arguments.command in {None, each.name}):
        tally = starts(start, arguments.starts, arguments.seed, arguments.keep)
        more = f"{tally.most_cpu_seconds:.2f} s, {tally.most_bytes / 2**20:.0f} MB"
        counts = ", ".join(f"{name}: {n}" for name, n in sorted(tally.outcomes.items()))
        print(
            f"| cadl {start.name} | {arguments.starts} | {counts} | {len(tally.faults)} | {more} |",
            flush=True,
        )
        faults += tally.faults
    return _print_faults(faults)


def _print_window(arguments: argparse.Namespace) -> int:
    from hostile.in_window import drop_on_window

    is_over = False
    print("| kind | dropped | outcomes | stood still, median and worst ms | over 100 ms |")
    print("| --- | --- | --- | --- | --- |")
    kinds = [kind for kind in KINDS if arguments.kind in {None, kind.name}]
    for name, stood in drop_on_window(kinds, arguments.window, arguments.seed).items():
        counts = ", ".join(f"{outcome}: {n}" for outcome, n in sorted(stood.outcomes.items()))
        n_over = sum(ms > _LONGEST_STILL_MS for ms in stood.worst_ms)
        still = f"{np.median(stood.worst_ms):.0f}, {max(stood.worst_ms):.0f}"
        print(f"| {name} | {len(stood.worst_ms)} | {counts} | {still} | {n_over} |")
        is_over = is_over or n_over > 0
    return int(is_over)


def _print_faults(faults: list[Fault]) -> int:
    for fault in faults:
        print(f"\n{fault.kind}: {fault.how}\n  {fault.what}\n  {fault.folder}")
    return 1 if faults else 0


def _row(name: str, n: int, tally: Tally, seconds: float) -> str:
    cells = (
        name, f"{n:,}", f"{tally.outcomes['refused']:,}", f"{tally.outcomes['opened']:,}", len(tally.faults),
        f"{tally.most_cpu_seconds:.2f} s", f"{tally.most_preparing_seconds:.2f} s",
        f"{tally.most_bytes / 2**20:.0f} MB", f"{seconds:.0f} s",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache  # else what is prepared would stay in the user's
        status = main()
    sys.exit(status)
