"""The side panel of the latent plane: decoded image, answer, latent vector and path."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.latent.answer_label import AnswerLabel
from cadl_gui.ui.latent.axes_bar import LatentAxesBar
from cadl_gui.ui.latent.path_bar import LatentPathBar
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.export_progress import ExportProgress
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.image_view import ImageView

_WIDTH_PX, _COLLAPSED_PX, _PRESENT_PX = 336, 292, 360
_MANY_LATENTS_SHARE, _PRESENT_SHARE = 0.6, 0.75
"""Height of the image, as a share of its width, to leave room for sliders or large type."""


class LatentSide(QWidget):
    """Lays out the parts of the side panel.

    Args:
        theme: Sizes.
        jobs: Runs the jobs that write image files.
        actions: The actions of the Latent tab, by key.
        export_menu: The menu of *Export…*.
    """

    def __init__(
        self,
        theme: Theme,
        jobs: BackgroundJobs,
        actions: Mapping[str, QAction],
        export_menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_collapsed = self._has_many = False
        self.decoded = ImageView(theme, empty_text="Drag through the plane.")
        self.decoded.setObjectName("decodedImage")
        self.panel = FigurePanel(self.decoded, theme, jobs, "Decoded")
        self.answer = AnswerLabel(theme)
        self.axes = LatentAxesBar()
        self.latent = LatentVectorPanel()
        self.paths = LatentPathBar(theme, actions, export_menu)
        self.progress = ExportProgress()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self.panel)
        # Aligned with the image, around which a panel reserves space for the focus ring.
        below = QVBoxLayout()
        below.setContentsMargins(UNIT_PX, 0, UNIT_PX, 0)
        below.setSpacing(GAP_SMALL_PX)
        for widget in (self.answer, self.axes, self.latent, self.paths, self.progress):
            below.addWidget(widget)
        below.addStretch(1)
        column.addLayout(below, stretch=1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._arrange)
        self._arrange()

    def set_space(self, latent_dim: int) -> None:
        """Adapt to the number of latents of a space."""
        self._has_many = latent_dim > 2
        self.latent.set_space(latent_dim)
        self.axes.set_space(latent_dim)
        self._arrange()

    def set_collapsed(self, collapsed: bool) -> None:
        """Set whether to use the narrow width."""
        if collapsed != self._is_collapsed:
            self._is_collapsed = collapsed
            self._arrange()

    @Slot()
    def _arrange(self) -> None:
        present = self._theme.present
        width = _PRESENT_PX if present else _COLLAPSED_PX if self._is_collapsed else _WIDTH_PX
        self.setFixedWidth(width)
        share = _PRESENT_SHARE if present else _MANY_LATENTS_SHARE if self._has_many else 1.0
        self.panel.setFixedHeight(round(share * width) + self._theme.sizes.caption + GAP_PX)
        self.axes.setVisible(self._has_many and not present)
        self.latent.setVisible(not (self._has_many and present))
