"""Reads images from files, the clipboard and other programs in a background thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.imaging.drawing.picture import beneath_strokes
from cadl_gui.imaging.drawing.scan import ink_of
from cadl_gui.system.file_limits import LONGEST_SIDE_READ
from cadl_gui.system.words import _
from cadl_gui.ui.figures.pixel_image import rgba_pixels

_PNG = "image/png"


class _Found(NamedTuple):
    number: int
    image: NDArray[np.uint8] | None
    message: str


class ImageReader(QObject):
    """Decodes images for drawings of a form; only the last of several requests counts.

    Ink may be dark on light or light on dark. Other images are cropped around the centre.

    Args:
        jobs: runs the decoding.
        parent: parent object.

    Signals:
        read: (uint8) an image was read, for `Drawing.image`.
        failed: (str) why not: it is not an image, or shows no ink where there should be some.
    """

    read = Signal(object)
    failed = Signal(str)

    def __init__(self, jobs: BackgroundJobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._number = 0
        self._form = INK

    def set_form(self, form: DrawingForm) -> None:
        """Read images for drawings of this form, and ignore requests that are not answered yet."""
        self._form = form
        self._number += 1

    @staticmethod
    def can_read(mime: QMimeData) -> bool:
        """Return whether the data contain an image, or a file with the suffix of one."""
        files = _files_in(mime)
        return mime.hasImage() or any(Path(file).suffix.lower() in IMAGE_SUFFIXES for file in files)

    def read_file(self, path: str) -> None:
        """Read an image file."""
        self._begin(partial(_decoded, Path(path)), f"“{Path(path).name}”")

    def read_mime(self, mime: QMimeData | None) -> None:
        """Read a copied or dropped image or the first file; without either, do nothing."""
        if mime is None:  # an empty clipboard
            return
        files = _files_in(mime)
        if files:  # preferred, since some file managers add a small preview image
            self.read_file(files[0])
        elif mime.hasFormat(_PNG):  # the usual format from other programs; its decoding is the slow part
            self._begin(partial(_decoded, bytes(mime.data(_PNG).data())), _("this image"))
        elif mime.hasImage():
            self._begin(partial(_handed_over, QImage(mime.imageData())), _("this image"))

    def _begin(self, decode: Callable[[], NDArray[np.uint8]], name: str) -> None:
        self._number += 1
        reading = BackgroundJob(
            partial(_find, self._number, self._form, decode, name),
            _("{name} could not be read").format(name=name),
        )
        self._jobs.start(reading, self._on_found, self.failed)

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        if found.number != self._number:
            return
        if found.image is None:
            self.failed.emit(found.message)
        else:
            self.read.emit(found.image)


def _files_in(mime: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def _find(number: int, form: DrawingForm, decode: Callable[[], NDArray[np.uint8]], name: str) -> _Found:
    try:
        pixels = decode()
    except UserError as error:
        return _Found(number, None, str(error))
    if not form.is_ink:
        return _Found(number, beneath_strokes(pixels, form), "")
    ink = ink_of(pixels)
    if not ink.any():
        return _Found(number, None, _("No drawing found in {name}.").format(name=name))
    return _Found(number, beneath_strokes(ink, form), "")


def _decoded(source: Path | bytes) -> NDArray[np.uint8]:
    """Decode an image; Pillow is imported only now, to speed up the start of the program."""
    from cadl_gui.pictures.image_file import decode_image, read_image

    return read_image(source) if isinstance(source, Path) else decode_image(source, _("This image"))


def _handed_over(image: QImage) -> NDArray[np.uint8]:
    if image.isNull():
        raise UserError(_("This is not an image that can be pasted."))
    if max(image.width(), image.height()) > LONGEST_SIDE_READ:
        keep_aspect, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LONGEST_SIDE_READ, LONGEST_SIDE_READ, keep_aspect, smooth)
    return rgba_pixels(image)
