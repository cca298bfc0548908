"""Images are read in the background; the last one counts."""

from threading import Event, current_thread

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QMimeData
from PySide6.QtGui import QColor, QImage

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.draw import image_reader
from cadl_gui.ui.draw.image_reader import ImageReader

pytestmark = pytest.mark.gui


def dot(x, y, side=10):
    """An image of one bright pixel."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    image.setPixelColor(x, y, QColor("white"))
    return image


def brightest(ink):
    y, x = np.unravel_index(ink.argmax(), ink.shape)
    return int(x), int(y)


def png(image):
    """An image as another program offers it."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    mime = QMimeData()
    mime.setData("image/png", buffer.data())
    return mime


def test_the_window_stays_responsive_while_an_image_is_read(qtbot, tmp_path, monkeypatch):
    may_go_on, threads = Event(), []

    def slow(pixels):
        threads.append(current_thread().name)
        assert may_go_on.wait(10)
        return pixels[..., 0].astype(np.float32)

    monkeypatch.setattr(image_reader, "ink_of", slow)
    dot(3, 4).save(str(tmp_path / "a.png"))
    reader = ImageReader(BackgroundJobs())
    with qtbot.waitSignal(reader.read) as read:
        reader.read_file(str(tmp_path / "a.png"))
        may_go_on.set()  # reached although nothing is read yet
    assert threads == ["background job"]
    assert brightest(read.args[0]) == (3, 4)


def test_of_two_images_the_last_one_counts_however_long_the_first_takes(qtbot, tmp_path, monkeypatch):
    dot(1, 1, side=20).save(str(tmp_path / "large.png"))
    dot(7, 2).save(str(tmp_path / "small.png"))
    may_go_on, ink_of = Event(), image_reader.ink_of

    def slow_where_large(pixels):
        assert len(pixels) == 10 or may_go_on.wait(10)
        return ink_of(pixels)

    monkeypatch.setattr(image_reader, "ink_of", slow_where_large)
    reader, found = ImageReader(BackgroundJobs()), []
    reader.read.connect(found.append)
    reader.read_file(str(tmp_path / "large.png"))
    reader.read_file(str(tmp_path / "small.png"))
    qtbot.waitUntil(lambda: len(found) == 1)
    may_go_on.set()
    with qtbot.waitSignal(reader.failed):  # the first one is done by then, or is passed over when it is
        reader.read_file(str(tmp_path / "none.png"))
    assert [brightest(ink) for ink in found] == [(7, 2)]


def test_what_another_program_copied_is_decoded(qtbot):
    reader = ImageReader(BackgroundJobs())
    with qtbot.waitSignal(reader.read) as read:
        reader.read_mime(png(dot(2, 8)))
    assert brightest(read.args[0]) == (2, 8)


def test_bytes_that_are_no_image_are_reported(qtbot):
    mime = QMimeData()
    mime.setData("image/png", b"no picture")
    reader = ImageReader(BackgroundJobs())
    with qtbot.waitSignal(reader.failed) as failed:
        reader.read_mime(mime)
    assert failed.args == [
        "This image is not an image that can be opened: "
        "PNG, JPEG, HEIC, GIF, BMP, WebP, AVIF, TIFF and binary PPM can."
    ]


def test_a_page_without_ink_is_reported(qtbot, tmp_path):
    page = QImage(10, 10, QImage.Format.Format_RGB32)
    page.fill(QColor("white"))
    page.save(str(tmp_path / "page.png"))
    reader = ImageReader(BackgroundJobs())
    with qtbot.waitSignal(reader.failed) as failed:
        reader.read_file(str(tmp_path / "page.png"))
    assert failed.args == ["No drawing found in “page.png”."]
    with qtbot.waitSignal(reader.failed) as failed:
        reader.read_mime(png(page))
    assert failed.args == ["No drawing found in this image."]
