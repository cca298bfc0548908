"""The montage of the untrained layer, beside that of the layer shown."""

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.layer_image import LayerImage
from cadl_gui.imaging.weights.limits import largest, limit_of
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_PALER = 0.7
"""Share of the larger limit from which a layer looks paler than the other one."""

_BLANK = 0.15
"""Share of the scale up to which all colours of a layer look like that of zero."""


class BeforeView(WeightsView):
    """Shows the untrained layer; where both have one scale, the other montage has the legend of both.

    In its place, a sentence tells the largest weights, and what makes one of the montages paler.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no layer.
        now: The montage of the layer shown.
    """

    def __init__(self, theme: Theme, *, empty_text: str, now: WeightsView) -> None:
        super().__init__(theme, empty_text=empty_text, beside=now)
        self._now = now

    @property
    def sentence(self) -> str:
        """What the shared scale shows, as much as has room; "" where each montage has its own."""
        before, now = self.shown, self._now.shown
        if before is None or now is None or not self._legend_height:
            return ""
        if not np.array_equal(before.limits, now.limits):
            return ""
        was, is_now = largest(before.images.patches), largest(now.images.patches)
        told = _("Largest weight: {was} before, {is_now} now.").format(
            was=number_text(was), is_now=number_text(is_now)
        )
        why = ""
        was, is_now = limit_of(before.images.patches), limit_of(now.images.patches)
        if is_now < _PALER * was:
            why = _("Paler means smaller numbers, not that less was learned.")
        elif 0 < was < _BLANK * is_now:
            why = _("The untrained weights are too small to be seen on this scale.")
        elif was < _PALER * is_now:
            why = _("The weights have grown.")
        metrics = QFontMetrics(self._theme.font("small"))
        room = QRect(0, 0, self.width(), self._legend_height - GAP_SMALL_PX)
        for sentence in (
            _("One scale for both. {told} {why}").format(told=told, why=why).rstrip(),
            f"{told} {why}".rstrip(),
        ):
            if metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, sentence).height() <= room.height():
                return sentence
        return why or told

    def _foot(self, shown: LayerImage, seen: QRectF) -> Item:
        sentence, below = self.sentence, seen.bottom() + GAP_SMALL_PX
        if not sentence:
            return super()._foot(shown, seen)

        def paint(pen: Pen) -> None:
            pen.painter.setFont(self._theme.font("small"))
            pen.painter.setPen(QColor(self._theme.colours.secondary))
            room = QRectF(0, below, self.width(), self.height() - below)
            centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            pen.painter.drawText(room, centred | Qt.TextFlag.TextWordWrap, sentence)

        return Item(QRectF(self.rect()), paint)
