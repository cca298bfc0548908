"""Estimates how long a film trains on several machines, from what is measured on this one.

    python tests/benchmarks/film_on_machines.py [PRESET] [--frames 300000] [--size 64] [--batch-size 96]
        [--epochs N] [--machines 1 2 4 8] [--gigabits 1 10] [--steps 12] [--rounds 3]

Measured here, on noise of the frames' size: the seconds c(b/n) of a step with the part of a batch of b frames
that each of n machines takes, median of the rounds, with the least and the most. Not measured but computed:
the exchange of the gradients, which begins when they are complete and sends each machine's 2 (n - 1) / n
times g bytes around a ring, g those of the trained variables. So a step takes

    t(n) = c(b/n) + 2 (n - 1) / n · g / bandwidth

where the bandwidth is that of the network's name. Left out: the latency of the network, evaluations, reading
the frames, and that all wait for the slowest machine; a real training takes longer.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import Cell, Figures, figure
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import PRESETS
from cadl_gui.training.stepper import Stepper
from cadl_gui.training.train_state import initial_state
from cadl_gui.training.training_images import training_images


def seconds_and_bytes(config: RunConfig, frames: Any, n_steps: int, rounds: int) -> tuple[list[float], int]:
    """The seconds per step of each round, in ascending order, and the bytes of the trained variables."""
    parts = split(frames, config)
    compiled = initial_state(config, frames, parts).compiled
    stepper = Stepper(compiled, config.training, training_images(frames, parts, config))
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        stepper.run_steps(UNTRAINED, max_steps=n_steps, seconds=3600.0, learning_rate=1e-4)
        seconds.append((time.perf_counter() - began) / n_steps)
    stepper.close()
    return sorted(seconds), sum(
        4 * int(np.prod(variable.shape)) for variable in compiled.network.trainable_variables
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("preset", nargs="?", default="film-vae", choices=sorted(PRESETS))
    parser.add_argument("--frames", type=int, default=300_000)
    parser.add_argument("--size", type=int, default=64, help="height and width of a prepared frame")
    parser.add_argument("--batch-size", type=int, default=96)
    parser.add_argument("--epochs", type=int, help="default: those of the preset")
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--gigabits", type=float, nargs="+", default=[1.0, 10.0], help="of the network")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    Figures.add_option(parser)
    arguments = parser.parse_args()
    if any(arguments.batch_size % n for n in arguments.machines):
        parser.error("The batch size must be divisible by each number of machines.")
    size = arguments.size
    n_frames = 2 * arguments.steps * arguments.batch_size  # so that an epoch has enough steps
    noise = np.random.default_rng(0).integers(0, 256, (n_frames, size, size, 3), np.uint8)
    frames = store("Film", noise, None, n_test=n_frames // 10)
    config = PRESETS[arguments.preset].config
    epochs = arguments.epochs or config.training.epochs
    n_trained = round(0.8 * arguments.frames)
    print(
        f"{arguments.preset}, {arguments.frames:,} frames of {size}×{size}, 80 % of them trained on, "
        f"batches of {arguments.batch_size}, {epochs} epochs"
    )
    heads = ["machines", "computing, ms a step", "sent, MB a step"]
    for speed in arguments.gigabits:
        heads += [f"{speed:g} Gbit/s: ms a step", "hours", "× one machine"]
    alone: dict[float, float] = {}
    with Figures(arguments.json) as figures:
        figures.begin("film", *heads)
        for n in arguments.machines:
            part = config.replace(batch_size=arguments.batch_size // n)
            seconds, n_bytes = seconds_and_bytes(part, frames, arguments.steps, arguments.rounds)
            computing, sent = float(np.median(seconds)), 2 * (n - 1) / n * n_bytes
            measured = figure(*(round(1000 * each) for each in (computing, seconds[0], seconds[-1])))
            row: list[Cell] = [str(n), measured, round(sent / 1e6, 1)]
            for speed in arguments.gigabits:
                step = computing + sent / (speed * 1e9 / 8)
                hours = step * n_trained / arguments.batch_size * epochs / 3600
                times = alone.setdefault(speed, hours) / hours
                row += [round(1000 * step), round(hours, 1), round(times, 2)]
            figures.row(*row)


if __name__ == "__main__":
    main()
