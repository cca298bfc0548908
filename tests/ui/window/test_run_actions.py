"""Actions on runs and their files: continue, branch, rename, duplicate, remove and undo, drop."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from any_run import rendered
from fakes import bright, description
from hand import draw_stroke, drop
from menus import entry, recent_files
from next_settings import next_config
from photographs import use_photographs
from PIL import Image
from plots import names
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QDesktopServices, QTextDocumentFragment
from PySide6.QtWidgets import QDialog, QLineEdit, QTabWidget, QTextBrowser, QWidget
from trained import train

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.events import EpochCompleted, RunOpened, SnapshotTaken, StepsTaken, TrainingEnded
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.run_text import resuming
from cadl_gui.ui.train.run_curves import RunCurves

pytestmark = pytest.mark.gui
RUNS_FOLDER = "runs"

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=3)


def stopped(qtbot, engine, batches=0):
    """A stopped run; the fake backend writes nothing, so its folder is created here."""
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    run = engine.runs[-1]
    run.description.source.mkdir(parents=True)
    for batch in range(batches):
        engine.training.step()
        qtbot.waitUntil(lambda batch=batch: run.newest == Position(0, batch + 1))
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    return run


def test_a_resumed_run_stays_at_its_position_in_the_list(qtbot, window, engine, backends):
    run = stopped(qtbot, engine)
    assert run.state is RunState.STOPPED
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    action = entry(window, "pause")
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert tuple(engine.runs) == (run,)
    assert backends[0].requests[-1].resume
    assert run.newest == Position(3)
    assert [record.epoch for record in run.history.epochs] == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: not action.isEnabled())


def test_pause_resumes_a_stopped_run(qtbot, window, find, engine):
    """Whatever its state was, one verb gets a run going again."""
    run, button = stopped(qtbot, engine), find("pauseButton")
    assert (button.text(), button.isEnabled(), button.isVisible()) == ("Resume", True, True)
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    button.click()
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert tuple(engine.runs) == (run,)
    qtbot.waitUntil(lambda: not button.isEnabled())
    assert (button.text(), "before its last epoch" in button.toolTip()) == ("Pause", True)


def test_a_resumed_run_has_the_learning_rate_that_was_set_last(qtbot, window, find, engine, backends):
    """It used to resume with the rate that the run began with."""
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    engine.runs[-1].description.source.mkdir(parents=True)
    engine.training.set_learning_rate(0.25)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    backends[0].learning_rates.clear()
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    find("pauseButton").click()
    qtbot.waitUntil(lambda: engine.runs[-1].state is RunState.COMPLETE)
    assert set(backends[0].learning_rates) == {0.25}
    assert engine.training.learning_rate == 0.25


def test_resuming_reports_which_batches_are_trained_again(qtbot, window, find, engine):
    """Resuming is exact from the last complete epoch, so later batches are lost at first."""
    run = stopped(qtbot, engine, batches=2)
    reported = (
        "A lecture-autoencoder resumes from its initial weights; the 2 batches after them are trained again."
    )
    assert find("pauseButton").toolTip() == reported
    positions = rendered(engine.view, lambda: engine.view.position)
    find("pauseButton").click()
    assert window.statusBar().currentMessage() == reported
    qtbot.waitUntil(lambda: run.state is RunState.TRAINING)
    assert Position(0, 2) not in positions, "what is shown is where it goes on"


@pytest.mark.parametrize(
    ("newest", "words"),
    [(Position(0, 1), "resumes from its initial weights; the batch after them is trained again"),
     (Position(2), "resumes after epoch 2"),
     (Position(2, 1), "resumes after epoch 2; the batch after it is trained again"),
     (Position(2, 1341), "resumes after epoch 2; the 1,341 batches after it are trained again")],
)  # fmt: skip
def test_the_position_where_a_run_resumes_is_described(newest, words):
    run = Run("A", description("a", CONFIGURATION), History(2000), newest=newest)
    assert resuming(run) == words


def test_while_another_run_trains_the_verb_is_about_that_one(qtbot, window, find, engine):
    run = stopped(qtbot, engine)
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    engine.view.show_run(run)
    find("pauseButton").click()
    assert engine.training.state is TrainingState.TRAINING
    assert (engine.view.run, find("pauseButton").text()) == (engine.runs[-1], "Pause")
    engine.view.show_run(run)
    assert (run.state, find("pauseButton").text()) == (RunState.STOPPED, "Pause B")


def test_the_settings_of_a_run_are_copied_to_the_form(qtbot, window, find, engine):
    engine.training.train(CONFIGURATION.replace(seed=77))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    entry(window, "duplicate").trigger()
    assert find("seedSpin").value() == 77
    assert next_config(engine) == CONFIGURATION.replace(seed=77)


def test_removing_a_run_can_be_undone(qtbot, window, find, engine, backends):
    engine.training.train(CONFIGURATION)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    (run,) = engine.runs
    entry(window, "remove").trigger()
    assert tuple(engine.runs) == ()
    assert engine.view.run is None
    assert "removed" in find("noticeStrip").message()
    find("noticeAction").click()
    assert tuple(engine.runs) == (run,)
    assert engine.view.run is run
    assert run.run_id in backends[1].descriptions
    assert find("noticeStrip").message() == ""


def test_a_removed_run_whose_folder_is_opened_comes_back(qtbot, window, find, engine):
    """It was opened a second time, and *Undo*, which was still offered, listed its folder twice."""
    run = stopped(qtbot, engine)
    entry(window, "remove").trigger()
    assert find("noticeStrip").message() == f"A {run.description.name} removed."
    assert find("noticeStrip").property("notice") == "information"
    engine.runs.open(run.description.source)
    qtbot.waitUntil(lambda: bool(engine.runs))
    assert tuple(engine.runs) == (run,)
    assert find("noticeStrip").message() == ""


def test_a_removed_run_comes_back_to_its_place_of_the_list(qtbot, window, find, engine):
    runs = [train(qtbot, engine, CONFIGURATION) for _ in range(3)]
    engine.view.show_run(runs[1])
    entry(window, "remove").trigger()
    find("noticeAction").click()
    model = find("runList").model()
    shown = [model.index(row).data().split()[0] for row in range(model.rowCount())]
    assert shown == ["A", "B", "C"]
    assert find("runList").currentIndex().row() == 1
    assert list(engine.runs) == runs


def test_a_run_is_forgotten_when_the_next_one_is_removed(qtbot, window, engine, backends):
    for n in (1, 2):
        engine.training.train(CONFIGURATION)
        qtbot.waitUntil(lambda n=n: engine.training.state is TrainingState.IDLE and len(engine.runs) == n)
    first, second = engine.runs
    engine.runs.remove(first)
    engine.runs.remove(second)
    qtbot.waitUntil(lambda: first.run_id not in backends[1].descriptions)
    engine.runs.restore_removed()
    assert tuple(engine.runs) == (second,)


def test_a_checkpoint_dropped_on_the_window_is_opened_and_remembered(qtbot, window, engine, tmp_path):
    path = tmp_path / "dropped.keras"
    path.touch()
    assert drop(window, path, tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    assert engine.runs[0].description.source == path
    (recent,) = recent_files(window)
    assert recent.text() == "dropped.keras"
    recent.trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 2)


def test_the_folder_of_a_trained_run_is_among_the_recent_files(qtbot, window, engine, backends):
    run = stopped(qtbot, engine)
    (recent,) = recent_files(window)
    assert recent.text() == run.description.source.name


def test_a_dropped_png_without_a_place_is_reported(qtbot, window, find, tmp_path):
    path = tmp_path / "holiday.png"
    Image.new("L", (4, 4)).save(path)
    assert drop(window, path)
    strip = find("noticeStrip")
    qtbot.waitUntil(lambda: "“holiday.png” contains no bookmark" in strip.message())


def test_images_are_opened_as_dropped_ones_are(qtbot, window, find, engine, tmp_path, file_dialogs):
    """A film that Latent had saved was “damaged, or no checkpoint at all”."""
    path = tmp_path / "path.gif"
    Image.new("L", (4, 4)).save(path)
    file_dialogs.answer(path)
    entry(window, "open").trigger()
    qtbot.waitUntil(lambda: "open it in Draw" in find("noticeStrip").message())
    assert not engine.runs.listed


@pytest.mark.parametrize("opens", ["open_named", "come_forward"], ids=["first start", "second start"])
def test_what_is_named_at_a_start_is_opened_as_what_is_chosen(qtbot, window, find, engine, tmp_path, opens):
    """A dataset, as in `cadl-gui x.npz`, “was not saved by this program”."""
    dataset, image, checkpoint = (tmp_path / name for name in ("x.npz", "holiday.png", "mine.keras"))
    np.savez(dataset, images=np.zeros((50, 4, 4), np.uint8), labels=np.arange(50) % 3)
    Image.new("L", (4, 4)).save(image)
    checkpoint.touch()
    getattr(window, opens)([dataset])
    qtbot.waitUntil(lambda: engine.view.value.next["dataset"] == str(dataset))
    assert window.findChild(QTabWidget, "tabs").currentWidget().objectName() == "dataTab"
    assert not engine.runs.listed
    window.showMinimized()
    getattr(window, opens)([image, checkpoint])
    assert window.isMinimized() is (opens == "open_named")
    qtbot.waitUntil(lambda: "contains no bookmark" in find("noticeStrip").message())
    qtbot.waitUntil(lambda: [run.description.source for run in engine.runs] == [checkpoint])


@pytest.mark.parametrize("name", ["model.ckpt", "vae.ckpt-100", "model.ckpt.index"])
def test_of_a_checkpoint_of_the_course_it_is_reported_what_was_not_in_it(
    qtbot, window, find, engine, tmp_path, name
):
    path = tmp_path / name
    path.touch()
    others = [tmp_path / "model.ckpt.meta", tmp_path / "model.ckpt.data-00000-of-00001"]
    assert drop(window, path, *others)
    strip = find("noticeStrip")
    qtbot.waitUntil(lambda: "was imported; its file does not contain everything" in strip.message())
    assert [run.description.source for run in engine.runs] == [path]
    find("noticeDetailsButton").click()
    assert find("noticeDetails").toPlainText() == "The mean was not in it.\nLeft out: other/W."


def test_an_ampersand_in_the_name_of_a_recent_file_is_seen(window, settings, tmp_path):
    """“R&D.keras” was listed as “RD.keras”."""
    (tmp_path / "R&D.keras").touch()
    settings.add_recent(str(tmp_path / "R&D.keras"))
    (recent,) = recent_files(window)
    assert recent.text() == "R&&D.keras", "two of them are shown as one"


def test_the_files_of_a_run_are_shown_in_the_file_manager(qtbot, window, engine, opened_folders):
    run = stopped(qtbot, engine)
    qtbot.waitUntil(entry(window, "reveal").isEnabled)
    entry(window, "reveal").trigger()
    assert opened_folders == [str(run.description.source)]


def test_without_a_file_manager_it_is_said_where_the_files_of_a_run_are(
    qtbot, window, find, engine, monkeypatch
):
    """Nothing happened."""
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    run = stopped(qtbot, engine)
    qtbot.waitUntil(entry(window, "reveal").isEnabled)
    entry(window, "reveal").trigger()
    where = run.description.source
    assert find("noticeStrip").message() == f"No file manager was found. The files are in {where}."


def type_name(qtbot, window, name):
    entry(window, "rename").trigger()
    finish_name(qtbot, window, name)


def finish_name(qtbot, window, name):
    editor = window.findChild(QLineEdit, "runNameEdit")
    editor.selectAll()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChild(QLineEdit, "runNameEdit"))


def test_a_run_is_renamed_in_the_list_and_on_disk(qtbot, window, engine, backends):
    run = stopped(qtbot, engine)
    type_name(qtbot, window, "  My  best try ")
    assert run.description.name == "My best try"
    qtbot.waitUntil(lambda: bool(backends[0].renamed))
    (request,) = backends[0].renamed
    assert (request.folder, request.name) == (run.description.source, "My best try")


def said(window, word):
    """What visible widgets show or tell screen readers with this word in it."""
    texts = []
    for widget in (widget for widget in window.findChildren(QWidget) if widget.isVisible()):
        text = getattr(widget, "text", None)
        texts += [text() if callable(text) else "", widget.accessibleName(), widget.accessibleDescription()]
    return [text for text in texts if word in text]


def test_the_tooltips_of_actions_name_a_run_as_it_is(qtbot, engine, find):
    """Of rich text, Qt would fetch the images."""
    run, resume = stopped(qtbot, engine), find("pauseButton")
    qtbot.waitUntil(lambda: resume.toolTip().startswith("A lecture-autoencoder resumes "))
    plain = resume.toolTip()
    name = "<img src='//host/x.png'>"
    engine.runs.rename(run, name)
    qtbot.waitUntil(lambda: resume.toolTip() != plain)
    tip = QTextDocumentFragment.fromHtml(resume.toolTip()).toPlainText()
    assert tip == plain.replace("lecture-autoencoder", name)


@pytest.mark.parametrize("tab", ["trainTab", "drawTab", "latentTab"])
def test_a_renamed_run_has_its_new_name_on_the_page(qtbot, window, find, engine, tab):
    """The title above its pictures in Train, and who answers in Draw and Latent, kept the old one."""
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    find("tabs").setCurrentWidget(find(tab))
    draw_stroke(find("digitCanvas"))
    qtbot.waitUntil(lambda: len(said(window, "vae")) > 1)
    type_name(qtbot, window, "mine")
    qtbot.waitUntil(lambda: not said(window, "vae"))
    assert said(window, "mine")


def test_an_empty_name_is_none(qtbot, window, engine, backends):
    run = train(qtbot, engine, CONFIGURATION)
    name = run.description.name
    type_name(qtbot, window, "   ")
    assert run.description.name == name


def test_a_narrow_window_opens_the_list_over_the_page_to_rename(qtbot, window, engine, find):
    run = train(qtbot, engine, CONFIGURATION)
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: find("runList").is_collapsed)
    entry(window, "rename").trigger()
    assert not find("runList").is_collapsed
    finish_name(qtbot, window, "Narrow")
    assert run.description.name == "Narrow"


def test_once_a_run_is_renamed_the_list_leaves_the_page_unless_the_pointer_is_over_it(
    qtbot, window, engine, find
):
    train(qtbot, engine, CONFIGURATION)
    runs = find("runList")
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: runs.is_collapsed)
    type_name(qtbot, window, "Away from it")
    qtbot.waitUntil(lambda: runs.is_collapsed)
    assert runs.hasFocus(), "the arrow keys choose another run"
    QCursor.setPos(runs.viewport().mapToGlobal(QPoint(20, 20)))
    type_name(qtbot, window, "Over it")
    assert not runs.is_collapsed


def test_a_name_half_typed_stays_while_its_run_goes_on(qtbot, window, engine):
    engine.training.set_speed(TRAINING_SPEEDS[0])
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    entry(window, "rename").trigger()
    editor = window.findChild(QLineEdit, "runNameEdit")
    assert editor.selectedText() == engine.runs[0].description.name
    qtbot.keyClicks(editor, "My best tr")
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    engine.training.resume()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    qtbot.keyClicks(editor, "y")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: engine.runs[0].description.name == "My best try")


def test_no_two_runs_of_the_window_share_a_name(qtbot, window, engine, tmp_path):
    train(qtbot, engine, CONFIGURATION)
    train(qtbot, engine, CONFIGURATION)
    path = tmp_path / "opened.keras"
    path.touch()
    engine.runs.open(path)
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    names = [run.description.name for run in engine.runs]
    assert names == ["lecture-autoencoder", "lecture-autoencoder 2", "lecture-autoencoder 3"]


def test_a_folder_that_is_open_already_is_shown(qtbot, window, engine):
    run = stopped(qtbot, engine)
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    train(qtbot, engine, CONFIGURATION)
    engine.runs.open(run.description.source)
    assert engine.view.run is run
    assert len(engine.runs) == 2


def press_mark(qtbot, run_list, row):
    place = run_list.check_rect(run_list.model().index(row)).center()
    qtbot.mouseClick(run_list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_its_mark_compares_a_run_without_showing_it(qtbot, window, find, engine):
    first = train(qtbot, engine, CONFIGURATION)
    second = train(qtbot, engine, CONFIGURATION)
    press_mark(qtbot, find("runList"), 0)
    assert engine.view.run is second
    assert engine.view.chosen == (second, first)
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: "A lecture-autoencoder" in names(plot))
    others = [name for name in names(plot) if name != "A lecture-autoencoder"]
    assert [(name[0], name[-1]) for name in others] == [("B", "2")], "a long name keeps both its ends"
    press_mark(qtbot, find("runList"), 0)
    qtbot.waitUntil(lambda: names(plot).keys() == {"training", "validation"})


def test_a_compared_run_that_is_renamed_has_its_new_name_in_the_plot(qtbot, window, find, engine):
    """It had the old one until it was trained further, or another run was shown."""
    other = train(qtbot, engine, CONFIGURATION)
    train(qtbot, engine, CONFIGURATION)
    engine.view.compare(other, on=True)
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: "A lecture-autoencoder" in names(plot))
    type_name(qtbot, window, "best")
    qtbot.waitUntil(lambda: "B best" in names(plot))


def test_curves_that_measure_something_else_are_not_drawn_together(qtbot, window, find, engine):
    other = train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    train(qtbot, engine, CONFIGURATION)
    engine.view.compare(other, on=True)
    assert RunCurves.note(engine.view.chosen) == "A is not comparable: different loss"
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: names(plot).keys() == {"training", "validation"})


def test_curves_of_other_images_are_named(qtbot, window, find, engine, facts, tmp_path):
    """An accuracy of 0.9 on emoji stood above one of 0.8 on digits, as if it were the better one."""

    def described(*about):
        images = about[1].data.dataset + about[1].data.labelled_examples
        return replace(description(*about), dataset_fingerprint=images)

    facts.description = described
    classifier = preset("softmax").config.replace(epochs=1)
    other = train(qtbot, engine, classifier.replace(dataset="emoji"))
    same, _ = train(qtbot, engine, classifier), train(qtbot, engine, classifier)
    engine.view.compare(same, on=True)
    assert RunCurves.note(engine.view.chosen) == ""
    engine.view.compare(other, on=True)
    assert RunCurves.note(engine.view.chosen) == "A has different images"
    corrected = train(qtbot, engine, classifier.replace(labelled_examples=str(tmp_path / "x.npz")))
    engine.view.compare(other, on=False)
    engine.view.show_run(same)
    engine.view.compare(corrected, on=True)
    assert RunCurves.note(engine.view.chosen) == "D learned from corrected images, too"
    engine.view.show_run(corrected)
    assert RunCurves.note(engine.view.chosen) == "D learned from corrected images, too"
    engine.view.compare(other, on=True)
    qtbot.waitUntil(lambda: {"A softmax", "D softmax 4"} <= names(find("lossPlot")).keys())


def test_bounds_of_images_of_another_size_are_compared_in_no_plot(qtbot, window, find, engine, facts):
    """In nats, an image of 9,216 values has a larger loss than one of 784, however good the network is."""
    use_photographs(facts)
    digits = train(qtbot, engine, preset("vae").config.replace(epochs=1))
    train(qtbot, engine, preset("emoji-vae").config.replace(epochs=1))
    engine.view.compare(digits, on=True)
    assert RunCurves.note(engine.view.chosen) == "A is not comparable: different loss"
    assert not any("vae" in name for name in names(find("lossPlot")))
    entry(window, "comparison").trigger()
    words = window.findChild(QTextBrowser, "comparisonText").toPlainText().split("\n")
    images = words.index("Images")
    assert words[images + 1 : images + 3] == ["48×64 in colour", "28×28 in grey"]


def test_the_comparison_shows_what_differs_and_how_good_they_are(qtbot, window, engine):
    first = train(qtbot, engine, CONFIGURATION)
    train(qtbot, engine, CONFIGURATION.replace(seed=77))
    entry(window, "comparison").trigger()
    text = window.findChild(QTextBrowser, "comparisonText")
    assert "Only one run is chosen" in text.toPlainText()
    engine.view.compare(first, on=True)
    words = text.toPlainText().split("\n")
    assert "Only one run is chosen" not in text.toPlainText()
    seeds = words.index("Seed")
    assert words[seeds + 1 : seeds + 3] == ["77", "1"]
    assert "Best on validation" in words
    assert "Learning rate" not in words


def test_the_comparison_says_where_a_learning_rate_was_changed(qtbot, window, engine):
    """A curve that collapsed at 0.05 stood below “Learning rate 0.001”."""
    first = train(qtbot, engine, CONFIGURATION)
    engine.training.train(CONFIGURATION.replace(epochs=2), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    run = engine.training.run
    engine.training.step()
    qtbot.waitUntil(lambda: run.history.n_steps == 1 and engine.training.state is TrainingState.PAUSED)
    engine.training.set_learning_rate(0.05)
    engine.training.resume()
    qtbot.waitUntil(lambda: engine.training.run is None)
    engine.view.compare(first, on=True)
    entry(window, "comparison").trigger()
    words = window.findChild(QTextBrowser, "comparisonText").toPlainText().split("\n")
    changed = words.index("Learning rate, changed")
    assert words[changed + 1 : changed + 3] == ["to 0.05 in epoch 1", "–"]


@pytest.mark.parametrize("n_runs", [2, 4])
def test_the_comparison_draws_the_curves_and_is_sized_to_its_rows(qtbot, window, engine, n_runs):
    runs = [train(qtbot, engine, CONFIGURATION.replace(seed=seed)) for seed in range(1, n_runs + 1)]
    entry(window, "comparison").trigger()
    for run in runs[:-1]:
        engine.view.compare(run, on=True)
    dialog = window.findChild(QDialog, "comparisonDialog")
    plot = dialog.findChild(QWidget, "comparisonPlot")
    qtbot.waitUntil(lambda: len(names(plot)) == n_runs)
    text = dialog.findChild(QTextBrowser, "comparisonText")
    assert text.verticalScrollBar().maximum() == 0, "a row is hidden"
    assert text.horizontalScrollBar().maximum() == 0, "a column is hidden"
    assert text.height() <= text.document().size().height() + 30, "empty space below the rows"
    assert dialog.height() <= dialog.screen().availableSize().height()


def test_a_run_that_is_removed_is_no_longer_compared(qtbot, window, engine):
    run = train(qtbot, engine, CONFIGURATION)
    train(qtbot, engine, CONFIGURATION)
    engine.view.compare(run, on=True)
    engine.runs.remove(run)
    assert engine.view.compared == ()


@pytest.mark.parametrize("was_compared", [True, False])
def test_undo_restores_a_run_to_the_comparison_too(qtbot, window, find, engine, was_compared):
    """Its box was empty, and its curve had left the plot."""
    run = train(qtbot, engine, CONFIGURATION)
    engine.view.compare(run, on=was_compared)
    entry(window, "remove").trigger()
    qtbot.mouseClick(find("noticeAction"), Qt.MouseButton.LeftButton)
    assert engine.view.compared == ((run,) if was_compared else ())


def test_verbs_name_the_run_that_they_act_on(qtbot, window, find, engine):
    """If another run is shown than the one being trained, the texts say which one Pause pauses."""
    first = train(qtbot, engine, CONFIGURATION)
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert find("pauseButton").text() == "Resume"
    engine.view.show_run(first)
    words = [find(name).text() for name in ("pauseButton", "stepButton", "stopButton", "rewindButton")]
    assert words == ["Resume B", "Step B", "Stop B", "Train again B"]
    assert find("stopButton").toolTip().startswith("B lecture-autoencoder 2: ")
    assert entry(window, "stop").text() == "Stop B"
    engine.view.show_run(engine.training.run)
    assert find("stopButton").text() == "Stop"
    assert find("rewindButton").text() == "Train again"


def found_dead(qtbot, engine, backends, *runs):
    """Interrupted runs in the runs folder, as at the start."""
    backends[0].died = list(runs)
    with qtbot.waitSignal(engine.runs.interrupted):
        engine.runs.look_for_interrupted()


def test_a_training_that_died_is_offered_to_go_on(qtbot, window, find, engine, backends, tmp_path):
    folder = tmp_path / "died"
    folder.mkdir()
    found_dead(qtbot, engine, backends, InterruptedRun(folder, "vae 2", 1, 3))
    assert "“vae 2” was interrupted after epoch 1 of 3" in find("noticeStrip").message()
    find("noticeAction").click()
    qtbot.waitUntil(lambda: bool(engine.runs) and engine.runs[0].state is RunState.COMPLETE)
    assert backends[0].requests[-1].resume
    assert backends[0].requests[-1].folder == folder


def test_resumed_run_goes_on_beside_a_training_that_was_begun_meanwhile(
    qtbot, window, find, engine, backends, tmp_path
):
    """The offer stays until it is answered; taken, it ended the training that had been begun."""
    folder = tmp_path / "died"
    folder.mkdir()
    found_dead(qtbot, engine, backends, InterruptedRun(folder, "vae 2", 1, 3))
    engine.training.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    (begun,) = engine.training.runs
    find("noticeAction").click()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.runs[1].state is RunState.COMPLETE)
    assert engine.training.runs == [begun]


@pytest.mark.parametrize(
    ("n_others", "words"),
    [(0, "lost."), (1, "Another run was interrupted, too:"), (2, "2 other runs were interrupted, too:")],
)
def test_further_trainings_that_died_are_counted(
    qtbot, window, find, engine, backends, tmp_path, n_others, words
):
    found_dead(qtbot, engine, backends, *[InterruptedRun(tmp_path, "vae", 1, 3)] * (1 + n_others))
    assert words in find("noticeStrip").message()


def test_a_training_that_died_and_is_open_already_is_resumed_at_its_position(
    qtbot, window, find, engine, backends
):
    run = stopped(qtbot, engine)
    engine.training.set_speed(TRAINING_SPEEDS[-1])
    found_dead(qtbot, engine, backends, InterruptedRun(run.description.source, "a", 0, 3))
    assert "was interrupted in its first epoch" in find("noticeStrip").message()
    find("noticeAction").click()
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert tuple(engine.runs) == (run,)


def test_at_the_start_the_folder_of_runs_is_searched_for_trainings_that_died(qtbot, backends, tmp_path):
    training, inference = backends
    training.died = [InterruptedRun(tmp_path, "vae", 1, 3)]
    engine = Engine(lambda: training, lambda: inference, runs_folder=tmp_path)
    with qtbot.waitSignal(engine.runs.interrupted) as reported:
        engine.load()
    assert reported.args == [training.died]
    assert engine.shut_down(60_000)


def followed(qtbot, engine, backends, tmp_path, batches=()):
    """A run that another process is writing, opened."""
    training, _ = backends
    training.writer, training.followed = "4711", batches
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    run_id = engine.runs.open(folder)
    qtbot.waitUntil(lambda: engine.runs.find(run_id) is not None)
    return engine.runs.find(run_id)


def test_a_run_that_another_process_trains_says_so(qtbot, window, find, engine, backends, tmp_path):
    run = followed(qtbot, engine, backends, tmp_path, batches=[()] * 1000)
    assert run.state is RunState.FOLLOWED
    assert not entry(window, "pause").isEnabled()
    assert not entry(window, "trash").isEnabled()
    assert "trained by another process (4711)" in find("stopButton").toolTip()
    qtbot.waitUntil(lambda: "Trained by process 4711" in find("progressLabel").text())


def news(run_id):
    """What another process adds to a run: an epoch, and its end."""
    steps = StepsTaken(run_id, Position(3), {"loss": np.ones(10, np.float32)}, 1e-3, 1000.0)
    taken = SnapshotTaken(run_id, Snapshot(Position(3), bright(0.9)), recorded=True)
    completed = EpochCompleted(run_id, EpochRecord(3, {"loss": 0.1, "val_loss": 0.1}))
    return (steps, taken, completed), (TrainingEnded(run_id, Position(3), complete=False),)


def test_followed_run_grows_and_at_its_end_can_be_continued(qtbot, window, find, engine, backends, tmp_path):
    class Batches:
        def __iter__(self):
            return iter(news(engine.runs[0].run_id))

    run = followed(qtbot, engine, backends, tmp_path, Batches())
    qtbot.waitUntil(lambda: run.newest == Position(3))
    assert run.recorded == [Position(2), Position(3)]
    assert engine.view.position == Position(3)
    qtbot.waitUntil(lambda: run.state is RunState.STOPPED)
    assert run.writer == ""
    qtbot.waitUntil(entry(window, "pause").isEnabled)


def applied(engine):
    """The kinds of events that were applied from now on."""
    kinds = []
    engine.runs.applied.connect(lambda event, _: kinds.append(type(event)))
    return kinds


def test_followed_run_grows_also_while_it_is_removed(qtbot, window, find, engine, backends, tmp_path):
    """It came back without the epochs of the time between, and was followed for ever."""
    removed = Event()

    def batches():
        yield from iter(lambda: () if not removed.is_set() else None, None)
        yield from news(run.run_id)

    run = followed(qtbot, engine, backends, tmp_path, batches())
    events = applied(engine)
    entry(window, "remove").trigger()
    with qtbot.assertNotEmitted(engine.runs.changed):
        removed.set()
        qtbot.waitUntil(lambda: TrainingEnded in events)
    assert tuple(engine.runs) == ()
    find("noticeAction").click()
    assert tuple(engine.runs) == (run,)
    assert (run.state, run.writer, run.recorded) == (RunState.STOPPED, "", [Position(2), Position(3)])
    assert ([record.epoch for record in run.history.epochs], run.history.n_steps) == ([2, 3], 10)
    qtbot.waitUntil(entry(window, "pause").isEnabled)


@pytest.mark.parametrize("is_forgotten", [False, True], ids=["removed", "forgotten"])
def test_removed_run_does_not_come_back_by_itself(qtbot, window, engine, backends, tmp_path, is_forgotten):
    """What follows a run reports it as a whole first: that came after it had been removed."""
    looked, removed = Event(), Event()

    def batches():
        looked.set()
        assert removed.wait(60)
        yield (backends[0].open(OpenFile(run.run_id, run.description.source)),)

    other = train(qtbot, engine, CONFIGURATION)
    run = followed(qtbot, engine, backends, tmp_path, batches())
    events = applied(engine)
    qtbot.waitUntil(looked.is_set)
    for gone in (run, other)[: 1 + is_forgotten]:
        engine.runs.remove(gone)
    listed = tuple(engine.runs)
    removed.set()
    qtbot.waitUntil(lambda: RunOpened in events)
    assert tuple(engine.runs) == listed


def test_a_folder_that_is_damaged_while_it_is_followed_is_reported(
    qtbot, window, find, engine, backends, tmp_path
):
    def broken():
        yield ()
        raise CheckpointError("“run” is damaged.")

    run = followed(qtbot, engine, backends, tmp_path, broken())
    qtbot.waitUntil(lambda: run.state is RunState.FAILED)
    assert find("noticeStrip").message() == "“run” is damaged."


def test_the_dataset_is_seen_in_the_list_however_long_the_name_of_the_run(qtbot, window, find, engine):
    """Beside a long name it was elided to nothing."""
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not find("runList").is_collapsed)
    run = train(qtbot, engine, preset("vae").config.replace(epochs=1))

    def seen(name, dataset):
        run.description = replace(run.description, name=name, dataset_name=dataset)
        return find("runList").viewport().grab().toImage()

    for name in ("vae", "vae" + 30 * "n"):
        assert seen(name, "Emoji") != seen(name, "MNIST")
        assert seen(name, "Emoji") != seen(name, "Quilt")
