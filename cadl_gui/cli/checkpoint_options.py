"""Options of the commands that make a checkpoint: what it is made from, and where it goes."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.output_path import check_output_path
from cadl_gui.domain.configuration import current_name, parse
from cadl_gui.domain.errors import UserError


def add_set_option(parser: argparse.ArgumentParser, about: str) -> None:
    """Add `--set FIELD=VALUE`, which may be repeated; see `settings_of`."""
    parser.add_argument("--set", metavar="FIELD=VALUE", action="append", default=[], help=about)


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Values of fields of the configuration.

    Raises:
        UserError: if one is no field, or cannot have its value.
    """
    values = {}
    for setting in arguments.set:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UserError(f"--set expects FIELD=VALUE; “{setting}” has no “=”.")
        field = current_name(name)
        values[field] = parse(field, text)
    return values


def add_checkpoint_output(parser: argparse.ArgumentParser) -> None:
    """Add `-o FILE.keras`; see `check_checkpoint_output`."""
    parser.add_argument(
        "-o", "--output", metavar="FILE.keras", type=Path, help="checkpoint to write at the end"
    )


def check_checkpoint_output(path: Path) -> None:
    """Make sure, before hours of work, that a checkpoint can be called so.

    Raises:
        UserError: if it cannot.
    """
    if path.suffix != ".keras":
        raise UserError(f"A checkpoint’s name ends in .keras; “{path}” does not.")
    check_output_path(path)
