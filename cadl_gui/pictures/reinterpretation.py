"""Writes how a network reinterprets a film: frames beside their reconstructions, and the original's sound.

It reads, reconstructs and writes 32 frames at a time, since the reconstructions of an hour of film would not
fit into memory. Frames keep the film's own times, whatever their rate; its sound becomes AAC.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import RecordingError, UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.domain.moving_images import MovingImages, TimedImage
from cadl_gui.pictures.mp4 import add_pictures, opened_mp4
from cadl_gui.pictures.sound_track import SoundTrack
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _

Reconstruct = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Returns reconstructions of images, both (k, height, width, channels) float32 in [0, 1]."""

SUFFIX = ".mp4"

_LEAST_HEIGHT_PX = 240
_GAP_PX = 2
"""Both even, like the halves: colours have half the resolution and would mix at an odd edge."""

_AT_ONCE = 32
"""Images that are reconstructed at once: few, so that other requests need not wait long in between."""


@dataclass(frozen=True, kw_only=True)
class Reinterpreted:
    """A film that was written.

    Attributes:
        path: its path.
        n: number of frames.
        size: width and height, in pixels.
        seconds: time of the last frame.
        has_sound: whether the original's sound is in it.
        problems: what was wrong with the original, each as the end of a sentence.
    """

    path: Path
    n: int
    size: tuple[int, int]
    seconds: float
    has_sound: bool
    problems: tuple[str, ...]


def write_reinterpretation(
    images: MovingImages, reconstruct: Reconstruct, path: Path
) -> Generator[tuple[int, int], None, Reinterpreted]:
    """Write each image beside its reconstruction, at the images' own times.

    A generator that is closed, or raises an error, leaves no file, and an existing one as it was.

    Args:
        images: the images; they are read, reconstructed and written few at a time.

    Yields:
        The number of frames so far, and their total as far as it is known.

    Raises:
        UserError: if the path does not end in `.mp4`, or is that of the original.
        RecordingError: if the film cannot be written, or there is no image.
        CadlError: if the images cannot be read or reconstructed.
    """
    import av

    require_ending(path, SUFFIX)
    if images.path is not None and path.exists() and path.samefile(images.path):
        raise UserError(_("“{path}” is the film itself: choose another name.").format(path=path))
    try:
        with telling(path, RecordingError, writes=True), atomic_output(path) as beside:
            return (yield from _write(images, reconstruct, path, beside))
    except av.FFmpegError as error:
        raise RecordingError(
            _("“{path}” cannot be written: {reason}.").format(path=path, reason=error.strerror)
        ) from error


def _write(
    images: MovingImages, reconstruct: Reconstruct, path: Path, beside: Path
) -> Generator[tuple[int, int], None, Reinterpreted]:
    import av

    scale = _scale(*images.image_shape[:2])
    n = time = 0
    with opened_mp4(beside) as file:
        height, width = (scale * side for side in images.image_shape[:2])
        size = 2 * width + _GAP_PX, height
        stream = add_pictures(file, images.rate, size)
        stream.time_base = stream.codec_context.time_base = images.time_base
        track = SoundTrack(file, images.sound) if images.sound else None
        yield 0, images.n
        for part in _with_reconstructions(images.parts, reconstruct):
            if not isinstance(part, _Pair):
                if track is not None:
                    track.add(part)
                continue
            frame = av.VideoFrame.from_ndarray(_side_by_side(part, scale), format="rgb24")
            frame.pts, frame.time_base = part.time, images.time_base
            file.mux(stream.encode(frame))
            n, time = n + 1, part.time
            if n % _AT_ONCE == 0:
                yield n, images.n
        if not n:
            raise RecordingError(_("There is no image to reconstruct."))
        file.mux(stream.encode(None))
        if track is not None:
            track.close()
    return Reinterpreted(
        path=path,
        n=n,
        size=size,
        seconds=float(time * images.time_base),
        has_sound=track is not None,
        problems=tuple(images.problems),
    )


@dataclass(frozen=True, eq=False)
class _Pair:
    """An image and its reconstruction, (height, width, channels) uint8 each, and when they are shown."""

    original: NDArray[np.uint8]
    made: NDArray[np.uint8]
    time: int


def _with_reconstructions(
    parts: Iterator[TimedImage | NDArray[np.float32]], reconstruct: Reconstruct
) -> Iterator[_Pair | NDArray[np.float32]]:
    waiting: list[TimedImage] = []
    for part in parts:
        if not isinstance(part, TimedImage):
            yield part
            continue
        waiting.append(part)
        if len(waiting) == _AT_ONCE:
            yield from _pairs(waiting, reconstruct)
            waiting = []
    if waiting:
        yield from _pairs(waiting, reconstruct)


def _pairs(images: list[TimedImage], reconstruct: Reconstruct) -> Iterator[_Pair]:
    seen = np.divide(np.stack([image.pixels for image in images]), 255, dtype=np.float32)
    seen.flags.writeable = False
    for image, made in zip(images, to_uint8(reconstruct(seen)), strict=True):
        yield _Pair(image.pixels, made, image.time)


def _scale(height: int, width: int) -> int:
    """Return the least factor by which a half is high enough, and has even sides."""
    scale = -(-_LEAST_HEIGHT_PX // height)
    return scale + scale % 2 * ((height | width) % 2)


def _side_by_side(pair: _Pair, scale: int) -> NDArray[np.uint8]:
    """Return both enlarged, (height, width, 3) uint8."""
    halves = np.stack([pair.original, pair.made]).repeat(scale, axis=1).repeat(scale, axis=2)
    pixels = montage(halves, columns=2, gap_px=_GAP_PX)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
