"""The controller that fills the latent plane for the run, position and plane shown."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, Encode, FetchSnapshot
from cadl_gui.domain.view import Square
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question, answers_to
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.latent.data_density import data_density
from cadl_gui.imaging.latent.latent_text import latent_text
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.posterior import covariance_on, sample
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.rendering import decode_requests
from cadl_gui.system.words import _
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.latent.classifier_map import ClassifierMap
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.grid_animation import GridAnimation
from cadl_gui.ui.latent.manifold import Manifold
from cadl_gui.ui.latent.motion_timer import MotionTimer
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.posteriors import Posteriors
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

_DENSITY_REACH, _DENSITY_CELLS = 0.02, 128
"""Density layer: reach of a point as a share of its width, and its cells in each direction."""

_REACH_PX = 16
"""Farthest that a click may be from the dot that it chooses."""

_MAP_DELAY_MS = 50


class PlaneController(QObject):
    """Requests manifold, points, thumbnails, density layer and classifier map as needed.

    Args:
        engine: Decodes and classifies.
        theme: Colours and sizes.
        shown: The run that decodes.
        classifier: The run that classifies what the shown run decodes.
        cursor: The handle, and the plane through latent space.

    Attributes:
        plane: The widget to fill; the controller's parent.
        motions: Moves points and handle.
        are_of_tests: Whether the points are test images; else they are the run's examples.

    Signals:
        points_changed: The encoded images, or what is known of their posteriors, changed.
    """

    points_changed = Signal()

    def __init__(
        self, engine: Engine, theme: Theme, shown: TabRun, classifier: TabRun, cursor: LatentCursor
    ) -> None:
        self.plane = plane = LatentPlane(theme)
        super().__init__(plane)
        self._fail = engine.notifications.unanswered.emit
        self._view = engine.view
        self._shown = shown
        self._classifier = classifier
        self._cursor = cursor
        self.motions = MotionTimer(plane)
        self._grid_animation = GridAnimation(engine, theme, plane, self.motions, lambda: cursor.box)
        self._points = LatentPoints(np.empty((0, 2)))
        self._artifacts: EvaluationArtifacts | None = None
        self._posteriors: NDArray[np.float32] | None = None
        # Converted once when they arrive: a drag on the grid takes one of them at every mouse event.
        self._means: NDArray[np.float32] | None = None
        self._samples: NDArray[np.float32] | None = None
        self._is_sampled = self.are_of_tests = False
        self._fitted_for: WeightsRef | None = None
        self._encoded = Question(engine, self, self._fetch_latents, self._fail)
        self._posterior_feed = Posteriors(engine, self)
        self._manifold = Manifold(engine, plane, self)
        self._map = ClassifierMap(engine, self)
        self._thumbnails = Question(engine, self, self._decode_thumbnails, lambda _: None)
        self._map_timer = Timer(self, self._ask_for_map, _MAP_DELAY_MS)
        self._connect()
        engine.view.bind(self, self._chosen_box, self._show_box)
        engine.view.bind(plane, lambda: engine.view.value.latent, self._show_chosen)

    @property
    def latents(self) -> NDArray[np.float32]:
        """Latent vectors, (n, d): means or samples; empty while those loaded belong to another space."""
        latents = self._samples if self._is_sampled and self._samples is not None else self._means
        if latents is None or latents.shape[1] != self._cursor.latent_dim:
            return np.empty((0, self._cursor.latent_dim), np.float32)
        return latents

    def latent_at(self, z0: float, z1: float) -> NDArray[np.float32] | None:
        """Return the latent vector, (d,), of the image clicked at a point; None if its dot is not near."""
        index = self._grid_animation.nearest(z0, z1)
        if index is None:
            return None
        clicked, dot = self.plane.to_widget([(z0, z1), self.plane.points.places[index]]).tolist()
        is_near = self._grid_animation.is_grid or math.dist(clicked, dot) <= _REACH_PX
        return self.latents[index] if is_near else None

    @property
    def is_grid(self) -> bool:
        """Whether the points are on a grid, or moving there."""
        return self._grid_animation.is_grid

    def nearest(self, z0: float, z1: float) -> int | None:
        """Return the index of the point nearest to a place on the plane, or None without points."""
        return self._grid_animation.nearest(z0, z1)

    @property
    def posteriors(self) -> NDArray[np.float32] | None:
        """Mean and standard deviation of each image, (n, 2, d); None if not available."""
        return self._posteriors

    def _show_chosen(self) -> None:
        """Place each image at a sample of its Gaussian or at its mean, and on a grid or where it is."""
        chosen = self._view.value.latent
        if chosen.is_sampled != self._is_sampled:
            self._is_sampled = chosen.is_sampled
            self._place_points()
        self._grid_animation.set_grid(chosen.is_grid)
        self._show_handle()

    def begin(self) -> None:
        """Reset everything for another run or space; what is asked of it follows from its position."""
        self._artifacts = self._means = None
        self._forget_posteriors()
        self.plane.clear_manifold()
        self.plane.clear_classifier_map()
        run = self._shown.run
        self.plane.set_class_names(() if run is None else run.description.class_names)
        nowhere = np.empty((0, 2), np.float32)
        self._set_points(LatentPoints(nowhere))
        self._grid_animation.set_home(self._home(nowhere))
        self.fit_again()

    @Slot(bool)
    def fit_again(self, is_shown: bool = True) -> None:
        """Fit the view, unless it was chosen, to what is shown now: the page is shown, or another run is."""
        if is_shown:
            self._fitted_for = self._shown.weights
            self.plane.show_box(None if self.is_grid else self._cursor.box)

    @Slot()
    def _on_position(self) -> None:
        self._refresh()
        self._fetch()

    @Slot()
    def _on_plane(self) -> None:
        self._refresh()
        self._place_points()

    def _refresh(self) -> None:
        """Update the requests after a change of weights, plane or layers."""
        run, decoder = self._shown.run, self._shown.weights
        wants = LatentLayer.MANIFOLD in self.plane.layers
        width = 0 if run is None else max(run.description.image_shape[:2])
        self._manifold.set_source(decoder if wants else None, self._cursor.axes, width)
        self._map_timer.start()

    def _place_points(self) -> None:
        """Project the encoded images onto the plane."""
        places = self._cursor.axes.to_plane(self.latents)
        self.plane.set_prior(*self._cursor.axes.zero.tolist())
        labels = self._artifacts.labels if self._artifacts is not None and len(places) else None
        self._set_points(LatentPoints(places, labels))
        self._fit_if_untouched(places)
        self._refresh_density()
        self._ask_for_thumbnails()

    def set_layer(self, layer: LatentLayer, shown: bool) -> None:
        """Show or hide a layer, and request its missing content."""
        self.plane.set_layer(layer, shown=shown)
        has_points = bool(self.plane.layers & {LatentLayer.POINTS, LatentLayer.THUMBNAILS})
        self.plane.set_layer(LatentLayer.GLYPHS, shown=has_points)
        match layer:
            case LatentLayer.THUMBNAILS:
                self._ask_for_thumbnails()
            case LatentLayer.DENSITY:
                self._refresh_density()
            case LatentLayer.MANIFOLD | LatentLayer.CLASSIFIER:
                self._refresh()

    def _chosen_box(self) -> Square | None:
        return self._cursor.box

    def _show_box(self) -> None:
        """Show the chosen part of the plane; a grid is on no part of it."""
        if not self.is_grid:
            self.plane.show_box(self._cursor.box)

    @Slot(object)
    def _on_box_chosen(self, box: Square | None) -> None:
        if not self.is_grid:
            self._cursor.change(box=box)

    def _connect(self) -> None:
        self._shown.position_changed.connect(self._on_position)
        self._cursor.moved.connect(self._show_handle)
        self._classifier.position_changed.connect(self._map_timer.start)
        self._cursor.plane_changed.connect(self._on_plane)
        self.plane.view_changed.connect(self._on_view_changed)
        self.plane.box_chosen.connect(self._on_box_chosen)
        self._posterior_feed.arrived.connect(self._on_posteriors)
        self.plane.point_hovered.connect(self._on_hovered)
        self._map.arrived.connect(self.plane.set_classifier_map)

    @Slot()
    def _show_handle(self) -> None:
        """Move the handle to the latent vector; on a grid it stays where the user has put it."""
        self.plane.set_where(latent_text(self._cursor.latent.tolist()))
        if not self.is_grid:
            self.plane.set_handle(*self._cursor.handle)

    def _fetch(self) -> None:
        """Request the latents of the newest recorded position up to the one shown, unless that is done."""
        run = self._shown.run
        if run is None:
            self._encoded.cancel()
        else:
            position = self._shown.position or run.newest
            self._encoded.ask_about(WeightsRef.retained(run, position, self._shown.bends))

    async def _fetch_latents(self, weights: WeightsRef | None) -> None:
        """Fetch the latents of the test images, or encode the run's examples: a checkpoint has no others."""
        run = self._shown.run
        if weights is None or run is None:
            return
        snapshot, position = await FetchSnapshot(weights.run_id, weights.position)
        if snapshot.artifacts is not None and snapshot.artifacts.latents is not None:
            self._on_artifacts(position, snapshot.artifacts, are_of_tests=True)
        elif run.description.examples is not None:
            latents, position = await Encode(run.run_id, position, run.description.examples)
            artifacts = EvaluationArtifacts(latents=latents.astype(np.float16))
            self._on_artifacts(position, artifacts, are_of_tests=False)

    def _on_artifacts(
        self, position: Position | None, artifacts: EvaluationArtifacts, *, are_of_tests: bool
    ) -> None:
        if artifacts.latents is None or artifacts.latents.shape[1] != self._cursor.latent_dim:
            return
        self.are_of_tests = are_of_tests
        has_place = np.asarray(np.isfinite(artifacts.latents).all(axis=1))
        self._artifacts = artifacts if has_place.all() else _select(artifacts, has_place)
        self._means = artifacts.latents[has_place].astype(np.float32)
        self._forget_posteriors()
        run = self._shown.run
        encoder = self._shown.weights
        is_variational = run is not None and run.description.config.model.is_variational
        if not has_place.all():
            n = len(has_place) - int(has_place.sum())
            self._fail(
                _(
                    "{n:,} of {total:,} images could not be plotted: their latent vectors are not finite."
                ).format(n=n, total=len(has_place))
            )
        elif run and position is not None and encoder is not None and is_variational and are_of_tests:
            encoder = replace(encoder, position=position, resolved_position=position)
            n_values = math.prod(run.description.image_shape)
            self._posterior_feed.fetch(encoder, len(artifacts.latents), n_values)
        self._cursor.set_data(self.latents)
        self.points_changed.emit()

    def _forget_posteriors(self) -> None:
        self._posterior_feed.fetch(None, 0)
        self._posteriors = self._samples = None
        self.plane.set_ellipse(None)
        self.points_changed.emit()

    @Slot(object)
    def _on_posteriors(self, posteriors: NDArray[np.float32]) -> None:
        self._posteriors, self._samples = posteriors, sample(posteriors)
        self.points_changed.emit()
        self._on_hovered(self.plane.hovered)
        if self._is_sampled:
            self._place_points()

    @Slot(int)
    def _on_hovered(self, index: int) -> None:
        """Show one and two standard deviations of the digit under the pointer, except on a grid."""
        posteriors = self._posteriors
        if index < 0 or posteriors is None or index >= len(posteriors) or self._grid_animation.is_grid:
            self.plane.set_ellipse(None)
            return
        mean, deviations = posteriors[index]
        z0, z1 = self._cursor.axes.to_plane(mean).tolist()
        self.plane.set_ellipse((z0, z1), covariance_on(self._cursor.axes, deviations))

    @Slot(object)
    def _on_view_changed(self, box: ViewBox) -> None:
        self._manifold.set_view(box, self.plane.width() * self.plane.devicePixelRatioF())
        self._map_timer.start()

    @Slot()
    def _ask_for_map(self) -> None:
        wants = LatentLayer.CLASSIFIER in self.plane.layers
        classifier = self._classifier.weights
        if classifier is None:
            self.plane.clear_classifier_map()
        self._map.ask(self._shown.weights, classifier if wants else None, self._cursor.axes, self.plane.view)

    async def _decode_thumbnails(self, requests: list[Decode]) -> None:
        images = np.concatenate(await answers_to(requests))
        points = self._points
        if len(points) == len(images):
            self._set_points(LatentPoints(points.places, points.labels, images))

    def _set_points(self, points: LatentPoints) -> None:
        self._points = points
        self._grid_animation.show(points)

    def _ask_for_thumbnails(self) -> None:
        decoder, latents = self._shown.weights, self.latents
        if LatentLayer.THUMBNAILS not in self.plane.layers or decoder is None or not len(latents):
            self._thumbnails.cancel()
        else:
            positions = [decoder.position] * len(latents)
            self._thumbnails.ask_anew(decode_requests(decoder.run_id, positions, latents))

    def _refresh_density(self) -> None:
        if LatentLayer.DENSITY in self.plane.layers:
            places = self._points.places  # those on the plane may be on their way from a grid
            around = ViewBox.around(places)
            box = around.zoomed(0.5, *around.centre)
            reach = _DENSITY_REACH * box.width
            self.plane.set_density(data_density(places, box, cells=_DENSITY_CELLS, reach=reach), box)

    def _fit_if_untouched(self, places: NDArray[np.float32]) -> None:
        """Refit the view, unless the user has changed it, to the weights that it was fitted for.

        To others, as while they train, only if data spread, lest it move under the hand.
        """
        home = self._home(places)
        self._grid_animation.set_home(home)
        if self._grid_animation.is_grid:
            return
        is_inside = self.plane.view.contains(home.z0_low, home.z1_low) and self.plane.view.contains(
            home.z0_high, home.z1_high
        )
        if self.plane.is_fitted and (self._fitted_for == self._shown.weights or not is_inside):
            self.plane.show_box(None)

    def _home(self, places: NDArray[np.float32]) -> ViewBox:
        """Return what `fit` shows: nearly all points; for a variational network at least its prior."""
        run = self._shown.run
        is_variational = run is not None and run.description.config.model.is_variational
        return ViewBox.home(places, prior=self._cursor.axes.zero if is_variational else None)


def _select(artifacts: EvaluationArtifacts, retained: NDArray[np.bool_]) -> EvaluationArtifacts:
    """Return the artifacts with the latent vectors and labels selected by a mask, (n,)."""
    latents, labels = artifacts.latents, artifacts.labels
    return replace(
        artifacts,
        latents=None if latents is None else latents[retained],
        labels=None if labels is None else labels[: len(retained)][retained],
    )
