"""The F1 page: all actions, found by typing, in large type too."""

import pytest
from menus import entry
from PySide6.QtWidgets import QDialog, QLineEdit, QTextBrowser
from trained import train

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui


@pytest.fixture
def keys(qtbot, window):
    """Opens the dialog."""

    def keys():
        entry(window, "keys").trigger()
        dialog = window.findChild(QDialog, "keysDialog")
        qtbot.waitExposed(dialog)
        return dialog

    return keys


def text(dialog):
    return dialog.findChild(QTextBrowser, "keysText").toPlainText()


@pytest.mark.parametrize("key", ["keys", "about", "report", "prepared_datasets", "comparison"])
def test_a_dialog_that_is_open_comes_to_the_front(qtbot, window, engine, key):
    """Another one was opened over it each time, as by F1 with the list of keys behind the window."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    qtbot.waitUntil(entry(window, key).isEnabled)
    for _ in range(2):
        entry(window, key).trigger()
    assert len([dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]) == 1


def test_typing_filters_the_actions(qtbot, theme, keys):
    dialog = keys()
    assert "Spotlight" in text(dialog)
    assert "Quit" in text(dialog)
    search = dialog.findChild(QLineEdit, "keysSearch")
    assert dialog.focusWidget() is search
    qtbot.keyClicks(search, "clear PIN")
    assert "Shift+Del" in text(dialog)
    assert "Quit" not in text(dialog)
    search.setText("zzz")
    assert text(dialog) == "Nothing matches “zzz”."
    search.clear()
    assert "Quit" in text(dialog)
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        browser = dialog.findChild(QTextBrowser, "keysText")
        assert theme.colours.secondary.lower() in browser.toHtml().lower(), "it is read in other colours, too"


@pytest.mark.parametrize("present", [False, True])
def test_help_page_has_two_columns_that_fit_and_fits_the_screen(window, theme, keys, present):
    theme.set_present(present)
    dialog = keys()
    browser = dialog.findChild(QTextBrowser, "keysText")
    assert browser.horizontalScrollBar().maximum() == 0
    assert browser.toHtml().count("<td") == 2 * browser.toHtml().count("<tr")
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
