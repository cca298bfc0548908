"""What a figure consists of, and the pen that paints it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from cadl_gui.ui.figures.figure_pixels import paint_pixels, pixel_at
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX

EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)
"""Place of an item that fills its figure, and tells something also where a drag leaves that."""


class Pen(NamedTuple):
    """A painter with a theme, whose colours and fonts are named by their roles.

    Attributes:
        ratio: Device pixels per pixel of the figure.
    """

    painter: QPainter
    theme: Theme
    ratio: float

    def fill(self, place: QRectF, colour: QColor | str) -> None:
        """Fill a rectangle with a colour."""
        self.painter.fillRect(place, QColor(colour))

    def bar(self, trough: QRectF, bar: QRectF, colour: QColor | str) -> None:
        """Paint a bar in its trough."""
        self.fill(trough, self.theme.colours.plot)
        self.fill(bar, colour)

    def pixels(self, place: QRectF, image: QImage) -> None:
        """Paint an image into a rectangle."""
        paint_pixels(self.painter, place, image, self.ratio)

    def ring(self, place: QRectF) -> None:
        """Frame what is chosen."""
        self.painter.setPen(QPen(QColor(self.theme.colours.accent), FOCUS_RING_PX))
        self.painter.drawRect(place)

    def ring_on_images(self, place: QRectF, room: QRectF) -> None:
        """Frame what is chosen among images, whatever their colours, as far as the frame is in the room."""
        self.painter.save()
        self.painter.setClipRect(room)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        colours = self.theme.colours
        for colour, width in ((colours.window, 2 * FOCUS_RING_PX), (colours.accent, FOCUS_RING_PX)):
            self.painter.setPen(QPen(QColor(colour), width))
            self.painter.drawRect(place)
        self.painter.restore()

    def text(
        self,
        place: QRectF,
        words: str,
        colour: QColor | str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """Write one line in the painter's font, as much of it as fits."""
        metrics = QFontMetricsF(self.painter.font())
        self.painter.setPen(QColor(colour))
        fitting = metrics.elidedText(words, elide, place.width())
        self.painter.drawText(place, align | Qt.TextFlag.TextDontClip, fitting)


class Item(NamedTuple):
    """A part of a figure.

    Attributes:
        rect: Where it is hit; the figure is as large as all of its items.
        paint: Paints it; the pen's state is restored.
        tip: What is told where it is hit, at this place; an item without tip and click is not hit.
        words: Its part of the figure's description for screen readers.
        click: What a click does.
        is_chosen: Whether it is the one that was chosen; None if the arrow keys do not choose items.
        image: What fills the rectangle.
        part_at: Returns the part of it that is hit at a place, or None, where there may be thousands.
        beside: What a `ScrolledFigure` shows beside the pointer.
    """

    rect: QRectF
    paint: Callable[[Pen], object] | None = None
    tip: str | Callable[[QPointF], str] = ""
    words: str = ""
    click: Callable[[], object] | None = None
    is_chosen: bool | None = None
    image: QImage | None = None
    part_at: "Callable[[QPointF], Item | None] | None" = None
    beside: str = ""

    def is_hit(self, place: QPointF) -> bool:
        """Return whether it tells something, or can be clicked, at a point; its right edge is outside."""
        rect, x, y = self.rect, place.x(), place.y()
        inside = rect.left() <= x < rect.right() and rect.top() <= y < rect.bottom()
        return inside and bool(self.tip or self.click or self.part_at)

    def tip_at(self, place: QPointF) -> str:
        """Return what is told at a place."""
        return self.tip if isinstance(self.tip, str) else self.tip(place)


def pixels_item(
    place: QRectF,
    image: QImage,
    tell: Callable[[int, int], str],
    write: Callable[[Pen], object] | None = None,
) -> Item:
    """Return an image that tells its pixels.

    Args:
        tell: Returns what is told of the pixel at x and y.
        write: Paints over the image.
    """
    shape = image.height(), image.width()

    def tip(at: QPointF) -> str:
        pixel = pixel_at(place, shape, at)
        return "" if pixel is None else tell(*pixel)

    def paint(pen: Pen) -> None:
        pen.pixels(place, image)
        if write is not None:
            write(pen)

    return Item(place, paint, tip, image=image)
