"""The latent plane with all its layers, and the handle that moves through it."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from cadl_gui.imaging.latent.latent_text import latent_text
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.tiles import Tile
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import EVERYWHERE, Item, Pen
from cadl_gui.ui.latent.plane.background_layer import BackgroundLayer
from cadl_gui.ui.latent.plane.cached_layer import CachedLayer
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane.overlay_layer import OverlayLayer
from cadl_gui.ui.latent.plane.scatter import LatentScatter
from cadl_gui.ui.latent.plane.view import LatentView
from cadl_gui.ui.theme.theme import Theme

_HINT_PX, _MINIMUM_PX = QSize(672, 672), QSize(224, 224)
_STEP_PX, _FINE_PX, _COARSE_PX = 8, 1, 48
_NEAR_PX = 6
"""How far from a place on the trajectory the pointer reads its name, across and down."""

_EACH_EPOCH = _(", a dot for each epoch")
_TRAJECTORY = _("Where {{}} was while the network learned{each_epoch}").format(each_epoch=_EACH_EPOCH)

_BLACK, _WHITE = "#000000", "#FFFFFF"
"""The background of images."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class LatentPlane(LatentView):
    """Shows the latent plane; a left press or drag, or the arrow keys, move the handle.

    With Ctrl, presses and drags request the nearest digit. Arrows move by 8 pixels, with Shift by 1, with
    Ctrl by 48; the view follows a handle that would leave it. With Ctrl and Shift they pan.

    Args:
        theme: Colours, type and sizes.

    Attributes:
        takes_handle: Whether a press moves the handle; else it is only reported.

    Signals:
        handle_moved: (float, float) The user moved the handle to this z₀, z₁.
        pressed: (float, float) The left button was pressed at this z₀, z₁.
        digit_requested: (float, float) The user requested the digit nearest to this z₀, z₁.
        point_hovered: (int) Index of the point under the pointer; -1 if there is none.
    """

    handle_moved = Signal(float, float)
    pressed = Signal(float, float)
    digit_requested = Signal(float, float)
    point_hovered = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._background_layer = BackgroundLayer(theme)
        self._scatter = LatentScatter(theme)
        self._marks = OverlayLayer(theme)
        self._layers = {LatentLayer.MANIFOLD, LatentLayer.POINTS, LatentLayer.GLYPHS}
        self._handle, self._where, self._answer = (0.0, 0.0), "", ""
        self._pins = self._path = self._trail = self._trajectory = np.empty((0, 2))
        self._trajectory_names: Sequence[str] = ()
        self._here = -1
        self._ellipse: tuple[tuple[float, float], NDArray[np.float64]] | None = None
        self._hovered = -1
        self.takes_handle = True
        self._drags = self._follows_pointer = False
        self._cached_background, self._cached_scatter = CachedLayer(), CachedLayer()
        self.setObjectName("latentPlane")
        self.setAccessibleName(_("Latent plane"))

    @property
    def handle(self) -> tuple[float, float]:
        """z₀, z₁ of the handle."""
        return self._handle

    @property
    def pins(self) -> NDArray[np.float64]:
        """z₀, z₁ of the pins, (k, 2)."""
        return self._pins

    @property
    def layers(self) -> AbstractSet[LatentLayer]:
        """The layers switched on, whether or not they have content."""
        return frozenset(self._layers)

    @property
    def points(self) -> LatentPoints:
        """The encoded images."""
        return self._scatter.points

    @property
    def tiles(self) -> AbstractSet[Tile]:
        """The decoded tiles available."""
        return self._background_layer.tile_cache.images.keys()

    def set_layer(self, layer: LatentLayer, *, shown: bool) -> None:
        """Show or hide a layer."""
        (self._layers.add if shown else self._layers.discard)(layer)
        self.refresh()

    def set_points(self, points: LatentPoints) -> None:
        """Show encoded images."""
        self._scatter.set_points(points)
        self.hover(-1)
        self._cached_scatter.forget()
        self.update()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Set the class names by label; () shows the numbers."""
        self._scatter.set_class_names(names)

    def add_tiles(self, tiles: Sequence[Tile], images: NDArray[Any]) -> None:
        """Add decoded images of tiles, (n, height, width, 1 or 3) in [0, 1] or uint8."""
        was_empty = not self.tiles
        self._background_layer.add_tiles(tiles, images)
        (self.refresh if was_empty else self._refresh_background)()

    def clear_manifold(self) -> None:
        """Remove the tiles, after a change of weights."""
        self._background_layer.tile_cache.clear()
        self.refresh()

    def set_classifier_map(
        self, labels: NDArray[np.integer[Any]], confidence: NDArray[Any], box: ViewBox
    ) -> None:
        """Show a classifier's labels and confidences in [0, 1], each (rows, columns), the upper row first."""
        self._background_layer.set_classifier_map(labels, confidence, box)
        self._refresh_background()

    def clear_classifier_map(self) -> None:
        """Remove the map of another plane, or of a classifier that is no longer asked."""
        self._background_layer.clear_classifier_map()
        self._refresh_background()

    def set_density(self, density: NDArray[Any], box: ViewBox) -> None:
        """Set how much empty regions are faded: (rows, columns) in [0, 1], upper row first."""
        self._background_layer.set_density(density, box)
        self._refresh_background()

    def set_prior(self, z0: float, z1: float) -> None:
        """Set the centre of the circles of the standard normal prior."""
        self._background_layer.set_prior(z0, z1)
        self._refresh_background()

    def set_handle(self, z0: float, z1: float) -> None:
        """Move the handle without emitting `handle_moved`."""
        if (z0, z1) != self._handle:
            self._update_around([self._handle, (z0, z1)])
            self._handle = (z0, z1)

    def set_where(self, where: str) -> None:
        """Set the accessible text of the handle, since its position is the latent vector in 2D only."""
        self._where = where
        self._describe()

    def set_answer(self, answer: str) -> None:
        """Set the text that follows that of `set_where` for screen readers, such as "4, 99 % sure"."""
        self._answer = answer
        self._describe()

    @property
    def hovered(self) -> int:
        """Index of the highlighted point; -1 if there is none."""
        return self._hovered

    def hover(self, index: int) -> None:
        """Highlight and report a point as if the pointer were on it; -1 for none."""
        if index != self._hovered:
            self._hovered = index
            self.point_hovered.emit(index)
            self.update()

    @Slot(bool)
    def set_hover_mode(self, follows: bool) -> None:
        """Set whether the handle follows the pointer without a button."""
        self._follows_pointer = follows

    def set_pins(self, pins: ArrayLike) -> None:
        """Show lettered pins at z₀, z₁: (k, 2)."""
        self._pins = np.asarray(pins, np.float64).reshape(-1, 2)
        self.update()

    def set_path(self, path: ArrayLike) -> None:
        """Show a line through z₀, z₁: (k, 2)."""
        self._path = np.asarray(path, np.float64).reshape(-1, 2)
        self.update()

    def set_trail(self, trail: ArrayLike) -> None:
        """Show the trail of the handle while it is dragged, the newest place last: (k, 2)."""
        before, self._trail = self._trail, np.asarray(trail, np.float64).reshape(-1, 2)
        self._update_around(np.concatenate([before, self._trail]))

    def set_trajectory(self, trajectory: ArrayLike, names: Sequence[str] = (), here: int = -1) -> None:
        """Show the trajectory of a drawing over the epochs.

        Args:
            trajectory: (k, 2), the untrained network first.
            names: what is at each place, which the pointer reads.
            here: index of the place with the weights shown, which has its name beside it; −1 for none.
        """
        self._trajectory = np.asarray(trajectory, np.float64).reshape(-1, 2)
        self._trajectory_names, self._here = names, here
        self.update()

    def set_ellipse(self, centre: tuple[float, float] | None, covariance: ArrayLike = ()) -> None:
        """Show one and two standard deviations of a Gaussian.

        Args:
            centre: z₀, z₁ of the mean; None hides the ellipse.
            covariance: (2, 2).
        """
        self._ellipse = None if centre is None else (centre, np.asarray(covariance, np.float64))
        self.update()

    @Slot()
    def refresh(self) -> None:
        """Repaint everything."""
        self._cached_scatter.forget()
        self._refresh_background()

    def sizeHint(self) -> QSize:
        """Return a size that fits twenty digits in a row."""
        return _HINT_PX

    def minimumSizeHint(self) -> QSize:
        """Return a size small enough for a narrow window."""
        return _MINIMUM_PX

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        words = f"{self._where}. {self._answer}" if self._answer else self._where
        yield Item(EVERYWHERE, self._paint_plane, self._text_at, words)

    def _paint_plane(self, pen: Pen) -> None:
        """Paint two cached layers, and the marks over them; a pin shows inside the ring of the handle."""
        painter, canvas = pen.painter, self._canvas(pen.ratio)
        painter.drawImage(0, 0, self._cached_background.image(canvas, self._paint_background))
        painter.drawImage(0, 0, self._cached_scatter.image(canvas, self._paint_scatter))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ellipse is not None:
            self._marks.paint_ellipse(painter, *self._ellipse_on_widget(*self._ellipse))
        if self._hovered >= 0:
            self._scatter.paint_hovered(painter, self._canvas(1.0), self._hovered)
        for paint, places in (
            (self._marks.paint_trail, self._trail if self._drags else ()),
            (self._marks.paint_path, self._path),
            (self._marks.paint_trajectory, self._trajectory),
        ):
            if len(places):
                paint(painter, self._on_widget(places))
        self._marks.paint_handle(painter, *self._on_widget([self._handle]))
        self._marks.paint_pins(painter, self._on_widget(self._pins))
        if 0 <= self._here < len(self._trajectory):
            place, name = self._on_widget(self._trajectory)[self._here], self._trajectory_names[self._here]
            name = name.partition(",")[0] + _EACH_EPOCH * (len(self._trajectory) > 1)
            self._marks.paint_name(painter, place, name, self.size())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._drags = self.takes_handle
        self.hover(-1)
        if self._drags:
            self._take_handle(event)
        self.pressed.emit(*self.to_plane(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle, or report the point under the pointer."""
        super().mouseMoveEvent(event)
        self._drags &= bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._drags or (self._follows_pointer and not event.buttons()):
            self._take_handle(event)
        if not event.buttons():
            self.hover(self._point_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop dragging the handle."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._drags = False
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hovered point."""
        super().leaveEvent(event)
        self.hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the handle, or the view."""
        direction = _ARROWS.get(Qt.Key(event.key()))
        if direction is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        is_fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        is_coarse = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if is_fine and is_coarse:
            self.pan(QPointF(-direction[0], direction[1]) * _COARSE_PX)
            return
        self.hover(-1)
        step_px = _FINE_PX if is_fine else _COARSE_PX if is_coarse else _STEP_PX
        step = step_px * self.view.width / self.width()
        self._move_handle(self._handle[0] + direction[0] * step, self._handle[1] + direction[1] * step)
        self._follow_handle()

    def _take_handle(self, event: QMouseEvent) -> None:
        place = self.to_plane(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.digit_requested.emit(*place)
        else:
            self._move_handle(*place)

    def _move_handle(self, z0: float, z1: float) -> None:
        if (z0, z1) != self._handle:
            self.set_handle(z0, z1)
            self.handle_moved.emit(z0, z1)

    def _follow_handle(self) -> None:
        """Pan the view just enough to show a handle that keys have moved out of it."""
        box, (z0, z1) = self.view, self._handle
        right = max(0.0, z0 - box.z0_high) + min(0.0, z0 - box.z0_low)
        up = max(0.0, z1 - box.z1_high) + min(0.0, z1 - box.z1_low)
        if right or up:
            self.choose(box.panned(right, up))

    def _text_at(self, place: QPointF) -> str:
        dots = self.to_widget(self._trajectory)
        away = np.abs(dots - place.toTuple()).max(1, initial=0)
        near = [name for name, px in zip(self._trajectory_names, away, strict=False) if px <= _NEAR_PX]
        if (
            not near
            and len(self._trajectory_names) > 1
            and _distance(dots, np.array(place.toTuple())) <= _NEAR_PX
        ):
            near = [_TRAJECTORY.format(self._trajectory_names[0].partition(",")[0])]
        return " · ".join([*near[-1:], latent_text(self.to_plane(place))])

    def _point_at(self, position: QPointF) -> int:
        if not self._layers & {LatentLayer.POINTS, LatentLayer.THUMBNAILS}:
            return -1
        index = self._scatter.nearest(position, self.to_widget(self.points.places))
        return -1 if index is None else index

    def _prepare(self) -> None:
        self._background_layer.tile_cache.set_inverted(self._theme.inverted)
        self.refresh()

    def _refresh_background(self) -> None:
        self._cached_background.forget()
        self.update()

    def _paint_background(self, painter: QPainter, canvas: LatentCanvas) -> None:
        self._background_layer.paint(painter, canvas, self._layers)

    def _paint_scatter(self, painter: QPainter, canvas: LatentCanvas) -> None:
        self._scatter.paint(painter, canvas, self._layers)

    def _canvas(self, ratio: float) -> LatentCanvas:
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        if self._background_layer.shows_images(self._layers):
            if self._theme.inverted:
                return LatentCanvas(self.view, width, height, ratio, "light", _WHITE)
            return LatentCanvas(self.view, width, height, ratio, "dark", _BLACK)
        return LatentCanvas(self.view, width, height, ratio, self._theme.background, self._theme.colours.plot)

    def _ellipse_on_widget(
        self, centre: tuple[float, float], covariance: NDArray[np.float64]
    ) -> tuple[QPointF, float, float, float]:
        """Return the centre, the semi-axes of one sigma in pixels, and the first one's angle in degrees."""
        variances, axes = np.linalg.eigh(covariance)
        radii = np.sqrt(np.maximum(variances, 0)) * (self.width() / self.view.width)
        turn = -np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
        return self._on_widget([centre])[0], float(radii[0]), float(radii[1]), float(turn)

    def _update_around(self, points: NDArray[np.float64] | Sequence[tuple[float, float]]) -> None:
        """Repaint no more than the handle at points, or a line through them, covers."""
        if len(points):
            places, reach = self.to_widget(points), 2 * self._theme.sizes.handle_radius
            inner = QRectF(QPointF(*places.min(0)), QPointF(*places.max(0)))
            self.update(inner.adjusted(-reach, -reach, reach, reach).toAlignedRect())

    def _on_widget(self, points: ArrayLike) -> list[QPointF]:
        return [QPointF(x, y) for x, y in self.to_widget(points).tolist()]


def _distance(corners: NDArray[np.float64], place: NDArray[np.float64]) -> float:
    """Return the distance of a place, (2,), from a line through corners, (k ≥ 2, 2)."""
    starts, ways = corners[:-1], np.diff(corners, axis=0)
    lengths = np.maximum((ways**2).sum(1), 1e-12)
    shares = (((place - starts) * ways).sum(1) / lengths).clip(0, 1)
    return float(np.hypot(*(starts + shares[:, np.newaxis] * ways - place).T).min())
