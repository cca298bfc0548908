"""A weight or an activation as it is written everywhere."""

import math


def number_text(value: float, digits: int = 3) -> str:
    """So many significant digits, with a true minus sign, none before 0; no number is called so."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value + 0.0:.{digits}g}".replace("-", "−")
