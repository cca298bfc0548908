"""The Latent tab: the plane that a network decodes from, as an instrument to play."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from cadl_gui.domain.architecture import architecture
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.posterior import divergences
from cadl_gui.imaging.latent.spread import LatentSpread
from cadl_gui.system.resources import shipped_run
from cadl_gui.ui.actions import ActionSet
from cadl_gui.ui.latent import clipboard, export, hand, layer_bar, play
from cadl_gui.ui.latent.clipboard import LatentClipboard
from cadl_gui.ui.latent.code_text import code_text
from cadl_gui.ui.latent.export import LatentExport
from cadl_gui.ui.latent.hand import LatentHand
from cadl_gui.ui.latent.handle_picture import HandlePicture
from cadl_gui.ui.latent.layer_bar import LatentLayerBar
from cadl_gui.ui.latent.no_plane import NoPlane
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane_feed import PlaneFeed
from cadl_gui.ui.latent.play import LatentPlay
from cadl_gui.ui.latent.point_walk import PointWalk
from cadl_gui.ui.latent.side import LatentSide
from cadl_gui.ui.latent.whereabouts import Whereabouts
from cadl_gui.ui.page import Page, PageContext
from cadl_gui.ui.suited_run import SuitedRun
from cadl_gui.ui.tab_undo import PIN_ROWS, TabUndo
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel

_FOLDS_BELOW_PX = 1100
_NO_CLASSIFIER = "Train or open a classifier: it says here what this shows."


class LatentTab(Page):
    """Shows the latent plane of the last run that has one, at the position of the timeline."""

    ACTIONS = (
        *hand.ROWS, *play.PATH_ROWS, *PIN_ROWS, *play.PIN_ROWS, *layer_bar.ROWS,
        *export.ROWS, *clipboard.ROWS,
    )  # fmt: skip
    KEYS = (
        ("Move the handle", "Arrow keys", "8 pixels; with Shift 1, with Ctrl 48; the view follows."),
        ("Snap while dragging", "Ctrl+drag", "The handle goes from digit to digit."),
        (
            "Pan",
            "Ctrl+Shift+arrow keys",
            "The view alone; a drag with the middle or right button does it, too.",
        ),
        ("Zoom", "+ or −", "About the middle; the wheel about the pointer."),
        ("Fit", "Home", "Show everything; a double click does it, too."),
    )

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        engine, theme, undo = context.engine, context.theme, context.undo
        self._run: Run | None = None
        self._spread: LatentSpread | None = None
        self._random = np.random.default_rng()
        self._shown = SuitedRun(engine, self.suits, self)
        self._classifier = SuitedRun(engine, lambda about: about.config.model.is_classifier, self)
        self._place = LatentPlace(self)
        self._paths = LatentPaths(undo, self)
        self._undo = TabUndo(PIN_ROWS, context, self, self._paths.stack)
        self._whereabouts = Whereabouts(engine, self._shown, self._place)
        self._clipboard = LatentClipboard(self._place)
        self._plane = LatentPlane(theme)
        self._walk = PointWalk(theme, self._plane, engine.jobs)
        self._feed = PlaneFeed(engine, self._shown, self._classifier, self._place, self._walk)
        self._picture = HandlePicture(engine, self._shown, self._classifier, self)
        self._play = LatentPlay(engine, self._shown, self._place, self._paths, self._plane, theme, self)
        self._hand = LatentHand(self._shown, self._place, self._paths, self._play, self._feed, self._walk)
        self._export = LatentExport(
            engine, self._shown, self._place, self._paths, self._feed, self._whereabouts.text
        )
        self._layers = LatentLayerBar(theme)
        actions, menu = self._build_actions()
        self._side = LatentSide(theme, engine.jobs, actions, menu)
        self._no_plane = NoPlane(can_show_vae=shipped_run("vae") is not None)
        self._lay_out()
        self._connect()
        self._on_run_changed()
        self._on_classifier_changed()

    @classmethod
    def suits(cls, run: RunDescription) -> bool:
        """Whether its network encodes pictures as at least two numbers."""
        model = run.config.model
        if model.is_classifier or run.is_graph:
            return False
        return model.convolutional or (model.latent_dim or model.n_hidden or model.layers[-1]) >= 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The decoded picture gives way where the page is narrow."""
        super().resizeEvent(event)
        self._side.set_folded(self.width() < _FOLDS_BELOW_PX)

    def _build_actions(self) -> tuple[dict[str, QAction], QMenu]:
        """The actions by their keys, and the menu of what can be taken away and put back."""
        of_hand = ActionSet(hand.ROWS, self._hand, self._theme, self)
        others = (of_hand, self._play.action_set, self._undo.action_set, self._layers.action_set)
        exports = (
            ActionSet(export.ROWS, self._export, self._theme, self),
            ActionSet(clipboard.ROWS, self._clipboard, self._theme, self),
        )
        actions = {key: action for each in (*others, *exports) for key, action in each.by_key.items()}
        exported = [row for each in exports for row in each.rows]
        self.addActions([actions[row.key] for row in self.ACTIONS if row not in exported])
        menu = QMenu("Export", self)
        for row in exported:
            if row.separated:
                menu.addSeparator()
            menu.addAction(actions[row.key])
        self.addAction(menu.menuAction())
        # An action that stands in a hidden menu only would lose its keys.
        self.addActions(menu.actions())
        return actions, menu

    def _lay_out(self) -> None:
        self._plane_panel = FigurePanel(self._plane, self._theme, self._engine.jobs, "Latent plane")
        body = QHBoxLayout()
        body.setSpacing(GAP_PX)
        body.addWidget(self._plane_panel, stretch=1)
        body.addWidget(self._side)
        instrument = QWidget()
        page = QVBoxLayout(instrument)
        page.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        page.setSpacing(GAP_SMALL_PX)
        page.addWidget(self._layers)
        page.addLayout(body, stretch=1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._no_plane)
        self._pages.addWidget(instrument)

    def _connect(self) -> None:
        self._shown.run_changed.connect(self._on_run_changed)
        self._shown.position_changed.connect(self._on_position_changed)
        self._classifier.run_changed.connect(self._on_classifier_changed)
        self._engine.view.run_changed.connect(self._say_why_empty)
        self._no_plane.vae_wanted.connect(self._show_vae)
        self._place.moved.connect(self._on_moved)
        self._feed.points_changed.connect(self._on_points_changed)
        self._picture.decoded.connect(self._on_decoded)
        self._picture.answered.connect(self._on_answered)
        self._picture.unanswered.connect(self._say_no_answer)
        self._connect_bars()
        self._feed.posteriors_changed.connect(self._on_posteriors_changed)
        self._paths.changed.connect(lambda: self._side.paths.show_kind(self._paths.kind))
        self._whereabouts.wanted.connect(self.wanted)
        panels = (self._plane_panel, self._side.panel)
        for teller in (self._feed, self._picture, self._play, *panels):
            teller.failed.connect(self.failed)
        for worker in (self._export, self._export.job, self._clipboard, self._whereabouts):
            worker.failed.connect(self.failed)
        for panel in panels:
            panel.pointer_text.connect(self.pointer_text)
            panel.saved.connect(self.saved)
            panel.set_text(self._whereabouts.text)
        for told in (self._play.told, self._export.job.told, self._clipboard.told):
            told.connect(self.pointer_text)

    def _connect_bars(self) -> None:
        layers, side = self._layers, self._side
        layers.layer_toggled.connect(self._feed.set_layer)
        layers.zoomed.connect(self._plane.zoom)
        layers.fit_clicked.connect(self._plane.fit)
        layers.action_set["hover"].toggled.connect(self._plane.set_hover_mode)
        layers.action_set["grid"].toggled.connect(self._on_grid)
        layers.action_set["sampled"].toggled.connect(self._feed.set_sampled)
        side.paths.kind_chosen.connect(self._paths.set_kind)
        side.paths.speed_chosen.connect(self._play.player.set_speed)
        side.code.code_edited.connect(self._place.set_code)
        side.axes.axes_chosen.connect(self._choose_axes)
        side.axes.reset_clicked.connect(self._reset)
        side.axes.random_clicked.connect(self._draw_code)
        job = self._export.job
        side.progress.cancelled.connect(job.cancel)
        job.progressed.connect(side.progress.show_progress)
        job.writing.connect(side.progress.show_writing)
        job.ended.connect(side.progress.hide)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._shown.run
        self._pages.setCurrentIndex(int(run is not None))
        self._say_why_empty()
        if run is self._run:
            return
        self._run = run
        self._spread = None
        self._export.job.cancel()
        self._side.decoded.set_picture(None)
        if run is None:
            self._paths.leave()
            self._undo.set_stack(self._paths.stack)
            return
        n_latents = _n_latents(run)
        self._layers.set_variational(run.description.config.model.is_variational)
        self._side.set_space(n_latents)
        self._play.enter(run.run_id, n_latents)
        self._undo.set_stack(self._paths.stack)
        self._feed.begin()

    @Slot()
    def _on_position_changed(self) -> None:
        run = self._shown.run
        if run is None:
            return
        position = self._shown.position or run.newest
        self._plane_panel.set_note(f"{run.letter} · {run.description.name} · {position}")
        self._side.panel.set_note(f"{run.letter} · {position}")
        self._picture.ask(self._place.code)

    @Slot()
    def _on_moved(self) -> None:
        self._picture.ask(self._place.code)
        self._side.code.show_code(self._place.code)
        self._plane.set_where(code_text(self._place.code.tolist()))

    @Slot(bool)
    def _on_grid(self, is_grid: bool) -> None:
        self._walk.set_grid(is_grid)
        self._play.set_hidden(is_grid)
        self._hand.show_handle()

    @Slot()
    def _on_points_changed(self) -> None:
        latents = self._feed.latents
        if not len(latents):
            return
        is_first = self._spread is None
        self._spread = LatentSpread.of(latents)
        self._side.code.set_spread(self._spread)
        self._play.set_spread(self._spread)
        if self._place.n_latents > 2:
            self._choose_axes(*self._side.axes.choice)
            if is_first and not self._place.code.any():
                self._reset()

    @Slot()
    def _on_posteriors_changed(self) -> None:
        posteriors = self._feed.posteriors
        if posteriors is not None:
            self._side.code.show_divergences(divergences(posteriors))

    @Slot(str, int, int)
    def _choose_axes(self, kind: str, first: int, second: int) -> None:
        latents = self._feed.latents
        if self._spread is None or len(latents) < 2:
            return
        if kind == "components":
            axes = LatentAxes.of_components(latents, first, second)
        else:
            axes = LatentAxes.of_dimensions(self._place.n_latents, first, second)
        self._place.set_axes(axes)
        shares = axes.variance_shares or self._spread.shares(first, second)
        self._side.axes.show_shares(shares, self._spread)

    @Slot()
    def _reset(self) -> None:
        if self._spread is not None:
            self._place.set_code(self._spread.means)

    @Slot()
    def _draw_code(self) -> None:
        if self._spread is not None:
            self._place.set_code(self._spread.random(self._random))

    @Slot(object)
    def _on_decoded(self, picture: NDArray[np.float32] | None) -> None:
        self._side.decoded.set_picture(picture)
        if picture is None:
            self._say_no_answer("")

    @Slot(str)
    def _say_no_answer(self, sentence: str) -> None:
        self._side.answer.show_sentence(sentence)
        self._plane.set_answer(sentence)

    @Slot(object, object)
    def _on_answered(self, position: Position, probabilities: NDArray[np.float32]) -> None:
        run = self._classifier.run
        if run is not None:
            # The timeline has moved the classifier, too: an untrained one is sure of anything.
            who = f"{run.letter} · {run.description.name}\n{run.description.told(position)}"
            self._side.answer.show_probabilities(probabilities, who)
            self._plane.set_answer(self._side.answer.text)

    @Slot()
    def _on_classifier_changed(self) -> None:
        self._side.answer.show_sentence("" if self._classifier.run is not None else _NO_CLASSIFIER)

    @Slot()
    def _say_why_empty(self) -> None:
        run = self._engine.view.run
        name = "" if run is None else run.description.name
        self._no_plane.set_sentence(f"{name} has no latent plane." if name else "There is no run yet.")

    @Slot()
    def _show_vae(self) -> None:
        folder = shipped_run("vae")
        if folder is not None:
            self._engine.runs.open(folder)


def _n_latents(run: Run) -> int:
    description = run.description
    built = architecture(description.config.model, description.picture_shape, description.n_labels)
    return built.n_latents
