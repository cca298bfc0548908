"""Images that belong in one file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cadl_gui.domain.images import to_uint8

Check = Callable[[], None]
"""Ends long work by what it raises."""


def unhindered() -> None:
    """Let long work go on to its end."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FrameSequence:
    """Frames that follow each other; one alone is an image.

    Attributes:
        frames: (n, height, width, 1 or 3) uint8, n ≥ 1.
        scale: how wide each of their pixels is in the file.
        smooth: whether to interpolate between pixels instead of drawing squares.
        frames_per_second: how fast it plays.
        text: what a PNG remembers, by keyword.
    """

    frames: NDArray[np.uint8]
    scale: int = 1
    smooth: bool = False
    frames_per_second: float = 24.0
    text: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape, dtype = self.frames.shape, self.frames.dtype
        if len(shape) != 4 or 0 in shape or shape[3] not in {1, 3} or dtype != np.uint8:
            raise ValueError(f"Expected (n, height, width, 1 or 3) uint8. Received: {shape} {dtype}")

    @classmethod
    def of(cls, images: NDArray[Any], side_px: int, **about: Any) -> "FrameSequence":
        """A film of small images, enlarged by whole pixels.

        Args:
            images: (n, height, width, 1 or 3) in [0, 1].
            side_px: about how wide the file is to be.
            about: further attributes.
        """
        return cls(frames=to_uint8(images), scale=scale_to(images.shape[2], side_px), **about)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in the file."""
        return self.frames.shape[2] * self.scale, self.frames.shape[1] * self.scale

    def images(self, check: Check = unhindered) -> Iterator[Image.Image]:
        """The frames as they are in the file, one at a time: together they could fill the memory."""
        for frame in self.frames:
            check()
            yield self.enlarged(frame)

    def enlarged(self, frame: NDArray[np.uint8]) -> Image.Image:
        """A frame, (height, width, 1 or 3), or what was laid out of several, as it is in a file."""
        image = Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame)
        size = (image.width * self.scale, image.height * self.scale)
        way = Image.Resampling.BICUBIC if self.smooth else Image.Resampling.NEAREST
        return image if self.scale == 1 else image.resize(size, way)


def scale_to(width_px: int, side_px: int) -> int:
    """How many times to enlarge something so that it becomes about `side_px` wide; at least once."""
    return max(1, round(side_px / width_px))
