"""The page of the Latent tab: what is shown above the plane, the path beneath it, and the rest beside it."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.border_walk import BorderWalk
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.decoded_card import DecodedCard
from cadl_gui.ui.latent.export import LatentExport
from cadl_gui.ui.latent.layer_bar import LatentLayerBar
from cadl_gui.ui.latent.path_bar import LatentPathBar
from cadl_gui.ui.latent.path_steps import PathSteps
from cadl_gui.ui.latent.placeholder import OtherRunNote
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.latent.side import LatentSide
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, PAGE_MARGIN_PX


class LatentPage(QWidget):
    """Lays out the parts of the Latent tab around its plane.

    Args:
        engine: Answers the requests of the parts.
        theme: Colours and sizes.
        shown: The run that decodes.
        classifier: The run that classifies, if any.
        cursor: The handle.
        controller: Fills the plane.
        animation: Moves the handle.
        actions: The actions of the tab's other parts, by key.
        export: Exports what is shown.

    Attributes:
        actions_by_key: All actions.
        layers: The bar above the plane.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        shown: TabRun,
        classifier: TabRun,
        cursor: LatentCursor,
        controller: PlaneController,
        animation: LatentAnimation,
        actions: Mapping[str, QAction],
        export: LatentExport,
    ) -> None:
        super().__init__()
        self._shown = shown
        self._cursor = cursor
        self._controller = controller
        self.layers = LatentLayerBar(theme, engine.view, controller)
        steps = PathSteps(engine, theme, shown, classifier, animation)
        walk = BorderWalk(theme, shown, classifier, animation, steps, self.layers)
        self.actions_by_key = {**actions, **self.layers.action_set.by_key, **walk.action_set.by_key}
        self._card = DecodedCard(engine, theme, controller.plane, shown, classifier, cursor)
        self._side = LatentSide(theme, self.actions_by_key, cursor, controller, self._card, export.progress)
        self._panel = FigurePanel(controller.plane, theme, engine.jobs, _("Latent plane"), beside=self._side)
        self._note = OtherRunNote(engine, shown, theme, controller.plane)
        for panel in (self._panel, self._card.panel):
            panel.set_text(export.text)
        path = LatentPathBar(theme, self.actions_by_key, animation, steps.strip)
        margins = (PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column_in(self, GAP_SMALL_PX, self.layers, (self._panel, 1), path, margins=margins)
        shown.position_changed.connect(self._note_plane)
        engine.view.bind(self, lambda: engine.runs.descriptions, self._note_plane)
        controller.points_changed.connect(self._note_plane)

    def begin(self, latent_dim: int, *, is_variational: bool) -> None:
        """Adapt to another run, which the cursor enters next."""
        self._card.begin()
        self.layers.set_variational(is_variational)
        self._side.set_space(latent_dim)

    @Slot()
    def _note_plane(self) -> None:
        """Say which network's plane it is, and which images stand on it."""
        run = self._shown.run
        if run is None:
            return
        parts = [run.letter, run.description.name, str(self._shown.position or run.newest)]
        if n_images := len(self._controller.latents):
            of_tests = self._controller.are_of_tests
            parts.append(count_text(n_images, "test image") if of_tests else count_text(n_images, "image"))
        if (n := self._cursor.latent_dim) > 2:
            parts.append(_("a slice through {n} latents").format(n=n))
        self._panel.set_note(" · ".join(parts))
