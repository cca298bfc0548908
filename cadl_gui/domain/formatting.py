"""Numbers as people read them, the same everywhere."""

import math


def number_text(value: float, digits: int = 3) -> str:
    """A weight or an activation.

    Args:
        value: may be infinite, or no number.
        digits: how many are significant.

    Returns:
        With a true minus sign, and none before 0.
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def percent_text(share: float, decimals: int = 1) -> str:
    """A share in [0, 1]: "87.4 %", "0 %", and "< 0.1 %" for what would be rounded to nothing."""
    if share == 0:
        return "0 %"
    least = 10.0**-decimals
    if 100 * share < least / 2:
        return f"< {least:g} %"
    return f"{100 * share:.{decimals}f} %"


def count_text(n: int, noun: str, plural: str = "") -> str:
    """A number of things, such as "1 epoch" and "1,200 epochs".

    Args:
        n: how many.
        noun: of one of them.
        plural: of several, where it is not the noun with an s.
    """
    return f"1 {noun}" if n == 1 else f"{n:,} {plural or noun + 's'}"
