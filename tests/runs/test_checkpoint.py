"""A checkpoint opens exactly as it was saved, also in plain Keras; a damaged one is refused."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from checkpoints import (
    FAMILIES,
    N_LABELS,
    POSITION,
    SHAPE,
    assert_same_values,
    change_run,
    change_weights,
    history,
    manifest,
    members,
    save,
    trained,
)

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.position import Position
from cadl_gui.runs.checkpoint import copy_checkpoint, open_checkpoint, save_checkpoint
from cadl_gui.runs.hdf5 import arrays_in
from cadl_gui.runs.reader import LostHistoryError, read_run

pytestmark = [
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.mark.parametrize("config", FAMILIES.values(), ids=FAMILIES)
def test_a_checkpoint_opens_exactly_as_it_was_saved(tmp_path, config):
    """Weights and optimiser bit for bit, position, history and description."""
    model = save(tmp_path / "saved.keras", config=config)
    opened = open_checkpoint(tmp_path / "saved.keras")
    assert_same_values(opened.model, model)
    assert opened.position == POSITION
    assert opened.history.epochs == history().epochs
    assert opened.history.learning_rates == history().learning_rates
    assert opened.history.notes == history().notes
    for name, metrics in history().step_metrics.items():
        np.testing.assert_array_equal(opened.history.step_metrics[name], metrics)
    assert opened.config == config
    assert (opened.name, opened.dataset_name, opened.dataset_fingerprint) == ("Tried", "Noise", "f00d")
    assert (opened.image_shape, opened.steps_per_epoch, opened.n_classes) == (SHAPE, 3, N_LABELS)


@pytest.mark.parametrize("config", FAMILIES.values(), ids=FAMILIES)
def test_plain_keras_opens_a_checkpoint_in_safe_mode(tmp_path, config):
    """It gives the same predictions, and the optimiser continues from its state."""
    model = save(tmp_path / "saved.keras", config=config)
    opened = keras.saving.load_model(tmp_path / "saved.keras", safe_mode=True)
    images = np.random.default_rng(0).random((4, *SHAPE), np.float32)
    np.testing.assert_array_equal(opened(images).numpy(), model(images).numpy())
    assert_same_values(opened, model)


def test_a_copy_holds_the_history_that_its_run_folder_reported(path, tmp_path):
    change_run(path, history=None)
    assert open_checkpoint(path).history.epochs == []
    copy_checkpoint(path, tmp_path / "copy.keras", history())
    copied = open_checkpoint(tmp_path / "copy.keras")
    assert copied.history.epochs == history().epochs
    assert_same_values(copied.model, open_checkpoint(path).model)
    assert keras.saving.load_model(tmp_path / "copy.keras").name == "autoencoder"


def test_weights_are_found_where_the_checkpoint_says(path, tmp_path):
    """As if another version of the program, or of Keras, had created the layers in another order."""
    places = json.loads(members(path)["cadl/run.json"])["checkpoint"]["variables"]
    elsewhere = {name: f"elsewhere/{i}" for i, name in enumerate(sorted(places, reverse=True))}

    def move(file):
        found = arrays_in(file)
        for name in list(file):
            del file[name]
        for name, place in places.items():
            file[elsewhere[name]] = found[place]

    before = open_checkpoint(path)
    change_weights(path, tmp_path, move)
    change_run(path, variables=elsewhere)
    assert_same_values(open_checkpoint(path).model, before.model)


def test_what_the_optimiser_of_a_later_keras_has_more_stays_as_it_is(path):
    """A Keras update that adds a variable must not make all checkpoints unreadable."""
    places = json.loads(members(path)["cadl/run.json"])["checkpoint"]["variables"]
    before = open_checkpoint(path)
    del places["adam/iteration"]
    change_run(path, variables=places)
    opened = open_checkpoint(path)
    assert int(opened.model.optimizer.iterations) == 0 != int(before.model.optimizer.iterations)
    for mine, theirs in zip(opened.model.variables, before.model.variables, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", ["encoder_1/linear/kernel", "mean_subtraction/mean"])
def test_a_variable_of_the_network_that_is_missing_is_noticed(path, name):
    places = json.loads(members(path)["cadl/run.json"])["checkpoint"]["variables"]
    del places[name]
    change_run(path, variables=places)
    with pytest.raises(CheckpointError, match="do not fit its network"):
        open_checkpoint(path)


def test_each_checkpoint_has_its_own_uuid_and_that_of_its_run(tmp_path):
    about = manifest()
    opened = []
    for name in ("a.keras", "b.KERAS"):
        save_checkpoint(tmp_path / name, trained(), manifest=about, history=history(), position=POSITION)
        copy_checkpoint(tmp_path / name, tmp_path / "copy.keras", history())
        opened.append(open_checkpoint(tmp_path / name))
    assert [each.uuid for each in opened] == [about.uuid] * 2
    assert len({about.uuid, *(each.checkpoint_uuid for each in opened)}) == 3
    assert open_checkpoint(tmp_path / "copy.keras").checkpoint_uuid == opened[1].checkpoint_uuid, "its copy"
    assert manifest().uuid != about.uuid, "another run"


def test_saving_again_replaces_the_file_whole(path):
    save(path, position=Position(3))
    assert open_checkpoint(path).position == Position(3)
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


def test_a_failure_while_saving_leaves_the_file_that_was_there(path, monkeypatch):
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        save(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]


_DATE_AT = 12
"""Where the first entry of a ZIP file has its date."""


def test_flipped_bits_are_noticed_wherever_they_matter(path):
    """A file that opens despite a flipped bit, as in a date, contains exactly what was saved."""
    whole, right = path.read_bytes(), open_checkpoint(path)
    random = np.random.default_rng(1)
    refused = 0
    for place in (_DATE_AT, *random.choice(len(whole), 150, replace=False)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << random.integers(8)
        path.write_bytes(damaged)
        try:
            opened = open_checkpoint(path)
        except CheckpointError:
            refused += 1
        else:
            assert_same_values(opened.model, right.model)
            assert (opened.position, opened.config) == (right.position, right.config)
            np.testing.assert_array_equal(opened.history.step_losses, right.history.step_losses)
    assert 145 <= refused <= 150, "the one with another date opens"


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.9, 0.9999])
def test_a_truncated_file_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(CheckpointError, match=r"saved\.keras.* is damaged, or no checkpoint at all"):
        open_checkpoint(path)


def test_noise_never_causes_anything_but_a_checkpoint_error(path):
    random = np.random.default_rng(2)
    whole = path.read_bytes()
    for _ in range(300):
        noise = bytearray(whole)
        for _ in range(20):
            place = int(random.integers(len(whole) - 700, len(whole) - 4))  # the archive's directory
            noise[place : place + 4] = random.bytes(4)
        path.write_bytes(noise)
        with pytest.raises(CheckpointError):
            open_checkpoint(path)


def test_the_module_itself_imports_no_tensorflow():
    code = "import cadl_gui.runs.checkpoint, sys; sys.exit('keras' in sys.modules or 'h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_text("")], ids=["missing", "emptied"]
)
def test_a_checkpoint_opens_in_its_run_folder_although_the_history_there_is_lost(tmp_path, damage):
    """The message about such a folder says so."""
    model = save(tmp_path / "checkpoint-0002.keras")
    change_run(tmp_path / "checkpoint-0002.keras", history=None)
    with zipfile.ZipFile(tmp_path / "checkpoint-0002.keras") as archive:
        (tmp_path / "run.json").write_bytes(archive.read("cadl/run.json"))
    (tmp_path / "history.jsonl").write_text('{"kind": "format", "format": 1}\n')
    damage(tmp_path / "history.jsonl")
    with pytest.raises(LostHistoryError):
        read_run(tmp_path)
    opened = open_checkpoint(tmp_path / "checkpoint-0002.keras")
    assert_same_values(opened.model, model)
    assert opened.position == POSITION
    assert opened.history.epochs == []
