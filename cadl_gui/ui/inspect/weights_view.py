"""The montage of all weights of a layer."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPen, QResizeEvent

from cadl_gui.domain.bends import Bend
from cadl_gui.domain.class_names import unit_name
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.layer_image import LayerImage
from cadl_gui.imaging.weights.reading import REASONS, Look
from cadl_gui.imaging.weights.tile_grid import TilePixel
from cadl_gui.imaging.weights.weight_images import WeightImages, values_text
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.figures.colour_legend import legend_width, symmetric_legend
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.figures.zoom import Frame, Zoom, ZoomedView
from cadl_gui.ui.inspect.bent_marks import bent_mark, mark_chip
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, SEMIBOLD, UNIT_PX

_RING_MARGINS = QMarginsF(4, 4, 4, 4)
_MARK_SHARE = 0.4
"""Largest share of an image's width for a mark; a mark that would need more is omitted."""

_BADGE_SHARE = 0.5
"""Largest share of an image for the badge of its class."""

_MARKS = {Look.NOISE: "≈", Look.CONSTANT: "=", Look.NOT_FINITE: "!"}


class WeightsView(ZoomedView):
    """Shows the montage of a layer: an image for each unit, or for each pair of channels of a convolution.

    A click or the arrow keys choose an image.

    Args:
        view: Knows how each layer is zoomed; None for a view of its own.
        beside: Another view of the same layer, which has the keys, and with which this one zooms and pans.

    Signals:
        tile_chosen: (int) Index of the chosen image, input * units + unit.
    """

    tile_chosen = Signal(int)
    _legends_from = 3  # a class asks what the colours mean, and a montage can be moved

    def __init__(
        self,
        theme: Theme,
        *,
        empty_text: str,
        view: ViewState | None = None,
        beside: "WeightsView | None" = None,
    ) -> None:
        super().__init__(theme, empty_text=empty_text, view=view if beside is None else beside._view)
        self._shown: LayerImage | None = None
        self._is_finite = True
        self._image = QImage()
        self._tile = 0
        self._bent: Mapping[int, Bend] = {}
        if beside is None:
            ActionSet((*WALK_ROWS, *ZOOM_ROWS), self, theme, self)
        else:
            self.setFocusProxy(beside)
        self._view.bind(self, self._wished_zoom, self.lay_out)

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

    def set_layer(self, shown: LayerImage | None) -> None:
        """Show a layer; None empties the view."""
        self._shown = shown
        if shown is None:
            self._panned_from = None
        else:
            self._is_finite = bool(np.isfinite(shown.images.patches).all())
            layer = shown.images.layer
            looks = {*shown.reading.looks.flat}
            self.setToolTip(
                "\n".join(f"{_MARKS[mark]} {REASONS[mark]}" for mark in _MARKS if mark.value in looks)
            )
            self._subject = f"{layer.name} {layer.input_shape} {layer.output_shape}"
        self._refresh()

    def set_tile(self, tile: int) -> None:
        """Mark an image as chosen."""
        self._tile = tile
        self.update()

    def bring_into_view(self, tile: int) -> None:
        """Pan, as a hand does, until an image is in view."""
        if self._shown is not None:
            self._bring_into_view(QRectF(*self._shown.grid.rect_of(tile)))

    def set_bent(self, bent: Mapping[int, Bend]) -> None:
        """Mark the images, by index, whose unit or kernel is bent."""
        self._bent = bent
        self.update()

    def walk(self, right: int, down: int) -> None:
        """Move the choice by a number of images; negative moves left or up."""
        if self._shown is not None:
            self._choose(self._shown.grid.neighbour(self._tile, right, down))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the images out anew where others are larger."""
        super().resizeEvent(event)
        if self._shown is not None:
            fitted = self._fitted(self._shown)
            if not np.array_equal(fitted.grid.order, self._shown.grid.order) or (
                fitted.grid.columns != self._shown.grid.columns
            ):
                self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave it to the panel, which enlarges the figure."""
        event.ignore()

    def _fitted(self, shown: LayerImage) -> LayerImage:
        """Lay the images out to fill the area; where they would not be recognised, to fill its width."""
        area, side = self._montage_area(), self._theme.sizes.recognised
        width, n = max(1.0, area.width()), len(shown.grid.order)
        height = side * math.ceil(n / max(1, int(width / side))) if side else 0
        return shown.fitted((max(area.height(), height), width))

    def _usual_zoom(self) -> Zoom:
        """Return the zoom that fills the width if images would be too small otherwise."""
        frame, side = self._frame(self.devicePixelRatioF()), self._theme.sizes.recognised
        area, whole = frame.area, Zoom().place(frame)
        assert self._shown is not None, "there is a montage"
        if whole.width() / self._shown.grid.columns >= side:
            return Zoom()
        return Zoom(area.width() * frame.height / (area.height() * frame.width), y=0.0)

    def _choose(self, tile: int) -> None:
        self.bring_into_view(tile)
        self.set_tile(tile)
        self.tile_chosen.emit(tile)

    def _prepare(self) -> None:
        if self._shown is not None:
            self._shown = self._fitted(self._shown)
            window = QColor(self._theme.colours.window)
            rgb = window.red(), window.green(), window.blue()
            self._image = array_image(self._shown.pixels(self._theme.colour_map, rgb))

    def _items(self, ratio: float) -> Iterator[Item]:
        if self._shown is not None:
            seen = self._place(ratio) & self._montage_area()
            yield Item(seen.marginsAdded(_RING_MARGINS), self._paint_montage, part_at=self._pixel_at)
            yield self._foot(self._shown, seen)

    def _paint_montage(self, pen: Pen) -> None:
        assert self._shown is not None, "there is a layer to paint"
        painter, ratio = pen.painter, pen.ratio
        area, place = self._montage_area(), self._place(ratio)
        scale = place.width() / self._image.width()
        painter.save()
        painter.setClipRect(place & area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale * ratio < NEAREST_FROM)
        painter.drawImage(place, self._image)
        painter.setClipRect(area)
        self._paint_classes(painter, place, scale)
        self._paint_marks(painter, place, scale)
        painter.restore()
        self._paint_ring(pen, place, scale)

    def _foot(self, shown: LayerImage, seen: QRectF) -> Item:
        """Return what is below the part of the montage that is seen: the legend."""
        limits = shown.limits
        width = legend_width(self._theme, self._montage_area().width())
        left = min(max(seen.center().x() - width / 2, 0.0), self.width() - width)
        shared = limits.size == 0 or limits.min() == limits.max()
        limit = float(limits.max()) if shared else _("99 % of unit")
        place = QRectF(round(left), seen.bottom(), width, self._legend_height)
        in_colour = shown.images.is_colour
        return self._legend_item(
            symmetric_legend(
                place, limit, is_exceeded=shared, has_not_finite=not self._is_finite, in_colour=in_colour
            )
        )

    def _paint_classes(self, painter: QPainter, place: QRectF, scale: float) -> None:
        """Paint the badge of its class at the top left of each image, if all have colours and room."""
        assert self._shown is not None, "there is a layer to mark"
        names, grid, side = self._shown.images.class_names, self._shown.grid, self._theme.sizes.caption + 2
        room = scale * min(grid.tile_width, grid.tile_height)
        n_colours = len(self._theme.label_colours(self._theme.background))
        if not 0 < len(names) <= n_colours or side > _BADGE_SHARE * room:
            return
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        for tile in range(len(grid.order)):
            label, (x, y, width, _) = tile % len(names), grid.rect_of(tile)
            most = max(side, scale * width - 2 * side)
            text = metrics.elidedText(names[label], Qt.TextElideMode.ElideRight, most)
            across = max(side, metrics.horizontalAdvance(text) + UNIT_PX)
            badge = QRectF(place.left() + scale * x, place.top() + scale * y, across, side)
            paint_label(painter, badge, label, self._theme, text=text)

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

    def _paint_ring(self, pen: Pen, place: QRectF, scale: float) -> None:
        assert self._shown is not None, "there is an image to choose"
        x, y, width, height = self._shown.grid.rect_of(self._tile)
        tile = QRectF(place.left() + scale * x, place.top() + scale * y, scale * width, scale * height)
        out = FOCUS_RING_PX / 2
        room = self._montage_area().marginsAdded(_RING_MARGINS)
        pen.ring_on_images(tile.adjusted(-out, -out, out, out), room)

    def _text_of(self, images: WeightImages, found: TilePixel) -> str:
        if images.is_empty()[found.y, found.x]:
            return ""
        source, unit = divmod(found.tile, images.n_units)
        value = values_text(images.tile(source, unit)[found.y, found.x])
        of_input = f" · {images.input_name(source)}" if images.n_inputs > 1 else ""
        where = f"{unit_name(images.class_names, unit)}{of_input}"
        return f"{where} · {images.place_text(found.x, found.y)} · {value}"

    def _pixel_at(self, at: QPointF) -> Item | None:
        assert self._shown is not None, "there is a layer to point at"
        place = self._place(self.devicePixelRatioF())
        scale = place.width() / self._image.width()
        found = self._shown.grid.at((at.x() - place.left()) / scale, (at.y() - place.top()) / scale)
        if found is None:
            return None
        text, choose = self._text_of(self._shown.images, found), partial(self._choose, found.tile)
        return Item(self._montage_area(), None, text, click=choose)

    def _montage_area(self) -> QRectF:
        """Return the area for the montage, with a margin for the ring."""
        ring = 2 * FOCUS_RING_PX
        return QRectF(
            ring, ring, self.width() - 2 * ring, max(1, self.height() - self._legend_height - 2 * ring)
        )

    def _frame(self, ratio: float) -> Frame:
        assert self._shown is not None, "there is a montage"
        grid = self._shown.grid
        return Frame(self._montage_area(), grid.width, grid.height, ratio, is_centred=True)

    def _place(self, ratio: float) -> QRectF:
        return self._zoom.place(self._frame(ratio))


def _row(
    key: str, text: str, keys: tuple[str, ...], about: str, callback: Callable[[WeightsView], None]
) -> ActionRow[WeightsView]:
    """Return a row whose keys act while the view has the focus; lists and fields use the arrow keys, too."""
    focused = Qt.ShortcutContext.WidgetShortcut
    return ActionRow(key=key, menu="Inspect", text=text, shortcuts=keys, context=focused, help=about,
                     callback=callback)  # fmt: skip


_FOCUSED = _("While the view of the layer has the focus.")
WALK_ROWS = (
    _row("unitLeft", _("Unit to the left"), ("Left",), _FOCUSED, lambda host: host.walk(-1, 0)),
    _row("unitRight", _("Unit to the right"), ("Right",), _FOCUSED, lambda host: host.walk(1, 0)),
    _row("unitUp", _("Unit above"), ("Up",), _FOCUSED, lambda host: host.walk(0, -1)),
    _row("unitDown", _("Unit below"), ("Down",), _FOCUSED, lambda host: host.walk(0, 1)),
)
ZOOM_ROWS = (
    _row("zoomIn", _("Zoom in"), ("+", "="),
         _("Zoom into the layer; the wheel does, too, and a drag moves it."), lambda host: host.zoom(1.25)),
    _row("zoomOut", _("Zoom out"), ("-",), _("See more of the layer."), lambda host: host.zoom(0.8)),
    _row("zoomFit", _("Whole layer"), ("0",), _("See all of the layer."), lambda host: host.zoom(0)),
)  # fmt: skip
