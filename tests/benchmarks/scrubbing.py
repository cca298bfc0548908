"""Measures the time from epoch to epoch on the timeline in every tab, and the memory.

    python tests/benchmarks/scrubbing.py [--preset NAME] [--epochs 100] [--tab NAME]…

Writes a run with this many epochs of the preset with the largest network (random weights, and evaluation
artifacts as after a training), opens it in the real window and drags the timeline from the first epoch to the
last, back, and to the last again, one epoch per event and 60 events per second. *Step* is how long the
interface thread is busy with one event, including painting; *shown* is the time to the first answer, in tabs
that request one. Memory is that of the whole process; the snapshots in it are limited
(`inference/inference_service.py`), so that twice as many epochs do not take more: from 120 epochs of the
largest preset on, snapshots are evicted.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, percentiles
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QTabWidget, QWidget
from watched_answers import watch_answers

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, WorstMistakes
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.domain.snapshot import Snapshot, Weights, freeze
from cadl_gui.engine.engine import Engine
from cadl_gui.inference.inference_service import CACHE_BYTES
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import history_to_records
from cadl_gui.runs.manifest import Manifest, manifest_to_json
from cadl_gui.runs.snapshots import write_snapshot

SHAPE, N_LABELS, STEPS = (28, 28, 1), 10, 540


def main() -> None:
    """Write the run, drag through it in each tab, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=list(PRESETS), default=None)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--tab", action="append", default=[])
    Figures.add_option(parser)
    arguments = parser.parse_args()
    name = arguments.preset or largest_preset()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_window() as (window, engine, _),
        Figures(arguments.json) as figures,
    ):
        run = Path(folder) / "run"
        n_bytes = write_run(run, preset(name).config.replace(epochs=arguments.epochs))
        all_bytes = n_bytes * (arguments.epochs + 1)
        print(
            f"{name}, {arguments.epochs} epochs of {n_bytes / 1e6:.1f} MB, {all_bytes / 1e6:,.0f} MB in all,"
        )
        print(
            f"of which {CACHE_BYTES / 1e6:,.0f} MB stay in memory; before them it is {_memory_mb():,.0f} MB"
        )
        engine.runs.open(run)
        wait_until(lambda: bool(engine.runs), 60)
        tabs = window.findChild(QTabWidget, "tabs")
        heads = ("step: 50 %, ms", "99 %", "worst", "shown: 50 %, ms", "99 %", "worst")
        figures.begin("scrubbing", "tab", *heads, "epochs/s", "memory, MB")
        for index in range(tabs.count()):
            title = tabs.tabText(index)
            if arguments.tab and title not in arguments.tab:
                continue
            tabs.setCurrentIndex(index)
            spin(2)
            for pass_name, epochs in passes(arguments.epochs):
                steps, answers, rate = drag(engine, tabs.widget(index), epochs)
                shown = percentiles(answers) if answers else ("–", "–", "–")
                cells = (*percentiles(steps), *shown, round(rate), round(_memory_mb()))
                figures.row(f"{title}, {pass_name}", *cells)


def largest_preset() -> str:
    """The preset whose network has the most weights."""

    def n_values(name: str) -> int:
        return sum(array.size for array in weights_of(preset(name).config).values())

    return max(PRESETS, key=n_values)


def passes(n: int) -> list[tuple[str, range]]:
    """Forwards, backwards, and forwards again."""
    return [("on", range(n + 1)), ("back", range(n, -1, -1)), ("on again", range(n + 1))]


def drag(engine: Engine, page: QWidget, epochs: range) -> tuple[list[float], list[float], float]:
    """Show one epoch after another; returns ms of each, ms to answers, epochs/s."""
    steps, answers = [], []
    began = time.perf_counter()
    replied: list[float] = []
    stop = watch_answers(QObject, on_answer=lambda _: replied.append(time.perf_counter()))
    for epoch in epochs:
        replied.clear()
        at = time.perf_counter()
        engine.view.show(Position(epoch))
        page.repaint()
        QCoreApplication.processEvents()
        steps.append(1000 * (time.perf_counter() - at))
        while time.perf_counter() - at < 1 / 60:
            QCoreApplication.processEvents()
        if replied:
            answers.append(1000 * (replied[0] - at))
    seconds = time.perf_counter() - began
    stop()
    spin(0.5)
    return steps, answers, len(epochs) / seconds


def weights_of(config: RunConfig, seed: int = 0) -> Weights:
    """Random weights with the network's shapes."""
    from cadl_gui.models import build

    return build(config.replace(seed=seed), SHAPE, N_LABELS).weights_by_path


def write_run(folder: Path, config: RunConfig) -> int:
    """Write the run; returns the bytes of one snapshot."""
    history = History(STEPS)
    history.add_learning_rate(0, config.training.learning_rate)
    history.add_steps({"loss": np.geomspace(1, 0.1, STEPS * config.training.epochs, dtype=np.float32)})
    layout.snapshots_folder(folder).mkdir(parents=True)
    first, random = weights_of(config), np.random.default_rng(1)
    for epoch in range(config.training.epochs + 1):
        moved = freeze(
            {
                path: array + np.asarray(0.01 * epoch * random.standard_normal(array.shape), array.dtype)
                for path, array in first.items()
            }
        )
        write_snapshot(folder, Snapshot(Position(epoch), moved, probes_of(config, random)))
        history.add_epoch(EpochRecord(epoch, {"val_loss": 1.0 / (1 + epoch), "val_accuracy": 0.5}))
    manifest = Manifest(
        name="Long", config=config, image_shape=SHAPE, steps_per_epoch=STEPS, dataset_name="MNIST",
        dataset_fingerprint="none", class_names=numbered(N_LABELS),
    )  # fmt: skip
    layout.manifest_path(folder).write_text(json.dumps(manifest_to_json(manifest)), encoding="utf-8")
    lines = "".join(json.dumps(record) + "\n" for record in history_to_records(history))
    layout.history_path(folder).write_text(lines, encoding="utf-8", newline="\n")
    return layout.snapshot_path(folder, Position(0)).stat().st_size


def probes_of(config: RunConfig, random: np.random.Generator) -> EvaluationArtifacts:
    """Evaluation artifacts as a training records them."""
    labels = random.integers(0, 10, 2000)
    if not config.model.is_classifier:
        latent_dim = config.model.latent_dim or config.model.layers[-1]
        return EvaluationArtifacts(
            latents=random.standard_normal((2000, latent_dim)).astype(np.float16), labels=labels
        )
    images = random.integers(0, 255, (25, *SHAPE)).astype(np.uint8)
    mistakes = WorstMistakes(images, labels[:25], labels[25:50], np.full(25, 0.9, np.float32))
    return EvaluationArtifacts(confusion=random.integers(0, 600, (10, 10)), mistakes=mistakes)


def _memory_mb() -> float:
    """Resident memory of the process, in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # elsewhere than on Linux: the most that it ever had
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
