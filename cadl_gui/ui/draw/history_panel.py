"""A section that shows when each network learned to answer as it does."""

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.kept_answers import KeptAnswers
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, named
from cadl_gui.ui.controls.timer import REFRESH_MS, Timer
from cadl_gui.ui.draw.drawing_history import RunHistory
from cadl_gui.ui.draw.history_view import HistoryView
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

_EMPTY = _("Each network's answer to your drawing, at the epochs that are kept.")
_NOTE = _("fuller: more certain · click one")
_DETAILS = _("below: epochs, or + batches")

_REST_MS = 250
"""Time without movement after which the pen is considered at rest."""


class HistoryPanel(QWidget):
    """Shows the answers of all networks at epochs that are kept; a click on one moves the timeline there.

    It asks while it is visible and the pen rests. The run that answers comes first. Of many positions, some
    are shown; those between the two where a classifier changed to its last answer are asked, too. A movement
    of the pen discards all answers, and stops asking.

    Args:
        engine: answers the requests.
        theme: for colours and fonts.
        shown: the run that answers.

    Attributes:
        panel: shows the answers.
    """

    def __init__(self, engine: Engine, theme: Theme, shown: TabRun) -> None:
        super().__init__()
        self._engine = engine
        self._theme = theme
        self._shown = shown
        theme.changed.connect(self._refresh)
        self._answers = KeptAnswers(
            engine, self, self._wanted, kept_as=lambda answers: answers[0], rest_ms=_REST_MS
        )
        self._view = named(HistoryView(theme, engine.view, empty_text=_EMPTY), "historyView")
        self._view.chosen.connect(self._on_chosen)
        self.panel = FigurePanel(self._view, theme, engine.jobs, _("Answer at kept epochs"))
        self._timer = Timer(self, self._refresh, REFRESH_MS)
        self._answers.arrived.connect(self._timer.plan)
        engine.view.bind(self, lambda: engine.view.drawing, self._on_image)
        engine.view.bind(self, self._what_answers, self._on_runs)
        shown.run_changed.connect(self._on_runs)
        column_in(self, 0, self.panel)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to ask, with the run that answers in sight."""
        super().showEvent(event)
        self._view.scroll_to_start()
        self._answers.ask_more()

    def _runs(self) -> list[Run]:
        """Return all runs that take the drawing and keep more than one position."""
        takes = self._engine.view.drawing.suits
        takers = [run for run in self._engine.runs if takes(run.description) and len(run.recorded) > 1]
        return sorted(takers, key=lambda run: run is not self._shown.run)

    def _rows(self) -> list[RunHistory]:
        runs = [] if self._engine.view.drawing.image is None else self._runs()
        return [RunHistory.of(run, self._answers.known(run)) for run in runs]

    def _what_answers(self) -> object:
        """What changes with the positions; a training takes newer weights far more often."""
        bends, at = self._engine.bending.of, self._engine.view.position_of
        return [(run.description, [*run.recorded], bends(run.run_id), at(run)) for run in self._runs()]

    def _wanted(self) -> Iterable[Classify | Reconstruct]:
        seen = self._engine.view.drawing.image
        if seen is not None and self.isVisible():
            for row in self._rows():
                kind = Classify if row.run.description.config.model.is_classifier else Reconstruct
                for at in (*row.positions, *(at for at, _ in row.between)):
                    yield kind(row.run.run_id, at, seen[None])

    def _on_image(self) -> None:
        self._answers.forget()
        self._answers.ask_anew()
        self._timer.plan()

    @Slot()
    def _on_runs(self) -> None:
        self._timer.plan()
        self._answers.ask_more()

    @Slot()
    def _refresh(self) -> None:
        rows = self._rows()
        self._view.set_rows(rows)
        self.panel.set_note(*((_NOTE, _DETAILS) if rows else ("",)))

    @Slot(object, object)
    def _on_chosen(self, run: Run, position: Position) -> None:
        if self._engine.view.run is not run:
            self._engine.view.show_run(run)
        self._engine.view.show(position)
