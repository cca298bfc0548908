"""The marks on the latent plane, such as handle and pins: white edged in black, to show on any background."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cadl_gui.domain.run_letters import letters_of
from cadl_gui.ui.latent.plane.class_pills import ClassPill, paint_pill, whole
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD

_TRAIL_ALPHA, _TRAIL_SHADES = 0.75, 4


class OverlayLayer:
    """Paints marks at positions in the widget's pixels.

    Args:
        theme: Sizes and type.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint_handle(self, painter: QPainter, centre: QPointF) -> None:
        """Paint a white ring edged in black; its inside stays visible."""
        radius = self._theme.sizes.handle_radius
        line = self._theme.sizes.validation_line
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#000000", 2.8 * line), ("#FFFFFF", 1.2 * line)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(centre, radius - line, radius - line)

    def paint_pins(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        """Paint white discs with the pins' letters, since the names of classes are numbers."""
        radius = 0.75 * self._theme.sizes.caption
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        for number, place in enumerate(places):
            painter.setPen(QPen(QColor("#000000"), self._theme.sizes.train_line))
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawEllipse(place, radius, radius)
            square = QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letters_of(number).lower())

    def paint_path(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        """Paint a white line edged in black."""
        line = self._theme.sizes.train_line
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#000000", 3 * line), ("#FFFFFF", 1.4 * line)):
            painter.setPen(_rounded(QColor(colour), width))
            painter.drawPolyline(places)

    def paint_trajectory(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        """Paint a dashed line with a dot for each epoch, the later the larger."""
        line = self._theme.sizes.train_line
        for colour, width in (("#000000", 3 * line), ("#FFFFFF", 1.4 * line)):
            pen = _rounded(QColor(colour), width)
            if colour == "#FFFFFF":
                pen.setDashPattern([1, 2.5])
            painter.setPen(pen)
            painter.drawPolyline(places)
        painter.setPen(QPen(QColor("#000000"), line))
        painter.setBrush(QColor("#FFFFFF"))
        for number, place in enumerate(places, 1):
            radius = self._theme.sizes.point_radius * (0.6 + 0.4 * number / len(places))
            painter.drawEllipse(place, radius, radius)

    def paint_name(self, painter: QPainter, place: QPointF, name: str, area: QSize) -> None:
        """Paint a name below a place, beneath the ring of the handle."""
        font = self._theme.font("caption", SEMIBOLD)
        below = QPointF(0, self._theme.sizes.handle_radius + font.pixelSize())
        pill = whole(ClassPill(place + below, name, "#FFFFFF"), font, area)
        paint_pill(painter, pill, font, "#000000", elided=False)

    def paint_ellipse(
        self, painter: QPainter, centre: QPointF, radius: float, other_radius: float, turn_degrees: float
    ) -> None:
        """Paint one and two standard deviations of a Gaussian.

        Args:
            radius: One standard deviation along the first axis, in pixels.
            other_radius: The same along the second axis.
            turn_degrees: Clockwise angle from the horizontal to the first axis.
        """
        line = self._theme.sizes.train_line
        painter.save()
        painter.translate(centre)
        painter.rotate(turn_degrees)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for sigma in (1, 2):
            for colour, width in (("#000000", 2.6 * line), ("#FFFFFF", line)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(QPointF(), sigma * radius, sigma * other_radius)
        painter.restore()

    def paint_trail(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        """Paint a line that fades from the newest place towards the oldest."""
        line = self._theme.sizes.train_line
        # A few lines of one shade each: many short ones would take longer than the rest of the plane.
        length = max(1, -(-len(places) // _TRAIL_SHADES))
        for colour, width in (("#000000", 3 * line), ("#FFFFFF", 1.6 * line)):
            for start in range(0, len(places) - 1, length):
                stretch = places[start : start + length + 1]
                shade = QColor(colour)
                shade.setAlphaF(_TRAIL_ALPHA * min(1.0, (start + length) / len(places)))
                painter.setPen(_rounded(shade, width))
                painter.drawPolyline(stretch)


def _rounded(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
