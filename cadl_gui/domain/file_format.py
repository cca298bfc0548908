"""What names and formats the files of the program have: one number for the formats of all of them."""

from pathlib import Path
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


def has_ending(path: Path, *endings: str) -> bool:
    """Return whether a file's name ends in one of these, such as `.png`, in small letters or capitals."""
    return path.name[1:].lower().endswith(endings)


def require_ending(path: Path, *endings: str) -> None:
    """Check, before long work, that the name of a file says what will be in it.

    Raises:
        UserError: if it ends in none of these.
    """
    if not has_ending(path, *endings):
        possible = _(" or ").join(endings)
        raise UserError(_("“{path}” has to end in {endings}.").format(path=path, endings=possible))
