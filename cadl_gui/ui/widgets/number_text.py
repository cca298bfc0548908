"""A weight or an activation as it is written everywhere."""

import math


def number_text(value: float, digits: int = 3) -> str:
    """So many significant digits, with a true minus sign; what is no number is called so."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.{digits}g}".replace("-", "−")
