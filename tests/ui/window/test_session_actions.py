"""Sessions in the window: saved, opened again and elsewhere, and refused."""

import shutil
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from fakes import ReadingTraining
from hand import drop
from idle import wait_until_idle
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMessageBox, QRadioButton

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.labelled import Labelled
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import LessonView
from cadl_gui.engine.engine import Engine
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.runs import session
from cadl_gui.runs.reader import read_manifest
from cadl_gui.system.resources import shipped_run
from cadl_gui.ui.controls.run_list_model import HEADING_ROLE, OF_SESSION, OWN
from cadl_gui.ui.controls.runs_panel import RunsPanel
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def backends():
    return ReadingTraining(), InferenceService(has_tensorflow=False)


@pytest.fixture
def runs_folder(tmp_path):
    """Where the user's own runs are, beside those of sessions."""
    return tmp_path / "data" / "runs"


@pytest.fixture
def own(tmp_path):
    """The folder of a run of one's own."""
    return Path(shutil.copytree(shipped_run("softmax"), tmp_path / "own"))


@pytest.fixture
def shown(qtbot, engine):
    """Opens a folder, and returns the run once it is shown."""

    def shown(folder):
        engine.runs.open(folder)
        qtbot.waitUntil(lambda: engine.view.run is not None and engine.view.run.description.source == folder)
        return engine.view.run

    return shown


@pytest.fixture
def act(window, qtbot, file_dialogs):
    """Triggers an action of the File menu; file dialogs answer with a path."""

    def act(key, path=None):
        file_dialogs.answer(path)
        window.findChild(QAction, f"{key}Action").trigger()

    return act


@pytest.fixture
def elsewhere(qtbot, backends, theme, settings, tmp_path):
    """Opens the window of somebody else, with a folder and an engine of its own."""
    engines = []

    def elsewhere():
        its_runs = tmp_path / "elsewhere" / "runs"
        engine = Engine(*(lambda each=each: each for each in backends), its_runs, sessions=session)
        engines.append(engine)
        window = MainWindow(engine, theme, settings, "", tmp_path / "elsewhere" / "work")
        qtbot.addWidget(window)
        window.show()
        engine.load()
        return window, engine

    yield elsewhere
    assert all(engine.shut_down(60_000) for engine in engines)


def save(qtbot, window, act, path, kept="all"):
    act("saveSession", path)
    dialog = window.findChild(QDialog, "saveSessionDialog")
    choice = dialog.findChild(QRadioButton, f"{kept}Epochs")
    qtbot.waitUntil(lambda: "(" in choice.text())
    choice.click()
    dialog.accept()
    qtbot.waitUntil(lambda: window.windowTitle() == f"{path.stem}[*]" and not window.isWindowModified())


STROKE = Drawing((Stroke((Point(0.2, 0.3, 0.5), Point(0.6, 0.9, 1.0)), 0.1, False, (255, 255, 255)),))


def work_in(view, run_key):
    """Draw, label, pin and choose, as a class does."""
    now = view.value
    draw = now.draw.with_sheet(INK, STROKE)
    draw = replace(draw, noise=35, section="fool")
    view.change(
        of_run=now.with_run(run_key, pins=((0.5, -1.25, 3),), z=(2.0, 0.25)),
        draw=draw, at=view.run.recorded[2], tab="drawTab", undo="work",
    )  # fmt: skip


def test_a_session_is_the_same_elsewhere_and_opening_it_is_one_step(
    qtbot, window, engine, act, own, shown, elsewhere, tmp_path
):
    run = shown(own)
    key = engine.runs.key(run)
    work_in(engine.view, key)
    before, path = engine.view.value, tmp_path / "lesson.cadl"
    save(qtbot, window, act, path)
    # Saved again without a question, with what has changed since; the title says whether there is any.
    engine.view.change(of_run=before.with_run(key, pins=()), undo="pins")
    assert window.isWindowModified()
    act("saveSession", tmp_path / "not-asked.cadl")
    qtbot.waitUntil(lambda: not window.isWindowModified())
    engine.view.undo()
    assert window.isWindowModified()
    act("saveSession")
    engine.view.change(of_run=before.with_run(key, pins=()), undo="pins")
    wait_until_idle(engine, window)
    assert window.isWindowModified(), "what was done while it was saved is not in it"
    engine.view.undo()
    assert not window.isWindowModified()
    assert not (tmp_path / "not-asked.cadl").exists()
    shutil.rmtree(own)

    other, its = elsewhere()
    its.view.change(draw=replace(its.view.value.draw, noise=5), tab="dataTab")
    was = its.view.value
    for time in ("first", "again"):
        with qtbot.waitSignal(its.notifications.status_message) as told:
            assert drop(other, path), time
        assert told.args == ["“lesson.cadl” was opened."]
        qtbot.waitUntil(lambda: its.view.run is not None and its.view.value.of_run == before.of_run)
        now = its.view.value
        assert now.runs == (key,)
        assert (now.run, now.at, now.tab, now.draw.noise) == (key, before.at, "drawTab", 35)
        assert now.draw.sheet(INK).to_json() == before.draw.sheet(INK).to_json()
        assert its.view.position == before.at
        assert other.windowTitle() == "lesson[*]"
        its.view.undo()
        assert (its.view.value.draw, its.view.value.of_run) == (was.draw, {})
        assert (its.view.value.run, its.view.value.tab) == (key, "drawTab"), "where it leads is not undone"
        its.view.change(run="", at=None, tab="dataTab")
    assert its.view.run.description.source.is_relative_to(tmp_path / "elsewhere" / "sessions")
    # A run that was removed has gone elsewhere, such as to the trash: its key is free.
    mine = Path(shutil.copytree(its.view.run.description.source, tmp_path / "mine"))
    third, last = elsewhere()
    last.runs.open(mine)
    qtbot.waitUntil(lambda: last.view.run is not None)
    last.runs.remove(last.view.run)
    third.open_named([path])
    qtbot.waitUntil(lambda: last.view.run is not None and last.view.value.of_run == before.of_run)
    assert (last.view.value.run, last.view.value.runs) == (key, (key,))
    assert last.runs.key(last.view.run) == key


def test_a_run_that_is_listed_is_not_doubled_unless_it_went_on_otherwise(
    qtbot, window, engine, act, own, shown, elsewhere, tmp_path
):
    key = engine.runs.key(shown(own))
    first, second = tmp_path / "first.cadl", tmp_path / "second.cadl"
    save(qtbot, window, act, first)
    assert drop(window, first), "opened where its run is listed from elsewhere"
    qtbot.waitUntil(lambda: len(engine.runs.listed) == 2)
    qtbot.waitUntil(lambda: len(engine.runs.listed) == 1)
    assert not window.isWindowModified()
    history = own / "history.jsonl"
    history.write_text(history.read_text().replace('"val_loss": 0.', '"val_loss": 9.', 1))
    act("saveSessionAs", second)
    window.findChildren(QDialog, "saveSessionDialog")[-1].accept()
    qtbot.waitUntil(lambda: window.windowTitle() == "second[*]")
    other, its = elsewhere()
    warned = []
    its.notifications.warned.connect(lambda message, _: warned.append(message))
    for path, n in ((first, 1), (first, 1), (second, 2)):
        other.open_named([path])
        qtbot.waitUntil(lambda path=path: other.windowTitle() == f"{path.stem}[*]")
        qtbot.waitUntil(lambda n=n: len(its.runs) == len(its.runs.listed) == n)
        assert len(warned) == n - 1
        assert not other.isWindowModified()
    assert its.runs.key(its.runs[0]) == key == its.view.value.run
    assert [read_manifest(each.description.source).uuid for each in its.runs] == [key.removeprefix("id:")] * 2
    assert [run.letter for run in its.runs] == ["A", "B"]


def test_paths_of_another_computer_are_neither_written_nor_believed(
    qtbot, window, engine, act, tmp_path, elsewhere
):
    secret = str(tmp_path / "secret.npz")
    image = np.arange(28 * 28, dtype=np.uint8).reshape(28, 28, 1)
    view = engine.view
    lesson = LessonView(str(tmp_path / "secret.lesson.md")).answered("edges/One", "9").with_done("edges/One")
    view.change(
        lesson=lesson,
        next=view.value.next.replace(dataset=secret),
        draw=replace(view.value.draw, labelled=(Labelled(INK, ("a", "b"), image, 1, secret),)),
    )
    act("saveSession", tmp_path / "paths.cadl")
    qtbot.waitUntil(lambda: window.windowTitle() == "paths[*]")
    with ZipFile(tmp_path / "paths.cadl") as archive:
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())
    assert view.value.next["dataset"] == secret
    for own_lesson in ("", "shipped:edges"):
        other, its = elsewhere()
        its.view.change(lesson=LessonView(own_lesson))
        other.open_named([tmp_path / "paths.cadl"])
        qtbot.waitUntil(lambda its=its: its.view.value.lesson.done == ("edges/One",))
        assert its.view.value.lesson == replace(lesson, path=own_lesson)


def test_opening_while_something_trains_asks_and_what_is_damaged_is_told(
    qtbot, window, engine, act, own, shown, tmp_path
):
    run = shown(own)
    good, bad = tmp_path / "good.cadl", tmp_path / "bad.cadl"
    work_in(engine.view, engine.runs.key(run))
    save(qtbot, window, act, good, "last")
    engine.view.undo()
    bad.write_bytes(good.read_bytes()[:-500])
    before = engine.view.value
    with qtbot.waitSignal(engine.notifications.failed) as told:
        act("openSession", bad)
    assert "bad.cadl" in told.args[0]
    assert engine.view.value == before
    engine.training.train(preset("lecture-softmax").config.replace(epochs=10_000))
    qtbot.waitUntil(lambda: engine.training.run is not None)
    for button in ("Cancel", "Open"):
        assert engine.view.to_undo is None
        act("openSession", good)
        question_of(window, "openSessionQuestion", button)
    qtbot.waitUntil(lambda: engine.view.to_undo is not None)
    assert engine.view.to_undo.text == "opening of good.cadl"
    assert engine.training.run is not None
    engine.training.stop()


def question_of(window, name, button):
    """Answer a question by one of its buttons."""
    question = window.findChildren(QMessageBox, name)[-1]
    assert question.textFormat() == Qt.TextFormat.PlainText, "it holds the name of a file from elsewhere"
    next(each for each in question.buttons() if each.text().replace("&", "") == button).click()


@pytest.fixture
def lesson(qtbot, window, engine, act, own, shown, tmp_path):
    """A session of two runs, the first shown and pinned."""
    (tmp_path / "home" / "data").mkdir(parents=True)  # where the system keeps the trash
    vae = shown(Path(shutil.copytree(shipped_run("vae"), tmp_path / "two")))
    shown(own)
    engine.view.show_run(vae)
    work_in(engine.view, engine.runs.key(vae))
    save(qtbot, window, act, tmp_path / "lesson.cadl")
    return tmp_path / "lesson.cadl"


def opened(qtbot, window, engine, path, n):
    window.open_named([path])
    qtbot.waitUntil(lambda: window.windowTitle() == f"{path.stem}[*]")
    qtbot.waitUntil(lambda: len(engine.runs) == len(engine.runs.listed) == n)
    wait_until_idle(engine, window)  # a run that was listed before is there at once, and then read again


def headings(window):
    """The headings of the runs, in order."""
    rows = window.findChild(RunsPanel).list.model()
    return [rows.data(rows.index(row), HEADING_ROLE) for row in range(rows.rowCount())]


def test_a_kept_run_stays_and_the_others_leave_with_the_session_that_is_closed(
    qtbot, lesson, elsewhere, tmp_path
):
    other, its = elsewhere()
    sessions, runs = tmp_path / "elsewhere" / "sessions", tmp_path / "elsewhere" / "runs"
    for heading in ("", OWN):  # opened once more with a run that was kept: it is not doubled
        opened(qtbot, other, its, lesson, 2)
        assert headings(other) == [OF_SESSION, heading]
        softmax, vae = sorted(its.runs, key=lambda run: run.description.name)
        assert (its.runs.owns(vae), its.runs.owns(softmax)) == (bool(heading), False)
        its.view.show_run(vae)
        for _ in range(2):
            other.findChild(QAction, "keepAction").trigger()
        assert (its.runs.owns(vae), its.runs.owns(softmax)) == (True, False)
        wait_until_idle(its, other)
        assert headings(other) == [OF_SESSION, OWN]
        assert its.view.value.of_run[its.runs.key(vae)].pins == ((0.5, -1.25, 3),)
        its.view.change(of_run={}, undo="pins")
        for button in ("Cancel", "Close without saving"):
            assert len(its.runs) == 2
            other.findChild(QAction, "closeSessionAction").trigger()
            question_of(other, "closeSessionQuestion", button)
            led = (
                other.statusBar().currentMessage().startswith("Session closed. Edit → Clear for next class…")
            )
            assert led == (button != "Cancel"), "where the rest of a class is cleared"
        qtbot.waitUntil(lambda vae=vae: [*its.runs] == [vae])
        qtbot.waitUntil(lambda: not [*sessions.iterdir()])
        assert (other.windowTitle(), other.isWindowModified()) == ("Watch networks learn", False)
        qtbot.waitUntil(lambda: not other.findChild(QAction, "closeSessionAction").isEnabled())
        assert [*runs.iterdir()] == [vae.description.source]
    assert lesson.is_file()


@pytest.mark.slow
def test_the_runs_of_a_session_keep_their_letters_whenever_it_is_opened(
    qtbot, window, engine, act, shown, elsewhere, tmp_path
):
    """They came back with later letters each time, and so in other colours."""
    (tmp_path / "home" / "data").mkdir(parents=True)  # where the system keeps the trash
    for name in ("softmax", "vae", "conv-classifier", "autoencoder"):
        shown(Path(shutil.copytree(shipped_run(name), tmp_path / name)))
    for place in (2, 0):
        engine.runs.remove(engine.runs[place])
    path = tmp_path / "lesson.cadl"
    save(qtbot, window, act, path)
    other, its = elsewhere()
    for own, expected in (([], "BD"), (["E"], "BDE"), (["E", "F"], "BDEF")):
        for name in ("conv-autoencoder", "emoji-vae")[len(its.runs) : len(own)]:
            its.runs.open(Path(shutil.copytree(shipped_run(name), tmp_path / name)))
        qtbot.waitUntil(lambda own=own: [run.letter for run in its.runs] == own)
        opened(qtbot, other, its, path, len(expected))
        assert "".join(run.letter for run in its.runs) == expected
        other.findChild(QAction, "closeSessionAction").trigger()
        qtbot.waitUntil(lambda own=own: [run.letter for run in its.runs.listed] == own)
        wait_until_idle(its, other)


def test_a_run_of_a_session_that_is_trained_on_is_ones_own(qtbot, lesson, elsewhere, tmp_path):
    other, its = elsewhere()
    opened(qtbot, other, its, lesson, 2)
    run = its.runs[0]
    its.training.resume_run(run)
    assert its.runs.owns(run) == run.can_resume
    run.description = replace(run.description, config=run.description.config.replace(epochs=1000))
    its.training.resume_run(run)
    assert its.runs.owns(run)
    assert its.training.starting.folder == run.description.source
    qtbot.waitUntil(lambda: its.training.trains(run))
    its.training.stop_all()
    other.findChild(QAction, "closeSessionAction").trigger()
    qtbot.waitUntil(lambda: [*its.runs] == [run])


def test_clearing_offers_the_runs_of_a_session_and_ends_it_until_undone(
    qtbot, lesson, elsewhere, tmp_path, file_dialogs
):
    other, its = elsewhere()
    opened(qtbot, other, its, lesson, 2)
    its.runs.keep(its.runs[0])
    other.findChild(QAction, "clearForNextClassAction").trigger()
    box = other.findChild(QMessageBox, "clearQuestion").checkBox()
    assert box.text() == "Also move your run and 1 run of a session to the trash"
    question_of(other, "clearQuestion", "Clear")
    assert other.windowTitle() == "Watch networks learn"
    other.findChild(QAction, "undoAction").trigger()
    assert (other.windowTitle(), other.isWindowModified()) == ("lesson[*]", False)
    other.findChild(QAction, "undoAction").trigger()
    assert other.windowTitle() == "Watch networks learn"
    before = lesson.read_bytes()
    file_dialogs.answer(None)
    other.findChild(QAction, "saveSessionAction").trigger()
    assert other.findChild(QDialog, "saveSessionDialog") is not None, "it asks where, and replaces nothing"
    assert lesson.read_bytes() == before


def test_the_next_start_names_the_session_and_whether_it_is_saved(qtbot, lesson, elsewhere):
    answered = LessonView().answered("edges.lesson.md/Edges", "3")
    for changes in ({}, {"lesson": answered}, {"of_run": {}}):
        changed = bool(changes)
        other, its = elsewhere()
        other.open_again(())
        if not its.view.value.runs:
            opened(qtbot, other, its, lesson, 2)
        qtbot.waitUntil(lambda its=its: len(its.runs) == 2)
        qtbot.waitUntil(lambda other=other: other.windowTitle() == "lesson[*]")
        assert its.view.to_undo is None or not changed
        if changed:
            its.view.change(**changes, undo="pins")
        assert other.isWindowModified() == changed
        assert its.view.value.session.kept == "all"
        other.close()
