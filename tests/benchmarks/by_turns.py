"""Measures what taking turns costs: images per second of two trainings together, relative to one alone.

    python tests/benchmarks/by_turns.py [PRESET …] [--rounds 6] [--seconds 5]

Two trainings of the same preset in one engine. In each round, the first trains alone while the second is
paused, then both take turns, for the given number of seconds each. Printed: images per second of one and of
both together, the median of their ratio, and its range over the rounds.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

from figures import Figures, figure
from open_window import inference_backend, training_backend, wait_until
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState


def begun(engine: Engine, preset: str) -> Run:
    """Start a training beside the running ones, and wait until it makes progress."""
    n = len(engine.runs)
    engine.training.train(PRESETS[preset].config.replace(epochs=10_000), alongside=True)
    wait_until(lambda: len(engine.runs) > n and engine.runs[n].history.n_steps > 20, 300)
    return engine.runs[n]


def images_a_second(runs: tuple[Run, Run], batch_size: int, seconds: float) -> float:
    """Images per second of both runs together."""
    before, began = sum(run.history.n_steps for run in runs), time.monotonic()
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    steps = sum(run.history.n_steps for run in runs) - before
    return steps * batch_size / (time.monotonic() - began)


def measure(figures: Figures, engine: Engine, preset: str, rounds: int, seconds: float) -> None:
    """Measure a preset, and add its row."""
    runs = first, second = begun(engine, preset), begun(engine, preset)
    batch_size = first.description.config.training.batch_size
    alone, both = [], []
    for _ in range(rounds):
        engine.training.pause(run=second)
        wait_until(lambda: engine.training.is_reported_paused(second), 60)
        alone.append(images_a_second(runs, batch_size, seconds))
        engine.training.resume(run=second)
        both.append(images_a_second(runs, batch_size, seconds))
    ratios = [two / one for one, two in zip(alone, both, strict=True)]
    ratio = [round(value, 3) for value in (statistics.median(ratios), min(ratios), max(ratios))]
    speeds = (round(statistics.median(values)) for values in (alone, both))
    figures.row(f"`{preset}`", *speeds, figure(*ratio))
    for run in runs:
        engine.training.stop(run=run)
    wait_until(lambda: engine.training.state is TrainingState.IDLE, 60)
    for run in runs:
        engine.runs.remove(run)


def main() -> None:
    """Measure all given presets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("presets", nargs="*", metavar="PRESET", default=["lecture-softmax", "vae"])
    parser.add_argument("--rounds", type=int, default=6, help="default %(default)s")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each (default %(default)s)")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    engine = Engine(training_backend, inference_backend, None)
    engine.load()
    wait_until(lambda: engine.is_ready, 300)
    with Figures(arguments.json) as figures:
        figures.begin("by-turns", "preset", "images/s of one", "of two together", "two / one")
        for preset in arguments.presets:
            measure(figures, engine, preset, arguments.rounds, arguments.seconds)
    assert engine.shut_down(60_000)


if __name__ == "__main__":
    main()
