"""Parses untrusted JSON within bounds."""

import json
import math
from typing import Any

from cadl_gui.system.file_limits import MOST_JSON_VALUES
from cadl_gui.system.words import _


class TooManyValuesError(OSError, ValueError):
    """The text holds more values than any file that this program writes; like any, it can be too large."""

    def __init__(self) -> None:
        about = _("it holds more than {most:,} values").format(most=MOST_JSON_VALUES)
        super().__init__(about)
        self.strerror = about


def parse(text: bytes) -> Any:
    """Parse JSON, unless it would take far more memory than its own size: `{},` is an object of 64 bytes.

    Raises:
        TooManyValuesError: if it has more than `MOST_JSON_VALUES` values; checked before parsing.
        ValueError: if it is not valid JSON, which NaN and Infinity are not.
        RecursionError: if it is nested too deeply.
    """
    # Every value but the outermost follows a comma or an opening bracket; strings may contain those, too.
    if sum(map(text.count, (b",", b"[", b"{"))) > MOST_JSON_VALUES:
        raise TooManyValuesError
    return json.loads(text, parse_constant=_refuse)


def whole_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int:
    """Return a parsed value that has to be a whole number within bounds.

    Raises:
        ValueError: if it is something else, such as 1e999, which Python reads as infinity.
    """
    if type(value) is not int or not least <= value <= most:  # True is a number to Python
        raise ValueError(f"not a number up to {most}")
    return value


def flag(value: Any) -> bool:
    """Return a parsed value that has to be true or false.

    Raises:
        TypeError: if it is something else.
    """
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
