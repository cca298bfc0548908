"""Repaints are complete on screens with a scale factor."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from cadl_gui.ui.figures.device_pixels import to_device, to_widget

ratios = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
places = st.integers(0, 500)
lengths = st.integers(1, 300)


@given(places, places, lengths, lengths, ratios)
def test_going_there_and_back_covers_all(x, y, width, height, ratio):
    rect = QRect(x, y, width, height)
    device = to_device(rect, ratio)
    back = to_widget(device.x(), device.y(), device.right() + 1, device.bottom() + 1, ratio)
    assert back.contains(rect)
    assert back.width() <= width + 2
    assert back.height() <= height + 2
