"""Parts lie in as many columns as have room."""

import pytest
from PySide6.QtWidgets import QLabel

from cadl_gui.ui.controls.columns_layout import in_columns

pytestmark = pytest.mark.gui


@pytest.mark.parametrize(("more_px", "n_columns"), [(0, 2), (-1, 1), (1, 2)])
def test_gaps_between_columns_take_room_but_none_follows_the_last(qtbot, more_px, n_columns):
    parts = [QLabel(str(n)) for n in range(3)]
    widget = in_columns(parts, 4, gap := 10)
    qtbot.addWidget(widget)
    widget.resize(2 * widget.minimumSizeHint().width() + gap + more_px, 300)
    widget.show()
    assert len({part.x() for part in parts}) == n_columns
    assert len({part.y() for part in parts}) == (3 if n_columns == 1 else 2)
