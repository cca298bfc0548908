"""The card with the decoded image and its classification, which floats over a corner of the plane."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.images import shape_text
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.view import Pin
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.ui.latent.answer_label import AnswerLabel
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.image_view import ImageView
from cadl_gui.ui.widgets.parts import column_in, column_of

_NO_CLASSIFIER = "A prediction needs a classifier of the same images: train one on “{}”, {}."

_SHARE, _LEAST_PX, _LEAST_EMS, _LARGEST_PX = 0.36, 204, 11, 288
"""Width as a share of the plane's height, and its limits."""

_INSET_PX, _ANSWER_INSET_PX = 4 * UNIT_PX, 2 * (GAP_SMALL_PX + UNIT_PX)
"""Differences between the width of the card and those of image and answer."""

_MAGNIFIED = 3
_LARGEST_SHARE = 0.45
"""Largest width as a share of the plane's: one of two corners is always clear of the handle."""


class DecodedCard(QWidget):
    """Shows what is decoded at the handle, and what a classifier says of it, in a corner without the handle.

    It covers a corner of the plane wherever the plane goes, as into the spotlight, and moves to another one
    when the handle comes near, or a pin is there. It asks by itself: the image waits for no other answer.

    Args:
        engine: Decodes and classifies.
        theme: Colours and sizes.
        plane: The widget to float over; it must be in a layout already.
        shown: The run that decodes.
        classifier: The run that classifies, if any; here it is chosen for what is decoded.
        cursor: The place that is decoded.

    Attributes:
        panel: The panel of the image.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        plane: LatentPlane,
        shown: TabRun,
        classifier: TabRun,
        cursor: LatentCursor,
    ) -> None:
        super().__init__(plane.parentWidget())
        self._engine = engine
        self._theme = theme
        self._plane = plane
        self._shown = shown
        self._classifier = classifier
        self._cursor = cursor
        self._image: NDArray[np.float32] | None = None
        self._decoding = Question(engine, self, self._decode, self._on_failure, lambda: shown.weights)
        self._classifying = Question(
            engine, self, self._classify, self._show_message, lambda: classifier.weights
        )
        self._corner = True, False  # whether it is at the right, and low
        self._title_px = 0
        self.setObjectName("decodedCard")
        # A press is meant for the card, not for the place of the plane beneath it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        # Opaque, it is not painted again with each movement of the handle on the plane beneath.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._decoded = ImageView(theme, empty_text="Drag through the plane.", is_centred=True)
        self._decoded.setObjectName("decodedImage")
        self.panel = FigurePanel(self._decoded, theme, engine.jobs, "Decoded", shows_note=False)
        self._answer = AnswerLabel(theme)
        inset = column_of(0, self._answer)
        inset.setContentsMargins(GAP_SMALL_PX, 0, GAP_SMALL_PX, 0)
        margins = (UNIT_PX, UNIT_PX, UNIT_PX, GAP_SMALL_PX)
        column_in(self, UNIT_PX, (self.panel, 1), inset, margins=margins)
        plane.installEventFilter(self)
        self._answer.rearranged.connect(self._place)
        self.panel.holding_changed.connect(self._place)
        theme.changed.connect(self._place)
        shown.position_changed.connect(self._on_position)
        engine.runs.renamed.connect(self._on_position)
        classifier.position_changed.connect(self._classifying.follow)
        classifier.run_changed.connect(self._on_classifier)
        cursor.moved.connect(self._on_moved)
        plane.view_changed.connect(self._place)
        engine.view.bind(self, self._wished_pins, self._place)

    def begin(self) -> None:
        """Show nothing of another run, and be classified by one that takes what is decoded now."""
        self._image = None
        self._show_image(None)
        if self._shown.run is not None:
            self._classifier.set_suits(partial(_classifies, self._shown.run.description))
        self._on_classifier()

    @Slot()
    def _on_position(self) -> None:
        run = self._shown.run
        if run is not None:
            self.panel.set_note(f"{run.letter} · {self._shown.position or run.newest}")
        self._decoding.follow()

    @Slot()
    def _on_moved(self) -> None:
        """Move to another corner if the handle comes near or beneath the card."""
        if self._is_near(self.geometry()):
            self._corner = self._clear_corner()
            self._place()
        self._decoding.follow()

    async def _decode(self) -> None:
        """Decode the place of the handle."""
        if (run := self._shown.run) is not None:
            images, _ = await Decode(run.run_id, self._shown.position, self._cursor.latent[np.newaxis])
            self._image = images
            self._show_image(images[0])
            self._classifying.follow()

    def _on_failure(self, message: str) -> None:
        self._image = None
        self._classifying.cancel()
        self._show_image(None)
        self._show_message("")
        self._engine.notifications.unanswered.emit(message)

    async def _classify(self) -> None:
        run = self._classifier.run
        if run is None or self._image is None:
            return
        if run.description.image_shape != self._image.shape[1:]:
            self._classifying.cancel()
            self._show_message("")  # an answer about another network's image may be shown
            return
        probabilities, position = await Classify(run.run_id, self._classifier.position, self._image)
        if position is not None:
            # State the position: the timeline moves the classifier, too, and an untrained one is always sure.
            who = " · ".join((run.letter, run.description.name, run.description.position_text(position)))
            self._answer.show_probabilities(probabilities[0], who, run.description.class_names)
            self._plane.set_answer(self._answer.text)

    @Slot()
    def _on_classifier(self) -> None:
        message, about = "", None if self._shown.run is None else self._shown.run.description
        if about is not None and about.class_names and self._classifier.run is None:
            message = _NO_CLASSIFIER.format(about.dataset_name, shape_text(about.image_shape))
        self._show_message(message)

    def _show_message(self, message: str) -> None:
        self._answer.show_message(message)
        self._plane.set_answer(message)

    def _show_image(self, image: NDArray[np.float32] | None) -> None:
        before = self._decoded.images
        self._decoded.set_image(image)
        if image is not None and (before is None or before.shape[-3:] != image.shape):
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
        """Take a clear corner, for now: a size on the way to another one moves the card for no longer."""
        self.setGeometry(self._rectangle(*self._clear_corner()))

    def _clear_corner(self) -> tuple[bool, bool]:
        """Return a corner clear of the handle, with the fewest pins; beside the present one, if it may be."""
        right, low = self._corner
        corners = ((right, low), (not right, low), (right, not low), (not right, not low))
        clear = [each for each in corners if not self._is_near(self._rectangle(*each))]
        return min(clear, key=self._n_pins_near, default=self._corner)

    def _n_pins_near(self, corner: tuple[bool, bool]) -> int:
        place = self._rectangle(*corner)
        return sum(self._covers(place, pin) for pin in self._plane.pins)

    def _wished_pins(self) -> tuple[Pin, ...]:
        run = self._shown.run
        return () if run is None else self._engine.view.value.chosen(self._engine.runs.key(run)).pins

    def _is_near(self, place: QRect) -> bool:
        return self._covers(place, self._plane.handle)

    def _covers(self, place: QRect, point: ArrayLike) -> bool:
        near = 2 * self._theme.sizes.handle_radius
        at = QPointF(*self._plane.to_widget(point).tolist()) + QPointF(self._plane.pos())
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
        plane = self._plane.size()
        least = max(_LEAST_PX, _LEAST_EMS * self._theme.sizes.caption)
        width = max(min(round(_SHARE * plane.height()), _LARGEST_PX), least)
        width = max(width, self._answer.minimumSizeHint().width() + _ANSWER_INSET_PX)
        most = round(_LARGEST_SHARE * plane.width())
        width = min(width, most)
        # Images that are magnified show square pixels, so their sizes are multiples of their numbers.
        across = 0 if self._decoded.images is None else self._decoded.images.shape[-2]
        if across and width - _INSET_PX >= _MAGNIFIED * across:
            width = -(-(width - _INSET_PX) // across) * across + _INSET_PX
            width -= across if width > most else 0
        answer = max(0, self._answer.heightForWidth(width - _ANSWER_INSET_PX))  # -1 if nothing is said
        image = width - _INSET_PX
        if not self.panel.is_holding:
            self._title_px = self.panel.sizeHint().height() - self._decoded.sizeHint().height()
        height = image + self._title_px + answer + 2 * UNIT_PX + GAP_SMALL_PX
        height = min(height, plane.height() - 2 * GAP_SMALL_PX)
        return width + (image + GAP_PX if self.panel.is_holding else 0), height


def _classifies(decoder: RunDescription, run: RunDescription) -> bool:
    """Return whether a run classifies what another one decodes: images of its shape, into its classes."""
    is_of_its_kind = (run.image_shape, run.class_names) == (decoder.image_shape, decoder.class_names)
    return run.config.model.is_classifier and is_of_its_kind
