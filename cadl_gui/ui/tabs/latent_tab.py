"""The Latent tab: an interactive map of the plane that a network decodes from."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from cadl_gui.domain.bookmark import KEYWORD, to_text
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import shape_text
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.view import View
from cadl_gui.imaging.latent.posterior import divergences
from cadl_gui.ui.actions import ActionSet
from cadl_gui.ui.latent import animation, border_walk, clipboard, controller, export, layer_bar
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.border_walk import BorderWalk
from cadl_gui.ui.latent.clipboard import LatentClipboard
from cadl_gui.ui.latent.controller import LatentController
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.export import LatentExport
from cadl_gui.ui.latent.grid_animation import GridAnimation
from cadl_gui.ui.latent.handle_decoder import HandleDecoder, classifies
from cadl_gui.ui.latent.latent_text import latent_text
from cadl_gui.ui.latent.layer_bar import LatentLayerBar
from cadl_gui.ui.latent.page import LatentPage
from cadl_gui.ui.latent.path_steps import PathSteps
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.placeholder import OtherRunNote, Placeholder
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.tab_undo import PIN_ROWS, TabUndo

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_NO_CLASSIFIER = "A prediction needs a classifier of the same images: train one on “{}”, {}."


class LatentTab(TabPage):
    """Shows the latent plane of the last suitable run, at the position of the timeline."""

    ACTIONS = (
        *controller.ROWS, *animation.PATH_ROWS, *PIN_ROWS, *animation.PIN_ROWS, *border_walk.ROWS,
        *layer_bar.ROWS, *export.ROWS, *clipboard.ROWS,
    )  # fmt: skip
    KEYS = (
        ("Move the handle", "Arrow keys", "8 pixels; with Shift 1, with Ctrl 48; the view follows."),
        ("Snap while dragging", "Ctrl+drag", "The handle goes from image to image."),
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
        self._shown = TabRun(engine, self.suits, self)
        self._classifier = TabRun(engine, lambda _: False, self)
        self._cursor = LatentCursor(engine.view, self)
        self._paths = LatentPaths(undo, engine.view, self)
        self._undo = TabUndo(PIN_ROWS, context, self, self._paths.stack)
        self._clipboard = LatentClipboard(self._cursor)
        self._plane = LatentPlane(theme)
        self._grid_animation = GridAnimation(theme, self._plane, engine.jobs, lambda: self._cursor.box)
        self._plane_controller = PlaneController(
            engine, self._shown, self._classifier, self._cursor, self._grid_animation
        )
        self._image = HandleDecoder(engine, self._shown, self._classifier, self)
        self._animation = LatentAnimation(
            engine, self._shown, self._cursor, self._paths, self._plane, theme, self
        )
        self._controller = LatentController(
            self._shown,
            self._cursor,
            self._paths,
            self._animation,
            self._plane_controller,
            self._grid_animation,
        )
        self._export = LatentExport(
            engine, self._shown, self._cursor, self._paths, self._plane_controller, self._bookmark
        )
        self._steps = PathSteps(engine, self._shown, self._classifier, self._paths)
        self._border_walk = BorderWalk(
            self._shown, self._classifier, self._plane_controller, self._animation, self._steps, theme
        )
        self._layers = LatentLayerBar(theme, engine.view)
        actions, menu = self._build_actions()
        self._page = LatentPage(theme, engine.jobs, self._plane, self._layers, actions, menu, self._cursor)
        self._side, self._card = self._page.side, self._page.card
        self._placeholder = Placeholder(engine, self._shown)
        self._other_run = OtherRunNote(engine, self._shown, theme, self._plane)
        self._lay_out()
        self._connect()
        self._on_run_changed()
        self._on_classifier_changed()

    @classmethod
    def suits(cls, run: RunDescription) -> bool:
        """Return whether the run's network encodes images as at least two numbers."""
        return not (run.config.model.is_classifier or run.is_graph) and _n_latents(run) >= 2

    def main_view(self) -> QWidget:
        """Return the plane, whose handle the arrow keys move."""
        return self._plane if self._shown.run is not None else self

    def _build_actions(self) -> tuple[dict[str, QAction], QMenu]:
        """Return the actions by key, and the Export menu."""
        of_hand = ActionSet(controller.ROWS, self._controller, self._theme, self)
        hosts = (self._animation, self._undo, self._border_walk, self._layers)
        others = (of_hand, *(host.action_set for host in hosts))
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
        # An action that is only in a hidden menu would lose its shortcuts.
        self.addActions(menu.actions())
        return actions, menu

    def _lay_out(self) -> None:
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._placeholder)
        self._pages.addWidget(self._page)

    def _connect(self) -> None:
        self._shown.run_changed.connect(self._on_run_changed)
        self._shown.position_changed.connect(self._on_position_changed)
        self._engine.runs.renamed.connect(self._on_position_changed)
        self._classifier.run_changed.connect(self._on_classifier_changed)
        self._engine.view.image_sent.connect(self._on_image_sent)
        self._cursor.moved.connect(self._on_moved)
        for moves in (self._cursor.moved, self._plane.handle_moved, self._plane.view_changed):
            moves.connect(self._keep_handle_clear)
        self._plane_controller.points_changed.connect(self._on_points_changed)
        self._image.decoded.connect(self._on_decoded)
        self._image.answered.connect(self._on_answered)
        self._image.unanswered.connect(self._show_no_answer)
        self._connect_bars()
        self._plane_controller.posteriors_changed.connect(self._on_posteriors_changed)
        self._paths.changed.connect(lambda: self._page.paths.show_kind(self._paths.kind))
        for panel in (self._page.panel, self._card.panel):
            panel.set_text(self._bookmark)
        tellers = (self._plane_controller, self._image, self._animation, self._clipboard)
        for teller in (*tellers, self._export, self._export.job):
            teller.failed.connect(self.failed)
        self._export.saved.connect(self.saved)
        for reported in (self._animation.status_message, self._clipboard.status_message):
            reported.connect(self.hover_text)

    def _connect_bars(self) -> None:
        layers, side, strip = self._layers, self._side, self._page.paths.strip
        layers.layer_toggled.connect(self._plane_controller.set_layer)
        layers.begin()
        layers.zoomed.connect(self._plane.zoom)
        layers.fit_clicked.connect(self._plane.fit)
        layers.action_set["hover"].toggled.connect(self._plane.set_hover_mode)
        layers.action_set["grid"].toggled.connect(self._on_grid)
        layers.action_set["sampled"].toggled.connect(self._plane_controller.set_sampled)
        self._page.paths.kind_chosen.connect(self._paths.set_kind)
        self._page.paths.speed_chosen.connect(self._animation.player.set_speed)
        strip.scrubbed.connect(self._animation.go_along)
        strip.hover_text.connect(self.hover_text)
        self._animation.moved_along.connect(strip.set_share)
        self._steps.decoded.connect(strip.set_images)
        self._steps.answered.connect(self._on_path_answered)
        self._border_walk.asked.connect(strip.ask)
        self._paths.changed.connect(lambda: strip.set_n_pins(len(self._paths.pins), self._paths.kind))
        self._border_walk.asked.connect(self._page.prompt.ask)
        self._border_walk.began.connect(layers.show_borders)
        self._border_walk.found.connect(self.hover_text)
        self._border_walk.found.connect(strip.show_note)
        job = self._export.job
        side.progress.cancelled.connect(job.cancel)
        job.progressed.connect(side.progress.show_progress)
        job.writing.connect(side.progress.show_writing)
        job.ended.connect(side.progress.hide)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._shown.run
        self._pages.setCurrentIndex(int(run is not None))
        if run is self._run:
            return
        self._run = run
        self.release_held()
        self._export.job.cancel()
        self._card.show_image(None)
        if run is None:
            self._paths.leave()
            self._undo.set_stack(self._paths.stack)
            return
        self._classifier.set_suits(partial(classifies, run.description))
        self._on_classifier_changed()
        latent_dim = _n_latents(run.description)
        self._layers.set_variational(run.description.config.model.is_variational)
        self._side.set_space(latent_dim)
        self._animation.enter(run, latent_dim)
        self._undo.set_stack(self._paths.stack)
        self._plane_controller.begin()

    @Slot()
    def _on_position_changed(self) -> None:
        run = self._shown.run
        if run is None:
            return
        position = self._shown.position or run.newest
        self._card.panel.set_note(f"{run.letter} · {position}")
        self._note_plane()
        self._image.ask(self._cursor.latent)

    def _note_plane(self) -> None:
        """Say which network's plane it is, and which images stand on it."""
        run = self._shown.run
        if run is None:
            return
        parts = [run.letter, run.description.name, str(self._shown.position or run.newest)]
        if n_images := len(self._plane_controller.latents):
            kind = "test image" if self._plane_controller.are_of_tests else "image"
            parts.append(count_text(n_images, kind))
        if (n := _n_latents(run.description)) > 2:
            parts.append(f"a slice through {n} latents")
        self._page.panel.set_note(" · ".join(parts))

    @Slot()
    def _on_moved(self) -> None:
        self._image.ask(self._cursor.latent)
        self._side.latent.show_latent(self._cursor.latent)
        self._plane.set_where(latent_text(self._cursor.latent.tolist()))

    @Slot()
    def _keep_handle_clear(self) -> None:
        x, y = self._plane.to_widget(self._plane.handle).tolist()
        self._card.keep_clear_of(QPointF(x, y))

    @Slot(str, object)
    def _on_image_sent(self, tab: str, image: NDArray[np.float32]) -> None:
        """Place an image of the Data tab; the page is shown first, which may change the run that it shows."""
        if tab == "latent":
            self.requested.emit()
            self._shown.show_taker(image.shape)
            self._animation.placed.place_image(image, "this dataset’s")

    @Slot(bool)
    def _on_grid(self, is_grid: bool) -> None:
        self._grid_animation.set_grid(is_grid)
        self._animation.set_hidden(is_grid)
        self._controller.show_handle()

    @Slot()
    def _on_points_changed(self) -> None:
        self._note_plane()
        if self._cursor.statistics is None:
            self._side.latent.forget_statistics()
        else:
            self._side.latent.set_statistics(self._cursor.statistics)

    def _bookmark(self) -> Mapping[str, str]:
        """Return the text to store in a PNG, by keyword."""
        run = self._shown.run
        if run is None:
            return {}
        key, z = self._engine.runs.key(run), tuple(self._cursor.latent.tolist())
        of_run = View().with_run(key, z=z, axes=self._engine.view.value.chosen(key).axes)
        place = View(run=key, at=self._shown.position or run.newest, of_run=of_run)
        return {KEYWORD: to_text(place, run.description.name)}

    @Slot()
    def _on_posteriors_changed(self) -> None:
        posteriors = self._plane_controller.posteriors
        if posteriors is not None:
            self._side.latent.show_divergences(divergences(posteriors))

    @Slot(object)
    def _on_decoded(self, image: NDArray[np.float32] | None) -> None:
        self._card.show_image(image)
        if image is None:
            self._show_no_answer("")

    @Slot(str)
    def _show_no_answer(self, message: str) -> None:
        self._card.answer.show_message(message)
        self._plane.set_answer(message)

    @Slot(object, object)
    def _on_answered(self, position: Position, probabilities: NDArray[np.float32]) -> None:
        run = self._classifier.run
        if run is not None:
            # State the position: the timeline moves the classifier, too, and an untrained one is always sure.
            who = " · ".join((run.letter, run.description.name, run.description.position_text(position)))
            self._card.answer.show_probabilities(probabilities, who, run.description.class_names)
            self._plane.set_answer(self._card.answer.text)

    @Slot(object)
    def _on_path_answered(self, probabilities: NDArray[np.float32] | None) -> None:
        run = self._classifier.run
        self._page.paths.strip.set_answers(probabilities, () if run is None else run.description.class_names)

    @Slot()
    def _on_classifier_changed(self) -> None:
        message, about = "", None if self._run is None else self._run.description
        if about is not None and about.class_names and self._classifier.run is None:
            message = _NO_CLASSIFIER.format(about.dataset_name, shape_text(about.image_shape))
        self._show_no_answer(message)


def _n_latents(run: RunDescription) -> int:
    return model_spec(run.config.model, run.image_shape, run.n_classes).latent_dim
