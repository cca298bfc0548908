"""What is written on a colour has to be readable on it."""

from PySide6.QtGui import QColor

_EQUAL_CONTRAST = 0.179
"""Relative luminance on which black and white stand out alike, 4.6:1 (WCAG 2.2)."""


def ink_on(background: QColor) -> QColor:
    """Black or white, whichever stands out more; at least 4.5:1 on any colour."""
    red, green, blue = map(_linear, (background.redF(), background.greenF(), background.blueF()))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("black" if luminance > _EQUAL_CONTRAST else "white")


def _linear(part: float) -> float:
    """Light of one sRGB component, both in [0, 1]."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
