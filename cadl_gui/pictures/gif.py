"""Films as GIF."""

from pathlib import Path

from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.interruptible_file import InterruptibleFile

_SHORTEST_HUNDREDTHS = 2
"""What is shorter, browsers show at a tenth of the speed."""


def write_gif(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film that loops for ever.

    Grey frames stay as they are; coloured ones share no more than 256 colours each. GIF counts hundredths of
    a second, so 24 frames a second become 25. `check` ends the writing
    by what it raises.

    Raises:
        OSError: if it cannot be written.
    """
    hundredths = max(_SHORTEST_HUNDREDTHS, round(100 / film.frames_per_second))
    images = film.images(check)
    first = next(images)
    duration = 10 * hundredths
    with InterruptibleFile(path, check) as file:
        first.save(file, format="GIF", save_all=True, append_images=images, duration=duration, loop=0)
