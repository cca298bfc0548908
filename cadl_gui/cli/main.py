"""`cadl`: parses, runs one command, and turns errors into a sentence and an exit status."""

import argparse
import logging
import os
import re
import sys
from collections.abc import Sequence

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
from cadl_gui.core.errors import CadlError

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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        Exit status: 0 if all went well, 1 for a failure, 2 for a user's mistake, 130 after Ctrl+C.
    """
    # TensorFlow greets with a dozen lines; a user's own setting goes first.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The log is the window's. Without a handler, Python would print its tracebacks to standard error.
    logging.getLogger("cadl_gui").addHandler(logging.NullHandler())
    arguments = _parser().parse_args(_joined(sys.argv[1:] if argv is None else argv))
    try:
        arguments.run(arguments)
    except CadlError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain again while it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cadl", description="Train small networks, and look into them, without a window."
    )
    parser.add_argument("--version", action="version", version=f"cadl {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
