"""The column beside the latent plane: the latent vector, its axes and the experiments."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from cadl_gui.imaging.latent.posterior import divergences
from cadl_gui.ui.latent.axes_bar import LatentAxesBar
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton
from cadl_gui.ui.widgets.parts import column_in, label

_WIDTH_PX, _MANY_LATENTS_PX = 252, 304
_EXPERIMENTS = {
    "borderWalk": "Where one class becomes another",
    "placeDrawing": "Your drawing in the plane",
    "mixPins": "A weighted mean of the pins",
    "reencode": "Decode and encode repeatedly",
    "drift": "A slow walk through the data",
    "grid": "Each image in a cell of its own",
}
"""What each experiment shows, by the key of its action."""

_DETAILS = {"mixPins", "reencode", "grid"}


class LatentSide(QWidget):
    """Lays out the parts of the column; present mode has none of them.

    Args:
        theme: Shows and hides controls.
        actions: The actions of the Latent tab, by key.
        cursor: Has the latent vector and the axes.
        controller: Has the encoded images.
        progress: The progress of an export.
    """

    def __init__(
        self,
        theme: Theme,
        actions: Mapping[str, QAction],
        cursor: LatentCursor,
        controller: PlaneController,
        progress: QWidget,
    ) -> None:
        super().__init__()
        self._stage = theme.stage
        self._cursor = cursor
        self._controller = controller
        self._axes = LatentAxesBar(cursor)
        self._latent = LatentVectorPanel(cursor)
        self._experiments = [
            (ActionButton(actions[key]), label(shows, wraps=True, textRole="caption", secondary=True))
            for key, shows in _EXPERIMENTS.items()
        ]
        for key, widgets in zip(_EXPERIMENTS, self._experiments, strict=True):
            theme.stage.put(When.DETAILS if key in _DETAILS else When.ALWAYS, *widgets)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP_SMALL_PX)
        self._grid.setColumnStretch(1, 1)
        experiments = label("Experiments", wraps=True, textRole="caption", secondary=True)
        self._grid.addWidget(experiments, 0, 0, 1, 2)
        title = label("Handle", wraps=True, textRole="caption", secondary=True)
        title.setMinimumHeight(small_control(theme.sizes))
        column_in(self, GAP_SMALL_PX, title, self._axes, self._latent, self._grid, progress, None)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        for due in (controller.points_changed, self._latent.filled):
            due.connect(self._show_spread)
        theme.stage.put(When.DETAILS, title, self._axes, self._latent)
        theme.stage.put(When.AT_A_DESK, self)
        self.set_space(cursor.latent_dim)

    def set_space(self, latent_dim: int) -> None:
        """Adapt to the number of latents of a space: many sliders leave less room for the experiments."""
        has_many = latent_dim > 2
        self._latent.set_space(latent_dim)
        self._stage.show(self._axes, has_many)
        self.setFixedWidth(_MANY_LATENTS_PX if has_many else _WIDTH_PX)
        for i, (button, words) in enumerate(self._experiments):
            self._grid.addWidget(button, 1 + (i // 2 if has_many else i), i % 2 if has_many else 0)
            self._grid.addWidget(words, 1 + i, 1)
            self._stage.show(words, not has_many)

    @Slot()
    def _show_spread(self) -> None:
        if self._cursor.statistics is None:
            self._latent.forget_statistics()
        else:
            self._latent.set_statistics(self._cursor.statistics)
        if self._controller.posteriors is not None:
            self._latent.show_divergences(divergences(self._controller.posteriors))
