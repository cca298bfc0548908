"""What latent vectors from a file may be, in a saved path as in a view."""

from collections.abc import Sequence

from cadl_gui.domain.errors import UserError
from cadl_gui.system.file_limits import LARGEST_LATENT, MOST_LATENTS, MOST_PIN_NUMBERS


def check_latents(latents: Sequence[tuple[float, ...]], most: int) -> None:
    """Raise a `UserError` unless there are one to `most` latent vectors, equally long, of usable numbers."""
    require(1 <= len(latents) <= most, f"A path has between 1 and {most:,} pins.")
    n = len(latents[0])
    require(all(len(pin) == n for pin in latents), "All pins of a path must have equally many numbers.")
    require(1 <= n <= MOST_LATENTS, f"A pin has between 1 and {MOST_LATENTS:,} numbers.")
    require(
        n * len(latents) <= MOST_PIN_NUMBERS,
        f"The pins of a path have at most {MOST_PIN_NUMBERS:,} numbers together.",
    )
    require(
        all(abs(number) <= LARGEST_LATENT for pin in latents for number in pin),
        f"The numbers of a path are finite, and at most {LARGEST_LATENT:,.0f}.",
    )


def require(holds: bool, message: str) -> None:
    """Raise a `UserError` with a message unless something holds."""
    if not holds:
        raise UserError(message)
