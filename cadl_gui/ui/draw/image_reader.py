"""Reads images from files, the clipboard and other programs in a background thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QImage

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs, OneJob
from cadl_gui.imaging.drawing.picture import beneath_strokes
from cadl_gui.imaging.drawing.scan import ink_of
from cadl_gui.system.file_limits import LONGEST_SIDE_READ
from cadl_gui.system.words import _
from cadl_gui.ui.figures.pixel_image import rgba_pixels

_PNG = "image/png"


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
        self._reading = OneJob(jobs, self)
        self._reading.finished.connect(self.read)
        self._reading.failed.connect(self.failed)
        self._form = INK

    def set_form(self, form: DrawingForm) -> None:
        """Read images for drawings of this form, and ignore requests that are not answered yet."""
        self._form = form
        self._reading.drop()

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
        failure = _("{name} could not be read").format(name=name)
        self._reading.replace(BackgroundJob(partial(_find, self._form, decode, name), failure))


def _files_in(mime: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def _find(form: DrawingForm, decode: Callable[[], NDArray[np.uint8]], name: str) -> NDArray[np.uint8]:
    pixels = decode()
    if not form.is_ink:
        return beneath_strokes(pixels, form)
    ink = ink_of(pixels)
    if not ink.any():
        raise UserError(_("No drawing found in {name}.").format(name=name))
    return beneath_strokes(ink, form)


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
