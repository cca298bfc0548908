"""Readable text colours on coloured backgrounds."""

from functools import cache

from PySide6.QtGui import QColor

_EQUAL_CONTRAST = 0.179
"""Relative luminance at which black and white have equal contrast, 4.6:1 (WCAG 2.2)."""


def ink_on(background: QColor) -> QColor:
    """Return black or white, whichever has more contrast; at least 4.5:1 on any colour."""
    return QColor("black" if _luminance(background.rgb()) > _EQUAL_CONTRAST else "white")


@cache
def _luminance(rgb: int) -> float:
    """Return the relative luminance (WCAG 2.2), in [0, 1], of a colour given as `QColor.rgb`."""
    red, green, blue = (_linear(((rgb >> shift) & 0xFF) / 255) for shift in (16, 8, 0))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return the linear value of an sRGB component, both in [0, 1]."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
