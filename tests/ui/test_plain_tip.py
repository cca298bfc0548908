"""Names of classes, files and operations are shown as they are: of rich text, Qt would fetch the images."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QTableView

from cadl_gui.domain.operations import Operation
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.inspect.operations_view import OperationsView
from cadl_gui.ui.plain_tip import plain_tip

pytestmark = pytest.mark.gui

NAME = "<img src='x.png'>"


def seen(tip):
    """What Qt shows of a tooltip."""
    return QTextDocumentFragment.fromHtml(tip).toPlainText()


def test_labels_show_names_as_they_are(qtbot, theme):
    side = SidePanel(theme, "")
    qtbot.addWidget(side)
    side.set_text(f"It is a {NAME}.")
    label = side.findChild(QLabel)
    assert NAME in label.text()
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert seen(label.toolTip()) == label.text()


def test_an_operation_is_named_as_it_is(qtbot, theme):
    view = OperationsView(theme, BackgroundJobs(), ViewState())
    qtbot.addWidget(view)
    view.set_operations([Operation(NAME, "Relu", "")])
    name = view.findChild(QTableView).model().index(0, 0)
    assert name.data() == NAME
    assert seen(name.data(Qt.ItemDataRole.ToolTipRole)) == NAME


@pytest.mark.parametrize(
    "name", [NAME, "a &lt;b&gt; c", "&lt;", "5 < 7 & 9", "a\n&lt;b", "A & B", "<!doctype html>", "two\nlines"]
)
def test_tip_is_seen_as_it_is(qtbot, name):
    """Qt takes “&lt;” for rich text, too, and showed “<”."""
    label = QLabel(plain_tip(name))  # decides by the same rule as a tooltip whether a text is rich
    qtbot.addWidget(label)
    plain = QLabel()
    qtbot.addWidget(plain)
    plain.setTextFormat(Qt.TextFormat.PlainText)
    plain.setText(name)
    for each in (label, plain):
        each.resize(400, 100)
    assert label.grab().toImage() == plain.grab().toImage()
