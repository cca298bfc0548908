"""The scale of signed colours: from -limit through zero to +limit, or from the lowest to the highest."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.colour_map import (
    N_COLOURS,
    NOT_A_NUMBER_COLOUR,
    colour_map,
    is_sequential,
    signed_rgb,
)
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

_WIDEST = 24
"""Largest width of the bar, as a multiple of the caption's type size."""

_NOT_FINITE = _("not finite")
_GREYS = signed_rgb(np.repeat(np.linspace(-1, 1, N_COLOURS, dtype=np.float32)[:, np.newaxis], 3, axis=1), 1.0)


def legend_height(theme: Theme) -> int:
    """Height of the legend in pixels, including the gap above it."""
    return GAP_SMALL_PX + _bar_height(theme) + UNIT_PX + theme.line_px


def legend_width(theme: Theme, room: float) -> float:
    """Width of the bar in pixels, given the available width `room`."""
    return min(room, _WIDEST * theme.sizes.caption)


class Legend(NamedTuple):
    """Geometry and labels of a colour bar.

    Attributes:
        place: Where it begins, and its width; its height is `legend_height`, or 0 where there is no room.
        ends: Labels at the ends of the bar.
        zero: Position of 0 as a fraction of the bar's width; None if 0 is outside the range.
        has_not_finite: Whether to add a swatch for values that are not finite.
        in_colour: Whether values are amounts of red, green and blue, for which grey is zero.
        colours: Name of the colour map; "" is the one chosen for signed numbers.
    """

    place: QRectF
    ends: tuple[str, str]
    zero: float | None = 0.5
    has_not_finite: bool = False
    in_colour: bool = False
    colours: str = ""


def symmetric_legend(
    place: QRectF,
    limit: float | str,
    *,
    is_exceeded: bool = False,
    has_not_finite: bool = False,
    in_colour: bool = False,
) -> Legend:
    """Return a legend from -limit to limit.

    Args:
        limit: The absolute value at the ends, or its label where every image has a different one.
        is_exceeded: Whether values beyond the limit have its colour.
        has_not_finite: Whether to add a swatch for values that are not finite.
        in_colour: Whether values are amounts of red, green and blue.
    """
    words = limit if isinstance(limit, str) else number_text(limit)
    ends = (f"≤ −{words}", f"≥ {words}") if is_exceeded else (f"−{words}", words)
    return Legend(place, ends, has_not_finite=has_not_finite, in_colour=in_colour)


def activation_legend(place: QRectF, limit: float | str, colours: str) -> Legend:
    """Return the legend of activations: from 0 if the colour map is for numbers that are never negative.

    Args:
        limit: The largest absolute value, or its label.
        colours: Name of the colour map.
    """
    if not is_sequential(colours):
        return symmetric_legend(place, limit)
    words = limit if isinstance(limit, str) else number_text(limit)
    return Legend(place, ("0", words), None, colours=colours)


def stretched_legend(place: QRectF, low: float, high: float) -> Legend:
    """Return a legend from `low` to `high`, the range of `stretched`, with 0 marked if it lies inside."""
    zero = -low / (high - low) if low < 0 < high else None
    return Legend(place, (number_text(low), number_text(high)), zero)


def paint_legend(painter: QPainter, legend: Legend, theme: Theme) -> None:
    """Paint the bar with its numbers below, if there is room; the painter's state is restored."""
    if not legend.place.height():
        return
    painter.save()
    place = legend.place
    bar = _paint_scale(painter, place, theme, legend)
    if legend.has_not_finite:
        _paint_not_finite(painter, QRectF(place.x(), bar.y(), place.width(), place.bottom() - bar.y()), bar)
    painter.restore()


def _paint_scale(painter: QPainter, place: QRectF, theme: Theme, legend: Legend) -> QRectF:
    """Paint the bar, its end labels and, where there is room, 0; return the bar's rectangle."""
    painter.setFont(theme.font("caption"))
    ends, zero, room = legend.ends, legend.zero, place.width()
    if legend.has_not_finite:
        swatch = 2 * GAP_SMALL_PX + _bar_height(theme)
        named = swatch + UNIT_PX + painter.fontMetrics().horizontalAdvance(_NOT_FINITE) + 1
        room -= named if 2 * named < room else swatch
    colours = _GREYS if legend.in_colour else colour_map(legend.colours or theme.colour_map)
    if is_sequential(legend.colours):
        colours = colours[N_COLOURS // 2 :]
    width = legend_width(theme, room)
    bar = QRectF(place.x(), place.y() + GAP_SMALL_PX, width, _bar_height(theme))
    painter.drawImage(bar, array_image(np.repeat(colours[np.newaxis], 2, axis=0)))
    painter.setPen(QColor(theme.colours.secondary))
    numbers = QRectF(bar.x(), bar.bottom() + UNIT_PX, bar.width(), theme.line_px)
    left, right, middle = map(painter.fontMetrics().horizontalAdvance, (*ends, " 0 "))
    painter.drawText(numbers, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, ends[0])
    if left + right + GAP_SMALL_PX < bar.width():
        painter.drawText(numbers, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, ends[1])
    if zero is None:
        return bar
    numbers.translate(zero * bar.width() - middle / 2, 0)
    numbers.setWidth(middle)
    if left < numbers.x() - bar.x() and numbers.right() < bar.right() - right:
        painter.drawText(numbers, Qt.AlignmentFlag.AlignCenter, "0")
    return bar


def _paint_not_finite(painter: QPainter, place: QRectF, bar: QRectF) -> None:
    swatch = QRectF(bar.right() + 2 * GAP_SMALL_PX, bar.y(), bar.height(), bar.height())
    painter.fillRect(swatch, QColor(*NOT_A_NUMBER_COLOUR))
    text = QRectF(swatch.right() + UNIT_PX, place.y(), place.right() - swatch.right(), place.height())
    if painter.fontMetrics().horizontalAdvance(_NOT_FINITE) <= text.width() - UNIT_PX:
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, _NOT_FINITE)


def _bar_height(theme: Theme) -> int:
    return theme.sizes.caption - 2
