"""The strip of images along a path, with the classifier's answer beneath them; a slider along the path."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from cadl_gui.domain.class_names import class_name
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.imaging.latent.borders import Border, borders
from cadl_gui.imaging.latent.latent_path import AnyKind
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import EVERYWHERE, Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.latent.paths import MOVEMENT
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, RADIUS_PX, SEMIBOLD, UNIT_PX

_NO_PIN = _("Click a place and press Pin, then do so elsewhere: a path appears here.")
_ONE_PIN = _("Now click another place of the plane, and press Pin again.")
_PINS = _("What lies between the pins appears here.")
_NO_DRAG = _("Drag the handle over the plane: what it passes appears here.")
_LEAST_PX, _LARGEST_PX = 200, 92
"""The least width, and the largest height unless controls are higher."""

_USUAL_IMAGES = 9
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_STEPS = 32
"""Steps of an arrow key from one end to the other."""


class PathStrip(FigureView):
    """Shows the images along a path, and a band as high as the classifier is sure, in the answers' colours.

    A click, a drag or the arrow keys choose a place on the path.

    Args:
        theme: Colours and sizes.
        empty_text: A sentence shown while there is no path.

    Signals:
        scrubbed: (float) The user chose this place on the path, in [0, 1].
    """

    scrubbed = Signal(float)

    def __init__(self, theme: Theme, *, empty_text: str = _NO_PIN) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._pixels: list[QImage] = []
        self._images: NDArray[Any] | None = None
        self._probabilities: NDArray[Any] | None = None
        self._names: tuple[str, ...] = ()
        self._share: float | None = None
        self._note = ""
        self._usual_text, self._asked = empty_text, ""
        self.setObjectName("pathStrip")
        self.setAccessibleName(_("Path"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def images(self) -> NDArray[Any] | None:
        """The images along the path, (n, height, width, channels); None without a path."""
        return self._images

    @property
    def share(self) -> float | None:
        """Where the handle is on the path, in [0, 1]; None if it is elsewhere."""
        return self._share

    @property
    def borders(self) -> list[Border]:
        """Where the answer changes along the path."""
        return [] if self._probabilities is None else borders(self._probabilities)

    def set_images(self, images: NDArray[Any] | None) -> None:
        """Show images of evenly spaced places, (n, height, width, 1 or 3) in [0, 1], n ≥ 2; or a message."""
        self._images = images
        self._note = ""
        if images is None:
            self._share = None
        self._refresh()

    def ask(self, text: str) -> None:
        """Show what is to be done for a path while there is none; "" for the usual."""
        self._asked = text
        self.set_empty_text(text or self._usual_text)

    def set_n_pins(self, n: int, kind: AnyKind) -> None:
        """Set how many pins there are, and the kind of path, for a text that says what comes next."""
        self._usual_text = _NO_DRAG if kind == MOVEMENT else (_NO_PIN, _ONE_PIN, _PINS)[min(n, 2)]
        self.ask(self._asked)

    def set_answers(self, probabilities: NDArray[Any] | None, class_names: tuple[str, ...] = ()) -> None:
        """Show the probabilities of evenly spaced places, (n, n_classes); None for no classifier."""
        self._probabilities, self._names = probabilities, class_names
        self._refresh()

    def show_note(self, note: str) -> None:
        """Write a sentence beside the border that is nearest to the middle, until the path changes."""
        self._note = note
        self.update()

    @property
    def note(self) -> str:
        """The sentence beside the border; "" if there is none."""
        return self._note

    def set_share(self, share: float | None) -> None:
        """Show where the handle is on the path, in [0, 1]; None if it is elsewhere."""
        if share != self._share:
            self._share = share
            self.update()

    def sizeHint(self) -> QSize:
        """Return a height that lets the images fill the width, at least that of two rows of controls."""
        least = 2 * self._theme.sizes.control + GAP_SMALL_PX
        wide = (self.width() + GAP_SMALL_PX) // _USUAL_IMAGES - GAP_SMALL_PX
        tall = wide + self._theme.sizes.caption + 2 * UNIT_PX
        return QSize(_LEAST_PX, min(max(tall, least), max(_LARGEST_PX, least)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height for the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return a small width."""
        return QSize(_LEAST_PX, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(self._share_at(event.position().x()))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer while it is pressed."""
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(self._share_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the path."""
        step = _KEYS.get(Qt.Key(event.key()))
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._choose(float(event.key() == Qt.Key.Key_End))
        elif step is not None:
            self._choose((self._share or 0.0) + step / _STEPS)
        else:
            super().keyPressEvent(event)

    def _choose(self, share: float) -> None:
        if self._images is not None:
            self.scrubbed.emit(min(max(share, 0.0), 1.0))

    def _message_bed(self) -> QRect:
        return self.rect()

    def _prepare(self) -> None:
        self._pixels = []
        if self._images is not None:
            self._pixels = [self._grey_or_rgb_image(to_uint8(image)) for image in self._images]

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._images is not None:
            yield Item(EVERYWHERE, self._paint_path, self._text_at, self._crossed())

    def _text_at(self, place: QPointF) -> str:
        share = self._share_at(place.x())
        text = _("{share} of the path").format(share=percent_text(share, 0))
        if self._probabilities is None:
            return text
        at = self._probabilities[round(share * (len(self._probabilities) - 1))]
        first, second = np.argsort(-at, kind="stable")[:2].tolist()
        likely = (f"{class_name(self._names, k)}: {percent_text(float(at[k]))}" for k in (first, second))
        return f"{text} · {', '.join(likely)}"

    def _crossed(self) -> str:
        """Describe where the answer changes along the path."""
        crossed = (
            _("{before} becomes {after} at {share}").format(
                before=class_name(self._names, b.before),
                after=class_name(self._names, b.after),
                share=percent_text(b.share, 0),
            )
            for b in self.borders
        )
        return ", ".join(crossed) or _("{n} images").format(n=len(self._pixels))

    @property
    def _band_px(self) -> int:
        return 0 if self._probabilities is None else self._theme.line_px

    @property
    def _side(self) -> float:
        """Side of an image."""
        n = len(self._pixels)
        gap = UNIT_PX if self._band_px else 0
        return max(1.0, min(self.height() - self._band_px - gap, (self.width() - (n - 1) * UNIT_PX) / n))

    def _span(self) -> tuple[float, float]:
        """Return the centres of the first and the last image, which spread over the width."""
        half = self._side / 2
        spread = min(self.width(), len(self._pixels) * (self._side + GAP_SMALL_PX) - GAP_SMALL_PX)
        return half, spread - half

    def _share_at(self, x: float) -> float:
        if not self._pixels:
            return 0.0
        left, right = self._span()
        return min(max((x - left) / max(1.0, right - left), 0.0), 1.0)

    def _paint_path(self, pen: Pen) -> None:
        painter, ratio = pen.painter, pen.ratio
        left, right = self._span()
        side, step = self._side, (right - left) / (len(self._pixels) - 1)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for i, pixels in enumerate(self._pixels):
            size = pixels.size().toSizeF().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            corner = QPointF(left + i * step - size.width() / 2, (side - size.height()) / 2) * ratio
            painter.drawImage(QRectF(corner.toPoint().toPointF() / ratio, size), pixels)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._probabilities is not None:
            self._paint_band(painter, QRectF(left, side + UNIT_PX, right - left, self._band_px))
        if self._share is not None:
            x = left + self._share * (right - left)
            for colour, width in (("#000000", 4.5), ("#FFFFFF", 2.0)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawLine(QPointF(x, 1), QPointF(x, side + UNIT_PX + self._band_px - 1))
        if self._note:
            self._paint_note(painter, left, right)

    def _paint_note(self, painter: QPainter, left: float, right: float) -> None:
        """Paint the note on a surface over the images, to the right of the border if there is room."""
        share = min((border.share for border in self.borders), key=lambda x: abs(x - 0.5), default=0.5)
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        metrics = painter.fontMetrics()
        room = QRectF(
            0, 0, metrics.horizontalAdvance(self._note) + 4 * UNIT_PX, metrics.height() + 2 * UNIT_PX
        )
        x = left + share * (right - left)
        fits = x + GAP_SMALL_PX + room.width() <= self.width()
        room.moveTopLeft(QPointF(x + GAP_SMALL_PX if fits else max(0.0, x - GAP_SMALL_PX - room.width()), 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.selected))
        painter.drawRoundedRect(room, RADIUS_PX, RADIUS_PX)
        painter.setPen(QColor(self._theme.colours.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._note)

    def _paint_band(self, painter: QPainter, band: QRectF) -> None:
        """Paint how probable the answer is, in its colour, and a line where it changes."""
        assert self._probabilities is not None, "there is a band to paint"
        sure = self._probabilities.max(1).tolist()
        colours = self._theme.label_colours(self._theme.background)
        found = self.borders
        ends = [0.0, *(border.share for border in found), 1.0]
        labels = [int(self._probabilities[0].argmax()), *(border.after for border in found)]
        places = np.linspace(0, 1, len(sure))
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        for label, start, end in zip(labels, ends[:-1], ends[1:], strict=True):
            colour = QColor(colours[label % len(colours)])
            within = [start, *(x for x in places.tolist() if start < x < end), end]
            tops = [
                QPointF(band.left() + x * band.width(), band.bottom() - y * band.height())
                for x, y in zip(within, np.interp(within, places, sure).tolist(), strict=True)
            ]
            feet = [QPointF(tops[-1].x(), band.bottom()), QPointF(tops[0].x(), band.bottom())]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([*tops, *feet]))
            painter.setPen(QColor(ink_on(colour)))
            room = QRectF(feet[1].x(), band.top(), feet[0].x() - feet[1].x(), band.height())
            name = class_name(self._names, label)
            if painter.fontMetrics().horizontalAdvance(name) + 2 * UNIT_PX <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(QPen(QColor(self._theme.colours.text), 1.5))
        for border in found:
            x = band.left() + border.share * band.width()
            painter.drawLine(QPointF(x, band.top() - UNIT_PX), QPointF(x, band.bottom()))
