"""Text on a colour is legible, by WCAG's formula."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from cadl_gui.ui.theme.ink import ink_on

CHANNEL = st.integers(0, 255)


def luminance(colour):
    parts = [part / 255 for part in colour.getRgb()[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(CHANNEL, CHANNEL, CHANNEL)
def test_ink_stands_out_on_any_colour(red, green, blue):
    background = QColor(red, green, blue)
    dark, light = sorted((luminance(background), luminance(ink_on(background))))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
