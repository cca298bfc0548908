"""The ink of pictures from files, the clipboard and other programs, found in a thread of its own."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageReader

from cadl_gui.core.drawing.scan import ink_of
from cadl_gui.ui.aside import Aside
from cadl_gui.ui.widgets.grey_image import rgba_pixels

_LONGEST_PX = 1024
"""Larger pictures are taken smaller: a digit needs no more."""

_PNG = "image/png"


class _Found(NamedTuple):
    number: int
    ink: NDArray[np.float32] | None
    sentence: str


class PictureReader(QObject):
    """Decodes pictures, dark on light or light on dark; of several at once the one asked for last counts.

    Signals:
        read: ((height, width) float32 in [0, 1], bright ink on black) one is there.
        failed: (str) a sentence: it is no picture, or shows no ink.
    """

    read = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0

    @staticmethod
    def can_read(mime: QMimeData) -> bool:
        """Whether it holds a picture, or a file that is named like one."""
        kinds = {bytes(kind.data()).decode() for kind in QImageReader.supportedImageFormats()}
        return mime.hasImage() or any(
            Path(file).suffix.removeprefix(".").lower() in kinds for file in _files_in(mime)
        )

    def read_file(self, path: str) -> None:
        """Read the picture in a file."""
        name = f"“{Path(path).name}”"
        self._begin(partial(_image_in_file, path), f"{name} is not a picture that can be opened.", name)

    def read_mime(self, mime: QMimeData | None) -> None:
        """Read a picture, or the first file, that was copied or dropped; without one nothing happens."""
        sentence, name = "This is not a picture that can be pasted.", "this picture"
        if mime is None:  # an empty clipboard
            return
        files = _files_in(mime)
        if files:  # beside it, some file managers hand over a small picture of what is in it
            self.read_file(files[0])
        elif mime.hasFormat(_PNG):  # as other programs hand it over; to decode it is what takes long
            self._begin(partial(QImage.fromData, mime.data(_PNG)), sentence, name)
        elif mime.hasImage():
            self._begin(partial(QImage, mime.imageData()), sentence, name)

    def _begin(self, decode: Callable[[], QImage], sentence: str, name: str) -> None:
        self._number += 1
        aside = Aside(partial(_find, self._number, decode, sentence, name))
        aside.done.connect(self._on_found)
        aside.start()

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        if found.number != self._number:
            return
        if found.ink is None:
            self.failed.emit(found.sentence)
        else:
            self.read.emit(found.ink)


def _files_in(mime: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def _find(number: int, decode: Callable[[], QImage], sentence: str, name: str) -> _Found:
    image = decode()
    if image.isNull():
        return _Found(number, None, sentence)
    if max(image.width(), image.height()) > _LONGEST_PX:
        kept, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(_LONGEST_PX, _LONGEST_PX, kept, smooth)
    ink = ink_of(rgba_pixels(image))
    if not ink.any():
        return _Found(number, None, f"There is no ink to be seen in {name}.")
    return _Found(number, ink, "")


def _image_in_file(path: str) -> QImage:
    """As it is meant to be held; where its kind allows that, a large one is decoded small at once."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if max(size.width(), size.height()) > _LONGEST_PX:
        reader.setScaledSize(size.scaled(_LONGEST_PX, _LONGEST_PX, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
