"""Reads films in any usual container: frames, fitted as preparing fits images, and packets of sound.

A table of a few bytes in one can claim billions of frames, for each of which FFmpeg takes 24 bytes of memory:
films of others are read in a process of their own.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.preparing.image_decoder import fitted, pixels_of
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.child import in_child
from cadl_gui.system.file_limits import MOST_FILM_PIXELS
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    SoundPacket = Packet[AudioStream]

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,flv,ogg,asf"
"""FFmpeg's names. Others are never tried: a playlist, for instance, names further files and addresses."""

_DAMAGED = _("is no film that can be read, or is damaged")

_WITHOUT_LENGTH = {"mpeg", "mpegts", "mpegvideo"}
"""Containers that do not say how long they are, so that FFmpeg guesses it."""

_FEWEST_FRAME_BYTES = 8
"""A frame takes more, even if it is like the one before: a film cannot hold more frames than that."""

_WIDEST_PIXEL = 3
"""Pixels that are wider than high by more, or higher, are taken as square: no film has them."""

_ROUNDING_FRAMES = 0.1
"""Share of a frame by which a length that is rounded to thousandths of a second is too long."""

_USUAL_RATE = 25
"""Frames per second of a film that does not say."""

SIGN_OF_LIFE = 200
"""Frames, or parts of a file, after which a process that reads a film says so: a film may last for hours."""


@contextmanager
def opened_film(path: Path) -> Iterator["InputContainer"]:
    """Open a film.

    Raises:
        DatasetError: if it cannot be read, or is damaged, also while the block reads it.
    """
    import av  # loads 32 MB of libraries that nothing else needs

    try:
        require_file(path)
        # FFmpeg is given no name, in which it could find an address or another file, but the open file.
        limits = {"max_pixels": str(MOST_FILM_PIXELS)}
        options = {"format_whitelist": _FORMATS, "protocol_whitelist": "", **limits}
        with (
            path.open("rb") as file,
            av.open(file, "r", options=options, metadata_errors="replace") as container,
        ):
            if not container.streams.video:
                raise DatasetError(_("“{path}” holds no pictures, only sound.").format(path=path))
            codec = container.streams.video[0].codec_context
            if codec is None:
                raise DatasetError(_("“{path}” uses an unsupported codec.").format(path=path))
            codec.options = limits
            yield container
    except PermissionError as error:
        raise DatasetError(
            _("“{path}” cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error
    except (av.FFmpegError, UnicodeError) as error:
        raise DatasetError(f"“{path}” {_DAMAGED}.") from error
    except OSError as error:  # without a name: FFmpeg looked for what would lie before a file's beginning
        why = (
            _("cannot be read: {reason}").format(reason=error.strerror or error)
            if error.filename
            else _DAMAGED
        )
        raise DatasetError(f"“{path}” {why}.") from error


def film_length(path: Path) -> tuple[float, int]:
    """Return the duration in seconds and the number of frames; as far as the film says, else by reading it.

    Raises:
        DatasetError: if it holds no pictures, too large ones, or cannot be read.
    """
    *_shape, length = in_child(f"“{path}”", DatasetError, _film_length, path.absolute())
    return length


def _film_length(path: Path) -> Iterator[tuple[float, int]]:
    with opened_film(path) as container:
        stream = container.streams.video[0]
        most = _("at most {most_film_pixels:.1f} megapixels of a film are read").format(
            most_film_pixels=MOST_FILM_PIXELS / 1e6
        )
        if stream.width * stream.height > MOST_FILM_PIXELS:
            raise DatasetError(
                _("“{path}” is too large: {width:,}×{height:,} pixels; {most}.").format(
                    path=path, width=stream.width, height=stream.height, most=most
                )
            )
        for duration, n_frames in _length(container, stream):
            yield duration, n_frames
        if not duration or not stream.width:
            raise DatasetError(
                _("“{path}” holds no pictures, or too large ones: {most}.").format(path=path, most=most)
            )
        yield duration, min(n_frames, max(1, path.stat().st_size // _FEWEST_FRAME_BYTES))


def read_film(container: "InputContainer", stream: "VideoStream") -> "Iterator[VideoFrame | None]":
    """Decode all frames in order; None for what is damaged, until the film ends or breaks off."""
    for _stream, frame in read_film_and_sound(container, stream):
        yield frame


def read_film_and_sound(
    container: "InputContainer", stream: "VideoStream", sound: "AudioStream | None" = None
) -> "Iterator[tuple[SoundPacket | None, VideoFrame | None]]":
    """Decode all frames in order, and pass on the sound between them as it is stored.

    Yields:
        A packet of the sound and None; or None and a frame, or None for what is damaged.
    """
    import av

    packets: Iterator[Any] = container.demux(*(each for each in (stream, sound) if each is not None))
    while True:
        try:
            packet = next(packets)
            if packet.stream is not stream:
                yield packet, None
                continue
        except StopIteration:
            return
        except av.FFmpegError:
            yield None, None
            return
        try:
            for frame in packet.decode():
                yield None, frame
        except av.FFmpegError:
            yield None, None


def seconds_of(frame: "VideoFrame", stream: "VideoStream", number: int) -> float:
    """Return when a frame is shown, from the first one on; by its number if the film does not say."""
    if frame.pts is None:
        return number / float(stream.average_rate or _USUAL_RATE)
    return float(frame.time - (stream.start_time or 0) * (stream.time_base or 0))


def end_of(frame: "VideoFrame", seconds: float) -> float:
    """Return until when a frame is shown that is shown from `seconds` on; the last one may be for long."""
    return seconds + float((frame.duration or 0) * (frame.time_base or 0))


def fitted_frame(
    frame: "VideoFrame", stream: "VideoStream", options: PreparingOptions, size: int
) -> NDArray[np.uint8]:
    """Return a frame upright, cropped and resized as preparing does it, (size, size, 1 or 3) uint8."""
    from PIL import Image

    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
    aspect = stream.sample_aspect_ratio or 1
    if aspect != 1 and 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL:  # not square, as on a DVD
        image = image.resize((max(1, round(image.width * aspect)), image.height), Image.Resampling.BICUBIC)
    if frame.rotation:
        image = image.rotate(frame.rotation, expand=True)
    return pixels_of(fitted(image.convert("L" if options.grey else "RGB"), options, size))


def problems_of(n_damaged: int, end: float, duration: float, pause: float) -> list[str]:
    """Return what was wrong with a film that was read, each as the end of a sentence.

    Args:
        n_damaged: how often `read_film` yielded None.
        end: until when the last frame is shown, in seconds.
        duration: length of the film, in seconds.
        pause: time between two frames, in seconds.
    """
    problems = [_("is damaged in {n_damaged:,} places").format(n_damaged=n_damaged)] if n_damaged else []
    if end + 2 * pause + 1 < duration:
        problems.append(
            _("is truncated: {end:.1f} of {duration:.1f} seconds are there").format(
                end=end, duration=duration
            )
        )
    return problems


def _length(container: "InputContainer", stream: "VideoStream") -> Iterator[tuple[float, int]]:
    """Yield duration and number of frames; if they have to be counted, of as many as were found so far."""
    rate = float(stream.average_rate or 0)
    if stream.duration and stream.time_base:
        duration = float(stream.duration * stream.time_base)
    else:
        duration = (container.duration or 0) / 1e6
    if container.format.name == "avi" and rate:  # of a truncated one, FFmpeg tells how long the rest is
        duration = max(duration, stream.frames / rate)
    if duration > 0 and (stream.frames or rate) and container.format.name not in _WITHOUT_LENGTH:
        yield duration, max(1, stream.frames or math.ceil(duration * rate - _ROUNDING_FRAMES))
        return
    n_frames = 0
    for number, packet in enumerate(container.demux(stream), 1):
        n_frames += packet.size > 0
        if number % SIGN_OF_LIFE == 0:
            yield 0.0, n_frames
    yield n_frames / (rate or _USUAL_RATE), n_frames
