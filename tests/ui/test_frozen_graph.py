"""A frozen graph in the window: a run with one position that answers requests and has no layers."""

import pytest
from asking import ask
from hand import drop
from menus import entry
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cadl_gui.domain.requests import FetchSnapshot

pytestmark = pytest.mark.gui

NETWORKS_ONLY = ("save", "export", "duplicate", "branch", "pause", "rewind")


@pytest.fixture
def graph(qtbot, window, engine, tmp_path):
    """A graph, dropped on the window."""
    path = tmp_path / "theirs.pb"
    path.touch()
    assert drop(window, path)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    return engine.runs[0]


def test_frozen_graph_may_have_the_lecture_s_name(qtbot, window, engine, tmp_path):
    (tmp_path / "model.tfmodel").touch()
    assert drop(window, tmp_path / "model.tfmodel")
    qtbot.waitUntil(lambda: [run.description.source for run in engine.runs] == [tmp_path / "model.tfmodel"])


def test_the_window_says_what_it_is(qtbot, window, find, graph, engine):
    assert engine.view.run is graph
    qtbot.waitUntil(lambda: find("progressLabel", QLabel).text() == "Opened · frozen graph")
    assert find("statusLabel", QLabel).text() == "A theirs"
    assert not find("epochSlider").isEnabled()
    index = find("runList").model().index(0)
    assert "no history" in index.data()


def test_test_figures_of_a_network_that_was_trained_elsewhere_are_said_to_flatter_it(qtbot, find, graph):
    qtbot.waitUntil(lambda: find("confusionView").confusion is not None)
    labels = find("trainTab").findChildren(QLabel, "stageNote")
    notes = [label.accessibleName() for label in labels if label.isVisible()]
    assert "of its 1,000 test images wrong" in find("confusionView").accessibleDescription()
    assert notes[:2] == ["A · may have seen these"] * 2


def test_what_needs_a_network_of_ours_is_not_offered(qtbot, window, find, graph, engine):
    assert not [key for key in NETWORKS_ONLY if entry(window, key).isEnabled()]
    engine.training.train_again()
    assert engine.training.run is None


def test_frozen_graph_reads_what_is_drawn(qtbot, window, find, graph):
    find("tabs").setCurrentWidget(find("drawTab"))
    canvas = find("digitCanvas")
    middle = canvas.rect().center()
    QTest.mousePress(canvas, canvas_button(), pos=middle)
    QTest.mouseMove(canvas, middle + QPoint(30, 60))
    QTest.mouseRelease(canvas, canvas_button(), pos=middle + QPoint(30, 60))
    label = find("predictionLabel")
    qtbot.waitUntil(lambda: any(letter.isdigit() for letter in label.text()))
    assert find("noticeStrip").message() == ""


def canvas_button():
    from PySide6.QtCore import Qt

    return Qt.MouseButton.LeftButton


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("inspectTab", "A frozen graph has no layers to look into, only operations."),
        ("latentTab", "theirs has no latent plane."),
        ("trainTab", "A · may have seen these"),
    ],
)
def test_no_tab_stumbles_over_it(qtbot, window, find, engine, graph, tab, said):
    """The tab's requests are answered before the test's, since answers come in order."""
    find("tabs").setCurrentWidget(find(tab))
    ask(qtbot, engine, FetchSnapshot(graph.run_id, None))
    labels = [label for label in find(tab).findChildren(QLabel) if label.isVisible()]
    assert said in [label.accessibleName() or label.text() for label in labels]
    assert find("noticeStrip").message() == ""


def test_inspect_shows_the_operations_and_says_why_there_is_nothing_else(qtbot, window, find, graph):
    find("tabs").setCurrentWidget(find("inspectTab"))
    assert find("operationsButton").isChecked()
    assert find("layerDescription", QLabel).isVisible()
    assert "no layers to look into" in find("layerDescription", QLabel).text()
    for name in ("weightsButton", "activationsButton", "arithmeticButton"):
        assert not find(name).isEnabled()
    for name in ("layerList", "unitImage", "bendBar"):
        assert not find(name).isVisible()
