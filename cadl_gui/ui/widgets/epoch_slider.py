"""The timeline's slider: every kept epoch of the run that is shown."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from cadl_gui.core.health import HealthNote
from cadl_gui.core.position import EARLY_BATCHES, UNTRAINED, Position
from cadl_gui.ui.theme.theme import Theme

_MARGIN_PX = 12
_NOTE_REACH_PX = 8
_EARLY_SHARE = 0.9
"""The batches kept inside the first epoch spread over this share of its length, evenly: on a true scale all
but two would lie in its first fifth."""


class EpochSlider(QSlider):
    """Integer values are complete epochs; 0 is the untrained network.

    A press or drag chooses the nearest kept epoch, with Shift also the batches kept inside the first one.
    Arrow keys go one epoch, Shift and an arrow one kept position.

    Signals:
        chosen: (`Position`) a hand, a key or a program chose a place.
        stepped: (int) a key asks for the kept position so many further.
    """

    chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._recorded: tuple[Position, ...] = (UNTRAINED,)
        self._trained_to = 0.0
        self._best: int | None = None
        self._notes: tuple[HealthNote, ...] = ()
        self._head = UNTRAINED
        self._head_x = 0.0
        self.setObjectName("epochSlider")
        self.setAccessibleName("Timeline")
        self.setToolTip("Drag to revisit an epoch. With Shift: the first batches too.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(0, 1)
        self.setPageStep(1)
        self.valueChanged.connect(self._on_value_changed)
        theme.changed.connect(self.update)

    def show_run(
        self,
        n_epochs: int,
        recorded: tuple[Position, ...],
        trained_to: float,
        best: int | None,
        notes: tuple[HealthNote, ...] = (),
    ) -> None:
        """Show what there is to choose from.

        Args:
            n_epochs: length of the timeline.
            recorded: kept positions, in order.
            trained_to: how far training came, in epochs.
            best: the epoch with the best validation metric, or None.
            notes: what was not well, and where: told by a triangle and, under the pointer, in words.
        """
        self._recorded, self._trained_to, self._best = recorded, trained_to, best
        self._notes = notes
        with QSignalBlocker(self):
            self.setMaximum(max(1, n_epochs))
        self.update()

    def show_position(self, position: Position, *, epochs: float) -> None:
        """Put the head at a position, drawn at `epochs` where it is no kept one; tells nobody."""
        self._head = position
        self._head_x = self._fraction_of(position) if position in self._recorded else epochs
        with QSignalBlocker(self):
            self.setValue(position.epoch)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the head there at once."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._choose_at(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the head."""
        if self.isSliderDown():
            self._choose_at(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift and an arrow walk through every kept position."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(by)
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell under the pointer what was not well there."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tool_tip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: a class would lose its epoch to a scroll."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Groove, ticks of what is kept, best epoch, head."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, present = self._theme.colours, self._theme.present
        y, scale = self.height() / 2, 1.5 if present else 1.0
        painter.setPen(QPen(QColor(colours.line), 4 * scale, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(self.maximum()), y))
        painter.setPen(QPen(QColor(colours.field_edge), 4 * scale, c=Qt.PenCapStyle.RoundCap))
        if self._trained_to > 0:
            painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(self._trained_to), y))
        if not self.isEnabled():
            return
        self._paint_ticks(painter, y, scale)
        painter.setPen(QPen(QColor(colours.accent), 4 * scale, c=Qt.PenCapStyle.RoundCap))
        head = QPointF(self._x(self._head_x), y)
        painter.drawLine(QPointF(self._x(0), y), head)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(head, 11 * scale, 11 * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(head, 7 * scale, 7 * scale)

    def _paint_ticks(self, painter: QPainter, y: float, scale: float) -> None:
        colours = self._theme.colours
        tall, short = 9 * scale, 5 * scale
        spacing = (self.width() - 2 * _MARGIN_PX) / self.maximum()
        for position in self._recorded:
            if position.step == 0 and spacing < 3 and position.epoch % 10:
                continue
            x, half = self._x(self._fraction_of(position)), tall if position.step == 0 else short
            painter.setPen(QPen(QColor(colours.secondary), 1.5 * scale))
            painter.drawLine(QPointF(x, y - half), QPointF(x, y + half))
        for note in self._notes:
            self._paint_note(painter, self._x(self._fraction_of(note.position)), y - tall - 3 * scale, scale)
        if self._best is not None:
            x, base = self._x(self._best), y + tall + 9 * scale
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.secondary))
            half = 5 * scale
            painter.drawPolygon(
                QPolygonF([QPointF(x - half, base), QPointF(x + half, base), QPointF(x, base - 1.5 * half)])
            )

    def _paint_note(self, painter: QPainter, x: float, base: float, scale: float) -> None:
        half = 5 * scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.caution))
        painter.drawPolygon(
            QPolygonF([QPointF(x - half, base), QPointF(x + half, base), QPointF(x, base - 1.7 * half)])
        )

    def _tool_tip_at(self, x: float) -> str:
        near = [
            note.sentence
            for note in self._notes
            if abs(self._x(self._fraction_of(note.position)) - x) <= _NOTE_REACH_PX
        ]
        return "\n".join(near) or self.toolTip()

    def _choose_at(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        early = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        candidates = [p for p in self._recorded if early or p.step == 0 or p.epoch > 0]
        if not candidates:
            return
        x = event.position().x()
        nearest = min(candidates, key=lambda p: abs(self._x(self._fraction_of(p)) - x))
        with QSignalBlocker(self):
            self.setValue(nearest.epoch)
        self.chosen.emit(nearest)

    def _on_value_changed(self, epoch: int) -> None:
        self.chosen.emit(Position(epoch))

    def _x(self, epochs: float) -> float:
        groove = QRectF(self.rect()).adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        return groove.left() + groove.width() * min(1.0, epochs / self.maximum())

    def _fraction_of(self, position: Position) -> float:
        """Where a kept position is drawn, in epochs."""
        if position.epoch == 0 and position.step in EARLY_BATCHES:
            return _EARLY_SHARE * (EARLY_BATCHES.index(position.step) + 1) / len(EARLY_BATCHES)
        return float(position.epoch) + (0.5 if position.step else 0.0)
