"""A combo box shows that its text goes on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

pytestmark = pytest.mark.gui


def test_a_text_that_does_not_fit_ends_in_dots(qtbot, theme):
    """“colours-on-black:size=32” ended in the left half of a k."""
    combo = NoScrollComboBox()
    qtbot.addWidget(combo)
    name = "colours-on-black:size=32"
    combo.addItem(name)
    combo.setFixedWidth(120)
    combo.show()
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    shortened = combo.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, field.width() - 2)
    assert shortened != name
    seen = combo.grab().toImage()
    combo.setItemText(0, shortened)
    assert combo.grab().toImage() == seen
    combo.setFixedWidth(400)
    combo.setItemText(0, name)
    assert combo.currentText() == name
