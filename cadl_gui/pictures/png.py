"""Writes films as PNG files: one image, or several side by side."""

from pathlib import Path

from cadl_gui.domain.images import montage
from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.interruptible_file import InterruptibleFile

_FAST_COMPRESSION = 1
"""An image 6,000 pixels wide is written in one second instead of ten, and is hardly larger."""


def write_png(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write an image; several frames become a strip, from left to right.

    Args:
        film: the film to write; its `text` is stored as metadata.
        check: called repeatedly while writing; an exception from it aborts.

    Raises:
        OSError: if the file cannot be written.
    """
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    for keyword, value in film.text.items():
        text.add_itxt(keyword, value)
    strip = film.enlarged(montage(film.frames, columns=len(film.frames)))
    with InterruptibleFile(path, check) as file:
        strip.save(file, format="PNG", compress_level=_FAST_COMPRESSION, pnginfo=text)
