"""The track behind the timeline's head: progress, recorded positions, marks, span and validation loss."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.snapshot_retention import unretained_ranges
from cadl_gui.ui.controls.epoch_marks import Mark
from cadl_gui.ui.controls.epoch_scale import place_of, share_of
from cadl_gui.ui.theme.theme import Theme

TICK_PX = 9
"""Half the height of an epoch's tick."""

_GROOVE_PX, _HOLLOW_PX, _CURVE_PX = 4, 2, 22
_LEAST_SPACING_PX = 3
_GRIP_PX = 10
_MARK_GAP_PX, _MARGIN_PX = 8, 12


@dataclass(frozen=True)
class TimelineContent:
    """What the timeline of a run shows.

    Attributes:
        n_epochs: Length of the timeline.
        recorded: Recorded positions, in order.
        trained_to: Training progress, in epochs.
        best: The epoch with the best validation metric, or None.
        best_text: The metric of that epoch.
        notes: Health notes and their positions.
        levels: The validation loss as (epoch, level) pairs, where 0 is the lowest and 1 the highest.
        marks: Named positions, the most important first.
        span: First and last position of the replay.
    """

    n_epochs: int = 1
    recorded: tuple[Position, ...] = (UNTRAINED,)
    trained_to: float = 0.0
    best: int | None = None
    best_text: str = ""
    notes: tuple[HealthNote, ...] = ()
    levels: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    span: tuple[Position, Position] = (UNTRAINED, UNTRAINED)


class EpochTrack:
    """Paints a timeline: the loss, the groove, hollow where nothing is recorded, ticks and triangles.

    Args:
        theme: Colours and sizes.
        groove: From the untrained network to the last epoch, in pixels. The track is about in its middle.
        n_epochs: Length of the groove in epochs.
    """

    def __init__(self, theme: Theme, groove: QRectF, n_epochs: int) -> None:
        self._theme = theme
        self._groove = groove
        self._n_epochs = n_epochs
        self.scale = theme.sizes.track_scale
        self.y = groove.center().y() - theme.sizes.track_rise

    def x(self, epochs: float) -> float:
        """Return the x coordinate of a place in epochs, in pixels; see `place_of`."""
        return self._groove.left() + self._groove.width() * share_of(epochs, self._n_epochs)

    def mark_rects(self, marks: tuple[Mark, ...]) -> list[tuple[Mark, QRectF]]:
        """Return where the names of marks are, below their ticks; those without room are left out."""
        metrics = QFontMetrics(self._theme.font("caption"))
        top = self.y + TICK_PX * self.scale + 1
        height = min(float(metrics.height()), self._groove.bottom() - top)
        ends = self._groove.left() - _MARGIN_PX, self._groove.right() + _MARGIN_PX
        placed: list[tuple[Mark, QRectF]] = []
        for mark in marks:
            width, x = metrics.horizontalAdvance(mark.text), self.x(place_of(mark.position))
            for left in (x - width / 2, x - width + _MARK_GAP_PX / 2, x - _MARK_GAP_PX / 2):
                left = max(ends[0], min(ends[1] - width, left))  # noqa: PLW2901 (kept inside)
                rect = QRectF(left, top, width, height)
                around = rect.adjusted(-_MARK_GAP_PX, 0, _MARK_GAP_PX, 0)
                if not any(around.intersects(other) for _, other in placed):
                    placed.append((mark, rect))
                    break
        return placed

    def grips(self, span: tuple[Position, Position]) -> tuple[QRectF, QRectF]:
        """Return the grips at both ends of a span, above the track."""
        side, (start, end) = _GRIP_PX * self.scale, (self.x(place_of(position)) for position in span)
        return QRectF(start - side, 0, side, side), QRectF(end, 0, side, side)

    def paint(self, painter: QPainter, content: TimelineContent | None, head: float) -> None:
        """Paint the track.

        Args:
            content: The timeline; None paints an empty groove.
            head: Position of the head, in epochs.
        """
        colours = self._theme.colours
        self._line(painter, 0, self._n_epochs, colours.line, _GROOVE_PX)
        if content is None:
            return
        self._paint_levels(painter, content)
        self._line(painter, 0, content.trained_to, colours.field_edge, _GROOVE_PX)
        self._line(painter, 0, head, colours.accent, _GROOVE_PX)
        for start, end in unretained_ranges(content.recorded):
            self._line(painter, start, end, colours.window, _HOLLOW_PX)
        self._paint_ticks(painter, content)
        for note in content.notes:
            base = self.y - (TICK_PX + 3) * self.scale
            self._triangle(painter, place_of(note.position), base, colours.caution)
        self._paint_marks(painter, content)
        self._paint_span(painter, content)

    def _paint_marks(self, painter: QPainter, content: TimelineContent) -> None:
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(self._theme.colours.secondary))
        for mark, rect in self.mark_rects(content.marks):
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, mark.text)

    def _paint_span(self, painter: QPainter, content: TimelineContent) -> None:
        """Paint what is replayed: a line between two grips, which point at its ends."""
        start, end = content.span
        if start == end:
            return
        is_whole = (start, end) == (content.recorded[0], content.recorded[-1])
        colour = QColor(self._theme.colours.field_edge if is_whole else self._theme.colours.accent)
        first, last = self.grips(content.span)
        if not is_whole:
            painter.setPen(QPen(colour, 2 * self.scale))
            painter.drawLine(QPointF(first.right(), 1), QPointF(last.left(), 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([first.topLeft(), first.topRight(), first.bottomRight()]))
        painter.drawPolygon(QPolygonF([last.topLeft(), last.topRight(), last.bottomLeft()]))

    def _line(self, painter: QPainter, start: float, end: float, colour: str, width: float) -> None:
        if end <= start:
            return
        y = self.y
        painter.setPen(QPen(QColor(colour), width * self.scale, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self.x(start), y), QPointF(self.x(end), y))

    def _paint_levels(self, painter: QPainter, content: TimelineContent) -> None:
        if len(content.levels) < 2:
            return
        bottom, height = self.y + TICK_PX * self.scale, _CURVE_PX * self.scale
        points = [QPointF(self.x(epoch), bottom - level * height) for epoch, level in content.levels]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.colours.line), 2 * self.scale))
        painter.drawPolyline(QPolygonF(points))

    def _paint_ticks(self, painter: QPainter, content: TimelineContent) -> None:
        y = self.y
        painter.setPen(QPen(QColor(self._theme.colours.secondary), 1.5 * self.scale))
        last = -_LEAST_SPACING_PX
        for position in content.recorded:
            x = self.x(place_of(position))
            if x - last < _LEAST_SPACING_PX:
                continue
            half = (TICK_PX if position.step == 0 else TICK_PX - 4) * self.scale
            painter.drawLine(QPointF(x, y - half), QPointF(x, y + half))
            last = round(x)

    def _triangle(self, painter: QPainter, epochs: float, base: float, colour: str) -> None:
        x, half = self.x(epochs), 5 * self.scale
        corners = [QPointF(x - half, base), QPointF(x + half, base), QPointF(x, base - 1.6 * half)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(QPolygonF(corners))
