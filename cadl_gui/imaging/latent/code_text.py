"""A latent vector as text: to copy, to paste, and as a line of Python."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import UserError

_NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NOT_NUMBERS = re.compile(r"\b(?:np|numpy|float32|float64|dtype)\b|[A-Za-z_]\w*\s*=")


def as_numbers(code: Sequence[float] | NDArray[np.float32]) -> str:
    """Numbers with commas between, such as `-0.25, 1.5`; `from_text` reads the same float32 back."""
    return ", ".join(f"{number:.9g}" for number in code)


def as_python(code: Sequence[float] | NDArray[np.float32]) -> str:
    """A line of Python that a decoder takes: one vector in an array of shape (1, d)."""
    return f"z = np.array([[{as_numbers(code)}]], np.float32)"


def from_text(text: str, n_latents: int) -> NDArray[np.float32]:
    """Read what either of them wrote, or numbers that are separated in any other way.

    Args:
        text: pasted or typed.
        n_latents: how many numbers there must be.

    Returns:
        (n_latents,) float32.

    Raises:
        UserError: if there are more, or fewer, or one is not finite.
    """
    numbers = [float(number.replace("−", "-")) for number in _NUMBER.findall(_NOT_NUMBERS.sub(" ", text))]
    if len(numbers) != n_latents:
        raise UserError(f"A place in this latent space is {n_latents} numbers; the text has {len(numbers)}.")
    with np.errstate(over="ignore"):
        code = np.array(numbers, np.float32)
    if not np.isfinite(code).all():
        raise UserError("A place in a latent space is made of finite numbers.")
    return code
