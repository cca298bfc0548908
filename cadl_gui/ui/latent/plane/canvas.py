"""The surface that layers of the latent plane paint on."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRect

from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.label_colours import Background
from cadl_gui.ui.theme.tokens import LIGHT


@dataclass(frozen=True)
class LatentCanvas:
    """Maps a box of the plane to a surface of pixels.

    Attributes:
        box: The part of the plane shown.
        width: In pixels.
        height: In pixels.
        ratio: Pixels of the surface per pixel of the widget: 1 on the widget itself, the screen's ratio on
            an image of device pixels.
        background: Selects the set of label colours.
        background_colour: The colour, `#RRGGBB`, where nothing is painted.
        part: The part to paint, in pixels; everything if it is null.
    """

    box: ViewBox
    width: int
    height: int
    ratio: float
    background: Background
    background_colour: str
    part: QRect = field(default_factory=QRect)

    @property
    def ink(self) -> str:
        """The colour of lines, `#RRGGBB`."""
        return "#FFFFFF" if self.background == "dark" else LIGHT.text

    @property
    def rect(self) -> QRect:
        """The whole surface."""
        return QRect(0, 0, self.width, self.height)

    @property
    def clip(self) -> QRect:
        """The part to paint, in pixels."""
        return self.rect if self.part.isNull() else self.part

    @property
    def clipped_box(self) -> ViewBox:
        """The part of the plane to paint."""
        clip = self.clip
        left, top = self.box.to_plane(clip.left(), clip.top(), self.width, self.height)
        right, bottom = self.box.to_plane(clip.right() + 1, clip.bottom() + 1, self.width, self.height)
        return ViewBox(left, right, bottom, top)

    def near(self, places: NDArray[Any], reach: float) -> NDArray[np.bool_]:
        """Return which places in pixels, (n, 2), are within `reach` of the part to paint: (n,) bool."""
        clip = self.clip
        low = (clip.left() - reach, clip.top() - reach)
        high = (clip.right() + reach, clip.bottom() + reach)
        return np.asarray(np.all((places >= low) & (places <= high), axis=1), np.bool_)

    def to_pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return the pixel coordinates of points of the plane, (..., 2)."""
        return self.box.to_pixels(points, self.width, self.height)

    def rectangle(self, box: ViewBox) -> QRect:
        """Return the pixels of a part of the plane, rounded so that neighbours meet without a seam."""
        corners = self.to_pixels([(box.z0_low, box.z1_high), (box.z0_high, box.z1_low)])
        (left, top), (right, bottom) = np.rint(corners).astype(int).tolist()
        return QRect(left, top, right - left, bottom - top)
