"""Images that stay in their file are read as if they were in memory, and no others with them."""

import os
from pathlib import Path

import numpy as np
import pytest
from stores import leave_in_files

from cadl_gui.datasets.sources.arrays import read_arrays

N = 1500


@pytest.fixture
def images(tmp_path, monkeypatch):
    """Images of a file that is mapped into memory, and the same in memory."""
    leave_in_files(monkeypatch, more_bytes_than=1000)
    pixels = np.random.default_rng(0).integers(0, 256, (N, 64, 64, 3), np.uint8)
    path = tmp_path / "images.npz"
    np.savez(path, labels=np.arange(N) % 3, images=pixels)
    return read_arrays(path).images, pixels


@pytest.mark.parametrize(
    "which", [[0], [N - 1], [3, 3, 1], [-1, 5], [], slice(3, 9), range(N)], ids=lambda which: str(which)[:12]
)
def test_any_selection_is_that_of_an_array(images, which):
    mapped, pixels = images
    which = which if isinstance(which, slice) else np.array(which, int)
    np.testing.assert_array_equal(mapped[which], pixels[which])
    both = mapped.followed_by(mapped)
    np.testing.assert_array_equal(both[which], np.concatenate([pixels, pixels])[which])


@pytest.mark.parametrize("index", [N, -N - 1])
def test_an_image_that_is_not_there_is_an_error(images, index):
    with pytest.raises(IndexError):
        images[0][np.array([index])]


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count what is read")
def test_images_here_and_there_are_read_from_the_disk_without_what_is_between(images, tmp_path):
    def read():
        lines = Path("/proc/self/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))

    mapped, pixels = images
    with (tmp_path / "images.npz").open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    before, which = read(), np.random.default_rng(0).permutation(N)[:40]
    np.testing.assert_array_equal(mapped[which], pixels[which])
    n_bytes = read() - before
    if n_bytes == 0:
        pytest.skip("the file is in memory whatever is asked")
    assert n_bytes < 3 * pixels[which].nbytes
