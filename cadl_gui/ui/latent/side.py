"""The column beside the latent plane: the latent vector, its axes and the experiments."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from cadl_gui.ui.latent.axes_bar import LatentAxesBar
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.experiments import Experiments
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX
from cadl_gui.ui.widgets.export_progress import ExportProgress

_WIDTH_PX, _MANY_LATENTS_PX = 252, 304


class LatentSide(QWidget):
    """Lays out the parts of the column; present mode has none of them.

    Args:
        theme: Tells whether present mode is on.
        actions: The actions of the Latent tab, by key.
        cursor: Has the latent vector and the axes.

    Attributes:
        axes: Selects the plane through a space of more than two latents.
        latent: Edits the latent vector.
        progress: The progress of an export.
    """

    def __init__(self, theme: Theme, actions: Mapping[str, QAction], cursor: LatentCursor) -> None:
        super().__init__()
        self._theme = theme
        self._has_many = False
        self.axes = LatentAxesBar(cursor)
        self.latent = LatentVectorPanel()
        self.progress = ExportProgress()
        self._experiments = Experiments(actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        title = QLabel("Handle")
        set_style_property(title, "textRole", "caption")
        set_style_property(title, "secondary", value=True)
        title.setMinimumHeight(small_control(theme.sizes))
        column.addWidget(title)
        column.addWidget(self.axes)
        column.addWidget(self.latent)
        column.addSpacing(GAP_PX)
        column.addWidget(self._experiments)
        column.addWidget(self.progress)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.latent.latent_edited.connect(cursor.move_to)
        cursor.plane_changed.connect(self.axes.refresh)
        theme.changed.connect(self._on_theme_changed)
        self._arrange()
        if theme.present:
            self.hide()

    def set_space(self, latent_dim: int) -> None:
        """Adapt to the number of latents of a space."""
        self._has_many = latent_dim > 2
        self.latent.set_space(latent_dim)
        self._arrange()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setVisible(not self._theme.present)

    def _arrange(self) -> None:
        self.setFixedWidth(_MANY_LATENTS_PX if self._has_many else _WIDTH_PX)
        self.axes.setVisible(self._has_many)
        self._experiments.set_compact(compact=self._has_many)  # for the sliders' room
