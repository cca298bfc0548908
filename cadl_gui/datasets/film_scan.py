"""Films: one frame every few seconds, or every n-th frame, in any usual container."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.film_boxes import has_boxes
from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.image_decoder import fitted, pixels_of
from cadl_gui.datasets.preparing.made_names import MadeNames
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.import_report import Note
from cadl_gui.domain.preparing_options import DEFAULT_SIZE, PreparingOptions
from cadl_gui.system.file_limits import MOST_FILM_PIXELS
from cadl_gui.system.whole_file import require_file

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_BOXED_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2"
_FORMATS = "matroska,webm,avi,mpeg,mpegts,mpegvideo,flv,ogg,asf"
"""FFmpeg's names; the former are tried for files that `has_boxes` has looked through. Others are never tried:
a playlist, for instance, names further files and addresses.
"""

_WITHOUT_LENGTH = {"mpeg", "mpegts", "mpegvideo"}
"""Containers that do not say how long they are, so that FFmpeg guesses it."""

_USUAL_SECONDS, _ENOUGH = 2.0, 500
"""Seconds between frames, and number of frames below which they are taken more often."""

_FEWEST_FRAME_BYTES = 8
"""A frame takes more, even if it is like the one before: a film cannot hold more frames than that."""

_WIDEST_PIXEL = 3
"""Pixels that are wider than high by more, or higher, are taken as square: no film has them."""

_BLOCK = 32
_ROUNDING_SECONDS = 1e-6


@dataclass(frozen=True)
class _Choice:
    """Which frames of a film are taken.

    Attributes:
        n: their number, or somewhat more: the film says how long it is, but not how many frames are damaged.
        seconds: time between them; 0 goes by number.
        nth: every n-th frame is taken; 0 goes by time.
        duration: length of the film, in seconds.
    """

    n: int
    seconds: float
    nth: int
    duration: float

    def row_of(self, number: int, seconds: float) -> int | None:
        """Row in the dataset for a frame, by its number and time; None for frames between two rows."""
        if self.nth:
            row, rest = divmod(number, self.nth)
            return None if rest else row
        return int((seconds + _ROUNDING_SECONDS) / self.seconds)

    def name_of(self, row: int) -> str:
        """Name of the frame in a row: its number, or its time such as “1:05.50”."""
        if self.nth:
            return f"frame {row * self.nth}"
        minutes, seconds = divmod(row * self.seconds, 60)
        return f"{minutes:.0f}:{seconds:05.2f}"

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.duration), 60)
        often = f"Every {self.nth}. frame" if self.nth else f"A frame every {self.seconds:.3g} s"
        return f"{often} of {minutes}:{seconds:02d} minutes is taken."


def scan_film(path: Path, options: PreparingOptions) -> Scan:
    """Find the frames of a film.

    Args:
        path: path of the film.
        options: how to prepare the frames.

    Raises:
        DatasetError: if it is no film, or damaged.
    """
    path = path.absolute()
    with _opened(path) as container:
        choice = _chosen(path, container, options)
    size = options.size or DEFAULT_SIZE
    shape = (size, size, 1 if options.grey else 3)
    return Scan(
        path=path,
        options=options,
        preview=Preview(choice.n, shape, (), guesses=(str(choice),)),
        state=state_of(path),
        names=MadeNames(choice.n, lambda row: f"{path.name} {choice.name_of(row)}"),
        labels=None,
        tasks=lambda: [_FilmTask(path, choice, options, shape)],
        is_sequence=True,
        in_processes=False,
    )


@dataclass(frozen=True)
class _FilmTask:
    """Decodes a film from its beginning to its end."""

    path: Path
    choice: _Choice
    options: PreparingOptions
    shape: ImageShape

    def blocks(self) -> Iterator[Block]:
        """See `Task.blocks`."""
        rows: dict[int, NDArray[np.uint8]] = {}
        next_row, end, n_damaged = 0, 0.0, 0
        is_turned = False
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            for number, frame in enumerate(_frames(container, stream)):
                if frame is None:
                    n_damaged += 1
                    continue
                end = _seconds_of(frame, stream, number)
                row = self.choice.row_of(number, end)
                if row is None or row < next_row:
                    continue
                if row >= self.choice.n:
                    break
                if rows and row - min(rows) >= _BLOCK:  # a gap, over which a block need not reach
                    yield self._block(rows)
                    rows = {}
                rows[row], next_row = self._pixels(frame, stream), row + 1
                is_turned = is_turned or bool(frame.rotation)
                if len(rows) == _BLOCK:
                    yield self._block(rows)
                    rows = {}
        notes = self._notes(end, n_damaged, is_turned=is_turned)
        if rows:
            yield self._block(rows, notes)
        elif notes and next_row:
            yield Block(next_row, np.zeros((0, *self.shape), np.uint8), np.zeros(0, np.bool_), notes)

    def _block(self, rows: dict[int, NDArray[np.uint8]], notes: tuple[Note, ...] = ()) -> Block:
        first = min(rows)
        images = np.zeros((max(rows) - first + 1, *self.shape), np.uint8)
        are_read = np.zeros(len(images), np.bool_)
        for row, pixels in rows.items():
            images[row - first], are_read[row - first] = pixels, True
        return Block(first, images, are_read, notes)

    def _pixels(self, frame: "VideoFrame", stream: "VideoStream") -> NDArray[np.uint8]:
        from PIL import Image

        image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
        aspect = stream.sample_aspect_ratio or 1
        if (
            aspect != 1 and 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL
        ):  # pixels that are not square, as on a DVD
            image = image.resize(
                (max(1, round(image.width * aspect)), image.height), Image.Resampling.BICUBIC
            )
        if frame.rotation:
            image = image.rotate(frame.rotation, expand=True)
        return pixels_of(
            fitted(image.convert("L" if self.options.grey else "RGB"), self.options, self.shape[0])
        )

    def _notes(self, end: float, n_damaged: int, *, is_turned: bool) -> tuple[Note, ...]:
        notes = [Note("turned", self.path.name, "")] if is_turned else []
        if n_damaged:
            notes.append(Note("problem", self.path.name, f"is damaged in {n_damaged:,} places"))
        if end + 2 * self.choice.seconds + 1 < self.choice.duration and not self.options.limit:
            text = f"is truncated: {end:.1f} of {self.choice.duration:.1f} seconds are there"
            notes.append(Note("problem", self.path.name, text))
        return tuple(notes)


@contextmanager
def _opened(path: Path) -> Iterator["InputContainer"]:
    import av  # loads 32 MB of libraries that nothing else needs

    try:
        require_file(path)
        formats = f"{_BOXED_FORMATS},{_FORMATS}" if has_boxes(path) else _FORMATS
        # FFmpeg is given no name, in which it could find an address or another file, but the open file.
        limits = {"max_pixels": str(MOST_FILM_PIXELS)}
        options = {"format_whitelist": formats, "protocol_whitelist": "", **limits}
        with (
            path.open("rb") as file,
            av.open(file, "r", options=options, metadata_errors="replace") as container,
        ):
            if not container.streams.video:
                raise DatasetError(f"“{path}” holds no pictures, only sound.")
            codec = container.streams.video[0].codec_context
            if codec is None:
                raise DatasetError(f"“{path}” is packed in a way that cannot be read.")
            codec.options = limits
            yield container
    except (av.FFmpegError, UnicodeError) as error:
        raise DatasetError(f"“{path}” is no film that can be read, or is damaged.") from error
    except OSError as error:
        raise DatasetError(f"“{path}” cannot be read: {error.strerror or error}.") from error


def _frames(container: "InputContainer", stream: "VideoStream") -> Iterator["VideoFrame | None"]:
    """Decode all frames in order; None for what is damaged, until the film ends or breaks off."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:
            yield None
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            yield None


def _seconds_of(frame: "VideoFrame", stream: "VideoStream", number: int) -> float:
    if frame.pts is None:
        return number / float(stream.average_rate or 25)
    return float(frame.time - (stream.start_time or 0) * (stream.time_base or 0))


def _chosen(path: Path, container: "InputContainer", options: PreparingOptions) -> _Choice:
    stream = container.streams.video[0]
    most = f"at most {MOST_FILM_PIXELS / 1e6:.1f} megapixels of a film are read"
    if stream.width * stream.height > MOST_FILM_PIXELS:
        raise DatasetError(f"“{path}” is too large: {stream.width:,}×{stream.height:,} pixels; {most}.")
    duration, n_frames = _length(container, stream)
    if not duration or not stream.width:
        raise DatasetError(f"“{path}” holds no pictures, or too large ones: {most}.")
    n_frames = min(n_frames, max(1, path.stat().st_size // _FEWEST_FRAME_BYTES))
    if options.nth_frame:
        nth = options.nth_frame
        nth = max(nth, math.ceil(n_frames / options.limit)) if options.limit else nth
        return _Choice(math.ceil(n_frames / nth), 0.0, nth, duration)
    seconds = options.every or min(_USUAL_SECONDS, duration / _ENOUGH)
    seconds = max(seconds, duration / n_frames, duration / options.limit if options.limit else 0.0)
    return _Choice(max(1, math.ceil(duration / seconds - _ROUNDING_SECONDS)), seconds, 0, duration)


def _length(container: "InputContainer", stream: "VideoStream") -> tuple[float, int]:
    """Duration in seconds, and number of frames; as far as the film says, else by reading it."""
    rate = float(stream.average_rate or 0)
    if stream.duration and stream.time_base:
        duration = float(stream.duration * stream.time_base)
    else:
        duration = (container.duration or 0) / 1e6
    if duration > 0 and (stream.frames or rate) and container.format.name not in _WITHOUT_LENGTH:
        return duration, max(1, stream.frames or math.ceil(duration * rate))
    n_frames = sum(1 for packet in container.demux(stream) if packet.size)
    return n_frames / (rate or 25), n_frames
