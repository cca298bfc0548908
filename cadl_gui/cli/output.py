"""Plain text for people; with `--json`, one JSON object a line, flushed at once."""

import argparse
import json
from typing import Any


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def say(arguments: argparse.Namespace, text: str, **values: Any) -> None:
    """Print `text` for people or `values` for programs. An empty text is not printed."""
    if arguments.json:
        print(json.dumps(values, allow_nan=False), flush=True)
    elif text:
        print(text, flush=True)
