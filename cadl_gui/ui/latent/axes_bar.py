"""The bar that selects the plane through a space of more than two latents."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import grid_in, label, named, push_button
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_KINDS = ("components", "latents")
_RESET_TIP = _("All latents as in the mean of the test images")
_RANDOM_TIP = _("Draw all latents with the spread that they have in the test images")


class LatentAxesBar(QWidget):
    """Selects two latents or two principal components as axes, and resets or randomises all latents.

    Args:
        cursor: Has the axes and the latents.
    """

    def __init__(self, cursor: LatentCursor) -> None:
        super().__init__()
        self._cursor = cursor
        self._random = np.random.default_rng()
        self._kind, self._first, self._second = NoScrollComboBox(), NoScrollComboBox(), NoScrollComboBox()
        for combo, name, text in (
            (self._kind, "axesKindCombo", _("What the axes are")),
            (self._first, "firstAxisCombo", _("Axis to the right")),
            (self._second, "secondAxisCombo", _("Axis upwards")),
        ):
            named(combo, name, text, says=text)
        self._kind.addItems([kind.capitalize() for kind in _KINDS])
        self._kind.setMinimumWidth(self._kind.sizeHint().width())
        self._share = label("", "varianceShare", wraps=True, textRole="caption", secondary=True)
        self._lay_out()
        self._kind.activated.connect(self._on_kind)
        for combo in (self._first, self._second):
            combo.activated.connect(self._choose)
        cursor.plane_changed.connect(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        """Show the axes and the shares of the variance along them; none where no image is encoded."""
        kind, *axes = self._cursor.choice
        self._kind.setCurrentIndex(_KINDS.index(kind))
        names = [
            (f"{i + 1}" if kind == "components" else f"z {i}", i) for i in range(self._cursor.n_axes(kind))
        ]
        for combo, axis in zip((self._first, self._second), axes, strict=True):
            combo.offer_entries(names)
            combo.setCurrentIndex(axis)
        statistics = self._cursor.statistics
        if statistics is None:
            self._share.clear()
            return
        shares = self._cursor.axes.variance_shares or statistics.shares(*axes)
        first, second = (percent_text(share, 0) for share in shares)
        self._share.setText(
            _(
                "{first} and {second} of the variance lie along the axes; {n_active} of {n} "
                "latents are active."
            ).format(first=first, second=second, n_active=statistics.n_active, n=len(statistics.means))
        )

    def _lay_out(self) -> None:
        reset = push_button(_("Reset"), "resetLatentsButton", _RESET_TIP, self._reset)
        random = push_button(_("Random"), "randomLatentsButton", _RANDOM_TIP, self._draw)
        grid = grid_in(self, GAP_SMALL_PX, GAP_SMALL_PX)
        for column, combo in enumerate((self._kind, self._first, self._second)):
            grid.addWidget(combo, 0, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        grid.addWidget(self._share, 1, 0)
        grid.addWidget(reset, 1, 1)
        grid.addWidget(random, 1, 2)

    @Slot()
    def _on_kind(self) -> None:
        self._cursor.change(axes=(_KINDS[self._kind.currentIndex()], 0, 1))

    @Slot()
    def _choose(self) -> None:
        """Keep the two axes different: if both are the same, the one not just chosen changes."""
        first, second = self._first.currentIndex(), self._second.currentIndex()
        if first == second and self.sender() is self._first:
            second = (second + 1) % self._second.count()
        elif first == second:
            first = (first + 1) % self._first.count()
        self._cursor.change(axes=(_KINDS[self._kind.currentIndex()], first, second))

    @Slot()
    def _reset(self) -> None:
        if self._cursor.statistics is not None:
            self._cursor.move_to(self._cursor.statistics.means)

    @Slot()
    def _draw(self) -> None:
        if self._cursor.statistics is not None:
            self._cursor.move_to(self._cursor.statistics.random(self._random))
