"""The commands and options of the command line, without the sentences that explain them."""

import argparse
from collections.abc import Callable
from typing import Any
from unittest import mock

from cadl_gui import app
from cadl_gui.cli.command_line import run_command


def commands() -> dict[str, Any]:
    """All commands by full name, each with its arguments."""
    return {**_facts(_parser_of(run_command)), **_facts(_parser_of(app.main))}


class _Caught(Exception):  # noqa: N818 - it is no error
    """Passes the parser here instead of parsing."""


def _parser_of(main: Callable[[list[str]], int]) -> argparse.ArgumentParser:
    def parse(parser: argparse.ArgumentParser, *_: object) -> None:
        raise _Caught(parser)

    with mock.patch.object(argparse.ArgumentParser, "parse_args", parse):
        try:
            main([])
        except _Caught as caught:
            parser: argparse.ArgumentParser = caught.args[0]
            return parser
    raise AssertionError("the program parses no arguments")


def _facts(parser: argparse.ArgumentParser) -> dict[str, Any]:
    arguments, below = [], {}
    for action in parser._actions:
        if action.nargs == argparse.PARSER:  # commands
            for subparser in action.choices.values():
                below |= _facts(subparser)
        elif action.dest != "help":
            arguments.append(_argument(action))
    return {parser.prog: arguments, **below}


def _argument(action: argparse.Action) -> dict[str, Any]:
    """The names of an argument, and its properties that differ from `argparse`'s defaults."""
    facts: dict[str, Any] = {"names": ", ".join(action.option_strings) or action.metavar or action.dest}
    if action.option_strings and action.nargs != 0:
        facts["takes"] = action.metavar or action.dest.upper()
    if action.nargs not in {None, 0}:
        facts["count"] = action.nargs
    if action.choices is not None:
        facts["choices"] = list(action.choices)
    if action.required:
        facts["required"] = True
    if not any(action.default is nothing for nothing in (None, False, argparse.SUPPRESS)):
        facts["default"] = action.default
    return facts
