"""Painting of a label: its number on a chip of its colour."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD

_RADIUS_SHARE = 0.2


def paint_label(
    painter: QPainter,
    rect: QRectF,
    label: int,
    theme: Theme,
    *,
    coloured: bool = True,
    text: str | None = None,
) -> None:
    """Paint a label's number, or another text, in the middle of a chip of its colour.

    The text is black or white, since yellow or pink type would be unreadable on white. Labels beyond the
    ten that have a colour have no chip.

    Args:
        painter: Its state is restored.
        coloured: Whether to paint the chip; false where there are more than ten labels, so that all match.
        text: Text instead of the number; "" paints the chip alone.
    """
    colours = theme.label_colours(theme.background)
    painter.save()
    painter.setFont(theme.font("caption", SEMIBOLD))
    painter.setPen(QColor(theme.colours.text))
    if coloured and label < len(colours):
        colour = QColor(colours[label])
        radius = _RADIUS_SHARE * rect.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        painter.setPen(ink_on(colour))
    painter.drawText(
        rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, str(label) if text is None else text
    )
    painter.restore()
