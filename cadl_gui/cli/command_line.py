"""Parses, runs one command of `cadl`, and turns errors into a sentence and an exit status."""

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
    decode,
    encode,
    evaluate,
    export,
    import_tf,
    info,
    presets,
    reconstruct,
    render,
    selftest,
    train,
)
from cadl_gui.cli.output import prepare_streams, print_text, printable
from cadl_gui.domain.errors import CadlError

_COMMANDS = (
    presets,
    train,
    branch,
    evaluate,
    classify,
    encode,
    decode,
    reconstruct,
    render,
    export,
    import_tf,
    info,
    selftest,
)

_NUMBERS = re.compile(r"-[\d.].*")


def run_command(argv: Sequence[str]) -> int:
    """Run one command; see `cadl_gui.cli.main`.

    Raises:
        KeyboardInterrupt: after Ctrl+C.
    """
    # TensorFlow greets with a dozen lines; a user's own setting goes first.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The log is the window's. Without a handler, Python would print its tracebacks to standard error.
    logging.getLogger("cadl_gui").addHandler(logging.NullHandler())
    prepare_streams()
    try:
        arguments = _parser().parse_args(_joined(argv))
        arguments.run(arguments)
    except CadlError as error:
        print(printable(str(error)), file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:  # whoever read the output has gone
        return 1
    except OSError as error:  # a name that no file can have, a disk that is gone in the middle of a command
        about = f"“{error.filename}”: " if error.filename else ""
        print(printable(f"{about}{error.strerror or error}."), file=sys.stderr)
        return 1
    return 0


def _joined(argv: Sequence[str]) -> list[str]:
    """Join a long option with negative numbers after it: `argparse` takes `--z -1.2,0.5` for two options."""
    joined: list[str] = []
    for argument in argv:
        before = joined[-1] if joined else ""
        if _NUMBERS.fullmatch(argument) and before.startswith("--") and "=" not in before:
            joined[-1] = f"{before}={argument}"
        else:
            joined.append(argument)
    return joined


class _Parser(argparse.ArgumentParser):
    """Tells where its help cannot be written; `argparse` itself is silent about it."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            print_text(message)
        else:
            super()._print_message(message, file)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="cadl", description="Train small networks, and look into them, without a window.")
    parser.add_argument("--version", action="version", version=f"cadl {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
