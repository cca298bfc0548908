"""The MNIST that ships with the program is the published one."""

import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from tools import remake
from tools.remake import write_mnist

from cadl_gui.datasets.load import load
from cadl_gui.datasets.sources import mnist
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.file_format import FORMAT

pytestmark = pytest.mark.slow

FINGERPRINT = "2d251339c99ac539654756798abae11b92809bc992b544d3627c07e3ef603227"


def test_mnist_is_seventy_thousand_labelled_digits():
    dataset = load("mnist")
    assert dataset.name == "MNIST"
    assert dataset.images.shape == (70_000, 28, 28, 1)
    assert dataset.n_test == 10_000
    assert dataset.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(dataset.labels[-10_000:]).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert not dataset.images[:].flags.writeable


def test_mnist_is_the_same_for_ever():
    """Saved runs identify their dataset by its fingerprint."""
    assert load("MNIST").fingerprint == FINGERPRINT


def test_the_file_names_authors_and_licence():
    with h5py.File(mnist.resource_path("mnist.h5")) as file:
        assert "Yann LeCun" in file.attrs["attribution"]
        assert "CC BY-SA 3.0" in file.attrs["licence"]
        assert file.attrs["format"] == FORMAT
        assert file["images"].chunks is None


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The file as the packaged app holds it, which takes seconds to pack."""
    packed = tmp_path_factory.mktemp("packed") / "mnist.h5"
    mnist.pack(mnist.resource_path("mnist.h5"), packed)
    return packed


def test_the_packed_file_of_the_packaged_app_holds_the_same_in_a_fifth_of_the_size(packed):
    assert packed.stat().st_size < 12e6
    dataset = mnist.load_mnist(packed)
    assert dataset.fingerprint == FINGERPRINT
    assert not dataset.images[:].flags.writeable


def test_a_packed_file_that_is_damaged_is_reported_in_a_message(packed, tmp_path):
    damaged = Path(shutil.copy(packed, tmp_path))
    with h5py.File(damaged) as file:
        place = file["images"].id.get_chunk_info(3).byte_offset
    with damaged.open("r+b") as file:
        file.seek(place)
        file.write(b"damaged")
    with pytest.raises(DatasetError, match="install it again"):
        mnist.load_mnist(damaged)


def test_mnist_is_read_once():
    assert load("mnist") is load("MNIST")


@pytest.mark.parametrize("damage", ["missing", "truncated", "another file"])
def test_damaged_mnist_file_is_reported_in_a_message(tmp_path, damage):
    path = tmp_path / "mnist.h5"
    if damage == "truncated":
        path.write_bytes(mnist.resource_path("mnist.h5").read_bytes()[:100_000])
    if damage == "another file":
        with h5py.File(path, "w") as file:
            file["pixels"] = np.zeros(3)
    with pytest.raises(DatasetError, match="install it again"):
        mnist.load_mnist(path)


def test_the_command_refuses_files_that_are_not_the_published_ones(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + b"\0\0\0\x01" * 3 + b"x")
    out = tmp_path / "mnist.h5"
    command = [sys.executable, remake.__file__, "mnist", str(tmp_path), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not the published file" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert not out.exists()


def test_the_command_remakes_the_shipped_file(tmp_path):
    """From the four original files, which are reconstructed from the shipped one."""
    shipped = mnist.load_mnist()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        part = slice(None, 60_000) if name.startswith("train") else slice(60_000, None)
        array = shipped.images[part][..., 0] if "images" in name else shipped.labels[part].astype(np.uint8)
        header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        (tmp_path / f"{name}-ubyte").write_bytes(header + array.tobytes())
    write_mnist(tmp_path, tmp_path / "mnist.h5")
    with h5py.File(mnist.resource_path("mnist.h5")) as theirs, h5py.File(tmp_path / "mnist.h5") as ours:
        assert dict(ours.attrs) == dict(theirs.attrs)
    assert mnist.load_mnist(tmp_path / "mnist.h5").fingerprint == FINGERPRINT


def test_importing_the_package_does_not_import_hdf5():
    latent = "import cadl_gui.datasets.load, sys; sys.exit('h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", latent], check=False).returncode == 0
