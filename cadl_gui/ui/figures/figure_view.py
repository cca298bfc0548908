"""The base class of all figures that paint themselves; each fits into a `FigurePanel`."""

from collections.abc import Iterable
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.imaging.weights.colour_map import coloured
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.controls.spotlight import FILLS_PAGE
from cadl_gui.ui.figures.colour_legend import Legend, legend_height, paint_legend
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import fitting_scale, pixel_at
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_LARGE_PX, UNIT_PX, TextRole

_HINT_PX = QSize(280, 280)
_MINIMUM_PX = QSize(112, 112)
_WAYS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_CLICKS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class FigureView(QWidget):
    """Paints its content at the top left, or a message if there is none, and describes what is hovered.

    It repaints and updates the hover text whenever the theme or a display option changes.

    Abstract. A subclass calls `_refresh` when its content changes, and returns its items (`_items`), made of
    images in the current colours (`_grey_or_rgb_image`, `_coloured_image`). They are painted, hit, told,
    clicked and copied here; without any, the message is shown. What they are made of and takes long to build,
    `_prepare` builds. The arrow keys choose an item where one is chosen. Elsewhere they point at the next
    item or pixel, as a pointer does; Space and Return click it.

    Copying, saving and holding use the rendered view (`render_image`).

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no content, telling the user what to do.
    """

    _legends_from = 4
    """Height from which the figure has room for a colour scale, as a multiple of the scale's."""
    _plain_message: TextRole | None = None
    """Role of the font in which the message is written without a background; None: on the background."""

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__()
        self._theme = theme
        self._message = empty_text
        self._pointer: QPointF | None = None
        self._points_by_keys = False
        self._laid_out: tuple[object, tuple[Item, ...]] | None = None
        own = vars(self)
        self.destroyed.connect(lambda: own.pop("_laid_out", None))  # items hold the figure, which has them
        self.setAccessibleDescription(empty_text)
        # Otherwise Qt would first paint all that is below it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._is_outdated = False
        theme.figures_changed.connect(self._recolour)

    def set_empty_text(self, text: str) -> None:
        """Replace the sentence that is shown while there is no content."""
        self._message = text
        self._refresh()

    def render_image(self, scale: float) -> QImage:
        """Render the content, without its surroundings, with `scale` image pixels per pixel of the view."""
        self._catch_up()
        area = QRectF() if self._is_empty() else self._content_area(scale)
        size = (area.size() * scale).toSize() if not area.isEmpty() else self.size() * scale
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        # The content may be larger than the view, which fills no more than itself.
        image.fill(QColor(self._theme.colours.window))
        painter = QPainter(image)
        painter.translate(-area.topLeft())
        self._paint(painter, scale)
        painter.end()
        return image

    def sizeHint(self) -> QSize:
        """Return a size that fits a montage of a hundred images."""
        return _HINT_PX

    def minimumSizeHint(self) -> QSize:
        """Return a size small enough for a narrow window."""
        return _MINIMUM_PX

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the content, or the message if there is none."""
        painter = QPainter(self)
        self._paint(painter, self.devicePixelRatioF())
        if self._points_by_keys and self._pointer is not None and self.hasFocus():
            painter.resetTransform()
            place = self._told_at(self._pointer)
            Pen(painter, self._theme, self.devicePixelRatioF()).ring_on_images(place, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Update the hover text."""
        self._move_pointer(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Click the item under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or not self._click_at(event.position()):
            super().mousePressEvent(event)

    def _click_at(self, place: QPointF) -> bool:
        """Click the item at a point; returns whether one is there that can be clicked."""
        item = self._item_at(place)
        if item is None or item.click is None:
            return False
        item.click()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next or the previous item; point at the next one, or click it."""
        way = _WAYS.get(Qt.Key(event.key()))
        items = [item for item in self.items() if item.is_chosen is not None]
        if way is not None and items:
            step = 1 if way.x() + way.y() > 0 else -1
            before = -1 if step > 0 else len(items)
            chosen = next((number for number, item in enumerate(items) if item.is_chosen), before)
            if click := items[min(max(chosen + step, 0), len(items) - 1)].click:
                click()
        elif way is not None:
            self._point_on(way)
        elif event.key() not in _CLICKS or self._pointer is None or not self._click_at(self._pointer):
            super().keyPressEvent(event)

    def _point_on(self, way: QPointF) -> None:
        """Point at the next item or pixel this way, or at the first one; stay if there is none."""
        if self._pointer is None:
            places = [self.shown_place(item) for item in self.items() if item.tip or item.click]
            if places:
                first = min(places, key=lambda place: (place.top(), place.left()))
                self._move_pointer(self._told_at(first.center()).center(), by_keys=True)
            return
        here = self._told_at(self._pointer)
        place = here.center()
        while self.rect().contains(place.toPoint()):
            place += way
            if not here.contains(place) and not (told := self._told_at(place)).isEmpty():
                self._move_pointer(told.center(), by_keys=True)
                return

    def _told_at(self, place: QPointF) -> QRectF:
        """Return the item or pixel at a point of the view, or a little around it where all of a place tells.

        It is empty if nothing there tells anything or can be clicked.
        """
        item = self._item_at(place)
        if item is None:
            return QRectF()
        shown = self.shown_place(item)
        if item.image is None:
            half = QPointF(UNIT_PX, UNIT_PX)
            return shown if isinstance(item.tip, str) else QRectF(place - half, place + half)
        shape = item.image.height(), item.image.width()
        x, y = pixel_at(shown, shape, place) or (0, 0)
        across, down = shown.width() / shape[1], shown.height() / shape[0]
        return QRectF(shown.left() + x * across, shown.top() + y * down, across, down)

    def _move_pointer(self, place: QPointF | None, *, by_keys: bool = False) -> None:
        if by_keys or self._points_by_keys:
            self.update()
        self._pointer, self._points_by_keys = place, by_keys
        if place is None:
            send_hover_text(self, "")
        elif (text := self._send_hover_text()) and by_keys:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self._move_pointer(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point no longer by keys."""
        super().focusOutEvent(event)
        if self._points_by_keys:
            self._move_pointer(None)

    def _is_empty(self) -> bool:
        """Return whether there is nothing to show, so that the message appears instead."""
        return not self.items()

    def _items(self, ratio: float) -> Iterable[Item]:  # noqa: ARG002 (an interface)
        """Return what is shown, from the back to the front; called once for each change, see `lay_out`.

        Args:
            ratio: Device pixels per pixel of the view, to align edges.
        """
        return ()

    def items(self, ratio: float = 0.0) -> tuple[Item, ...]:
        """Return what is shown, from the back to the front."""
        self._catch_up()
        ratio = ratio or self.devicePixelRatioF()
        key = self.size(), ratio, self._wished_zoom()
        if self._laid_out is None or self._laid_out[0] != key:
            self._laid_out = key, tuple(self._items(ratio))
        return self._laid_out[1]

    def _wished_zoom(self) -> object:
        """Return how a hand zoomed what is shown; None if none did, or could."""
        return None

    @property
    def _scrolled(self) -> QPointF:
        """The point of the content that is shown at the top left."""
        return QPointF()

    def shown_place(self, item: Item) -> QRectF:
        """Return where an item is in the view, however far that is scrolled."""
        return item.rect.translated(-self._scrolled)

    def _item_at(self, place: QPointF) -> Item | None:
        """Return the foremost item at a point of the view that tells something or can be clicked."""
        place = place + self._scrolled
        item = next((item for item in reversed(self.items()) if item.is_hit(place)), None)
        if item is None or item.part_at is None:
            return item
        part = item.part_at(place)
        return part if part is not None and part.is_hit(place) else None

    def _content_area(self, ratio: float) -> QRectF:
        """Return the rectangle of the content; called only if there is content."""
        first, *others = [item.rect for item in self.items(ratio)] or [QRectF(self.rect())]
        return reduce(QRectF.united, others, first) & QRectF(self.rect())

    def _prepare(self) -> None:
        """Rebuild cached data after a change of the content, the theme or a display option."""

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        """Paint into the content's area; called only if there is content."""
        pen = Pen(painter, self._theme, ratio)
        painter.translate(-self._scrolled)
        for item in self.items(ratio):
            if item.paint is not None:
                painter.save()
                item.paint(pen)
                painter.restore()

    def _in_words(self) -> str:
        """Describe the content for a screen reader; called only if there is content."""
        return "; ".join(item.words for item in self.items() if item.words)

    @property
    def _legend_height(self) -> int:
        """Height for the colour scale; 0 in a low figure, where it would leave little of the image."""
        height = legend_height(self._theme)
        return height if self.height() >= self._legends_from * height else 0

    def _fitting(self, image: QImage, ratio: float, *, below: float = 0.0, is_centred: bool = True) -> QRectF:
        """Return the largest place for an image above what is below, aligned to device pixels.

        It is at the left, or in the middle: always, or only in a figure that fills the page.
        """
        width, height = image.width(), image.height()
        scale = ratio * fitting_scale(self.width(), max(1.0, self.height() - below), (height, width), ratio)
        across, down = round(scale * width) / ratio, round(scale * height) / ratio
        is_centred = is_centred or bool(self.property(FILLS_PAGE))
        return QRectF((self.width() - across) // 2 if is_centred else 0, 0, across, down)

    def _legend_item(self, legend: Legend) -> Item:
        return Item(legend.place, lambda pen: paint_legend(pen.painter, legend, self._theme))

    def _below(self, place: QRectF) -> QRectF:
        """Return the place of a colour scale below an image."""
        return QRectF(place.left(), place.bottom(), place.width(), self._legend_height)

    def _grey_or_rgb_image(self, pixels: NDArray[np.uint8]) -> QImage:
        """Convert a dataset image, (height, width, 1 or 3) uint8; inverted if *Ink on paper* is on."""
        return array_image(pixels, inverted=self._theme.inverted)

    def _coloured_image(
        self, indices: NDArray[np.uint16], background: str | None = None, colours: str = ""
    ) -> QImage:
        """Convert colour indices to an image in the chosen colour map.

        Args:
            indices: (height, width), from `colour_indices`, or `EMPTY`.
            background: Colour of empty pixels; by default the window's.
        """
        empty = QColor(background or self._theme.colours.window)
        rgb = empty.red(), empty.green(), empty.blue()
        return array_image(coloured(indices, colours or self._theme.colour_map, rgb))

    @Slot()
    def _recolour(self) -> None:
        """Show the theme's new colours and sizes; a hidden figure takes them once it is looked at."""
        self._is_outdated = True
        if self.isVisible():
            self._refresh()

    def _catch_up(self) -> None:
        if self._is_outdated:
            self._is_outdated = False
            self._prepare()
            self._describe()

    @Slot()
    def _refresh(self) -> None:
        """Update the painting, the accessible description and the hover text after a change of content."""
        self._is_outdated = False
        self._prepare()
        self.lay_out()

    def lay_out(self) -> None:
        """Lay the items out anew, describe and paint them, and tell what is under the pointer now."""
        self._describe()
        self.update()
        self._send_hover_text()

    def _describe(self) -> None:
        """Update the accessible description, that of the items as they are now."""
        self._laid_out = None
        words = self._message if self._is_empty() else self._in_words()
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _send_hover_text(self) -> str:
        item = None if self._pointer is None else self._item_at(self._pointer)
        text = "" if item is None or self._pointer is None else item.tip_at(self._pointer)
        if self._pointer is not None:
            send_hover_text(self, text)
        return text

    def _paint(self, painter: QPainter, ratio: float) -> None:
        self._catch_up()
        painter.fillRect(self.rect(), QColor(self._theme.colours.window))
        if self._is_empty():
            self._paint_message(painter)
            return
        self._paint_content(painter, ratio)

    def _message_bed(self) -> QRect:
        """Return the background of the message, as large as a square image would be."""
        side = min(self.width(), self.height())
        return QRect(0, 0, side, side)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font(self._plain_message or "body"))
        if self._plain_message:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._message)
            return
        frame = self._message_bed()
        painter.fillRect(frame, QColor(self._theme.colours.plot))
        text = frame.adjusted(GAP_LARGE_PX, GAP_LARGE_PX, -GAP_LARGE_PX, -GAP_LARGE_PX)
        # Two lines may be higher than what the gaps leave of a low figure.
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip
        painter.drawText(text, flags, self._message)
