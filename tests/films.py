"""Films made for tests, with a flash and a click at the same moment, and how PyAV reads them."""

import struct
from fractions import Fraction

import av
import numpy as np

SOUND_RATE = 48_000
CLICK_SECONDS = 0.02


def make_film(
    path,
    *,
    codec="libx264",
    sound="aac",
    rate=25,
    times=None,
    flash=20,
    n=40,
    size=(64, 48),
    sound_seconds=None,
    sound_starts=0.0,
    sound_rate=SOUND_RATE,
    sound_layout="mono",
    starts=0.0,
):
    """Write a film of grey frames, one of which flashes while the sound clicks.

    Args:
        path: file to write; its suffix chooses the container.
        codec: codec of the pictures.
        sound: codec of the sound, or "" for none.
        rate: frames per second.
        times: time of each frame in thousandths of a second; by default it is steady.
        flash: number of the white frame.
        n: number of frames.
        size: width and height.
        sound_seconds: length of the sound; by default that of the pictures.
        sound_starts: when the sound begins, in seconds.
        sound_rate: samples of the sound in a second.
        sound_layout: "mono" or "stereo".
        starts: when the pictures begin, in seconds.
    """
    thousandths = Fraction(1, 1000)
    if times is None:
        times = [round(1000 * i / rate) for i in range(n)]
    times = [time + round(1000 * starts) for time in times]
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        if len(set(np.diff(times))) > 1:
            stream.codec_context.time_base = thousandths
        noise = file.add_stream(sound, rate=sound_rate, layout=sound_layout) if sound else None
        for i, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(i, i == flash, size), format="rgb24")
            frame.pts, frame.time_base = time, thousandths
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if noise is not None:
            seconds = sound_seconds or times[-1] / 1000 + 1 / rate - sound_starts
            _write_sound(file, noise, seconds, times[flash] / 1000 - sound_starts, sound_starts)
    return path


def picture(number, is_flash, size):
    """(height, width, 3) uint8: white for the flash, else grey, with a darker left half and a corner."""
    width, height = size
    pixels = np.full((height, width, 3), 255 if is_flash else 60 + 2 * number % 60, np.uint8)
    if not is_flash:
        pixels[:, : width // 2] -= 30
        pixels[: height // 4, width // 2 :] = (200, 160, 120)
    return pixels


def _write_sound(file, stream, seconds, click, starts):
    samples = np.zeros(round(seconds * SOUND_RATE), np.float32)
    at = round(click * SOUND_RATE)
    length = round(CLICK_SECONDS * SOUND_RATE)
    samples[at : at + length] = 0.8 * np.sin(np.arange(length) * 0.4)
    about = stream.codec_context
    resampler = av.AudioResampler(
        format=about.format,
        layout=about.layout.name,
        rate=about.sample_rate,
        frame_size=about.frame_size or 1024,
    )
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
    frame.rate, frame.pts, frame.time_base = SOUND_RATE, round(starts * SOUND_RATE), Fraction(1, SOUND_RATE)
    for each in (*resampler.resample(frame), *resampler.resample(None)):
        file.mux(stream.encode(each))
    file.mux(stream.encode(None))


def turned(path):
    """Turn an MP4 film by a quarter, as a telephone that was held upright does."""
    content = path.read_bytes()
    identity = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    at = content.index(identity, content.index(b"tkhd"))
    path.write_bytes(content[:at] + quarter + content[at + 36 :])
    return path


def frames_of(path):
    """The frames as PyAV reads them: (n, height, width, 3) uint8, and their times in seconds."""
    with av.open(str(path)) as file:
        frames = list(file.decode(video=0))
    return np.stack([frame.to_ndarray(format="rgb24") for frame in frames]), [
        Fraction(frame.pts) * frame.time_base for frame in frames
    ]


def sound_of(path):
    """The sound as PyAV reads it: when it is loudest, begins and ends, in seconds; None if there is none."""
    with av.open(str(path)) as file:
        if not file.streams.audio:
            return None
        frames = [
            (float(frame.time), frame.sample_rate, frame.to_ndarray().reshape(-1, frame.samples)[0])
            for frame in _resampled(file)
        ]
    first = next(
        time + float(np.argmax(np.abs(samples) > 0.2)) / rate
        for time, rate, samples in frames
        if np.abs(samples).max(initial=0) > 0.2
    )
    time, rate, samples = frames[-1]
    return first, frames[0][0], time + len(samples) / rate


def _resampled(file):
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SOUND_RATE)
    for frame in file.decode(audio=0):
        yield from resampler.resample(frame)
