"""A combo box shows that its text goes on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox

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


def test_items_are_withheld_for_a_reason_until_there_is_none(qtbot):
    combo = NoScrollComboBox()
    qtbot.addWidget(combo)
    combo.offer_entries([("One", "one"), ("Two", "two"), ("Three", "three")])
    for reasons in ({"two": "Not now."}, {"one": "Too small.", "three": "Too large."}, {}):
        combo.withhold(reasons)
        for index, key in enumerate(("one", "two", "three")):
            assert combo.model().item(index).isEnabled() == (key not in reasons)
            assert combo.itemData(index, Qt.ItemDataRole.ToolTipRole) == reasons.get(key)


def test_all_combo_boxes_do_so_and_leave_the_wheel_to_the_page(window):
    """“Why not” in Draw names classes, which can be long."""
    others = [
        combo.objectName()
        for combo in window.findChildren(QComboBox)
        if not isinstance(combo, NoScrollComboBox)
    ]
    assert not others
