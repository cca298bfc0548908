"""`cadl presets`: lists the presets, or the fields of one."""

import argparse
from typing import Any

from cadl_gui.cli.output import add_json_option, emit, message
from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("presets", help=_("list the presets, or the fields of one"))
    parser.add_argument("preset", metavar="PRESET", nargs="?", help=_("show its fields, which --set changes"))
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each preset, or one preset with its values and what they mean.

    Raises:
        ConfigurationError: if there is no such preset.
    """
    chosen = PRESETS.values() if arguments.preset is None else [preset(arguments.preset)]
    for each in chosen:
        fields = {field: value for field, value in each.config.to_json().items() if field != "preset"}
        if each.to_open:
            del fields["dataset"]
        line = f"{each.name:28} {_(each.line)}"
        emit(arguments, line, preset=each.name, description=each.line, fields=fields)
        if arguments.preset is not None:
            lines = [each.to_open] if each.to_open else []
            for field in fields:
                text = as_text(field, each.config.value(field))
                lines += [f"{field:22} {text:16}  {_(FIELDS[field].help)}"]
            message(arguments, *lines)
