"""Training on images that are gathered from a file: 20,000 beside many more.

    python tests/benchmarks/from_file.py [--n 40000] [--preset lecture-autoencoder] [--seconds 6] [--rounds 5]

Two prepared datasets of 64×64×3, of 20,000 and of N images, are written by the program's own preparing, but
from generated pixels: decoding 200,000 JPEG files would take longer than everything else. The same preset is
trained on both, each in a process of its own with all that `cadl train` does, and in both the batches are
gathered from the file, also of the dataset that would otherwise fit into memory. They take turns, and wait
while the other trains; at last both train to the end of an epoch. With 200,000, that takes two to eight
minutes. Of all presets, `softmax` trains fastest, so that gathering takes its largest share.

Printed of both: the own memory (RssAnon) at most, from the start on, and at the end, and its difference;
images a second of the training steps, warm and cold, the median ratio and its spread over the rounds, and
what was read from the disk meanwhile. Cold means that the page cache holds nothing of the file when a round
begins.

Wanted for 200,000: own memory within 100 MB of that for 20,000, images a second within 10 % of it, warm.
"""

import argparse
import ctypes
import json
import mmap
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, figure, within
from preparing import own_megabytes

from cadl_gui.datasets import images as images_module
from cadl_gui.datasets.preparing.cache import IMAGES, find_prepared
from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.events import EpochCompleted, StepsTaken
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest

FEW = 20_000
SHAPE, N_CLASSES = (64, 64, 3), 10
MOST_MEGABYTES, LEAST_RATIO = 100, 0.9
_BLOCK = 1000
_ENDLESS = 10_000
"""Number of epochs, and of seconds, longer than any measurement."""

Measured = dict[str, float]
"""`rate`, images a second, and `read`, megabytes a second from the disk."""


@dataclass(frozen=True)
class Generated:
    """A task of preparing that generates images instead of decoding them."""

    n: int

    def blocks(self) -> Iterator[Block]:
        """Random images: how fast a step is does not depend on what they show."""
        random = np.random.default_rng(0)
        for first in range(0, self.n, _BLOCK):
            images = random.integers(0, 256, (min(_BLOCK, self.n - first), *SHAPE), np.uint8)
            yield Block(first, images, np.ones(len(images), np.bool_))


def prepare(path: Path, n: int) -> None:
    """Prepare generated images as the dataset of a path, where there is only an empty file."""
    path.touch()
    labels = np.arange(n) % N_CLASSES
    names = [f"class {label}/{number}.jpg" for number, label in enumerate(labels.tolist())]
    classes = tuple(f"class {label}" for label in range(N_CLASSES))
    scan = Scan(
        path=path,
        options=PreparingOptions(),
        preview=Preview(n, SHAPE, classes, 0),
        state=state_of(path),
        names=names,
        labels=labels,
        tasks=lambda: [Generated(n)],
        in_processes=False,
    )
    for _ in scan.prepare():
        pass


def train(path: Path, preset: str) -> None:
    """In a process of its own: train as each line on standard input says, such as “warm 6.0”.

    The words are `warm`, `cold`, and `epoch`, which ends with the epoch; the number is that of seconds.
    """
    from cadl_gui.training.recorded import train_and_record

    images_module.IN_MEMORY_BYTES = 0
    prepared = find_prepared(path, PreparingOptions())
    assert prepared is not None, "the dataset was prepared before"
    config = PRESETS[preset].config.replace(dataset=str(path), epochs=_ENDLESS)
    request = TrainingRequest("benchmark", "benchmark", config, path.with_suffix(".run"))
    turn = StepBudget(0.1, None, config.training.learning_rate)
    with closing(train_and_record(request)) as training:
        next(training)
        training.send(turn)
        print("ready", flush=True)
        for line in sys.stdin:
            how, text = line.split()
            if how == "cold":
                forget(prepared.folder / IMAGES)
            seconds, n, taken, epochs, before = float(text), 0, 0.0, 0, read_megabytes()
            while taken < seconds and not (how == "epoch" and epochs):
                for event in training.send(turn):
                    if isinstance(event, StepsTaken):
                        images = len(event.metrics["loss"]) * config.training.batch_size
                        n, taken = n + images, taken + images / event.images_per_second
                    epochs += isinstance(event, EpochCompleted)
            found = {"rate": n / taken, "read": (read_megabytes() - before) / taken}
            print(json.dumps(found), flush=True)


def forget(file: Path) -> None:
    """Let the page cache hold nothing of a file that is mapped into this process."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if line.endswith(str(file)):
            first, end = (int(address, 16) for address in line.split()[0].split("-"))
            length = ctypes.c_size_t(end - first)
            ctypes.CDLL(None).madvise(ctypes.c_void_p(first), length, mmap.MADV_DONTNEED)
    with file.open("rb") as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_megabytes() -> float:
    """What this process has read from the disk itself, rather than from the page cache."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) / 1e6 for line in lines if line.startswith("read_bytes"))


class Trainer:
    """Communicates with such a process, and watches its own memory."""

    def __init__(self, process: subprocess.Popen[str], said: IO[str]) -> None:
        self._process = process
        self._said = said
        self.peak = 0.0
        threading.Thread(target=self._watch, daemon=True).start()
        self._answer()

    @property
    def settled(self) -> float:
        """Its own memory now."""
        return own_megabytes(self._process.pid)

    def run(self, how: str, seconds: float) -> Measured:
        """Train for some seconds; see `train`."""
        print(how, seconds, file=self._process.stdin, flush=True)
        found: Measured = json.loads(self._answer())
        return found

    def _answer(self) -> str:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            self._process.wait()
            self._said.seek(0)
            raise RuntimeError(f"The trainer failed.\n{self._said.read()}")
        return answer

    def _watch(self) -> None:
        while self._process.poll() is None:
            self.peak = max(self.peak, self.settled)
            threading.Event().wait(0.02)


@contextmanager
def trainer(path: Path, preset: str) -> Iterator[Trainer]:
    """Start a process that trains and wait until it has compiled its steps; it ends with the block."""
    command = [sys.executable, __file__, "--train", str(path), "--preset", preset]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=said, text=True) as process,
    ):
        yield Trainer(process, said)


def measure(figures: Figures, folder: Path, n: int, preset: str, seconds: float, rounds: int) -> None:
    """Train on both datasets in turn, and add a row for each thing measured as soon as it is known."""
    with ExitStack() as stack:
        both = []
        for size in (FEW, n):
            prepare(folder / f"{size} images", size)
            both.append(stack.enter_context(trainer(folder / f"{size} images", preset)))
        few, many = both
        print(f"{preset} on images of {'×'.join(map(str, SHAPE))}, {rounds} rounds of {seconds:g} s")
        figures.begin("from-file", "what", f"{FEW:,} images", f"{n:,} images", "ratio or difference")
        for how in ("warm", "cold"):
            measured = []
            for number in range(rounds):
                each = {one: one.run(how, seconds) for one in (both if number % 2 else both[::-1])}
                measured.append((each[few], each[many]))
            tabulate_speed(figures, how, measured)
        for one in both:  # at its end, the network is evaluated and written
            one.run("epoch", _ENDLESS)
        for what, in_megabytes in (
            ("MB, at most", (few.peak, many.peak)),
            ("MB, at the end", (few.settled, many.settled)),
        ):
            difference = round(in_megabytes[1] - in_megabytes[0])
            figures.row(what, *map(round, in_megabytes), within(difference, MOST_MEGABYTES))


def tabulate_speed(figures: Figures, how: str, measured: list[tuple[Measured, Measured]]) -> None:
    """Images a second, and their ratio with its quartiles: other work moves single rounds far."""
    half, low, high = np.percentile([more["rate"] / less["rate"] for less, more in measured], [50, 25, 75])
    ratio = figure(*(round(float(value), 2) for value in (half, low, high)))
    if how == "warm":
        ratio |= {"wanted": f"≥ {LEAST_RATIO}", "holds": bool(half >= LEAST_RATIO)}
    figures.row(f"images/s, {how}", *map(round, medians(measured, "rate")), ratio)
    load = f"load {os.getloadavg()[0]:.1f}"
    figures.row(f"MB/s from the disk, {how}", *map(round, medians(measured, "read")), load)


def medians(measured: list[tuple[Measured, Measured]], what: str) -> tuple[float, float]:
    """Median over the rounds, of both."""
    less, more = (statistics.median(each[what] for each in one) for one in zip(*measured, strict=True))
    return less, more


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=40_000)
    parser.add_argument("--preset", default="lecture-autoencoder", choices=sorted(PRESETS))
    parser.add_argument("--seconds", type=float, default=6.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    Figures.add_option(parser)
    arguments = parser.parse_args()
    if arguments.train:
        train(arguments.train, arguments.preset)
        return
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        with Figures(arguments.json) as figures:
            measure(
                figures, Path(scratch), arguments.n, arguments.preset, arguments.seconds, arguments.rounds
            )


if __name__ == "__main__":
    main()
