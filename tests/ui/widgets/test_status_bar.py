"""The status bar shows names literally."""

import pytest

from cadl_gui.ui.widgets.status_bar import StatusBar

pytestmark = pytest.mark.gui


def test_a_name_that_looks_like_markup_is_shown_letter_by_letter(qtbot, engine):
    bar = StatusBar(engine)
    qtbot.addWidget(bar)
    name = "label <img src='//host/x.png'>, answer <b>dog</b>"
    bar.pointer_label.setText(name)
    assert bar.pointer_label.sizeHint().width() >= bar.pointer_label.fontMetrics().horizontalAdvance(name)
