"""Finds entries of the window's menus."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def entry(window, key):
    """The menu entry of a row of `ui/actions.py`, by its key."""
    action = window.findChild(QAction, f"{key}Action")
    assert action is not None, key
    return action


def recent_files(window):
    """The entries of “Open recent”."""
    (menu,) = (menu for menu in window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.popup(window.mapToGlobal(window.rect().center()))
    entries = menu.actions()
    menu.close()
    return entries
