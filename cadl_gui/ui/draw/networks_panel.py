"""A panel with what each network says of the drawing."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Request
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, named
from cadl_gui.ui.controls.timer import REFRESH_MS, Timer
from cadl_gui.ui.draw.cards import RunCards
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.theme.theme import Theme


class NetworksPanel(QWidget):
    """Shows cards with the answers of all open runs.

    Args:
        theme: for colours and fonts.
        engine: has the open runs, the drawing, and what saves images.

    Attributes:
        panel: shows the cards.
    """

    def __init__(self, theme: Theme, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._answers = RunCards(theme)
        empty = _("The answer of each open network to your drawing.")
        self._cards = named(ImageCards(theme, empty_text=empty, n_lines=3, scrolls=True), "modelCards")
        self.panel = FigurePanel(self._cards, theme, engine.jobs, _("What each network says"))
        self._timer = Timer(self, self.refresh, REFRESH_MS)
        column_in(self, 0, self.panel)
        theme.changed.connect(self.refresh)

    def add(self, run: Run, request: Request[Any], answer: Any, position: Position) -> None:
        """Show a run's answer soon.

        Args:
            request: what it answered.
            position: position of the weights that answered.
        """
        self._answers.add(run, request, answer, position)
        self._timer.plan()  # at every answer, painting would slow down the bars

    def drop(self, run: Run, request: Request[Any]) -> None:
        """Remove a run's answer to such a request, which is no longer valid."""
        self._answers.drop(run, type(request))
        self._timer.plan()  # at every answer, painting would slow down the bars

    def clear(self) -> None:
        """Show no cards."""
        self._answers.clear()
        self._cards.set_cards(())

    @Slot()
    def refresh(self) -> None:
        """Show the cards of all runs; without a drawing, there are none."""
        drawing = self._engine.view.drawing
        runs = () if drawing.image is None else tuple(self._engine.runs)
        self._cards.set_cards(self._answers.cards(runs, drawing.form, drawing.image))
