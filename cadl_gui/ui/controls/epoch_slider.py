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
from PySide6.QtWidgets import QSlider, QToolTip

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.system.words import _
from cadl_gui.ui.controls.epoch_scale import place_of
from cadl_gui.ui.controls.epoch_track import TICK_PX, EpochTrack, TimelineContent
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.theme.theme import Theme

_MARGIN_PX = 12
_NOTE_REACH_PX = 8
_GRIP_REACH_PX = 6
_TIP = _("Drag to revisit an epoch or one of the first batches.")
_GRIP_TIP = _("Drag to choose what is replayed")
_KEYS_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown}


class EpochSlider(QSlider):
    """Chooses an epoch: values are completed epochs, and 0 is the untrained network.

    A press or drag chooses the nearest recorded position, a press on a name the position that it names. The
    grips above the track are dragged to choose what is replayed. Arrow keys move by one epoch, over
    those that are not retained, Shift and an arrow by one recorded position.

    Signals:
        chosen: (`Position`) A position was chosen, by mouse, by key or programmatically.
        span_chosen: (`Position`, `Position`) The first and last position to replay were chosen.
        stepped: (int) A key asks to move by this many recorded positions; negative moves back.
    """

    chosen = Signal(object)
    stepped = Signal(int)
    span_chosen = Signal(object, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._content = TimelineContent()
        self._head = UNTRAINED
        self._head_x = 0.0
        self._grip: int | None = None
        named(self, "epochSlider", _TIP, says=_("Timeline"))
        self.setMouseTracking(True)
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
            epochs: Where to draw the head if the position is not recorded.
        """
        self._head = position
        self._head_x = place_of(position) if position in self._content.recorded else epochs
        with QSignalBlocker(self):
            self.setValue(position.epoch)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the head to the pointer at once, or take a grip of the span."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._grip = self._grip_at(event.position())
        if self._grip is None:
            self.setSliderDown(True)
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the head or a grip; over what can be clicked, change the pointer."""
        if not event.buttons():
            self.let_go()  # it was released in a dialog that opened meanwhile
        if self._grip is not None:
            self._drag_grip(self._grip, event.position().x())
        elif self.isSliderDown():
            self._choose_at(event.position())
        else:
            on_grip, on_mark = self._grip_at(event.position()), self._mark_at(event.position())
            shape = Qt.CursorShape.SizeHorCursor if on_grip is not None else Qt.CursorShape.PointingHandCursor
            self.setCursor(Qt.CursorShape.ArrowCursor if on_grip is None and on_mark is None else shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop dragging."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.let_go()

    def let_go(self) -> None:
        """Take head and grip from the hand, which had them on the timeline of a run."""
        self._grip = None
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by recorded position with Shift and an arrow; inside an epoch, go back to its start."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(by)
        elif event.key() == Qt.Key.Key_Home:  # also from the first batches, where the value is 0 already
            self.chosen.emit(UNTRAINED)
        elif self._head.step and event.key() in _KEYS_BACK:
            self.chosen.emit(Position(self._head.epoch))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip that explains the triangle under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tool_tip_at(event.pos().toPointF()), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: an accidental scroll would change the epoch in front of a class."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the track and the head on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track
        track.paint(painter, self._content if self.isEnabled() else None, self._head_x)
        if not self.isEnabled():
            return
        head, scale = QPointF(track.x(self._head_x), track.y), track.scale
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(head, 11 * scale, 11 * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.accent))
        painter.drawEllipse(head, 7 * scale, 7 * scale)

    @property
    def _track(self) -> EpochTrack:
        groove = QRectF(self.rect()).adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        return EpochTrack(self._theme, groove, self.maximum())

    def _grip_at(self, place: QPointF) -> int | None:
        """Return 0 or 1 for the grip at the start or the end of the span, or None."""
        start, end = self._content.span
        if start == end or not self.isEnabled():
            return None
        reach = _GRIP_REACH_PX
        near = [
            (abs(grip.center().x() - place.x()), i)
            for i, grip in enumerate(self._track.grips(self._content.span))
            if grip.adjusted(-reach, 0, reach, 2).contains(place)
        ]
        return min(near)[1] if near else None

    def _drag_grip(self, grip: int, x: float) -> None:
        start, end = self._content.span
        recorded = self._content.recorded
        candidates = [p for p in recorded if p < end] if grip == 0 else [p for p in recorded if p > start]
        nearest = min(candidates, key=lambda p: abs(self._x(p) - x))
        if nearest != self._content.span[grip]:
            self.span_chosen.emit(*((nearest, end) if grip == 0 else (start, nearest)))

    def _mark_at(self, place: QPointF) -> Position | None:
        if not self.isEnabled():
            return None
        marks = self._track.mark_rects(self._content.marks)
        return next((mark.position for mark, rect in marks if rect.contains(place)), None)

    def _notes_at(self, x: float) -> list[HealthNote]:
        return [note for note in self._content.notes if abs(self._x(note.position) - x) <= _NOTE_REACH_PX]

    def _tool_tip_at(self, place: QPointF) -> str:
        if self._grip_at(place) is not None:
            return _GRIP_TIP
        marked = self._mark_at(place)  # whose name may be wide, and at the end not beneath its position
        x = place.x() if marked is None else self._x(marked)
        reported = [note.message for note in self._notes_at(x)]
        best = self._content.best
        if best is not None and abs(self._x(Position(best)) - x) <= _NOTE_REACH_PX:
            reported.append(
                _("Epoch {best} is the best: {best_text} on validation images.").format(
                    best=best, best_text=self._content.best_text
                )
            )
        return "\n".join(reported) or self.toolTip()

    def _choose_at(self, place: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        candidates = list(self._content.recorded)
        marked = self._mark_at(place)
        on_triangle = self._notes_at(place.x()) if place.y() < self._track.y - TICK_PX else []
        if marked is not None:
            candidates = [marked]
        elif on_triangle:  # the note's own position, not one that is merely near the pointer
            candidates = [p for p in candidates if p <= on_triangle[-1].position][-1:]
        if not candidates:
            return
        nearest = min(candidates, key=lambda p: abs(self._x(p) - place.x()))
        with QSignalBlocker(self):
            self.setValue(nearest.epoch)
        self.chosen.emit(nearest)

    @Slot(int)
    def _on_value_changed(self, epoch: int) -> None:
        """Choose an epoch or, if it is not retained, the next one on the way; count on from the head."""
        wanted = Position(epoch)
        if wanted > self._head:
            wanted = next((p for p in self._content.recorded if p >= wanted), wanted)
        self.chosen.emit(wanted)
        with QSignalBlocker(self):
            self.setValue(self._head.epoch)

    def _x(self, position: Position) -> float:
        return self._track.x(place_of(position))
