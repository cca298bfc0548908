"""How much an HDF5 file may hold is counted once for each array and group, in whatever group it lies."""

import h5py
import numpy as np
import pytest

from cadl_gui.datasets import plain_hdf5
from cadl_gui.datasets.plain_hdf5 import require_plain

MOST = 7


@pytest.fixture
def require(tmp_path, monkeypatch):
    """Fills a file of two groups of two arrays, and as many arrays beside them, and looks at it."""
    monkeypatch.setattr(plain_hdf5, "MOST_HDF5_ITEMS", MOST)

    def require(*beside):
        path = tmp_path / "x.h5"
        with h5py.File(path, "w") as file:
            for name in ("a/x", "a/y", "b/x", "b/y", *beside):
                file[name] = np.zeros(3)
        with h5py.File(path) as file:
            require_plain(file, path.stat().st_size)

    return require


def test_as_many_arrays_and_groups_as_there_may_be_are_read(require):
    require("c")


def test_one_more_is_refused(require):
    with pytest.raises(ValueError, match="at most 7 arrays"):
        require("c", "d")
