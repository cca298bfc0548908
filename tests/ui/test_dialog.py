"""The frame that all dialogs have."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cadl_gui.ui.dialog import Dialog

pytestmark = pytest.mark.gui


def test_a_click_on_its_button_closes_the_dialog(qtbot):
    dialog = Dialog(None, "anyDialog", "Any")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.lay_out(0, dialog.close_button())
    (button,) = dialog.findChildren(QPushButton)
    for _ in range(2):
        dialog.open()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert dialog.isHidden()
