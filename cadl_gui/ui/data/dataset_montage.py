"""The montage of a whole dataset, from all images at once to the value of a single pixel."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QResizeEvent

from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.dataset_requests import MontageTile
from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.data import montage_marks
from cadl_gui.ui.data.montage_geometry import MontageGeometry
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM
from cadl_gui.ui.figures.tile_cache import TileCache
from cadl_gui.ui.figures.zoom import Frame, Zoom, ZoomedView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_SMALL_PX

_RING_PX = 2 * FOCUS_RING_PX
_VALUES_FROM_PX = 16
"""Pixels have no values below this size on the screen, whatever the font."""

_MOST_BYTES = 2**27
"""Limit on all tiles: four times what a view of 2560×1440 device pixels needs."""

_Step = Callable[[MontageGrid, tuple[int, int]], tuple[int, int]]

_ARRANGED_AFTER_MS = 150
"""The grid takes the shape of a resized view so long after the last change."""


class DatasetMontage(ZoomedView):
    """Shows images in rows; a click chooses one.

    The view holds tiles, each a square of many small or a few large images, and lists those that it lacks.
    Until they come, it shows coarser ones.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no dataset.
        view: Knows how it is zoomed; None for a view of its own.

    Signals:
        image_chosen: (int) Index of the chosen image in the dataset.
        tiles_wanted: `missing_tiles` may have changed.
    """

    image_chosen = Signal(int)
    tiles_wanted = Signal()

    def __init__(self, theme: Theme, *, empty_text: str, view: ViewState | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, view=view)
        self._about: DatasetDescription | None = None
        self._numbers = np.zeros(0, np.int32)
        self._by_class = False
        self._grid: MontageGrid | None = None
        self._labels: tuple[int, ...] = ()
        self._chosen: int | None = None
        self._shows_parts = False
        self._tiles: TileCache[MontageTile] = TileCache(_MOST_BYTES, QImage.sizeInBytes)
        self._arranging = Timer(self, self._arrange, _ARRANGED_AFTER_MS)
        ActionSet(ROWS, self, theme, self)
        self._view.bind(self, self._wished_zoom, self._show_zoom)

    @property
    def grid(self) -> MontageGrid | None:
        """The grid of images, or None."""
        return self._grid

    @property
    def chosen(self) -> int | None:
        """Index of the chosen image in the dataset, or None."""
        return self._chosen

    def show_message(self, message: str) -> None:
        """Show a sentence in place of the images."""
        self._message = message
        self._about = self._grid = None
        self._panned_from = None
        self._tiles.clear()
        self._refresh()

    def set_images(
        self, about: DatasetDescription, numbers: NDArray[np.int32], *, by_class: bool, subject: str = ""
    ) -> None:
        """Show images of a dataset.

        Args:
            numbers: Indices of the images, (m,), m ≥ 1, in order.
            by_class: Whether each class begins a row; the images are then in the order of their labels.
            subject: What they are; each subject has its own zoom.
        """
        self._about, self._numbers, self._by_class = about, numbers, by_class
        self._subject, self._grid = subject, None
        self._arrange()

    def set_parts_shown(self, shown: bool) -> None:
        """Show or hide the part of each image, as a colour."""
        self._shows_parts = shown
        self._refresh()
        self._arrange()

    def missing_tiles(self) -> list[MontageTile]:
        """Return the tiles that the view lacks, in the order in which it needs them."""
        wanted = () if self._grid is None else self._geometry().tiles_and_coarser()
        return [tile for tile in wanted if tile not in self._tiles.images]

    def add_tiles(
        self, grid: MontageGrid, tiles: Sequence[MontageTile], pixels: Sequence[NDArray[np.uint8]]
    ) -> None:
        """Add rendered tiles, (height, width, 4) RGBA each; those of an earlier grid are dropped."""
        if grid is not self._grid:
            return
        for tile, each in zip(tiles, pixels, strict=True):
            self._tiles.add(tile, _image_of(each))
        self.update()

    def choose(self, number: int | None) -> None:
        """Mark an image."""
        self._chosen = number
        self.update()
        self.tiles_wanted.emit()

    def bring_into_view(self, number: int) -> None:
        """Pan, as a hand does, until an image is in view."""
        if (cell := None if self._grid is None else self._grid.cell_of(number)) is not None:
            self._bring_into_view(self._geometry().part(*cell))

    def walk(self, step: _Step) -> None:
        """Choose another image, by a step from the cell of the one that is chosen."""
        grid, cell = self._grid, self._chosen_cell
        self._choose_at(*((0, 0) if grid is None or cell is None else step(grid, cell)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the images anew once the size has settled."""
        super().resizeEvent(event)
        if self._grid is not None:
            self._arranging.start()

    def _choose_at(self, row: int, column: int) -> None:
        number = None if self._grid is None else self._grid.number_at(row, column)
        if number is not None:
            self.bring_into_view(number)
            self.choose(number)
            self.image_chosen.emit(number)

    @Slot()
    def _arrange(self) -> None:
        """Arrange the images in the shape of the view; once zoomed into by hand, they stay in place."""
        about, wish = self._about, self._wished_zoom()
        if about is None:
            return
        labels = about.labels[self._numbers] if self._by_class and about.labels is not None else None
        self._labels = () if labels is None else tuple(np.unique(labels).tolist())
        area, (height, width, _) = self._montage_area(), about.image_shape
        n_columns = 0 if wish is None or wish.factor == 1 else wish.n_columns
        grid = MontageGrid.of(self._numbers, area.width() / area.height() * height / width, labels, n_columns)
        if self._grid is None or grid.n_columns != self._grid.n_columns:
            self._grid = grid
            self._tiles.clear()
        self._refresh()
        self.tiles_wanted.emit()

    def _show_zoom(self) -> None:
        self.lay_out()
        self._arranging.start()
        self.tiles_wanted.emit()

    def _choose_zoom(self, zoom: Zoom) -> None:
        super()._choose_zoom(zoom._replace(n_columns=0 if self._grid is None else self._grid.n_columns))

    def _usual_zoom(self) -> Zoom:
        """Return the zoom at which the first images are recognised."""
        at = self._geometry(zoom=Zoom())
        factor = at.recognisable_factor(self._theme.sizes.recognised)
        return Zoom().zoomed(factor, at.area.topLeft(), at.frame)

    def _frame(self, ratio: float) -> Frame:
        return self._geometry(ratio, zoom=Zoom()).frame

    def _geometry(self, ratio: float | None = None, *, zoom: Zoom | None = None) -> MontageGeometry:
        grid, about = self._grid, self._about
        assert grid is not None, "there is a montage"
        assert about is not None, "there is a dataset"
        height, width, _ = about.image_shape
        ratio = ratio or self.devicePixelRatioF()
        return MontageGeometry(grid, height, width, self._montage_area(), ratio, zoom or self._zoom)

    def _montage_area(self) -> QRectF:
        """Return the area for the images, beside class names and above the legend, with a margin."""
        names = (
            0.0
            if self._about is None
            else montage_marks.class_name_width(self._about, self._labels, self._theme)
        )
        left, below = _RING_PX + math.ceil(names), _RING_PX + self._parts_height
        across, down = self.width() - left - _RING_PX, self.height() - _RING_PX - below
        return QRectF(left, _RING_PX, max(1, across), max(1, down))

    @property
    def _chosen_cell(self) -> tuple[int, int] | None:
        return None if self._grid is None or self._chosen is None else self._grid.cell_of(self._chosen)

    @property
    def _parts_height(self) -> int:
        return self._theme.sizes.caption + 2 * GAP_SMALL_PX if self._shows_parts else 0

    def _focus_point(self) -> QPointF:
        at = self._geometry()
        cell = self._chosen_cell
        centre = at.area.center() if cell is None else at.cell(*cell).center()
        return centre if at.area.contains(centre) else at.area.center()

    def _prepare(self) -> None:
        self._tiles.set_inverted(self._theme.inverted)

    def _items(self, ratio: float) -> Iterator[Item]:
        if self._grid is None:
            return
        seen = self._geometry(ratio).seen
        right = self.width() if self._shows_parts else seen.right() + _RING_PX
        place = QRectF(0, 0, right, seen.bottom() + _RING_PX + self._parts_height)
        words = _("{images} shown · {about}").format(
            images=count_text(len(self._numbers), "image"), about=self._about
        )
        yield Item(place, self._paint_montage, words=words, part_at=self._image_at)

    def _paint_montage(self, pen: Pen) -> None:
        assert self._about is not None, "there is a dataset"
        painter, ratio = pen.painter, pen.ratio
        at = self._geometry(ratio)
        painter.save()
        painter.setClipRect(at.seen)
        painter.scale(1 / ratio, 1 / ratio)
        seen = QRectF(at.seen.topLeft() * ratio, at.seen.size() * ratio)
        self._tiles.paint(painter, seen.toAlignedRect(), at.levels())
        painter.scale(ratio, ratio)
        if self._shows_parts:
            montage_marks.paint_parts(painter, at, self._about, self._theme)
        self._paint_values(painter, at, self._about)
        painter.restore()
        cell = self._chosen_cell
        if cell is not None:
            out = FOCUS_RING_PX / 2
            room = at.area.adjusted(-_RING_PX, -_RING_PX, _RING_PX, _RING_PX)
            pen.ring_on_images(at.cell(*cell).adjusted(-out, -out, out, out), room)
        if self._labels:
            column = QRectF(0, at.seen.top(), at.area.left() - _RING_PX, at.seen.height())
            montage_marks.paint_class_names(painter, column, at.place, at.grid, self._about, self._theme)
        if self._shows_parts:
            line = QRectF(at.area.left(), at.seen.bottom() + _RING_PX, at.area.width(), self._parts_height)
            montage_marks.paint_parts_legend(painter, line, self._about, self._theme)

    def _paint_values(self, painter: QPainter, at: MontageGeometry, about: DatasetDescription) -> None:
        """Write the values of the visible pixels into them, once they are large enough."""
        if at.pixel_side < _VALUES_FROM_PX:
            return
        for tile in at.tiles():
            image = self._tiles.images.get(tile)
            if image is not None:
                place = at.cells(*at.cells_of(tile))
                montage_marks.paint_values(painter, place, at.seen, image, about, self._theme)

    def _image_at(self, place: QPointF) -> Item | None:
        at = self._geometry()
        cell = at.cell_at(place)
        number = None if cell is None else at.grid.number_at(*cell)
        if self._about is None or cell is None or number is None:
            return None
        tip = " · ".join(filter(None, (self._about.text_of(number), self._value_at(at, cell, place))))
        return Item(at.area, None, tip, click=partial(self._choose_at, *cell))

    def _value_at(self, at: MontageGeometry, cell: tuple[int, int], place: QPointF) -> str:
        """Describe the pixel at a point, if pixels are large enough to be pointed at."""
        tile = at.tile_of(cell)
        image = self._tiles.images.get(tile)
        if self._about is None or image is None or at.pixel_side < NEAREST_FROM:
            return ""
        x, y = at.pixel_in(at.cell(*cell), place)
        colour = image.pixelColor(*at.pixel_in(at.cells(*at.cells_of(tile)), place))
        inverted = self._theme.inverted
        values = montage_marks.pixel_values(colour, self._about.image_shape[2], inverted=inverted)
        return f"x {x}, y {y} · {' '.join(values)}"


def _image_of(pixels: NDArray[np.uint8]) -> QImage:
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    # What has no gaps is painted faster without an alpha channel. Converting copies the pixels.
    is_full = bool((pixels[..., 3] == 255).all())
    formats = QImage.Format
    return image.convertToFormat(formats.Format_RGB32 if is_full else formats.Format_ARGB32_Premultiplied)


def _row(
    key: str, text: str, keys: tuple[str, ...], about: str, callback: Callable[[DatasetMontage], None]
) -> ActionRow[DatasetMontage]:
    """Return a row whose keys act while the montage has the focus; lists and fields use them, too."""
    focused = Qt.ShortcutContext.WidgetShortcut
    return ActionRow(key=key, menu="Data", text=text, shortcuts=keys, context=focused, help=about,
                     callback=callback)  # fmt: skip


def _walk_row(key: str, text: str, keys: str, step: _Step) -> ActionRow[DatasetMontage]:
    about = _("While the images have the focus.")
    return _row(key, text, (keys,), about, lambda host: host.walk(step))


ROWS = (
    _walk_row("imageLeft", _("Previous image"), "Left", lambda grid, cell: grid.stepped(cell, -1)),
    _walk_row("imageRight", _("Next image"), "Right", lambda grid, cell: grid.stepped(cell, 1)),
    _walk_row("imageUp", _("Image above"), "Up", lambda grid, cell: grid.moved(cell, -1)),
    _walk_row("imageDown", _("Image below"), "Down", lambda grid, cell: grid.moved(cell, 1)),
    _walk_row("imageFirst", _("First image"), "Home", lambda grid, cell: grid.stepped(cell, -grid.n_images)),
    _walk_row("imageLast", _("Last image"), "End", lambda grid, cell: grid.stepped(cell, grid.n_images)),
    _row("montageZoomIn", _("Zoom in"), ("+", "="),
         _("Zoom into the images; the wheel does, too, and a drag moves it."), lambda host: host.zoom(1.5)),
    _row("montageZoomOut", _("Zoom out"), ("-",), _("See more images."), lambda host: host.zoom(1 / 1.5)),
    _row("montageFit", _("All images"), ("0",), _("See all images at once."), lambda host: host.zoom(0)),
)  # fmt: skip
