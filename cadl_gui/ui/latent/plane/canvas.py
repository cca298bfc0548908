"""What a layer of the latent plane paints on."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRect

from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.label_colours import Background


@dataclass(frozen=True)
class LatentCanvas:
    """A box of the plane on a surface of pixels.

    Attributes:
        box: what it shows.
        width: in pixels.
        height: in pixels.
        ratio: pixels of the surface to each pixel of the widget: 1 on the widget itself, the screen's ratio
            on an image of device pixels.
        background: which set of label colours holds on it.
        background_colour: the colour, `#RRGGBB`, where nothing is painted.
        part: what of it is to be painted, in its pixels; everything if it is null.
    """

    box: ViewBox
    width: int
    height: int
    ratio: float
    background: Background
    background_colour: str
    part: QRect = field(default_factory=QRect)

    @property
    def rect(self) -> QRect:
        """The whole surface."""
        return QRect(0, 0, self.width, self.height)

    @property
    def clip(self) -> QRect:
        """What of it is to be painted."""
        return self.rect if self.part.isNull() else self.part

    @property
    def clipped_box(self) -> ViewBox:
        """What of the plane is to be painted."""
        clip = self.clip
        left, top = self.box.to_plane(clip.left(), clip.top(), self.width, self.height)
        right, bottom = self.box.to_plane(clip.right() + 1, clip.bottom() + 1, self.width, self.height)
        return ViewBox(left, right, bottom, top)

    def near(self, places: NDArray[Any], reach: float) -> NDArray[np.bool_]:
        """Which places in pixels, (n, 2), lie in what is to be painted or at most `reach` away: (n,) bool."""
        clip = self.clip
        low = (clip.left() - reach, clip.top() - reach)
        high = (clip.right() + reach, clip.bottom() + reach)
        return np.asarray(np.all((places >= low) & (places <= high), axis=1), np.bool_)

    def to_pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """Where points of the plane, (..., 2), are."""
        return self.box.to_pixels(points, self.width, self.height)

    def rectangle(self, box: ViewBox) -> QRect:
        """Where a part of the plane is, its edges on whole pixels, so that neighbours meet without a seam."""
        corners = self.to_pixels([(box.z0_low, box.z1_high), (box.z0_high, box.z1_low)])
        (left, top), (right, bottom) = np.rint(corners).astype(int).tolist()
        return QRect(left, top, right - left, bottom - top)
