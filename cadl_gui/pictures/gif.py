"""Writes films as GIF files."""

from pathlib import Path

from cadl_gui.pictures.frame_sequence import Check, FrameSequence, unhindered
from cadl_gui.pictures.interruptible_file import InterruptibleFile
from cadl_gui.system.words import _

_SHORTEST_HUNDREDTHS = 2
"""Minimum frame duration: browsers slow down anything shorter to a tenth of the speed."""

_LONGEST_S = 655
"""Longest time that GIF can store for one image, in seconds."""


def write_gif(film: FrameSequence, path: Path, check: Check = unhindered) -> None:
    """Write a film that loops forever.

    Grey frames are stored losslessly; coloured frames are reduced to at most 256 colours each. GIF measures
    time in hundredths of a second, so 24 frames per second become 25.

    Args:
        check: called repeatedly while writing; an exception from it aborts.

    Raises:
        OSError: if the file cannot be written, or an image would be shown for too long.
    """
    hundredths = max(_SHORTEST_HUNDREDTHS, round(100 / film.frames_per_second))
    images = film.images(check)
    first = next(images)
    duration = 10 * hundredths
    with InterruptibleFile(path, check) as file:
        try:
            first.save(file, format="GIF", save_all=True, append_images=images, duration=duration, loop=0)
        except OverflowError as error:  # frames that are alike are stored as one
            raise OSError(
                _("a GIF shows no image for longer than {longest_s} s").format(longest_s=_LONGEST_S)
            ) from error
