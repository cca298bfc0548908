"""Damaged and forged files of every kind that the program opens, in a process that is watched.

    python tests/benchmarks/hostile_files.py --n 5000 --seed 1 [--kind NAME] [--keep FOLDER]

Each must be refused in a sentence or open to something valid, within two seconds of processor time and a
gigabyte, executing nothing and writing nowhere. Those that do otherwise are kept, and the exit status is 1.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile.campaign import Tally, campaign
from hostile.kinds import KINDS

SHARES = {"checkpoint": 6, "run folder": 5, "TensorFlow 1, format 1": 4, "TensorFlow 1, format 2": 4}
"""How many files of each kind; 2 where nothing is said."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=5000, help="files of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[kind.name for kind in KINDS])
    parser.add_argument("--keep", type=Path, default=Path("hostile-files"), help="where faults are kept")
    arguments = parser.parse_args()
    kinds = [kind for kind in KINDS if arguments.kind in {None, kind.name}]
    parts = sum(SHARES.get(kind.name, 2) for kind in kinds)
    faults = []
    print("| kind | files | refused | opened | faults | most processor time | most memory | took |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in kinds:
        n = -(-arguments.n * SHARES.get(kind.name, 2) // parts)
        start = time.monotonic()
        tally = campaign(kind, n, arguments.seed, arguments.keep)
        print(_row(kind.name, n, tally, time.monotonic() - start), flush=True)
        faults += tally.faults
    for fault in faults:
        print(f"\n{fault.kind}: {fault.how}\n  {fault.what}\n  {fault.folder}")
    return 1 if faults else 0


def _row(name: str, n: int, tally: Tally, seconds: float) -> str:
    cells = (
        name, f"{n:,}", f"{tally.outcomes['refused']:,}", f"{tally.outcomes['opened']:,}", len(tally.faults),
        f"{tally.most_cpu_seconds:.2f} s", f"{tally.most_bytes / 2**20:.0f} MB", f"{seconds:.0f} s",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
