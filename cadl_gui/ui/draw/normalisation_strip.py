"""Shows step by step how a drawing is normalised for the networks."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, QSizeF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QColor, QPainter, QPen

from cadl_gui.domain.images import to_uint8
from cadl_gui.imaging.drawing.normalisation import Normalisation, ink_box
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_DURATION_MS = 400
_MUCH = 0.08
"""Mean difference of the network's input that starts the animation; a shift by one pixel makes 0.05."""

_SIDE = 28
"""Width of the network's input in pixels; each covers a whole number of screen pixels."""

_IMAGE_PX, _ARROW_PX = 3 * _SIDE, 32
_SQUARES_FROM = 2.0
_STEPS = 3
_WORDS = _("Drawn, cropped, fitted, and centred by its mass.")


class NormalisationStrip(FigureView):
    """Four images with arrows between them: drawn, cropped, fitted, centred.

    When the last image changes much, each step is animated once: the ink grows from its place on the canvas
    to the crop, dissolves into pixels, and moves to the middle.

    Args:
        theme: colours and fonts.
        empty_text: shown in place of the images while there is no drawing.
    """

    _plain_message = "body"

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._stages: Normalisation | None = None
        self._is_skipped = False
        self._progress = 1.0
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._animation.valueChanged.connect(self._on_progress)
        self.setAccessibleName(_("How the drawing is normalised"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.figures_changed.connect(self.updateGeometry)

    @property
    def is_moving(self) -> bool:
        """Whether the animation is running."""
        return self._animation.state() == QVariantAnimation.State.Running

    def set_stages(self, stages: Normalisation | None, *, skipped: bool = False) -> None:
        """Show how an image was normalised.

        Args:
            stages: the image after every step, or None.
            skipped: whether normalisation is off, which skips the steps between the first and the last.
        """
        before, self._stages, self._is_skipped = self._stages, stages, skipped
        if not skipped and not self.is_moving and _differs_much(before, stages):
            self._play()
        self._refresh()

    def fit(self, room: QSize) -> int:
        """Be as wide as the images that fit into some room, and return their width.

        Another image fits at their side.
        """
        across = (room.width() - _STEPS * _ARROW_PX - GAP_PX) // 5
        side = max(_SIDE, min(across, room.height() - self._caption_height()) // _SIDE * _SIDE)
        self.setMaximumWidth(4 * side + _STEPS * _ARROW_PX)
        return side

    def sizeHint(self) -> QSize:
        """Prefer images of 84 pixels."""
        return QSize(4 * _IMAGE_PX + _STEPS * _ARROW_PX, _IMAGE_PX + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        """Let the images shrink to two pixels for each of the network's input."""
        return QSize(4 * 2 * _SIDE + _STEPS * _ARROW_PX, 2 * _SIDE + self._caption_height())

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._stages is not None and not self._stages.is_empty:
            yield Item(QRectF(self.rect()), partial(self._paint_stages, self._stages), words=_WORDS)

    def _paint_stages(self, stages: Normalisation, pen: Pen) -> None:
        """Paint four images with captions and arrows."""
        painter = pen.painter
        painter.setFont(self._theme.font("caption"))
        captions, room = self._captions(stages), self._frame(0).width() + _ARROW_PX
        has_room = all(painter.fontMetrics().horizontalAdvance(caption) < room for caption in captions)
        for i, caption in enumerate(captions):
            frame = self._frame(i)
            is_left_out = self._is_skipped and i in {1, 2}
            black = "white" if self._theme.inverted else "black"
            painter.fillRect(
                self._black_area(i, frame), QColor(self._theme.colours.line if is_left_out else black)
            )
            painter.setPen(QColor(self._theme.colours.secondary))
            below = QRectF(
                frame.left() - _ARROW_PX / 2,
                frame.bottom(),
                frame.width() + _ARROW_PX,
                self._caption_height(),
            )
            if has_room:
                painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, caption)
            if i:
                self._paint_arrow(painter, frame)
            if not is_left_out:
                self._paint_stage(painter, stages, i, frame)

    def _paint_stage(self, painter: QPainter, stages: Normalisation, i: int, frame: QRectF) -> None:
        """Paint the i-th image, in motion while its step is animated."""
        images = (stages.raw, stages.cropped, stages.fitted, stages.centred)
        done = min(max(self._progress * _STEPS - (i - 1), 0.0), 1.0)
        if i == 0 or done == 1:
            self._paint_image(painter, images[i], self._filling(images[i], frame))
            return
        previous = images[i - 1]
        if i == 1:
            target = _between(self._ink_on(stages.raw, frame), self._filling(stages.cropped, frame), done)
            self._paint_image(painter, stages.cropped, target)
        elif i == 2:
            self._paint_image(painter, previous, self._filling(previous, frame))
            painter.setOpacity(done)
            self._paint_image(painter, stages.fitted, self._filling(stages.fitted, frame))
            painter.setOpacity(1.0)
        else:
            target = _between(self._filling(previous, frame), self._ink_on(stages.centred, frame), done)
            self._paint_image(painter, previous, target)

    def _paint_image(self, painter: QPainter, array: NDArray[np.float32], target: QRectF) -> None:
        image = self._grey_or_rgb_image(to_uint8(array)[..., np.newaxis])
        smooth = target.width() < _SQUARES_FROM * image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image)

    def _paint_arrow(self, painter: QPainter, frame: QRectF) -> None:
        """Paint an arrow from the previous image to this one."""
        middle, half = frame.center().y(), _ARROW_PX / 2
        tip = QPointF(frame.left() - half / 2, middle)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colours.secondary), self._theme.sizes.icon_stroke))
        painter.drawLine(tip - QPointF(half, 0), tip)
        for side in (-1, 1):
            painter.drawLine(tip, tip + QPointF(-half / 4, side * half / 4))

    def _black_area(self, i: int, frame: QRectF) -> QRectF:
        """Return the black area of a frame; the square pixels of the third image do not quite fill theirs."""
        if i != 2 or self._stages is None or self._stages.is_empty or self._is_skipped:
            return frame
        side = max(self._stages.fitted.shape)
        return self._filling(np.zeros((side, side), np.float32), frame)

    def _filling(self, array: NDArray[np.float32], frame: QRectF) -> QRectF:
        """Return the rectangle of an image fitted into a frame, with square pixels of equal size."""
        height, width = array.shape
        ratio = self.devicePixelRatioF()
        scale = frame.width() * ratio / max(height, width)
        scale = (math.floor(scale) if scale >= _SQUARES_FROM else scale) / ratio
        rect = QRectF(0, 0, round(width * scale * ratio) / ratio, round(height * scale * ratio) / ratio)
        left, top = (frame.width() - rect.width()) / 2, (frame.height() - rect.height()) / 2
        rect.moveTopLeft(frame.topLeft() + QPointF(math.floor(left * ratio), math.floor(top * ratio)) / ratio)
        return rect

    def _ink_on(self, array: NDArray[np.float32], frame: QRectF) -> QRectF:
        """Return the rectangle of an image's ink within a frame."""
        whole, box = self._filling(array, frame), ink_box(array)
        assert box is not None, "an empty image is not on its way"
        scale = whole.width() / array.shape[1]
        place = whole.topLeft() + QPointF(box.left, box.top) * scale
        return QRectF(place, QSizeF(box.right - box.left, box.bottom - box.top) * scale)

    def _frame(self, i: int) -> QRectF:
        room = (self.width() - _STEPS * _ARROW_PX) / 4
        side = min(room, self.height() - self._caption_height())
        ratio = self.devicePixelRatioF()
        side = _SIDE * max(1, math.floor(side * ratio / _SIDE)) / ratio
        return QRectF(i * (side + _ARROW_PX), 0, side, side)

    def _captions(self, stages: Normalisation) -> tuple[str, str, str, str]:
        fitted, seen = max(stages.fitted.shape), len(stages.centred)
        if self._is_skipped:
            return (_("drawn"), _("off"), _("off"), f"{seen}×{seen}")
        return (_("drawn"), _("cropped"), f"{fitted}×{fitted}", f"{seen}×{seen}")

    def _caption_height(self) -> int:
        return self._theme.sizes.caption + GAP_SMALL_PX

    def _play(self) -> None:
        duration = self._theme.duration_ms(_DURATION_MS)
        if not duration:
            return
        self._progress = 0.0
        self._animation.setDuration(duration)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._animation.start()

    @Slot(object)
    def _on_progress(self, progress: float) -> None:
        self._progress = progress
        self.update()


def _differs_much(before: Normalisation | None, after: Normalisation | None) -> bool:
    """Return whether there is a new image that differs much from the last; a removed image does not count."""
    if after is None or after.is_empty:
        return False
    if before is None or before.centred.shape != after.centred.shape:
        return True
    return float(np.abs(after.centred - before.centred).mean()) > _MUCH


def _between(start: QRectF, end: QRectF, share: float) -> QRectF:
    """Interpolate between two rectangles; `share` is in [0, 1]."""
    a, b = (np.array(rect.getRect()) for rect in (start, end))
    return QRectF(*(a + (b - a) * share))
