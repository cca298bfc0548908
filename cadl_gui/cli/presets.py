"""`cadl presets`: lists the presets and their fields."""

import argparse
from typing import Any

from cadl_gui.cli.output import add_json_option, emit, message
from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.presets import PRESETS


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("presets", help="list the presets and their fields")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print each preset with its values, then a description of the fields."""
    for name, preset in PRESETS.items():
        config = preset.config
        fields = {field: value for field, value in config.to_json().items() if field != "preset"}
        lines = [name, f"  {preset.line}"]
        if preset.to_open:
            del fields["dataset"]
            lines += [f"  {'dataset':18} {preset.to_open}"]
        lines += [f"  {field:18} {as_text(field, config.value(field))}" for field in fields]
        emit(arguments, *lines, "", preset=name, description=preset.line, fields=fields)
    fields = {field: about for field, about in FIELDS.items() if field != "preset"}
    message(arguments, "Fields", *(f"  {field:18} {about.help}" for field, about in fields.items()))
