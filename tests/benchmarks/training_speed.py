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
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

sys.path.append(str(Path(__file__).parents[1]))

from figures import Cell, Figures, figure, heads_text, row_text
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
class Family:
    """Networks of one kind: the preset that represents them, and the least ratios that are wanted."""

    name: str
    preset: str
    over_lecture: float
    over_eager: float
    bfloat16_over_lecture: float | None = None

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
    Family("softmax", "lecture-softmax", 1.15, 1.3),
    Family("tied autoencoder", "lecture-autoencoder", 1.15, 1.3, 1.3),
    Family("conv autoencoder", "lecture-conv-autoencoder", 1.0, 1.2, 1.1),
    Family("conv classifier", "lecture-conv-classifier", 1.0, 1.2, 1.3),
    Family("VAE", "vae", 1.15, 1.3, 1.3),
)
IN_WINDOW = 0.85

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


def ratio_cell(ratios: list[float], wanted: float | None = None) -> Cell:
    """The median ratio and its interval, which has to reach what is wanted."""
    lower, upper = interval(ratios)
    cell = figure(*(round(value, 2) for value in (median(ratios), lower, upper)))
    return cell if wanted is None else cell | {"wanted": f"≥ {wanted:.2f}", "holds": upper >= wanted}


def measured(family: Family, columns: list[str], seconds: float, n_rounds: int) -> Speeds:
    """Let all columns train in turn, and print the results of each round."""
    speeds: Speeds = {column: [] for column in columns}
    print(f"\n**{family.name}**, images/s\n\n{heads_text(['round', *columns])}", flush=True)
    with ExitStack() as stack:
        trainers = {column: stack.enter_context(trainer_process(column, family.preset)) for column in columns}
        first = {column: trainer.run(1) for column, trainer in trainers.items()}
        n_epochs = max(1, round(seconds * first[OURS] / family.n_images))
        for i in range(n_rounds):
            for column, trainer in trainers.items():
                speeds[column].append(trainer.run(n_epochs))
            print(row_text([str(i + 1), *(round(values[-1]) for values in speeds.values())]), flush=True)
    remarks = "; ".join(f"{name}: {remark}" for name, one in trainers.items() for remark in one.remarks)
    print(f"\nTurns of {n_epochs} × {family.n_images:,} images; {remarks}.")
    return speeds


def tabulate_speeds(figures: Figures, results: dict[Family, Speeds]) -> None:
    """The table of medians."""
    figures.begin("speeds", "network", *next(iter(results.values())))
    for family, speeds in results.items():
        cells = (figure(*map(round, (median(values), *interval(values)))) for values in speeds.values())
        figures.row(f"{family.name} (`{family.preset}`, batch {family.batch_size})", *cells)


def tabulate_ratios(figures: Figures, results: dict[Family, Speeds]) -> None:
    """The table of ratios, with what is wanted of them."""
    columns = next(iter(results.values()))
    heads = ["ours is", "× `fit`", "× `fit`, tuned", "× the lecture’s way", "window / headless"]
    heads += ["× PyTorch, eager"] if EAGER in columns else []
    heads += ["× PyTorch, compiled"] if COMPILED in columns else []
    heads += ["bfloat16 × the lecture’s way"] if BFLOAT16 in columns else []
    heads += ["`--deterministic` / without"] if DETERMINISTIC in columns else []
    figures.begin("ratios", *heads, "of the matrix product, %")
    for family, speeds in results.items():
        cells = [
            ratio_cell(_ratios(speeds, OURS, FIT)),
            ratio_cell(_ratios(speeds, OURS, TUNED)),
            ratio_cell(_ratios(speeds, OURS, LECTURE), family.over_lecture),
            ratio_cell(_ratios(speeds, WINDOW, OURS), IN_WINDOW),
        ]
        if EAGER in speeds:
            cells.append(ratio_cell(_ratios(speeds, OURS, EAGER), family.over_eager))
        if COMPILED in speeds:
            cells.append(ratio_cell(_ratios(speeds, OURS, COMPILED)))
        if BFLOAT16 in speeds:
            cells.append(ratio_cell(_ratios(speeds, BFLOAT16, LECTURE), family.bfloat16_over_lecture))
        if DETERMINISTIC in speeds:
            cells.append(ratio_cell(_ratios(speeds, DETERMINISTIC, OURS)))
        share = median(_ratios(speeds, OURS, PRODUCT)) * family.operations / 1e9
        figures.row(family.name, *cells, round(100 * share))


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


def main() -> None:
    """Measure one family, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=[family.preset for family in FAMILIES])
    parser.add_argument("--seconds", type=float, default=4.0, help="approximate length of ours in one round")
    parser.add_argument("--rounds", type=int, default=9, help="rounds in which every column trains once")
    parser.add_argument("--deterministic", action="store_true", help="measure what that costs, too")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    missing = left_out() | ({} if arguments.deterministic else {DETERMINISTIC: "Not requested."})
    columns = [column for column in COLUMNS if column not in missing]
    families = [family for family in FAMILIES if arguments.preset in (None, family.preset)]
    print(machine(columns))
    for column, reason in missing.items():
        print(f"Left out: {column}. {reason}")
    results = {family: measured(family, columns, arguments.seconds, arguments.rounds) for family in families}
    with Figures(arguments.json) as figures:
        tabulate_speeds(figures, results)
        tabulate_ratios(figures, results)
    print_operations(families)


if __name__ == "__main__":
    main()
