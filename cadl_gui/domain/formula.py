"""Formulas in the text of lessons: LaTeX between two “$”, drawn as an image that needs no font and no net."""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate

from cadl_gui.system.words import _

_MOST_LETTERS, _DEEPEST = 120, 5
"""Limits of a formula: each level of braces takes twice as long to read."""

_BRACE = re.compile(r"(?<!\\)[{}]|\\(?:left|right)(?![A-Za-z])")
_OPENING = {"{", r"\left"}

_FORMULA = re.compile(
    r"(?P<code>`+).+?(?P=code)|(?<![\w\\$])\$(?P<latex>(?![\s$])[^$\n]+(?<!\s))\$(?![\w$])", re.DOTALL
)
"""Code, in which nothing is a formula, or a formula: “$5 and $6” is none."""


def with_formulas(text: str, put: Callable[[str], str]) -> str:
    """Return a text in which what `put` returns for the LaTeX of each formula stands in its place."""
    return _FORMULA.sub(lambda match: put(match["latex"]) if match["latex"] else match[0], text)


def formulas_in(text: str) -> Iterator[str]:
    """Return the LaTeX of each formula of a text."""
    return (match["latex"] for match in _FORMULA.finditer(text) if match["latex"])


def formula_svg(latex: str, height_px: float, colour: str = "black") -> tuple[str, tuple[float, float]]:
    """Return an image of a formula, and its width and height in pixels.

    Args:
        latex: the formula; nothing in it is executed, and no file is read.
        height_px: height of the type.
        colour: its colour, such as “#112233”.

    Raises:
        ValueError: if it cannot be drawn; the message is a sentence.
    """
    # A start, and a lesson without formulas, need not wait for them.
    from latex2mathml.converter import convert_to_element
    from ziamath.config import config
    from ziamath.zmath import Latex

    if len(latex) > _MOST_LETTERS:
        raise ValueError(
            _("A formula has at most {most_letters} letters.").format(most_letters=_MOST_LETTERS)
        )
    depths = [0, *accumulate(1 if brace in _OPENING else -1 for brace in _BRACE.findall(latex))]
    if min(depths) < 0 or depths[-1]:
        raise ValueError(_("“${latex}$” is no formula: its braces do not match.").format(latex=latex))
    if max(depths) > _DEEPEST:
        raise ValueError(
            _("“${latex}$” is no formula: its braces are more than {deepest} deep.").format(
                latex=latex, deepest=_DEEPEST
            )
        )
    try:
        words = [word for word in convert_to_element(latex).itertext() if word.startswith("\\")]
        config.svg2 = False  # Qt reads no symbols
        drawn = Latex(latex, size=height_px, color=colour)
        svg, size = drawn.svg(), drawn.getsize()
    except Exception as error:  # both libraries raise whatever happens to them
        raise ValueError(_("“${latex}$” is no formula that can be read.").format(latex=latex)) from error
    if words:
        raise ValueError(_("“{words}” is not known in formulas.").format(words=words[0]))
    return svg, size
