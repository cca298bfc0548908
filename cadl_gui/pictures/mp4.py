"""Writes films as MP4 files."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from PIL import Image

_QUALITY = {"crf": "18", "preset": "medium", "mbtree": "0"}
"""Visually lossless; slower presets save little for such small films.

The macroblock tree is off: where the number of blocks in a row is not a multiple of eight, x264's fast code
for it reads uninitialised memory, and the same film does not always produce the same file.
"""

_COLOURS = 6, 1, 13, 1
"""As H.264 numbers them: the matrix of BT.601, by which FFmpeg converts, sRGB, and the range of television.
Where a film does not say, players take the matrix of BT.709, some if it is large: green is then darker.
"""


def write_mp4(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film as H.264 with halved colour resolution (yuv420p), which every player and browser supports.

    Width and height must be even, so the last column or row of an odd size is cropped.

    Args:
        check: called repeatedly while writing; an exception from it aborts.

    Raises:
        OSError: if the file cannot be written.
    """
    import av  # loads 32 MB of libraries that nothing else needs

    try:
        with opened_mp4(path) as file:
            rate = Fraction(film.frames_per_second).limit_denominator(1000)
            stream = add_pictures(file, rate, film.size)
            for image in film.images(check):
                pixels = np.asarray(_even(image.convert("RGB")))
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                file.mux(stream.encode(frame))
            for packet in stream.encode_lazy():
                check()
                packet.stream = stream
                file.mux(packet)
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def opened_mp4(path: Path) -> "OutputContainer":
    """Open a new file, whose index comes first, so that it can be played before it has arrived whole."""
    import av

    return av.open(str(path), "w", format="mp4", options={"movflags": "faststart"})


def add_pictures(file: "OutputContainer", rate: Fraction, size: tuple[int, int]) -> "VideoStream":
    """Add the stream of pictures to a new file.

    Args:
        size: width and height; a last odd column or row is left out.
    """
    stream = file.add_stream("libx264", rate=rate, options=_QUALITY)
    stream.width, stream.height = (side - side % 2 for side in size)
    stream.pix_fmt = "yuv420p"
    about = stream.codec_context
    about.colorspace, about.color_primaries, about.color_trc, about.color_range = _COLOURS
    stream.codec_context.thread_count = 1  # with several threads, the output is not reproducible
    return stream


def _even(image: "Image.Image") -> "Image.Image":
    return image.crop((0, 0, image.width - image.width % 2, image.height - image.height % 2))
