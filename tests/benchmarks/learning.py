"""Do the lecture's presets learn as well as the lecture printed? Test loss for three seeds beside its figure.

    python tests/benchmarks/learning.py [--preset NAME] [--seeds 1,2,3]

The lecture printed the cost of its last training batch; here it is the loss on the official 10,000 test
pictures. The mean of the seeds may be at most 5 % above the lecture's.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from statistics import mean

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.presets import PRESETS
from cadl_gui.core.requests import TrainingRequest, Turn
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.training.evaluation import test_metrics
from cadl_gui.training.loop import train
from cadl_gui.training.start import fresh_start

LIMIT = 1.05


def test_loss(configuration: Configuration, dataset: Dataset) -> float:
    """Train to the end and give the test loss."""
    parts = split(dataset, configuration.seed, configuration.batch_size)
    start = fresh_start(configuration, dataset, parts)
    training = train(TrainingRequest("benchmark", "benchmark", configuration), dataset, start)
    next(training)
    turn = Turn(seconds=1.0, max_steps=None, learning_rate=configuration.learning_rate)
    for _ in iter(lambda: next_events(training, turn), None):
        pass
    return test_metrics(start.model, dataset, parts)["loss"]


def next_events(training, turn):
    """What the next turn brings, or None after the last."""
    try:
        return training.send(turn)
    except StopIteration:
        return None


def main() -> None:
    """Print one line per seed and the means."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=[name for name, preset in PRESETS.items() if preset.lecture_loss])
    parser.add_argument("--seeds", default="1,2,3")
    arguments = parser.parse_args()
    dataset = load("mnist")
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    for name, preset in PRESETS.items():
        if preset.lecture_loss is None or arguments.preset not in (None, name):
            continue
        losses = []
        for seed in seeds:
            losses.append(test_loss(preset.configuration.replace(seed=seed), dataset))
            print(f"{name}  seed {seed}  test loss {losses[-1]:.5f}", flush=True)
        ratio = mean(losses) / preset.lecture_loss
        verdict = "holds" if ratio <= LIMIT else "FAILS"
        print(
            f"{name}  mean {mean(losses):.5f}  lecture {preset.lecture_loss:.5f}  ratio {ratio:.3f}  "
            f"≤ {LIMIT} {verdict}"
        )


if __name__ == "__main__":
    main()
