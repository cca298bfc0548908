"""A canvas on which digits are drawn with the mouse, a pen or a finger."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QUndoStack,
)
from PySide6.QtWidgets import QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.imaging.drawing.ink import Ink, to_float
from cadl_gui.imaging.drawing.strokes import Drawing, Point, Stroke
from cadl_gui.ui.draw.image_reader import ImageReader
from cadl_gui.ui.draw.stroke_input import StrokeInput
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, FOCUS_RING_PX, LIGHT
from cadl_gui.ui.undo import change
from cadl_gui.ui.widgets.device_pixels import to_device, to_widget
from cadl_gui.ui.widgets.grey_image import grey_image

DEFAULT_BRUSH = 0.08
"""Pen width as a share of the canvas side; makes a digit over most of the canvas as bold as MNIST's."""

_EMPTY_TEXT = "Draw a digit."
_HINT_PX, _LEAST_PX = 392, 112
_TAB_REASONS = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}


class DigitCanvas(StrokeInput):
    """A square canvas, white ink on black, as large as fits into the widget, at its top left corner.

    Strokes are stored as points, so the drawing scales with the widget. The left button, a pen or a finger
    draws; the right button, a pen's other end, or `set_erasing` erases. Every change can be undone; a stroke
    is one change. *Ink on paper* shows it black on white; `raster` and copies stay white on black.

    Attributes:
        drawing: the drawing, including an unfinished stroke.
        undo_stack: the changes that can be undone.

    Signals:
        changed: the drawing has changed; emitted for every pointer event.
        failed: (str) an image could not be opened.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, theme: Theme, jobs: BackgroundJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._brush = DEFAULT_BRUSH
        self._is_erasing = self._shows_focus = False
        self.drawing = Drawing()
        self.undo_stack = QUndoStack(self)
        self._stroke: Stroke | None = None
        self._n_strokes = 0
        self._inks: dict[int, Ink] = {}
        self._reader = ImageReader(jobs, self)
        self._reader.read.connect(self.set_image)
        self._reader.failed.connect(self.failed)
        self.setAccessibleName("Canvas for a digit")
        self.setAccessibleDescription("Draw with the mouse, a pen or a finger; the right button erases.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST_PX, _LEAST_PX)
        theme.changed.connect(self.update)
        theme.display.changed.connect(self.update)

    def raster(self, side: int) -> NDArray[np.float32]:
        """Return the drawing as (side, side) float32 in [0, 1], white ink on black.

        A raster of a size that was requested once is updated with every stroke, so later calls are cheap.
        """
        return to_float(self._ink(side).pixels)

    def set_brush(self, width: float) -> None:
        """Set the width of the pen for new strokes, as a share of the canvas side."""
        self._brush = width

    def set_erasing(self, erasing: bool) -> None:
        """Set whether the left button, the pen and the finger erase."""
        self._is_erasing = erasing

    @Slot()
    def clear(self) -> None:
        """Empty the canvas."""
        if not self.drawing.is_blank:
            self._change(Drawing())

    @Slot(object)
    def set_image(self, image: NDArray[Any]) -> None:
        """Replace the drawing by an image.

        Args:
            image: (h, w) or (h, w, 1), bright ink on black, float in [0, 1] or uint8.
        """
        grey = to_float(image) if image.dtype == np.uint8 else image.astype(np.float32)
        self._change(Drawing(image=grey.reshape(grey.shape[:2])))

    @Slot()
    def copy(self) -> None:
        """Copy the drawing to the clipboard as an image."""
        QGuiApplication.clipboard().setImage(grey_image(self._screen().pixels).copy())

    @Slot()
    def paste(self) -> None:
        """Read an image or file from the clipboard, dark on light or light on dark, if it has one."""
        self._reader.read_mime(QGuiApplication.clipboard().mimeData())

    def open_image(self, path: str) -> None:
        """Read an image file, dark on light or light on dark, and put its digit on the canvas."""
        self._reader.read_file(path)

    def render_image(self, scale: float) -> QImage:
        """Return the canvas as shown, without the area around it, at `scale` pixels per widget pixel."""
        ink = Ink(round(self._side() * scale))
        ink.add_drawing(self.drawing)
        image = self._as_shown(grey_image(ink.pixels).copy())
        image.setDevicePixelRatio(scale)
        return image

    def sizeHint(self) -> QSize:
        """Prefer fourteen pixels for each pixel of an MNIST image."""
        return QSize(_HINT_PX, _HINT_PX)

    def begin_stroke(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """Draw a dot; do nothing when erasing a blank canvas."""
        erases = erases or self._is_erasing
        if erases and self.drawing.is_blank:
            return
        point = self._point(place, pressure)
        if self.drawing.is_blank:
            self.update()
        self._n_strokes += 1
        self._draw(self.drawing.strokes, Stroke((point,), self._brush, erases))
        self.changed.emit()

    def continue_stroke(self, place: QPointF, pressure: float) -> None:
        """Draw a line from the last point of the stroke."""
        if self._stroke is not None:
            self._draw_to(self._stroke, self._point(place, pressure))
            self.changed.emit()

    def end_stroke(self, place: QPointF, pressure: float) -> None:
        """Draw to where the pen was lifted, and finish the stroke."""
        if self._stroke is None:
            return
        point = self._point(place, pressure)
        if point != self._stroke.points[-1]:
            self._draw_to(self._stroke, point)
        self.abandon_stroke()

    def abandon_stroke(self) -> None:
        """Finish the stroke as it is."""
        if self._stroke is not None:
            self._stroke = None
            self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the drawing, and discard rasters of other sizes."""
        super().resizeEvent(event)
        self._inks.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the changed area from the cached raster."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        image = grey_image(self._screen().pixels)
        painter.fillRect(event.rect(), QColor(self._theme.colours.window))
        part = to_device(event.rect(), ratio) & image.rect()
        if not part.isEmpty():
            shown = self._as_shown(image.copy(part))
            shown.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(part.topLeft()) / ratio, shown)
        self._paint_marks(painter, QRect(0, 0, self._side(), self._side()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a focus ring if the focus came by keyboard."""
        super().focusInEvent(event)
        self._shows_focus = event.reason() in _TAB_REASONS

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self._shows_focus = False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept images and image files; leave other drags to the window."""
        event.setAccepted(ImageReader.can_read(event.mimeData()))

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the first file, or an image."""
        event.acceptProposedAction()
        self._reader.read_mime(event.mimeData())

    def _side(self) -> int:
        return min(self.width(), self.height())

    def _point(self, place: QPointF, pressure: float) -> Point:
        return Point(place.x() / self._side(), place.y() / self._side(), pressure)

    def _screen(self) -> Ink:
        return self._ink(max(1, round(self._side() * self.devicePixelRatioF())))

    def _ink(self, side: int) -> Ink:
        if side not in self._inks:
            self._inks[side] = Ink(side)
            self._inks[side].add_drawing(self.drawing)
        return self._inks[side]

    def _draw_to(self, stroke: Stroke, point: Point) -> None:
        self._draw(self.drawing.strokes[:-1], replace(stroke, points=(*stroke.points, point)))

    def _draw(self, others: tuple[Stroke, ...], stroke: Stroke) -> None:
        """Draw the newest segment of the current stroke, which lies on top of the others."""
        before, self.drawing = self.drawing, replace(self.drawing, strokes=(*others, stroke))
        self._stroke = stroke
        self._paint_piece(stroke, stroke.points[-2:][0], stroke.points[-1])
        change(self.undo_stack, self._show, before, self.drawing, self._n_strokes)

    def _paint_piece(self, stroke: Stroke, start: Point, end: Point) -> None:
        """Update every raster, and the part of the widget that the segment covers."""
        screen = self._screen()
        for ink in self._inks.values():
            box = ink.add_segment(stroke, start, end)
            if ink is screen:
                self.update(to_widget(*box, self.devicePixelRatioF()))

    def _change(self, drawing: Drawing) -> None:
        change(self.undo_stack, self._show, self.drawing, drawing)

    def _show(self, drawing: Drawing) -> None:
        """Show another drawing, and forget the current stroke, which is not part of it."""
        if drawing is not self.drawing:
            self.drawing, self._stroke = drawing, None
            self._inks.clear()
            self.update()
            self.changed.emit()

    def _paint_marks(self, painter: QPainter, square: QRect) -> None:
        """Paint the hint of a blank canvas and the focus ring, which are not part of the drawing."""
        if self.drawing.is_blank:
            painter.setPen(QColor((LIGHT if self._theme.display.inverted else DARK).secondary))
            painter.setFont(self._theme.font("section"))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, _EMPTY_TEXT)
        if self._shows_focus:
            ring = QPen(QColor(self._theme.colours.accent), FOCUS_RING_PX, j=Qt.PenJoinStyle.MiterJoin)
            painter.setPen(ring)
            painter.drawRect(square.adjusted(1, 1, -1, -1))

    def _as_shown(self, image: QImage) -> QImage:
        if self._theme.display.inverted:
            image.invertPixels()
        return image
