"""Compares trainings by 1, 2 and 4 workers of this machine: their losses, and what sharing costs.

    python tests/benchmarks/several_workers.py [PRESET …] [--workers 1 2 4] [--steps 200]

All workers are processes of this machine, which exchange gradients over its loopback. Each preset is trained
from the beginning. Printed for each number of workers: the largest relative difference between any of its
losses and that of the same step of one worker; the milliseconds per step, median of the second half; and the
bytes that each worker sends for the gradients in a step, 2 (n - 1) / n times those of the trained variables,
as a ring exchanges them. One worker uses XLA where the program does; several do not.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from ports import free_ports  # noqa: E402 - in tests

from cadl_gui.domain.presets import PRESETS  # noqa: E402

PRESETS_COMPARED = ("autoencoder", "conv-classifier", "vae")


def trained(presets: list[str], n_workers: int, n_steps: int) -> list[dict[str, Any]]:
    """Train presets by some workers, and return what each preset's chief printed."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(n_workers)] if n_workers > 1 else []
    with tempfile.TemporaryDirectory() as folder:
        networks = Path(folder) / "networks.json"
        networks.write_text(json.dumps([PRESETS[name].config.to_json() for name in presets]))
        processes = [
            subprocess.Popen(
                [sys.executable, TESTS / "shared_steps.py", str(index), str(n_steps), networks, *addresses],
                stdout=subprocess.PIPE,
                text=True,
            )
            for index in range(n_workers)
        ]
        printed = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit("A worker failed.")
    return [json.loads(line) for line in printed[0].splitlines()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "presets", metavar="PRESET", nargs="*", help=f"default: {', '.join(PRESETS_COMPARED)}"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--steps", type=int, default=200)
    arguments = parser.parse_args()
    presets = arguments.presets or [*PRESETS_COMPARED]
    alone = trained(presets, 1, arguments.steps)
    print(f"{'preset':24} workers  first loss   last loss  largest difference  ms/step  sent/step")
    for n in arguments.workers:
        found = alone if n == 1 else trained(presets, n, arguments.steps)
        for name, own, one in zip(presets, found, alone, strict=True):
            losses, expected = np.array(own["losses"]), np.array(one["losses"])
            difference = np.abs(losses / expected - 1).max()
            print(
                f"{name:24} {n:7} {losses[0]:11.6f} {losses[-1]:11.6f} {difference:19.1e} "
                f"{1000 * own['seconds']:8.2f} {2 * (n - 1) / n * own['bytes'] / 1e6:7.2f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
