"""Takes the sound of a film over into an MP4 file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet

_COPIED = {"aac", "alac", "ac3", "eac3", "mp3"}
"""Codecs that are copied; players of MP4 files know them."""

_NEEDS_DESCRIPTION = {"aac", "alac"}
"""Codecs of which MP4 files have a description that some other containers do not."""

_Kind = tuple[str, str, int]
"""Format, layout and samples in a second of decoded sound."""


def sound_track(file: "OutputContainer", sound: "AudioStream") -> "CopiedSound | EncodedSound":
    """Add a stream for the sound to a new file, before anything is written to it.

    Args:
        file: the new file.
        sound: the sound of a film; `add` takes its packets.
    """
    codec = sound.codec_context
    has_description = codec.name not in _NEEDS_DESCRIPTION or bool(codec.extradata)
    if codec.name in _COPIED and has_description:
        return CopiedSound(file, sound)
    return EncodedSound(file, sound)


class CopiedSound:
    """Copies sound as it is."""

    def __init__(self, file: "OutputContainer", sound: "AudioStream") -> None:
        self._file = file
        self._stream = file.add_stream_from_template(sound)
        self._last: int | None = None

    def add(self, packet: "Packet[AudioStream]") -> None:
        """Write a packet, unless it repeats what was written: damaged films go back in time."""
        if packet.dts is None or (self._last is not None and packet.dts <= self._last):
            return
        self._last = packet.dts
        packet.stream = self._stream
        self._file.mux(packet)

    def close(self) -> None:
        """Write what is left: nothing."""


class EncodedSound:
    """Decodes sound, and encodes it as AAC with one or two channels."""

    def __init__(self, file: "OutputContainer", sound: "AudioStream") -> None:
        import av

        self._file = file
        rates = av.Codec("aac", "w").audio_rates or []
        rate = min(rates, key=lambda each: (abs(each - sound.rate), each))
        layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        self._stream = file.add_stream("aac", rate=rate, layout=layout)
        self._last: float | None = None
        self._first: tuple[_Kind, Fraction | None] | None = None
        self._converted: _Kind | None = None
        self._converter: AudioResampler | None = None
        # Where the sound has gaps, silence fills them.
        self._resampler = av.AudioResampler(
            format="fltp", layout=layout, rate=rate, frame_size=1024, options={"async": "1000"}
        )

    def add(self, packet: "Packet[AudioStream]") -> None:
        """Decode a packet and write what is complete; damaged ones are left out."""
        import av

        try:
            frames = packet.decode()
        except av.FFmpegError:
            return
        for frame in frames:
            if self._goes_on(frame):
                for alike in self._as_the_first(frame):
                    self._encode(self._resampler.resample(alike))

    def _goes_on(self, frame: "AudioFrame") -> bool:
        """Whether a frame is later than all before: damaged films go back in time."""
        if frame.time is None:
            return True
        is_later = self._last is None or frame.time > self._last
        self._last = frame.time if is_later else self._last
        return is_later

    def _as_the_first(self, frame: "AudioFrame") -> "Iterable[AudioFrame]":
        """Convert a frame to the kind of the first one: recordings from television change it midway."""
        import av

        kind, unit = (frame.format.name, frame.layout.name, frame.sample_rate), frame.time_base
        if self._first is None:
            self._first = kind, unit
        (name, layout, rate), first_unit = self._first
        if kind == self._first[0]:
            return [frame]
        if self._converter is None or kind != self._converted:
            self._converter = av.AudioResampler(format=name, layout=layout, rate=rate)
            self._converted = kind
        converted = self._converter.resample(frame)
        for each in converted:
            if each.pts is not None and each.time_base and first_unit:
                each.pts, each.time_base = round(each.pts * each.time_base / first_unit), first_unit
        return converted

    def close(self) -> None:
        """Write what is left."""
        self._encode(self._resampler.resample(None))
        self._file.mux(self._stream.encode(None))

    def _encode(self, frames: "Iterable[AudioFrame]") -> None:
        for frame in frames:
            self._file.mux(self._stream.encode(frame))
