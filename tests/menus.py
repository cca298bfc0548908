"""The menus of the window, as a user finds what is in them."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def entry(window, key):
    """What the menus offer under the key of a row of `ui/actions.py`."""
    action = window.findChild(QAction, f"{key}Action")
    assert action is not None, key
    return action


def recent_files(window):
    """The entries of “Open recent”, once it is open."""
    (menu,) = (menu for menu in window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.popup(window.mapToGlobal(window.rect().center()))
    entries = menu.actions()
    menu.close()
    return entries
