"""Preparing a folder of JPEG files, beside Pillow's own loop in one process.

    python tests/benchmarks/preparing.py [--n 4000] [--rounds 5] [--folder DIR]

Files of 64×64×3, smooth as photographs are, are made once, in DIR if it is given. In each round, Pillow
opens, decodes and converts all of them in one process; then they are prepared by as many processes as there
are processors, and by one. Printed: images a second of each, the median ratio to Pillow's with its range over
the rounds, microseconds of processor time an image of all processes together, and the own memory (RssAnon, in
MB) that this process, and the largest of the others, took at most.

The processes that prepare are nice, so that on a busy machine only the processor time tells anything.
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, figure
from PIL import Image

from cadl_gui.datasets.load import scan
from cadl_gui.datasets.preparing.cache import prepared_datasets
from cadl_gui.system.niceness import n_processors

N_CLASSES, SIDE = 10, 64
PILLOW = "Pillow’s loop"


class Memory:
    """Watches the own memory of this process and of those that it starts."""

    def __init__(self) -> None:
        self.own = self.others = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.own = max(self.own, own_megabytes(os.getpid()))
            self.others = max([self.others, *map(own_megabytes, children_of(os.getpid()))])


def children_of(pid: int) -> list[int]:
    """Processes that one has started."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def own_megabytes(pid: int) -> float:
    """Memory of a process that is in no file."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))
    return 0.0


def make(folder: Path, n: int) -> list[str]:
    """Make the files that are not there yet; returns the paths of all."""
    random = np.random.default_rng(0)
    paths = [folder / f"class {number % N_CLASSES}" / f"{number}.jpg" for number in range(n)]
    for path in paths[:N_CLASSES]:
        path.parent.mkdir(parents=True, exist_ok=True)
    for path in paths:
        if not path.exists():
            small = Image.fromarray(random.integers(0, 256, (9, 9, 3), np.uint8))
            small.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(path)
    return [str(path) for path in paths]


def pillow(paths: list[str]) -> None:
    """What anybody would write."""
    for path in paths:
        with Image.open(path) as image:
            np.asarray(image.convert("RGB"))


def prepare(folder: Path, workers: int) -> None:
    """From the folder to the store, and the store away again."""
    found = scan(str(folder))
    for _ in found.prepare(workers):
        pass
    for prepared in prepared_datasets():
        prepared.remove()


def processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(n: int, work: Callable[[], None]) -> tuple[float, float]:
    """Images a second, and microseconds of processor time an image."""
    began, before = time.perf_counter(), processor_seconds()
    work()
    return n / (time.perf_counter() - began), (processor_seconds() - before) / n * 1e6


def measure(figures: Figures, folder: Path, n: int, rounds: int) -> None:
    """Fill the table."""
    paths = make(folder, n)
    ways: dict[str, Callable[[], None]] = {
        PILLOW: lambda: pillow(paths),
        f"{n_processors()} processes": lambda: prepare(folder, n_processors()),
        "1 process": lambda: prepare(folder, 1),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    costs: dict[str, list[float]] = {way: [] for way in ways}
    memory = {way: Memory() for way in ways}
    pillow(paths)  # what is read first comes from the disk
    for number in range(rounds):
        for way, work in ways.items():
            watched = Memory()
            with watched:
                rate, cost = measured(n, work)
            rates[way].append(rate)
            costs[way].append(cost)
            if number == 0 or watched.own > memory[way].own:
                memory[way] = watched
    print(f"{n:,} files of {SIDE}×{SIDE}×3, {rounds} rounds")
    heads = ("images/s", "× Pillow’s loop", "processor, µs an image", "memory, MB", "of the others, MB")
    figures.begin("preparing", "way", *heads)
    for way, found in rates.items():
        ratios = [one / other for one, other in zip(found, rates[PILLOW], strict=True)]
        figures.row(
            way,
            round(statistics.median(found)),
            figure(*(round(value, 2) for value in (statistics.median(ratios), min(ratios), max(ratios)))),
            round(statistics.median(costs[way]), 1),
            round(memory[way].own),
            round(memory[way].others),
        )


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description="Measure preparing beside Pillow's own loop.")
    parser.add_argument("--n", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        with Figures(arguments.json) as figures:
            measure(figures, arguments.folder or Path(scratch) / "images", arguments.n, arguments.rounds)


if __name__ == "__main__":
    main()
