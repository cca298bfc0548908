"""A panel with the nearest training images, and a choice of the distance."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.run import Run
from cadl_gui.ui.draw.cards import nearest_cards
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.nearest_search import Found
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

_PIXELS = "Pixels"
_EMPTY = "The ten training images that look most like your drawing."
_ABOUT = "The network learned from images like these. The smaller the distance, the more alike."


class NearestPanel(QWidget):
    """Shows the nearest images, by pixels or by the latent vectors of an open autoencoder.

    Args:
        theme: for colours and fonts.
        jobs: saves images.

    Attributes:
        panel: shows the images.

    Signals:
        coder_changed: (`Run` or None) the autoencoder whose latent vectors to compare; None for pixels.
    """

    coder_changed = Signal(object)

    def __init__(self, theme: Theme, jobs: BackgroundJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = ImageCards(theme, empty_text=_EMPTY, n_lines=1)
        self._cards.setObjectName("nearestCards")
        self.panel = FigurePanel(self._cards, theme, jobs, "Nearest training images")
        self._runs: list[Run] = []
        self._coder: Run | None = None
        self._combo = NoScrollComboBox()
        self._combo.setObjectName("nearestCombo")
        self._combo.setAccessibleName("Compare by")
        self._combo.setToolTip("Compare pixels, or the latent vectors of an autoencoder")
        self._combo.currentIndexChanged.connect(self._on_index_changed)
        label = QLabel("Compare by")
        label.setBuddy(self._combo)
        set_style_property(label, "secondary", value=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self.panel, stretch=1)
        row.addWidget(SidePanel(_ABOUT, label, self._combo))
        self.set_runs((), INK)

    @property
    def coder(self) -> Run | None:
        """The autoencoder whose latent vectors are compared; None for pixels."""
        return self._coder

    def show_found(self, found: Found, class_names: Sequence[str]) -> None:
        """Show the nearest images, unless other distances are chosen now.

        Args:
            found: the images.
            class_names: names by label.
        """
        if found.coder is not self._coder:
            return
        self._cards.set_cards(nearest_cards(found.nearest, class_names))
        self.panel.set_note("distance over pixels" if found.coder is None else "distance in latent space")

    def clear(self) -> None:
        """Show no images."""
        self._cards.set_cards(())

    def set_runs(self, runs: Sequence[Run], form: DrawingForm) -> None:
        """Offer those of these runs that encode drawings of a form."""
        self._runs = [run for run in runs if _encodes(run, form)]
        with QSignalBlocker(self._combo):
            self._combo.clear()
            self._combo.addItem(_PIXELS)
            for run in self._runs:
                self._combo.addItem(f"Latent space of {run.letter} · {run.description.name}", run.run_id)
            self._combo.setCurrentIndex(
                0 if self._coder not in self._runs else 1 + self._runs.index(self._coder)
            )
        self._on_index_changed(self._combo.currentIndex())

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        coder = self._runs[index - 1] if index > 0 else None
        if coder is not self._coder:
            self._coder = coder
            self.coder_changed.emit(coder)


def _encodes(run: Run, form: DrawingForm) -> bool:
    about = run.description
    return not (form.refusal(about) or about.config.model.is_classifier or about.is_graph)
