"""Files that are not our checkpoints, or are malicious, are refused with a message and never executed."""

import zipfile

import h5py
import keras
import pytest
from checkpoints import (
    CONFIGURATION,
    CONVOLUTIONAL,
    assert_same_values,
    change_run,
    change_weights,
    first_kernel,
    members,
    rewrite,
    save,
    trained,
)

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.runs.checkpoint import copy_checkpoint, open_checkpoint

DATASET = {"name": "x", "fingerprint": "x", "is_ink_on_black": True, "shows_others": False}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def test_missing_checkpoint_is_reported(tmp_path):
    with pytest.raises(CheckpointError, match=r"cannot be read: No such file"):
        open_checkpoint(tmp_path / "nothing.keras")
    with pytest.raises(CheckpointError, match=r"cannot be read: Is a directory"):
        open_checkpoint(tmp_path)


def test_an_ordinary_keras_file_is_reported_apart(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save(tmp_path / "other.keras")
    with pytest.raises(CheckpointError, match="was not saved by this program"):
        open_checkpoint(tmp_path / "other.keras")


def test_a_newer_format_is_named(path):
    change_run(path, format=3)
    with pytest.raises(CheckpointError, match=r"newer CADL \(format 3\)"):
        open_checkpoint(path)


def test_a_newer_format_of_the_history_in_it_is_named(path):
    change_run(path, history=[{"kind": "format", "format": 9}])
    with pytest.raises(CheckpointError, match=r"newer CADL \(format 9\)"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"position": [0]}, "where in the run"),
        ({"position": [-1, 0]}, "where in the run"),
        ({"position": "end"}, "where in the run"),
        ({"variables": None}, "where in the run"),
        ({"variables": {}}, "do not fit its network"),
        ({"variables": {"encoder_1/linear/kernel": "/"}}, "damaged"),
        ({"sha256": None}, "do not have their checksum"),
        ({"checkpoint": []}, "where in the run"),
        ({"history": 3}, "history"),
        ({"history": [{"kind": "song"}]}, "history"),
        ({"configuration": {"preset": "x", "epochs": 0}}, "Epochs lies between"),
        ({"configuration": {"preset": "x", "layers": [8192] * 32}}, "describes no network that can be built"),
        ({"image_shape": [60000, 60000, 4]}, "at most 1024×1024 pixels of 16 channels are opened"),
        ({"image_shape": [1200, 1200, 1]}, "at most 1024×1024 pixels of 16 channels are opened"),
        ({"position": [10**30, 0]}, "where in the run"),
        ({"position": [True, 0]}, "where in the run"),
        ({"dataset": DATASET | {"class_names": ["x"] * 5000}}, "at most 4,096 are supported"),
        ({"history": [{}] * 600_000}, "holds more than 400,000 values"),
        ({"configuration": {"preset": "x", "layers": [8192, 8192]}}, "its network has 67,354,624 weights"),
        ({"configuration": CONFIGURATION.replace(layers=(4, 3)).to_json()}, "damaged"),
        ({"configuration": CONFIGURATION.replace(layers=(5, 3, 2)).to_json()}, "damaged"),
        ({"configuration": CONFIGURATION.replace(layers=(1,)).to_json()}, "damaged"),
        ({"configuration": CONVOLUTIONAL.to_json()}, "damaged"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(path, changes, message):
    change_run(path, **changes)
    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(path)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/job",
        "../../escaped.py",
        "assets/../../words.txt",
        "C:\\autostart.bat",
        "C:/a.bat",
        ".profile",
    ],
)
def test_members_that_do_not_belong_are_refused(path, name):
    rewrite(path, {name: b"data"})
    with pytest.raises(CheckpointError, match="does not belong in a checkpoint"):
        open_checkpoint(path)


def test_members_that_a_later_keras_may_add_or_leave_out_change_nothing(path, tmp_path):
    before = open_checkpoint(path)
    rewrite(path, {"metadata.json": None, "assets/words.txt": b"data", "optimizer.v2.json": b"{}"})
    copy_checkpoint(path, tmp_path / "copy.keras", before.history)
    for each in (path, tmp_path / "copy.keras"):
        opened = open_checkpoint(each)
        assert_same_values(opened.model, before.model)
        assert opened.position == before.position
    with zipfile.ZipFile(tmp_path / "copy.keras") as copy:
        assert copy.read("assets/words.txt") == b"data"


@pytest.mark.parametrize("name", ["assets/large.bin", "config.json"])
def test_large_members_beside_the_weights_are_refused(path, name):
    rewrite(path, {name: bytes(2**24 + 1)})
    with pytest.raises(CheckpointError, match="does not belong"):
        open_checkpoint(path)


def test_a_missing_member_is_refused(path):
    rewrite(path, {"model.weights.h5": None})
    with pytest.raises(CheckpointError, match="it has no weights"):
        open_checkpoint(path)


def test_a_member_that_unpacks_to_far_more_is_refused(path):
    rewrite(path, {"model.weights.h5": bytes(2**26)}, packed=["model.weights.h5"])
    with pytest.raises(CheckpointError, match="does not belong"):
        open_checkpoint(path)


def test_more_weights_than_the_network_has_are_refused(path):
    rewrite(path, {"model.weights.h5": bytes(2**22)})
    with pytest.raises(CheckpointError, match="more weights than its network has"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"configuration": {"preset": "x", "layers": [8192, 8192]}},
        {"dataset": DATASET | {"class_names": ["x"] * 4000}},
        {"image_shape": [1024, 1024, 16]},
    ],
    ids=str,
)
def test_a_network_that_the_file_does_not_hold_is_not_built(tmp_path, monkeypatch, changes):
    """A description of 218 kB took 2.6 GB and up to half a minute."""
    path = tmp_path / "a.keras"
    save(path, config=CONVOLUTIONAL.replace(model="classifier"))
    change_run(path, **changes)
    monkeypatch.setattr("cadl_gui.models.build", None)
    with pytest.raises(CheckpointError, match=r"weights, and it holds|can be built"):
        open_checkpoint(path)


def test_checkpoint_of_very_many_members_is_refused_by_its_end(path):
    with zipfile.ZipFile(path, "a") as archive:
        for i in range(2000):
            archive.writestr(f"{i}", b"")
    with pytest.raises(CheckpointError, match=r"list of members takes 99 kB, at most 66 kB are read"):
        open_checkpoint(path)


def test_hostile_file_is_neither_executed_nor_built(path):
    """Keras's own description of the network is never used."""
    rewrite(path, {"config.json": b'{"module": "os", "class_name": "system", "config": "touch /tmp/x"}'})
    assert_same_values(open_checkpoint(path).model, trained())


def test_weights_of_another_network_of_the_same_shape_are_noticed(path, tmp_path):
    other = trained()
    other.variables[0].assign(other.variables[0] + 1)
    save(tmp_path / "other.keras", other)
    rewrite(path, {"model.weights.h5": members(tmp_path / "other.keras")["model.weights.h5"]})
    with pytest.raises(CheckpointError, match="do not have their checksum"):
        open_checkpoint(path)


def test_a_state_of_the_optimiser_that_was_changed_is_noticed(path, tmp_path):
    def change(file):
        name = next(iter(file["optimizer/vars"]))
        file[f"optimizer/vars/{name}"][...] = 1

    change_weights(path, tmp_path, change, forged=False)
    with pytest.raises(CheckpointError, match="do not have their checksum"):
        open_checkpoint(path)


def test_weights_that_lead_to_another_file_are_refused(path, tmp_path):
    def link(file):
        name = first_kernel(file)
        with h5py.File(tmp_path / "secret.h5", "w") as secret:
            secret["kernel"] = file[name][...]
        del file[name]
        file[name] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "kernel")

    change_weights(path, tmp_path, link)
    with pytest.raises(CheckpointError, match=r"saved\.keras” is damaged"):
        open_checkpoint(path)


def test_weights_that_claim_to_be_huge_are_refused_before_they_are_allocated(path, tmp_path):
    def grow(file):
        name = first_kernel(file)
        del file[name]
        file.create_dataset(name, (2**20, 2**20), "f4")

    change_weights(path, tmp_path, grow)
    with pytest.raises(CheckpointError, match=r"saved\.keras” is damaged"):
        open_checkpoint(path)
