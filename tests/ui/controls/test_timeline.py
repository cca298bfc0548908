"""The timeline describes the position in the same words as the rest of the window."""

from dataclasses import replace

import pytest
from geometry import texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from seen import LayoutRequests
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.controls.epoch_marks import marks_of
from cadl_gui.ui.controls.timeline import Timeline
from cadl_gui.ui.theme.tokens import NORMAL, PRESENT

pytestmark = pytest.mark.gui

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=3)


@pytest.fixture
def reported(window):
    """The texts of its labels."""

    def reported():
        labels = window.findChild(Timeline).findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]

    return reported


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (UNTRAINED, ["Untrained", "loss 1.0000"]),
        (Position(0, 5), ["Epoch 1 of 3", "batch 5"]),
        (Position(1), ["Epoch 1 of 3", "loss 1.0000"]),
        (Position(3), ["Epoch 3 of 3", "loss 0.3333"]),
    ],
)
def test_timeline_reports_the_epoch_and_where_inside_it(
    qtbot, window, engine, theme, reported, position, words
):
    train(qtbot, engine, CONFIGURATION)
    engine.view.show(position)
    assert reported() == words
    theme.set_present(True)
    assert reported()[1:] == words, "after the name of the run"


def test_of_a_bent_network_no_quality_is_reported_but_that_it_is_modified(qtbot, window, engine, reported):
    """It was measured of the network as it was trained."""
    run = train(qtbot, engine, CONFIGURATION)
    for bends, quality in ((scaled((), Part("encoder_1", 3), 0.0), "modified"), ((), "loss 0.3333")) * 2:
        engine.bending.bend(run.run_id, bends)
        assert reported() == ["Epoch 3 of 3", quality]


def test_another_batch_lays_out_nothing_anew(qtbot, qapp, window, engine, reported):
    """Qt would lay out the whole window for each text, many times a second."""
    train(qtbot, engine, CONFIGURATION)
    engine.view.show(UNTRAINED)
    qapp.sendPostedEvents()
    timeline, laid_out = window.findChild(Timeline), LayoutRequests()
    timeline.installEventFilter(laid_out)
    for position in (Position(0, 1), Position(0, 5), Position(2), Position(3)):
        engine.view.show(position)
        qapp.sendPostedEvents()
    assert reported()[0] == "Epoch 3 of 3"
    assert laid_out.n == 0


def test_a_training_that_is_watched_lays_out_nothing_anew(qtbot, qapp, window, engine):
    """The window was laid out and painted for each change of the run, though all sizes stay."""
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    laid_out = LayoutRequests()
    for number in range(4):
        engine.training.step()
        qtbot.waitUntil(lambda: engine.view.position == Position(0, number + 1))  # noqa: B023
        qapp.sendPostedEvents()
        if number == 0:  # it is the first batch that shows the loss and the reconstructions
            window.installEventFilter(laid_out)
    assert laid_out.n == 0


def test_type_of_the_timeline_is_that_of_the_theme(qtbot, window, engine, theme):
    train(qtbot, engine, CONFIGURATION)
    for present, sizes in ((False, NORMAL), (True, PRESENT), (False, NORMAL)):
        theme.set_present(present)
        (label,) = (
            label for label in window.findChild(Timeline).findChildren(QLabel) if "Epoch" in label.text()
        )
        assert QFontInfo(label.font()).pixelSize() == sizes.body
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_while_a_later_epoch_is_trained_it_is_the_one_that_is_reported(qtbot, window, engine, reported):
    """“Epoch 2, batch 1” is beside the images, too."""
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    run = engine.training.run
    while run.newest < Position(1, 1):
        before = run.newest
        engine.training.step()
        qtbot.waitUntil(lambda before=before: run.newest > before)
    qtbot.waitUntil(lambda: reported() == ["Epoch 2 of 3", "batch 1"])


def test_after_present_mode_the_timeline_is_as_long_as_before(qtbot, window, find, engine, theme):
    """Labels used to keep the width of the large font until the window was resized."""
    train(qtbot, engine, CONFIGURATION)
    QApplication.processEvents()  # lays out without the button that a training has
    before = find("epochSlider").width()
    theme.set_present(True)
    qtbot.waitUntil(lambda: find("epochSlider").width() < before)
    theme.set_present(False)
    qtbot.waitUntil(lambda: find("epochSlider").width() == before)


def test_the_way_back_to_the_newest_weights_is_offered_where_there_is_one_and_named_for_what_it_does(
    qtbot, window, engine, find, reported
):
    button, play, slider = find("liveButton"), find("playButton"), find("epochSlider")

    def offered():
        flat, lit = button.property("flat"), button.property("highlighted")
        return (button.text(), lit, flat) if button.isVisible() else None

    live, latest, newest = ("● Live", True, True), ("Latest", False, False), ("Latest", False, True)
    assert (offered(), play.isEnabled(), slider.isEnabled()) == (None, False, False)
    first = train(qtbot, engine, CONFIGURATION)
    for _ in range(2):
        assert (offered(), play.isEnabled(), slider.isEnabled()) == (None, True, True)
        engine.view.show(Position(1))
        assert offered() == latest
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert engine.view.is_live
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION.replace(epochs=50), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    second = engine.training.run
    assert offered() == newest
    assert reported()[0] == "Untrained"
    engine.training.resume()
    assert offered() == live
    engine.view.show(UNTRAINED)
    assert offered() == latest
    engine.view.show_run(first)
    assert offered() is None
    assert find("statusLabel").text().startswith("B lecture-autoencoder"), "which is the one in training"
    assert reported()[0] == "Epoch 3 of 3"
    engine.view.show(Position(2))
    assert (offered(), reported()[0]) == (latest, "Epoch 2 of 3")
    engine.view.show_run(second)
    assert offered() == live
    engine.training.pause()
    assert offered() == newest
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert offered() is None
    engine.runs.remove(second)
    engine.runs.remove(first)
    assert (offered(), play.isEnabled(), slider.isEnabled()) == (None, False, False)
    assert reported()[0] == "No run yet"
    assert slider.accessibleDescription() in {"", "epoch 3"}


def test_transport_is_offered_while_something_trains_where_no_tab_has_it(qtbot, window, engine, find):
    names, tabs = ("Pause", "Step", "Stop"), find("tabs")

    def offered():
        return {find(f"timeline{name}Button").isVisible() for name in names}

    for _ in range(2):
        tabs.setCurrentWidget(find("drawTab"))
        assert offered() == {False}
        engine.training.train(CONFIGURATION, paused=True)
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
        assert offered() == {True}
        tabs.setCurrentWidget(find("trainTab"))
        assert offered() == {False}
        tabs.setCurrentWidget(find("dataTab"))
        assert offered() == {True}
        find("timelineStopButton").click()
        qtbot.waitUntil(lambda: offered() == {False})


def test_the_names_are_those_of_the_run(qtbot, window, engine):
    run = train(qtbot, engine, CONFIGURATION)
    marks = {mark.text: mark.position for mark in marks_of(run)}
    assert marks == {"best · last": Position(3), "untrained": UNTRAINED, "epoch 1": Position(1)}
    run = train(qtbot, engine, CONFIGURATION.replace(epochs=1))
    marks = {mark.text: mark.position for mark in marks_of(run)}
    assert marks == {"best · last": Position(1), "untrained": UNTRAINED}, "else “untrained” has no room"
    dead = HealthNote(Position(1), "units", "41 units are dead.")
    run.history.notes += [dead, dead]
    run.history.notes += [replace(dead, position=position) for position in (Position(2), Position(2, 3))]
    names = ["best · last · warning", "untrained", "warning"]
    assert [mark.text for mark in marks_of(run, run.history.notes)] == names, (
        "beneath triangles, but not within epochs"
    )


def test_what_was_noted_of_a_run_that_ships_is_seen_with_details(qtbot, window, engine, find, theme):
    """“warning” stood below the ready-made network, of neurons that did not matter."""
    window.open_again(shipped_runs()[:1])
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    shipped, own, slider = engine.runs[0], train(qtbot, engine, CONFIGURATION), find("epochSlider")
    for run in (shipped, own):
        run.history.notes.append(HealthNote(Position(2), "units", "41 neurons never react."))
    for run, details in ((shipped, False), (own, False), (own, True), (shipped, True), (shipped, False)):
        engine.view.show_run(run)
        theme.set_details(details)
        painted = " ".join(text.words for text in texts(window) if text.widget is slider)
        assert ("warning" in painted) is (run is own or details)


def test_only_an_epoch_after_which_nothing_was_trained_is_the_last(qtbot, window, engine):
    """The network stood at batch 335 of the next one."""
    run = train(qtbot, engine, CONFIGURATION)
    run.newest = Position(3, 2)
    assert {mark.text for mark in marks_of(run)} == {"best · epoch 3", "untrained", "epoch 1"}
    run.newest = Position(3)
    assert "best · last" in {mark.text for mark in marks_of(run)}


def test_the_menu_goes_to_the_first_and_to_the_best_epoch(qtbot, window, engine):
    train(qtbot, engine, CONFIGURATION)
    window.findChild(QAction, "firstEpochAction").trigger()
    assert engine.view.position == Position(1)
    window.findChild(QAction, "bestEpochAction").trigger()
    assert engine.view.position == Position(3)


def test_a_drag_ends_when_another_run_is_shown(qtbot, window, engine, find):
    """The new training was left for one of its first batches."""
    run, slider = train(qtbot, engine, CONFIGURATION), find("epochSlider")
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, 32))
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.view.run is not run)
    qtbot.mouseMove(slider, QPoint(slider.width() // 3, 32))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 3, 32))
    assert engine.view.is_live
