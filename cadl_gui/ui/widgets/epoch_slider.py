"""The timeline's slider over the recorded epochs of the run shown."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QToolTip, QWidget

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.epoch_track import TICK_PX, EpochTrack, TimelineContent, place_of

_MARGIN_PX = 12
_NOTE_REACH_PX = 8
_KEYS_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown}


class EpochSlider(QSlider):
    """Chooses an epoch: values are completed epochs, and 0 is the untrained network.

    A press or drag chooses the nearest recorded epoch, with Shift also a batch recorded inside the first
    one. Arrow keys move by one epoch, Shift and an arrow by one recorded position.

    Signals:
        chosen: (`Position`) A position was chosen, by mouse, by key or programmatically.
        stepped: (int) A key asks to move by this many recorded positions; negative moves back.
    """

    chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._content = TimelineContent()
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

    def show_run(self, content: TimelineContent) -> None:
        """Show the timeline of a run."""
        self._content = content
        with QSignalBlocker(self):
            self.setMaximum(max(1, content.n_epochs))
        self.update()

    def show_position(self, position: Position, *, epochs: float) -> None:
        """Move the head without emitting a signal.

        Args:
            position: The position shown.
            epochs: Where to draw the head if the position is not recorded.
        """
        self._head = position
        self._head_x = place_of(position) if position in self._content.recorded else epochs
        with QSignalBlocker(self):
            self.setValue(position.epoch)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the head to the pointer at once."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._choose_at(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the head."""
        if self.isSliderDown():
            self._choose_at(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop dragging."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by recorded position with Shift and an arrow; inside an epoch, go back to its start."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(by)
            return
        if self._head.step and event.key() in _KEYS_BACK:
            self.chosen.emit(Position(self._head.epoch))
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip that explains the triangle under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tool_tip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: an accidental scroll would change the epoch in front of a class."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the track and the head on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = EpochTrack(self._theme, self._groove, self.maximum())
        track.paint(painter, self._content if self.isEnabled() else None, self._head_x)
        if not self.isEnabled():
            return
        head, scale = QPointF(track.x(self._head_x), self.height() / 2), track.scale
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(head, 11 * scale, 11 * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.accent))
        painter.drawEllipse(head, 7 * scale, 7 * scale)

    @property
    def _groove(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)

    def _notes_at(self, x: float) -> list[HealthNote]:
        return [note for note in self._content.notes if abs(self._x(note.position) - x) <= _NOTE_REACH_PX]

    def _tool_tip_at(self, x: float) -> str:
        reported = [note.message for note in self._notes_at(x)]
        best = self._content.best
        if best is not None and abs(self._x(Position(best)) - x) <= _NOTE_REACH_PX:
            reported.append(f"Epoch {best} is the best: {self._content.best_text} on validation images.")
        return "\n".join(reported) or self.toolTip()

    def _choose_at(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        early = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        recorded = self._content.recorded
        candidates = [p for p in recorded if early or p.step == 0 or p.epoch > 0]
        x, y = event.position().x(), event.position().y()
        on_triangle = self._notes_at(x) if y < self.height() / 2 - TICK_PX else []
        if on_triangle:  # the note's own position, not one that is merely near the pointer
            candidates = [p for p in recorded if p <= on_triangle[-1].position][-1:]
        if not candidates:
            return
        nearest = min(candidates, key=lambda p: abs(self._x(p) - x))
        with QSignalBlocker(self):
            self.setValue(nearest.epoch)
        self.chosen.emit(nearest)

    @Slot(int)
    def _on_value_changed(self, epoch: int) -> None:
        self.chosen.emit(Position(epoch))

    def _x(self, position: Position) -> float:
        return EpochTrack(self._theme, self._groove, self.maximum()).x(place_of(position))
