"""Labelled pictures come back from the file as they were."""

import h5py
import numpy as np
import pytest

from cadl_gui.core.errors import UserError
from cadl_gui.datasets.examples_file import write_examples

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


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        write_examples(tmp_path / "none" / "x.npz", IMAGES, LABELS)
