"""The dialog that mixes pins."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.run_letters import letters_of
from cadl_gui.system.words import _
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_MOST_PARTS = 100
_SLIDER_PX = 240


class PinMixer(Dialog):
    """Has a slider for each pin; the mixture is the mean of the pins, weighted by the sliders.

    Args:
        pins: Latent vectors, at least two.
        parent: The parent widget.

    Signals:
        mixed: ((d,) float32) The new mixture; first emitted when the dialog is shown.
    """

    mixed = Signal(object)

    def __init__(self, pins: Sequence[Sequence[float]], parent: QWidget | None = None) -> None:
        super().__init__(parent, "pinMixer", _("Mix pins"))
        self._pins = np.asarray(pins, np.float64)
        self._sliders: list[QSlider] = []
        self._shares: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(GAP_PX, GAP_PX, GAP_PX, GAP_PX)
        grid.setSpacing(GAP_SMALL_PX)
        for i in range(len(self._pins)):
            self._add_row(grid, i)

    def _add_row(self, grid: QGridLayout, index: int) -> None:
        slider = named(
            JumpSlider(),
            f"mixSlider{index}",
            says=_("Share of pin {letter}").format(letter=letters_of(index).lower()),
        )
        slider.setMinimumWidth(_SLIDER_PX)
        slider.setRange(0, _MOST_PARTS)
        slider.setValue(_MOST_PARTS // 2)
        slider.valueChanged.connect(self._mix)
        share = QLabel()
        share.setMinimumWidth(share.fontMetrics().horizontalAdvance("100 %"))
        share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._sliders.append(slider)
        self._shares.append(share)
        for column, widget in enumerate(
            (QLabel(_("Pin {letter}").format(letter=letters_of(index).lower())), slider, share)
        ):
            grid.addWidget(widget, index, column)

    def setVisible(self, visible: bool) -> None:
        """Emit the first mixture, with equal shares, when shown."""
        super().setVisible(visible)
        if visible:
            self._mix()

    @Slot()
    def _mix(self) -> None:
        parts = np.array([slider.value() for slider in self._sliders], np.float64)
        # All sliders at zero mean equal shares.
        shares = parts / parts.sum() if parts.any() else np.full(len(parts), 1 / len(parts))
        for label, share in zip(self._shares, shares.tolist(), strict=True):
            label.setText(percent_text(share, 0))
        self.mixed.emit((shares @ self._pins).astype(np.float32))
