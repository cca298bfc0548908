"""Compares our training speed with that of other ways to train the same networks.

    python tests/benchmarks/training_speed.py [--preset NAME] [--seconds 4] [--rounds 9] [--deterministic]

All columns train the same network with the same optimiser and batch size, each in a separate process, by
turns, so that other load affects all of them. A turn is as many whole epochs as ours takes some seconds for,
so that each has its share of what happens at the end of an epoch; batches are whole:

- *ours*: all of `cadl train`: turns, live weights and, at the end of each epoch, validation, artifacts and
  files;
- *window open*: the same in the open window (offscreen, 1440×900), with live images and plots;
- *bfloat16*: the first with steps in bfloat16, where the processor has instructions for it: what precision
  gives. All other columns are in float32: what the loop gives;
- *`--deterministic`*, if requested: the first with deterministic kernels;
- *`keras.Model.fit`*: as a user writes it, with defaults except for the batch size, and nothing else to do;
- *`fit`, tuned*: the same with the fastest of some values of `steps_per_execution` and `jit_compile`;
- *the lecture's own way*: a TensorFlow 1 graph and a `feed_dict` for every step;
- *PyTorch*, eager and with `torch.compile`: if it is installed (the extra `benchmarks`), and a C++ compiler.

A figure is the median over the rounds, and in brackets its 95 % confidence interval; a ratio is that of
speeds measured directly after one another, and reaches its goal if its interval does. Run it on an otherwise
idle machine; with the defaults, it takes about three quarters of an hour.
"""

import argparse
import importlib.metadata
import importlib.util
import math
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from matrix_product import FORMULA, SIDE, operations_per_image
from trainer_process import COLUMNS, trainer_process

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.system.processor import bfloat16_refusal, processor_name

OURS, WINDOW, BFLOAT16, DETERMINISTIC, FIT, TUNED, LECTURE, EAGER, COMPILED, PRODUCT = COLUMNS
MNIST_SHAPE, N_DIGITS = (28, 28, 1), 10
FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


@dataclass(frozen=True)
class Goal:
    """The goal for a ratio, and perhaps what is hoped for beyond it."""

    wanted: float
    aim: float | None = None

    def judge(self, ratios: list[float]) -> str:
        """The ratio, its interval and whether that reaches the goal."""
        _, upper = interval(ratios)
        verdict = "reached" if upper >= self.wanted else "MISSED"
        aim = (
            "" if self.aim is None else f", aim {self.aim:.2f}: {'' if upper >= self.aim else 'not '}reached"
        )
        return f"{with_interval(ratios, '.2f')}, ≥ {self.wanted:.2f}: {verdict}{aim}"


@dataclass(frozen=True)
class Family:
    """Networks of one kind: the preset that represents them, and the goals for their ratios."""

    name: str
    preset: str
    over_lecture: Goal
    over_eager: Goal
    bfloat16_over_lecture: Goal | None = None

    @property
    def batch_size(self) -> int:
        """Images in a batch."""
        return preset(self.preset).config.training.batch_size

    @property
    def n_images(self) -> int:
        """Images in the whole batches of an epoch."""
        config = preset(self.preset).config
        n_images = len(split(load(config.data.dataset), config).train)
        return n_images // self.batch_size * self.batch_size

    @property
    def operations(self) -> int:
        """Floating-point operations of a training step, per image."""
        return operations_per_image(model_spec(preset(self.preset).config.model, MNIST_SHAPE, N_DIGITS))


FAMILIES = (
    Family("softmax", "lecture-softmax", Goal(1.15), Goal(1.3)),
    Family("tied autoencoder", "lecture-autoencoder", Goal(1.15), Goal(1.3), Goal(1.3)),
    Family("conv autoencoder", "lecture-conv-autoencoder", Goal(1.0), Goal(1.2), Goal(1.1)),
    Family("conv classifier", "lecture-conv-classifier", Goal(1.0), Goal(1.2), Goal(1.3)),
    Family("VAE", "vae", Goal(1.15), Goal(1.3), Goal(1.3)),
)
IN_WINDOW = Goal(0.85, 0.92)

Speeds = dict[str, list[float]]
"""Speeds by column, one for each round."""


def interval(values: list[float]) -> tuple[float, float]:
    """The 95 % confidence interval of the median, from the order of the values.

    Of nine values, these are the second and the eighth, whatever their distribution. Of fewer than six there
    is no such interval: the result is the smallest and the largest.
    """
    ordered, n = sorted(values), len(values)
    outside = 0
    while 2 * sum(math.comb(n, i) for i in range(outside + 2)) / 2**n <= 0.05:
        outside += 1
    return ordered[outside], ordered[-1 - outside]


def with_interval(values: list[float], form: str) -> str:
    """The median, and its interval in brackets."""
    lower, upper = interval(values)
    return f"{median(values):{form}} ({lower:{form}}–{upper:{form}})"


def measured(family: Family, columns: list[str], seconds: float, n_rounds: int) -> Speeds:
    """Let all columns train in turn, and print the results of each round."""
    speeds: Speeds = {column: [] for column in columns}
    print(
        f"\n**{family.name}**, images/s\n\n{_row(['round', *columns])}\n{_rule(len(columns) + 1)}", flush=True
    )
    with ExitStack() as stack:
        trainers = {column: stack.enter_context(trainer_process(column, family.preset)) for column in columns}
        first = {column: trainer.run(1) for column, trainer in trainers.items()}
        n_epochs = max(1, round(seconds * first[OURS] / family.n_images))
        for i in range(n_rounds):
            for column, trainer in trainers.items():
                speeds[column].append(trainer.run(n_epochs))
            print(_row([str(i + 1), *(f"{values[-1]:,.0f}" for values in speeds.values())]), flush=True)
    remarks = "; ".join(f"{name}: {remark}" for name, one in trainers.items() for remark in one.remarks)
    print(f"\nTurns of {n_epochs} × {family.n_images:,} images; {remarks}.")
    return speeds


def print_speeds(results: dict[Family, Speeds]) -> None:
    """The table of medians."""
    columns = list(next(iter(results.values())))
    print(f"\n{_row(['images/s', *columns])}\n{_rule(len(columns) + 1)}")
    for family, speeds in results.items():
        medians = (with_interval(speeds[column], ",.0f") for column in columns)
        print(_row([f"{family.name} (`{family.preset}`, batch {family.batch_size})", *medians]))


def print_ratios(results: dict[Family, Speeds]) -> None:
    """Print the table of ratios and goals."""
    columns = next(iter(results.values()))
    heads = ["ours is", "× `fit`", "× `fit`, tuned", "× the lecture’s way", "window / headless"]
    heads += ["× PyTorch, eager"] if EAGER in columns else []
    heads += ["× PyTorch, compiled"] if COMPILED in columns else []
    heads += ["bfloat16 × the lecture’s way"] if BFLOAT16 in columns else []
    heads += ["`--deterministic` / without"] if DETERMINISTIC in columns else []
    print(f"\n{_row([*heads, 'of the matrix product'])}\n{_rule(len(heads) + 1)}")
    for family, speeds in results.items():
        cells = [
            family.name,
            with_interval(_ratios(speeds, OURS, FIT), ".2f"),
            with_interval(_ratios(speeds, OURS, TUNED), ".2f"),
            family.over_lecture.judge(_ratios(speeds, OURS, LECTURE)),
            IN_WINDOW.judge(_ratios(speeds, WINDOW, OURS)),
        ]
        if EAGER in speeds:
            cells.append(family.over_eager.judge(_ratios(speeds, OURS, EAGER)))
        if COMPILED in speeds:
            cells.append(with_interval(_ratios(speeds, OURS, COMPILED), ".2f"))
        if BFLOAT16 in speeds:
            over = _ratios(speeds, BFLOAT16, LECTURE)
            goal = family.bfloat16_over_lecture
            cells.append(with_interval(over, ".2f") if goal is None else goal.judge(over))
        if DETERMINISTIC in speeds:
            cells.append(with_interval(_ratios(speeds, DETERMINISTIC, OURS), ".2f"))
        share = median(_ratios(speeds, OURS, PRODUCT)) * family.operations / 1e9
        print(_row([*cells, f"{share:.0%}"]))


def print_operations(families: list[Family]) -> None:
    """Print the numbers from which the share of the matrix product is computed."""
    counts = ", ".join(f"{family.name} {family.operations / 1e6:.2f}" for family in families)
    print(
        f"\nOperations per image = {FORMULA}, in millions: {counts}. The matrix product is of {SIDE}×{SIDE} "
        "float32 numbers in TensorFlow, measured in each round."
    )


def left_out() -> dict[str, str]:
    """Columns that cannot be measured here, and why."""
    reasons = {}
    if bfloat16_refusal():
        reasons[BFLOAT16] = bfloat16_refusal()
    if importlib.util.find_spec("torch") is None:
        reasons |= dict.fromkeys((EAGER, COMPILED), "PyTorch is not installed.")
    elif shutil.which("c++") is None:
        reasons[COMPILED] = "There is no C++ compiler."
    return reasons


def machine(columns: list[str]) -> str:
    """The processor, its flags that matter here, and the versions of the libraries."""
    names = ["tensorflow", "keras", *(["torch"] if EAGER in columns else [])]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    cpu_info = Path("/proc/cpuinfo")
    known = set(cpu_info.read_text().split()) if cpu_info.exists() else set()
    flags = ", ".join(flag if flag in known else f"no {flag}" for flag in FLAGS)
    return f"{processor_name()}, {os.cpu_count()} cores ({flags}); {versions}"


def _ratios(speeds: Speeds, over: str, under: str) -> list[float]:
    return [a / b for a, b in zip(speeds[over], speeds[under], strict=True)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(n: int) -> str:
    return "|---" + "|---:" * (n - 1) + "|"


def main() -> None:
    """Measure one family, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=[family.preset for family in FAMILIES])
    parser.add_argument("--seconds", type=float, default=4.0, help="approximate length of ours in one round")
    parser.add_argument("--rounds", type=int, default=9, help="rounds in which every column trains once")
    parser.add_argument("--deterministic", action="store_true", help="measure what that costs, too")
    arguments = parser.parse_args()
    missing = left_out() | ({} if arguments.deterministic else {DETERMINISTIC: "Not requested."})
    columns = [column for column in COLUMNS if column not in missing]
    families = [family for family in FAMILIES if arguments.preset in (None, family.preset)]
    print(machine(columns))
    for column, reason in missing.items():
        print(f"Left out: {column}. {reason}")
    results = {family: measured(family, columns, arguments.seconds, arguments.rounds) for family in families}
    print_speeds(results)
    print_ratios(results)
    print_operations(families)


if __name__ == "__main__":
    main()
