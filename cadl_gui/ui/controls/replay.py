"""Replays a training: shows one recorded position of a span after the other."""

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.view import Span
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.settings import Settings

POSITIONS_PER_SECOND = (1, 2, 4, 12)
_FIRST_MS, _FIRST_TICKS = 1000, 4
"""The first position is shown for a second or, at a high speed, for this many others."""


class Replay(QObject):
    """Plays once through the recorded positions of the run shown, unless anything else chooses what is shown.

    Speed and spans are remembered. The span of a run is all of it until another one is chosen; an end that is
    the run's own moves with it while the run is trained.

    Args:
        engine: the engine whose view state moves.
        settings: stores the speed, and the spans of runs that are on disk.
        parent: parent object.

    Signals:
        changed: it was started or stopped, or speed or span have changed.
    """

    changed = Signal()

    def __init__(self, engine: Engine, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._clock = Timer(self, self._advance, repeats=True)
        engine.view.position_chosen.connect(self.stop)
        engine.view.bind(self, lambda: engine.view.run, self.stop)  # the one that it replays may be removed
        engine.view.bind(self, self._spans, self.changed.emit)

    @property
    def is_playing(self) -> bool:
        """Whether the training is being replayed."""
        return self._clock.isActive()

    @property
    def rate(self) -> int:
        """Positions a second."""
        return self._settings.replay_rate

    def next_rate(self) -> None:
        """Change to the next speed, or from the last to the first."""
        faster = (rate for rate in POSITIONS_PER_SECOND if rate > self.rate)
        self._settings.replay_rate = next(faster, POSITIONS_PER_SECOND[0])
        if self.is_playing:
            self._clock.start(self._tick_ms)
        self.changed.emit()

    def can_play(self) -> bool:
        """Return whether the run shown has positions to play through."""
        run = self._engine.view.run
        return run is not None and len(run.recorded) > 1

    @Slot()
    def toggle(self) -> None:
        """Start from the position shown, or from the start of the span if that is outside; or stop."""
        view = self._engine.view
        if self.is_playing:
            self.stop()
        elif view.run is not None and self.can_play():
            start, end = self.span(view.run)
            if view.is_live or not start <= view.position < end:
                view.move_to(start)
            self._clock.start(max(self._tick_ms, min(_FIRST_MS, _FIRST_TICKS * self._tick_ms)))
            self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop at the position shown."""
        if self.is_playing:  # every event of a drag along the timeline calls this
            self._clock.stop()
            self.changed.emit()

    def span(self, run: Run) -> tuple[Position, Position]:
        """Return the first and the last position of a run that are replayed; it has recorded positions."""
        start, end = self._engine.view.value.chosen(self._engine.runs.key(run)).span
        first, last = run.recorded[0], run.recorded[-1]
        start = (run.retained_near(start) if start is not None else first) or first
        end = (run.retained_near(end) if end is not None else last) or last
        return (start, end) if start < end else (first, last)

    def set_span(self, run: Run, start: Position, end: Position) -> None:
        """Replay a run between two positions; its own first and last position are all of it."""
        span = (
            None if start <= run.recorded[0] else start,
            None if end >= run.recorded[-1] else end,
        )
        view, key = self._engine.view, self._engine.runs.key(run)
        view.change(of_run=view.value.with_run(key, span=span))

    def _spans(self) -> list[Span]:
        return [chosen.span for chosen in self._engine.view.value.of_run.values()]

    @property
    def _tick_ms(self) -> int:
        return round(1000 / self.rate)

    @Slot()
    def _advance(self) -> None:
        view = self._engine.view
        if view.run is None or not self.can_play():
            self.stop()
            return
        self._clock.setInterval(self._tick_ms)
        start, end = self.span(view.run)
        later = [p for p in view.run.recorded if start <= view.position < p <= end]
        if later:
            view.move_to(later[0])
        if len(later) <= 1:
            self.stop()
