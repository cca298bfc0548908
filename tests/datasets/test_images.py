"""Images that stay in their file are read as if they were in memory, and no others with them."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from stores import leave_in_files

from cadl_gui.datasets.images import FileState
from cadl_gui.datasets.sources.arrays import read_arrays
from cadl_gui.domain.errors import DatasetError

N = 1500


@pytest.fixture
def images(tmp_path, monkeypatch):
    """Images that stay in a file, and the same in memory."""
    leave_in_files(monkeypatch, more_bytes_than=1000)
    pixels = np.random.default_rng(0).integers(0, 256, (N, 64, 64, 3), np.uint8)
    path = tmp_path / "images.npz"
    np.savez(path, labels=np.arange(N) % 3, images=pixels)
    return read_arrays(path).images, pixels


@pytest.mark.parametrize(
    "which", [[0], [N - 1], [3, 3, 1], [-1, 5], [], slice(3, 9), range(N)], ids=lambda which: str(which)[:12]
)
def test_any_selection_is_that_of_an_array(images, which):
    stored, pixels = images
    which = which if isinstance(which, slice) else np.array(which, int)
    np.testing.assert_array_equal(stored[which], pixels[which])
    both = stored.followed_by(stored)
    np.testing.assert_array_equal(both[which], np.concatenate([pixels, pixels])[which])


def test_negative_numbers_count_from_the_end_of_the_last_part(images, tmp_path):
    stored, pixels = images
    np.savez(tmp_path / "others.npz", images=255 - pixels)
    both = stored.followed_by(read_arrays(tmp_path / "others.npz").images)
    np.testing.assert_array_equal(both[np.array([-1, 0])], [255 - pixels[-1], pixels[0]])


@pytest.mark.parametrize("index", [N, -N - 1])
def test_an_image_that_is_not_there_is_an_error(images, index):
    with pytest.raises(IndexError):
        images[0][np.array([index])]


@pytest.mark.parametrize(
    "change", [lambda path: os.truncate(path, 100_000), Path.unlink], ids=["shorter", "gone"]
)
@pytest.mark.parametrize("which", [slice(0, N), np.arange(N)[::-7]], ids=["all", "here and there"])
def test_a_file_that_changes_just_when_it_is_read_is_an_error(images, tmp_path, monkeypatch, change, which):
    """After it was found unchanged; read through mapped memory, a shorter one would end the process."""
    path, look = tmp_path / "images.npz", FileState.of

    def looked_at_and_changed(file):
        found = look(file)
        monkeypatch.setattr(FileState, "of", look)
        change(path)
        return found

    monkeypatch.setattr(FileState, "of", looked_at_and_changed)
    with pytest.raises(DatasetError, match="images\\.npz” was changed while its images were in use"):
        images[0][which]


def test_a_disk_that_fails_is_an_error(images, monkeypatch):
    def failing(*_, **__):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(DatasetError, match=f"images\\.npz” cannot be read: {os.strerror(errno.EIO)}"):
        images[0][3:5]


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count what is read")
def test_images_here_and_there_are_read_from_the_disk_without_what_is_between(images, tmp_path):
    def read():
        lines = Path("/proc/self/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))

    stored, pixels = images
    with (tmp_path / "images.npz").open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    before, which = read(), np.random.default_rng(0).permutation(N)[:40]
    np.testing.assert_array_equal(stored[which], pixels[which])
    n_bytes = read() - before
    if n_bytes == 0:
        pytest.skip("the file is in memory whatever is asked")
    assert n_bytes < 3 * pixels[which].nbytes
