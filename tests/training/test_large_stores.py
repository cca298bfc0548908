"""A dataset that stays in its file gives the same training, bit for bit, as one in memory."""

import os
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image
from preparing import prepare
from same_runs import assert_same_run
from stores import leave_in_files
from weights import assert_same_weights

from cadl_gui.datasets.load import load
from cadl_gui.datasets.preparing.cache import prepared_datasets
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.events import SnapshotTaken
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.training import stepper as stepper_module
from cadl_gui.training.recorded import train_and_record

pytestmark = [pytest.mark.tf, pytest.mark.slow]

DENSE = RunConfig.of(
    preset="test",
    layers=(6, 3),
    epochs=3,
    batch_size=4,
    denoising=True,
    learning_rate=0.01,
    subtract_mean=True,
)
CONVOLUTIONAL = DENSE.replace(
    model="classifier", convolutional=True, layers=(3,), kernel_sizes=(3,), strides=(2,)
)


@pytest.fixture(params=["npz", "h5", "idx"])
def file(request, tmp_path):
    """Colour images, uncompressed, in each kind of file that can be mapped."""
    random = np.random.default_rng(4)
    images = random.integers(0, 256, (123, 6, 5, 3), np.uint8)
    labels = np.arange(123, dtype=np.uint8) % 5
    path = tmp_path / f"colour.{request.param}"
    if request.param == "npz":
        np.savez(path, labels=labels, images=images)
    elif request.param == "h5":
        with h5py.File(path, "w") as out:
            out["images"], out["labels"] = images, labels
    else:
        path = tmp_path / "colour-images"
        path.write_bytes(as_idx(images))
        (tmp_path / "colour-labels").write_bytes(as_idx(labels))
    return path


def as_idx(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def stays_in_file(monkeypatch):
    """From its call on, all datasets count as large, and a block is three steps."""

    def begin():
        leave_in_files(monkeypatch, more_bytes_than=1000)
        monkeypatch.setattr(stepper_module, "BLOCK_BYTES", 3 * 4 * 90)

    return begin


def trained(request, turns=None, steps=None, watch=lambda: None):
    """The recorded weights of a training, by position, stopped after some turns."""
    training = train_and_record(request)
    found, budget = {}, StepBudget(0.05, steps, 0.01)
    try:
        events = next(training)
        while True:
            for event in events:
                if isinstance(event, SnapshotTaken) and event.recorded:
                    found[event.snapshot.position] = event.snapshot.weights
            watch()
            turns = None if turns is None else turns - 1
            events = training.send(budget if turns is None or turns > 0 else StepBudget(0.0, 0, 0.01))
    except StopIteration:
        return found


def is_open(path):
    """Whether this process has a file open, or mapped into memory."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    opened = [descriptor.resolve() for descriptor in Path("/proc/self/fd").iterdir()]
    return path.resolve() in opened or any(line.endswith(str(path)) for line in maps)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("configuration", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_the_weights_are_those_of_the_same_store_in_memory(
    file, configuration, precision, stays_in_file, processor
):
    processor("avx amx_bf16")
    configuration = configuration.replace(precision=precision)
    request = TrainingRequest("run", "test", configuration.replace(dataset=str(file)), None)
    in_memory = trained(request)
    stays_in_file()
    from_file = trained(request, steps=2)
    assert len(from_file) >= 4
    assert_same(from_file, in_memory)


def test_a_run_that_is_resumed_ends_as_one_that_was_never_interrupted(file, tmp_path, stays_in_file):
    stays_in_file()
    assert_resumed_exactly(CONVOLUTIONAL.replace(dataset=str(file)), tmp_path)


@pytest.mark.parametrize("configuration", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_training_on_a_prepared_dataset_is_resumed_exactly(configuration, tmp_path, stays_in_file):
    stays_in_file()
    random = np.random.default_rng(4)
    for number in range(123):
        path = tmp_path / "photos" / f"class {number % 5}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (6, 6, 3), np.uint8)).save(path)
    prepare(tmp_path / "photos", size=6)
    (prepared,) = prepared_datasets()
    assert_resumed_exactly(configuration.replace(dataset=prepared.dataset), tmp_path)


def assert_resumed_exactly(configuration, folder):
    """Interrupted within an epoch and a block, and resumed: everything on disk is the same, bit for bit."""
    read_ahead = []

    def watch():
        read_ahead.append(any(thread.name.startswith("read-ahead") for thread in threading.enumerate()))

    def request(name, **options):
        return TrainingRequest("run", "test", configuration, folder / name, **options)

    whole = trained(request("whole"), watch=watch)
    cut = trained(request("cut"), turns=24, steps=2, watch=watch)
    assert 1 <= max(cut).epoch < max(whole).epoch == configuration.training.epochs
    trained(request("cut", resume=True), steps=5, watch=watch)
    assert any(read_ahead), "nothing was read from the file"
    assert_same_run(folder / "whole", folder / "cut")


def assert_same(some, others):
    assert some.keys() == others.keys()
    for position, weights in some.items():
        assert_same_weights(weights, others[position])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not list what is open")
def test_a_file_is_open_only_while_it_is_read(file, stays_in_file):
    stays_in_file()
    store = load(str(file))
    assert store.images.have_files
    assert load(str(file)) is store
    assert store.images[:1].any()
    assert not is_open(file)
    trained(TrainingRequest("run", "test", CONVOLUTIONAL.replace(dataset=str(file), epochs=1), None))
    assert not is_open(file)
    assert not any(thread.name.startswith("read-ahead") for thread in threading.enumerate())


@pytest.mark.parametrize("change", ["written", "shortened", "removed"])
def test_a_file_that_changes_while_a_run_trains_ends_the_training_with_a_message(file, change, stays_in_file):
    stays_in_file()
    training = train_and_record(TrainingRequest("run", "test", DENSE.replace(dataset=str(file)), None))
    next(training)
    if change == "written":
        os.utime(file, ns=(1, 1))
    elif change == "shortened":
        os.truncate(file, 100)
    else:
        file.unlink()
    one_step = StepBudget(0.0, 1, 0.01)
    with pytest.raises(DatasetError, match=f"{file.name}” was changed while its images were in use"):
        any(training.send(one_step) is None for _ in range(100))


def test_a_changed_file_is_read_again(file):
    before = load(str(file))
    content = bytearray(file.read_bytes())
    content[-200 if file.suffix != ".npz" else len(content) // 2] ^= 1
    if file.suffix == ".npz":
        with np.load(file) as arrays:
            np.savez(file, labels=arrays["labels"], images=255 - arrays["images"])
    else:
        file.write_bytes(content)
    after = load(str(file))
    assert after is not before
    assert not before.is_current
    assert after.fingerprint != before.fingerprint
