"""The list of runs: miniatures, what differs, boxes to compare, menus and headings."""

import pytest
from fakes import FakeInference
from held import HeldTraining, holding
from idle import wait_until_idle
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QTextDocumentFragment,
)
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QToolTip
from seen import colours_of
from trained import train

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.events import SnapshotTaken
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.controls.miniatures import Miniatures
from cadl_gui.ui.controls.run_badge import paint_badge
from cadl_gui.ui.controls.run_delegate import fitting_progress
from cadl_gui.ui.controls.run_list_model import DIFFERENCE_ROLE, HEADING_ROLE
from cadl_gui.ui.run_text import difference_text, varying_among

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference

LEFT = Qt.MouseButton.LeftButton
SOFTMAX = preset("softmax").config.replace(epochs=1)


@pytest.fixture
def runs(qtbot, window, find):
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not find("runList").is_collapsed)
    return find("runList")


@pytest.mark.parametrize("size", [(1440, 560), (1024, 560)])
def test_the_run_shown_stays_in_sight_when_the_window_becomes_lower(qtbot, window, engine, runs, size):
    """On a small screen, the rail showed A to I while L was shown."""
    shown = [train(qtbot, engine, SOFTMAX.replace(seed=seed)) for seed in range(1, 13)][-1]
    engine.view.show_run(shown)
    qtbot.waitUntil(lambda: runs.viewport().rect().contains(runs.visualRect(runs.currentIndex())))
    assert runs.verticalScrollBar().maximum() == 0, "all have room at first"
    window.resize(*size)
    qtbot.waitUntil(lambda: runs.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: runs.viewport().rect().contains(runs.visualRect(runs.currentIndex())))


def test_where_both_do_not_fit_the_quality_is_whole_and_the_epochs_are_left_out(theme):
    metrics = QFontMetrics(theme.font("caption"))
    whole, quality, number = "99.6 % correct · 44 epochs", "99.6 % correct", "99.6 %"
    width = metrics.horizontalAdvance(whole)
    assert fitting_progress(whole, metrics, width + 1) == whole
    assert fitting_progress(whole, metrics, width) == quality, "it would be elided"
    assert fitting_progress(whole, metrics, metrics.horizontalAdvance(quality)) == number
    assert fitting_progress("loading", metrics, 10) == "loading"


@pytest.mark.parametrize("place", range(4))
def test_after_a_run_is_removed_the_list_follows_the_view_which_shows_the_last(qtbot, engine, runs, place):
    """Qt chose its neighbour, and so changed the view while it was rendered."""
    trained = [train(qtbot, engine, SOFTMAX.replace(seed=seed)) for seed in range(1, 5)]
    gone = trained.pop(place)
    engine.view.show_run(gone)
    engine.runs.remove(gone)
    assert engine.view.run is trained[-1]
    assert runs.currentIndex().row() == 2
    assert [index.row() for index in runs.selectedIndexes()] == [2]
    engine.runs.restore_removed()
    assert engine.view.run is gone
    assert runs.currentIndex().row() == place


@pytest.mark.parametrize("name", ["softmax", "vae", "autoencoder"])
def test_every_kind_of_run_gets_a_miniature(qtbot, window, engine, theme, name):
    miniatures = Miniatures(engine, theme)
    with qtbot.waitSignal(miniatures.changed, timeout=20_000) as changed:
        run = train(qtbot, engine, preset(name).config.replace(epochs=1))
    assert changed.args == [run]
    assert miniatures.of(run).width() >= 10
    miniatures.deleteLater()


@pytest.mark.parametrize("name", ["softmax", "vae", "autoencoder"])
def test_a_run_stopped_within_its_first_epoch_gets_a_miniature_once_it_is_stopped(
    qtbot, window, engine, theme, name
):
    miniatures = Miniatures(engine, theme)
    engine.training.train(preset(name).config, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    engine.training.step()
    qtbot.waitUntil(lambda: engine.view.position == Position(0, 1))
    wait_until_idle(engine, window)
    assert miniatures.of(engine.runs[0]) is None
    with qtbot.waitSignal(miniatures.changed) as changed:
        engine.training.stop()
    assert changed.args == [engine.runs[0]]
    assert miniatures.of(engine.runs[0]).width() >= 10
    miniatures.deleteLater()


def test_the_miniature_of_images_that_are_no_squares_is_their_middle(qtbot, engine, runs, monkeypatch):
    """It was squeezed."""
    wide = QImage(90, 30, QImage.Format.Format_RGB32)
    wide.fill(QColor(255, 0, 0))
    painter = QPainter(wide)
    painter.fillRect(30, 0, 30, 30, QColor(0, 0, 255))
    painter.end()
    monkeypatch.setattr(Miniatures, "of", lambda *_: wide)
    train(qtbot, engine, SOFTMAX)
    colours = colours_of(runs.grab().toImage())
    assert "#0000ff" in colours
    assert "#ff0000" not in colours


def test_runs_say_how_they_differ(qtbot, window, engine, runs):
    usual = train(qtbot, engine, SOFTMAX)
    assert difference_text(usual, varying_among([usual], "softmax")) == ""
    fast = train(qtbot, engine, SOFTMAX.replace(learning_rate=0.1))
    assert difference_text(fast, varying_among([fast], "softmax")) == "rate 0.1"
    both = varying_among([usual, fast], "softmax")
    assert difference_text(usual, both) == "rate 0.005", "the other one differs, too"
    texts = [runs.model().index(row, 0).data() for row in (0, 1)]
    differences = [text.split(", ")[1] for text in texts]
    assert [text.rpartition(" · ")[2] for text in differences] == ["rate 0.005", "rate 0.1"]
    engine.runs.rename(fast, "rate 0.1")
    assert runs.model().index(1, 0).data().split(", ")[1] == "softmax · Fake", "its name says the rest"


def test_the_configurations_of_many_runs_are_compared_once_for_all_rows(qtbot, engine, runs, monkeypatch):
    """Each with each, the window stood still for seconds from sixty runs on."""
    for rate in (0.1, 0.2, 0.3, 0.4, 0.5):
        train(qtbot, engine, SOFTMAX.replace(learning_rate=rate))
    read, value = [], RunConfig.value
    monkeypatch.setattr(RunConfig, "value", lambda config, name: read.append(name) or value(config, name))
    train(qtbot, engine, SOFTMAX.replace(learning_rate=0.6))
    read.clear()
    engine.runs.remove(engine.view.run)  # after which any row may differ in less
    texts = [runs.model().index(row, 0).data() for row in range(5)]
    assert all(f"rate 0.{row + 1}" in text for row, text in enumerate(texts))
    once_each = len(FIELDS) * (len(texts) + 1)  # and once of the preset
    assert len(FIELDS) < len(read) < 2 * once_each


def test_the_current_row_is_the_run_shown_whatever_is_clicked_read_removed_or_renamed(
    qtbot, window, find, engine, backends, runs, tmp_path
):
    """It stayed on a run that was still being read, and the keys acted on that one."""
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    model = runs.model()

    def current():
        return runs.currentIndex().row(), len(runs.selectedIndexes())

    def click(row):
        qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.visualRect(model.index(row, 0)).center())

    paths = [tmp_path / f"{name}.keras" for name in ("one", "two")]
    with holding(backends[0].may_read):
        for path in paths:
            path.touch()
            engine.runs.open(path, show=False)
        for shown, row in ((first, 0), (second, 1)):
            engine.view.show_run(shown)
            assert current() == (row, 1)
            click(3)
            assert "two is being read" in window.statusBar().currentMessage()
            runs.setCurrentIndex(model.index(2, 0))
            assert (current(), engine.view.run) == ((row, 1), shown)
            runs.setFocus()
            qtbot.keyClick(runs, Qt.Key.Key_Space)
            assert engine.view.compared == (shown,)
            qtbot.keyClick(runs, Qt.Key.Key_Space)
            assert engine.view.compared == ()
    qtbot.waitUntil(lambda: len(engine.runs) == 4)
    assert current() == (1, 1)
    click(3)
    assert engine.view.run.description.source == paths[1]
    qtbot.keyClick(runs, Qt.Key.Key_Up)
    assert (engine.view.run.description.source, current()) == (paths[0], (2, 1))
    shown = runs.visualRect(model.index(2, 0)).center()
    qtbot.mouseClick(runs.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, shown)
    assert current() == (2, 1)
    engine.runs.remove(second)
    assert (current(), engine.view.run.description.source) == ((1, 1), paths[0])
    engine.runs.remove(engine.view.run)
    assert (current(), engine.view.run.description.source) == ((1, 1), paths[1])
    engine.runs.restore_removed()
    assert (current(), engine.view.run.description.source) == ((1, 1), paths[0])
    assert [model.index(row, 0).data()[0] for row in range(3)] == ["A", "C", "D"]


def test_boxes_are_those_of_the_runs_compared_and_stay_with_them(qtbot, engine, runs):
    trained = [train(qtbot, engine, SOFTMAX.replace(learning_rate=rate)) for rate in (0.1, 0.2, 0.3)]
    model, check = runs.model(), Qt.ItemDataRole.CheckStateRole

    def checked():
        return [
            model.index(row, 0).data()[0]
            for row in range(model.rowCount())
            if Qt.CheckState(model.index(row, 0).data(check)) is Qt.CheckState.Checked
        ]

    for row, expected in ((2, "C"), (0, "AC"), (1, "ABC"), (0, "BC")):
        qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.check_rect(model.index(row, 0)).center())
        assert "".join(checked()) == expected
    assert engine.view.compared == (trained[2], trained[1])
    engine.runs.remove(trained[0])
    assert "".join(checked()) == "BC"
    engine.runs.remove(trained[1])
    assert (checked(), engine.view.compared) == (["C"], (trained[2],))
    engine.runs.restore_removed()
    assert "".join(checked()) == "BC"
    painted = QSignalSpy(model.dataChanged)
    engine.view.compare(trained[2], on=False)
    assert painted.count() == 1
    assert [painted.at(0)[i].row() for i in (0, 1)] == [0, 1], "each row may be another"
    assert checked() == ["B"]


def test_what_differs_is_known_anew_when_a_run_comes_goes_or_is_named_otherwise(qtbot, engine, runs):
    def texts():
        model = runs.model()
        return [model.index(row, 0).data().split(", ")[1] for row in range(model.rowCount())]

    train(qtbot, engine, SOFTMAX)
    assert texts() == ["Fake"]
    second = train(qtbot, engine, SOFTMAX.replace(learning_rate=0.1, seed=7))
    assert texts() == ["Fake · rate 0.005 · seed 1", "Fake · rate 0.1 · seed 7"]
    third = train(qtbot, engine, SOFTMAX.replace(learning_rate=0.1, dropout=0.25))
    assert texts() == [
        "Fake · rate 0.005 · seed 1 · dropout 0",
        "Fake · rate 0.1 · seed 7 · dropout 0",
        "Fake · rate 0.1 · seed 1 · dropout 0.25",
    ]
    engine.runs.remove(second)
    assert texts() == ["Fake · rate 0.005 · dropout 0", "Fake · rate 0.1 · dropout 0.25"]
    engine.runs.remove(third)
    assert texts() == ["Fake"]
    engine.runs.restore_removed()
    assert texts() == ["Fake · rate 0.005 · dropout 0", "Fake · rate 0.1 · dropout 0.25"]


def test_the_tooltip_says_what_the_number_means(qtbot, engine, runs):
    train(qtbot, engine, SOFTMAX.replace(epochs=2))
    tip = runs.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "at the end of the last epoch.\nThe share of images that are classified correctly." in tip


def test_the_tooltip_names_a_run_as_it_is(qtbot, engine, runs):
    """Of rich text, Qt would fetch the images."""
    run = train(qtbot, engine, SOFTMAX)
    plain = runs.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    name = "<img src='//host/x.png'> & <b>more</b>"
    engine.runs.rename(run, name)
    tip = runs.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == plain.replace("softmax", name, 1)


def test_a_row_is_painted_again_only_if_it_says_something_else(qtbot, engine, runs):
    """Batches arrive many times a second."""
    run = train(qtbot, engine, SOFTMAX)
    painted = QSignalSpy(runs.model().dataChanged)

    def train_to(position):
        engine.runs.handle_events((SnapshotTaken(run.run_id, Snapshot(position, {}), recorded=False),))

    train_to(Position(1, 1))
    train_to(Position(1, 2))
    assert painted.count() == 0
    train_to(Position(2))
    assert painted.count() == 1
    assert runs.model().index(0, 0).data().endswith("2 epochs")


def test_the_box_and_the_space_bar_compare_a_run(qtbot, engine, runs):
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.check_rect(runs.model().index(0, 0)).center())
    assert engine.view.compared == (first,)
    assert engine.view.run is second, "which is still shown"
    runs.setFocus()
    qtbot.keyClick(runs, Qt.Key.Key_Space)
    assert engine.view.compared == (first, second)
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
    QApplication.sendEvent(runs, again)
    assert engine.view.compared == (first, second), "the key is held, not pressed again"
    qtbot.keyClick(runs, Qt.Key.Key_Space)
    assert engine.view.compared == (first,)


def test_a_box_is_visible_without_the_pointer(qtbot, engine, theme, runs):
    """It was an icon that appeared under the pointer only."""
    train(qtbot, engine, SOFTMAX)
    train(qtbot, engine, SOFTMAX)
    box = runs.check_rect(runs.model().index(0, 0))
    image = runs.viewport().grab(box).toImage()
    assert QColor(theme.colours.field_edge).name() in colours_of(image)


def test_the_menu_of_a_run_opens_at_its_button(qtbot, engine, runs):
    first, _ = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.menu_rect(runs.model().index(0, 0)).center())
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert "Rename" in [action.text() for action in menu.actions()]
    assert engine.view.run is first, "whose menu it is"
    menu.close()


def test_included_runs_come_first_under_their_own_heading(qtbot, engine, window, runs):
    train(qtbot, engine, SOFTMAX)
    model = runs.model()

    def listed():
        return [
            (index.data()[0], index.data(HEADING_ROLE)) for index in map(model.index, range(model.rowCount()))
        ]

    assert listed() == [("A", "")], "one group needs no heading"
    for path in shipped_runs()[:2]:
        engine.runs.open(path, show=False)
    assert listed() == [("B", "Included"), ("C", ""), ("A", "Yours · kept automatically")]
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    does = [model.index(row).data(DIFFERENCE_ROLE) for row in range(3)]
    assert does == ["Fake · copies images"] * 2 + ["Fake"], "what included ones are there for"
    shown = engine.view.run
    heading = runs.visualRect(model.index(0, 0)).topLeft()
    qtbot.mouseClick(runs.viewport(), LEFT, pos=heading)
    assert engine.view.run is shown, "a heading is no run"


def test_the_heading_says_that_your_runs_are_kept_and_its_tooltip_where(qtbot, engine, runs):
    train(qtbot, engine, SOFTMAX)
    engine.runs.open(shipped_runs()[0], show=False)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    heading = runs.visualRect(runs.model().index(1, 0)).topLeft() + QPoint(20, 10)
    event = QHelpEvent(QEvent.Type.ToolTip, heading, runs.viewport().mapToGlobal(heading))
    QApplication.sendEvent(runs.viewport(), event)
    assert "is here again at the next start" in QToolTip.text()
    assert "Show files" in QToolTip.text()
    QToolTip.hideText()


def test_the_second_six_runs_have_the_colours_of_the_first_in_dashes(theme, qapp):
    def badge(letter):
        image = QImage(24, 24, QImage.Format.Format_RGB32)
        image.fill(QColor(theme.colours.window))
        painter = QPainter(image)
        paint_badge(painter, QRectF(0, 0, 24, 24), letter, theme)
        painter.end()
        return image

    for first, second in zip("ABCDEF", "GHJKLM", strict=True):
        hue = QColor(theme.run_colour(first)).name()
        assert QColor(badge(first).pixel(12, 3)).name() == hue, "filled"
        assert QColor(badge(second).pixel(12, 4)).name() == theme.colours.window.lower(), "hollow"
        assert hue in colours_of(badge(second))


def test_no_row_moves_when_the_list_opens_under_the_pointer(qtbot, window, engine, find):
    """A quick click on a badge met the heading that had pushed it away, or left one row over another."""
    runs, panel = find("runList"), find("runsPanel")
    first, _ = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    engine.runs.open(shipped_runs()[0], show=False)
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: runs.is_collapsed)

    def places():
        rects = [runs.visualRect(runs.model().index(row, 0)) for row in range(3)]
        return [(rect.top(), rect.bottom()) for rect in rects]

    collapsed = places()
    where = runs.visualRect(runs.model().index(1, 0)).bottomLeft() + QPoint(10, -20)
    QApplication.sendEvent(panel, QEnterEvent(where, where, where))
    qtbot.mouseClick(runs.viewport(), LEFT, pos=where)
    assert not runs.is_collapsed
    assert engine.view.run is first
    assert places() == collapsed
    wait_until_idle(engine, window)
    assert places() == collapsed
