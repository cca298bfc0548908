"""Compares our training speed with that of other ways to train the same networks.

    python tests/benchmarks/training_speed.py [--preset NAME] [--seconds 4] [--pairs 5] [--deterministic]

All columns train the same network with the same optimiser and batch size, each in a separate process, in
alternation, so that other load affects all of them:

- *ours*: all of `cadl train`: turns, live weights and, at the end of each epoch, validation, artifacts and
  files;
- *window open*: the same in the open window (offscreen, 1440×900), with live images and plots;
- *`--deterministic`*, if requested: the first with deterministic kernels;
- *`keras.Model.fit`*: as a user writes it, with defaults except for the batch size, and nothing else to do;
- *the lecture's own way*: a TensorFlow 1 graph and a `feed_dict` for every step;
- *PyTorch, eager*: if it is installed (the extra `benchmarks`).

Ratios are medians over the rounds, each of speeds measured directly after one another. Run it on an otherwise
idle machine; with the defaults, it takes about 15 minutes.
"""

import argparse
import importlib.metadata
import importlib.util
import os
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from matrix_product import FORMULA, SIDE, operations_per_image
from trainer_process import COLUMNS, trainer_process

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset

OURS, WINDOW, DETERMINISTIC, FIT, LECTURE, TORCH, PRODUCT = COLUMNS
MNIST_SHAPE, N_DIGITS = (28, 28, 1), 10


@dataclass(frozen=True)
class Goal:
    """The goal for a ratio."""

    wanted: float
    aim: float

    def judge(self, ratio: float, form: str) -> str:
        """The ratio and whether it reaches the goal."""
        verdict = "aim reached" if ratio >= self.aim else "ok" if ratio >= self.wanted else "MISSED"
        return f"{ratio:{form}} (≥ {self.wanted:{form}}, aim {self.aim:{form}}: {verdict})"


IN_WINDOW = Goal(0.8, 0.9)
OF_PRODUCT = Goal(0.65, 0.8)


@dataclass(frozen=True)
class Family:
    """Networks of one kind: the preset that represents them, and the goals for their ratios."""

    name: str
    preset: str
    over_fit: Goal
    of_product: bool = False

    @property
    def operations(self) -> int:
        """Floating-point operations of a training step, per image."""
        return operations_per_image(model_spec(preset(self.preset).config.model, MNIST_SHAPE, N_DIGITS))


FAMILIES = (
    Family("softmax", "lecture-softmax", Goal(5, 10)),
    Family("tied autoencoder", "lecture-autoencoder", Goal(1.8, 2.2), of_product=True),
    Family("conv autoencoder", "lecture-conv-autoencoder", Goal(1.1, 1.4)),
    Family("conv classifier", "lecture-conv-classifier", Goal(1.8, 2.2), of_product=True),
    Family("VAE", "vae", Goal(1.5, 1.5)),
)

Speeds = dict[str, list[float]]
"""Speeds by column, one for each round."""


def measured(family: Family, columns: list[str], seconds: float, pairs: int) -> Speeds:
    """Let all columns train in turn, and print the results of each round."""
    speeds: Speeds = {column: [] for column in columns}
    print(
        f"\n**{family.name}**, images/s\n\n{_row(['round', *columns])}\n{_rule(len(columns) + 1)}", flush=True
    )
    with ExitStack() as stack:
        trainers = {column: stack.enter_context(trainer_process(column, family.preset)) for column in columns}
        for trainer in trainers.values():
            trainer.run(seconds)
        for i in range(pairs):
            for column, trainer in trainers.items():
                speeds[column].append(trainer.run(seconds))
            print(_row([str(i + 1), *(f"{values[-1]:,.0f}" for values in speeds.values())]), flush=True)
    print(_row(["median", *(f"{median(values):,.0f}" for values in speeds.values())]), flush=True)
    return speeds


def print_speeds(results: dict[Family, Speeds]) -> None:
    """The table of medians."""
    columns = list(next(iter(results.values())))
    print(f"\n{_row(['images/s', *columns])}\n{_rule(len(columns) + 1)}")
    for family, speeds in results.items():
        batch_size = preset(family.preset).config.training.batch_size
        medians = (f"{median(speeds[column]):,.0f}" for column in columns)
        print(_row([f"{family.name} (`{family.preset}`, batch {batch_size})", *medians]))


def print_ratios(results: dict[Family, Speeds]) -> None:
    """Print the table of ratios and goals."""
    columns = list(next(iter(results.values())))
    heads = ["ours is", "× `fit`", "window / headless", "of the matrix product", "× the lecture’s way"]
    heads += ["× PyTorch"] if TORCH in columns else []
    heads += ["cost of `--deterministic`"] if DETERMINISTIC in columns else []
    print(f"\n{_row(heads)}\n{_rule(len(heads))}")
    for family, speeds in results.items():
        share = median(
            speed * family.operations / 1e9 / product
            for speed, product in zip(speeds[OURS], speeds[PRODUCT], strict=True)
        )
        cells = [
            family.name,
            family.over_fit.judge(_ratio(speeds, OURS, FIT), ".2f"),
            IN_WINDOW.judge(_ratio(speeds, WINDOW, OURS), ".2f"),
            OF_PRODUCT.judge(share, ".0%") if family.of_product else f"{share:.0%}",
            f"{_ratio(speeds, OURS, LECTURE):.2f}",
        ]
        cells += [f"{_ratio(speeds, OURS, TORCH):.2f}"] if TORCH in columns else []
        cells += [f"{1 - _ratio(speeds, DETERMINISTIC, OURS):.0%}"] if DETERMINISTIC in columns else []
        print(_row(cells))


def print_operations(families: list[Family]) -> None:
    """Print the numbers from which the share of the matrix product is computed."""
    counts = ", ".join(f"{family.name} {family.operations / 1e6:.2f}" for family in families)
    print(
        f"\nOperations per image = {FORMULA}, in millions: {counts}. The matrix product is of {SIDE}×{SIDE} "
        "float32 numbers in TensorFlow, measured in each round."
    )


def _ratio(speeds: Speeds, over: str, under: str) -> float:
    return median(a / b for a, b in zip(speeds[over], speeds[under], strict=True))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(n: int) -> str:
    return "|---" + "|---:" * (n - 1) + "|"


def _versions(columns: list[str]) -> str:
    names = ["tensorflow", "keras", *(["torch"] if TORCH in columns else [])]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return f"{os.cpu_count()} cores, {versions}"


def main() -> None:
    """Measure one family, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=[family.preset for family in FAMILIES])
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measurement")
    parser.add_argument("--pairs", type=int, default=5, help="rounds in which every column trains once")
    parser.add_argument("--deterministic", action="store_true", help="measure what that costs, too")
    arguments = parser.parse_args()
    left_out = {TORCH} if importlib.util.find_spec("torch") is None else set()
    left_out |= set() if arguments.deterministic else {DETERMINISTIC}
    columns = [column for column in COLUMNS if column not in left_out]
    families = [family for family in FAMILIES if arguments.preset in (None, family.preset)]
    print(_versions(columns))
    results = {family: measured(family, columns, arguments.seconds, arguments.pairs) for family in families}
    print_speeds(results)
    print_ratios(results)
    print_operations(families)


if __name__ == "__main__":
    main()
