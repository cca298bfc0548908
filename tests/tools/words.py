"""Writes the template that translations begin with: all that `cadl_gui/system/words.py` marks, and where.

`python tests/tools/words.py FILE.pot`; Babel’s `pybabel init`, `update` and `compile` make catalogues of it.
"""

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from cadl_gui import __version__

ROOT = Path(__file__).resolve().parents[2]
TABLES: dict[str, set[str | int]] = {
    "ActionRow": {"menu", "text", "help"},
    "TabSpec": {1, 2},
    "field": {"label", "help", "unusual", "unit", "zero"},
}
"""The arguments with a text, by keyword or place, of what is translated where it is shown."""


def messages(root: Path = ROOT / "cadl_gui") -> Iterator[tuple[Path, int, str | tuple[str, str]]]:
    """Each marked text, or its two forms for one and for several: its file and line, and the text."""
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for text in _texts_of(node):
                    yield path, node.lineno, text


def template() -> Catalog:
    """A catalogue of all messages, none of them translated."""
    catalogue = Catalog(project="cadl_gui", version=__version__, fuzzy=False)
    for path, line, text in messages():
        catalogue.add(text, locations=[(str(path.relative_to(ROOT)), line)])
    return catalogue


def _texts_of(call: ast.Call) -> list[str | tuple[str, str]]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given: dict[str | int | None, ast.expr] = dict(enumerate(call.args))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    literal = {place: value.value for place, value in given.items() if isinstance(value, ast.Constant)}
    if name == "_":
        return [literal[0]] if 0 in literal else []
    if name == "ngettext" and 1 in literal:
        return [(literal[0], literal[1])]
    if name == "count_text" and 1 in literal:
        plural = literal.get(2, literal.get("plural", f"{literal[1]}s"))
        return [(f"{{n}} {literal[1]}", f"{{n}} {plural}")]
    return [literal[place] for place in TABLES.get(name, ()) if isinstance(literal.get(place), str)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the template of all texts that can be translated.")
    parser.add_argument("file", type=Path, help="the .pot file to write")
    with parser.parse_args().file.open("wb") as file:
        write_po(file, template(), width=110)
