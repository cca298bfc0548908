"""A checkpoint opens exactly as it was saved, also by plain Keras; damaged or hostile ones are refused."""

import json
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import CheckpointError
from cadl_gui.core.history import EpochRecord, History
from cadl_gui.core.position import Position
from cadl_gui.models import build
from cadl_gui.runs.checkpoint import open_checkpoint, save_checkpoint
from cadl_gui.runs.manifest import Manifest

pytestmark = [
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

SHAPE = (6, 5, 1)
CONFIGURATION = Configuration(preset="test", layers=(5, 3))
CONVOLUTIONAL = CONFIGURATION.replace(
    convolutional=True, layers=(3, 2), kernel_sizes=(3, 2), strides=(2, 1), use_bias=True
)
POSITION = Position(2, 1)


def manifest(configuration=CONFIGURATION):
    return Manifest(
        name="Tried", configuration=configuration, picture_shape=SHAPE, steps_per_epoch=3,
        dataset_name="Noise", dataset_fingerprint="f00d",
    )  # fmt: skip


def history():
    grown = History(3)
    grown.add_learning_rate(0, 1e-3)
    grown.add_steps({"loss": np.linspace(1, 0.1, 7, dtype=np.float32)})
    for epoch in range(3):
        grown.add_epoch(EpochRecord(epoch, {"val_loss": 1 / (1 + epoch)}, 10.0 * epoch))
    return grown


def trained(configuration=CONFIGURATION):
    """A network whose every variable, and the optimiser's, has a value of its own."""
    model = build(configuration, SHAPE, 0)
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


def save(path, model=None, configuration=CONFIGURATION, position=POSITION):
    model = trained(configuration) if model is None else model
    save_checkpoint(path, model, manifest=manifest(configuration), history=history(), position=position)
    return model


@pytest.fixture
def path(tmp_path):
    save(tmp_path / "saved.keras")
    return tmp_path / "saved.keras"


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path, changed, *, packed=()):
    """Write the archive again with other members; None leaves one out."""
    contents = members(path) | changed
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            if data is not None:
                archive.writestr(name, data, zipfile.ZIP_DEFLATED if name in packed else zipfile.ZIP_STORED)


def change_run(path, **changes):
    run = json.loads(members(path)["cadl/run.json"])
    rewrite(path, {"cadl/run.json": json.dumps(run | changes).encode()})


def change_weights(path, tmp_path, change):
    weights = tmp_path / "weights.h5"
    weights.write_bytes(members(path)["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        change(file)
    rewrite(path, {"model.weights.h5": weights.read_bytes()})


def first_kernel(file):
    found = []
    file.visititems(lambda name, item: found.append(name) if getattr(item, "shape", ()) == (30, 5) else None)
    return min(found)


@pytest.mark.parametrize("configuration", [CONFIGURATION, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_a_checkpoint_opens_exactly_as_it_was_saved(tmp_path, configuration):
    """Weights and optimiser bit for bit, position, history and description."""
    model = save(tmp_path / "saved.keras", configuration=configuration)
    opened = open_checkpoint(tmp_path / "saved.keras")
    assert_same_values(opened.model, model)
    assert opened.position == POSITION
    assert opened.history.epochs == history().epochs
    assert opened.history.learning_rates == history().learning_rates
    np.testing.assert_array_equal(opened.history.step_losses, history().step_losses)
    assert opened.configuration == configuration
    assert (opened.name, opened.dataset_name, opened.dataset_fingerprint) == ("Tried", "Noise", "f00d")
    assert (opened.picture_shape, opened.steps_per_epoch) == (SHAPE, 3)


@pytest.mark.parametrize("configuration", [CONFIGURATION, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_plain_keras_opens_a_checkpoint_in_safe_mode(tmp_path, configuration):
    """The same pictures give the same reconstructions, and the optimiser goes on from its state."""
    model = save(tmp_path / "saved.keras", configuration=configuration)
    opened = keras.saving.load_model(tmp_path / "saved.keras", safe_mode=True)
    pictures = np.random.default_rng(0).random((4, *SHAPE), np.float32)
    np.testing.assert_array_equal(opened(pictures).numpy(), model(pictures).numpy())
    assert_same_values(opened, model)


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


def test_flipped_bits_are_noticed_wherever_they_matter(path):
    """A file that opens in spite of a flipped bit (in a date, say) holds exactly what was saved."""
    whole, right = path.read_bytes(), open_checkpoint(path)
    random = np.random.default_rng(1)
    refused = 0
    for place in random.choice(len(whole), 150, replace=False):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << random.integers(8)
        path.write_bytes(damaged)
        try:
            opened = open_checkpoint(path)
        except CheckpointError:
            refused += 1
        else:
            assert_same_values(opened.model, right.model)
            assert (opened.position, opened.configuration) == (right.position, right.configuration)
            np.testing.assert_array_equal(opened.history.step_losses, right.history.step_losses)
    assert refused >= 145


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


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(CheckpointError, match=r"cannot be read: No such file"):
        open_checkpoint(tmp_path / "nothing.keras")
    with pytest.raises(CheckpointError, match=r"cannot be read: Is a directory"):
        open_checkpoint(tmp_path)


def test_an_ordinary_keras_file_is_told_apart(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save(tmp_path / "other.keras")
    with pytest.raises(CheckpointError, match="was not saved by this program"):
        open_checkpoint(tmp_path / "other.keras")


def test_a_newer_format_is_named(path):
    change_run(path, format=2)
    with pytest.raises(CheckpointError, match=r"newer version of the program \(format 2\)"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"position": [0]}, "where in the run"),
        ({"position": [-1, 0]}, "where in the run"),
        ({"position": "end"}, "where in the run"),
        ({"variables": None}, "where in the run"),
        ({"variables": []}, "do not have their checksums"),
        ({"history": 3}, "history"),
        ({"history": [{"kind": "song"}]}, "history"),
        ({"configuration": {"preset": "x", "epochs": 0}}, "Epochs lies between"),
        ({"configuration": {"preset": "x", "layers": [8192] * 32}}, "describes no network that can be built"),
        ({"picture_shape": [60000, 60000, 4]}, "describes no network that can be built"),
        ({"configuration": CONFIGURATION.replace(layers=(4, 3)).to_json()}, "damaged"),
        ({"configuration": CONFIGURATION.replace(layers=(5, 3, 2)).to_json()}, "damaged"),
        ({"configuration": CONFIGURATION.replace(layers=(1,)).to_json()}, "damaged"),
        ({"configuration": CONVOLUTIONAL.to_json()}, "damaged"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(path, changes, sentence):
    change_run(path, **changes)
    with pytest.raises(CheckpointError, match=sentence):
        open_checkpoint(path)


@pytest.mark.parametrize(
    "name", ["/etc/cron.d/job", "../../escaped.py", "assets/words.txt", "C:\\autostart.bat", "model.pkl"]
)
def test_members_that_do_not_belong_are_refused(path, name):
    rewrite(path, {name: b"data"})
    with pytest.raises(CheckpointError, match="does not belong in a checkpoint"):
        open_checkpoint(path)


def test_a_missing_member_is_refused(path):
    rewrite(path, {"model.weights.h5": None})
    with pytest.raises(CheckpointError, match="does not belong"):
        open_checkpoint(path)


def test_a_member_that_unpacks_to_far_more_is_refused(path):
    rewrite(path, {"model.weights.h5": bytes(2**26)}, packed=["model.weights.h5"])
    with pytest.raises(CheckpointError, match="does not belong"):
        open_checkpoint(path)


def test_more_weights_than_the_network_has_are_refused(path):
    rewrite(path, {"model.weights.h5": bytes(2**22)})
    with pytest.raises(CheckpointError, match="more weights than its network has"):
        open_checkpoint(path)


def test_nothing_of_the_file_is_executed_or_even_built(path):
    """Keras's own description of the network is never looked at."""
    rewrite(path, {"config.json": b'{"module": "os", "class_name": "system", "config": "touch /tmp/x"}'})
    assert_same_values(open_checkpoint(path).model, trained())


def test_weights_of_another_network_of_the_same_shape_are_noticed(path, tmp_path):
    other = trained()
    other.variables[0].assign(other.variables[0] + 1)
    save(tmp_path / "other.keras", other)
    rewrite(path, {"model.weights.h5": members(tmp_path / "other.keras")["model.weights.h5"]})
    with pytest.raises(CheckpointError, match="do not have their checksums"):
        open_checkpoint(path)


def test_a_state_of_the_optimiser_that_was_changed_is_noticed(path, tmp_path):
    def change(file):
        name = next(iter(file["optimizer/vars"]))
        file[f"optimizer/vars/{name}"][...] = 1

    change_weights(path, tmp_path, change)
    with pytest.raises(CheckpointError, match="do not have their checksums"):
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


def test_the_module_itself_imports_no_tensorflow():
    code = "import cadl_gui.runs.checkpoint, sys; sys.exit('keras' in sys.modules or 'h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
