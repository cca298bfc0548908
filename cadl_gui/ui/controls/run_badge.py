"""The badge of a run: its letter on its colour, or from the seventh run on in a dashed or dotted outline."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD


def paint_badge(painter: QPainter, badge: QRectF, letter: str, theme: Theme, *, known: bool = True) -> None:
    """Paint the badge of a run.

    Args:
        painter: paints with antialiasing from here on.
        letter: the run's letter; from G on, the six colours repeat in an outline like its curves.
        known: whether the run has been read; one that is still to be read has a grey badge.
    """
    colours = theme.colours
    colour = QColor(theme.run_colour(letter) if known else colours.field_edge)
    radius = badge.height() / 5
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("caption", SEMIBOLD))
    if known and (dashes := theme.run_dashes(letter)):
        width = max(2.0, badge.height() / 10)
        inset = width / 2
        painter.setBrush(QColor(colours.window))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(badge, radius, radius)
        pen = QPen(colour, width)
        pen.setDashPattern(dashes)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawRoundedRect(badge.adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.setPen(QColor(colours.text))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(badge, radius, radius)
        painter.setPen(ink_on(colour))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, letter)
