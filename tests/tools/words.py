"""Finds for Babel all texts that can be translated: what `cadl_gui/system/words.py` marks, and tables.

`PYTHONPATH=tests pybabel extract -F pyproject.toml -o FILE.pot cadl_gui` writes the template that
translations begin with; `pybabel init`, `update` and `compile` make catalogues of it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parents[2]
TABLES: dict[str, set[str | int]] = {
    "ActionRow": {"menu", "text", "help"},
    "TabSpec": {1, 2},
    "field": {"label", "help", "unusual", "unit", "zero"},
    "Preset": {"line"},
}
"""The arguments with a text, by keyword or place, of what is translated where it is shown."""


def extract(file: BinaryIO, *_args: Any, **_options: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Each text of a file as Babel takes it: its line, what marks it, its one form or two, no comments."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            for text in _texts_of(node):
                yield node.lineno, "_" if isinstance(text, str) else "ngettext", text, []


def messages(root: Path = ROOT / "cadl_gui") -> Iterator[str | tuple[str, ...]]:
    """Each text in the files of a folder, or its two forms for one and for several."""
    for _path, _line, text, *_others in extract_from_dir(root, [("**.py", f"{__name__}:extract")]):
        yield text


def _texts_of(call: ast.Call) -> list[str | tuple[str, str]]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given: dict[str | int | None, ast.expr] = dict(enumerate(call.args))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    literal = {place: value.value for place, value in given.items() if isinstance(value, ast.Constant)}
    if name == "_":
        return [literal[0]] if literal.get(0) else []
    if name == "ngettext" and 1 in literal:
        return [(literal[0], literal[1])]
    if name == "count_text" and 1 in literal:
        plural = literal.get(2, literal.get("plural", f"{literal[1]}s"))
        return [(f"{{n}} {literal[1]}", f"{{n}} {plural}")]
    return [literal[place] for place in TABLES.get(name, ()) if literal.get(place)]
