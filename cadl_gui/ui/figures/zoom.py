"""Zooming and panning of what a view shows a part of."""

import math
from typing import NamedTuple, Self

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme

_LARGEST_PX = 64.0

_NOTCH = 120


class Frame(NamedTuple):
    """The image and the area that shows it.

    Attributes:
        area: The area for the image.
        width: Width of the image, in its pixels.
        height: Height of the image.
        ratio: Device pixels per pixel of the area.
        is_centred: Whether an image that fits is in the middle of the area, or at its top left.
    """

    area: QRectF
    width: int
    height: int
    ratio: float
    is_centred: bool = False


class Zoom(NamedTuple):
    """The magnification of an image, and the part of it that is visible, as the view knows it (`Zoomed`).

    Attributes:
        factor: Magnification; 1 fits the whole image.
        x: Image position at the centre of the area, as a share of the image's width.
        y: The same, as a share of its height.
        n_columns: Number of columns of a montage that had the shape of another area; 0 for none.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5
    n_columns: int = 0

    def place(self, frame: Frame) -> QRectF:
        """Return the rectangle of the whole image, which may exceed the area."""
        device = _fit(frame) * min(self.factor, _largest(frame)) * frame.ratio
        scale = (math.floor(device) if device >= NEAREST_FROM else device) / frame.ratio
        area, width, height = frame.area, scale * frame.width, scale * frame.height
        left = _start(area.left(), area.width(), width, self.x, is_centred=frame.is_centred)
        top = _start(area.top(), area.height(), height, self.y, is_centred=frame.is_centred)
        return QRectF(left, top, width, height)

    def zoomed(self, factor: float, about: QPointF, frame: Frame) -> Self:
        """Return this zoom with its magnification multiplied, keeping a point fixed.

        Args:
            factor: Relative to the current magnification; 0 fits the whole image.
            about: The point that stays fixed, in the coordinates of the area.
        """
        before, largest = self.place(frame), _largest(frame)
        share_x = (about.x() - before.left()) / before.width()
        share_y = (about.y() - before.top()) / before.height()
        zoomed = self._replace(factor=min(max(1.0, min(self.factor, largest) * factor), largest))
        after = zoomed.place(frame)
        return zoomed._put(about.x() - share_x * after.width(), about.y() - share_y * after.height(), frame)

    def moved(self, by: QPointF, frame: Frame) -> Self:
        """Return this zoom with the image panned, within its limits."""
        before = self.place(frame)
        return self._put(before.left() + by.x(), before.top() + by.y(), frame)

    def showing(self, part: QRectF, frame: Frame) -> Self:
        """Return this zoom, panned by the minimum that makes a part of the image, in its pixels, visible."""
        place, area = self.place(frame), frame.area
        scale = place.width() / frame.width
        left, top = place.left() + scale * part.left(), place.top() + scale * part.top()
        by_x = _nudge(left, scale * part.width(), area.left(), area.width())
        by_y = _nudge(top, scale * part.height(), area.top(), area.height())
        return self.moved(QPointF(by_x, by_y), frame)

    def _put(self, left: float, top: float, frame: Frame) -> Self:
        put = self
        for _ in range(2):  # the second time within the limits
            place, middle = put.place(frame), frame.area.center()
            x, y = (middle.x() - left) / place.width(), (middle.y() - top) / place.height()
            put = put._replace(x=min(max(x, 0.0), 1.0), y=min(max(y, 0.0), 1.0))
            left, top = put.place(frame).left(), put.place(frame).top()
        return put


class Surface(FigureView):
    """A figure that the wheel zooms about the pointer, and a drag pans; a click is no drag.

    Abstract. A subclass overrides `zoom` and `pan`.
    """

    _panning = Qt.MouseButton.LeftButton
    _per_notch = 1.25

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._panned_from: QPointF | None = None
        self._has_panned = False

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom.

        Args:
            factor: Relative to the current zoom.
            about: The point that stays fixed; by default the one that matters most.
        """
        raise NotImplementedError

    def pan(self, by: QPointF) -> None:
        """Move what is shown by a distance in pixels of the view."""
        raise NotImplementedError

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        if notches := event.angleDelta().y() / _NOTCH:
            self.zoom(self._per_notch**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Prepare for a drag."""
        if event.button() & self._panning and not self._is_empty():
            self._panned_from, self._has_panned = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan until the button is released, be it in a dialog that opened meanwhile."""
        super().mouseMoveEvent(event)
        if self._panned_from is None or not event.buttons() & self._panning:
            self._panned_from = None
            return
        way = event.position() - self._panned_from
        if not self._has_panned and way.manhattanLength() < QApplication.startDragDistance():
            return
        # By whole device pixels, so that cached layers can be moved.
        ratio = self.devicePixelRatioF()
        way = QPointF(round(way.x() * ratio) / ratio, round(way.y() * ratio) / ratio)
        self._has_panned, self._panned_from = True, self._panned_from + way
        self.pan(way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click, unless it was a drag."""
        if event.button() & self._panning:
            pressed, self._panned_from = self._panned_from, None
            if pressed is not None and not self._has_panned:
                self._click(event)

    def _click(self, event: QMouseEvent) -> None:
        """Do what a click with the button that pans does."""
        self._click_at(event.position())


class ZoomedView(Surface):
    """A surface with an image that has edges.

    How it is zoomed is in the view, by what it shows, and changed by hands alone.

    Abstract. A subclass sets `_subject` when it shows something else, binds `_wished_zoom`, and overrides:

    - `_frame`: the image and its area; called only if there is content.
    - `_usual_zoom`: the zoom until it is zoomed by hand.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no content.
        view: Knows how it is zoomed; None for a view of its own.
    """

    def __init__(self, theme: Theme, *, empty_text: str, view: ViewState | None) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._view = ViewState() if view is None else view
        self._subject = ""

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom the image; 0 shows all of it."""
        if not self._is_empty():
            about = self._focus_point() if about is None else about
            self._choose_zoom(self._zoom.zoomed(factor, about, self._frame(self.devicePixelRatioF())))

    def pan(self, by: QPointF) -> None:
        """Pan the image, within its limits."""
        self._choose_zoom(self._zoom.moved(by, self._frame(self.devicePixelRatioF())))

    def _wished_zoom(self) -> Zoom | None:
        """Return how a hand zoomed what is shown; None if none did."""
        wish = self._view.value.figure.zooms.get(self._subject)
        return None if wish is None else Zoom(*wish)

    @property
    def _zoom(self) -> Zoom:
        return self._wished_zoom() or self._usual_zoom()

    def _choose_zoom(self, zoom: Zoom) -> None:
        frame = self._frame(self.devicePixelRatioF())
        if zoom.place(frame) != self._zoom.place(frame):
            self._view.change(figure=self._view.value.figure.zoomed(self._subject, zoom))

    def _bring_into_view(self, part: QRectF) -> None:
        """Pan by hand to a part of the image, in its pixels."""
        self._choose_zoom(self._zoom.showing(part, self._frame(self.devicePixelRatioF())))

    def _frame(self, ratio: float) -> Frame:
        raise NotImplementedError

    def _usual_zoom(self) -> Zoom:
        return Zoom()

    def _focus_point(self) -> QPointF:
        """Return the point about which keys zoom."""
        return self._frame(self.devicePixelRatioF()).area.center()


def _fit(frame: Frame) -> float:
    return min(frame.area.width() / frame.width, frame.area.height() / frame.height)


def _largest(frame: Frame) -> float:
    """Return the largest magnification."""
    return max(1.0, _LARGEST_PX / _fit(frame))


def _start(area_start: float, room: float, length: float, share: float, *, is_centred: bool) -> float:
    if length <= room:
        return area_start + ((room - length) // 2 if is_centred else 0)
    return min(area_start, max(area_start + room - length, area_start + room / 2 - share * length))


def _nudge(start: float, length: float, area_start: float, room: float) -> float:
    if start < area_start:
        return area_start - start
    return min(0.0, area_start + room - start - length)
