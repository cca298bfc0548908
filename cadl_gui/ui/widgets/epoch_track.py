"""The track behind the timeline's head: training progress, recorded positions and the validation loss."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import EARLY_BATCHES, UNTRAINED, Position
from cadl_gui.domain.snapshot_retention import unretained_ranges
from cadl_gui.ui.theme.theme import Theme

TICK_PX = 9
"""Half the height of an epoch's tick."""

_EARLY_SHARE = 0.9
"""Share of the first epoch's length over which its recorded batches are spread evenly: on a true scale all
but two would lie in its first fifth."""

_GROOVE_PX, _HOLLOW_PX, _CURVE_PX = 4, 2, 22
_LEAST_SPACING_PX = 3


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
    """

    n_epochs: int = 1
    recorded: tuple[Position, ...] = (UNTRAINED,)
    trained_to: float = 0.0
    best: int | None = None
    best_text: str = ""
    notes: tuple[HealthNote, ...] = ()
    levels: tuple[tuple[float, float], ...] = ()


class EpochTrack:
    """Paints a timeline: the loss, the groove, hollow where nothing is recorded, ticks and triangles.

    Args:
        theme: Colours and, in present mode, a larger scale.
        groove: From the untrained network to the last epoch, in pixels; only its width and middle matter.
        n_epochs: Length of the groove in epochs.
    """

    def __init__(self, theme: Theme, groove: QRectF, n_epochs: int) -> None:
        self._theme = theme
        self._groove = groove
        self._n_epochs = n_epochs
        self.scale = 1.5 if theme.present else 1.0

    def x(self, epochs: float) -> float:
        """Return the x coordinate of a number of epochs, in pixels."""
        return self._groove.left() + self._groove.width() * min(1.0, epochs / self._n_epochs)

    def paint(self, painter: QPainter, content: TimelineContent | None, head: float) -> None:
        """Paint the track.

        Args:
            painter: Paints on the widget.
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
        middle = self._groove.center().y()
        for note in content.notes:
            base = middle - (TICK_PX + 3) * self.scale
            self._triangle(painter, place_of(note.position), base, colours.caution)
        if content.best is not None:
            self._triangle(painter, content.best, middle + (TICK_PX + 9) * self.scale, colours.secondary)

    def _line(self, painter: QPainter, start: float, end: float, colour: str, width: float) -> None:
        if end <= start:
            return
        y = self._groove.center().y()
        painter.setPen(QPen(QColor(colour), width * self.scale, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self.x(start), y), QPointF(self.x(end), y))

    def _paint_levels(self, painter: QPainter, content: TimelineContent) -> None:
        if len(content.levels) < 2:
            return
        bottom, height = self._groove.center().y() + TICK_PX * self.scale, _CURVE_PX * self.scale
        points = [QPointF(self.x(epoch), bottom - level * height) for epoch, level in content.levels]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.colours.line), 2 * self.scale))
        painter.drawPolyline(QPolygonF(points))

    def _paint_ticks(self, painter: QPainter, content: TimelineContent) -> None:
        y = self._groove.center().y()
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


def place_of(position: Position) -> float:
    """Return where a recorded position is drawn, in epochs."""
    if position.epoch == 0 and position.step in EARLY_BATCHES:
        return _EARLY_SHARE * (EARLY_BATCHES.index(position.step) + 1) / len(EARLY_BATCHES)
    return float(position.epoch) + (0.5 if position.step else 0.0)
