"""Marks of weight images, such as those of bent ones."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from cadl_gui.domain.bends import Bend, Bends
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.weight_images import WeightImages
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD, UNIT_PX

_LEAST_MARK = 0.6
"""Smallest size of a mark, as a share of its full size, to fit between two images."""


def bent_images(bends: Bends, images: WeightImages, owner: LayerSpec) -> dict[int, Bend]:
    """Return the bends of the images of a layer, by image index."""
    bent: dict[int, Bend] = {}
    for bend in bends:
        part = bend.part
        if part.is_unit and part.layer == owner.name:
            tiles = range(part.unit, images.n_inputs * images.n_units, images.n_units)
            bent |= dict.fromkeys(tiles, bend)
        elif not part.is_unit and part.layer == images.layer.name:
            source = 0 if images.is_colour else part.source
            bent[part.source if images.paints else source * images.n_units + part.unit] = bend
    return bent


def bent_mark(bend: Bend) -> str:
    """Return a short mark, such as "×0" or "⇄"."""
    swapped = "⇄" if bend.origin != bend.part else ""
    factor = f"×{bend.factor:g}".replace("-", "−") if bend.factor != 1 else ""
    return swapped + factor


def mark_chip(mark: str, gap: float, theme: Theme, ratio: float) -> QPixmap:
    """Return a mark on its background as a pixmap, since thousands are painted per frame.

    Args:
        gap: Pixels between two images; if the chip nearly fits there, it shrinks, to cover no weight.
    """
    side, font = float(theme.sizes.caption + 2), theme.font("caption", SEMIBOLD)
    across = max(side, QFontMetricsF(font).horizontalAdvance(mark) + UNIT_PX)
    if _LEAST_MARK * across <= gap < across:
        font.setPixelSize(round(font.pixelSize() * gap / across))
        side, across = side * gap / across, gap
    side, across = math.floor(side), math.floor(across)
    chip = QPixmap(round(across * ratio), round(side * ratio))
    chip.setDevicePixelRatio(ratio)
    chip.fill(QColor(theme.colours.caution_surface))
    writer = QPainter(chip)
    writer.setFont(font)
    writer.setPen(QColor(theme.colours.caution))
    writer.drawText(QRectF(0, 0, across, side), Qt.AlignmentFlag.AlignCenter, mark)
    writer.end()
    return chip
