"""A new layout of a page affects only the page, unless it needs another size."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cadl_gui.ui.window.tab_widget import TabWidget

pytestmark = pytest.mark.gui


class Paints(QObject):
    """Counts how often a widget is painted."""

    n = 0

    def eventFilter(self, watched, event):
        self.n += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def tabs(qtbot):
    window, tabs = QWidget(), TabWidget()
    qtbot.addWidget(window)
    QHBoxLayout(window).addWidget(tabs)
    page, beside = QWidget(), QLabel("Beside")
    page.caption = QLabel("1")
    row = QHBoxLayout(page)
    row.addWidget(page.caption)
    row.addWidget(beside, stretch=1)
    tabs.addTab(page, "Page")
    window.resize(300, 200)
    window.show()
    qtbot.waitExposed(window)
    tabs.paints = Paints()
    beside.installEventFilter(tabs.paints)
    yield tabs
    window.close()


def settled(tabs):
    """Process the events of a layout; returns how often the widget beside the caption was painted."""
    tabs.paints.n = 0
    for _ in range(10):
        QCoreApplication.processEvents()
    return tabs.paints.n


def test_another_number_of_the_same_width_paints_only_the_caption(tabs):
    tabs.currentWidget().caption.setText("2")
    settled(tabs)
    tabs.currentWidget().caption.setText("3")
    assert settled(tabs) == 0


def test_a_page_that_needs_more_room_gets_it(qtbot, tabs):
    tabs.currentWidget().caption.setMinimumSize(400, 250)
    qtbot.waitUntil(lambda: tabs.window().height() > 250 and tabs.window().width() > 400)
