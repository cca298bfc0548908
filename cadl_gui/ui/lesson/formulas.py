"""Formulas in the text of lessons, as images of Markdown, which panel and sheet then draw."""

import re
from contextlib import suppress
from functools import cache
from urllib.parse import quote, unquote

from cadl_gui.domain.formula import formula_svg, with_formulas

TO_TEXT = 1.2
"""Size of the type in formulas, whose letters are small, for text of size 1."""

_SCHEME = "formula:"


def as_images(text: str) -> str:
    """Return Markdown in which each formula is an image; one that cannot be drawn stays as it is written."""
    return with_formulas(text, _image)


def formula_of(source: str) -> str:
    """Return the formula that the source of an image names; "" if it names none that can be drawn."""
    latex = unquote(source.removeprefix(_SCHEME)) if source.startswith(_SCHEME) else ""
    return latex if _can_be_drawn(latex) else ""


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
