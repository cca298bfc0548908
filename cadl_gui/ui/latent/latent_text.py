"""Latent vectors as text."""

from collections.abc import Sequence

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MOST_NUMBERS = 8


def latent_name(index: int) -> str:
    """Return the name of a latent, such as z₁₂."""
    return f"z{str(index).translate(_SUBSCRIPTS)}"


def latent_text(latent: Sequence[float]) -> str:
    """Format a vector, such as "z₀ −0.412, z₁ 1.083"; at most eight numbers are shown."""
    numbers = [f"{latent_name(i)} {value:.3f}" for i, value in enumerate(latent[:_MOST_NUMBERS])]
    n_others = len(latent) - len(numbers)
    return ", ".join(numbers).replace("-", "−") + (f" and {n_others} more" if n_others else "")
