"""The format of the files that the program writes: one number for all of them."""

from typing import Any

from cadl_gui.domain.errors import UserError
from cadl_gui.system.words import _

FORMAT = 1
"""Stated in every file as `format`. A change that this version could not read takes the next number; what is
merely added, such as a field of the configuration, does not.
"""


def require_format(number: Any, what: str, error: type[UserError] = UserError) -> None:
    """Check that this version can read a file.

    Args:
        number: the format that the file states, untrusted.
        what: the file, as the message names it.
        error: type of the error that a later format raises.

    Raises:
        UserError: of the type `error`, if a later version of the program wrote the file.
        ValueError: if `number` is not a format at all.
    """
    if type(number) is not int or number < 1:
        raise ValueError(f"Expected a format. Received: {number!r:.100}")
    if number > FORMAT:
        raise error(
            _("{what} was written by a newer CADL (format {number!r:.20}); update CADL to open it.").format(
                what=what, number=number
            )
        )
