"""Trains the runs that ship with the program.

    python tests/tools/pretrained.py resources/pretrained [--seed N | --thin] [PRESET …]

Each is a preset trained with its own seed, possibly for longer, and saved as a run folder with few positions
and no optimiser: small enough to ship, and with the history that fills the timeline at first start. Other
seeds tell how much of a run's quality is luck; they are validated on the same images. With `--thin`, nothing
is trained: runs that are in the folder lose the positions that do not ship.
"""

import argparse
import dataclasses
import json
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.datasets.load import load
from cadl_gui.domain.branching import branched
from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.events import EpochCompleted, TrainingEnded
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.metrics import best_epoch
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.models import Network, build
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import history_to_records
from cadl_gui.runs.manifest import manifest_to_json
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot, write_snapshot
from cadl_gui.saved.file_evaluation import evaluate_file
from cadl_gui.saved.opened import open_path
from cadl_gui.system.room_on_disk import bytes_of
from cadl_gui.training.recorded import train_and_record

SHIPPED: dict[str, dict[str, Any]] = {
    "softmax": {"epochs": 30, "weight_decay": 0.1},
    "conv-classifier": {"epochs": 36},
    "autoencoder": {"epochs": 20},
    "conv-autoencoder": {"epochs": 10},
    "denoising-autoencoder": {"epochs": 20},
    "vae": {
        "epochs": 100,
        "layers": (384, 256, 256, 256, 128),
        "batch_normalisation": True,
    },
    "emoji-vae": {"epochs": 300},
}
"""The presets whose trained runs ship, and the fields in which the runs differ from the presets."""

FINISHED: dict[str, dict[str, Any]] = {
    "conv-classifier": {"epochs": 44, "handwriting_variants": 0.2},
    "vae": {"epochs": 140},
}
"""Runs that then branch from their own last epoch, and the fields that differ from there on.

A classifier trained from the beginning on 1s with flags mistook some of MNIST's 7s for them. A plane comes
a little closer to the images when the learning rate, which has fallen to zero, falls once more.
"""

SHIPPED_EPOCHS = {"softmax": 6, "conv-autoencoder": 6, "vae": 4}
"""How many epochs of a run ship besides its best one, where they are not 3.

An epoch of a small network costs little, and the window shows `vae` first. Others change the images less from
one epoch to the next than early batches do.
"""

_EARLY_BATCHES = (5, 20, 100)
_N_COMPARED = 100


def shipped_config(name: str, seed: int | None = None) -> RunConfig:
    """Return the configuration of a run of `SHIPPED`, perhaps with another seed than the preset's own."""
    config = preset(name).config.replace(**SHIPPED[name])
    if seed is None:
        return config
    # On the same validation part: that of another seed may be harder by more than what seeds differ by.
    return config.replace(seed=seed, split_seed=config.seed_of_split)


def make(name: str, config: RunConfig, folder: Path, finish: Mapping[str, Any] | None = None) -> None:
    """Train a run and write it to `folder / name`, which must not exist yet.

    Args:
        name: name of the run.
        config: its configuration.
        folder: where the run's folder is made.
        finish: fields that differ in a branch from the last epoch, which ships instead; None for no branch.
    """
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / name
        _train(name, TrainingRequest(uuid.uuid4().hex, name, config, whole))
        if finish is not None:
            branch = open_path(whole).branch()
            config = finished(config, branch.position.epoch, finish)
            whole = Path(scratch) / "finished"
            _train(name, TrainingRequest(uuid.uuid4().hex, name, config, whole, branch=branch))
        _write_retained(read_run(whole), folder / name)
    metrics = "  ".join(
        f"{metric} {value:.5f}" for metric, value in evaluate_file(folder / name).metrics.items()
    )
    print(f"{name:24} test  {metrics}  {bytes_of(folder / name) / 1e6:.1f} MB", flush=True)


def finished(config: RunConfig, epoch: int, changes: Mapping[str, Any]) -> RunConfig:
    """The configuration of the branch that ships; fields that are no longer offered may differ in it, too."""
    offered = {name: value for name, value in changes.items() if name in FIELDS}
    return branched(config, epoch, offered).replace(**changes)


def thin(folder: Path) -> None:
    """Delete the weights of a run made earlier at positions that do not ship; its history stays whole."""
    run = read_run(folder)
    for position in set(run.recorded).difference(shipped_positions(run)):
        layout.snapshot_path(folder, position).unlink()
    print(f"{folder.name:24} {bytes_of(folder) / 1e6:.1f} MB", flush=True)


def _train(name: str, request: TrainingRequest) -> None:
    training = train_and_record(request, load=load)
    events = next(training)
    while not any(isinstance(event, TrainingEnded) for event in events):
        events = training.send(StepBudget(1.0, None, request.config.training.learning_rate))
        for event in events:
            if isinstance(event, EpochCompleted):
                metrics = "  ".join(f"{key} {value:.5f}" for key, value in event.record.metrics.items())
                print(f"{name:24} epoch {event.record.epoch}  {metrics}", flush=True)
    training.close()


def _write_retained(run: StoredRun, folder: Path) -> None:
    layout.snapshots_folder(folder).mkdir(parents=True)
    manifest = manifest_to_json(run)
    layout.manifest_path(folder).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    records = (json.dumps(record, allow_nan=False) + "\n" for record in history_to_records(run.history))
    layout.history_path(folder).write_text("".join(records), encoding="utf-8", newline="\n")
    network = build(run.config, run.image_shape, run.n_classes)
    images = load(run.config.data.dataset).as_floats(slice(_N_COMPARED))
    retained = shipped_positions(run)
    for position in retained:
        snapshot = read_snapshot(run.folder, position)
        halved = _halved(snapshot)
        outputs = [_outputs(network, weights, images) for weights in (snapshot, halved)]
        same = position != retained[-1] and looks_the_same(*outputs)
        write_snapshot(folder, halved if same else snapshot)


def shipped_positions(run: StoredRun) -> list[Position]:
    """Select the positions of a run, named as its preset, that ship."""
    best = best_epoch(run.config, run.history.epochs)
    return retained_positions(run.recorded, best, SHIPPED_EPOCHS.get(run.name, 3))


def retained_positions(recorded: tuple[Position, ...], best: int | None, n_epochs: int) -> list[Position]:
    """Select the positions of a run that ship: few epochs, and ever fewer the later they are.

    These are the untrained network, some early batches, `n_epochs` epochs from the first to the last in equal
    ratios, and the best epoch. Selecting among the selected ones changes nothing.

    Args:
        recorded: all recorded positions of the run, in order.
        best: the epoch with the best metric, which the timeline marks; None if there is none.
        n_epochs: number of epochs, at least 2, without the best one.
    """
    epochs = [position.epoch for position in recorded if position.epoch and not position.step]
    places = np.geomspace(1, epochs[-1], n_epochs)
    nearest = {min(epochs, key=lambda epoch: abs(np.log(epoch / place))) for place in places}
    if best in epochs:
        nearest.add(best)
    early = [position for position in recorded if position.step in _EARLY_BATCHES]
    return sorted([UNTRAINED, *early, *map(Position, nearest)])


def _halved(snapshot: Snapshot) -> Snapshot:
    with np.errstate(over="ignore"):
        return dataclasses.replace(
            snapshot,
            weights=freeze({path: array.astype(np.float16) for path, array in snapshot.weights.items()}),
        )


def looks_the_same(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Return whether no predicted class changes, or no pixel by more than one of its 255 levels.

    Args:
        before: probabilities (n, n_classes), or images (n, height, width, channels) in [0, 1].
        after: the same outputs, computed with other weights; if they are not finite, the result is False.
    """
    if not np.isfinite(after).all():
        return False
    if before.ndim == 2:
        return bool((before.argmax(axis=1) == after.argmax(axis=1)).all())
    return int(np.abs(to_uint8(before).astype(int) - to_uint8(after)).max()) <= 1


def _outputs(network: Network, snapshot: Snapshot, images: Any) -> Any:
    for path, variable in network.variables_by_path.items():
        variable.assign(snapshot.weights[path].astype(np.float32))
    return network(tf.constant(images)).numpy()


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="where the folders of the runs are made")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--seed", type=int, help="instead of each preset's own")
    what.add_argument("--thin", action="store_true", help="train nothing; delete positions that do not ship")
    parser.add_argument("names", metavar="PRESET", nargs="*", help=f"of {', '.join(SHIPPED)}; all by default")
    chosen = parser.parse_intermixed_args(arguments)
    unknown = [name for name in chosen.names if name not in SHIPPED]
    if unknown:
        parser.error(f"No run of “{unknown[0]}” ships. Those that do: {', '.join(SHIPPED)}.")
    return chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the runs that the command line names, by default all."""
    chosen = parsed(arguments)
    for name in chosen.names or SHIPPED:
        if chosen.thin:
            thin(chosen.folder / name)
        else:
            make(name, shipped_config(name, chosen.seed), chosen.folder, FINISHED.get(name))


if __name__ == "__main__":
    main()
