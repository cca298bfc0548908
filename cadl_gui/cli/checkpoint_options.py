"""Options of the commands that write a checkpoint: its configuration and its path."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.output_path import check_output_path
from cadl_gui.domain.configuration import parse
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.system.words import _


def add_set_option(parser: argparse.ArgumentParser, about: str) -> None:
    """Add `--set FIELD=VALUE`, which may be repeated, with the help text `about`; see `settings_of`."""
    parser.add_argument("--set", metavar="FIELD=VALUE", action="append", default=[], help=about)


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the configuration values given by `--set`, by field.

    Raises:
        UserError: if a field does not exist, or its value is invalid.
    """
    values = {}
    for setting in arguments.set:
        field, equals, text = setting.partition("=")
        if not equals:
            raise UserError(_("--set expects FIELD=VALUE; “{setting}” has no “=”.").format(setting=setting))
        values[field] = parse(field, text)
    return values


def add_checkpoint_output(parser: argparse.ArgumentParser) -> None:
    """Add `-o FILE.keras`; see `check_checkpoint_output`."""
    parser.add_argument(
        "-o", "--output", metavar="FILE.keras", type=Path, help=_("checkpoint to write at the end")
    )


def check_checkpoint_output(path: Path) -> None:
    """Check, before hours of work, that a checkpoint can be written to a path.

    Raises:
        UserError: if the name does not end in `.keras`, or the path cannot be written.
    """
    require_ending(path, ".keras")
    check_output_path(path)
