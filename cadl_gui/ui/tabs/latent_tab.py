"""The Latent tab: the plane that a network decodes from, as an instrument to play."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from cadl_gui.core.architecture import architecture
from cadl_gui.core.configuration import Configuration
from cadl_gui.core.latent.spread import LatentSpread
from cadl_gui.core.probes import Probes
from cadl_gui.core.resources import shipped_run
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.handle_picture import HandlePicture
from cadl_gui.ui.latent_place import LatentPlace
from cadl_gui.ui.plane_feed import PlaneFeed
from cadl_gui.ui.suited_run import SuitedRun
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.answer_label import AnswerLabel
from cadl_gui.ui.widgets.latent_code_panel import LatentCodePanel
from cadl_gui.ui.widgets.latent_layer_bar import LatentLayerBar
from cadl_gui.ui.widgets.latent_plane import LatentPlane
from cadl_gui.ui.widgets.no_plane import NoPlane
from cadl_gui.ui.widgets.picture_view import PictureView
from cadl_gui.ui.widgets.stage import Stage

_SIDE_PX, _FOLDED_SIDE_PX, _FOLDS_BELOW_PX = 336, 280, 1100
_NO_CLASSIFIER = "Train or open a classifier: it says here what this shows."


class LatentTab(QWidget):
    """Shows the latent plane of the last run that has one, at the position of the timeline.

    Signals:
        pointer_text: (str) what is under the pointer, for the status bar.
        failed: (str) something could not be computed or saved.
    """

    pointer_text = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        actions: dict[str, QAction],  # noqa: ARG002 (all tabs are built alike)
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("latentTab")
        self.setProperty("spotlightHost", True)
        self._engine = engine
        self._theme = theme
        self._run: Run | None = None
        self._shown = SuitedRun(engine, _has_plane, self)
        self._classifier = SuitedRun(engine, lambda configuration: configuration.is_classifier, self)
        self._place = LatentPlace(self)
        self._plane = LatentPlane(theme)
        self._decoded = PictureView(theme, empty_text="Drag through the plane.")
        self._decoded.setObjectName("decodedImage")
        self._answer = AnswerLabel()
        self._layers = LatentLayerBar(theme)
        self._code = LatentCodePanel()
        self._no_plane = NoPlane(can_show_vae=shipped_run("vae") is not None)
        self._picture = HandlePicture(engine, self._shown, self._classifier, self)
        self._feed = PlaneFeed(engine, self._shown, self._classifier, self._place, self._plane)
        self._lay_out()
        self._connect()
        self._on_run_changed()
        self._on_classifier_changed()

    def set_inverted(self, inverted: bool) -> None:
        """Show the decoded picture as ink on paper."""
        self._decoded.set_inverted(inverted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The decoded picture gives way where the page is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._plane_stage = Stage(self._plane, self._theme, "Latent plane")
        self._decoded_stage = Stage(self._decoded, self._theme, "Decoded")
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GAP_SMALL_PX)
        side.addWidget(self._decoded_stage)
        side.addWidget(self._answer)
        side.addWidget(self._code)
        side.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(GAP_PX)
        body.addWidget(self._plane_stage, stretch=1)
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
        self._place.moved.connect(self._on_moved)
        self._plane.handle_moved.connect(self._place.move_on_plane)
        self._code.code_edited.connect(self._place.set_code)
        self._layers.layer_toggled.connect(self._feed.set_layer)
        self._layers.zoomed.connect(self._plane.zoom)
        self._layers.fit_clicked.connect(self._plane.fit)
        self._layers.hover_toggled.connect(self._plane.set_hover_mode)
        self._feed.points_changed.connect(self._on_points_changed)
        self._feed.failed.connect(self.failed)
        self._picture.decoded.connect(self._on_decoded)
        self._picture.answered.connect(self._on_answered)
        self._picture.failed.connect(self.failed)
        self._no_plane.vae_wanted.connect(self._show_vae)
        self._engine.view.run_changed.connect(self._say_why_empty)
        self._theme.changed.connect(self._arrange)
        for stage in (self._plane_stage, self._decoded_stage):
            stage.pointer_text.connect(self.pointer_text)
            stage.failed.connect(self.failed)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._shown.run
        self._pages.setCurrentIndex(int(run is not None))
        self._say_why_empty()
        if run is self._run:
            return
        self._run = run
        self._decoded.set_picture(None)
        if run is None:
            return
        n_latents = _n_latents(run)
        self._code.set_space(n_latents)
        self._place.enter(n_latents)
        self._feed.begin()

    @Slot()
    def _on_position_changed(self) -> None:
        run = self._shown.run
        if run is None:
            return
        badge = f"{run.letter} · {run.description.name} · {self._shown.position or run.newest}"
        self._plane_stage.set_note(badge)
        self._decoded_stage.set_note(badge)
        self._picture.ask(self._place.code)

    @Slot()
    def _on_moved(self) -> None:
        self._picture.ask(self._place.code)
        self._plane.set_handle(*self._place.handle)
        self._code.show_code(self._place.code)

    @Slot(object)
    def _on_points_changed(self, probes: Probes) -> None:
        if probes.latents is not None and len(probes.latents):
            self._code.set_spread(LatentSpread.of(probes.latents))

    @Slot(object, object)
    def _on_decoded(self, code: NDArray[np.float32], picture: NDArray[np.float32]) -> None:  # noqa: ARG002
        self._decoded.set_picture(picture)

    @Slot(object)
    def _on_answered(self, probabilities: NDArray[np.float32]) -> None:
        run = self._classifier.run
        if run is not None:
            self._answer.show_probabilities(probabilities, f"{run.letter} · {run.description.name}")
            self._plane.set_answer(self._answer.text)

    @Slot()
    def _on_classifier_changed(self) -> None:
        self._answer.show_sentence("" if self._classifier.run is not None else _NO_CLASSIFIER)

    @Slot()
    def _say_why_empty(self) -> None:
        run = self._engine.view.run
        name = "" if run is None else run.description.name
        self._no_plane.set_sentence(f"{name} has no latent plane." if name else "There is no run yet.")

    @Slot()
    def _show_vae(self) -> None:
        folder = shipped_run("vae")
        if folder is not None:
            self._engine.open(folder)

    @Slot()
    def _arrange(self) -> None:
        side = _SIDE_PX if self.width() >= _FOLDS_BELOW_PX else _FOLDED_SIDE_PX
        self._side.setFixedWidth(side)
        self._decoded_stage.setFixedHeight(side + self._theme.sizes.caption + GAP_PX)


def _has_plane(configuration: Configuration) -> bool:
    """Whether a network encodes pictures as at least two numbers."""
    if configuration.is_classifier:
        return False
    n_code = configuration.n_code or configuration.n_hidden or configuration.layers[-1]
    return configuration.convolutional or n_code >= 2


def _n_latents(run: Run) -> int:
    description = run.description
    built = architecture(description.configuration, description.picture_shape, description.n_labels)
    return math.prod(built.code_shape)
