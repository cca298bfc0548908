"""What stands there with Details, without, and in present mode."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cadl_gui.ui.theme import theme as theme_module
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme

MOST_BRANCHES = 8
"""Parts that ask for present mode themselves: for all else, a widget has a property, or a size two values."""

MODES = {"page": (False, False), "details": (True, False), "present": (False, True), "both": (True, True)}
HAS = {
    When.ALWAYS: {"page", "details", "present", "both"},
    When.DETAILS: {"details"},
    When.AT_A_DESK: {"page", "details"},
    When.PRESENTING: {"present", "both"},
}


def switch(theme, mode):
    details, present = MODES[mode]
    theme.set_details(details)
    theme.set_present(present)


@pytest.mark.parametrize("begins", MODES)
def test_a_widget_stands_there_while_the_mode_has_it_and_its_page_wants_it(qtbot, begins):
    details, present = MODES[begins]
    theme, page = Theme("light", details=details, present=present), QWidget()
    qtbot.addWidget(page)
    column, labels = QVBoxLayout(page), {when: QLabel(when) for when in When}
    unwanted = QLabel("wanted later")
    theme.stage.show(unwanted, wanted=False)
    for when, label in labels.items():
        theme.stage.put(when, label)
        column.addWidget(label)
    theme.stage.put(When.DETAILS, unwanted)
    column.addWidget(unwanted)
    page.show()
    walk = [begins, "details", "present", "both", "details", "page", "present", "page", "details"]
    for step, mode in enumerate(walk):
        switch(theme, mode)
        theme.stage.show(unwanted, wanted=step > 4)
        qtbot.waitUntil(lambda mode=mode: {w for w in When if labels[w].isVisible()} == shown(mode))
        assert unwanted.isVisible() is (step > 4 and mode == "details")


def shown(mode):
    return {when for when in When if mode in HAS[when]}


def test_what_is_wanted_before_it_has_a_parent_is_no_window(qtbot):
    theme, page, label = Theme("light"), QWidget(), QLabel("words")
    qtbot.addWidget(page)
    theme.stage.put(When.AT_A_DESK, label)
    theme.stage.show(label, wanted=False)
    theme.stage.show(label, wanted=True)
    assert not label.isVisible()
    QVBoxLayout(page).addWidget(label)
    page.show()
    assert label.isVisible()


def test_few_parts_ask_for_present_mode():
    """Sixty did, each hiding its own widgets."""
    package = Path(theme_module.__file__).parents[2]
    asks = re.compile(r"theme\.present\b|\.presents\b|has\(When\.(AT_A_DESK|PRESENTING)\)")
    files = [path for path in package.rglob("*.py") if path.parent.name != "theme"]
    found = [f"{path.name}: {line.strip()}" for path in files for line in lines_of(path) if asks.search(line)]
    assert 0 < len(found) <= MOST_BRANCHES, "\n".join(found)


def lines_of(path):
    return path.read_text("utf-8").splitlines()
