"""What latent vectors from a file may be, in a saved path as in a view."""

from collections.abc import Sequence

from cadl_gui.domain.errors import UserError
from cadl_gui.system.file_limits import LARGEST_LATENT, MOST_LATENTS, MOST_PIN_NUMBERS
from cadl_gui.system.words import _


def check_latents(latents: Sequence[tuple[float, ...]], most: int) -> None:
    """Raise a `UserError` unless there are one to `most` latent vectors, equally long, of usable numbers."""
    require(1 <= len(latents) <= most, _("A path has between 1 and {most:,} pins.").format(most=most))
    n = len(latents[0])
    require(all(len(pin) == n for pin in latents), _("All pins of a path must have equally many numbers."))
    require(
        1 <= n <= MOST_LATENTS,
        _("A pin has between 1 and {most_latents:,} numbers.").format(most_latents=MOST_LATENTS),
    )
    require(
        n * len(latents) <= MOST_PIN_NUMBERS,
        _("The pins of a path have at most {most_pin_numbers:,} numbers together.").format(
            most_pin_numbers=MOST_PIN_NUMBERS
        ),
    )
    require(
        all(abs(number) <= LARGEST_LATENT for pin in latents for number in pin),
        _("The numbers of a path are finite, and at most {largest_latent:,.0f}.").format(
            largest_latent=LARGEST_LATENT
        ),
    )


def require(holds: bool, message: str) -> None:
    """Raise a `UserError` with a message unless something holds."""
    if not holds:
        raise UserError(message)
