"""Compares what all presets learn with the figures that the lecture printed.

    python tests/benchmarks/learning.py [--preset NAME] [--seeds 1,2,3] [--epochs N]

Trains the presets from fixed seeds, each on its own dataset, and prints three tables in Markdown: all presets
on images that they were not trained on, with their limits; the lecture's figure, its network here and ours,
side by side; and the shipped runs. Figures are means over the seeds.

The lecture printed the cost of its last training batch, which is compared with the loss on the test part, and
the accuracy of its classifiers on the validation part, which is compared with that. With the defaults, it
takes about half an hour on two cores.
"""

import argparse
import os
import time
from dataclasses import dataclass
from statistics import mean

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted, TrainingEnded
from cadl_gui.domain.presets import PRESETS, Preset, preset
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.reader import read_run
from cadl_gui.system.resources import shipped_runs
from cadl_gui.training.evaluation import test_metrics
from cadl_gui.training.file_evaluation import evaluate_file
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

Metrics = dict[str, float]
"""`test_loss`, `val_loss` and, for classifiers, `test_accuracy` and `val_accuracy`."""


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
SHIPPED = {"conv-classifier": Limit("test_accuracy", 0.997), "vae": Limit("test_loss", 136.0)}

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
    tested = test_metrics(start.model, dataset, parts)
    return {name: record.metrics[name] for name in record.metrics if name.startswith("val_")} | {
        f"test_{name}": value for name, value in tested.items()
    }


def mean_of_seeds(chosen: Preset, dataset: ImageStore, seeds: list[int], epochs: int | None) -> Metrics:
    """Train once for each seed, print the metrics, and average them."""
    config = chosen.config
    config = config.replace(epochs=epochs or config.training.epochs)
    results = []
    for seed in seeds:
        began = time.perf_counter()
        results.append(learned(config.replace(seed=seed), dataset))
        figures = "  ".join(f"{name} {_number(value)}" for name, value in sorted(results[-1].items()))
        print(f"{chosen.name}  seed {seed}  {time.perf_counter() - began:.0f} s  {figures}", flush=True)
    return {name: mean(metrics[name] for metrics in results) for name in results[0]}


def print_presets(results: dict[str, Metrics], epochs: int | None) -> None:
    """Print the table of all presets; limits hold for the preset's number of epochs."""
    _print_heads("preset", "epochs", "metric", "the lecture", "test", "validation", "limit", "verdict")
    for name, metrics in results.items():
        chosen = preset(name)
        limit = limit_of(chosen)
        judged = limit is not None and epochs in (None, chosen.config.training.epochs)
        _print_row(
            f"`{name}`",
            str(epochs or chosen.config.training.epochs),
            _metric_text(chosen.config),
            _printed(chosen),
            *(_number(metrics[f"{part}_{_metric(chosen.config)}"]) for part in ("test", "val")),
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


def print_shipped() -> None:
    """Print the trained runs in `resources/pretrained`."""
    if not shipped_runs():
        return
    _print_heads("shipped run", "epochs", "metric", "test", "limit", "verdict")
    for folder in shipped_runs():
        run = read_run(folder)
        metrics = {f"test_{name}": value for name, value in evaluate_file(folder).items()}
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
    parser.add_argument("--seeds", default="1", help="numbers, with commas between them")
    parser.add_argument("--epochs", type=int, help="instead of the preset's; nothing is judged then")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    chosen = [preset(name) for name in arguments.preset or PRESETS]
    results = {
        each.name: mean_of_seeds(each, load(each.config.data.dataset), seeds, arguments.epochs)
        for each in chosen
    }
    print_presets(results, arguments.epochs)
    print_families(results)
    print_shipped()


if __name__ == "__main__":
    main()
