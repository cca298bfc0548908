"""Plain text for people; with `--json`, one JSON object a line, flushed at once."""

import argparse
import codecs
import json
import os
import sys
import unicodedata
from contextlib import suppress
from typing import Any

from cadl_gui.domain.errors import CadlError

_PLAIN = {"“": '"', "”": '"', "’": "'", "…": "...", "×": "x", "→": "->", "−": "-", "–": "-", "·": "-"}
"""What stands for our own characters where they cannot be printed."""

_ERRORS = "cadl.plain"
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of what a terminal would obey instead of showing it."""


class OutputError(CadlError):
    """Standard output cannot be written to."""


def prepare_streams() -> None:
    """Let everything be printed in any encoding: in another writing where it has to be."""
    codecs.register_error(_ERRORS, _plainly)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # there is none, or it is not one that encodes
            stream.reconfigure(errors=_ERRORS)  # type: ignore[union-attr]


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def emit(arguments: argparse.Namespace, *lines: str, **values: Any) -> None:
    """Print lines for people or `values` for programs.

    Raises:
        OutputError: if they cannot be written.
        BrokenPipeError: if nobody reads them any more.
    """
    text = json.dumps(values, allow_nan=False) if arguments.json else "\n".join(map(printable, lines))
    print_text(f"{text}\n")


def message(arguments: argparse.Namespace, *lines: str) -> None:
    """Print lines that are for people only.

    Raises:
        OutputError: as `emit` does.
        BrokenPipeError: as `emit` does.
    """
    if not arguments.json:
        emit(arguments, *lines)


def printable(text: str) -> str:
    """One line, with whatever a terminal would obey written as an escape: names come from anywhere."""
    return "".join(_escaped(c) if unicodedata.category(c) in _UNPRINTABLE else c for c in text)


def print_text(text: str) -> None:
    """Print a text as it is, at once.

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


def _lost(error: OSError) -> Exception:
    """What still waits in the stream goes nowhere, instead of failing again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return error
    return OutputError(f"The output cannot be written: {error.strerror or error}.")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, _escaped(character)) for character in text), error.end


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
