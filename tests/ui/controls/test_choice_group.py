"""Tab reaches the chosen button of several."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from cadl_gui.ui.controls.choice_group import ChoiceGroup

pytestmark = pytest.mark.gui


def test_tab_reaches_the_chosen_button_and_arrows_the_others(qtbot):
    """In Data, Tab went to “Image” while “Statistics” was shown, and never to the latter."""
    window, group = QWidget(), ChoiceGroup()
    row = QHBoxLayout(window)
    first = QLineEdit()
    row.addWidget(first)
    buttons = [QPushButton(text) for text in ("Image", "Statistics", "Duplicates")]
    for button in buttons:
        button.setCheckable(True)
        group.addButton(button)
        row.addWidget(button)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for chosen in (1, 2, 0):
        buttons[chosen].setChecked(True)
        first.setFocus()
        QTest.keyClick(first, Qt.Key.Key_Tab)
        assert window.focusWidget() is buttons[chosen]
    QTest.keyClick(buttons[0], Qt.Key.Key_Right)
    assert buttons[1].isChecked()
    assert window.focusWidget() is buttons[1]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert window.focusWidget() is buttons[1]
