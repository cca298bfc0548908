"""The button at the foot of a dialog that is read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from cadl_gui.ui.close_button import close_button

pytestmark = pytest.mark.gui


def test_a_click_on_it_closes_the_dialog(qtbot):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    QVBoxLayout(dialog).addWidget(close_button(dialog))
    (button,) = dialog.findChildren(QPushButton)
    for _ in range(2):
        dialog.open()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert dialog.isHidden()
