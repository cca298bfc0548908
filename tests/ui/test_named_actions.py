"""Actions that the program's texts mention exist under that name."""

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget

import cadl_gui

pytestmark = pytest.mark.gui

PACKAGE = Path(cadl_gui.__file__).parent
ROOT = PACKAGE.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "resources" / "manual").glob("*.md"))]

PATH = re.compile(r"[A-Z]\w+(?: → [A-Z][\w ]*\w…?)+")
"""A path through menus or a tab, such as “File → Open run folder…”."""

PRESS = re.compile(r"\b[Pp]ress \*?([A-Z]\w*(?:\+\w+)*|\w–\w)")
"""A button or key to press, such as “Press Train”."""


def strings():
    """All strings of the program, including joined ones, the README and the manual."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(path.relative_to(PACKAGE)), node.value
    for path in PAGES:
        yield path.name, path.read_text(encoding="utf-8")


def named(pattern):
    return [(where, found) for where, text in strings() for found in pattern.findall(text)]


def plain(text):
    return text.replace("&", "").removesuffix("…")


@pytest.fixture
def texts(window):
    """All texts of the window, by menu or tab: actions, buttons and labels."""
    texts = {}
    for heading in window.menuBar().actions():
        entries = heading.menu().actions()
        within = [each for entry in entries if entry.menu() for each in entry.menu().actions()]
        texts[heading.iconText()] = {plain(action.text()) for action in (*entries, *within)}
    tabs = window.findChild(QTabWidget, "tabs")
    for i in range(tabs.count()):
        tabs.setCurrentIndex(i)  # what a tab shows is laid out when it is seen
        parts = [*tabs.widget(i).findChildren(QAbstractButton), *tabs.widget(i).findChildren(QLabel)]
        texts.setdefault(tabs.tabText(i), set()).update(plain(part.text()) for part in parts)
    return texts


def test_ways_through_menus_and_tabs_are_there(texts):
    ways = named(PATH)
    assert ways
    wrong = []
    for where, way in ways:
        place, *steps = way.split(" → ")
        if not {plain(step) for step in steps} <= texts.get(place, set()):
            wrong.append((where, way))
    assert not wrong


def test_what_is_to_be_pressed_is_there(window, texts):
    offered = {text.split()[0] for several in texts.values() for text in several if text}
    keys = {key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()}
    digits = {"0–9"} if set("0123456789") <= keys else set()
    pressed = named(PRESS)
    assert pressed
    assert not [found for found in pressed if found[1] not in offered | keys | digits]
