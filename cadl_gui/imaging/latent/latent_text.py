"""A latent vector as text: to copy, to paste, and as a line of Python."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import UserError

_NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NOT_NUMBERS = re.compile(r"\b(?:np|numpy|float32|float64|dtype)\b|[A-Za-z_]\w*\s*=")


def as_numbers(latent: Sequence[float] | NDArray[np.float32]) -> str:
    """Numbers with commas between, such as `-0.25, 1.5`; `from_text` reads the same float32 back."""
    return ", ".join(f"{number:.9g}" for number in latent)


def as_python(latent: Sequence[float] | NDArray[np.float32]) -> str:
    """A line of Python that a decoder takes: one vector in an array of shape (1, d)."""
    return f"z = np.array([[{as_numbers(latent)}]], np.float32)"


def from_text(text: str, latent_dim: int) -> NDArray[np.float32]:
    """Read what either of them wrote, or numbers that are separated in any other way.

    Args:
        text: pasted or typed.
        latent_dim: how many numbers there must be.

    Returns:
        (latent_dim,) float32.

    Raises:
        UserError: if there are more, or fewer, or one is not finite.
    """
    numbers = [float(number.replace("−", "-")) for number in _NUMBER.findall(_NOT_NUMBERS.sub(" ", text))]
    if len(numbers) != latent_dim:
        raise UserError(f"A place in this latent space is {latent_dim} numbers; the text has {len(numbers)}.")
    with np.errstate(over="ignore"):
        latent = np.array(numbers, np.float32)
    if not np.isfinite(latent).all():
        raise UserError("A place in a latent space is made of finite numbers.")
    return latent
