"""Formats numbers for display, consistently across the program."""

import math

from cadl_gui.system.words import _, ngettext


def capitalised(text: str) -> str:
    """Return a text with a capital at its beginning; the rest stays, such as a class's own name."""
    return text[:1].upper() + text[1:]


def number_text(value: float, digits: int = 3) -> str:
    """Format a weight or an activation.

    Args:
        value: the number; may be infinite or NaN.
        digits: number of significant digits.

    Returns:
        The number with a typographic minus sign; negative zero becomes "0".
    """
    if math.isnan(value):
        return _("not a number")
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def percent_text(share: float, decimals: int = 1) -> str:
    """Format a share in [0, 1]: "87.4 %", "0 %", and "< 0.1 %" if it would otherwise round to zero."""
    if share == 0:
        return "0 %"
    least = 10.0**-decimals
    if 100 * share < least / 2:
        return f"< {least:g} %"
    return f"{100 * share:.{decimals}f} %"


def signed_text(number: float) -> str:
    """Format a number with its sign, to one decimal."""
    return f"{number:+.1f}".replace("-", "−")


def count_text(n: int, noun: str, plural: str = "") -> str:
    """Format a count with its noun, such as "1 epoch" and "1,200 epochs", in the user's language.

    Args:
        plural: plural noun, if it is not the singular plus "s".
    """
    one, several = f"{{n}} {noun}", f"{{n}} {plural or noun + 's'}"
    return ngettext(one, several, n).replace("{n}", f"{n:,}")
