"""A sequence of images for one file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import to_uint8

if TYPE_CHECKING:
    from PIL import Image

Check = Callable[[], None]
"""Called repeatedly during long work, which it can abort by raising an exception."""


def unhindered() -> None:
    """Never abort: the default `Check`."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FrameSequence:
    """A film; with a single frame, an image.

    Attributes:
        frames: (n, height, width, 1 or 3) uint8, n ≥ 1.
        scale: factor by which the frames are enlarged in the file.
        smooth: whether to interpolate between pixels when enlarging, instead of repeating them.
        frames_per_second: frame rate.
        text: metadata to store in a PNG file, by keyword.

    Raises:
        ValueError: if `frames` has another shape or dtype.
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
        """Create a film of small images, enlarged by an integer factor.

        Args:
            images: (n, height, width, 1 or 3) in [0, 1].
            side_px: approximate width of the output in pixels.
            **about: further attributes, except `frames` and `scale`.
        """
        return cls(frames=to_uint8(images), scale=scale_to(images.shape[2], side_px), **about)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame in the file, in pixels."""
        return self.frames.shape[2] * self.scale, self.frames.shape[1] * self.scale

    def images(self, check: Check = unhindered) -> Iterator["Image.Image"]:
        """Yield the enlarged frames one at a time, since together they could fill the memory."""
        for frame in self.frames:
            check()
            yield self.enlarged(frame)

    def enlarged(self, frame: NDArray[np.uint8]) -> "Image.Image":
        """Return a frame, or a montage of several, enlarged by `scale`.

        Args:
            frame: (height, width, 1 or 3) uint8.
        """
        from PIL import Image  # takes a thirtieth of a second that the first drag in Latent need not wait for

        image = Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame)
        size = (image.width * self.scale, image.height * self.scale)
        way = Image.Resampling.BICUBIC if self.smooth else Image.Resampling.NEAREST
        return image if self.scale == 1 else image.resize(size, way)


def scale_to(width_px: int, side_px: int) -> int:
    """Return the integer factor, at least 1, that enlarges a width to about `side_px`."""
    return max(1, round(side_px / width_px))
