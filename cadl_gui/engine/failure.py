"""Turns an exception from another thread into a message for the user."""

import logging
import traceback

from cadl_gui.domain.errors import CadlError, UserError

_log = logging.getLogger(__name__)


def message_and_details(error: Exception, what: str) -> tuple[str, str]:
    """Log the exception being handled, and return a message and its traceback.

    Args:
        what: start of the message for an unexpected error; the text of a `CadlError` is already a sentence.

    Returns:
        The message, and the traceback as text; "" for a mistake of the user, or a file that cannot be written
        or read, which the message explains.
    """
    details = traceback.format_exc()
    # A file that is not a checkpoint, or an infinite loss, is not a fault of the program.
    _log.log(logging.INFO if isinstance(error, CadlError) else logging.ERROR, "%s\n%s", what, details)
    if isinstance(error, OSError) and error.strerror:
        return f"{what}: {error.strerror}.", ""
    message = str(error) if isinstance(error, CadlError) else f"{what}: {error}"
    return message, "" if isinstance(error, UserError) else details
