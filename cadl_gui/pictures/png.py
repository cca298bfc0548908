"""Films as PNG: one image, or several beside each other."""

from pathlib import Path

from PIL.PngImagePlugin import PngInfo

from cadl_gui.domain.images import montage
from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.interruptible_file import InterruptibleFile

_FAST_COMPRESSION = 1
"""A print of 6,000 pixels is there in a second instead of ten, and hardly larger."""


def write_png(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write an image; the frames of a film become a strip, the first one left.

    `check` ends the writing by what it raises.

    Raises:
        OSError: if it cannot be written.
    """
    text = PngInfo()
    for keyword, value in film.text.items():
        text.add_itxt(keyword, value)
    strip = film.enlarged(montage(film.frames, columns=len(film.frames)))
    with InterruptibleFile(path, check) as file:
        strip.save(file, format="PNG", compress_level=_FAST_COMPRESSION, pnginfo=text)
