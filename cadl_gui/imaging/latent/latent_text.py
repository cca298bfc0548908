"""Converts latent vectors to and from text."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import UserError
from cadl_gui.system.words import _

_NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NOT_NUMBERS = re.compile(r"\b(?:np|numpy|float32|float64|dtype)\b|\b[A-Za-z_]\w*\s*=")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MOST_NUMBERS = 8


def as_numbers(latent: Sequence[float] | NDArray[np.float32]) -> str:
    """Format a latent vector as `-0.25, 1.5`; `from_text` restores exactly the same float32 values."""
    return ", ".join(f"{number:.9g}" for number in latent)


def as_python(latent: Sequence[float] | NDArray[np.float32]) -> str:
    """Format a latent vector as a line of Python with an array of shape (1, d), as decoders expect it."""
    return f"z = np.array([[{as_numbers(latent)}]], np.float32)"


def from_text(text: str, latent_dim: int) -> NDArray[np.float32]:
    """Parse the output of `as_numbers` or `as_python`, or numbers with any other separators.

    Returns:
        (latent_dim,) float32, finite.

    Raises:
        UserError: if there are more or fewer values, or one is not finite.
    """
    numbers = [float(number.replace("−", "-")) for number in _NUMBER.findall(_NOT_NUMBERS.sub(" ", text))]
    if len(numbers) != latent_dim:
        raise UserError(
            _("A latent vector of this run has {latent_dim} numbers; the text has {n}.").format(
                latent_dim=latent_dim, n=len(numbers)
            )
        )
    with np.errstate(over="ignore"):
        latent = np.array(numbers, np.float32)
    if not np.isfinite(latent).all():
        raise UserError(_("The numbers of a latent vector must be finite."))
    return latent


def latent_name(index: int) -> str:
    """Return the name of a latent, such as z₁₂."""
    return f"z{str(index).translate(_SUBSCRIPTS)}"


def latent_text(latent: Sequence[float]) -> str:
    """Format a vector, such as "z₀ −0.412, z₁ 1.083"; at most eight numbers are shown."""
    numbers = [f"{latent_name(i)} {value:.3f}" for i, value in enumerate(latent[:_MOST_NUMBERS])]
    n_others = len(latent) - len(numbers)
    return ", ".join(numbers).replace("-", "−") + (
        _(" and {n_others} more").format(n_others=n_others) if n_others else ""
    )
