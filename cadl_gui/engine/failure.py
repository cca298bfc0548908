"""What is told of an error that ended some work in another thread."""

import logging
import traceback

from cadl_gui.domain.errors import CadlError

_log = logging.getLogger(__name__)


def message_and_details(error: Exception, what: str) -> tuple[str, str]:
    """Log the error that is being handled, and tell of it.

    Args:
        error: that is being handled.
        what: begins the sentence where the error is none of ours, whose text is a sentence itself.

    Returns:
        A sentence, and the traceback.
    """
    details = traceback.format_exc()
    # A file that is no checkpoint, or a loss that is infinite, is no fault of the program.
    _log.log(logging.INFO if isinstance(error, CadlError) else logging.ERROR, "%s\n%s", what, details)
    return str(error) if isinstance(error, CadlError) else f"{what}: {error}", details
