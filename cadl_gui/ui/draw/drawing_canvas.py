"""A canvas to draw on with the mouse, a pen, a finger or the keyboard."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
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
)

from cadl_gui.domain.drawing import BLACK, WHITE, Colour, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.view_step import new_gesture
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.ink import Ink, to_float
from cadl_gui.imaging.drawing.picture import Picture, as_shade, beneath_strokes, raster
from cadl_gui.imaging.drawing.resampling import box_size
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.draw.image_reader import ImageReader
from cadl_gui.ui.draw.stroke_input import StrokeInput
from cadl_gui.ui.figures.device_pixels import to_device, to_widget
from cadl_gui.ui.figures.pixel_image import pixel_image
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, FOCUS_RING_PX, LIGHT

DEFAULT_BRUSH = 0.08
"""Pen width as a share of the canvas side; makes a digit over most of the canvas as bold as MNIST's."""

_EMPTY = _("Draw here, or drop or paste an image.\nO opens an image,\nR takes one from the dataset.")
_EMPTY_BY_KEYS = _("The arrow keys move the pen.\nThe space bar puts it down and lifts it.")
_EMPTY_SMALL = _("Draw here.")
_HINT_PX, _LEAST_PX = 392, 112
_TAB_REASONS = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}


class DrawingCanvas(StrokeInput):
    """A canvas in the proportions of a form, as large as fits into the widget, at its top left corner.

    It shows the view's drawing of a form, of which ink is white on black, and every stroke changes the view.
    While pixels are flipped, it shows what networks see.

    Strokes are stored as points, so the drawing scales with the widget. The left button, a pen or a finger
    draws; the right button, a pen's other end, or `set_erasing` erases. Every change can be undone; a stroke
    is one change. *Ink on paper* inverts what is grey; `raster` and copies stay as they are.

    Args:
        theme: colours and fonts.
        jobs: reads images.
        view: has the drawings.

    Attributes:
        form: the form of the drawing.
        colour: colour for new strokes.
        failed: signal (str), an image could not be opened.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._brush = DEFAULT_BRUSH
        self._is_erasing = self._shows_focus = False
        self.form = INK
        self.colour: Colour = WHITE
        self._shown = self.drawing
        self._stroke: Stroke | None = None
        self._gesture = 0
        self._rasters: dict[int, Ink | Picture] = {}
        self._reader = ImageReader(jobs, self)
        self._reader.read.connect(self.set_image)
        self.failed = self._reader.failed
        self.setAccessibleName(_("Drawing canvas"))
        self.setAccessibleDescription(
            _("Draw with the mouse, a pen, a finger or the keyboard; the right button erases.")
            + " "
            + _EMPTY_BY_KEYS.replace("\n", " ")
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST_PX, _LEAST_PX)
        theme.figures_changed.connect(self.update)
        view.bind(self, lambda: view.value.draw, self._follow)
        view.bind(self, self._flipped, self.update)

    @property
    def drawing(self) -> Drawing:
        """The drawing, including an unfinished stroke."""
        return self._view.value.draw.sheet(self.form)

    def set_form(self, form: DrawingForm) -> None:
        """Show the drawing of another form; a brush that could not be seen there gets the other colour."""
        if form == self.form:
            return
        self.abandon_stroke()
        self.form = form
        if self.colour == (form.background,) * 3:
            self.colour = WHITE if form.is_dark else BLACK
        self._reader.set_form(form)
        self._shown = self.drawing
        self._forget_rasters()

    def raster(self, side: int) -> NDArray[np.float32]:
        """Return the drawing as float32 in [0, 1], with `side` pixels along its longer side.

        That is (side, side), white on black, for ink and (height, width, 3) otherwise. A raster of a size
        that was requested once is updated with every stroke, so later calls are cheap.
        """
        self._follow()
        return to_float(self._raster(side).pixels)

    def set_brush(self, width: float) -> None:
        """Set the width of the pen for new strokes, as a share of the canvas's longer side."""
        self._brush = width

    def set_colour(self, colour: Colour) -> None:
        """Set the colour for new strokes."""
        self.colour = colour

    def set_erasing(self, erasing: bool) -> None:
        """Set whether the left button, the pen and the finger erase."""
        self._is_erasing = erasing

    @Slot()
    def clear(self) -> None:
        """Empty the canvas."""
        if not self.drawing.is_blank:
            self._put(Drawing(), "clearing")

    @Slot(object)
    def set_image(self, image: NDArray[Any]) -> None:
        """Replace the drawing by an image.

        Args:
            image: float in [0, 1] or uint8: (h, w) or (h, w, 1), bright ink on black, if the form is ink;
                otherwise, (h, w) or (h, w, 1, 3 or 4), which is cropped to the form's proportions.
        """
        self._put(Drawing(image=beneath_strokes(image, self.form)), "image")

    @Slot()
    def copy(self) -> None:
        """Copy the drawing to the clipboard as an image."""
        QGuiApplication.clipboard().setImage(pixel_image(self._screen().pixels).copy())

    @Slot()
    def paste(self) -> None:
        """Read an image or file from the clipboard, if it has one."""
        self._reader.read_mime(QGuiApplication.clipboard().mimeData())

    def open_image(self, path: str) -> None:
        """Read an image file, and put it on the canvas, or only its ink where the form is ink."""
        self._reader.read_file(path)

    def sizeHint(self) -> QSize:
        """Prefer fourteen pixels for each pixel of an MNIST image."""
        return QSize(_HINT_PX, _HINT_PX)

    def begin_stroke(self, place: QPointF, pressure: float, *, erases: bool) -> None:
        """Draw a dot; do nothing when erasing a blank canvas."""
        erases = erases or self._is_erasing
        if erases and self.drawing.is_blank:
            return
        self._gesture = new_gesture()
        points, colour = (self._point(place, pressure),), as_shade(self.colour, self.form)
        self._draw(self.drawing.strokes, Stroke(points, self._brush, erases, colour))

    def continue_stroke(self, place: QPointF, pressure: float) -> None:
        """Draw a line from the last point of the stroke."""
        if self._stroke is not None:
            self._draw_to(self._stroke, self._point(place, pressure))

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
        self._stroke = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the drawing, and discard rasters of other sizes."""
        super().resizeEvent(event)
        self._forget_rasters()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the changed area from the cached raster."""
        self._follow()
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        image = self._with_flips(pixel_image(self._screen().pixels))
        painter.fillRect(event.rect(), QColor(self._theme.colours.window))
        part = to_device(event.rect(), ratio) & image.rect()
        if not part.isEmpty():
            shown = self._as_shown(image.copy(part))
            shown.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(part.topLeft()) / ratio, shown)
        self._paint_marks(painter, self.area().toRect())

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

    def area(self) -> QRectF:
        height, width = box_size(self.form.shape[:2], self._side())
        return QRectF(0, 0, width, height)

    def _side(self) -> int:
        """Return the longer side of the canvas, in pixels."""
        height, width, _ = self.form.shape
        factor = min(self.width() / width, self.height() / height)
        return max(1, round(factor * self.form.longer_side))

    def _point(self, place: QPointF, pressure: float) -> Point:
        return Point(place.x() / self._side(), place.y() / self._side(), pressure)

    def _screen(self) -> Ink | Picture:
        return self._raster(max(1, round(self._side() * self.devicePixelRatioF())))

    def _raster(self, side: int) -> Ink | Picture:
        if side not in self._rasters:
            self._rasters[side] = raster(self.form, side)
            self._rasters[side].add_drawing(self._shown)
        return self._rasters[side]

    def _draw_to(self, stroke: Stroke, point: Point) -> None:
        self._draw(self.drawing.strokes[:-1], replace(stroke, points=(*stroke.points, point)))

    def _draw(self, others: tuple[Stroke, ...], stroke: Stroke) -> None:
        """Put the current stroke on top of the others."""
        self._stroke = stroke
        drawing = replace(self.drawing, strokes=(*others, stroke), flips=frozenset())
        self._put(drawing, "stroke", self._gesture)

    def _put(self, drawing: Drawing, what: str, gesture: int = 0) -> None:
        draw = self._view.value.draw.with_sheet(self.form, drawing)
        self._view.change(draw=draw, undo=what, gesture=gesture)

    def _follow(self) -> None:
        """Paint what was drawn since, and where it is; or all of it, if more has changed."""
        before, drawing = self._shown, self.drawing
        if drawing is before:
            return
        screen, segments = self._screen(), drawing.since(before)
        self._shown = drawing
        if not drawing.strokes or drawing.strokes[-1] is not self._stroke:
            self._stroke = None  # it was undone, and is not part of the drawing
        if segments is None or before.is_blank:
            self._forget_rasters()
            return
        for painted in self._rasters.values():
            if len(drawing.strokes) > len(before.strokes):
                painted.begin_stroke()
            for segment in segments:
                box = painted.add_segment(*segment)
                if painted is screen:
                    self.update(to_widget(*box, self.devicePixelRatioF()))

    def _forget_rasters(self) -> None:
        self._rasters.clear()
        self.update()

    def _flipped(self) -> Seen | None:
        """Return what networks see if pixels of it are flipped; else None."""
        seen = self._view.drawing
        return seen if seen.form == self.form and seen.drawing.flips else None

    def _with_flips(self, image: QImage) -> QImage:
        """Return what networks see in place of the drawing, which has no flipped pixels."""
        seen = self._flipped()
        if seen is None or seen.image is None:
            return image
        pixels = array_image(to_uint8(seen.image)).convertToFormat(image.format())
        return pixels.scaled(image.size(), Qt.AspectRatioMode.IgnoreAspectRatio)

    def _paint_marks(self, painter: QPainter, square: QRect) -> None:
        """Paint the hint of a blank canvas, the focus ring and the keyboard's pen, no part of the drawing."""
        if self.drawing.is_blank:
            is_light = self.form.is_dark == self._is_inverted
            painter.setPen(QColor((LIGHT if is_light else DARK).secondary))
            painter.setFont(self._theme.font("section"))
            how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            text = _EMPTY_BY_KEYS if self._shows_focus else _EMPTY
            fits = square.contains(painter.boundingRect(square, how, text))  # in large type, it was cut off
            if self.pen_place is None:
                painter.drawText(square, how, text if fits else _EMPTY_SMALL)
        if self._shows_focus:
            ring = QPen(QColor(self._theme.colours.accent), FOCUS_RING_PX, j=Qt.PenJoinStyle.MiterJoin)
            painter.setPen(ring)
            painter.drawRect(square.adjusted(1, 1, -1, -1))
        if self.pen_place is not None and self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            radius = self._brush * self._side() / 2
            for colour, width in ((LIGHT.window, 2), (self._theme.colours.accent, 1)):
                painter.setPen(QPen(QColor(colour), width * FOCUS_RING_PX))  # seen on ink and on paper
                painter.drawEllipse(self.pen_place, radius, radius)

    @property
    def _is_inverted(self) -> bool:
        return self._theme.inverted and not self.form.is_coloured

    def _as_shown(self, image: QImage) -> QImage:
        if self._is_inverted:
            image.invertPixels()
        return image
