"""Compares what the program offers now with the committed inventory.

    python tests/inventory [--write]

Without `--write`, it prints the differences and ends with status 1 if there are any. The inventory is
`tests/inventory.json`; after a change of what the program offers, write it again and commit the difference.
Lessons that were written before go on naming what was renamed: its former name goes into `FORMER`
(`cadl_gui/ui/window/lesson_names.py`).
"""

import argparse
import difflib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from inventory.command_line import commands
from inventory.tables import exports, fields, presets
from inventory.window import window_facts

COMMITTED = Path(__file__).parents[1] / "inventory.json"

_IF_MEANT = "If this is meant: python tests/inventory --write, and commit the difference."


def inventory(folder: Path) -> dict[str, Any]:
    """Collect all facts; the window's own files are written to `folder`."""
    return {
        "commands": commands(),
        "presets": presets(),
        "fields": fields(),
        "exports": exports(),
        **window_facts(folder),
    }


def as_text(facts: dict[str, Any]) -> str:
    """The lines of the file."""
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def difference(now: str, committed: str) -> str:
    """The differences as a unified diff with the section of each part; "" if there are none."""
    lines = difflib.unified_diff(
        committed.splitlines(), now.splitlines(), "committed", "now", n=3, lineterm=""
    )
    return "\n".join(lines)


def main() -> int:
    """Compare, or write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the inventory anew")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"  # not the datasets that the user prepared
        now = as_text(inventory(Path(folder)))
    if arguments.write:
        COMMITTED.write_text(now, encoding="utf-8")
        return 0
    changed = difference(now, COMMITTED.read_text(encoding="utf-8"))
    if changed:
        sys.stdout.write(f"{changed}\n\n{_IF_MEANT}\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
