"""Compares trainings by 1, 2 and 4 workers of this machine: their losses, and what sharing costs.

    python tests/benchmarks/several_workers.py [PRESET …] [--workers 1 2 4] [--steps 200]

All workers are processes of this machine, which exchange gradients over its loopback. Each preset is trained
from the beginning. Printed for each number of workers: the first step whose loss differs from that of one
worker by more than 1e-4 of it; the largest difference over the first 20 steps, and over all; the milliseconds
per step, median of the second half; and the bytes that each worker sends for the gradients in a step, as a
ring exchanges them: 2 (n - 1) / n times those of the trained variables. One worker uses XLA where the program
does; several do not.

“1 nudged” is one worker whose first weights differ in the last bit of float32: rounding alone, which Adam
amplifies wherever a gradient is close to zero, makes its losses differ as much.
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

from figures import Figures  # noqa: E402 - in tests
from ports import free_ports  # noqa: E402

from cadl_gui.domain.presets import PRESETS  # noqa: E402

PRESETS_COMPARED = ("autoencoder", "conv-classifier", "vae")


def trained(presets: list[str], n_workers: int, n_steps: int, *how: str) -> list[dict[str, Any]]:
    """Train presets by some workers, or one in another way, and return what each chief printed."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(n_workers)] if n_workers > 1 else how
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
    Figures.add_option(parser)
    arguments = parser.parse_args()
    presets = arguments.presets or [*PRESETS_COMPARED]
    alone = trained(presets, 1, arguments.steps)
    heads = (
        "preset",
        "workers",
        "last loss",
        "1e-4 at step",
        "by 20 steps",
        "by all",
        "ms/step",
        "sent, MB a step",
    )
    ways = [("1", alone), ("1 nudged", trained(presets, 1, arguments.steps, "nudged"))]
    ways += [(str(n), trained(presets, n, arguments.steps)) for n in arguments.workers if n > 1]
    with Figures(arguments.json) as figures:
        figures.begin("workers", *heads)
        for way, found in ways:
            n = int(way.split()[0])
            for name, own, one in zip(presets, found, alone, strict=True):
                losses, expected = np.array(own["losses"]), np.array(one["losses"])
                differences = np.abs(losses / expected - 1)
                large = np.flatnonzero(differences > 1e-4)
                figures.row(
                    f"`{name}`",
                    way,
                    round(float(losses[-1]), 6),
                    str(large[0] + 1) if len(large) else "never",
                    f"{differences[:20].max():.1e}",
                    f"{differences.max():.1e}",
                    round(1000 * own["seconds"], 2),
                    round(2 * (n - 1) / n * own["bytes"] / 1e6, 2),
                )


if __name__ == "__main__":
    main()
