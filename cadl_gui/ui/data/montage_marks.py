"""What is painted over the tiles of a montage: parts, classes, pixel values."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from cadl_gui.domain.dataset_answers import PARTS
from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.ui.data.montage_geometry import MontageGeometry
from cadl_gui.ui.data.part_hues import PART_HUES
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX

_STRIPS_FROM_PX = 8.0
"""Images at least so high have a strip in the colour of their part; smaller ones are tinted."""

_STRIP_PX = 4
_TINT = 0.45
_WIDEST_NAME_PX = 96


def part_colours(theme: Theme) -> tuple[str, ...]:
    """Return the colour of each part, on images, which are mostly dark in either theme."""
    colours = theme.label_colours("dark")
    return tuple(colours[label] for label in PART_HUES)


def paint_parts(painter: QPainter, at: MontageGeometry, about: DatasetDescription, theme: Theme) -> None:
    """Paint the part of each visible image: as a strip along its foot, or if it is small as a tint."""
    rows, columns = at.visible()
    numbers = at.grid.cells[rows.start : rows.stop, columns.start : columns.stop]
    has_strips = at.cell_height >= _STRIPS_FROM_PX
    opacity = 1.0 if has_strips else _TINT
    table = np.array([_premultiplied(colour, opacity) for colour in part_colours(theme)], np.uint32)
    # One image, stretched over all cells: hundreds of thousands of rectangles would take seconds.
    per_cell = max(4, round(at.cell_height / _STRIP_PX)) if has_strips else 1
    pixels = np.zeros((len(rows), per_cell, len(columns)), np.uint32)
    pixels[:, -1] = np.where(numbers >= 0, table[about.parts[numbers]], np.uint32(0))
    layout = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, len(columns), len(rows) * per_cell, 4 * len(columns), layout)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(at.cells(rows, columns), image)


def _premultiplied(name: str, opacity: float) -> int:
    colour = QColor(name)
    red, green, blue = (round(opacity * value) for value in (colour.red(), colour.green(), colour.blue()))
    return round(255 * opacity) << 24 | red << 16 | green << 8 | blue


def paint_parts_legend(painter: QPainter, place: QRectF, about: DatasetDescription, theme: Theme) -> None:
    """Paint the names, colours and sizes of the parts in one line."""
    painter.setFont(theme.font("caption"))
    metrics = QFontMetricsF(theme.font("caption"))
    side, x = metrics.ascent(), place.left()
    for name, count, colour in zip(PARTS, about.part_counts, part_colours(theme), strict=True):
        text = f"{name} {count:,}"
        swatch = QRectF(x, place.center().y() - side / 2, side, side)
        painter.fillRect(swatch, QColor(colour))
        painter.setPen(QColor(theme.colours.secondary))
        left = swatch.right() + UNIT_PX
        painter.drawText(
            QRectF(left, place.top(), metrics.horizontalAdvance(text) + 1, place.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip,
            text,
        )
        x = left + metrics.horizontalAdvance(text) + GAP_PX


def class_name_width(about: DatasetDescription, labels: Sequence[int], theme: Theme) -> float:
    """Return the width of the column of class names, with the gap beside it; 0 without classes."""
    if not labels:
        return 0.0
    metrics = QFontMetricsF(theme.font("caption"))
    widest = max(metrics.horizontalAdvance(about.class_names[label]) for label in labels)
    return min(_WIDEST_NAME_PX, max(widest, _chip_side(theme))) + GAP_SMALL_PX


def paint_class_names(
    painter: QPainter,
    column: QRectF,
    rows: QRectF,
    grid: MontageGrid,
    about: DatasetDescription,
    theme: Theme,
) -> None:
    """Paint the name of each class beside the visible part of its rows, where they do not overlap.

    Args:
        painter: Its state is not restored.
        column: The column for the names, as high as the visible part of the montage.
        rows: Rectangle of the whole montage.
        grid: Its rows by class.
    """
    font = theme.font("caption")
    metrics, side = QFontMetricsF(font), _chip_side(theme)
    row_px, free_from = rows.height() / grid.n_rows, column.top()
    for each in grid.classes:
        top = max(column.top(), rows.top() + each.first * row_px)
        bottom = min(column.bottom(), rows.top() + (each.first + each.n) * row_px)
        middle = max((top + bottom) / 2, top + side / 2) if bottom - top >= side else (top + bottom) / 2
        place = QRectF(column.left(), middle - side / 2, column.width() - GAP_SMALL_PX, side)
        if bottom <= top or place.top() < free_from or place.bottom() > column.bottom() + 1:
            continue
        free_from = place.bottom()
        name = about.class_names[each.label]
        if name == str(each.label) and each.label < 10:
            chip = QRectF(place.right() - side, place.top(), side, side)
            paint_label(painter, chip, each.label, theme, coloured=len(about.class_names) <= 10)
            continue
        painter.setFont(font)
        painter.setPen(QColor(theme.colours.text))
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, elided)


def _chip_side(theme: Theme) -> float:
    return theme.sizes.caption + 2 * UNIT_PX


def paint_values(
    painter: QPainter, place: QRectF, seen: QRectF, image: QImage, about: DatasetDescription, theme: Theme
) -> None:
    """Write the values of the visible pixels of a tile into them, if they fit.

    Args:
        seen: The visible part of the montage.
    """
    font, channels = theme.font("caption"), about.image_shape[2]
    metrics, side = QFontMetricsF(font), place.width() / image.width()
    n_lines = len(pixel_values(QColor(), channels, inverted=False))
    if side < max(metrics.horizontalAdvance("0.00") + UNIT_PX, n_lines * metrics.height()):
        return
    painter.setFont(font)
    first_x, first_y = ((seen & place).topLeft() - place.topLeft()).toTuple()
    last_x, last_y = ((seen & place).bottomRight() - place.topLeft()).toTuple()
    for y in range(int(first_y / side), min(image.height(), math.ceil(last_y / side))):
        for x in range(int(first_x / side), min(image.width(), math.ceil(last_x / side))):
            colour = image.pixelColor(x, y)
            painter.setPen(ink_on(colour))
            pixel = QRectF(place.left() + x * side, place.top() + y * side, side, side)
            if colour.alpha():
                text = "\n".join(pixel_values(colour, channels, inverted=theme.inverted))
                painter.drawText(pixel, Qt.AlignmentFlag.AlignCenter, text)


def pixel_values(colour: QColor, channels: int, *, inverted: bool) -> list[str]:
    """Return the values of a pixel in [0, 1], formatted.

    Args:
        channels: Images of 3 channels have three values, others one.
        inverted: Whether the colour is inverted; the values are not.
    """
    values = (colour.red(), colour.green(), colour.blue())[: 3 if channels == 3 else 1]
    return [f"{(255 - value if inverted else value) / 255:.2f}" for value in values]
