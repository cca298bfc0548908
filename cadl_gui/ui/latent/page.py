"""The page of the Latent tab: what is shown above the plane, the path beneath it, and the rest beside it."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.decoded_card import DecodedCard
from cadl_gui.ui.latent.layer_bar import LatentLayerBar
from cadl_gui.ui.latent.path_bar import LatentPathBar
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane_prompt import PlanePrompt
from cadl_gui.ui.latent.side import LatentSide
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel


class LatentPage(QWidget):
    """Lays out the parts of the Latent tab around its plane.

    Args:
        theme: Colours and sizes.
        jobs: Runs the jobs that write image files.
        plane: The plane.
        layers: The bar above it.
        actions: The actions of the Latent tab, by key.
        export_menu: The menu of *Export…*.
        cursor: Has the latent vector and the axes.

    Attributes:
        panel: The panel of the plane.
        card: The decoded image, over a corner of the plane.
        prompt: What is to be clicked, over the plane.
        side: The column beside the plane.
        paths: The bar beneath them.
    """

    def __init__(
        self,
        theme: Theme,
        jobs: BackgroundJobs,
        plane: LatentPlane,
        layers: LatentLayerBar,
        actions: Mapping[str, QAction],
        export_menu: QMenu,
        cursor: LatentCursor,
    ) -> None:
        super().__init__()
        layers.set_export_menu(export_menu)
        self.panel = FigurePanel(plane, theme, jobs, "Latent plane")
        self.prompt = PlanePrompt(theme, plane)
        self.card = DecodedCard(theme, jobs, plane)
        self.side = LatentSide(theme, actions, cursor)
        self.paths = LatentPathBar(theme, actions)
        body = QHBoxLayout()
        body.setSpacing(GAP_PX)
        body.addWidget(self.panel, stretch=1)
        body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(layers)
        column.addLayout(body, stretch=1)
        column.addWidget(self.paths)
