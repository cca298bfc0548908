"""A pseudo-language: English with accents, 40 % longer and in brackets, to see what is not marked or cut off.

In a process that speaks it (see `environment`), a word without accents is not marked, or it is a name.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from tools.words import messages

from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.glossary import glossary
from cadl_gui.system.resources import shipped_lessons

LANGUAGE = "en_XA"
IS_SPOKEN = os.environ.get("LANGUAGE") == LANGUAGE
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçđéƒğĥíĵķľɱñóþʠřšťúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶĽḾÑÓÞɊŘŠŤÚṼŴẊÝŽ",
)
_KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|&\w+;|\*[\w.*-]+|%\(\w+\)\w)")
"""What a translator leaves as it is: what is filled in, tags, patterns of files."""

_LESSON = re.compile(r"^(?:title|needs): (.+)$", re.MULTILINE)
_NAMES = (
    *("TensorFlow", "Keras", "TensorBoard", "SavedModel", "ONNX", "CADL", "MNIST", "CIFAR", "IDX", "CPU"),
    *(
        "KL",
        "MB",
        ".lesson.md",
        ".cadl-lesson",
        *(f"{side}coder_{i}" for side in ("en", "de") for i in range(9)),
    ),
    *("Ctrl", "Shift", "Alt", "Esc", "Space", "Del", "Backspace", "Return", "Home", "End", "PgUp", "PgDown"),
    *("Left", "Right", "Up", "Down", *(f"F{i}" for i in range(1, 13))),
    *PRESETS,
    *(choice for field in FIELDS.values() for choice in (*field.choices, "on", "off")),
    *(f"{word[0].upper()}{word[1:]}: {sentence}" for word, sentence in glossary().items()),
    *(words for lesson in shipped_lessons() for words in _LESSON.findall(lesson.read_text(encoding="utf-8"))),
    *("Close", "Scroll Left", "Scroll Right", "Export", "Export..."),
)
"""What is the same in other languages: names of programs, datasets, layers and keys, units, ends of files,
presets and values as files have them; what no catalogue translates: the manual's glossary, lessons; texts of
Qt and pyqtgraph."""

_WORD = re.compile(r"[A-Za-z]{2,}")
_TAG = re.compile(r"</?[a-z]+[^<>]*>|&\w+;")


def accented(text: str) -> str:
    """A text in the pseudo-language."""
    parts = _KEPT.split(text)
    parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
    n_more = round(0.4 * sum(map(len, parts[::2])))
    return f"⟦{''.join(parts)}{''.join(' ' if i % 7 == 0 else 'ø' for i in range(n_more))}⟧"


def environment(folder: Path) -> dict[str, str]:
    """Write a catalogue of the pseudo-language, and return the environment of a process that speaks it."""
    catalogue = Catalog(locale="en")
    for text in messages():
        told = accented(text) if isinstance(text, str) else tuple(map(accented, text))
        catalogue.add(text, told)
    file = folder / LANGUAGE / "LC_MESSAGES" / "cadl_gui.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, catalogue)
    return {**os.environ, "LANGUAGE": LANGUAGE, "TEXTDOMAINDIR": str(folder)}


def unmarked(texts: Iterable[str]) -> list[str]:
    """The texts with words that have no accents and are no names."""
    names = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})(?!\w)")
    plain = {text: names.sub("", _TAG.sub(" ", text)) for text in texts}
    return [
        f"not marked: {_WORD.findall(rest)} in “{text}”" for text, rest in plain.items() if _WORD.search(rest)
    ]


def told(root: QWidget) -> Iterator[str]:
    """What widgets and actions of a window tell besides what they show: tips, names for screen readers."""
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.window() is root and (widget is root or widget.isVisible()):
            yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
            if isinstance(widget, QComboBox):
                yield from map(widget.itemText, range(widget.count()))
            if isinstance(widget, QLineEdit):
                yield widget.placeholderText()
    for action in root.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip())
