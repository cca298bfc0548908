"""The panel that edits the latent vector."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cadl_gui.imaging.latent.latent_statistics import LatentStatistics
from cadl_gui.imaging.latent.latent_text import latent_name
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import grid_in, label, named
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.slider import LatentSlider
from cadl_gui.ui.latent.spin import LatentSpin
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_PLANE = 2
_MOST_ROWS = 64
_SILENT_NATS = 0.01


@dataclass(frozen=True)
class _Fields:
    """The fields of a space; a two-dimensional one has neither sliders nor deviations."""

    content: QWidget
    spins: list[LatentSpin] = field(default_factory=list)
    sliders: list[LatentSlider] = field(default_factory=list)
    deviations: list[QLabel] = field(default_factory=list)

    def set_shown(self, *, shown: bool) -> None:
        """Show or hide the fields. Only visible ones have object names, which must be unique."""
        self.content.setVisible(shown)
        for i, spin in enumerate(self.spins):
            spin.setObjectName(f"latentSpin{i}" if shown else "")
        for i, slider in enumerate(self.sliders):
            slider.setObjectName(f"latentSlider{i}" if shown else "")


class LatentVectorPanel(QWidget):
    """Has a field for each latent, `latentSpin0` and so on; from three latents on, also a slider.

    Only the first 64 latents have fields, and none before the panel is shown.

    Args:
        cursor: Has the vector.

    Signals:
        filled: the panel was shown, and its fields lack the statistics.
    """

    filled = Signal()

    def __init__(self, cursor: LatentCursor) -> None:
        super().__init__()
        self._cursor = cursor
        self._latent_dim = 0
        self._shown = self._none = _Fields(QWidget(self))
        self._made: dict[int, _Fields] = {}
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        cursor.moved.connect(self._show_latent)

    def set_space(self, latent_dim: int) -> None:
        """Show the fields of a space of `latent_dim` dimensions."""
        if latent_dim == self._latent_dim:
            self.forget_statistics()
            return
        self._latent_dim = latent_dim
        self._shown.set_shown(shown=False)
        self._shown = self._none
        if self.isVisible():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the fields of the space that was set while this was hidden."""
        super().showEvent(event)
        if not self._shown.spins:
            self._fill()
            self._show_latent()
            self.filled.emit()

    def _fill(self) -> None:
        """Show the fields of the space; building 64 takes 60 ms, and runs are switched often."""
        n_rows = min(self._latent_dim, _MOST_ROWS)
        if n_rows not in self._made:
            self._made[n_rows] = self._pair() if n_rows == _PLANE else self._table(n_rows)
            self._place.addWidget(self._made[n_rows].content)
        self._shown = self._made[n_rows]
        self._shown.set_shown(shown=True)
        self.forget_statistics()

    def forget_statistics(self) -> None:
        """Show no standard deviations or divergences: those shown are of another run, or another epoch."""
        for words in self._shown.deviations:
            words.clear()
            words.setToolTip("")

    def set_statistics(self, statistics: LatentStatistics) -> None:
        """Fit the sliders to the data and show standard deviations, greyed out for inactive latents."""
        active = statistics.is_active.tolist()
        for i, (slider, words) in enumerate(zip(self._shown.sliders, self._shown.deviations, strict=True)):
            slider.set_statistics(float(statistics.means[i]), float(statistics.deviations[i]))
            slider.show_value(float(self._cursor.latent[i]))
            words.setText(f"σ {statistics.deviations[i]:.2f}")
            words.setEnabled(active[i])
            words.setToolTip(_("Active: varies with the image") if active[i] else _("Inactive"))

    def show_divergences(self, divergences: NDArray[np.float64]) -> None:
        """Show the KL divergence of each latent, (d,) in nats; near zero, the latent is inactive."""
        for words, nats in zip(self._shown.deviations, divergences.tolist(), strict=False):
            words.setText(f"KL {nats:.2f}")
            words.setToolTip(explained(_("How much this number says of an image"), words.text()))
            words.setEnabled(nats > _SILENT_NATS)

    @Slot()
    def _show_latent(self) -> None:
        latent = self._cursor.latent
        for i, spin in enumerate(self._shown.spins):
            spin.show_value(float(latent[i]))
        for i, slider in enumerate(self._shown.sliders):
            slider.show_value(float(latent[i]))

    def _pair(self) -> _Fields:
        made = _Fields(QWidget())
        grid = grid_in(made.content, GAP_SMALL_PX, GAP_SMALL_PX)
        for i in range(_PLANE):
            made.spins.append(self._spin(i))
            grid.addWidget(self._name(i), 0, 2 * i)
            grid.addWidget(made.spins[i], 0, 2 * i + 1)
            grid.setColumnStretch(2 * i + 1, 1)
        return made

    def _table(self, n: int) -> _Fields:
        made = _Fields(QWidget())
        grid = grid_in(made.content, GAP_SMALL_PX, GAP_SMALL_PX)
        for i in range(n):
            slider = named(LatentSlider(), "", says=f"z {i}")
            slider.valueChanged.connect(lambda _, i=i: self._edit(i, self._shown.sliders[i].latent))
            deviation = label(textRole="caption", secondary=True)
            spin = self._spin(i)
            for column, widget in enumerate((self._name(i), slider, spin, deviation)):
                grid.addWidget(widget, i, column)
            made.spins.append(spin)
            made.sliders.append(slider)
            made.deviations.append(deviation)
        grid.setColumnStretch(1, 1)
        return made

    def _name(self, index: int) -> QLabel:
        tip = _("One of the numbers that the network makes of an image, and an image of")
        return named(label(latent_name(index)), "", tip)

    def _spin(self, index: int) -> LatentSpin:
        spin = named(LatentSpin(), "", says=f"z {index}")
        spin.valueChanged.connect(lambda value: self._edit(index, value))
        return spin

    def _edit(self, index: int, value: float) -> None:
        latent = np.array(self._cursor.latent)
        latent[index] = value
        self._cursor.move_to(latent)
