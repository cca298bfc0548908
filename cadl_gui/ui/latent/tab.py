"""The Latent tab: an interactive map of the plane that a network decodes from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from cadl_gui.domain.run import RunDescription
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import open_menu
from cadl_gui.ui.latent import animation, border_walk, export, layer_bar
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.export import LatentExport
from cadl_gui.ui.latent.page import LatentPage
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.placeholder import Placeholder
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tab_run import TabRun

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run


class LatentTab(TabPage):
    """Shows the latent plane of the last suitable run, at the position of the timeline."""

    ACTIONS = (
        *animation.HAND_ROWS, *animation.PATH_ROWS, *animation.PIN_ROWS, *border_walk.ROWS,
        *layer_bar.ROWS, *export.ROWS,
    )  # fmt: skip
    KEYS = (
        (_("Move the handle"), _("Arrow keys"), _("8 pixels; with Shift 1, with Ctrl 48; the view follows.")),
        (_("Snap while dragging"), "Ctrl+drag", _("The handle goes from image to image.")),
        (
            _("Pan"),
            _("Ctrl+Shift+arrow keys"),
            _("The view alone; a drag with the middle or right button does it, too."),
        ),
        (_("Zoom"), _("+ or −"), _("About the middle; the wheel about the pointer.")),
        (_("Fit"), _("Home"), _("Show everything; a double click does it, too.")),
    )

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        engine, theme = context.engine, context.theme
        self._run: Run | None = None
        self._shown = shown = TabRun(engine, self.suits, self)
        classifier = TabRun(engine, lambda _: False, self)
        self._cursor = cursor = LatentCursor(engine.view, self)
        self._paths = paths = LatentPaths(engine.view, self)
        self._controller = PlaneController(engine, theme, shown, classifier, cursor)
        of_handle = engine, theme, self, shown, cursor, paths, self._controller
        self._animation = LatentAnimation(*of_handle)
        self._export = LatentExport(*of_handle)
        others = {
            key: action
            for part in (self._animation, self._export)
            for key, action in part.action_set.by_key.items()
        }
        self._page = LatentPage(
            engine,
            theme,
            shown,
            classifier,
            cursor,
            self._controller,
            self._animation,
            others,
            self._export,
        )
        self._add_actions()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(Placeholder(engine))
        self._pages.addWidget(self._page)
        shown.run_changed.connect(self._on_run_changed)
        self.visibility_changed.connect(self._controller.fit_again)
        self._on_run_changed()

    @classmethod
    def suits(cls, run: RunDescription) -> bool:
        """Return whether the run's network encodes images as at least two numbers."""
        return not (run.config.model.is_classifier or run.is_graph) and run.spec.latent_dim >= 2

    def main_view(self) -> QWidget:
        """Return the plane, whose handle the arrow keys move."""
        return self._controller.plane if self._shown.run is not None else self

    def _add_actions(self) -> None:
        """Add the actions in the order of their rows, the exports in a menu of their own."""
        actions, menu = self._page.actions_by_key, QMenu(_("Export"), self)
        self.addActions([actions[row.key] for row in self.ACTIONS if row not in export.ROWS])
        for row in export.ROWS:
            if row.separated:
                menu.addSeparator()
            menu.addAction(actions[row.key])
        self.addAction(menu.menuAction())
        # An action that is only in a hidden menu would lose its shortcuts.
        self.addActions(menu.actions())
        open_menu(self._page.layers.export_button, menu)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._shown.run
        self._pages.setCurrentIndex(int(run is not None))
        if run is self._run:
            return
        self._run = run
        self._export.job.cancel()
        if run is None:
            self._paths.leave()
            return
        latent_dim = run.description.spec.latent_dim
        self._page.begin(latent_dim, is_variational=run.description.config.model.is_variational)
        self._animation.enter(run, latent_dim)
        self._controller.begin()
