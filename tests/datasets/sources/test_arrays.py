"""Labelled images are read from a file exactly as they were written."""

import io
import os
import tracemalloc
import zipfile

import h5py
import numpy as np
import pytest
from stores import leave_in_files

from cadl_gui.datasets.sources.arrays import (
    preview_arrays,
    read_arrays,
    read_examples,
    write_examples,
)
from cadl_gui.domain.errors import DatasetError, UserError
from cadl_gui.domain.file_format import FORMAT

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)
LABELS = np.array([7, 1, 0], np.int64)


def test_numpy_reads_npz(tmp_path):
    write_examples(tmp_path / "x.npz", IMAGES, LABELS)
    with np.load(tmp_path / "x.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["images"], IMAGES)
        np.testing.assert_array_equal(file["labels"], LABELS)


def test_hdf5_has_the_names_of_the_shipped_mnist(tmp_path):
    write_examples(tmp_path / "x.H5", IMAGES, LABELS)
    with h5py.File(tmp_path / "x.H5") as file:
        np.testing.assert_array_equal(file["images"][...], IMAGES)
        np.testing.assert_array_equal(file["labels"][...], LABELS)


def test_other_endings_are_refused_and_leave_no_file(tmp_path):
    with pytest.raises(UserError, match=r"\.npz or \.h5"):
        write_examples(tmp_path / "x.txt", IMAGES, LABELS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        write_examples(tmp_path / "none" / "x.npz", IMAGES, LABELS)


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_examples_come_back_as_a_dataset_without_a_test_part(tmp_path, name):
    write_examples(tmp_path / name, IMAGES, LABELS)
    dataset = read_examples(tmp_path / name)
    np.testing.assert_array_equal(dataset.images[:], IMAGES)
    np.testing.assert_array_equal(dataset.labels, LABELS)
    assert (dataset.name, dataset.n_test) == (name, 0)


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_no_damage_gives_more_than_a_message(tmp_path, name):
    """All prefixes of the file, and a flipped bit in every fiftieth byte."""
    write_examples(tmp_path / name, IMAGES, LABELS)
    whole = (tmp_path / name).read_bytes()
    damaged = [whole[:n] for n in range(0, len(whole), 50)]
    damaged += [whole[:i] + bytes([whole[i] ^ 16]) + whole[i + 1 :] for i in range(0, len(whole), 50)]
    for content in damaged:
        (tmp_path / name).write_bytes(content)
        try:
            dataset = read_examples(tmp_path / name)
        except DatasetError:
            continue
        assert dataset.images.nbytes <= IMAGES.size  # pixels may differ


def save(path, **arrays):
    np.savez(path, **({"images": IMAGES, "labels": LABELS} | arrays))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"format": FORMAT + 1}, "newer CADL"),
        ({"labels": LABELS[:2]}, "3 images but 2 labels"),
        ({"labels": LABELS - 5}, "whole numbers from 0 to 4,095"),
        ({"labels": LABELS + 100_000}, "whole numbers from 0 to 4,095"),
        ({"labels": LABELS.astype(np.uint64) + 2**63}, "whole numbers from 0 to 4,095"),
        ({"format": np.ones(5)}, "holds no images"),
        ({"labels": LABELS / 2}, "holds no images"),
        ({"labels": np.array(["a", "b", "c"])}, "holds no images"),
        ({"images": IMAGES[..., 0, 0]}, "holds no images"),
        ({"images": IMAGES / 255}, "holds no images"),
        ({"images": np.array([{}, {}, {}], object)}, "holds no images"),
        ({"images": IMAGES[:0], "labels": LABELS[:0]}, "no images"),
    ],
)  # fmt: skip
def test_what_is_something_else_is_reported_and_never_executed(tmp_path, arrays, message):
    save(tmp_path / "x.npz", **arrays)
    with pytest.raises(DatasetError, match=message):
        read_examples(tmp_path / "x.npz")


def test_a_header_that_promises_terabytes_gets_no_memory(tmp_path):
    header = io.BytesIO()
    about = {"descr": "|u1", "fortran_order": False, "shape": (2**40, 28, 28, 1)}
    np.lib.format.write_array_header_1_0(header, about)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("images.npy", header.getvalue() + b"no more")
    with pytest.raises(DatasetError, match="too many for memory"):
        read_examples(tmp_path / "x.npz")


def test_hdf5_that_leads_elsewhere_is_refused(tmp_path):
    write_examples(tmp_path / "x.h5", IMAGES, LABELS)
    with h5py.File(tmp_path / "y.h5", "w") as file:
        file["images"] = h5py.ExternalLink("x.h5", "images")
        file["labels"] = LABELS
    with pytest.raises(DatasetError, match="holds no images"):
        read_examples(tmp_path / "y.h5")


def test_a_file_that_is_not_there_is_reported(tmp_path):
    for name in ("x.npz", "x.h5"):
        with pytest.raises(DatasetError, match="No such file"):
            read_examples(tmp_path / name)


def test_labels_that_unpack_to_gigabytes_are_refused_before_they_do(tmp_path):
    """1e9 labels in a file of a megabyte took 9.2 GB."""
    labels = np.zeros(80_000_000, np.uint8)
    np.savez_compressed(tmp_path / "x.npz", images=IMAGES, labels=labels)
    del labels
    tracemalloc.start()
    with pytest.raises(DatasetError, match="80,000,000 images: at most 10,000,000"):
        read_examples(tmp_path / "x.npz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**22


def test_array_archive_of_very_many_members_is_refused_by_its_end(tmp_path):
    save(tmp_path / "x.npz")
    with zipfile.ZipFile(tmp_path / "x.npz", "a") as archive:
        for i in range(2000):
            archive.writestr(f"{i}", b"")
    with pytest.raises(DatasetError, match=r"its list of members takes .* at most 66 kB are read"):
        read_examples(tmp_path / "x.npz")


def test_other_arrays_in_the_file_are_passed_over(tmp_path):
    save(tmp_path / "x.npz", notes=np.zeros((1000, 1000)))
    assert len(read_examples(tmp_path / "x.npz").images) == len(IMAGES)


def write_named(path, **others):
    """Write four colour images of five named classes."""
    arrays = {
        "images": np.random.default_rng(1).integers(0, 256, (4, 6, 5, 3), np.uint8),
        "labels": np.array([0, 4, 2, 2]),
        "class_names": np.array(["cat", "dog", "ship", "frög", "plane"]),
        "file_names": np.array(["a.png", "b.png", "c.png", "d.png"]),
    } | others
    if path.suffix == ".npz":
        np.savez(path, **arrays)
        return arrays
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array.tolist() if array.dtype.kind == "U" else array
    return arrays


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_names_of_classes_and_files_come_with_the_images(tmp_path, name):
    arrays = write_named(tmp_path / name)
    read = read_arrays(tmp_path / name)
    np.testing.assert_array_equal(read.images[:], arrays["images"])
    assert read.class_names == ("cat", "dog", "ship", "frög", "plane")
    assert read.file_names == ("a.png", "b.png", "c.png", "d.png")
    assert read.n_classes == 5
    assert not read.is_ink_on_black


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_a_preview_says_what_is_there_and_what_was_guessed(tmp_path, name):
    write_named(tmp_path / name)
    found = preview_arrays(tmp_path / name)
    assert (found.n, found.image_shape, found.guesses) == (4, (6, 5, 3), ())
    assert found.class_names == ("cat", "dog", "ship", "frög", "plane")
    write_examples(tmp_path / name, IMAGES, LABELS)
    found = preview_arrays(tmp_path / name)
    assert found.class_names == tuple("01234567")
    assert found.guesses == ("The file names no classes: their numbers stand for them.",)


def test_fixed_length_texts_of_hdf5_are_names_too(tmp_path):
    write_named(tmp_path / "x.h5", class_names=np.array([b"a", b"b", b"c", b"d", b"e"]))
    assert read_arrays(tmp_path / "x.h5").class_names == ("a", "b", "c", "d", "e")


def test_images_without_channels_are_grey_and_labels_may_be_missing(tmp_path):
    np.savez(tmp_path / "x.npz", images=IMAGES[..., 0])
    read = read_arrays(tmp_path / "x.npz")
    assert read.image_shape == (28, 28, 1)
    assert read.labels is None
    assert read.class_names == ()
    with pytest.raises(DatasetError, match="holds no labels"):
        read_examples(tmp_path / "x.npz")


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"class_names": np.array(["cat", "dog"])}, "has the label 4, but names only 2 classes"),
        ({"class_names": np.array(["cat", "", "c", "d", "e"])}, "holds no images, or is damaged"),
        ({"class_names": np.array(["cat\nshows", "b", "c", "d", "e"])}, "holds no images, or is damaged"),
        ({"class_names": np.array(["x" * 101, "b", "c", "d", "e"])}, "holds no images, or is damaged"),
        ({"class_names": np.arange(5)}, "holds no images, or is damaged"),
        ({"file_names": np.array(["a.png"])}, "4 images but 1 file names"),
    ],
)
def test_names_that_do_not_fit_are_refused_with_a_message(tmp_path, name, arrays, message):
    write_named(tmp_path / name, **arrays)
    with pytest.raises(DatasetError, match=message):
        read_arrays(tmp_path / name)


@pytest.mark.parametrize("name", ["x.npz", "x.h5"])
def test_what_is_mapped_is_what_is_read(tmp_path, name, monkeypatch):
    arrays = write_named(tmp_path / name)
    leave_in_files(monkeypatch, more_bytes_than=100)
    read = read_arrays(tmp_path / name)
    np.testing.assert_array_equal(read.images[np.array([3, 0])], arrays["images"][[3, 0]])
    os.utime(tmp_path / name, (0, 0))
    with pytest.raises(DatasetError, match="was changed while its images were in use"):
        read.images[:]
    if name == "x.npz":
        np.savez_compressed(tmp_path / name, **arrays)
        packed = read_arrays(tmp_path / name)
        (tmp_path / name).write_bytes(b"")
        np.testing.assert_array_equal(packed.images[:], arrays["images"])
