"""Takes the sound of a film over into an MP4 file."""

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet

_FRAME_SAMPLES = 1024
"""Samples in a frame of AAC."""


class SoundTrack:
    """Decodes sound, and encodes it as AAC with one or two channels, without a gap from its beginning on.

    Args:
        file: the new film, to which nothing has been written yet.
        sound: the sound of the original.
        starts: when the sound begins, in seconds.
    """

    def __init__(self, file: "OutputContainer", sound: "AudioStream", starts: Fraction) -> None:
        import av

        self._file = file
        rates = av.Codec("aac", "w").audio_rates or []
        self._rate = min(rates, key=lambda each: (abs(each - sound.rate), each))
        self._layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        self._stream = file.add_stream("aac", rate=self._rate, layout=self._layout)
        self._decoded = av.AudioFifo()
        self._kind: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None
        self._n = round(starts * self._rate)

    def add(self, packet: "Packet[AudioStream]") -> None:
        """Decode a packet and write what is complete; damaged ones are left out."""
        import av

        try:
            frames = packet.decode()
        except av.FFmpegError:
            return
        for frame in frames:
            kind = frame.format.name, frame.layout.name, frame.sample_rate
            if self._resampler is None or kind != self._kind:  # recordings from television change it midway
                self._kind = kind
                self._resampler = av.AudioResampler(format="fltp", layout=self._layout, rate=self._rate)
            for alike in self._resampler.resample(frame):
                alike.pts = None
                self._decoded.write(alike)
        self._write(partial=False)

    def close(self) -> None:
        """Write what is left."""
        self._write(partial=True)
        self._file.mux(self._stream.encode(None))

    def _write(self, *, partial: bool) -> None:
        for frame in self._decoded.read_many(_FRAME_SAMPLES, partial):
            frame.pts, frame.time_base = self._n, Fraction(1, self._rate)
            self._n += frame.samples
            self._file.mux(self._stream.encode(frame))
