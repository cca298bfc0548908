"""A section that shows why a classifier answers as it does."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cadl_gui.domain.evidence import Evidence
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.run import Run
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.ui.draw.cards import evidence_cards
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.figure_panel import FigurePanel

_REFRESH_MS = 33
_EMPTY = "Which pixels speak for and against each class, where a classifier answers."


class EvidencePanel(QWidget):
    """Shows the contribution of every pixel to each class.

    Args:
        theme: for colours and fonts.
        jobs: saves images.
        parent: parent widget.

    Attributes:
        panel: shows the images.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: tuple[Run, Evidence] | None = None
        self._cards = ImageCards(theme, empty_text=_EMPTY, n_lines=4)
        self._cards.setObjectName("evidenceCards")
        self.panel = FigurePanel(self._cards, theme, jobs, "Evidence")
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.panel)
        theme.changed.connect(self._refresh)

    def set_evidence(self, run: Run, evidence: Evidence) -> None:
        """Show why a run answers as it does, soon: at every answer, this would slow down the bars."""
        self._found = run, evidence
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Show nothing."""
        self._found = None
        self._cards.set_cards(())
        self.panel.set_note("")

    @Slot()
    def _refresh(self) -> None:
        if self._found is None:
            return
        run, evidence = self._found
        config = run.description.config
        colours = usual_colour_map(config.preset, is_dark=self._theme.is_dark)
        self._cards.set_cards(evidence_cards(evidence, colours, run.description.class_names))
        is_linear = not config.model.layers and not config.model.n_hidden
        self.panel.set_note(f"{'weight' if is_linear else 'gradient'} × pixel · red: for")
