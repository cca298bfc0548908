"""The command palette finds and triggers all entries of the menus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTreeWidget
from trained import train

from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

KEY = Qt.Key
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def palette(qtbot, window):
    """Opens the palette by its shortcut, and types."""

    def opened(typed):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window, KEY.Key_P, CONTROL_SHIFT)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        palette = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: palette.isAncestorOf(QApplication.focusWidget()))
        qtbot.keyClicks(QApplication.focusWidget(), typed)
        return palette

    yield opened
    for widget in QApplication.topLevelWidgets():
        if widget.objectName() == "commandPalette":
            widget.close()


def rows(palette):
    """The listed texts, and whether each is enabled."""
    tree = palette.findChild(QTreeWidget)
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return {item.text(0): not item.isDisabled() for item in items}


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_what_is_typed_is_found_by_its_beginning_first_and_done_by_return(qtbot, window, theme, palette):
    listed = palette("dark")
    assert next(iter(rows(listed))) == "Dark"
    press(qtbot, KEY.Key_Return)
    assert theme.mode == "dark"
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_a_click_on_a_command_of_another_tab_shows_the_tab(qtbot, window, find, palette):
    assert not find("inspectTab").isVisible()
    tree = palette("graph inspect").findChild(QTreeWidget)
    first = tree.visualItemRect(tree.topLevelItem(0)).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.waitUntil(find("inspectTab").isVisible)
    assert window.findChild(object, "showOperationsAction").isChecked()


@pytest.mark.parametrize(
    ("typed", "found"), [("initial weights", "Train again"), ("one-hot", "Show a label one-hot")]
)
def test_words_of_the_help_are_found_too(palette, typed, found):
    assert found in rows(palette(typed))


def test_what_cannot_be_done_now_is_listed_and_not_chosen(qtbot, palette):
    listed = palette("newest weights")
    assert rows(listed)["Stop"] is False
    press(qtbot, KEY.Key_Return)
    assert QApplication.activeModalWidget() is listed


def test_arrow_keys_choose_among_what_was_found(qtbot, window, engine, palette):
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    listed = palette("network untrained")
    assert list(rows(listed))[:1] == ["Untrained network"]
    press(qtbot, KEY.Key_Down)
    press(qtbot, KEY.Key_Up)
    press(qtbot, KEY.Key_Return)
    assert engine.view.position == UNTRAINED


def test_query_without_a_match_says_so(palette):
    assert rows(palette("zebra")) == {"No menu offers “zebra”.": False}


def test_every_entry_of_every_menu_is_there_once(window, palette):
    listed = palette("")
    menus = [heading.menu() for heading in window.menuBar().actions()]
    menus += [
        action.menu() for menu in menus for action in menu.actions() if action.text() == "Write this lesson"
    ]
    named = {action.objectName() for menu in menus for action in menu.actions() if action.objectName()}
    assert "moveStepUpAction" in named, "of a menu in a menu, too"
    tree = listed.findChild(QTreeWidget)
    found = [
        tree.topLevelItem(row).data(0, Qt.ItemDataRole.UserRole).action.objectName()
        for row in range(tree.topLevelItemCount())
    ]
    assert sorted(found) == sorted(named - {"paletteAction"})
    can = [not tree.topLevelItem(row).isDisabled() for row in range(tree.topLevelItemCount())]
    assert can == sorted(can, reverse=True), "what can be done stands above"
