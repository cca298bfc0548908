"""A section that shows when each network learned to answer as it does."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, named
from cadl_gui.ui.controls.timer import REFRESH_MS, Timer
from cadl_gui.ui.draw.drawing_history import DrawingHistory
from cadl_gui.ui.draw.history_view import HistoryView
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

_EMPTY = _("Each network's answer to your drawing, at the epochs that are kept.")
_NOTE = _("fuller: more certain · click one")
_DETAILS = _("below: epochs, or + batches")


class HistoryPanel(QWidget):
    """Shows the answers of all networks at epochs that are kept; a click on one moves the timeline there.

    While it is hidden, nothing is asked.

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
        theme.changed.connect(self._refresh)
        self._history = DrawingHistory(engine, shown, self)
        self._view = named(HistoryView(theme, engine.view, empty_text=_EMPTY), "historyView")
        self._view.chosen.connect(self._on_chosen)
        self.panel = FigurePanel(self._view, theme, engine.jobs, _("Answer at kept epochs"))
        self._timer = Timer(self, self._refresh, REFRESH_MS)
        self._history.changed.connect(self._timer.plan)
        column_in(self, 0, self.panel)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to ask, with the run that answers in sight."""
        super().showEvent(event)
        self._view.scroll_to_start()
        self._history.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop asking."""
        super().hideEvent(event)
        self._history.set_active(False)

    @Slot()
    def _refresh(self) -> None:
        rows = self._history.rows()
        self._view.set_rows(rows)
        self.panel.set_note(*((_NOTE, _DETAILS) if rows else ("",)))

    @Slot(object, object)
    def _on_chosen(self, run: Run, position: Position) -> None:
        if self._engine.view.run is not run:
            self._engine.view.show_run(run)
        self._engine.view.show(position)
