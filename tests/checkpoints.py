"""Checkpoints for tests to save, open, damage and forge."""

import hashlib
import json
import zipfile

import h5py
import numpy as np

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.runs.checkpoint import save_checkpoint
from cadl_gui.runs.manifest import Manifest

SHAPE = (6, 5, 1)
CONFIGURATION = RunConfig.of(preset="test", layers=(5, 3))
CONVOLUTIONAL = CONFIGURATION.replace(
    convolutional=True, layers=(3, 2), kernel_sizes=(3, 2), strides=(2, 1), use_bias=True
)
FAMILIES = {
    "dense": CONFIGURATION,
    "convolutional": CONVOLUTIONAL,
    "classifier": CONVOLUTIONAL.replace(
        model="classifier", batch_normalisation=True, dropout=0.2, weight_decay=0.1
    ),
    "variational": CONVOLUTIONAL.replace(
        tied=False, variational=True, latent_dim=2, output_activation="sigmoid", batch_normalisation=True
    ),
}
N_LABELS = 4
POSITION = Position(2, 1)


def manifest(config=CONFIGURATION, fingerprint="f00d"):
    return Manifest(
        name="Tried", config=config, image_shape=SHAPE, steps_per_epoch=3,
        dataset_name="Noise", dataset_fingerprint=fingerprint, class_names=numbered(N_LABELS),
    )  # fmt: skip


def history():
    grown = History(3)
    grown.add_learning_rate(0, 1e-3)
    losses = np.linspace(1, 0.1, 7, dtype=np.float32)
    grown.add_steps({"loss": losses, "accuracy": 1 - losses})
    for epoch in range(3):
        grown.add_epoch(EpochRecord(epoch, {"val_loss": 1 / (1 + epoch)}, 10.0 * epoch))
    grown.add_note(HealthNote(Position(2), "gap", "It learns by heart.", Suggestion("dropout", 0.2)))
    return grown


def trained(config=CONFIGURATION):
    """A network with distinct values in all variables, including the optimiser's."""
    model = build(config, SHAPE, N_LABELS)
    random = np.random.default_rng(3)
    for variable in (*model.variables, *model.optimizer.variables):
        value = random.uniform(1e-4, 1, variable.shape) * (100 if variable.dtype.startswith("int") else 1)
        variable.assign(value.astype(variable.dtype))
    return model


def values(model):
    return [variable.value.numpy() for variable in (*model.variables, *model.optimizer.variables)]


def assert_same_values(mine, theirs):
    for a, b in zip(values(mine), values(theirs), strict=True):
        np.testing.assert_array_equal(a, b)


def save(path, model=None, config=CONFIGURATION, position=POSITION, fingerprint="f00d"):
    model = trained(config) if model is None else model
    about = manifest(config, fingerprint)
    save_checkpoint(path, model, manifest=about, history=history(), position=position)
    return model


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path, changed, *, packed=()):
    """Rewrite the archive with other members; None omits a member."""
    contents = members(path) | changed
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            if data is not None:
                archive.writestr(name, data, zipfile.ZIP_DEFLATED if name in packed else zipfile.ZIP_STORED)


def change_run(path, **changes):
    """Change a value in a checkpoint, in the run's description or in the checkpoint's own part."""
    run = json.loads(members(path)["cadl/run.json"])
    own = run["checkpoint"]
    own |= {name: value for name, value in changes.items() if name in own}
    run |= {name: value for name, value in changes.items() if name not in own}
    rewrite(path, {"cadl/run.json": json.dumps(run).encode()})


def change_weights(path, tmp_path, change, *, forged=True):
    """Change the file of weights; if `forged`, also the checksum that the checkpoint states of it."""
    weights = tmp_path / "weights.h5"
    weights.write_bytes(members(path)["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        change(file)
    rewrite(path, {"model.weights.h5": weights.read_bytes()})
    if forged:
        change_run(path, sha256=hashlib.sha256(weights.read_bytes()).hexdigest())


def first_kernel(file):
    found = []
    file.visititems(lambda name, item: found.append(name) if getattr(item, "shape", ()) == (30, 5) else None)
    return min(found)
