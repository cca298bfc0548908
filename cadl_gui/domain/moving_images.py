"""Images in time: the frames of a film with its sound, or a dataset's images at a steady rate."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import ImageShape

FILM_RATE, USUAL_RATE = 24.0, 4.0
"""Images per second where nothing else is said: of a film's frames, and of images that differ more."""


class TimedImage(NamedTuple):
    """An image, and when it is shown.

    Attributes:
        pixels: (height, width, channels) uint8.
        time: time in units of `MovingImages.time_base`; each is later than the one before.
    """

    pixels: NDArray[np.uint8]
    time: int


class Sound(NamedTuple):
    """The sound of a film.

    Attributes:
        rate: samples per second.
        channels: 1 or 2.
        starts: when it begins, in seconds.
    """

    rate: int
    channels: int
    starts: Fraction


@dataclass(frozen=True, eq=False, kw_only=True)
class MovingImages:
    """Images in time, which are read one by one.

    Attributes:
        n: their number; of a film, as far as it says.
        image_shape: (height, width, channels).
        time_base: unit of time, in seconds.
        parts: the images, and the samples of the sound between them, (channels, n) float32.
        rate: images per second, on average.
        sound: what is known of the sound; None if there is none.
        path: path of the film that they are read from; None if they are no film.
        problems: what was wrong with the film, each as the end of a sentence; complete once `parts` is read.
    """

    n: int
    image_shape: ImageShape
    time_base: Fraction
    parts: Iterator[TimedImage | NDArray[np.float32]]
    rate: Fraction
    sound: Sound | None = None
    path: Path | None = None
    problems: list[str] = field(default_factory=list)


class ImageOrder(NamedTuple):
    """Which images of a dataset that is no film are shown, and how fast.

    Attributes:
        rate: images per second.
        numbers: indices of the images, in order, (m,); None takes all.
    """

    rate: float = USUAL_RATE
    numbers: NDArray[np.integer] | None = None


OpenMovingImages = Callable[[str, ImageShape, ImageOrder], AbstractContextManager[MovingImages]]
"""Opens a dataset, by its name in a configuration, as images of a shape; see `datasets.moving_images`."""
