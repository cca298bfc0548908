"""Formulas in the text of lessons, as images of Markdown, which panel and sheet then draw."""

import re
from contextlib import suppress
from functools import cache
from urllib.parse import quote, unquote

from cadl_gui.domain.formula import formula_svg, with_formulas

TO_TEXT = 1.2
"""Size of the type in formulas, whose letters are small, for text of size 1."""

_ASCENT, _DESCENT, RISE = 0.97, 0.24, 0.27
"""A line of Inter, and half the height of its “x”, for text of size 1."""

_VIEW = re.compile(r'height="\S+" viewBox="(?P<left>\S+) (?P<top>\S+) (?P<width>\S+) (?P<height>[^"]+)"')

_TIMES = 10
"""How often the space is computed, which changes the line: each time, half the error is left."""

_SCHEME = "formula:"


def as_images(text: str) -> str:
    """Return Markdown in which each formula is an image; one that cannot be drawn stays as it is written."""
    return with_formulas(text, _image)


def formula_of(source: str) -> str:
    """Return the formula that the source of an image names; "" if it names none that can be drawn."""
    latex = unquote(source.removeprefix(_SCHEME)) if source.startswith(_SCHEME) else ""
    return latex if _can_be_drawn(latex) else ""


def on_line(latex: str, text_px: float, colour: str = "black") -> tuple[str, tuple[float, float], float]:
    """Return an image of a formula that stands on the line of its text, its size, and how much is below.

    It has space at its top or foot: Qt can centre images in a line, and does not know the line in an image.
    """
    svg, _ = formula_svg(latex, TO_TEXT * text_px, colour)
    view = _VIEW.search(svg)
    assert view is not None, "ziamath writes it, with its line at 0"
    left, top, width, height = map(float, view.groups())
    over, under = above, below = -top, top + height
    for _ in range(_TIMES):
        half, x = (above + below) / 2, RISE * text_px / 2
        rise = max(_ASCENT * text_px, half + x) - max(_DESCENT * text_px, half - x)
        above, below = max(over, under + rise), max(under, over - rise)
    height = above + below
    box = f'height="{height:.3f}" viewBox="{left} {-above:.3f} {width} {height:.3f}"'
    return svg.replace(view[0], box, 1), (width, height), below


def _image(latex: str) -> str:
    if not _can_be_drawn(latex):
        return f"${latex}$"
    plain = re.sub("[^A-Za-z0-9]+", " ", latex).strip()  # Qt shows an image for each piece of Markdown in it
    return f"![formula {plain}]({_SCHEME}{quote(latex, safe='')})"


@cache
def _can_be_drawn(latex: str) -> bool:
    with suppress(ValueError):
        return bool(formula_svg(latex, 10))
    return False
