"""Parses the arguments of `cadl`, runs one command, and reports errors by a message and an exit status."""

import argparse
import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from cadl_gui import __version__
from cadl_gui.cli import (
    branch,
    classify,
    data,
    decode,
    encode,
    evaluate,
    export,
    import_tf,
    info,
    lesson,
    presets,
    reconstruct,
    reinterpret,
    render,
    selftest,
    session,
    share,
    train,
)
from cadl_gui.cli.output import prepare_streams, print_text, printable
from cadl_gui.domain.errors import CadlError
from cadl_gui.system.words import _

_COMMANDS = (
    presets,
    data,
    train,
    branch,
    evaluate,
    classify,
    encode,
    decode,
    reconstruct,
    reinterpret,
    render,
    export,
    import_tf,
    info,
    selftest,
    session,
    lesson,
    share,
)

_WITHOUT_VALUE = re.compile(r"--[^=]+=--|-[^-]=?--")
_NUMBERS = re.compile(r"-[\d.][\d.,e+-]*", re.IGNORECASE)


def run_command(argv: Sequence[str]) -> int:
    """Run one command; see `cadl_gui.cli.main`.

    Args:
        argv: arguments of the command, without the program's name.

    Returns:
        Exit status: 0 for success, 1 for a failure, 2 for invalid use.

    Raises:
        KeyboardInterrupt: after Ctrl+C.
    """
    # TensorFlow prints a dozen lines at startup. A setting by the user takes precedence.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Only the window keeps a log. Without a handler, Python would print its tracebacks to standard error.
    logging.getLogger("cadl_gui").addHandler(logging.NullHandler())
    prepare_streams()
    try:
        parser = _parser()
        _require_values(parser, argv)
        arguments = parser.parse_args(_joined(argv), argparse.Namespace(argv=list(argv)))
        arguments.run(arguments)
    except CadlError as error:
        notes = getattr(error, "__notes__", ())
        print(printable(" ".join([str(error), *notes])), file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:  # the reader of the output has exited
        return 1
    except MemoryError:  # an image of gigabytes, for example
        print(_("There is not enough memory for this."), file=sys.stderr)
        return 1
    except OSError as error:  # an invalid file name, or a disk removed while a command runs
        about = f"“{error.filename}”: " if error.filename else ""
        print(printable(f"{about}{error.strerror or error}."), file=sys.stderr)
        return 1
    return 0


def _require_values(parser: argparse.ArgumentParser, argv: Sequence[str]) -> None:
    """Refuse `--option=--`, which `argparse` takes for an option and no value, and fails on."""
    for argument in argv:
        if argument == "--":
            return
        if _WITHOUT_VALUE.fullmatch(argument):
            parser.error(
                _("argument {option}: “--” is not a value").format(
                    option=argument.removesuffix("--").rstrip("=")
                )
            )


def _joined(argv: Sequence[str]) -> list[str]:
    """Join a long option to a negative number after it: `argparse` reads `--z -1.2,0.5` as two options."""
    joined: list[str] = []
    for argument in argv:
        before = joined[-1] if joined else ""
        is_value = before.startswith("--") and before != "--" and "=" not in before
        if is_value and _NUMBERS.fullmatch(argument) and "--" not in joined:
            joined[-1] = f"{before}={argument}"
        else:
            joined.append(argument)
    return joined


class _Parser(argparse.ArgumentParser):
    """Raises an error if the help cannot be written, which `argparse` ignores."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            print_text(message)
        else:
            super()._print_message(message, file)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cadl", description=_("Train small networks, and look into them, without a window.")
    )
    parser.add_argument("--version", action="version", version=f"cadl {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
