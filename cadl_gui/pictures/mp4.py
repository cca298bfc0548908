"""Films as MP4."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered

_QUALITY = {"crf": "18", "preset": "medium", "mbtree": "0"}
"""Visually lossless; slower presets save little of so small films.

Without the macroblock tree: where a row of blocks is no multiple of eight, x264's fast latent vector for it
reads memory that nobody has written, and the same film is not always the same file.
"""


def write_mp4(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film as H.264 with halved colour resolution (yuv420p), which every player and browser shows.

    Its sides are even numbers of pixels; odd ones lose their last column or row. `check` ends the writing by
    what it raises.

    Raises:
        OSError: if it cannot be written.
    """
    import av  # 32 MB of libraries that only this needs

    try:
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as file:
            stream = file.add_stream(
                "libx264", rate=Fraction(film.frames_per_second).limit_denominator(1000), options=_QUALITY
            )
            stream.width, stream.height = (side - side % 2 for side in film.size)
            stream.pix_fmt = "yuv420p"
            stream.codec_context.thread_count = 1  # with several, the same film is not always the same file
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


def _even(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, image.width - image.width % 2, image.height - image.height % 2))
