"""The frames of a film at their own times, as a network takes them, with the film's sound."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.datasets.film_reader import (
    end_of,
    film_length,
    fitted_frame,
    opened_film,
    problems_of,
    read_film_and_sound,
    seconds_of,
)
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.moving_images import MovingImages, TimedImage
from cadl_gui.domain.preparing_options import PreparingOptions

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

_UNKNOWN_SOUND = "has sound of a kind that cannot be read, which is left out"
_LATEST_SOUND_S = 86_400
"""Sound that begins a day after the pictures, or before them, begins with them: the film is damaged."""


@contextmanager
def film_images(path: Path, options: PreparingOptions, image_shape: ImageShape) -> Iterator[MovingImages]:
    """Open a film; unlike prepared ones, all its frames are read, at their own times.

    Times are those in the film, less what passes before its pictures or its sound begin.

    Args:
        options: how frames are fitted; their size and colour follow the shape.
        image_shape: (height, width, channels) of the images.

    Raises:
        DatasetError: if it cannot be read, or its frames cannot have this shape.
    """
    size, width, channels = image_shape
    if size != width or channels not in {1, 3}:
        raise DatasetError(
            f"The network takes images of {size}×{width} with {channels} channels: a film’s are square, "
            "and grey or in colour."
        )
    duration, n = film_length(path)
    with opened_film(path) as container:
        stream = container.streams.video[0]
        sounds = container.streams.audio
        sound = next((each for each in sounds if each.codec_context is not None), None)
        problems = [_UNKNOWN_SOUND] if sounds and sound is None else []
        reader = _FilmParts(
            container, stream, sound, replace(options, size=size, grey=channels == 1), duration, problems
        )
        yield MovingImages(
            n=n,
            image_shape=image_shape,
            time_base=reader.time_base,
            parts=iter(reader),
            rate=reader.rate,
            sound=sound,
            sound_starts=reader.sound_starts,
            path=path,
            problems=problems,
        )


class _FilmParts:
    """Reads a film from its beginning to its end; see `MovingImages.parts`."""

    def __init__(
        self,
        container: "InputContainer",
        stream: "VideoStream",
        sound: "AudioStream | None",
        options: PreparingOptions,
        duration: float,
        problems: list[str],
    ) -> None:
        self._container = container
        self._stream = stream
        self._sound = sound
        self._options = options
        self._duration = duration
        self._problems = problems
        self.rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        self.time_base = stream.time_base or 1 / self.rate
        self._origin = _origin(stream, sound)
        starts = Fraction(0) if sound is None else _start(sound) - self._origin
        self.sound_starts = starts if abs(starts) < _LATEST_SOUND_S else Fraction(0)

    def __iter__(self) -> "Iterator[TimedImage | Packet[AudioStream]]":
        number, end, n_damaged, last = 0, 0.0, 0, -1
        for packet, frame in read_film_and_sound(self._container, self._stream, self._sound):
            if packet is not None:
                yield packet
            elif frame is None:
                n_damaged += 1
            else:
                shown = seconds_of(frame, self._stream, number)
                end = end_of(frame, shown)
                seconds = frame.pts * self.time_base - self._origin if frame.pts is not None else shown
                last = max(last + 1, round(seconds / self.time_base))
                number += 1
                yield TimedImage(fitted_frame(frame, self._stream, self._options, self._options.size), last)
        self._problems += problems_of(n_damaged, end, self._duration, float(1 / self.rate))


def _origin(stream: "VideoStream", sound: "AudioStream | None") -> Fraction:
    """Return the time in the film that becomes 0, in seconds.

    Sound may begin before 0, where its coding takes a moment to settle; pictures may not.
    """
    first = _start(stream)
    return min(first, max(Fraction(0), first if sound is None else _start(sound)))


def _start(stream: "Stream") -> Fraction:
    return (stream.start_time or 0) * (stream.time_base or Fraction(0))
