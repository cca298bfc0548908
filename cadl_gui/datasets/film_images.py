"""The frames of a film at their own times, as a network takes them, with the film's sound."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from cadl_gui.domain.moving_images import MovingImages, Sound, TimedImage
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.child import in_child
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

_UNKNOWN_SOUND = _("has sound of a kind that cannot be read, which is left out")
_LATEST_SOUND_S = 86_400
"""Sound that begins a day after the pictures, or before them, begins with them: the film is damaged."""


@contextmanager
def film_images(path: Path, options: PreparingOptions, image_shape: ImageShape) -> Iterator[MovingImages]:
    """Open a film; unlike prepared ones, all its frames are read, at their own times.

    Times are those in the film, less what passes before its pictures or its sound begin. Its sound has one or
    two channels, and a rate that AAC has.

    Args:
        options: how frames are fitted; their size and colour follow the shape.
        image_shape: (height, width, channels) of the images.

    Raises:
        DatasetError: if it cannot be read, or its frames cannot have this shape.
    """
    size, width, channels = image_shape
    if size != width or channels not in {1, 3}:
        raise DatasetError(
            _(
                "The network takes images of {size}×{width} with {channels} channels: a film’s are square, "
                "and grey or in colour."
            ).format(size=size, width=width, channels=channels)
        )
    duration, n = film_length(path)
    options = replace(options, size=size, grey=channels == 1)
    with closing(in_child(f"“{path}”", DatasetError, _film, path.absolute(), options, duration)) as film:
        about = next(film)
        assert isinstance(about, _About), "it comes first"
        problems: list[str] = []
        yield MovingImages(
            n=n,
            image_shape=image_shape,
            time_base=about.time_base,
            parts=_parts(film, problems),
            rate=about.rate,
            sound=about.sound,
            path=path,
            problems=problems,
        )


class _About(NamedTuple):
    time_base: Fraction
    rate: Fraction
    sound: Sound | None


_Part = TimedImage | NDArray[np.float32]


def _parts(film: "Iterator[_About | _Part | str]", problems: list[str]) -> Iterator[_Part]:
    for part in film:
        if isinstance(part, str):
            problems.append(part)
        elif not isinstance(part, _About):
            yield part


def _film(path: Path, options: PreparingOptions, duration: float) -> "Iterator[_About | _Part | str]":
    """Read a film to its end: yields what is known of it, its parts, and what was wrong with it."""
    with opened_film(path) as container:
        stream, sounds = container.streams.video[0], container.streams.audio
        sound = next((each for each in sounds if each.codec_context is not None), None)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        time_base = stream.time_base or 1 / rate
        origin = _origin(stream, sound)
        decoder = None if sound is None else _SoundDecoder(sound, _start(sound) - origin)
        yield _About(time_base, rate, None if decoder is None else decoder.sound)
        if sounds and sound is None:
            yield _UNKNOWN_SOUND
        number, end, n_damaged, last = 0, 0.0, 0, -1
        for packet, frame in read_film_and_sound(container, stream, sound):
            if packet is not None and decoder is not None:
                yield from decoder.samples(packet)
            elif frame is None:
                n_damaged += 1
            else:
                shown = seconds_of(frame, stream, number)
                end = end_of(frame, shown)
                seconds = frame.pts * time_base - origin if frame.pts is not None else shown
                last = max(last + 1, round(seconds / time_base))
                number += 1
                yield TimedImage(fitted_frame(frame, stream, options, options.size), last)
        yield from problems_of(n_damaged, end, duration, float(1 / rate))


class _SoundDecoder:
    """Decodes the packets of a sound, in one or two channels and at the nearest rate that AAC has."""

    def __init__(self, stream: "AudioStream", starts: Fraction) -> None:
        import av

        rates = av.Codec("aac", "w").audio_rates or []
        self.sound = Sound(
            min(rates, key=lambda each: (abs(each - stream.rate), each)),
            1 if stream.codec_context.channels == 1 else 2,
            starts if abs(starts) < _LATEST_SOUND_S else Fraction(0),
        )
        self._kind: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None

    def samples(self, packet: "Packet[AudioStream]") -> Iterator[NDArray[np.float32]]:
        """Yield what is in a packet; damaged ones are left out."""
        import av

        try:
            frames = packet.decode()
        except av.FFmpegError:
            return
        for frame in frames:
            kind = frame.format.name, frame.layout.name, frame.sample_rate
            if self._resampler is None or kind != self._kind:  # recordings from television change it midway
                self._kind, layout = kind, "mono" if self.sound.channels == 1 else "stereo"
                self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=self.sound.rate)
            for alike in self._resampler.resample(frame):
                yield alike.to_ndarray().astype(np.float32, copy=False)


def _origin(stream: "VideoStream", sound: "AudioStream | None") -> Fraction:
    """Return the time in the film that becomes 0, in seconds.

    Sound may begin before 0, where its coding takes a moment to settle; pictures may not.
    """
    first = _start(stream)
    return min(first, max(Fraction(0), first if sound is None else _start(sound)))


def _start(stream: "Stream") -> Fraction:
    return (stream.start_time or 0) * (stream.time_base or Fraction(0))
