"""The card with the decoded image and its classification, which floats over a corner of the plane."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.latent.answer_label import AnswerLabel
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.image_view import ImageView

_SHARE, _LEAST_PX, _LARGEST_PX = 0.36, 204, 288
"""Width as a share of the plane's height, and its limits."""

_LEAST_IMAGE_PX = 112

_INSET_PX, _ANSWER_INSET_PX = 4 * UNIT_PX, 2 * (GAP_SMALL_PX + UNIT_PX)
"""Differences between the width of the card and those of image and answer."""

_MAGNIFIED = 3
_LARGEST_SHARE = 0.45
"""Largest width as a share of the plane's: one of two corners is always clear of the handle."""


class DecodedCard(QWidget):
    """Shows what is decoded at the handle, and what a classifier says of it, in a corner without the handle.

    It covers a corner of the plane wherever the plane goes, as into the spotlight, and moves to another one
    when the handle comes near.

    Args:
        theme: Colours and sizes.
        jobs: Runs the jobs that write image files.
        plane: The widget to float over; it must be in a layout already.

    Attributes:
        decoded: The image.
        panel: The panel of the image.
        answer: The classification.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, plane: QWidget) -> None:
        super().__init__(plane.parentWidget())
        self._theme = theme
        self._plane = plane
        self._is_right, self._is_low = True, False
        self._handle = QPointF(plane.rect().center())
        self._title_px = 0
        self.setObjectName("decodedCard")
        # A press is meant for the card, not for the place of the plane beneath it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        # Opaque, it is not painted again with each movement of the handle on the plane beneath.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.decoded = ImageView(theme, empty_text="Drag through the plane.", is_centred=True)
        self.decoded.setObjectName("decodedImage")
        self.panel = FigurePanel(self.decoded, theme, jobs, "Decoded", shows_note=False)
        self.answer = AnswerLabel(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT_PX, UNIT_PX, UNIT_PX, GAP_SMALL_PX)
        column.setSpacing(UNIT_PX)
        column.addWidget(self.panel, stretch=1)
        inset = QVBoxLayout()
        inset.setContentsMargins(GAP_SMALL_PX, 0, GAP_SMALL_PX, 0)
        inset.addWidget(self.answer)
        column.addLayout(inset)
        plane.installEventFilter(self)
        self.answer.rearranged.connect(self._place)
        self.panel.holding_changed.connect(self._place)
        theme.changed.connect(self._place)

    def show_image(self, image: NDArray[np.float32] | None) -> None:
        """Show an image, (height, width, 1 or 3) in [0, 1], or none."""
        before = self.decoded.images
        self.decoded.set_image(image)
        if image is not None and (before is None or before.shape[-3:] != image.shape):
            self._place()

    @Slot(QPointF)
    def keep_clear_of(self, handle: QPointF) -> None:
        """Move to another corner if the handle, in pixels of the plane, is near or beneath the card."""
        self._handle = handle
        if self._is_near(self.geometry()):
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the plane."""
        if watched is self._plane and event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint a surface with a hairline around it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colours.line))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(self._theme.colours.window))

    @Slot()
    def _place(self) -> None:
        """Take the first corner that is clear of the handle; beside the present one, if there is a choice."""
        right, low = self._is_right, self._is_low
        for corner in ((right, low), (not right, low), (right, not low), (not right, not low)):
            place = self._rectangle(*corner)
            if not self._is_near(place):
                self._is_right, self._is_low = corner
                break
        self.setGeometry(self._rectangle(self._is_right, self._is_low))

    def _is_near(self, place: QRect) -> bool:
        near = 2 * self._theme.sizes.handle_radius
        at = self._handle + QPointF(self._plane.pos())
        return QRectF(place).adjusted(-near, -near, near, near).contains(at)

    def _rectangle(self, is_right: bool, is_low: bool) -> QRect:
        """Return the card's place in a corner."""
        plane = self._plane.geometry()
        width, height = self._size()
        left = plane.right() + 1 - GAP_SMALL_PX - width if is_right else plane.left() + GAP_SMALL_PX
        top = plane.bottom() + 1 - GAP_SMALL_PX - height if is_low else plane.top() + GAP_SMALL_PX
        return QRect(left, top, width, height)

    def _size(self) -> tuple[int, int]:
        """Return a width and a height that suit plane and answer, and twice the width to compare."""
        has_answer = self.answer.has_answer or not self._theme.present
        self.answer.setVisible(has_answer)  # a class is not told how to get one
        plane = self._plane.size()
        width = min(max(round(_SHARE * plane.height()), _LEAST_PX), _LARGEST_PX)
        width = max(width, self.answer.minimumSizeHint().width() + _ANSWER_INSET_PX)
        width = min(width, round(_LARGEST_SHARE * plane.width()))
        # Images that are magnified show square pixels, so their sizes are multiples of their numbers.
        across = 0 if self.decoded.images is None else self.decoded.images.shape[-2]
        if across and width - _INSET_PX >= _MAGNIFIED * across:
            width = -(-(width - _INSET_PX) // across) * across + _INSET_PX
        answer = self.answer.heightForWidth(width - _ANSWER_INSET_PX) if has_answer else 0
        image = width - _INSET_PX
        if self._theme.present:
            # The answer in large type may be wider than the image is to be high: the plane is looked at.
            image = min(image, max(round(_SHARE * plane.height()), _LEAST_IMAGE_PX))
            if across and image >= _MAGNIFIED * across:
                image = image // across * across
        if not self.panel.is_holding:
            self._title_px = self.panel.sizeHint().height() - self.decoded.sizeHint().height()
        height = image + self._title_px + answer + 2 * UNIT_PX + GAP_SMALL_PX
        height = min(height, plane.height() - 2 * GAP_SMALL_PX)
        return width + (image + GAP_PX if self.panel.is_holding else 0), height
