"""Films as GIF."""

from pathlib import Path

from cadl_gui.pictures.film import Film

_SHORTEST_HUNDREDTHS = 2
"""What is shorter, browsers show at a tenth of the speed."""


def write_gif(film: Film, path: Path) -> None:
    """Write a film that loops for ever.

    Grey frames stay as they are; coloured ones share no more than 256 colours each. GIF counts hundredths of
    a second, so 24 frames a second become 25.

    Raises:
        OSError: if it cannot be written.
    """
    hundredths = max(_SHORTEST_HUNDREDTHS, round(100 / film.frames_per_second))
    first, *others = film.images()
    first.save(path, format="GIF", save_all=True, append_images=others, duration=10 * hundredths, loop=0)
