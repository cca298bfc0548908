"""The montage of all weights of a layer."""

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.bends import Bend
from cadl_gui.imaging.weights.layer_image import LayerImage
from cadl_gui.imaging.weights.reading import Look
from cadl_gui.imaging.weights.tile_grid import TilePixel
from cadl_gui.imaging.weights.weight_images import values_text
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.inspect.bent_marks import bent_mark, mark_chip
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, SEMIBOLD
from cadl_gui.ui.widgets.array_image import array_image
from cadl_gui.ui.widgets.colour_legend import Legend, legend_width, symmetric_legend
from cadl_gui.ui.widgets.figure_pixels import NEAREST_FROM
from cadl_gui.ui.widgets.figure_view import FigureView
from cadl_gui.ui.widgets.zoom import Frame, Zoom

_RING_MARGINS = QMarginsF(4, 4, 4, 4)
_MARK_SHARE = 0.4
"""Largest share of an image's width for a mark; a mark that would need more is omitted."""

_MARKS = {Look.NOISE: "≈", Look.CONSTANT: "=", Look.NOT_FINITE: "!"}


class WeightsView(FigureView):
    """Shows the montage of a layer: an image for each unit, or for each pair of channels of a convolution.

    A click or the arrow keys choose an image. The wheel zooms, a drag pans.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no layer.
        beside: Another view of the same layer, which has the keys, and with which this one zooms and pans.

    Signals:
        hover_text: (str) The weight under the pointer, such as "unit 3 · x 12, y 7 · −0.213".
        moved: It was zoomed or panned, or another image was chosen.
        tile_chosen: (int) Index of the chosen image, input * units + unit.
    """

    tile_chosen = Signal(int)
    moved = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        empty_text: str,
        beside: "WeightsView | None" = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._shown: LayerImage | None = None
        self._is_finite = True
        self._image = QImage()
        self._tile = 0
        self._zoom = Zoom(is_centred=True)
        self._beside = beside
        self._pressed: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self._bent: Mapping[int, Bend] = {}
        if beside is None:
            ActionSet((*WALK_ROWS, *ZOOM_ROWS), self, theme, self)
        else:
            self._zoom = beside._zoom
            beside.moved.connect(self.update)
            self.setFocusProxy(beside)

    @property
    def shown(self) -> LayerImage | None:
        """The layer shown, or None."""
        return self._shown

    @property
    def image(self) -> QImage:
        """The whole montage, one pixel per weight, or three weights in colour."""
        return self._image

    @property
    def tile(self) -> int:
        """Index of the chosen image."""
        return self._tile

    @property
    def bent(self) -> Mapping[int, Bend]:
        """Bends of the images whose unit or kernel is bent, by image index."""
        return self._bent

    @Slot(object)
    def set_layer(self, shown: LayerImage | None) -> None:
        """Show a layer; None empties the view."""
        before, self._shown = self._shown, None if shown is None else shown.fitted(self._room())
        if shown is None:
            self._pressed = self._dragged_from = None
        else:
            self._is_finite = bool(np.isfinite(shown.images.patches).all())
            if before is None or before.images.layer != shown.images.layer:
                self._zoom.zoom(0, QPointF(), self._frame(self.devicePixelRatioF()))
        self._refresh()

    def set_tile(self, tile: int) -> None:
        """Mark an image as chosen, and scroll it into view."""
        self._tile = tile
        if self._shown is not None:
            x, y, width, height = self._shown.grid.rect_of(tile)
            self._zoom.ensure_visible(QRectF(x, y, width, height), self._frame(self.devicePixelRatioF()))
        self._repaint_both()

    def set_bent(self, bent: Mapping[int, Bend]) -> None:
        """Mark the images, by index, whose unit or kernel is bent."""
        self._bent = bent
        self.update()

    def walk(self, right: int, down: int) -> None:
        """Move the choice by a number of images; negative moves left or up."""
        if self._shown is not None:
            self._choose(self._shown.grid.neighbour(self._tile, right, down))

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom the montage.

        Args:
            factor: Relative to the current zoom; 0 shows the whole montage.
            about: The point that stays fixed; by default the centre.
        """
        if self._shown is not None:
            about = self._montage_area().center() if about is None else about
            self._zoom.zoom(factor, about, self._frame(self.devicePixelRatioF()))
            self._repaint_both()
            self._emit_hover_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the images out anew where others are larger."""
        super().resizeEvent(event)
        if self._shown is not None:
            fitted = self._shown.fitted(self._room())
            if not np.array_equal(fitted.grid.order, self._shown.grid.order) or (
                fitted.grid.columns != self._shown.grid.columns
            ):
                self._shown = fitted
                self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave it to the panel, which enlarges the figure."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        self.zoom(1.2 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Prepare for a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._shown is not None:
            self._pressed = self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while dragging, and update the hover text."""
        if self._dragged_from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._zoom.move(event.position() - self._dragged_from, self._frame(self.devicePixelRatioF()))
            self._dragged_from = event.position()
            self._repaint_both()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the image under the pointer, unless it was a drag."""
        pressed, self._pressed, self._dragged_from = self._pressed, None, None
        if pressed is None or (event.position() - pressed).manhattanLength() > 4 or self._shown is None:
            return
        found = self._pixel_at(event.position())
        if found is not None:
            self._choose(found.tile)

    def _repaint_both(self) -> None:
        self.update()
        self.moved.emit()
        if self._beside is not None:
            self._beside.update()

    def _room(self) -> tuple[float, float]:
        area = self._montage_area()
        return area.height(), max(1.0, area.width())

    def _choose(self, tile: int) -> None:
        self.set_tile(tile)
        self.tile_chosen.emit(tile)

    def _is_empty(self) -> bool:
        return self._shown is None

    def _prepare(self) -> None:
        if self._shown is not None:
            window = QColor(self._theme.colours.window)
            rgb = window.red(), window.green(), window.blue()
            self._image = array_image(self._shown.pixels(self._theme.display.colour_map, rgb))

    def _montage_bottom(self, ratio: float) -> float:
        return (self._place(ratio) & self._montage_area()).bottom()

    def _content_area(self, ratio: float) -> QRectF:
        seen = self._place(ratio) & self._montage_area()
        legend = self._legend(ratio)
        assert legend is not None, "it has a legend, or another area"
        around = seen.marginsAdded(_RING_MARGINS)
        return around | QRectF(legend.left, seen.bottom(), legend.width, self._legend_height)

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        assert self._shown is not None, "there is a layer to paint"
        area, place = self._montage_area(), self._place(ratio)
        scale = place.width() / self._image.width()
        painter.save()
        painter.setClipRect(place & area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale * ratio < NEAREST_FROM)
        painter.drawImage(place, self._image)
        painter.setClipRect(area)
        self._paint_marks(painter, place, scale)
        painter.restore()
        self._paint_ring(painter, place, scale)

    def _legend(self, ratio: float) -> Legend | None:
        assert self._shown is not None, "there are weights in colours"
        limits, seen = self._shown.limits, self._place(ratio) & self._montage_area()
        width = legend_width(self._theme, self._montage_area().width())
        left = min(max(seen.center().x() - width / 2, 0.0), self.width() - width)
        shared = limits.size == 0 or limits.min() == limits.max()
        limit = float(limits.max()) if shared else "unit max"
        return symmetric_legend(
            seen.bottom(),
            width,
            limit,
            has_not_finite=not self._is_finite,
            in_colour=self._shown.images.is_colour,
        )._replace(left=round(left))

    def _paint_marks(self, painter: QPainter, place: QRectF, scale: float) -> None:
        """Paint a chip at the top right of each marked image, or outline bent images if chips do not fit."""
        assert self._shown is not None, "there is a layer to mark"
        area = self._montage_area()
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        side = self._theme.sizes.caption + 2
        if scale < side and side > _MARK_SHARE * scale * self._shown.grid.tile_width:
            self._outline_bent(painter, place, scale)
            return
        looks = self._shown.reading.looks.reshape(-1)
        marks = {tile: _MARKS[Look(int(looks[tile]))] for tile in np.flatnonzero(looks).tolist()}
        marks |= {tile: bent_mark(bend) for tile, bend in self._bent.items()}
        ratio = painter.device().devicePixelRatioF()
        chips = {mark: mark_chip(mark, scale, self._theme, ratio) for mark in set(marks.values())}
        for tile, mark in marks.items():
            x, y, width, _ = self._shown.grid.rect_of(tile)
            right, top = place.left() + scale * (x + width), place.top() + scale * y
            if not (area.left() <= right and right - scale * width <= area.right()) or top > area.bottom():
                continue
            chip = chips[mark]
            has_room = scale >= chip.width() and right + chip.width() <= area.right()
            left = right if has_room else right - chip.width()
            painter.drawPixmap(QPointF(round(left), round(top)), chip)

    def _outline_bent(self, painter: QPainter, place: QRectF, scale: float) -> None:
        assert self._shown is not None, "there is a layer to mark"
        painter.setPen(QPen(QColor(self._theme.colours.caution), FOCUS_RING_PX))
        for tile in self._bent:
            x, y, width, height = self._shown.grid.rect_of(tile)
            painter.drawRect(
                QRectF(place.left() + scale * x, place.top() + scale * y, scale * width, scale * height)
            )

    def _paint_ring(self, painter: QPainter, place: QRectF, scale: float) -> None:
        assert self._shown is not None, "there is an image to choose"
        x, y, width, height = self._shown.grid.rect_of(self._tile)
        tile = QRectF(place.left() + scale * x, place.top() + scale * y, scale * width, scale * height)
        out = FOCUS_RING_PX / 2
        painter.save()
        painter.setClipRect(self._montage_area().marginsAdded(_RING_MARGINS))
        painter.setPen(QPen(QColor(self._theme.colours.window), 2 * FOCUS_RING_PX))
        painter.drawRect(tile.adjusted(-out, -out, out, out))
        painter.setPen(QPen(QColor(self._theme.colours.accent), FOCUS_RING_PX))
        painter.drawRect(tile.adjusted(-out, -out, out, out))
        painter.restore()

    def _text_at(self, place: QPointF) -> str:
        found = self._pixel_at(place)
        if found is None or self._shown is None or self._shown.images.is_empty()[found.y, found.x]:
            return ""
        images = self._shown.images
        source, unit = divmod(found.tile, images.n_units)
        value = values_text(images.tile(source, unit)[found.y, found.x])
        where = f"unit {unit} · " + (f"{images.input_name(source)} · " if images.n_inputs > 1 else "")
        return f"{where}{images.place_text(found.x, found.y)} · {value}"

    def _pixel_at(self, at: QPointF) -> TilePixel | None:
        if self._shown is None or not self._montage_area().contains(at):
            return None
        place = self._place(self.devicePixelRatioF())
        scale = place.width() / self._image.width()
        return self._shown.grid.at((at.x() - place.left()) / scale, (at.y() - place.top()) / scale)

    def _montage_area(self) -> QRectF:
        """Return the area for the montage, with a margin for the ring."""
        ring = 2 * FOCUS_RING_PX
        return QRectF(
            ring, ring, self.width() - 2 * ring, max(1, self.height() - self._legend_height - 2 * ring)
        )

    def _frame(self, ratio: float) -> Frame:
        assert self._shown is not None, "there is a montage"
        return Frame(self._montage_area(), self._shown.grid.width, self._shown.grid.height, ratio)

    def _place(self, ratio: float) -> QRectF:
        return self._zoom.place(self._frame(ratio))


def _row(
    key: str, text: str, keys: tuple[str, ...], about: str, callback: Callable[[WeightsView], None]
) -> ActionRow[WeightsView]:
    """Return a row whose keys act while the view has the focus; lists and fields use the arrow keys, too."""
    focused = Qt.ShortcutContext.WidgetShortcut
    return ActionRow(key=key, menu="Inspect", text=text, shortcuts=keys, context=focused, help=about,
                     callback=callback)  # fmt: skip


_FOCUSED = "While the view of the layer has the focus."
WALK_ROWS = (
    _row("unitLeft", "Unit to the left", ("Left",), _FOCUSED, lambda host: host.walk(-1, 0)),
    _row("unitRight", "Unit to the right", ("Right",), _FOCUSED, lambda host: host.walk(1, 0)),
    _row("unitUp", "Unit above", ("Up",), _FOCUSED, lambda host: host.walk(0, -1)),
    _row("unitDown", "Unit below", ("Down",), _FOCUSED, lambda host: host.walk(0, 1)),
)
ZOOM_ROWS = (
    _row("zoomIn", "Zoom in", ("+", "="),
         "Zoom into the layer; the wheel does, too, and a drag moves it.", lambda host: host.zoom(1.25)),
    _row("zoomOut", "Zoom out", ("-",), "See more of the layer.", lambda host: host.zoom(0.8)),
    _row("zoomFit", "Whole layer", ("0",), "See all of the layer.", lambda host: host.zoom(0)),
)  # fmt: skip
