"""The limits of an HDF5 file apply to all arrays and groups together, in whatever group they are."""

import h5py
import numpy as np
import pytest

from cadl_gui.datasets.plain_hdf5 import require_plain

MOST = 7


@pytest.fixture
def require(tmp_path):
    """Write a file with two groups of two arrays, and as many arrays beside them, and check it."""

    def require(*beside):
        path = tmp_path / "x.h5"
        with h5py.File(path, "w") as file:
            for name in ("a/x", "a/y", "b/x", "b/y", *beside):
                file[name] = np.zeros(3)
        with h5py.File(path) as file:
            require_plain(file, path.stat().st_size, most_items=MOST)

    return require


def test_as_many_arrays_and_groups_as_there_may_be_are_read(require):
    require("c")


def test_item_beyond_the_limit_is_refused(require):
    with pytest.raises(ValueError, match="at most 7 arrays"):
        require("c", "d")
