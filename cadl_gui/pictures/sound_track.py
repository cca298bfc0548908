"""Takes the sound of a film over into an MP4 file."""

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.moving_images import Sound

if TYPE_CHECKING:
    from av.container import OutputContainer

_FRAME_SAMPLES = 1024
"""Samples in a frame of AAC."""


class SoundTrack:
    """Encodes sound as AAC, without a gap from its beginning on.

    Args:
        file: the new film, to which nothing has been written yet.
        sound: what is known of the sound; its rate is one of AAC's.
    """

    def __init__(self, file: "OutputContainer", sound: Sound) -> None:
        import av

        self._file = file
        self._rate = sound.rate
        self._layout = "mono" if sound.channels == 1 else "stereo"
        self._stream = file.add_stream("aac", rate=self._rate, layout=self._layout)
        self._waiting = av.AudioFifo()
        self._n = round(sound.starts * self._rate)

    def add(self, samples: NDArray[np.float32]) -> None:
        """Add samples, (channels, n), and write what is complete."""
        import av

        frame = av.AudioFrame.from_ndarray(samples, "fltp", self._layout)
        frame.sample_rate = self._rate
        self._waiting.write(frame)
        self._write(partial=False)

    def close(self) -> None:
        """Write what is left."""
        self._write(partial=True)
        self._file.mux(self._stream.encode(None))

    def _write(self, *, partial: bool) -> None:
        for frame in self._waiting.read_many(_FRAME_SAMPLES, partial):
            frame.pts, frame.time_base = self._n, Fraction(1, self._rate)
            self._n += frame.samples
            self._file.mux(self._stream.encode(frame))
