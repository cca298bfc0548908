"""A dataset that cannot be opened is one sentence with its name, and nothing else in the window changes."""

import errno
import gzip
import os
import pickle
import shutil
import struct
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
from hand import drop
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTabWidget

from cadl_gui.datasets.preparing.pixel_file import PixelFile

pytestmark = pytest.mark.gui


class Harmful:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder):
        self._folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self._folder),)


def empty_folder(path):
    path.mkdir()


def wrong_magic_number(path):
    path.mkdir()
    (path / "train-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x999, 2, 28, 28) + bytes(2 * 784))


def truncated(path):
    path.write_bytes(struct.pack(">4I", 0x803, 20, 28, 28) + bytes(784))


def damaged_behind_its_header(path):
    images = np.random.default_rng(0).integers(0, 256, (400, 28, 28), np.uint8)
    packed = bytearray(gzip.compress(struct.pack(">4I", 0x803, *images.shape) + images.tobytes()))
    packed[len(packed) // 2 :] = bytes(len(packed) - len(packed) // 2)
    path.write_bytes(packed)


def arrays_damaged_behind_their_headers(path):
    images = np.random.default_rng(0).integers(0, 256, (400, 28, 28), np.uint8)
    np.savez_compressed(path, images=images)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(1000))


def more_test_images_than_images(path):
    with h5py.File(path, "w") as file:
        file["images"], file["n_test"] = np.zeros((20, 8, 8), np.uint8), 50


def other_labels_than_images(path):
    path.mkdir()
    (path / "train-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, 2, 28, 28) + bytes(2 * 784))
    (path / "train-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, 3) + bytes(3))


def more_images_than_labels(path):
    np.savez(path, images=np.zeros((20, 8, 8), np.uint8), labels=np.zeros(7, np.int64))


def no_images(path):
    with h5py.File(path, "w") as file:
        file["table"] = np.arange(10)


def text(path):
    path.write_text("no film")


def objects(path):
    np.savez(path, images=np.array([Harmful(path.parent / "executed")] * 3, object))


def harmful_pickle(path):
    path.mkdir()
    (path / "batches.meta").write_bytes(pickle.dumps({b"label_names": [b"%d" % i for i in range(10)]}))
    for name in ("data_batch_1", "test_batch"):
        batch = {b"data": Harmful(path.parent / "executed"), b"labels": [0]}
        (path / name).write_bytes(pickle.dumps(batch))


def escaping_names(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.png", b"")


def no_archive(path):
    path.write_bytes(b"PK\x03\x04 nothing else")


BAD = {
    "empty": (empty_folder, "“{}” holds no image files."),
    "magic": (
        wrong_magic_number,
        "“{}/train-images-idx3-ubyte” has 153 dimensions; images have at most four.",
    ),
    "short.idx": (truncated, "“{}” is truncated: its header promises 15,680 bytes of data."),
    "images-idx3-ubyte.gz": (damaged_behind_its_header, "“{}” is damaged"),
    "damaged.npz": (
        arrays_damaged_behind_their_headers,
        "“{}” holds no images, or is damaged: it needs an array of images, perhaps one of labels.",
    ),
    "parts.h5": (more_test_images_than_images, "“parts.h5” holds nothing but test images."),
    "labels": (other_labels_than_images, "“{}/train-labels-idx1-ubyte” holds 3 labels for 2 images."),
    "labels.npz": (more_images_than_labels, "“{}” holds 20 images but 7 labels."),
    "table.h5": (
        no_images,
        "“{}” holds no images, or is damaged: it needs an array of images, perhaps one of labels.",
    ),
    "objects.npz": (
        objects,
        "“{}” holds no images, or is damaged: it needs an array of images, perhaps one of labels.",
    ),
    "text.mp4": (text, "“{}” is no film that can be read, or is damaged."),
    "pickle": (harmful_pickle, "“data_batch_1” in “{}” is not opened: it asks for “"),
    "names.zip": (escaping_names, "“{}” is not opened: “../../evil.png” in it leads out of it."),
    "nothing.zip": (no_archive, "“{}” is not a ZIP archive, or is damaged."),
}


@pytest.fixture
def is_as_before(qtbot, window, find, engine, tmp_path):
    """Returns whether the dataset dropped before is still the one that is looked at and of the next run."""
    np.savez(tmp_path / "marks.npz", images=np.zeros((20, 28, 28), np.uint8), labels=np.arange(20) % 10)
    drop(window, tmp_path / "marks.npz")
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    qtbot.waitUntil(lambda: find("datasetLine", QLabel).text().startswith("marks.npz · 20 images"))
    line, next_run = find("datasetLine", QLabel).text(), engine.view.value.next
    assert next_run["dataset"] == str(tmp_path / "marks.npz")

    def is_as_before():
        is_shown = find("tabs", QTabWidget).currentWidget() is find("dataTab")
        return is_shown and (find("datasetLine", QLabel).text(), engine.view.value.next) == (line, next_run)

    return is_as_before


@pytest.fixture
def sentence(qtbot, window, find):
    """Waits for the sentence about what was dropped, in the dialog or in the notification bar."""

    def sentence():
        said = []

        def is_said():
            dialogs = [each for each in window.findChildren(QDialog, "prepareDialog") if each.isVisible()]
            labels = [each.findChild(QLabel, "prepareMessage").text() for each in dialogs]
            said[:] = [text for text in (*labels, find("noticeStrip").message()) if text]
            return bool(said) and said[0].startswith("“")  # not the progress

        qtbot.waitUntil(is_said)
        assert len(said) == 1, said
        return said[0]

    return sentence


@pytest.mark.parametrize("name", BAD)
def test_a_bad_dataset_is_one_sentence(window, find, is_as_before, sentence, tmp_path, name):
    make, expected = BAD[name]
    make(tmp_path / name)
    assert drop(window, tmp_path / name)
    assert sentence().startswith(expected.format(tmp_path / name))
    assert is_as_before()
    assert not (tmp_path / "executed").exists()


def test_a_folder_that_may_not_be_entered(window, find, is_as_before, sentence, tmp_path, monkeypatch):
    """Simulated, since the administrator may enter every folder."""
    folder = tmp_path / "locked"
    folder.mkdir()
    stat, scandir = Path.stat, os.scandir
    denied = PermissionError(errno.EACCES, "Permission denied")

    def stat_or_not(path, **options):
        if folder in path.parents:
            raise denied
        return stat(path, **options)

    def scandir_or_not(path="."):
        if path in (folder, str(folder)):  # pytest, which tidies up, passes numbers of open folders
            raise denied
        return scandir(path)

    monkeypatch.setattr(Path, "stat", stat_or_not)
    monkeypatch.setattr(os, "scandir", scandir_or_not)
    drop(window, folder)
    assert sentence() == f"“{folder}” cannot be read: Permission denied."
    assert is_as_before()


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "photos").mkdir()
    for number in range(8):
        Image.new("RGB", (40, 40), (number, 0, 0)).save(tmp_path / "photos" / f"{number}.png")
    return tmp_path / "photos"


def start(qtbot, window, find):
    """Press *Prepare* once images are found."""
    qtbot.waitUntil(
        lambda: find("prepareDialog").isVisible() and find("prepareStartButton", QPushButton).isEnabled()
    )
    QTest.mouseClick(find("prepareStartButton", QPushButton), Qt.MouseButton.LeftButton)


def test_a_folder_that_vanishes_meanwhile(qtbot, window, find, is_as_before, sentence, photos):
    drop(window, photos)
    qtbot.waitUntil(lambda: find("prepareDialog").isVisible())
    qtbot.waitUntil(find("prepareStartButton", QPushButton).isEnabled)
    shutil.rmtree(photos)
    start(qtbot, window, find)
    assert sentence() == f"“{photos}” disappeared while its images were read."
    assert is_as_before()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk(qtbot, window, find, is_as_before, sentence, photos, monkeypatch):
    drop(window, photos)
    qtbot.waitUntil(lambda: find("prepareDialog").isVisible())

    def create(_, n, shape):
        return PixelFile(Path("/dev/full"), 0, n, shape)

    monkeypatch.setattr(PixelFile, "create", create)
    start(qtbot, window, find)
    said = sentence()
    assert said.startswith(f"“{photos}” cannot be prepared in “")
    assert said.endswith("”: No space left on device.")
    assert is_as_before()
