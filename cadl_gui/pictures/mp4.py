"""Films as MP4."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from cadl_gui.pictures.film import Film

_QUALITY = {"crf": "18", "preset": "medium"}
"""Visually lossless; slower presets save little of so small films."""


def write_mp4(film: Film, path: Path) -> None:
    """Write a film as H.264 with halved colour resolution (yuv420p), which every player and browser shows.

    Its sides are even numbers of pixels; odd ones lose their last column or row.

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
            for image in film.images():
                pixels = np.asarray(_even(image.convert("RGB")))
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _even(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, image.width - image.width % 2, image.height - image.height % 2))
