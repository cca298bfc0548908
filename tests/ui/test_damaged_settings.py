"""Settings that no program of ours wrote: each counts as never set, and the window opens with the others."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QTabWidget

from cadl_gui.domain.presets import preset
from cadl_gui.ui.settings import FORMAT, FileKind, Setting, Settings
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui

SAMPLES = {
    "theme_mode": "dark",
    "reduce_motion": True,
    "details": True,
    "geometry": QByteArray(b"geometry"),
    "brush": 7,
    "replay_rate": 16,
}
"""Each property that can be set, with a value that is not its first one."""

DIGITS = "9" * 4_400
DEEP = "[" * 100_000
CONFIG = json.dumps(preset("vae").config.to_json())

HOSTILE = {
    "huge": "99999999999999999999",
    "out of range": "2147483648",
    "digits": DIGITS,
    "negative": "-1",
    "float": "1e999",
    "no number": "NaN",
    "other digits": "\\x663\\x664",
    "brackets": f'"{DEEP}"',
    "infinity": '"[Infinity, 0]"',
    "spans": '"{\\"/run\\": [[Infinity, 0], [0, -1]], \\"/other\\": [\\"\\", 1e400]}"',
    "many values": '"[' + "0," * 400_000 + '0]"',
    "object": '"{\\"preset\\": {\\"preset\\": []}}"',
    "config": '"' + CONFIG.replace('"', '\\"').replace("256", "1e400").replace("100", DIGITS) + '"',
    "list": "a, b, c",
    "empty list": "@Invalid()",
    "bytes": '"@ByteArray(\\x0\\xff\\x1)"',
    "variant": '"@Variant(\\x0\\x0\\x0\\x9\\x0\\x0\\x0\\x1\\x0\\x0\\x0\\x2\\xff\\xff\\xff\\xff)"',
    "broken variant": '"@Variant(\\xff\\xff)"',
    "rectangle": "@Rect(-2147483648 0 2147483647 2147483647)",
    "nul": '"a\\x0\\x62\\n\\x0\\n/c"',
    "surrogate": '"\\xd800/x\\n\\xdfff"',
    "long": "x" * 1_000_001,
    "long lines": '"' + "/x\\n" * 20_000 + "/" + "y" * 10_000 + '"',
}
"""What stands in the file, by what is wrong with it."""


def keys():
    """Every key that the program writes."""
    settings = Settings()
    for name, value in SAMPLES.items():
        setattr(settings, name, value)
    settings.add_recent("/a")
    for kind in FileKind:
        settings.remember_folder(kind, Path.home())
    return QSettings().allKeys()


def write(values):
    """Let the file hold these texts, by key."""
    QSettings().clear()
    QSettings().sync()
    lines = ["[General]", *(f"{key}={text}" for key, text in values.items() if "/" not in key)]
    lines += [
        "[folders]",
        *(f"{key.removeprefix('folders/')}={text}" for key, text in values.items() if "/" in key),
    ]
    file = Path(QSettings().fileName())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    QSettings().sync()


def are_strings(values):
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


BOUNDS = {
    "theme_mode": lambda value: value in {"light", "dark", "system"},
    "reduce_motion": lambda value: isinstance(value, bool),
    "details": lambda value: isinstance(value, bool),
    "geometry": lambda value: value is None or isinstance(value, QByteArray),
    "brush": lambda value: value is None or 1 <= value <= 100,
    "replay_rate": lambda value: 1 <= value <= 60,
    "recent": are_strings,
}


def test_every_property_is_tried():
    kept = {name for name, value in vars(Settings).items() if isinstance(value, Setting | property)}
    assert {name for name in kept if name[0] != "_"} == {*SAMPLES, "recent"} == set(BOUNDS)


def test_what_was_written_is_read_in_the_next_session(own_settings):
    keys()
    QSettings().sync()
    settings = Settings()
    assert {name: getattr(settings, name) for name in SAMPLES} == SAMPLES
    assert settings.recent == ["/a"]
    assert settings.folder_of(FileKind.RUN) == Path.home()
    assert settings.caution == ""


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_the_file_holds_a_property_is_within_its_bounds(kind):
    for key in keys():
        write({"format": str(FORMAT), key: HOSTILE[kind]})
        settings = Settings()
        assert [name for name, is_good in BOUNDS.items() if not is_good(getattr(settings, name))] == [], key
        for file_kind in FileKind:
            folder = settings.folder_of(file_kind)
            assert folder is None or folder.is_dir(), key
        for path in map(Path, settings.recent):
            path.absolute().resolve()


@pytest.mark.parametrize("text", [DIGITS, f'"{DEEP}"', "x", "-1", "1.5"], ids=lambda text: text[:5])
def test_a_version_that_cannot_be_read_is_said_with_the_file_and_the_other_settings_hold(text):
    write({"format": text, "brush": "7", "theme_mode": "dark"})
    settings = Settings()
    file = QSettings().fileName()
    assert settings.caution == f"The settings in “{file}” are damaged: those that can be read are used."
    assert (settings.brush, settings.theme_mode) == (7, "dark")
    assert Settings().caution == "", "it has been mended"


@pytest.mark.parametrize(
    "kind", ["huge", "out of range", "digits", "brackets", "spans", "variant", "nul", "long lines"]
)
def test_the_window_opens_complete_and_shows_every_tab(qtbot, kind, request):
    """All settings at once: a tab that one of them kept from being built would be missing."""
    write(dict.fromkeys(keys(), HOSTILE[kind]))
    window = request.getfixturevalue("window")
    tabs = window.findChild(QTabWidget, "tabs")
    assert [tabs.widget(i).objectName() for i in range(tabs.count())] == [spec.name for spec in TABS]
    for i in range(tabs.count()):
        tabs.setCurrentIndex(i)
        qtbot.waitUntil(lambda i=i: tabs.widget(i).isVisible())
    window.close()
