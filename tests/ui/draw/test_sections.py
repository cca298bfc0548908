"""Of the sections one is open; present mode offers a few, and one that a lesson shows."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from cadl_gui.ui.draw.sections import Sections

pytestmark = pytest.mark.gui

NAMES = ("seen", "evidence", "history", "fool", "nearest")


@pytest.fixture
def sections(qtbot, theme):
    pages = {name: QLabel(name) for name in NAMES}
    sections = Sections(pages, QLabel("beside"), theme)
    qtbot.addWidget(sections)
    sections.show()
    return sections


def offered(sections):
    return [name for name in NAMES if sections.findChild(QPushButton, f"{name}PanelButton").isVisible()]


def shown(sections):
    return [sections.pages.currentWidget().text()] if sections.is_open else []


def checked(sections):
    return [name for name in NAMES if sections.findChild(QPushButton, f"{name}PanelButton").isChecked()]


def click(sections, name):
    sections.findChild(QPushButton, f"{name}PanelButton").click()


def test_a_section_is_open_and_only_what_the_user_opens_is_told(sections):
    told = []
    sections.chosen.connect(told.append)
    assert (sections.current, checked(sections)) == ("seen", ["seen"])
    for name in ("fool", "fool", "evidence", "nearest"):
        click(sections, name)
        assert (sections.current, checked(sections), told) == (name, [name], [name])
        assert shown(sections) == [name]
        told.clear()
        sections.open("history")
        assert (sections.current, checked(sections), told) == ("history", ["history"], [])
        sections.open("of another version")
        assert sections.current == "history"


def test_a_section_that_is_offered_alone_opens_and_closes_and_afterwards_the_one_of_before_is_open(sections):
    told, folded = [], []
    sections.chosen.connect(told.append)
    sections.folded.connect(lambda: folded.append(sections.is_open))
    for before, only in (("fool", "history"), ("history", "history"), ("seen", "fool"), ("seen", "seen")):
        sections.open(before)
        sections.offer_only("evidence", only)
        first = "evidence" if before == only else before
        assert offered(sections) == [name for name in NAMES if name in (first, only)], "in one row"
        assert (sections.is_open, shown(sections)) == (True, [before])
        is_open = before == only
        for _ in range(3):
            is_open = not is_open
            click(sections, only)
            assert (sections.is_open, sections.shows(only), folded[-1]) == (is_open, is_open, is_open)
            assert shown(sections) == ([only] if is_open else [])
            assert checked(sections) == shown(sections)
        sections.offer_only()
        assert offered(sections) == [*NAMES]
        assert (sections.current, checked(sections), sections.is_open) == (before, [before], True)
        assert shown(sections) == [before]
    sections.open("")
    sections.offer_only("seen", "history", "fool")
    assert (offered(sections), shown(sections)) == (["seen", "history", "fool"], []), "none was wished"
    sections.open("seen")
    assert shown(sections) == ["seen"]
    sections.open("")
    assert shown(sections) == []
    sections.offer_only("history", "fool")
    for name in ("fool", "history", "fool"):
        click(sections, name)
        assert (shown(sections), checked(sections)) == ([name], [name])
    click(sections, "fool")
    assert (shown(sections), checked(sections)) == ([], [])
    for name in ("history", "seen", "", "fool", "nearest", ""):  # as a lesson or Undo does
        sections.open(name)
        assert shown(sections) == checked(sections) == [each for each in NAMES if each == name]
        first = name if name in ("seen", "nearest") else "history"
        assert offered(sections) == [each for each in NAMES if each in (first, "fool")]
        assert folded[-1] == sections.is_open == (name != "")
    assert told == []


def test_the_share_of_a_section_is_in_force_is_told_on_its_button_also_while_another_is_open(sections):
    button = sections.findChild(QPushButton, "foolPanelButton")
    for n, text in (
        (0, "Fool it"),
        (3, "Fool it · 3"),
        (1, "Fool it · 1"),
        (0, "Fool it"),
        (3, "Fool it · 3"),
    ):
        sections.set_count("fool", n)
        assert button.text() == text
        assert sections.findChild(QPushButton, "evidencePanelButton").text() == "Why"
