"""The main window on NumPy backends, with real clicks and keys: train, watch, go back, keep."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from asking import watch
from fakes import FakeTraining
from hand import choose_preset, draw_stroke, drop, teach
from menus import entry
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, QStandardPaths, Qt
from PySide6.QtGui import QAction, QColor, QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QWidget,
)
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.errors import NOT_FINITE, CadlError
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import TrainView
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.actions import ActionSet
from cadl_gui.ui.controls.miniatures import Miniatures
from cadl_gui.ui.draw.tab import DrawTab
from cadl_gui.ui.figures.figure_panel import GESTURES
from cadl_gui.ui.latent.decoded_card import DecodedCard
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.train.reconstruction_cache import ReconstructionCache
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui
PAGES = "seen"

TAB_NAMES = [spec.name for spec in TABS]

LEFT = Qt.MouseButton.LeftButton
STABLE_NAMES = (
    "tabs", "trainTab", "runList", "epochSlider", "playButton", "statusLabel", "datasetCombo",
    "presetCombo", "epochsSpin", "batchSizeSpin", "learningRateSpin", "seedSpin", "trainButton",
    "pauseButton", "stepButton", "stopButton", "rewindButton", "lossPlot", "inputMontage",
    "reconstructionMontage", "epochProgress",
)  # fmt: skip


def trained(qtbot, engine, n=1):
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and len(engine.runs) == n)


def brightness(view):
    """The fake network's brightness according to the view; -1 while it shows nothing."""
    return -1.0 if view.images is None else float(view.images[99].mean() / 255 / 0.99)


def test_widgets_have_their_stable_names(window, find):
    assert window.objectName() == "mainWindow"
    for name in STABLE_NAMES:
        find(name)


def test_before_tensorflow_is_there_the_window_says_so(qtbot, engine, theme, qapp, tmp_path):
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    train = window.findChild(QLabel, "statusLabel")
    assert "TensorFlow is loading" in train.text()
    button = window.findChild(QPushButton, "trainButton")
    assert not button.isEnabled()
    assert "TensorFlow is loading" in button.toolTip()
    engine.load()
    qtbot.waitUntil(button.isEnabled)


def test_a_click_on_train_shows_the_hundred_examples_and_their_reconstructions(qtbot, window, find, engine):
    find("epochsSpin").setValue(2)
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine)
    run = engine.runs[0]
    assert run.description.config.training.epochs == 2
    assert find("inputMontage").images.shape == (100, 28, 28, 1)
    qtbot.waitUntil(lambda: brightness(find("reconstructionMontage")) == pytest.approx(1.0, abs=0.004))
    qtbot.waitUntil(lambda: "Trained to epoch 2 of 2" in find("progressLabel").text())
    qtbot.waitUntil(lambda: find("epochProgress").value() == 1000)
    assert find("runList").currentIndex().row() == 0


def test_dragging_the_timeline_shows_an_earlier_epoch_and_back_to_live_returns(qtbot, window, find, engine):
    find("epochsSpin").setValue(4)
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine)
    slider = find("epochSlider")
    qtbot.mouseClick(slider, LEFT, pos=slider.rect().center())
    assert engine.view.position == Position(2)
    assert slider.value() == 2
    qtbot.waitUntil(lambda: brightness(find("reconstructionMontage")) == pytest.approx(0.5, abs=0.004))
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert engine.view.position == Position(1)
    qtbot.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert engine.view.position == Position(0, 5)
    qtbot.waitUntil(lambda: find("progressLabel").text() == "Epoch 1 of 4, batch 5")
    assert 0 < find("epochProgress").value() < 250
    qtbot.mouseClick(find("liveButton"), LEFT)
    assert engine.view.is_live
    qtbot.waitUntil(lambda: brightness(find("reconstructionMontage")) == pytest.approx(1.0, abs=0.004))


def test_going_back_while_it_trains_stays_there_and_training_goes_on(qtbot, window, find, engine):
    find("speedSlider").setValue(3)
    find("epochsSpin").setValue(500)
    qtbot.mouseClick(find("trainButton"), LEFT)
    qtbot.waitUntil(lambda: bool(engine.runs) and engine.runs[0].newest > Position(0, 2))
    find("epochSlider").setValue(0)
    engine.view.show(Position(0, 1))
    newest = engine.runs[0].newest
    qtbot.waitUntil(lambda: engine.runs[0].newest > newest)
    assert engine.view.position == Position(0, 1)
    qtbot.mouseClick(find("stopButton"), LEFT)
    trained(qtbot, engine)


def test_the_five_verbs(qtbot, window, find, engine):
    """Step trains one batch, Pause and Resume are one button, Stop keeps the run, Train again begins anew."""
    qtbot.mouseClick(find("stepButton"), LEFT)
    qtbot.waitUntil(lambda: [run.newest for run in engine.runs] == [Position(0, 1)])
    qtbot.mouseClick(find("stepButton"), LEFT)
    qtbot.waitUntil(lambda: [run.newest for run in engine.runs] == [Position(0, 2)])
    assert find("pauseButton").text() == "Resume"
    assert find("liveButton").text() == "Latest"
    paused = [find(f"{key}Button").pos() for key in ("step", "stop", "rewind")]
    assert not find("trainButton").isEnabled()
    find("speedSlider").setValue(0)
    qtbot.mouseClick(find("rewindButton"), LEFT)
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.TRAINING)
    assert find("pauseButton").text() == "Pause"
    assert find("liveButton").text() == "● Live"
    qtbot.waitUntil(lambda: [find(f"{key}Button").pos() for key in ("step", "stop", "rewind")] == paused)
    qtbot.mouseClick(find("pauseButton"), LEFT)
    assert engine.training.state is TrainingState.PAUSED
    qtbot.mouseClick(find("stopButton"), LEFT)
    trained(qtbot, engine, 2)
    assert [run.state for run in engine.runs] == [RunState.STOPPED, RunState.STOPPED]
    assert find("trainButton").isEnabled()


def test_actions_are_updated_as_soon_as_the_training_changes(qtbot, window, find, engine):
    """Not only at the next timeout of the window's timer."""
    seen = {}

    def look():
        pause = find("pauseButton")
        seen[engine.training.state] = find("trainButton").isEnabled(), pause.isEnabled(), pause.text()

    engine.view.bind(QObject(window), lambda: engine.training.status, look)
    seen.clear()
    find("speedSlider").setValue(0)
    find("epochsSpin").setValue(500)
    qtbot.mouseClick(find("trainButton"), LEFT)
    qtbot.waitUntil(lambda: TrainingState.TRAINING in seen)
    qtbot.mouseClick(find("pauseButton"), LEFT)
    qtbot.mouseClick(find("stopButton"), LEFT)
    trained(qtbot, engine)
    assert seen == {
        TrainingState.STARTING: (False, False, "Pause"),
        TrainingState.TRAINING: (False, True, "Pause"),
        TrainingState.PAUSED: (False, True, "Resume"),
        TrainingState.IDLE: (True, False, "Pause"),
    }


@pytest.mark.parametrize(
    ("spin", "text", "message"),
    [
        ("epochsSpin", "0", "Epochs lies between 1 and 10,000."),
        ("epochsSpin", "many", "Epochs is a whole number; “many” is not."),
        ("learningRateSpin", "-1", "Learning rate lies between"),
        ("batchSizeSpin", "", "Batch size is a whole number"),
    ],
)
def test_a_bad_value_disables_train_which_says_why(qtbot, window, find, spin, text, message):
    field = find(spin)
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)
    assert not find("trainButton").isEnabled()
    assert message in find("trainButton").toolTip()
    field.setValue(3)
    assert find("trainButton").isEnabled()


def test_the_learning_rate_can_be_changed_while_it_trains(qtbot, window, find, engine, backends):
    find("speedSlider").setValue(4)
    find("epochsSpin").setValue(500)
    qtbot.mouseClick(find("trainButton"), LEFT)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    find("learningRateSpin").setValue(0.25)
    qtbot.waitUntil(lambda: backends[0].learning_rates[-1:] == [0.25])
    engine.training.stop()
    trained(qtbot, engine)


def test_preparing_the_next_run_leaves_the_one_that_trains_alone(qtbot, window, find, engine, backends):
    """Another preset, and anything else that is edited, is for the next run."""
    find("speedSlider").setValue(0)
    find("learningRateSpin").setValue(0.25)
    find("trainButton").click()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    choose_preset(window, "vae")
    find("seedSpin").setValue(7)
    assert engine.training.learning_rate == 0.25


def test_an_infinite_loss_is_reported_and_the_next_run_trains(qtbot, window, find, engine):
    find("learningRateSpin").setValue(1e6)
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine)
    assert find("noticeStrip").isVisible()
    assert "the loss became infinite at batch 3" in find("noticeStrip").message()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not find("noticeStrip").isVisible())
    find("learningRateSpin").setValue(0.001)
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine, 2)
    assert engine.runs[1].state is RunState.COMPLETE


def test_saving_and_opening_a_checkpoint_from_the_menu(qtbot, window, find, engine, tmp_path, file_dialogs):
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine)
    path = tmp_path / "mine.keras"
    file_dialogs.answer(tmp_path / "mine")
    with qtbot.waitSignal(engine.notifications.saved):
        window.findChild(object, "saveAction").trigger()
    assert path.exists()
    file_dialogs.answer(path)
    with qtbot.waitSignal(engine.runs.added):
        window.findChild(object, "openAction").trigger()
    assert engine.view.run is engine.runs[1]
    np.testing.assert_array_equal(find("inputMontage").images, engine.runs[1].description.examples)


def test_saved_message_names_the_epoch_and_the_run(qtbot, window, find, engine, tmp_path, file_dialogs):
    """“Save checkpoint…” left open whether that is the run or one moment of it."""
    save = entry(window, "save")
    assert save.text() == "Save a copy of the epoch shown…"
    qtbot.mouseClick(find("trainButton"), LEFT)
    trained(qtbot, engine)
    engine.view.show(Position(1))
    assert save.text() == "Save a copy of epoch 1 of A…"
    assert "checkpoint" in save.statusTip()
    assert "The run itself is kept anyway" in save.statusTip()
    assert save in find("runList").actions(), "in the run's menu, too"
    file_dialogs.answer(tmp_path / "mine.keras")
    save.trigger()
    sentence = f"Saved epoch 1 of A as “mine.keras” in {tmp_path}."
    qtbot.waitUntil(lambda: find("noticeStrip").message() == sentence)
    engine.view.show(UNTRAINED)
    assert save.text() == "Save a copy of untrained A…"


def test_a_file_that_is_no_checkpoint_is_a_message(qtbot, window, find, engine, tmp_path):
    with qtbot.waitSignal(engine.notifications.failed):
        engine.runs.open(tmp_path / "none.keras")
    assert "none.keras" in find("noticeStrip").message()


def open_text(qtbot, find, path):
    """Open a file that is not an image on the canvas."""
    find("digitCanvas").open_image(str(path))


def paste_text(qtbot, find, path):
    """Paste a text that is not a latent vector into the latent space."""
    QApplication.clipboard().setText("no numbers")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(find("latentPlane"), Qt.Key.Key_V, keys)
    QApplication.clipboard().clear()


@pytest.mark.parametrize(
    ("tab", "fail", "message"),
    [("drawTab", open_text, "notes.txt"), ("latentTab", paste_text, "number")],
)
def test_what_fails_in_a_tab_is_reported(qtbot, window, find, engine, tmp_path, tab, fail, message):
    train(qtbot, engine, preset("vae").config.replace(epochs=1))
    find("tabs").setCurrentWidget(find(tab))
    path = tmp_path / "notes.txt"
    path.write_text("no image")
    fail(qtbot, find, path)
    qtbot.waitUntil(find("noticeStrip").isVisible)
    assert message in find("noticeStrip").message()


def test_choosing_a_run_in_the_list_shows_it(qtbot, window, find, engine):
    for n in (1, 2):
        find("epochsSpin").setValue(n)
        qtbot.mouseClick(find("trainButton"), LEFT)
        trained(qtbot, engine, n)
    runs = find("runList")
    qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.visualRect(runs.model().index(0, 0)).center())
    assert engine.view.run is engine.runs[0]
    window.findChild(object, "removeAction").trigger()
    assert len(engine.runs) == 1
    assert engine.view.run is engine.runs[0]


def test_file_dialogs_begin_in_the_documents_and_then_in_the_folder_used_last(
    qtbot, window, engine, file_dialogs, monkeypatch, tmp_path
):
    """They used to begin in the working directory."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    is_dir = Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) == documents or is_dir(path))
    path = str(tmp_path / "mine.keras")
    file_dialogs.answer_by(lambda asked: (path if asked.how == "getSaveFileName" else "", ""))
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    for key in ("open", "save", "open"):
        window.findChild(object, f"{key}Action").trigger()
    begun = [asked.place for asked in file_dialogs.asked]
    assert begun == [documents, str(Path(documents, "softmax.keras")), str(tmp_path)]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_present_mode_hides_the_rest_and_clips_nothing_at_1024(qtbot, window, find, theme, mode):
    window.resize(1024, 768)
    theme.set_mode(mode)
    theme.set_present(True)
    qtbot.waitUntil(lambda: not window.menuBar().isVisible())
    for name in ("trainButton", "pauseButton", "stopButton"):
        button = find(name)
        qtbot.waitUntil(lambda button=button: button.width() >= button.sizeHint().width())
        right = button.mapTo(window, button.rect().bottomRight())
        assert right.x() < window.width()
    assert window.width() == 1024
    assert window.height() == 768
    theme.set_present(False)
    assert window.menuBar().isVisible()


def test_in_present_mode_the_brush_lies_beneath_the_canvas_at_1024(qtbot, window, find, engine, theme):
    """The bar of the brush used to cover the canvas."""

    def place(name):
        return QRect(find(name).mapTo(window, QPoint(0, 0)), find(name).size())

    def in_order():
        places = [place(name) for name in ("digitCanvas", "brushSizeSlider", "epochSlider")]
        return all(upper.bottom() < lower.top() for upper, lower in pairwise(places))

    train(qtbot, engine, preset("conv-classifier").config.replace(epochs=1))
    window.resize(1024, 768)
    find("tabs", QTabWidget).setCurrentWidget(find("drawTab"))
    theme.set_present(True)
    QApplication.processEvents()  # lays out
    qtbot.waitUntil(in_order)
    blank = place("digitCanvas")
    qtbot.mouseClick(find("digitCanvas"), LEFT)
    qtbot.waitUntil(lambda: find("predictionLabel").text().isdecimal())
    for present in (False, True):
        theme.set_present(present)
    qtbot.waitUntil(lambda: in_order() and place("digitCanvas") == blank)


def window_rows(window):
    tabs = {spec.title for spec in TABS}
    rows = [row for actions in window.findChildren(ActionSet) for row in actions.rows]
    return [row for row in rows if row.menu not in tabs]


def test_f1_lists_every_action_and_gesture(qtbot, window):
    window.findChild(object, "keysAction").trigger()
    text = window.findChild(QTextBrowser, "keysText").toPlainText()
    for row in window_rows(window):
        assert row.text in text
        assert row.help in text
    for name, _, _ in GESTURES:
        assert name in text
    for row in (row for spec in TABS for row in spec.load().ACTIONS):
        assert row.text in text
        assert row.help in text
    assert "0–9" in text


def test_what_can_be_done_in_a_tab_has_a_menu_while_the_tab_is_seen(window, find):
    window.complete()
    menu = next(action for action in window.menuBar().actions() if action.iconText() == "Draw")
    assert not menu.isVisible()
    find("tabs").setCurrentWidget(find("drawTab"))
    assert menu.isVisible()
    assert [action.text() for action in menu.menu().actions()] == [row.text for row in DrawTab.ACTIONS]
    labels = next(action.menu() for action in menu.menu().actions() if action.menu())
    assert [action.text() for action in labels.actions()][7] == "Label as 7"


def test_alt_with_the_first_letter_of_a_title_opens_that_menu(qtbot, window, find):
    def opened_by(key):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        menu = QApplication.activePopupWidget()
        texts = [action.text() for action in menu.actions()]
        for _ in range(2):  # the menu, then the bar
            QTest.keyClick(QApplication.activePopupWidget() or window, Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None
        return texts

    assert "Quit (runs, drawing and lesson are kept)" in opened_by(Qt.Key.Key_F)
    for tab, entry_of_its_menu in (("dataTab", "Show in Draw"), ("drawTab", "Erase")):
        find("tabs").setCurrentWidget(find(tab))
        assert entry_of_its_menu in opened_by(Qt.Key.Key_D)
    bar = [heading.text() for heading in window.menuBar().actions()]
    letters = [title[title.index("&") + 1].upper() for title in bar if "&" in title]
    find("tabs").setCurrentWidget(find("latentTab"))
    assert len({*letters, "L"}) == len(letters) + 1 == 9


def test_what_was_labelled_goes_into_the_settings_of_the_next_run(qtbot, window, find, engine):
    """Nothing said so where Train is, and the run and a race used them silently."""
    window.resize(1440, 900)
    note, leave_out = find("formNote"), find("leaveOutButton")
    alone = ": one alone changes little, several help"
    for labels, said in (((7,), f"1 corrected image, too{alone}."), ((4, 2), "3 corrected images, too.")):
        for label in labels:
            teach(window, label)
        assert not leave_out.isVisible()
        find("trainWithExamplesButton").click()
        qtbot.waitUntil(leave_out.isVisible)
        assert find("tabs").currentWidget() is find("trainTab")
        assert (note.text(), note.property("secondary")) == (f"Learns from {said}", False)
        qtbot.waitUntil(lambda: 0 < leave_out.x() - note.geometry().right() < 20)
        assert not find("moreButton").isChecked(), "the tasks and the preset stay in sight"
        engine.view.change(train=TrainView(form=False))
        assert leave_out.isVisible()
        leave_out.click()
        assert (note.text(), engine.view.value.next["labelled_examples"]) == ("", "")
    engine.view.change(next=engine.view.value.next.replace(labelled_examples="/elsewhere/x.npz"))
    assert note.text() == "Learns from “x.npz”, too."


def test_no_two_actions_share_a_key(window):
    keys = [key for row in window_rows(window) for key in row.shortcuts]
    for spec in TABS:
        here = [*keys, *(key for row in spec.load().ACTIONS for key in row.shortcuts)]
        assert len({QKeySequence(key).toString() for key in here}) == len(here)


EDITING = (
    *(f"{held}{key}" for key in ("Backspace", "Del") for held in ("", "Ctrl+", "Alt+")),
    *("Left", "Right", "Ctrl+Left", "Ctrl+Right", "Home", "End"),
    *(f"Ctrl+{letter}" for letter in "ACXVZYU"),
)
"""What deletes, moves and undoes in a text field of Linux, Windows or macOS, whichever this is."""


def test_keys_that_edit_text_trigger_no_action(window, find, qtbot, engine):
    """To delete a word, Ctrl+Backspace ended the training and began another."""
    shown = train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    find("speedSlider").setValue(0)
    qtbot.mouseClick(find("trainButton"), LEFT)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    engine.view.show_run(shown)
    ends = [entry(window, key) for key in ("rewind", "stop", "remove")]
    qtbot.waitUntil(lambda: all(action.isEnabled() for action in ends))
    triggered = []

    def edit(field):
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        for keys in EDITING:
            pressed = QKeySequence(keys)[0]
            for held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
                qtbot.keyClick(field, pressed.key(), pressed.keyboardModifiers() | held)
                assert not triggered, f"{held} {keys}"
        assert field.hasFocus(), "the keys have reached it"

    for action in window.findChildren(QAction):
        action.triggered.connect(lambda _, action=action: triggered.append(action.text()))
    edit(find("learningRateSpin"))
    for name in TAB_NAMES:
        find("tabs", QTabWidget).setCurrentWidget(find(name))
        entry(window, "rename").trigger()
        del triggered[:]
        edit(find("runNameEdit"))
        qtbot.keyClick(find("runNameEdit"), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not window.findChild(QWidget, "runNameEdit"))


def test_the_log_is_named_in_the_about_box(window):
    window.findChild(object, "aboutAction").trigger()
    assert "The log is in /log/cadl_gui.log" in window.findChild(QTextBrowser, "aboutText").toPlainText()


def test_hidden_tabs_send_no_requests(qtbot, window, find, engine, monkeypatch):
    asked = watch(engine, monkeypatch)
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: find("reconstructionMontage").images is not None)
    # The list of runs, which is never hidden, asks for its miniatures at some time.
    assert {type(ticket.client.parent()) for ticket in asked} - {Miniatures} == {ReconstructionCache}
    asked.clear()
    find("tabs").setCurrentWidget(find("latentTab"))
    qtbot.waitUntil(lambda: find("decodedImage").images is not None)
    assert DecodedCard in {type(ticket.client.parent()) for ticket in asked}


def test_completing_the_window_shows_nothing_beside_it(qtbot, qapp, engine, theme, tmp_path):
    """A widget that is shown before it has a parent is briefly a window, and takes the focus."""
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    shown = WindowsShown()
    qapp.installEventFilter(shown)
    window.complete()
    qapp.removeEventFilter(shown)
    assert shown.names == []


def test_at_the_start_no_button_has_the_focus(qtbot, window):
    """Step had its ring before anybody had touched anything."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert QApplication.focusWidget() in {None, window}
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() not in {None, window}


def test_the_brush_is_as_it_was_the_last_time(qtbot, window, engine, theme, settings, tmp_path):
    assert settings.brush is None
    brush_of(window).setValue(13)
    again = MainWindow(engine, theme, settings, "", tmp_path / "work")
    qtbot.addWidget(again)
    again.show()
    again.complete()
    assert brush_of(again).value() == 13


def brush_of(window):
    window.findChild(QWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
    return window.findChild(QWidget, "brushSizeSlider")


def test_a_brush_that_is_no_number_is_the_usual_one(settings):
    QSettings().setValue("brush", "fat")
    assert settings.brush is None


class WindowsShown(QObject):
    """Records each widget that becomes a window."""

    def __init__(self):
        super().__init__()
        self.names = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(watched.objectName() or type(watched).__name__)
        return False


def test_at_the_first_start_the_window_fits_the_screen(qtbot, engine, theme, settings, tmp_path):
    window = MainWindow(engine, theme, settings, "", tmp_path / "work")
    qtbot.addWidget(window)
    available = window.screen().availableSize()
    assert window.width() <= available.width()
    assert window.height() < available.height()  # the title bar needs some, too


def test_a_class_may_begin_with_playing_the_lecture_or_its_own_pictures(
    qtbot, window, find, engine, file_dialogs
):
    def click(name):
        QTest.mouseClick(find(f"{name}Tile", QPushButton), Qt.MouseButton.LeftButton)

    tiles = find("welcomeTiles", QWidget)
    assert [tile.text() for tile in tiles.findChildren(QPushButton)] == [
        "Play with it", "The lecture", "My pictures…",
    ]  # fmt: skip
    window.resize(900, 700)
    qtbot.waitUntil(lambda: not tiles.isVisible())
    window.resize(1280, 700)
    qtbot.waitUntil(tiles.isVisible)
    click("drawTab")
    assert engine.view.value.tab == "drawTab"
    file_dialogs.answer(None)
    click("open_dataset")
    assert [asked.how for asked in file_dialogs.asked] == ["getExistingDirectory"]
    click("lesson_1_what_the_computer_sees")
    qtbot.waitUntil(lambda: engine.view.value.lesson.path == "shipped:1-what-the-computer-sees")
    qtbot.waitUntil(lambda: not tiles.isVisible())
    entry(window, "closeLesson").trigger()
    qtbot.waitUntil(tiles.isVisible)


@pytest.mark.parametrize("name", TAB_NAMES[1:])
def test_a_click_on_a_tab_shows_it(qtbot, engine, theme, settings, name, tmp_path):
    """At the first start, a label used to cover all tabs but the first."""
    window = MainWindow(engine, theme, settings, "", tmp_path / "work")
    qtbot.addWidget(window)
    window.painted.connect(window.complete_between_frames, Qt.ConnectionType.QueuedConnection)
    window.show()
    tabs = window.findChild(QTabWidget, "tabs")
    qtbot.waitExposed(window)
    bar, i_tab = tabs.tabBar(), TAB_NAMES.index(name)
    click_where(qtbot, window, bar.mapTo(window, bar.tabRect(i_tab).center()))
    assert tabs.currentWidget().objectName() == name


def test_ink_on_paper_holds_in_tabs_that_are_built_later(qtbot, engine, theme, settings, tmp_path):
    window = MainWindow(engine, theme, settings, "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    window.complete()
    window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
    canvas = window.findChild(QWidget, "digitCanvas")
    assert canvas.grab().toImage().pixelColor(3, 3) == QColor("white")
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert canvas.grab().toImage().pixelColor(3, 3) == QColor("black")


def click_where(qtbot, window, place):
    """Click the topmost widget at a position, as a pointer does."""
    target = window.childAt(place)
    qtbot.mouseClick(target, LEFT, pos=target.mapFrom(window, place))


@pytest.mark.parametrize(("key", "name"), [*enumerate(TAB_NAMES, start=1)])
def test_a_key_shows_a_tab_and_the_menu_reports_which(qtbot, window, find, key, name):
    tabs = find("tabs", QTabWidget)
    tabs.setCurrentIndex(key % tabs.count())
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + key), Qt.KeyboardModifier.ControlModifier)
    assert find(name).isVisible()
    checked = [other for other in TAB_NAMES if window.findChild(object, f"{other}Action").isChecked()]
    assert checked == [name]


def test_settings_in_the_bar_shows_and_hides_the_form(qtbot, window, find):
    """Each click used to be an error, and had no effect."""
    button, form = find("formButton"), find("trainTab").form
    assert button.isChecked()
    for shown in (False, True):
        qtbot.mouseClick(button, LEFT)
        assert form.isVisible() is shown
        assert button.isChecked() is shown


def test_training_while_an_earlier_epoch_is_shown(qtbot, window, find, engine):
    """Observers of the new run used to ask for the old run's position, which the new one did not have."""
    train(qtbot, engine, preset("conv-classifier").config.replace(epochs=1))
    find("tabs", QTabWidget).setCurrentWidget(find("drawTab"))
    window.findChild(object, "firstAction").trigger()
    assert not engine.view.is_live
    window.findChild(object, "trainAction").trigger()
    trained(qtbot, engine, 2)
    assert engine.view.run is engine.runs[1]
    assert engine.view.is_live
    assert find("noticeStrip").message() == ""


def test_what_may_help_a_failed_training_is_about_that_training(qtbot, window, find, engine):
    shown = train(qtbot, engine, preset("vae").config.replace(epochs=1))
    engine.training.train(preset("lecture-autoencoder").config.replace(learning_rate=1e6), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    engine.training.resume()
    engine.view.show_run(shown)
    trained(qtbot, engine, 2)
    assert find("noticeStrip").message().startswith("B · Training stopped")
    find("noticeAction").click()
    assert find("presetCombo").currentText() == "lecture-autoencoder"
    assert find("learningRateSpin").value() == pytest.approx(1e-3)


def test_a_page_without_an_answer_does_not_cover_what_may_help(qtbot, window, find, engine, tmp_path):
    """Diverging weights fail the training, and then each image that a tab requests."""
    engine.training.train(preset("lecture-autoencoder").config.replace(learning_rate=1e6))
    trained(qtbot, engine, 1)
    reported, strip = find("noticeStrip").message(), find("noticeStrip")
    (tmp_path / "notes.png").write_text("no image")
    find("tabs").setCurrentWidget(find("drawTab"))
    with qtbot.waitSignal(engine.notifications.unanswered):
        drop(find("digitCanvas"), tmp_path / "notes.png")
    assert strip.message() == reported
    assert find("noticeAction").isVisible()
    find("noticeDismiss").click()
    drop(find("digitCanvas"), tmp_path / "notes.png")
    qtbot.waitUntil(lambda: "notes.png” is not an image" in strip.message())
    assert not find("noticeAction").isVisible()


@pytest.mark.parametrize("elsewhere", ["run", "tab"])
def test_message_of_a_missing_answer_disappears_with_its_run_or_tab(
    qtbot, window, find, engine, tmp_path, elsewhere
):
    """It stayed over other runs and tabs, which it did not concern; other errors do stay."""
    other = train(qtbot, engine, preset("vae").config.replace(epochs=1))
    train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    (tmp_path / "notes.png").write_text("no image")
    strip, tabs = find("noticeStrip"), find("tabs")
    tabs.setCurrentWidget(find("drawTab"))

    def go_elsewhere():
        if elsewhere == "run":
            engine.view.show_run(other)
        else:
            tabs.setCurrentWidget(find("trainTab"))

    drop(find("digitCanvas"), tmp_path / "notes.png")
    qtbot.waitUntil(lambda: "notes.png” is not an image" in strip.message())
    window.report_error("The disk is full.", "")
    go_elsewhere()
    assert strip.message() == "The disk is full."
    tabs.setCurrentWidget(find("drawTab"))
    engine.view.show_run(engine.runs[1])
    drop(find("digitCanvas"), tmp_path / "notes.png")
    qtbot.waitUntil(lambda: "notes.png” is not an image" in strip.message())
    go_elsewhere()
    assert strip.message() == ""


def not_finite(request, snapshot):
    raise CadlError(NOT_FINITE)


@pytest.mark.parametrize("button", ["noticeAction", "noticeDismiss"])
def test_a_network_whose_training_failed_does_not_fail_again_at_each_request(
    qtbot, window, find, engine, facts, button
):
    """It used to, once its notification was closed: when the timeline moved, or another tab was shown."""
    engine.training.train(preset("lecture-autoencoder").config.replace(learning_rate=1e6))
    trained(qtbot, engine, 1)
    find(button).click()
    facts.value_of, unanswered = not_finite, engine.notifications.unanswered
    with qtbot.waitSignal(unanswered, check_params_cb=lambda message: message == NOT_FINITE):
        find("tabs").setCurrentWidget(find("latentTab"))
    assert find("noticeStrip").message() == ""
    find("tabs").setCurrentWidget(find("drawTab"))
    with qtbot.waitSignal(unanswered, check_params_cb=lambda message: NOT_FINITE in message):
        draw_stroke(find("digitCanvas"))
    assert find("noticeStrip").message() == ""
    train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    qtbot.waitUntil(lambda: find("noticeStrip").message().endswith(NOT_FINITE))


class StyleChanges(QObject):
    """Counts how often each widget is restyled."""

    def __init__(self):
        super().__init__()
        self.n = Counter()

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.StyleChange and isinstance(watched, QWidget):
            self.n[watched] += 1
        return False


@pytest.mark.parametrize("key", ["dark", "present"])
def test_no_part_of_the_window_is_styled_once_for_each_of_its_ancestors(
    qtbot, qapp, window, theme, find, key
):
    """Another theme used to freeze the window for 0.4 s, mostly for restyling widgets repeatedly."""
    for name in TAB_NAMES:
        find("tabs", QTabWidget).setCurrentWidget(find(name))
        QApplication.processEvents()
    changes = StyleChanges()
    qapp.installEventFilter(changes)
    window.findChild(object, f"{key}Action").trigger()
    qapp.removeEventFilter(changes)
    deep = ("trainButton", "learningRateSpin", "clearButton", "pinButton", "layerList", "playButton")
    # Once as the old style sheet goes, once as the new one comes.
    assert {name: changes.n[find(name)] for name in deep} == dict.fromkeys(deep, 2)


def test_names_of_tabs_are_as_large_as_other_text_for_a_class_too(window, find, theme):
    tabs = find("tabs", QTabWidget)
    for present in (False, True):
        theme.set_present(present)
        assert tabs.tabBar().font().pixelSize() == theme.sizes.body


def test_no_part_of_the_window_has_a_style_sheet_of_its_own(window):
    """It would be parsed again for each theme; eighty-eight buttons had one."""
    assert [part for part in window.findChildren(QWidget) if part.styleSheet()] == []


def test_after_a_burst_of_theme_keys_the_last_ones_hold_and_a_held_key_is_one(window, theme, settings):
    for key in ("dark", "light", "present", "system", "present", "present", "dark", "light"):
        action = window.findChild(QAction, f"{key}Action")
        assert not action.autoRepeat()
        action.trigger()
    assert (theme.mode, theme.present, settings.theme_mode) == ("light", True, "light")
    checked = {key for key in ("light", "dark", "system", "present") if entry(window, key).isChecked()}
    assert checked == {"light", "present"}
    assert window.findChild(QAction, "undoAction").autoRepeat()


def test_a_first_notice_is_reported_in_full(qtbot, window, find):
    """The bar was high enough for its message, but the message was below it."""
    window.report_error("Something went wrong.", "Traceback\n" * 20)
    strip, message, details = find("noticeStrip"), find("noticeSentence"), find("noticeDetails")
    wait_for_all_of(qtbot, strip, message)
    find("noticeDetailsButton").click()
    wait_for_all_of(qtbot, strip, message, details)
    find("noticeDetailsButton").click()
    wait_for_all_of(qtbot, strip, message)
    window.report_error(
        "Something else went wrong, and it is told at length, so that it takes lines. " * 5, "x"
    )
    wait_for_all_of(qtbot, strip, message)
    window.report_error("Something short.", "")
    wait_for_all_of(qtbot, strip, message)


def wait_for_all_of(qtbot, strip, *parts):
    """Wait until nothing is clipped: neither the bar by the window, nor its parts by the bar."""
    qtbot.waitUntil(lambda: is_whole(strip) and all(is_whole(part) for part in parts))


def is_whole(widget):
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("i_tab", range(4))
def test_what_comes_by_itself_moves_nothing(qtbot, window, find, engine, theme, i_tab, present):
    """A user about to press Stop pressed the tab that a notification had moved there."""
    run = train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    tabs = find("tabs", QTabWidget)
    tabs.setCurrentIndex(i_tab)
    window.resize(1024, 768)
    theme.set_present(present)
    parts = (tabs, tabs.currentWidget(), find("epochSlider"), *tabs.currentWidget().findChildren(QPushButton))

    def places():
        QApplication.processEvents()  # lays out
        return [QRect(part.mapTo(window, QPoint(0, 0)), part.size()) for part in parts]

    qtbot.waitUntil(lambda: places() == places())
    before = places()
    window.report_error("Something went wrong, and it is told at length so that it takes two lines. " * 2, "")
    engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 3), 0.0))
    bent, notice = find("bentStrip"), find("noticeStrip")
    assert bent.isVisible()
    assert notice.isVisible()
    assert places() == before
    assert bent.geometry().left() > tabs.tabBar().tabRect(3).right()
    assert bent.geometry().bottom() <= tabs.currentWidget().mapTo(tabs, QPoint(0, 0)).y()
    assert notice.geometry().bottom() == tabs.rect().bottom()
    assert notice.height() >= notice.heightForWidth(notice.width())


def test_two_are_trained_by_turns_and_the_verbs_are_about_the_one_that_is_shown(qtbot, window, find, engine):
    alongside = window.findChild(object, "trainAlongsideAction")
    find("speedSlider").setValue(6)
    find("epochsSpin").setValue(500)
    assert not alongside.isEnabled()
    qtbot.mouseClick(find("trainButton"), LEFT)
    qtbot.waitUntil(alongside.isEnabled)
    find("seedSpin").setValue(7)
    alongside.trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.TRAINING)
    first, second = engine.runs
    qtbot.waitUntil(lambda: find("statusLabel").text().endswith("by turns with A"))
    rows = find("runList")
    rows.setCurrentIndex(rows.model().index(0, 0))
    qtbot.mouseClick(find("pauseButton"), LEFT)
    assert find("pauseButton").text() == "Resume"
    qtbot.waitUntil(lambda: "paused" in find("progressLabel").text())
    before = second.newest
    qtbot.waitUntil(lambda: second.newest > before)
    rows.setCurrentIndex(rows.model().index(1, 0))
    assert find("pauseButton").text() == "Pause"
    qtbot.mouseClick(find("stopButton"), LEFT)
    qtbot.waitUntil(lambda: second.state is RunState.STOPPED)
    assert engine.training.trains(first)
    assert find("pauseButton").text() == "Resume A"


def test_after_saving_show_opens_the_folder_of_the_file(
    qtbot, window, find, file_dialogs, opened_folders, tmp_path
):
    find("tabs").setCurrentWidget(find("drawTab"))
    file_dialogs.answer(tmp_path / "cards.png")
    cards = find("modelCards")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    cards.setFocus()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(cards, Qt.Key.Key_S, control | shift)
    strip = find("noticeStrip")
    qtbot.waitUntil(lambda: strip.message() == f"Saved “cards.png” to {tmp_path}.")
    assert find("noticeAction").text() == "Show"
    qtbot.mouseClick(find("noticeAction"), LEFT)
    assert opened_folders == [str(tmp_path)]
    where = f"“cards.png” is in {tmp_path}."
    assert strip.message() == f"The file manager was asked to show it. {where}", "some show nothing"
    qtbot.mouseClick(find("noticeDismiss"), LEFT)
    assert cards.hasFocus(), "no ring jumps to another part of the window"


class TestNoticeOnEveryPage:
    @pytest.fixture
    def backends(self):
        """Its weights are those of the run's network, which Inspect bends, too."""
        return FakeTraining(), WeightedInference()

    @pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
    def test_a_notice_covers_no_control_and_gives_way_to_bends(self, qtbot, window, find, engine, size):
        """It lay over the foot of the page, where controls are, until it was dismissed."""
        window.complete()
        run = train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
        window.resize(*size)
        tabs, notice, bent = find("tabs"), find("noticeStrip"), find("bentStrip")
        bend = engine.bending.bend

        def place():
            QApplication.processEvents()  # lays out
            return notice.geometry()

        for i_tab in (*range(tabs.count()), 0):
            tabs.setCurrentIndex(i_tab)
            window.report_error("The image could not be read.", "Traceback")
            assert place().left() > tabs.tabBar().tabRect(tabs.count() - 1).right()
            page = tabs.currentWidget()
            assert not place().intersects(QRect(page.mapTo(tabs, QPoint(0, 0)), page.size()))
            bend(run.run_id, scaled((), Part("encoder_1", 3), 0.0))
            assert not place().intersects(bent.geometry())
            assert place().bottom() == tabs.rect().bottom()
            bend(run.run_id, ())
            assert place().top() == 0
            qtbot.mouseClick(find("noticeDismiss"), LEFT)
            assert not notice.isVisible()


def test_where_a_file_was_saved_covers_no_other_tab(qtbot, window, find, engine, tmp_path):
    strip, tabs = find("noticeStrip"), find("tabs")
    tabs.setCurrentWidget(find("drawTab"))
    engine.notifications.report_saved(tmp_path / "film.gif")
    assert strip.isVisible()
    tabs.setCurrentWidget(find("inspectTab"))
    assert not strip.isVisible()
    engine.notifications.fail("No image could be read.")
    tabs.setCurrentWidget(find("drawTab"))
    assert strip.message() == "No image could be read.", "a failure stays until it is dismissed"


def test_without_a_file_manager_show_says_where_the_file_is(
    qtbot, window, find, engine, monkeypatch, tmp_path
):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    engine.notifications.report_saved(tmp_path / "film.gif")
    qtbot.mouseClick(find("noticeAction"), LEFT)
    assert find("noticeStrip").message() == f"No file manager was found. “film.gif” is in {tmp_path}."
