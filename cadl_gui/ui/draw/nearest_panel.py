"""A panel with the nearest training images, and a choice of the distance."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.engine.run import Run
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

_PIXELS = "Pixels"


class NearestPanel(QWidget):
    """Shows the nearest images, by pixels or by the latent vectors of an open autoencoder.

    Args:
        panel: shows the images.

    Signals:
        coder_changed: (`Run` or None) the autoencoder whose latent vectors to compare; None for pixels.
    """

    coder_changed = Signal(object)

    def __init__(self, panel: FigurePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[Run] = []
        self._coder: Run | None = None
        self._combo = NoScrollComboBox()
        self._combo.setObjectName("nearestCombo")
        self._combo.setAccessibleName("Compare by")
        self._combo.setToolTip("Compare pixels, or what an autoencoder makes of them")
        self._combo.currentIndexChanged.connect(self._on_index_changed)
        label = QLabel("Compare by")
        label.setBuddy(self._combo)
        set_style_property(label, "secondary", value=True)
        choice = QHBoxLayout()
        choice.setSpacing(GAP_SMALL_PX)
        choice.addWidget(label)
        choice.addWidget(self._combo, stretch=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(panel, stretch=1)
        column.addLayout(choice)
        self.set_runs((), INK)

    @property
    def coder(self) -> Run | None:
        """The autoencoder whose latent vectors are compared; None for pixels."""
        return self._coder

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
