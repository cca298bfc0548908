"""How fast a training is, with the window open and without, beside plain `keras.Model.fit`.

    python tests/benchmarks/training_speed.py [--preset NAME] [--seconds 4] [--pairs 5]

All three train the same network with the same optimiser and batch, in alternation, so that whatever else the
machine does hits all. Ours is all of `cadl train`: turns, live snapshots, and at each epoch's end validation,
probes and files. *Window* is the same in the open window (offscreen, 1440×900), with its plots and pictures
live. `fit` gets the pictures as float32 and has nothing to do but train. Of the medians, ours should be at
least 1.5 times `fit` for the dense preset and 1.1 times for the convolutional one, and the window at least
80 % of ours. Run it on a machine that is otherwise idle.
"""

import argparse
import contextlib
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from statistics import median

import keras
from open_window import open_window, spin, wait_until

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.events import Event, StepsTaken
from cadl_gui.core.presets import PRESETS
from cadl_gui.core.requests import TrainingRequest, Turn
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.engine.engine import Engine, EngineState
from cadl_gui.training.recorded import train_and_record
from cadl_gui.training.start import fresh_start

WANTED = {"lecture-autoencoder": 1.5, "lecture-conv-autoencoder": 1.1}
WANTED_IN_WINDOW = 0.8

TrainingLoop = Generator[tuple[Event, ...], Turn, None]
Trainer = Callable[[float], float]
"""Trains for so many seconds and gives the images per second."""


class Plain(keras.Model):
    """The same network as a user of Keras would have it: pictures in, reconstructions out."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, pictures):
        """Reconstruct, as the loss sees it."""
        return self.network.reconstruct_unclipped(pictures)


def endless(name: str, folder: str) -> TrainingLoop:
    """A training of a preset that is longer than any measurement, and recorded like any other."""
    configuration = PRESETS[name].configuration.replace(epochs=10_000)
    return train_and_record(TrainingRequest("benchmark", "benchmark", configuration, Path(folder) / "run"))


def ours(training: TrainingLoop, configuration: Configuration) -> Trainer:
    """The loop of `cadl train`, driven in turns."""
    next(training)
    turn = Turn(0.1, None, configuration.learning_rate)

    def run(seconds: float) -> float:
        began, n_steps = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            events = training.send(turn)
            n_steps += sum(len(event.losses) for event in events if isinstance(event, StepsTaken))
        return n_steps * configuration.batch_size / (time.perf_counter() - began)

    return run


def in_window(engine: Engine, configuration: Configuration) -> Trainer:
    """The same in the open window; paused while it is not measured."""
    engine.train(configuration.replace(epochs=10_000), paused=True)
    wait_until(lambda: engine.state is EngineState.PAUSED, 120)
    history = engine.runs[0].history

    def run(seconds: float) -> float:
        began, n_steps = time.perf_counter(), history.n_steps
        engine.resume()
        spin(seconds)
        rate = (history.n_steps - n_steps) * configuration.batch_size / (time.perf_counter() - began)
        engine.pause()
        spin(0.5)
        return rate

    return run


def plain_fit(configuration: Configuration) -> Trainer:
    """`keras.Model.fit` with nothing set but the batch size."""
    dataset = load(configuration.dataset)
    parts = split(dataset, configuration.seed, configuration.batch_size)
    pictures = dataset.pictures(parts.train)
    model = Plain(fresh_start(configuration, dataset, parts).model)
    model.compile(optimizer=keras.optimizers.Adam(configuration.learning_rate, epsilon=1e-8), loss="mse")
    rate = 5_000.0

    def run(seconds: float) -> float:
        nonlocal rate
        n = min(len(pictures), max(20 * configuration.batch_size, int(rate * seconds)))
        began = time.perf_counter()
        model.fit(pictures[:n], pictures[:n], batch_size=configuration.batch_size, verbose=0)
        rate = n / (time.perf_counter() - began)
        return rate

    return run


def compare(name: str, seconds: float, pairs: int) -> None:
    """Print a line for each pair and the medians."""
    configuration = PRESETS[name].configuration
    with (
        open_window() as (_, engine, _),
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(endless(name, folder)) as training,
    ):
        trainers = {
            "ours": ours(training, configuration),
            "window": in_window(engine, configuration),
            "fit": plain_fit(configuration),
        }
        for trainer in trainers.values():
            trainer(seconds)
        speeds: dict[str, list[float]] = {column: [] for column in trainers}
        print(f"{name}, images/s\n" + "".join(f"{column:>12}" for column in trainers))
        for _ in range(pairs):
            for column, trainer in trainers.items():
                speeds[column].append(trainer(seconds))
            print("".join(f"{speeds[column][-1]:12,.0f}" for column in trainers), flush=True)
    ratio = median(speeds["ours"]) / median(speeds["fit"])
    print("".join(f"{median(values):12,.0f}" for values in speeds.values()) + "   median")
    print(f"ours / fit    = {ratio:.2f}  (wanted ≥ {WANTED[name]})  {_verdict(ratio, WANTED[name])}")
    share = median(speeds["window"]) / median(speeds["ours"])
    print(
        f"window / ours = {share:.2f}  (wanted ≥ {WANTED_IN_WINDOW})  {_verdict(share, WANTED_IN_WINDOW)}\n"
    )


def _verdict(ratio: float, wanted: float) -> str:
    return "ok" if ratio >= wanted else "MISSED"


def main() -> None:
    """Compare one preset, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=list(WANTED))
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measurement")
    parser.add_argument("--pairs", type=int, default=5)
    arguments = parser.parse_args()
    for name in [arguments.preset] if arguments.preset else WANTED:
        compare(name, arguments.seconds, arguments.pairs)


if __name__ == "__main__":
    main()
