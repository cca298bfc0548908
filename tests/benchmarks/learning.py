"""Compares what all presets learn with the figures that the lecture printed.

    python tests/benchmarks/learning.py [--preset NAME] [--dataset PATH] [--seeds 1,2,3] [--epochs N]
    python tests/benchmarks/learning.py --precisions [--preset NAME] [--dataset PATH] [--seeds 1,2,3,4,5]

Trains the presets from fixed seeds, each on its own dataset, and prints four tables in Markdown: all presets
on images that they were not trained on, with their limits; the lecture's figure, its network here and ours,
side by side; reconstructions of images in colour beside the answer of somebody who has learned nothing, the
most similar training image; and the shipped runs. Figures are means over the seeds, with the standard
deviation of several. Presets whose images do not ship take part with `--dataset`, and only they.

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
import time
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted, TrainingEnded
from cadl_gui.domain.presets import PRESETS, Preset, preset
from cadl_gui.domain.training_config import BFLOAT16, FLOAT32
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.reader import read_run
from cadl_gui.system.processor import bfloat16_refusal
from cadl_gui.system.resources import shipped_runs
from cadl_gui.training.evaluation import metrics_on_test
from cadl_gui.training.file_evaluation import evaluate_file
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

    def __str__(self) -> str:
        part = " (validation)" if self.metric.startswith("val_") else ""
        sign = "≥" if self.metric.endswith("accuracy") else "≤"
        return f"{sign} {_number(self.value)}{part}"

    def verdict(self, metrics: Metrics) -> str:
        """Whether the metrics are within the limit."""
        value = metrics[self.metric]
        holds = value >= self.value if self.metric.endswith("accuracy") else value <= self.value
        return "holds" if holds else "MISSED"


OURS = {
    "autoencoder": Limit("test_loss", 0.0085),
    "conv-autoencoder": Limit("test_loss", 0.005),
    "softmax": Limit("test_accuracy", 0.925),
    "conv-classifier": Limit("test_accuracy", 0.993),
}
SHIPPED = {"conv-classifier": Limit("test_accuracy", 0.997), "vae": Limit("test_loss", 132.0)}

FAMILIES = {
    "lecture-autoencoder": "autoencoder",
    "lecture-conv-autoencoder": "conv-autoencoder",
    "lecture-softmax": "softmax",
    "lecture-conv-classifier": "conv-classifier",
}
"""The lecture's presets, and ours of the same kind."""


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
            figures = "  ".join(f"{name} {_number(value)}" for name, value in sorted(found[-1].items()))
            print(f"{chosen.name}  seed {seed}  {precision}  {figures}", flush=True)
    return results


def print_precisions(results: dict[str, dict[str, list[Metrics]]], epochs: int | None) -> None:
    """Print the table of both precisions, on the test part."""
    heads = ("preset", "epochs", "metric", FLOAT32, BFLOAT16, "differences of the pairs", "", "time saved")
    _print_heads(*heads)
    for name, found in results.items():
        config = preset(name).config
        metric = f"test_{_metric(config)}"
        exact, coarse = ([metrics[metric] for metrics in found[kind]] for kind in (FLOAT32, BFLOAT16))
        pairs = [other - one for one, other in zip(exact, coarse, strict=True)]
        worse = mean(pairs) * (-1 if config.model.is_classifier else 1)
        noise = stdev(exact) if len(exact) > 1 else 0.0
        seconds = [sum(metrics["seconds"] for metrics in found[kind]) for kind in (FLOAT32, BFLOAT16)]
        _print_row(
            f"`{name}`",
            str(epochs or config.training.epochs),
            _metric_text(config),
            _mean_text(found[FLOAT32], metric),
            _number(mean(coarse)),
            f"{min(pairs):+.2g} to {max(pairs):+.2g}",
            "no worse" if worse <= noise else "WORSE",
            f"{100 * (1 - seconds[1] / seconds[0]):z.0f}%",
        )


def train_seeds(chosen: Preset, dataset: ImageStore, seeds: list[int], epochs: int | None) -> list[Metrics]:
    """Train once for each seed, and print the metrics."""
    config = chosen.config
    config = config.replace(epochs=epochs or config.training.epochs)
    results = []
    for seed in seeds:
        began = time.perf_counter()
        results.append(learned(config.replace(seed=seed), dataset))
        figures = "  ".join(f"{name} {_number(value)}" for name, value in sorted(results[-1].items()))
        print(f"{chosen.name}  seed {seed}  {time.perf_counter() - began:.0f} s  {figures}", flush=True)
    return results


def means_of(results: list[Metrics]) -> Metrics:
    """Average the metrics over the seeds."""
    return {name: mean(metrics[name] for metrics in results) for name in results[0]}


def print_presets(results: dict[str, list[Metrics]], epochs: int | None) -> None:
    """Print the table of all presets; limits hold for the preset's number of epochs, and for the means."""
    _print_heads("preset", "epochs", "metric", "the lecture", "test", "validation", "limit", "verdict")
    for name, of_seeds in results.items():
        chosen, metrics = preset(name), means_of(of_seeds)
        limit = limit_of(chosen)
        judged = limit is not None and epochs in (None, chosen.config.training.epochs)
        _print_row(
            f"`{name}`",
            str(epochs or chosen.config.training.epochs),
            _metric_text(chosen.config),
            _printed(chosen),
            *(_mean_text(of_seeds, f"{part}_{_metric(chosen.config)}") for part in ("test", "val")),
            str(limit or ""),
            limit.verdict(metrics) if judged else "",
        )


def print_families(results: dict[str, Metrics]) -> None:
    """Print the lecture's figure, its network here, and ours."""
    whole = [pair for pair in FAMILIES.items() if results.keys() >= set(pair)]
    if not whole:
        return
    _print_heads("metric", "the lecture printed", "its network here", "ours")
    for lecture, own in whole:
        chosen = preset(lecture)
        metric = limit_of(chosen).metric
        part = "validation" if metric.startswith("val_") else "test"
        figures = (f"{_number(results[name][metric])} (`{name}`)" for name in (lecture, own))
        _print_row(f"{_metric_text(chosen.config)}, {part}", _printed(chosen), *figures)


def print_reconstructions(results: dict[str, Metrics]) -> None:
    """Print how well images in colour are reconstructed, beside the most similar training image."""
    in_colour = {name: metrics for name, metrics in results.items() if "test_error" in metrics}
    if not in_colour:
        return
    _print_heads("preset", "squared error per pixel, test", "the most similar training image")
    for name, metrics in in_colour.items():
        _print_row(f"`{name}`", _number(metrics["test_error"]), _number(metrics["nearest_error"]))


def print_shipped() -> None:
    """Print the trained runs in `resources/pretrained`."""
    if not shipped_runs():
        return
    _print_heads("shipped run", "epochs", "metric", "test", "limit", "verdict")
    for folder in shipped_runs():
        run = read_run(folder)
        metrics = {f"test_{name}": value for name, value in evaluate_file(folder).metrics.items()}
        limit = SHIPPED.get(folder.name)
        _print_row(
            f"`{folder.name}`",
            str(run.config.training.epochs),
            _metric_text(run.config),
            _number(metrics[f"test_{_metric(run.config)}"]),
            str(limit or ""),
            limit.verdict(metrics) if limit else "",
        )


def _metric(config: RunConfig) -> str:
    return "accuracy" if config.model.is_classifier else "loss"


def _metric_text(config: RunConfig) -> str:
    if config.model.is_classifier:
        return "accuracy"
    return "negative bound, nats" if config.model.is_variational else "squared error per pixel"


def _mean_text(results: list[Metrics], name: str) -> str:
    """The mean of a metric over the seeds, and their standard deviation if there are several."""
    values = [metrics[name] for metrics in results]
    spread = f" ± {stdev(values):.2g}" if len(values) > 1 else ""
    return f"{_number(mean(values))}{spread}"


def _printed(chosen: Preset) -> str:
    printed = chosen.lecture_loss or chosen.lecture_accuracy
    return "" if printed is None else _number(printed)


def _number(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.4g}"


def _print_heads(*heads: str) -> None:
    print()
    _print_row(*heads)
    _print_row(*("---" for _ in heads))


def _print_row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


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
    arguments = parser.parse_args()
    if arguments.precisions and bfloat16_refusal():
        parser.error(bfloat16_refusal())
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
        print_precisions(compared, arguments.epochs)
        return
    print_presets(results, arguments.epochs)
    means = {name: means_of(of_seeds) for name, of_seeds in results.items()}
    print_families(means)
    print_reconstructions(means)
    print_shipped()


if __name__ == "__main__":
    main()
