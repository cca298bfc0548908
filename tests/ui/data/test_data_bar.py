"""The bar above the images of the Data tab."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.data.data_bar import DataBar

pytestmark = pytest.mark.gui

LINE = "photos · 1,500 images of 64×64 in colour · 26 classes · 1,215 training, 135 validation, 150 test"
PARTS = ("photos", "1,500 images of 64×64 in colour", "26 classes", "1,215 training", "135 validation")


def test_the_line_is_never_cut_within_a_number(theme, show, part_of):
    bar = DataBar(theme, ViewState())
    bar.set_line(LINE)
    label = part_of(show(bar, width=1200, height=80), "datasetLine")
    assert isinstance(label, QLabel)
    assert label.text() == LINE
    seen = set()
    for width in range(1200, 400, -10):
        bar.resize(width, 80)
        text = label.text()
        assert label.fontMetrics().horizontalAdvance(text) <= label.width()
        assert text == LINE or text.endswith(tuple(f"{part}…" for part in PARTS))
        seen.add(text)
    assert len(seen) > 3
    assert bar.findChild(QLabel, "datasetLine").toolTip() == LINE


def test_a_name_is_shown_as_it_is_and_not_as_what_it_could_mean(theme, show, part_of):
    """Of rich text, Qt would fetch the images."""
    name = '<img src="//elsewhere/x.png"> & more · 3 images'
    bar = DataBar(theme, ViewState())
    bar.set_line(name)
    label = part_of(show(bar, width=1200, height=80), "datasetLine")
    assert isinstance(label, QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert QTextDocumentFragment.fromHtml(label.toolTip()).toPlainText() == name
