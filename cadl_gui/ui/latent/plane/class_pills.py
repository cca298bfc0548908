"""Names of classes at the centres of their points, none over another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from cadl_gui.imaging.latent.points import kept_inside, places_without_overlap

_WIDEST_NAME = 8.0
"""Largest width of a class name, as a multiple of its height."""

_RADIUS_SHARE, _GAP_SHARE, _ALPHA = 0.72, 0.2, 0.8
"""Radius of a pill and gap between two, as shares of the type size; and its opacity."""


@dataclass(frozen=True)
class ClassPill:
    """The name of a class on a rounded bar.

    Attributes:
        centre: Its middle, in pixels of the canvas.
        name: The name.
        colour: Colour of the name.
        mark: The mark of the class's points, which precedes the name; None if its colour is enough.
    """

    centre: QPointF
    name: str
    colour: str
    mark: QPixmap | None = None


def paint_pill(
    painter: QPainter, pill: ClassPill, font: QFont, background: str, *, elided: bool = True
) -> None:
    """Paint a name."""
    name, half_width, radius = _measured(pill, font, elided=elided)
    bar = QColor(background)
    bar.setAlphaF(_ALPHA)
    place = QRectF(pill.centre.x() - half_width, pill.centre.y() - radius, 2 * half_width, 2 * radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(bar)
    painter.drawRoundedRect(place, radius, radius)
    text = place.adjusted(radius, 0, -radius, 0)
    if pill.mark is not None:
        top = place.center().y() - pill.mark.height() / 2
        painter.drawPixmap(QPointF(round(text.left()), round(top)), pill.mark)
    painter.setPen(QColor(pill.colour))
    painter.setFont(font)
    painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)


def apart(
    pills: Mapping[int, ClassPill], sizes: Mapping[int, int], font: QFont, area: QSize
) -> dict[int, ClassPill]:
    """Move names that would cover each other, or that an edge would cut off.

    Those of small classes are left out if there is no room.

    Args:
        pills: Names by label, each at the centre of its class.
        sizes: Number of points of each label.
        area: Size of the canvas in pixels.
    """
    order = sorted(pills, key=lambda label: -sizes[label])
    measures = [_measured(pills[label], font, elided=True) for label in order]
    gap = _GAP_SHARE * font.pixelSize()
    halves = np.array([(half + gap / 2, radius + gap / 2) for _, half, radius in measures]).reshape(-1, 2)
    centres = np.array([pills[label].centre.toTuple() for label in order]).reshape(-1, 2)
    moved = places_without_overlap(centres, halves, (area.width(), area.height()))
    return {
        label: replace(pills[label], centre=QPointF(*place))
        for label, place in zip(order, moved.tolist(), strict=True)
        if np.isfinite(place).all()
    }


def whole(pill: ClassPill, font: QFont, area: QSize) -> ClassPill:
    """Move a name that is not shortened to where no edge cuts it off.

    Args:
        area: Size of the canvas in pixels.
    """
    _, half_width, radius = _measured(pill, font, elided=False)
    centre = np.array([pill.centre.toTuple()])
    (moved,) = kept_inside(centre, np.array([half_width, radius]), (area.width(), area.height())).tolist()
    return replace(pill, centre=QPointF(*moved))


def _measured(pill: ClassPill, font: QFont, *, elided: bool) -> tuple[str, float, float]:
    """Return the name as it is written, and half the width and height of its bar."""
    metrics = QFontMetricsF(font)
    name, radius = pill.name, _RADIUS_SHARE * font.pixelSize()
    if elided:
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST_NAME * metrics.height())
    mark = 0.0 if pill.mark is None else pill.mark.width() + radius / 2
    return name, (metrics.horizontalAdvance(name) + mark) / 2 + radius, radius
