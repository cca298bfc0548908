"""What each network answered about the drawing at the epochs that are kept."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.class_names import ranked
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.images import evenly_spread
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.ui.tab_run import TabRun

_REST_MS = 250
"""Time without movement after which the pen is considered at rest."""

_MOST_POSITIONS = 15


class RunHistory(NamedTuple):
    """The answers of a run.

    Attributes:
        run: the run.
        positions: the positions that are shown, in order.
        answers: probabilities, (n_classes,), or the reconstruction, (height, width, channels), of each of
            them; None where it has not come.
        between: further kept positions where a classifier changed to its last answer, each with its answer.
    """

    run: Run
    positions: tuple[Position, ...]
    answers: tuple[NDArray[np.float32] | None, ...]
    between: tuple[tuple[Position, NDArray[np.float32] | None], ...] = ()

    def since(self) -> Position | None:
        """Return since when a classifier has given its last answer; None if that is not known."""
        known = sorted((*zip(self.positions, self.answers, strict=True), *self.between), key=lambda at: at[0])
        answers = [answer for _, answer in known if answer is not None and answer.ndim == 1]
        if len(answers) < len(known):
            return None
        labels = [int(ranked(answer)[0]) for answer in answers]
        first = max((i for i, label in enumerate(labels) if label != labels[-1]), default=-1) + 1
        return known[first][0]


class DrawingHistory(QObject):
    """Asks, while it is active and the pen rests, one request at a time, which any other may overtake.

    The run that answers comes first. Of many positions, some are shown; those between the two where a
    classifier changed to its last answer are asked, too. A movement of the pen discards all answers, and
    stops asking.

    Args:
        engine: answers the requests.
        shown: the run that answers.
        parent: parent object.

    Signals:
        changed: there are other answers, or other positions.
    """

    changed = Signal()

    def __init__(self, engine: Engine, shown: TabRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._is_active = False
        self._reported: list[Any] | None = None
        self._question = Question(engine, self, self._ask, lambda _: None, rest_ms=_REST_MS)
        self._answers: dict[tuple[str, Bends, Position], NDArray[np.float32] | None] = {}
        for moved in (engine.runs.added, engine.runs.removed, engine.runs.changed, shown.run_changed):
            moved.connect(self._on_runs)
        engine.view.bind(self, lambda: engine.view.shown, self._on_runs)
        engine.view.bind(self, lambda: engine.view.drawing, self._on_image)

    def set_active(self, active: bool) -> None:
        """Set whether to ask."""
        self._is_active = active
        if active:
            self._reported = None
            self._on_runs()

    def rows(self) -> list[RunHistory]:
        """Return the histories of all runs that take the drawing and keep more than one position."""
        if self._engine.view.drawing.image is None:
            return []
        rows = []
        for run in self._runs():
            shown = self._shown_of(run)
            between = [(at, self._answers.get(self._key(run, at))) for at in _before_the_last(shown)]
            rows.append(shown._replace(between=tuple(between)))
        return rows

    def _shown_of(self, run: Run) -> RunHistory:
        positions = _spread(run.recorded)
        answers = tuple(self._answers.get(self._key(run, position)) for position in positions)
        return RunHistory(run, positions, answers)

    def _runs(self) -> list[Run]:
        drawing = self._engine.view.drawing
        takers = [
            run for run in self._engine.runs if drawing.suits(run.description) and len(run.recorded) > 1
        ]
        return sorted(takers, key=lambda run: run is not self._shown.run)

    def _key(self, run: Run, position: Position) -> tuple[str, Bends, Position]:
        return run.run_id, self._engine.bending.of(run.run_id), position

    def _on_image(self) -> None:
        self._question.cancel()
        self._answers.clear()
        if self._is_active:
            self._question.ask_anew()
            self.changed.emit()

    @Slot()
    def _on_runs(self) -> None:
        """Report other positions; a training reports newer weights far more often."""
        if not self._is_active:
            return
        runs, view = self._runs(), self._engine.view
        report = [
            (run.description.name, self._key(run, run.recorded[-1]), len(run.recorded), view.position_of(run))
            for run in runs
        ]
        if report != self._reported:
            self._reported = report
            self.changed.emit()
        self._question.ask_more()

    async def _ask(self) -> None:
        """Ask for the answers that are missing, while it is active."""
        seen = self._engine.view.drawing.image
        while seen is not None and self._is_active and (missing := self._missing()) is not None:
            run, key = missing
            kind = Classify if run.description.config.model.is_classifier else Reconstruct
            try:
                answer, _ = await kind(run.run_id, key[2], seen[None])
            except CadlError:  # weights that are no longer kept, or that give no numbers, would fail again
                self._answers[key] = None
            else:
                self._answers[key] = answer[0]
                self.changed.emit()

    def _missing(self) -> tuple[Run, tuple[str, Bends, Position]] | None:
        for run in self._runs():
            for position in (*_spread(run.recorded), *_before_the_last(self._shown_of(run))):
                if (key := self._key(run, position)) not in self._answers:
                    return run, key
        return None


def _before_the_last(shown: RunHistory) -> list[Position]:
    """Return the kept positions between the first shown with the last answer and the one shown before."""
    since = shown.since()
    if since is None or since == shown.positions[0]:
        return []
    before = shown.positions[shown.positions.index(since) - 1]
    return [position for position in shown.run.recorded if before < position < since]


def _spread(recorded: list[Position]) -> tuple[Position, ...]:
    """Return all positions, or so many of them, from the first to the last."""
    return tuple(recorded[number] for number in evenly_spread(len(recorded), _MOST_POSITIONS))
