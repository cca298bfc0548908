"""Prints plain text for people or, with `--json`, one JSON object on each line, flushed immediately."""

import argparse
import codecs
import json
import math
import os
import sys
import unicodedata
from contextlib import suppress
from typing import Any

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.errors import CadlError
from cadl_gui.system.words import _

_PLAIN = {"“": '"', "”": '"', "’": "'", "…": "...", "×": "x", "→": "->", "−": "-", "–": "-", "·": "-"}
"""Replacements for characters in the program's own texts that the output's encoding lacks."""

_MOST_NAMES = 20
"""Maximum number of class names in a line; `--json` lists all of them."""

_ERRORS = "cadl.plain"
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories of characters that a terminal would interpret instead of displaying."""


class OutputError(CadlError):
    """Standard output cannot be written to."""


def prepare_streams() -> None:
    """Make all text printable in any encoding, by replacing or escaping characters that it lacks.

    Streams that are closed lead nowhere: otherwise the next file that is opened would take the place of
    standard error, to which libraries write, and Python would print errors to standard output.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open to the end
    codecs.register_error(_ERRORS, _plainly)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # the stream is missing, or does not encode text
            stream.reconfigure(errors=_ERRORS)  # type: ignore[union-attr]


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))


def emit(arguments: argparse.Namespace, *lines: str, **values: Any) -> None:
    """Print lines for people or, with `--json`, values for programs.

    Args:
        arguments: parsed arguments, with those of `add_json_option`.
        *lines: lines of text.
        **values: members of the JSON object; a number that JSON lacks, such as the NaN of a metric, is null.

    Raises:
        OutputError: if the output cannot be written.
        BrokenPipeError: if the reader of the output has exited.
    """
    as_json = arguments.json
    text = json.dumps(_finite(values), allow_nan=False) if as_json else "\n".join(map(printable, lines))
    print_text(f"{text}\n")


def message(arguments: argparse.Namespace, *lines: str) -> None:
    """Print lines for people only: nothing with `--json`.

    Raises:
        OutputError: as `emit` does.
        BrokenPipeError: as `emit` does.
    """
    if not arguments.json:
        emit(arguments, *lines)


def class_lines(names: tuple[str, ...]) -> list[str]:
    """Return a line with the names of the classes, or none if the names are just numbers."""
    if names == numbered(len(names)):
        return []
    shown = [*names[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])]
    return [_("classes  {names}").format(names=", ".join(shown))]


def printable(text: str) -> str:
    """Return the text on one line, with control characters escaped: names can come from untrusted files."""
    return "".join(_escaped(c) if unicodedata.category(c) in _UNPRINTABLE else c for c in text)


def print_text(text: str) -> None:
    """Print text unchanged, and flush it.

    Raises:
        OutputError: as `emit` does.
        BrokenPipeError: as `emit` does.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise _lost(error) from error


def _finite(value: Any) -> Any:
    """Return a JSON-serialisable value with None in place of numbers that are not finite."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {name: _finite(member) for name, member in value.items()}
        case list() | tuple():
            return [_finite(member) for member in value]
    return value


def _lost(error: OSError) -> Exception:
    """Discard the rest of the stream, which would otherwise fail again at exit; return the error to raise."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return error
    return OutputError(_("The output cannot be written: {reason}.").format(reason=error.strerror or error))


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, _escaped(character)) for character in text), error.end


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
