"""Compares what all presets learn with the figures that the lecture printed.

    python tests/benchmarks/learning.py [--preset NAME] [--dataset PATH] [--seeds 1,2,3] [--epochs N]
    python tests/benchmarks/learning.py --precisions [--preset NAME] [--dataset PATH] [--seeds 1,2,3,4,5]
    python tests/benchmarks/learning.py --shipped

Trains the presets from fixed seeds, each on its own dataset, and prints two tables: all presets on images
that they were not trained on, with their limits; and reconstructions of images in colour beside a
nearest-neighbour baseline, the most similar training image. Figures are means over the seeds, with the
standard deviation of several. Presets whose images do not ship take part with `--dataset`, and only they.
`--shipped` evaluates the runs that ship, and trains nothing.

The lecture printed the cost of its last training batch, which is compared with the loss on the test part, and
the accuracy of its classifiers on the validation part, which is compared with that. With the defaults, it
takes about half an hour on two cores.

With `--precisions`, each preset is trained in float32 and in bfloat16 from the same seeds, by turns, and only
these two are compared: the mean over the seeds, and the differences of the pairs. bfloat16 is no worse where
its mean is not worse by more than the standard deviation of the seeds in float32. The processor has to
compute bfloat16.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

sys.path.append(str(Path(__file__).parents[1]))

from figures import Cell, Figures, figure

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted, TrainingEnded
from cadl_gui.domain.presets import PRESETS, Preset, preset
from cadl_gui.domain.training_config import BFLOAT16, FLOAT32
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.reader import read_run
from cadl_gui.saved.file_evaluation import evaluate_file
from cadl_gui.system.processor import bfloat16_refusal
from cadl_gui.system.resources import shipped_runs
from cadl_gui.training.evaluation import metrics_on_test
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

Metrics = dict[str, float]
"""`test_loss`, `val_loss` and, for classifiers, `test_accuracy` and `val_accuracy`.

Of reconstructions in colour also `test_error`, their squared error per pixel, and `nearest_error`, that of
the most similar training images.
"""
_BATCH = 100


@dataclass(frozen=True)
class Limit:
    """The quality that a network has to reach.

    Attributes:
        metric: name of the metric.
        value: the largest allowed loss, or the smallest allowed accuracy.
    """

    metric: str
    value: float

    def cell(self, value: float, *spread: float) -> Cell:
        """The metric, and whether it is within the limit."""
        is_accuracy = self.metric.endswith("accuracy")
        wanted = f"{'≥' if is_accuracy else '≤'} {_number(self.value):,}"
        holds = value >= self.value if is_accuracy else value <= self.value
        return figure(_number(value), *spread, wanted=wanted, holds=holds)


OURS = {
    "autoencoder": Limit("test_loss", 0.0085),
    "conv-autoencoder": Limit("test_loss", 0.005),
    "softmax": Limit("test_accuracy", 0.925),
    "conv-classifier": Limit("test_accuracy", 0.993),
}
SHIPPED = {"conv-classifier": Limit("test_accuracy", 0.997), "vae": Limit("test_loss", 132.0)}


def limit_of(chosen: Preset) -> Limit | None:
    """The lecture's presets may have a 5 % higher loss than it printed, or a 0.7 points lower accuracy."""
    if chosen.lecture_loss is not None:
        return Limit("test_loss", 1.05 * chosen.lecture_loss)
    if chosen.lecture_accuracy is not None:
        return Limit("val_accuracy", chosen.lecture_accuracy - 0.007)
    return OURS.get(chosen.name)


def learned(config: RunConfig, dataset: ImageStore) -> Metrics:
    """Train to the end, and evaluate on the validation and the test part."""
    parts = split(dataset, config)
    start = initial_state(config, dataset, parts)
    training = train(TrainingRequest("benchmark", "benchmark", config), dataset, start)
    turn = StepBudget(seconds=1.0, max_steps=None, learning_rate=config.training.learning_rate)
    events, record = next(training), None
    while not any(isinstance(event, TrainingEnded) for event in events):
        events = training.send(turn)
        record = next((event.record for event in events if isinstance(event, EpochCompleted)), record)
    tested = metrics_on_test(start.model, dataset, parts)
    metrics = {name: record.metrics[name] for name in record.metrics if name.startswith("val_")}
    metrics |= {f"test_{name}": value for name, value in tested.items()}
    if dataset.image_shape[-1] == 3 and not config.model.is_classifier:
        metrics["test_error"] = mean_error(start.model, dataset, parts.test)
        metrics["nearest_error"] = nearest_error(dataset, parts.train, parts.test)
    return metrics


def mean_error(network: Any, dataset: ImageStore, which: Any) -> float:
    """Squared error per pixel of reconstructed images."""
    errors = []
    for images in _batches(dataset, which):
        errors += list(((np.clip(network(images).numpy(), 0, 1) - images) ** 2).mean(axis=(1, 2, 3)))
    return float(np.mean(errors))


def nearest_error(dataset: ImageStore, train: Any, test: Any) -> float:
    """Squared error per pixel if the most similar training image is the answer to each test image."""
    flat = np.concatenate([images.reshape(len(images), -1) for images in _batches(dataset, test)])
    smallest = np.full(len(flat), np.inf)
    for images in _batches(dataset, train):
        known = images.reshape(len(images), -1)
        squares = (flat**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * flat @ known.T
        smallest = np.minimum(smallest, squares.min(axis=1))
    return float(smallest.mean() / flat.shape[1])


def _batches(dataset: ImageStore, which: Any) -> Any:
    return (dataset.as_floats(which[first : first + _BATCH]) for first in range(0, len(which), _BATCH))


def compare_precisions(
    chosen: Preset, dataset: ImageStore, seeds: list[int], epochs: int | None
) -> dict[str, list[Metrics]]:
    """Train in both precisions for each seed, by turns, and print the metrics; they include `seconds`."""
    config = chosen.config
    config = config.replace(epochs=epochs or config.training.epochs)
    results: dict[str, list[Metrics]] = {FLOAT32: [], BFLOAT16: []}
    for seed in seeds:
        for precision, found in results.items():
            began = time.perf_counter()
            metrics = learned(config.replace(seed=seed, precision=precision), dataset)
            found.append({**metrics, "seconds": time.perf_counter() - began})
            told = "  ".join(f"{name} {_number(value)}" for name, value in sorted(found[-1].items()))
            print(f"{chosen.name}  seed {seed}  {precision}  {told}", flush=True)
    return results


def tabulate_precisions(
    figures: Figures, results: dict[str, dict[str, list[Metrics]]], epochs: int | None
) -> None:
    """The table of both precisions, on the test part."""
    heads = ("differences of the pairs", "bfloat16 is", "time saved, %")
    figures.begin("precisions", "preset", "epochs", "metric", FLOAT32, BFLOAT16, *heads)
    for name, found in results.items():
        config = preset(name).config
        metric = f"test_{_metric(config)}"
        exact, coarse = ([metrics[metric] for metrics in found[kind]] for kind in (FLOAT32, BFLOAT16))
        pairs = [other - one for one, other in zip(exact, coarse, strict=True)]
        worse = mean(pairs) * (-1 if config.model.is_classifier else 1)
        noise = stdev(exact) if len(exact) > 1 else 0.0
        seconds = [sum(metrics["seconds"] for metrics in found[kind]) for kind in (FLOAT32, BFLOAT16)]
        figures.row(
            f"`{name}`",
            epochs or config.training.epochs,
            _metric_text(config),
            _mean_cell(found[FLOAT32], metric),
            _number(mean(coarse)),
            f"{min(pairs):+.2g} to {max(pairs):+.2g}",
            "no worse" if worse <= noise else "WORSE",
            round(100 * (1 - seconds[1] / seconds[0])),
        )


def train_seeds(chosen: Preset, dataset: ImageStore, seeds: list[int], epochs: int | None) -> list[Metrics]:
    """Train once for each seed, and print the metrics."""
    config = chosen.config
    config = config.replace(epochs=epochs or config.training.epochs)
    results = []
    for seed in seeds:
        began = time.perf_counter()
        results.append(learned(config.replace(seed=seed), dataset))
        told = "  ".join(f"{name} {_number(value)}" for name, value in sorted(results[-1].items()))
        print(f"{chosen.name}  seed {seed}  {time.perf_counter() - began:.0f} s  {told}", flush=True)
    return results


def means_of(results: list[Metrics]) -> Metrics:
    """Average the metrics over the seeds."""
    return {name: mean(metrics[name] for metrics in results) for name in results[0]}


def tabulate_presets(figures: Figures, results: dict[str, list[Metrics]], epochs: int | None) -> None:
    """The table of all presets; limits hold for the preset's number of epochs, and for the means."""
    figures.begin("presets", "preset", "epochs", "metric", "the lecture", "test", "validation")
    for name, of_seeds in results.items():
        chosen = preset(name)
        limit = limit_of(chosen) if epochs in (None, chosen.config.training.epochs) else None
        figures.row(
            f"`{name}`",
            epochs or chosen.config.training.epochs,
            _metric_text(chosen.config),
            _number(chosen.lecture_loss or chosen.lecture_accuracy or 0.0) or "",
            *(_mean_cell(of_seeds, f"{part}_{_metric(chosen.config)}", limit) for part in ("test", "val")),
        )


def tabulate_reconstructions(figures: Figures, results: dict[str, Metrics]) -> None:
    """How well images in colour are reconstructed, beside the most similar training image."""
    in_colour = {name: metrics for name, metrics in results.items() if "test_error" in metrics}
    if not in_colour:
        return
    figures.begin("colour", "preset", "squared error per pixel, test", "of the most similar training image")
    for name, metrics in in_colour.items():
        figures.row(f"`{name}`", _number(metrics["test_error"]), _number(metrics["nearest_error"]))


def tabulate_shipped(figures: Figures) -> None:
    """The trained runs in `resources/pretrained`."""
    figures.begin("shipped", "shipped run", "epochs", "metric", "test")
    for folder in shipped_runs():
        run = read_run(folder)
        value = evaluate_file(folder).metrics[_metric(run.config)]
        limit = SHIPPED.get(folder.name)
        figures.row(
            f"`{folder.name}`",
            run.config.training.epochs,
            _metric_text(run.config),
            limit.cell(value) if limit else _number(value),
        )


def _metric(config: RunConfig) -> str:
    return "accuracy" if config.model.is_classifier else "loss"


def _metric_text(config: RunConfig) -> str:
    if config.model.is_classifier:
        return "accuracy"
    return "negative bound, nats" if config.model.is_variational else "squared error per pixel"


def _mean_cell(results: list[Metrics], name: str, limit: Limit | None = None) -> Cell:
    """The mean of a metric over the seeds, and their standard deviation if there are several."""
    values = [metrics[name] for metrics in results]
    spread = [_number(stdev(values), 2)] if len(values) > 1 else []
    if limit is not None and limit.metric == name:
        return limit.cell(mean(values), *spread)
    return figure(_number(mean(values)), *spread) if spread else _number(mean(values))


def _number(value: float, digits: int = 4) -> float:
    return round(value, 1) if value >= 10 else float(f"{value:.{digits}g}")


def main() -> None:
    """Train one preset, or all, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=list(PRESETS), action="append", help="can be given several times")
    parser.add_argument("--dataset", help="of presets whose images do not ship; prepared, with its options")
    parser.add_argument("--seeds", help="numbers, with commas between them; default: 1, of precisions 1 to 5")
    parser.add_argument("--precisions", action="store_true", help="compare float32 and bfloat16 instead")
    parser.add_argument("--epochs", type=int, help="instead of the preset's; nothing is judged then")
    parser.add_argument("--shipped", action="store_true", help="evaluate the shipped runs instead")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    if arguments.precisions and bfloat16_refusal():
        parser.error(bfloat16_refusal())
    with Figures(arguments.json) as figures:
        if arguments.shipped:
            tabulate_shipped(figures)
        else:
            train_presets(figures, arguments)


def train_presets(figures: Figures, arguments: argparse.Namespace) -> None:
    """Train what the options name, and tabulate it."""
    usual = "1,2,3,4,5" if arguments.precisions else "1"
    seeds = [int(seed) for seed in (arguments.seeds or usual).split(",")]
    results, compared = {}, {}
    for chosen in map(preset, arguments.preset or PRESETS):
        if bool(chosen.to_open) != bool(arguments.dataset):
            print(f"{chosen.name}  left out: {chosen.to_open or 'it has a dataset of its own'}", flush=True)
            continue
        dataset = load(arguments.dataset or chosen.config.data.dataset)
        if arguments.precisions:
            compared[chosen.name] = compare_precisions(chosen, dataset, seeds, arguments.epochs)
        else:
            results[chosen.name] = train_seeds(chosen, dataset, seeds, arguments.epochs)
    if arguments.precisions:
        tabulate_precisions(figures, compared, arguments.epochs)
        return
    tabulate_presets(figures, results, arguments.epochs)
    tabulate_reconstructions(figures, {name: means_of(of_seeds) for name, of_seeds in results.items()})


if __name__ == "__main__":
    main()
