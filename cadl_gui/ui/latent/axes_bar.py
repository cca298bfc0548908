"""The bar that selects the plane through a space of more than two latents."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from cadl_gui.domain.formatting import percent_text
from cadl_gui.imaging.latent.latent_statistics import LatentStatistics
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

AxesKind = Literal["components", "latents"]

_MOST_COMPONENTS = 16


class LatentAxesBar(QWidget):
    """Selects two latents or two principal components as axes, and resets or randomises all latents.

    Signals:
        axes_chosen: (str, int, int) An `AxesKind`, and the indices of the right and upward axes, from 0.
        reset_clicked: Set all latents to their means.
        random_clicked: Draw all latents at random.
    """

    axes_chosen = Signal(str, int, int)
    reset_clicked = Signal()
    random_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n_latents = 0
        self._n_components = _MOST_COMPONENTS
        self._kind, self._first, self._second = NoScrollComboBox(), NoScrollComboBox(), NoScrollComboBox()
        for combo, name, text in (
            (self._kind, "axesKindCombo", "What the axes are"),
            (self._first, "firstAxisCombo", "Axis to the right"),
            (self._second, "secondAxisCombo", "Axis upwards"),
        ):
            combo.setObjectName(name)
            combo.setAccessibleName(text)
            combo.setToolTip(text)
        self._kind.addItem("Components", "components")
        self._kind.addItem("Latents", "latents")
        self._kind.setMinimumWidth(self._kind.sizeHint().width())
        self._share = QLabel()
        self._share.setObjectName("varianceShare")
        self._share.setWordWrap(True)
        set_style_property(self._share, "textRole", "caption")
        set_style_property(self._share, "secondary", value=True)
        self._lay_out()
        self._kind.activated.connect(self._on_kind)
        for combo in (self._first, self._second):
            combo.activated.connect(self._choose)

    @property
    def choice(self) -> tuple[AxesKind, int, int]:
        """The kind and the indices of the chosen axes."""
        kind: AxesKind = "components" if self._kind.currentIndex() == 0 else "latents"
        return kind, max(0, self._first.currentIndex()), max(0, self._second.currentIndex())

    def set_space(self, latent_dim: int) -> None:
        """Offer the axes of a space of `latent_dim` dimensions, and choose the first two components."""
        self._n_latents, self._n_components = latent_dim, min(latent_dim, _MOST_COMPONENTS)
        self._kind.setCurrentIndex(0)
        self._fill()

    def set_n_images(self, n: int) -> None:
        """Offer no more components than there are encoded images, at least two."""
        n_components = max(2, min(n, self._n_latents, _MOST_COMPONENTS))
        if n_components != self._n_components:
            self._n_components = n_components
            kind, *axes = self.choice
            if kind == "components":
                self._fill(*(axes if max(axes) < n_components else (0, 1)))

    def show_shares(self, shares: Sequence[float], statistics: LatentStatistics) -> None:
        """Show the shares of the variance along the two axes, in [0, 1], and the number of active latents."""
        first, second = (percent_text(share, 0) for share in shares)
        self._share.setText(
            f"{first} and {second} of the variance lie along the axes; "
            f"{statistics.n_active} of {len(statistics.means)} latents are active."
        )

    def forget_shares(self) -> None:
        """Show no shares."""
        self._share.clear()

    def _lay_out(self) -> None:
        reset, random = QPushButton("Reset"), QPushButton("Random")
        reset.setObjectName("resetLatentsButton")
        reset.setToolTip("All latents as in the mean of the test images")
        random.setObjectName("randomLatentsButton")
        random.setToolTip("Draw all latents with the spread that they have in the test images")
        reset.clicked.connect(self.reset_clicked)
        random.clicked.connect(self.random_clicked)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_SMALL_PX)
        for column, combo in enumerate((self._kind, self._first, self._second)):
            grid.addWidget(combo, 0, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        grid.addWidget(self._share, 1, 0)
        grid.addWidget(reset, 1, 1)
        grid.addWidget(random, 1, 2)

    def _fill(self, first: int = 0, second: int = 1) -> None:
        kind = self.choice[0]
        n = self._n_components if kind == "components" else self._n_latents
        for combo, chosen in ((self._first, first), (self._second, second)):
            combo.clear()
            combo.addItems([f"{i + 1}" if kind == "components" else f"z {i}" for i in range(n)])
            combo.setCurrentIndex(chosen)

    @Slot()
    def _on_kind(self) -> None:
        self._fill()
        self._choose()

    @Slot()
    def _choose(self) -> None:
        """Keep the two axes different: if both are the same, the one not just chosen changes."""
        if self._first.currentIndex() == self._second.currentIndex():
            other = self._second if self.sender() is self._first else self._first
            other.setCurrentIndex((other.currentIndex() + 1) % other.count())
        self.axes_chosen.emit(*self.choice)
