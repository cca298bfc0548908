"""The list of operations is filtered while typing."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView
from seen import hover_texts

from cadl_gui.domain.operations import Operation
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.inspect.operations_view import OperationsView

pytestmark = pytest.mark.gui

OPERATIONS = (
    Operation("picture", "Placeholder", "? × 28 × 28 × 1"),
    Operation("encoder_1/convolution", "Conv2D", "? × 14 × 14 × 32"),
    Operation("encoder_1/Relu", "Relu", "? × 14 × 14 × 32"),
)


@pytest.fixture
def shown(qtbot, theme):
    view = OperationsView(theme, BackgroundJobs(), ViewState())
    qtbot.addWidget(view)
    view.show()
    view.set_operations(OPERATIONS)
    return view


def names(view):
    model = view.findChild(QTableView).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def count(view):
    return view.findChild(QLabel, "operationCount").text()


def test_all_are_listed_in_their_order(shown):
    assert names(shown) == [operation.name for operation in OPERATIONS]
    assert count(shown) == "3 operations, in the order of the graph"


@pytest.mark.parametrize(("words", "found"), [("CONV2d", 1), ("encoder_1", 2), ("28", 1), ("xyz", 0)])
def test_a_search_looks_at_names_kinds_and_shapes(qtbot, shown, words, found):
    qtbot.keyClicks(shown.findChild(QLineEdit), words)
    assert len(names(shown)) == found
    assert count(shown) == f"{found} of 3 operations"


def test_names_are_copied_a_line_each(qtbot, shown):
    table = shown.findChild(QTableView)
    table.selectAll()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\n") == [operation.name for operation in OPERATIONS]


def test_the_list_is_an_image_too(qtbot, shown):
    table = shown.findChild(QTableView)
    pixels = next(action for action in shown.findChildren(QAction) if action.text() == "Copy image")
    pixels.trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == 2 * table.size()
    qtbot.keyClicks(shown.findChild(QLineEdit), "Conv2D")
    pixels.trigger()
    assert QGuiApplication.clipboard().image() != image, "what is searched is what is shown"


def test_the_whole_row_under_the_pointer_is_reported(qtbot, shown):
    table = shown.findChild(QTableView)
    texts = hover_texts(shown.findChild(FigurePanel))
    place = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseMove(table.viewport(), place)
    qtbot.mouseMove(table.viewport(), QPoint(place.x(), table.viewport().height() - 2))
    assert texts == ["encoder_1/convolution · Conv2D · ? × 14 × 14 × 32", ""]
