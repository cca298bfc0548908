"""Lessons in the window: opened, played, remembered and closed."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from threading import Event

import pytest
from fakes import ReadingTraining
from hand import drop
from idle import wait_until_idle
from menus import entry, recent_files
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressDialog,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from cadl_gui.domain.drawing import BLANK, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import read_lesson, title_of
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.session import Kept
from cadl_gui.domain.view import DrawView, FigureView, RunView, View
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.runs import session
from cadl_gui.system.resources import shipped_lessons, shipped_run
from cadl_gui.ui.lesson.head_dialog import HeadDialog
from cadl_gui.ui.lesson.lesson_form import LessonForm
from cadl_gui.ui.lesson.step_dialog import StepDialog
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.tokens import REGULAR, SEMIBOLD
from cadl_gui.ui.window import lesson_player
from cadl_gui.ui.window.lesson_actions import LessonActions
from cadl_gui.ui.window.lesson_names import names_beside
from cadl_gui.ui.window.view_parts import parts_of

pytestmark = pytest.mark.gui

FOUR = Drawing((Stroke((Point(0.25, 0.5), Point(0.75, 0.375, 0.5)), 0.125),))
LESSON = """\
---
title: Own lesson
---
## Draw

Clean with action:eraser, set see:epochs, see [there](action:teach). ![formula](../secret.png) action:details

> Teacher: only you.

```cadl
show: run conv-classifier, epoch latest, tab Draw, drawing four.json
ask: Which one? | 4 / 9 = 9
check: answered
hint: Leave a `gap`, use action:eraser.
```

## Look

Kernels of $3 \\times 3$.

```cadl
show: run vae, epoch 6, tab Inspect, layer encoder_2
ask: How many? | number = 98 ± 1
check: tab Latent
```

## Train

```cadl
show: preset softmax, seed 7, tab Train, drawing blank
check: changed epochs
```
"""


@pytest.fixture
def backends():
    return ReadingTraining(), InferenceService(has_tensorflow=False)


class HeldSessions:
    """Unpacks sessions once it may, and does all else with them at once."""

    read_session = staticmethod(session.read_session)

    def __init__(self):
        self.may_unpack = Event()
        self.may_unpack.set()

    def unpack(self, *arguments):
        assert self.may_unpack.wait(60)
        return session.unpack(*arguments)


@pytest.fixture
def session_files():
    return HeldSessions()


@pytest.fixture
def runs_folder(tmp_path):
    return tmp_path / "data" / "runs"


@pytest.fixture
def path(tmp_path):
    """A lesson of one's own, with the drawing that it shows."""
    (tmp_path / "four.json").write_text(json.dumps(FOUR.to_json()))
    path = tmp_path / "own.lesson.md"
    path.write_text(LESSON, encoding="utf-8")
    return path


@pytest.fixture
def text(find):
    """The text of a label or browser."""

    def text(name):
        widget = find(name)
        if not widget.isVisible():
            return ""
        return widget.toPlainText() if isinstance(widget, QTextBrowser) else widget.text()

    return text


@pytest.fixture
def opened(qtbot, window, engine, path, text):
    """Opens the lesson, and waits until its first run is shown."""
    assert drop(window, path)
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw" and engine.view.run is not None)
    take_keys(qtbot, window)
    return path


def take_keys(qtbot, window):
    """Activate the window: on a busy machine, the dialog of a slow opening was active, then nothing."""
    qtbot.waitUntil(lambda: window.findChild(QProgressDialog) is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def click(find, name):
    QTest.mouseClick(find(name, QPushButton), Qt.MouseButton.LeftButton)


def wait_for_progress(qtbot, window, sentence, *, then_cancel=False):
    qtbot.waitUntil(lambda: (shown := window.findChild(QProgressDialog)) is not None and shown.isVisible())
    progress = window.findChild(QProgressDialog)
    assert progress.labelText() == sentence
    if then_cancel:
        QTest.mouseClick(progress.findChild(QPushButton), Qt.MouseButton.LeftButton)


def click_link(browser, link):
    """Click where the text of a browser has a link."""
    places = (QPoint(x, y) for y in range(0, browser.height(), 4) for x in range(0, browser.width(), 4))
    place = next(place for place in places if browser.anchorAt(place) == link)
    QTest.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_step_shows_all_that_it_declares_however_it_is_entered(qtbot, window, engine, find, text, opened):
    view = engine.view
    for way in ("forwards", "again"):
        now = view.value
        assert (now.run, now.at, now.tab) == ("shipped:conv-classifier", None, "drawTab"), way
        assert now.draw.sheet(INK).to_json() == FOUR.to_json()
        assert text("lessonProgress") == "Step 1 of 3"
        click(find, "nextStepButton")
        now = view.value
        assert (now.run, now.at, now.tab) == ("shipped:vae", Position(6), "inspectTab")
        assert now.inspect.layer == "encoder_2"
        assert now.draw.sheet(INK).to_json() == FOUR.to_json(), "what a step does not name stays"
        qtbot.waitUntil(lambda: view.run.description.name == "vae" and view.position == Position(6))
        assert (text("stepTitle"), text("lessonProgress"), text("stepText")) == (
            "Look",
            "Step 2 of 3",
            "Kernels of \N{OBJECT REPLACEMENT CHARACTER}.",
        )
        view.change(tab="dataTab", at=None, inspect=replace(now.inspect, layer="x"))
        click(find, "stepAgainButton")
        assert (view.value.tab, view.value.at, view.value.inspect) == (now.tab, now.at, now.inspect)
        QTest.keyClick(window, Qt.Key.Key_PageDown)
        assert view.value.tab == "trainTab"
        assert view.value.draw.sheet(INK) is BLANK
        assert (find("finishLessonButton").isVisible(), find("nextStepButton").isVisible()) == (True, False)
        QTest.keyClick(window, Qt.Key.Key_PageUp)
        assert (view.value.run, view.value.at, view.value.tab) == (now.run, now.at, now.tab)
        click(find, "previousStepButton")
    assert not find("previousStepButton").isEnabled()
    assert view.to_undo is None, "entering a step is no work"
    mine = Drawing(FOUR.strokes * 2)
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    view.change(draw=replace(view.value.draw, sheets={INK.key: mine}))
    with qtbot.waitSignal(engine.notifications.status_message) as told:
        click(find, "stepAgainButton")
    assert told.args[0] == "This step has an empty canvas. Undo brings back yours, until you quit."
    assert text("stepSaid") == "Set up again, as this step begins."
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    for tab in ("dataTab", "trainTab"):
        view.change(tab=tab, draw=replace(view.value.draw, sheets={INK.key: mine}))
        with qtbot.waitSignal(engine.notifications.status_message) as told:
            click(find, "stepAgainButton")
        assert told.args[0] == "This step has its own drawing. Undo brings back yours, until you quit."
        assert view.value.draw.sheet(INK) is not mine
        assert (view.value.tab, text("noticeSentence")) == ("drawTab", ""), "it covers nothing"
        view.undo(view.to_undo_drawn)
        assert view.value.draw.sheet(INK) is mine, "what it replaced was somebody's work"
        assert (view.value.run, view.value.tab) == ("shipped:conv-classifier", "drawTab")


def test_answers_are_judged_gently_and_a_step_is_done_once_its_conditions_hold(
    qtbot, window, engine, find, text, opened
):
    assert (find("nextStepButton").text(), text("stepDone"), text("answerVerdict")) == ("Skip", "", "")
    click(find, "choice0Button")
    assert text("answerVerdict") == "Not quite: 9."
    click(find, "choice1Button")
    assert text("answerVerdict") == "Right: 9."
    qtbot.waitUntil(lambda: text("stepDone") == "✓ Done")
    assert find("nextStepButton").text() == "Next"
    click(find, "nextStepButton")
    assert (text("stepDone"), text("answerVerdict"), find("nextStepButton").text()) == ("", "", "Skip")
    line = find("answerEdit", QPlainTextEdit)
    retry, solution, own = "Too low. Try once more.", "about 98.", {"own/Draw": "9"}
    number = "A number, please."
    for answer, verdict, kept in (
        *(("96", retry, False), ("", "", False), ("many", number, False), ("95", retry, False)),
        *(("97,5", f"Right: {solution}", True), ("96", f"Not quite: {solution}", True), ("", "", False)),
        *(("100", "Too high. Try once more.", False), ("", "", False)),
        *(
            ("1", retry, False),
            ("2", f"Not quite: {solution}", True),
            ("many", number, None),
            ("", "", False),
        ),
    ):
        line.setFocus()
        line.clear()
        QTest.keyClicks(line, answer)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert text("answerVerdict") == verdict
        given = {True: {"own/Look": answer}, False: {}, None: {"own/Look": "2"}}[kept]
        assert engine.view.value.lesson.answers == own | given
    engine.view.change(tab="latentTab")
    qtbot.waitUntil(lambda: text("stepDone") == "✓ Done")
    click(find, "nextStepButton")
    engine.view.change(next=engine.view.value.next.replace(epochs="3"))
    qtbot.waitUntil(lambda: engine.view.value.lesson.done == ("own/Draw", "own/Look", "own/Train"))


def test_of_three_choices_a_wrong_one_may_be_given_once_more(window, engine, qtbot, find, text, path):
    path.write_text(LESSON.replace("4 / 9 = 9", "4 / 9 / 7 = 9"), encoding="utf-8")
    assert drop(window, path)
    qtbot.waitUntil(lambda: text("stepQuestion") == "Which one?")
    for _ in range(2):
        for number, verdict in ((0, "Not quite. Try once more."), (2, "Not quite: 9."), (1, "Right: 9.")):
            click(find, f"choice{number}Button")
            assert text("answerVerdict") == verdict
            assert ("own/Draw" in engine.view.value.lesson.answers) is (number > 0)
        entry(window, "restartLesson").trigger()
        assert not any(find(f"choice{number}Button", QPushButton).isChecked() for number in range(3))


def test_an_answer_uncovers_what_its_step_has_covered_and_is_gone_for_the_next_class(
    qtbot, window, engine, find, text, path
):
    """“Guess first” still lay over the curve when the answer had been said."""
    covers = "drawing four.json, figure.covered drawTab/answer trainTab/lossPlot"
    choices = "4 / 9 / 7 = 9"
    steps = LESSON.replace("drawing four.json", covers).replace("4 / 9 = 9", choices)
    path.write_text(steps, encoding="utf-8")
    assert drop(window, path)
    qtbot.waitUntil(lambda: text("stepQuestion") == "Which one?")

    def covered():
        return engine.view.value.figure.covered

    field = find("answerEdit", QPlainTextEdit)
    for _ in range(2):
        assert covered() == ("drawTab/answer", "trainTab/lossPlot")
        click(find, "choice0Button")
        assert covered() == ("drawTab/answer", "trainTab/lossPlot"), "it may be given again"
        click(find, "choice1Button")
        assert covered() == ()
        click(find, "stepAgainButton")
        assert covered() == ()
        click(find, "nextStepButton")
        assert field.toPlainText() == ""
        QTest.keyClicks(field, "half a th")
        entry(window, "restartLesson").trigger()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the buttons of the step before


def test_after_a_key_that_enters_a_step_space_presses_nothing_that_goes_back(
    qtbot, window, engine, find, text, opened
):
    """The text that had the focus is not in the next step, and Qt gave it to Back."""
    for name in ("stepText", "nextStepButton", "eraserButton"):
        click(find, "nextStepButton")
        click(find, "previousStepButton")
        find(name).setFocus()
        for title in ("Look", "Train"):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_PageDown)
            assert text("stepTitle") == title
            focused = QApplication.focusWidget()
            assert not isinstance(focused, QAbstractButton) or focused in {
                find("nextStepButton"),
                find("lessonProgress"),
            }, (name, title, focused)
        for _ in range(2):
            click(find, "previousStepButton")
    click(find, "nextStepButton")
    find("answerEdit").setFocus()
    entry(window, "stepAgain").trigger()
    assert QApplication.focusWidget() is find("nextStepButton"), "no key that a step asks for is typed"


def test_each_step_shows_its_own_answer_alone_though_it_offers_the_same_ones(
    qtbot, window, find, text, opened
):
    others = "ask: Why? | 9 / 4", "ask: Which one? | 4 / 9 = 9"
    steps = LESSON.replace("ask: How many? | number = 98 ± 1", others[0])
    opened.write_text(steps.replace("blank", f"blank\n{others[1]}"), encoding="utf-8")

    def shown():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        buttons = [find("choice0Button", QPushButton), find("choice1Button", QPushButton)]
        checked = [button.text() for button in buttons if button.isChecked()]
        return *checked, text("answerVerdict")

    qtbot.waitUntil(lambda: find("nextStepButton").isVisible() and text("stepQuestion") == "Which one?")
    click(find, "choice1Button")
    assert shown() == ("9", "Right: 9.")
    click(find, "nextStepButton")
    qtbot.waitUntil(lambda: text("stepQuestion") == "Why?")
    assert shown() == ("",)
    click(find, "nextStepButton")
    assert shown() == ("",)
    click(find, "choice0Button")
    click(find, "previousStepButton")
    assert shown() == ("",)
    click(find, "choice1Button")
    assert shown() == ("4", "Noted. It stays here until the answers are cleared.")
    click(find, "nextStepButton")
    assert shown() == ("4", "Not quite: 9.")
    click(find, "previousStepButton")
    click(find, "previousStepButton")
    assert shown() == ("9", "Right: 9.")


def test_any_step_is_entered_from_the_list_and_another_class_starts_again(
    qtbot, window, engine, find, text, opened
):
    view, menu = engine.view, find("lessonProgress", QPushButton).menu()
    others = {"own2/Draw": "4"}, ("own2/Draw",)
    view.change(lesson=replace(view.value.lesson, answers=others[0], done=others[1]))

    def steps():
        menu.popup(QPoint())
        menu.hide()
        return [(action.text(), action.isChecked()) for action in menu.actions()]

    assert steps() == [("1. Draw", False), ("2. Look", False), ("3. Train", False)]
    click(find, "choice1Button")
    qtbot.waitUntil(lambda: text("stepDone") == "✓ Done")
    assert (steps()[0], text("stepEnd"), menu.defaultAction().text()) == (("1. Draw", True), "", "1. Draw")
    assert [action.font().weight() for action in menu.actions()] == [SEMIBOLD, REGULAR, REGULAR]
    for number, title, end in (
        (1, "Look", ""),
        (2, "Train", "This is the last step: Finish closes the lesson."),
    ):
        menu.actions()[number].trigger()
        assert (text("stepTitle"), text("stepEnd")) == (title, end)
    assert view.value.tab == "trainTab"
    entry(window, "restartLesson").trigger()
    assert (text("stepTitle"), text("answerVerdict"), text("stepEnd")) == ("Draw", "", "")
    assert (view.value.lesson.answers, view.value.lesson.done, view.value.tab) == (*others, "drawTab")
    view.undo(view.to_undo)
    assert (text("answerVerdict"), text("stepDone")) == ("Right: 9.", "✓ Done")
    assert (*view.value.lesson.answers, *view.value.lesson.done) == ("own2/Draw", "own/Draw") * 2


def test_a_long_step_is_read_to_its_end_before_the_next_one_is_entered(
    qtbot, window, engine, find, text, path
):
    """With a presenter's remote nobody scrolls, and the step after came in place of the rest."""
    path.write_text(LESSON.replace("Clean with", "Clean\n\n" * 30 + "with"), encoding="utf-8")
    assert drop(window, path)
    way_on, verdict = find("nextStepButton"), find("answerVerdict")
    qtbot.waitUntil(lambda: way_on.text() == "More")

    def has_read():
        if way_on.text() == "More":
            QTest.keyClick(window, Qt.Key.Key_PageDown)
        return way_on.text() == "Skip"

    qtbot.waitUntil(has_read)  # between two keys, the panel is laid out
    assert text("stepTitle") == "Draw"
    click(find, "choice1Button")
    assert verdict.visibleRegion().boundingRect() == verdict.rect()
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: (way_on.text(), text("stepTitle")) == ("Skip", "Look"))
    click(find, "previousStepButton")
    qtbot.waitUntil(lambda: way_on.text() == "More")
    engine.view.change(lesson=replace(engine.view.value.lesson, path=""))
    assert not way_on.isEnabled()


def test_a_step_begins_at_its_top_though_the_answer_that_had_the_focus_is_gone(
    qtbot, window, find, text, path
):
    """The focus went on to a control below, which was brought in sight."""
    long = LESSON.replace("Clean with", "Clean\n\n" * 30 + "with").replace("Kernels", "Kernels\n\n" * 30)
    path.write_text(long.replace("number = 98 ± 1", "98 / 89 = 98"), encoding="utf-8")
    assert drop(window, path)
    way_on, bar = find("nextStepButton"), find("stepScroll").verticalScrollBar()
    for title in ("Draw", "Look"):
        qtbot.waitUntil(lambda title=title: (way_on.text(), text("stepTitle")) == ("More", title))
        assert bar.value() == 0
        while way_on.text() == "More":
            QTest.keyClick(window, Qt.Key.Key_PageDown)
        click(find, "choice0Button")
        QTest.keyClick(window, Qt.Key.Key_PageDown)


def test_at_its_end_a_lesson_is_closed_says_which_one_follows_and_begins_anew(
    qtbot, window, engine, find, text, opened
):
    def read_to_the_end(title):
        qtbot.waitUntil(lambda: text("lessonTitle") == title)
        assert text("lessonProgress").startswith("Step 1 of ")
        take_keys(qtbot, window)
        for _ in range(99):
            QTest.keyClick(window, Qt.Key.Key_PageDown)
        assert text("lessonTitle") == title, "a remote, pressed once too often, closed the lesson"
        assert entry(window, "printSheet").isEnabled()
        click(find, "finishLessonButton")
        assert not find("lessonPanel").isVisible()
        assert window.hasFocus(), "Space presses no button"
        return text("noticeSentence")

    for answers in ({"own/Draw": "9"}, {}):
        if answers:
            click(find, "choice1Button")
        assert read_to_the_end("Own lesson") == "The lesson is finished."
        assert engine.view.value.lesson.answers == answers
        assert not find("noticeAction").isVisible(), "no other one follows"
        QTest.keyClick(window, Qt.Key.Key_PageDown)
        assert drop(window, opened)
        qtbot.waitUntil(find("lessonPanel").isVisible)
        if answers:
            assert text("noticeSentence") == "Opened. It has the answers that were given the last time."
            click(find, "noticeAction")
            assert engine.view.value.lesson.answers == {}
    assert read_to_the_end("Own lesson")
    fifth, last = shipped_lessons()[4:]
    entry(window, f"lesson_{fifth.name.removesuffix('.lesson.md').replace('-', '_')}").trigger()
    assert read_to_the_end(title_of(fifth)) == "The lesson is finished."
    assert text("noticeAction") == f"Open “{title_of(last)}”"
    click(find, "noticeAction")
    assert read_to_the_end(title_of(last)) == "The lesson is finished."
    assert not find("noticeAction").isVisible()


def test_a_step_whose_run_has_to_be_trained_says_how_long_and_offers_it(
    qtbot, window, engine, find, text, opened
):
    for _ in range(2):
        click(find, "nextStepButton")
    assert "a run of softmax with seed 7, which is not trained yet" in text("stepToTrain")
    assert engine.view.value.next["seed"] == "7"
    assert find("lessonTrainButton").isVisible()
    for name, words in (("vae", "can take some minutes"), ("softmax", "took about")):
        engine.runs.open(shipped_run(name), show=False)
        qtbot.waitUntil(lambda words=words: words in text("stepToTrain"))
    click(find, "lessonTrainButton")
    config = preset("softmax").config.replace(seed=7)
    qtbot.waitUntil(lambda: any(run.description.config == config for run in engine.runs))
    assert (text("stepToTrain"), find("lessonTrainButton").isVisible()) == ("", False)
    click(find, "previousStepButton")
    click(find, "nextStepButton")
    assert engine.view.run.description.config == config


def test_links_have_the_words_and_keys_of_controls_and_point_at_them_without_using_them(
    qtbot, window, engine, theme, find, text, opened
):
    assert text("stepText").startswith("Clean with Erase (E), set Epochs, see there.")
    before, ring, browser = engine.view.value, find("lessonRing"), find("stepText", QTextBrowser)
    button = find("eraserButton")

    def is_around():
        return ring.isVisible() and ring.geometry().contains(button.mapTo(window, button.rect().center()))

    click_link(browser, "action:eraser")
    assert is_around()
    assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    window.resize(window.width(), window.height() - 60)
    qtbot.waitUntil(is_around)
    heading = window.menuBar()
    for link, sentence in (
        ("action:teach", "“Correct the answer (0–9)” is in the menu Draw."),
        ("action:details", "“Details (Ctrl+D)” is in the menu View."),
        ("see:epochs", "“Epochs” is in Train, in the settings of the next run."),
    ):
        click_link(browser, link)
        assert (text("stepSaid"), ring.isVisible()) == (sentence, link.startswith("action"))
        if ring.isVisible():
            title = sentence.rpartition(" ")[2].rstrip(".")
            named = next(each for each in heading.actions() if each.text().replace("&", "") == title)
            place = heading.actionGeometry(named)
            assert ring.geometry().contains(heading.mapTo(window, place.center())), "on the heading"
            assert ring.width() < 2 * place.width(), "and at no other"
        assert QApplication.activePopupWidget() is None, "the next click and key are the class's own"
    assert engine.view.value == before, "a link executes nothing"
    assert browser.loadResource(2, QUrl("../secret.png")) is None
    place = button.mapTo(window, button.rect().center())
    for use in (
        lambda: QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place),
        entry(window, "eraser").trigger,
        lambda: click(find, "nextStepButton"),
    ):
        click_link(browser, "action:eraser")
        assert is_around()
        use()
        assert not ring.isVisible()
    click(find, "previousStepButton")
    click_link(browser, "action:eraser")
    engine.view.change(tab="dataTab")
    qtbot.waitUntil(lambda: not ring.isVisible())  # it goes with what it points at
    theme.set_present(True)
    click_link(browser, "action:teach")
    assert not ring.isVisible(), "a class sees no menu bar"


def test_a_number_key_labels_no_drawing_while_a_class_is_to_choose(window, engine, find, text, opened):
    """4 for “a 4” kept the drawing of the lesson as a corrected image."""
    canvas = find("digitCanvas")
    for labels in ([], [4]):
        assert (text("labelledLabel") == "") is not labels
        QTest.keyClick(canvas, "4")
        assert [each.label for each in engine.view.value.draw.labelled] == labels
        click(find, "choice0Button")
        click(find, "choice1Button")


def test_hints_and_notes_are_shown_when_asked_for_and_notes_never_to_a_class(
    qtbot, window, theme, find, text, opened
):
    assert text("stepHint") == text("stepNotes") == ""
    hint = "Leave a gap, use Erase (E)."
    click(find, "stepHintButton")
    entry(window, "teachersNotes").trigger()
    assert (text("stepHint"), text("stepNotes")) == (hint, "Teacher: only you.")
    ring, eraser = find("lessonRing"), find("eraserButton")
    assert ring.isVisible()
    assert ring.geometry().contains(eraser.rect().translated(eraser.mapTo(window, QPoint(0, 0))))
    theme.set_present(True)
    assert (text("stepNotes"), text("stepHint")) == ("", hint)
    theme.set_present(False)
    click(find, "nextStepButton")
    assert (text("stepHint"), text("stepNotes")) == ("", "This step has no note for the teacher.")
    assert not find("stepHintButton").isEnabled()
    click(find, "previousStepButton")
    assert text("stepNotes") == "Teacher: only you."
    entry(window, "teachersNotes").trigger()
    assert text("stepNotes") == ""


def test_a_lesson_is_found_again_at_the_next_start_where_it_was_left(
    qtbot, window, engine, find, text, opened, next_start
):
    click(find, "choice0Button")
    click(find, "nextStepButton")
    mine = Drawing(FOUR.strokes * 2)
    engine.view.change(tab="dataTab", draw=engine.view.value.draw.with_sheet(INK, mine))
    assert [action.text() for action in recent_files(window)] == ["own.lesson.md"]
    window.close()
    other, its = next_start()
    other.resize(1300, 800)
    runs, tiles = (other.findChild(QWidget, name) for name in ("runsPanel", "welcomeTiles"))
    before = runs.width()
    qtbot.waitUntil(lambda: other.findChild(QLabel, "stepTitle").text() == "Look")
    assert runs.width() < before, "the page had less room than when the lesson was opened"
    assert not tiles.isVisible()
    assert its.view.value.tab == "dataTab", "a start enters no step"
    assert its.view.value.lesson == engine.view.value.lesson
    for tab in ("dataTab", "inspectTab"):  # the file is opened to go on, and then to see its step
        other.open_named([opened])
        wait_until_idle(its, other)
        assert (its.view.value.tab, its.view.value.draw.sheet(INK).strokes) == (tab, mine.strokes)
    entry(other, "closeLesson").trigger()
    assert (
        other.findChild(QLabel, "stepTitle").isHidden()
        or not other.findChild(QLabel, "stepTitle").isVisible()
    )
    assert not entry(other, "nextStep").isEnabled()
    assert entry(other, "nextStep").toolTip() == "No lesson is open."
    other.open_named([opened])
    qtbot.waitUntil(lambda: its.view.value.tab == "inspectTab")
    assert its.view.value.lesson.answers == {"own/Draw": "4"}
    other.close()


def test_a_lesson_that_is_closed_leaves_what_it_showed_and_images_as_changed_as_before_it(
    qtbot, window, engine, find, text, opened, faces, runs_folder, next_start
):
    def change(now, noise, on=True):
        now.change(draw=replace(now.value.draw, noise=noise, is_normalised=on))

    def changed(now):
        return now.value.draw.noise, now.value.draw.is_normalised

    view = engine.view
    entry(window, "closeLesson").trigger()
    noisy = ", noise 50, is_normalised off"
    for named, before, shown, after in (
        ("", 10, (10, True), 40), (", rest usual", 30, (0, True), 30), (noisy, 0, (50, False), 0),
        (noisy, 30, (50, False), 30),
    ):  # fmt: skip
        opened.write_text(LESSON.replace("drawing four.json", f"drawing four.json{named}"), encoding="utf-8")
        change(view, before)
        for _ in range(2):
            assert drop(window, opened)
            qtbot.waitUntil(lambda: text("stepTitle") == "Draw" and engine.jobs.is_idle)
            assert changed(view) == shown
        click(find, "nextStepButton")  # which names no noise
        change(view, 40, on=not named)
        entry(window, "closeLesson").trigger()
        assert changed(view) == (after, True)
        assert (view.value.tab, view.value.draw.sheet(INK).to_json()) == ("inspectTab", FOUR.to_json())
        view.change(lesson=replace(view.value.lesson, steps={}))
    bundle = faces()
    change(view, 10, on=False)
    assert drop(window, opened)
    qtbot.waitUntil(lambda: changed(view) == (50, False) and engine.jobs.is_idle)
    assert drop(window, bundle)
    qtbot.waitUntil(lambda: text("stepTitle") == "Mine")
    assert changed(view) == (10, False), "as before the lesson that was open until now"
    for _ in range(2):
        click(find, "nextStepButton")
    assert changed(view) == (20, True), "a session brings its own along"
    wait_until_idle(engine, window)
    window.close()
    other, its = next_start(folder=runs_folder)
    qtbot.waitUntil(lambda: other.findChild(QLabel, "stepTitle").text() == "All")
    assert changed(its.view) == (20, True)
    entry(other, "closeLesson").trigger()
    assert changed(its.view) == (10, False)
    other.close()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (
            lambda text: text.replace("title:", "titel:"),
            "“own.lesson.md”, line 1: The head has no title. (and",
        ),
        (lambda text: "", "“own.lesson.md”, line 1: A lesson begins with its head"),
    ],
)
def test_a_bad_lesson_is_told_with_its_line_and_changes_nothing(
    qtbot, window, engine, text, opened, damage, sentence
):
    before = engine.view.value
    opened.write_text(damage(LESSON), encoding="utf-8")
    with qtbot.waitSignal(engine.notifications.failed) as told:
        window.open_named([opened])
    assert told.args[0].startswith(sentence)
    assert told.args[1] == "", "a traceback helps nobody who wrote a lesson"
    assert (engine.view.value, text("stepTitle")) == (before, "Draw")
    opened.write_text(LESSON.replace("## Draw", "## Draw anew"), encoding="utf-8")
    window.open_named([opened])
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw anew")
    assert [*Settings().recent] == [str(opened)]


def test_a_faulty_step_says_in_its_place_what_is_wrong_and_the_others_are_played_until_it_is_mended(
    qtbot, window, engine, find, text, path
):
    def listed():
        menu = find("lessonProgress", QPushButton).menu()
        menu.popup(QPoint())
        menu.hide()
        return menu.defaultAction().text()

    laier = "“laier” is not known here. Did you mean “layer”?"
    damaged = (
        LESSON.replace("layer enc", "laier enc")
        .replace("| number", "| nummer")
        .replace("## Train", "## Draw")
    )
    path.write_text(damaged, encoding="utf-8")
    with qtbot.waitSignal(engine.notifications.warned) as told:
        assert drop(window, path)
    assert told.args[0] == f"“own.lesson.md”, line 22: {laier} (and 2 more) All other steps can be played."
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw" and engine.view.run is not None)
    click(find, "choice1Button")
    assert (text("answerVerdict"), text("stepFault")) == ("Right: 9.", "")
    assert listed() == "1. Draw"
    engine.view.change(figure=FigureView(covered=("drawTab/answer",)))
    before = engine.view.value
    click(find, "nextStepButton")
    faults = text("stepFault").splitlines()
    assert (text("stepTitle"), text("lessonProgress"), faults[1]) == (
        "Look",
        "Step 2 of 3",
        f"Line 22: {laier}",
    )
    assert faults[2].startswith("Line 23: “nummer” offers no choice. A question reads “Which one? | 4")
    assert faults[3:] == ["Mend that in “own.lesson.md” and save the file."]
    assert (text("stepText")[:7], text("stepQuestion")) == ("Kernels", "")
    assert replace(engine.view.value, lesson=before.lesson) == before, "it shows nothing"
    click(find, "nextStepButton")
    assert text("stepFault").splitlines()[1] == "Line 27: Another step is called “Draw”, too."
    assert listed() == "3. Draw"
    assert text("stepEnd") == "This is the last step: Finish closes the lesson."
    path.write_text(f"{damaged}\nMore words.\n", encoding="utf-8")
    qtbot.waitUntil(lambda: (text("stepText"), text("lessonProgress")) == ("More words.", "Step 3 of 3"))
    click(find, "previousStepButton")
    path.write_text(LESSON, encoding="utf-8")
    qtbot.waitUntil(lambda: (text("stepQuestion"), engine.view.value.tab) == ("How many?", "inspectTab"))
    assert (text("lessonProgress"), text("stepFault")) == ("Step 2 of 3", "")
    assert not find("noticeStrip").isVisible()
    assert engine.view.value.lesson.answers == {"own/Draw": "9"}


def test_a_step_is_recorded_after_the_one_shown_and_shows_the_same_again(
    qtbot, window, engine, find, text, opened
):
    view = engine.view
    flipped = replace(FOUR, flips=frozenset({(1, 2)}))
    view.change(draw=view.value.draw.with_sheet(INK, flipped), tab="drawTab")
    shown = view.value
    assert entry(window, "recordStep").text() == "Record step"
    entry(window, "recordStep").trigger()
    first = f"Draw: conv-classifier, epoch {view.position.epoch}"
    qtbot.waitUntil(lambda: text("stepTitle") == first)
    assert text("noticeSentence") == f"“{first}” is step 2 in “own.lesson.md”."
    assert (text("lessonProgress"), view.value.tab) == ("Step 2 of 4", "drawTab")
    assert f"## {first}\n" in opened.read_text(encoding="utf-8")
    assert (opened.parent / "drawing-1.json").is_file()
    view.change(tab="dataTab", draw=replace(shown.draw.with_sheet(INK, BLANK), noise=40))
    click(find, "stepAgainButton")
    assert (view.value.tab, view.value.run, view.value.draw.noise) == ("drawTab", shown.run, 0)
    assert view.value.draw.sheet(INK).flips == {(1, 2)}
    view.change(compared=("shipped:vae",))
    with qtbot.waitSignal(engine.notifications.warned) as told:
        entry(window, "recordStep").trigger()
    assert (
        told.args[0] == f"“{first} (2)” is step 3 in “own.lesson.md”. "
        "It leaves out what no lesson can say: compared runs."
    )
    assert text("stepTitle") == f"{first} (2)"
    for leave in ("previousStep", "closeLesson"):
        message = told.args[0] if leave == "previousStep" else text("noticeSentence")
        assert text("noticeSentence") == message != ""
        entry(window, leave).trigger()
        assert not find("noticeStrip").isVisible(), "Edit step… would edit another step, or none"
        if leave == "previousStep":
            entry(window, "recordStep").trigger()
            qtbot.waitUntil(find("noticeStrip").isVisible)


def test_the_words_of_a_recorded_step_are_written_in_the_window_and_played(
    qtbot, window, engine, find, text, opened
):
    def dialog():
        return window.findChild(StepDialog)

    def shown(name):
        return dialog().findChild(QWidget, name)

    click(find, "recordStepButton")
    recorded = f"Draw: conv-classifier, epoch {engine.view.position.epoch}"
    qtbot.waitUntil(lambda: text("stepTitle") == recorded)
    assert text("stepToWrite") == "No text yet: press Edit step… to write it."
    click(find, "editStepButton")
    assert shown("stepProseEdit").toPlainText() == ""
    at = f"epoch {engine.view.value.at.epoch}" if engine.view.value.at else "newest weights"
    assert shown("stepShows").text() == f"Shows: Draw · conv-classifier · {at} · a drawing"
    shown("emptyCanvasBox").click()
    assert not shown("questionEdit").isVisible()
    shown("stepTitleEdit").setText("Look")
    shown("stepProseEdit").setPlainText("Try action:eraser.")
    shown("stepNotesEdit").setPlainText("Wait.")
    shown("questionKindCombo").setCurrentText("One of several answers")
    click(find, "stepSaveButton")
    assert shown("stepMessage").text() == "Write what is asked, or choose “No question”."
    shown("questionEdit").setText("Which one?")
    shown("hintEdit").setText("Guess.")
    clash = "Another step is called “Look”, too. Nothing was written."
    for kind, choices, right, says, marked in (
        ("One of several answers", "4", "", "Write two different answers or more,", "choicesEdit"),
        ("One of several answers", "4 / 4", "", "Write two different answers or more,", "choicesEdit"),
        ("One of several answers", "a = b / 4", "", "No answer can have “|” or “=” in it.", "choicesEdit"),
        (
            "One of several answers",
            "4 / 9",
            "Nin",
            "“Nin” is not one of the answers above.",
            "rightAnswerEdit",
        ),
        ("A number", "", "many", "“many” is no number:", "rightAnswerEdit"),
        ("A text", "", "a | b", "No answer can have “|” or “=” in it.", "rightAnswerEdit"),
        ("One of several answers", "4 / 9", "9", clash, ""),
    ):
        shown("questionKindCombo").setCurrentText(kind)
        shown("choicesEdit").setText(choices)
        shown("rightAnswerEdit").setText(right)
        click(find, "stepSaveButton")
        qtbot.waitUntil(lambda says=says: shown("stepMessage").text().startswith(says))
        invalid = [edit.objectName() for edit in dialog().findChildren(QLineEdit) if edit.property("invalid")]
        assert invalid == [marked][: bool(marked)]
        assert shown("stepProseEdit").toPlainText() == "Try action:eraser.", "what was typed is kept"
    assert text("stepTitle") == recorded
    shown("stepTitleEdit").setText("See")
    click(find, "stepSaveButton")
    qtbot.waitUntil(lambda: dialog() is None)
    assert (text("stepTitle"), text("stepText"), text("stepQuestion"), text("lessonProgress")) == (
        *("See", "Try Erase (E).", "Which one?"),
        "Step 2 of 4",
    )
    assert (text("stepToWrite"), engine.view.value.draw.sheet(INK).is_blank) == ("", True)
    click(find, "choice1Button")
    qtbot.waitUntil(lambda: (text("answerVerdict"), text("stepDone")) == ("Right: 9.", "✓ Done"))
    entry(window, "editStep").trigger()
    assert shown("choicesEdit").text() == "4 / 9"
    assert (shown("stepShows").text()[-17:], shown("emptyCanvasBox").isChecked()) == (
        "· an empty canvas",
        True,
    )
    before = opened.read_bytes()
    click(find, "stepSaveButton")
    qtbot.waitUntil(lambda: dialog() is None)
    assert opened.read_bytes() == before
    entry(window, "lesson_1_what_the_computer_sees").trigger()
    qtbot.waitUntil(lambda: text("lessonTitle") == "What the computer sees")
    for tool in ("editStep", "recordStep"):
        assert not find(f"{tool}Button").isVisible(), "a class writes nothing"
    assert not entry(window, "editStep").isEnabled()
    assert not entry(window, "editLesson").isEnabled()


@pytest.fixture
def steps(opened):
    """What the steps of the lesson are in its file."""
    return lambda: [replace(step, line=0) for step in read_lesson(opened, names_beside(opened)).steps]


@pytest.fixture
def wait_for_notice(qtbot, text):
    return lambda sentence: qtbot.waitUntil(lambda: text("noticeSentence") == sentence)


def test_what_a_step_shows_and_says_is_replaced_and_undone_one_by_one(
    qtbot, window, engine, find, text, opened, steps, wait_for_notice
):
    """She recorded the wrong thing; *Undo* refused once she had given the step another title."""
    first, *_ = steps()
    engine.view.change(tab="inspectTab", inspect=replace(engine.view.value.inspect, layer="conv_2"))
    entry(window, "editStep").trigger()
    for time, button in enumerate(("stepCancelButton", "stepSaveButton")):
        click(find, "replaceShowButton")
        assert text("stepShows").startswith("Shows, once you save: Inspect · conv-classifier · ")
        assert steps()[0] == first
        click(find, button)
        if time == 0:
            discard = window.findChild(QMessageBox, "discardQuestion").buttons()
            next(each for each in discard if each.text() == "Discard").click()
            qtbot.waitUntil(lambda: window.findChild(StepDialog) is None)
            assert steps()[0] == first
            entry(window, "editStep").trigger()
    wait_for_notice("“Draw” was changed.")
    qtbot.waitUntil(lambda: window.findChild(StepDialog) is None)
    assert replace(steps()[0], show=first.show) == first
    assert (steps()[0].show.tab, engine.view.value.inspect.layer) == ("inspectTab", "conv_2")
    assert opened.with_name("own.deleted.md").read_text("utf-8").count("## Draw") == 1, "it is kept, too"
    entry(window, "editStep").trigger()
    find("stepTitleEdit", QLineEdit).setText("Kernels")
    click(find, "stepSaveButton")
    qtbot.waitUntil(lambda: text("stepTitle") == "Kernels")
    engine.view.change(tab="dataTab")
    entry(window, "replaceShow").trigger()
    wait_for_notice("“Kernels” shows what the window shows now.")
    for title, tab in (("Kernels", "inspectTab"), ("Draw", "inspectTab"), ("Draw", "drawTab")):
        click(find, "noticeAction")
        qtbot.waitUntil(lambda seen=(title, tab): (steps()[0].title, steps()[0].show.tab) == seen)
        qtbot.waitUntil(lambda: engine.jobs.is_idle)
        assert (text("stepTitle"), engine.view.value.tab) == (title, tab)
    assert steps()[0] == first
    assert text("noticeSentence") == "", "nothing more was done to it"


def test_an_edit_is_not_undone_over_what_was_written_in_another_program(
    qtbot, window, engine, find, text, opened, wait_for_notice
):
    entry(window, "editLesson").trigger()
    window.findChild(HeadDialog).findChild(QLineEdit, "lessonGoalEdit").setText("See.")
    click(find, "headSaveButton")
    wait_for_notice("“own.lesson.md” was changed.")
    by_hand = opened.read_bytes() + b"\nMore.\n"
    opened.write_bytes(by_hand)
    with qtbot.waitSignal(engine.notifications.failed) as told:
        click(find, "noticeAction")
    assert told.args[0] == "“own.lesson.md” has been written since. Nothing was undone."
    assert opened.read_bytes() == by_hand


def test_a_step_is_moved_and_deleted_and_that_is_undone(
    qtbot, window, find, text, opened, steps, wait_for_notice
):
    before = steps()
    click(find, "nextStepButton")
    for action, told, at in (
        ("moveStepUp", "“Look” is step 1 now.", "Step 1 of 3"),
        ("moveStepDown", "“Look” is step 3 now.", "Step 3 of 3"),
    ):
        entry(window, action).trigger()
        wait_for_notice(told)
        assert (text("stepTitle"), text("lessonProgress")) == ("Look", at)
        assert not entry(window, action).isEnabled()
        click(find, "noticeAction")
        qtbot.waitUntil(lambda: text("lessonProgress") == "Step 2 of 3")
        assert steps() == before
    written = opened.read_bytes()
    for button in ("Cancel", "Delete"):
        entry(window, "deleteStep").trigger()
        question = window.findChild(QMessageBox, "deleteStepQuestion")
        assert question.defaultButton().text() == "Cancel"
        assert "“own.deleted.md”" in question.informativeText()
        (pressed,) = (each for each in question.buttons() if each.text() == button)
        pressed.click()
        qtbot.waitUntil(lambda: window.findChild(QMessageBox, "deleteStepQuestion") is None)
        assert (button == "Delete") or opened.read_bytes() == written
    wait_for_notice("“Look” was deleted from “own.lesson.md”.")
    assert (text("stepTitle"), text("lessonProgress")) == ("Train", "Step 2 of 2")
    click(find, "noticeAction")
    qtbot.waitUntil(lambda: (text("stepTitle"), text("lessonProgress")) == ("Look", "Step 2 of 3"))
    assert opened.read_bytes() == written


@pytest.mark.parametrize(
    ("action", "field", "way"),
    [
        ("editStep", "stepProseEdit", "Esc"),
        ("editStep", "questionKindCombo", "close"),
        ("editLesson", "lessonGoalEdit", "Cancel"),
    ],
)
def test_what_was_typed_into_a_lessons_form_is_lost_only_after_a_question(
    qtbot, window, find, opened, action, field, way
):
    def form():
        return window.findChild(LessonForm)

    def leave():
        if way == "Esc":
            QTest.keyClick(form(), Qt.Key.Key_Escape)
        elif way == "close":
            form().close()
        else:
            click(find, "headCancelButton")

    entry(window, action).trigger()
    leave()
    qtbot.waitUntil(lambda: form() is None)
    entry(window, action).trigger()
    edit = form().findChild(QWidget, field)
    if field == "questionKindCombo":
        edit.setCurrentText("A text")
    else:
        QTest.keyClicks(edit, "word")
    for button in ("Cancel", "Discard"):
        leave()
        question = form().findChild(QMessageBox, "discardQuestion")
        assert (question.text(), question.defaultButton().text()) == ("Discard what you typed?", "Cancel")
        assert form().isVisible()
        (pressed,) = (each for each in question.buttons() if each.text() == button)
        pressed.click()
        qtbot.waitUntil(lambda: form() is None or form().findChild(QMessageBox) is None)
        assert (form() is None) is (button == "Discard")
    assert opened.read_text(encoding="utf-8") == LESSON


def test_without_a_lesson_of_ones_own_a_step_begins_a_new_one_and_its_head_is_asked_for(
    qtbot, window, find, text, file_dialogs, tmp_path
):
    """The first dialog did not say what it asked for, and “What can the class do afterwards?” was printed."""
    path, page = tmp_path / "Edges.lesson.md", find("trainTab")
    qtbot.waitUntil(page.isVisible)
    for name, title in (("Edges", "Edges"), ("Edges.lesson.md", "Edges")):
        file_dialogs.answer(tmp_path / name)
        entry(window, "closeLesson").trigger()
        assert not entry(window, "recordStep").isEnabled()
        assert entry(window, "recordStep").toolTip().endswith("New lesson… begins one.")
        entry(window, "newLesson").trigger()
        qtbot.waitUntil(lambda title=title: text("lessonTitle") == title)
        assert file_dialogs.asked[-1].title == "Name the file of your new lesson"
        dialog = window.findChild(HeadDialog)
        assert (dialog is not None) is (name == "Edges"), "only of a new lesson"
        if dialog is not None:
            assert text("lessonBegun").startswith("Step 1 shows what the window shows now.")
            assert read_lesson(path, names_beside(path)).goal == ""
            fields = {"lessonTitleEdit": "", "lessonGoalEdit": "See edges.", "lessonMinutesEdit": "8"}
            for field, typed in fields.items():
                dialog.findChild(QLineEdit, field).setText(typed)
            click(find, "headSaveButton")
            told = "A lesson needs a title. Nothing was written."
            qtbot.waitUntil(lambda told=told: find("headMessage", QLabel).text() == told)
            dialog.findChild(QLineEdit, "lessonTitleEdit").setText("Edges")
            click(find, "headSaveButton")
            qtbot.waitUntil(lambda: window.findChild(HeadDialog) is None)
    lesson = read_lesson(path, names_beside(path))
    titles = ["Train", "Train (2)"]
    assert [(step.title, step.show.tab) for step in lesson.steps] == [(each, "trainTab") for each in titles]
    assert (len(lesson.steps), lesson.goal, lesson.minutes, lesson.ages) == (2, "See edges.", 8, "")
    assert not find("nextStepButton").property("primary"), "it goes on with Record step"
    written = path.read_bytes()
    file_dialogs.answer(tmp_path / "Other")
    entry(window, "newLesson").trigger()  # though one is open
    qtbot.waitUntil(lambda: (text("lessonTitle"), text("lessonProgress")) == ("Other", "Step 1 of 1"))
    assert path.read_bytes() == written


def test_lessons_of_ones_own_are_in_the_menu_below_those_that_ship(
    qtbot, window, text, opened, file_dialogs, tmp_path
):
    def listed():
        lists = []
        for menu in window.findChildren(QMenu):
            if entry(window, "openLesson") in menu.actions():
                menu.popup(window.mapToGlobal(window.rect().center()))
                menu.close()
                names = [action.text() for action in menu.actions()]
                own = names[len(shipped_lessons()) : names.index("")]
                lists.append((menu.actions()[len(shipped_lessons()) :][: len(own)], own))
        assert len(lists) == 2, "at a desk and in present mode"
        assert lists[0][1] == lists[1][1]
        return lists[1]

    assert listed()[1] == ["Own lesson"]
    for n in range(5):
        other = tmp_path / f"other {n}.lesson.md"
        other.write_text(LESSON.replace("Own lesson", f"Other {n}"), encoding="utf-8")
        file_dialogs.answer(other)
        entry(window, "openLesson").trigger()
        qtbot.waitUntil(lambda n=n: text("lessonTitle") == f"Other {n}")
    assert listed()[1] == [f"Other {n}" for n in (4, 3, 2, 1, 0)]
    entry(window, "closeLesson").trigger()
    file_dialogs.answer(tmp_path / "new")
    entry(window, "newLesson").trigger()
    qtbot.waitUntil(lambda: text("lessonTitle") == "New")
    assert listed()[1][:2] == ["New", "Other 4"]
    (tmp_path / "new.lesson.md").unlink()
    first, *_ = listed()[0]
    first.trigger()
    qtbot.waitUntil(lambda: text("lessonTitle") == "Other 4")


def test_a_lesson_of_ones_own_that_changes_is_read_again_at_the_same_step(
    qtbot, window, engine, find, text, opened
):
    click(find, "nextStepButton")
    before = engine.view.value
    hinted = LESSON.replace("Kernels of $3 \\times 3$.", "Other words.").replace(
        "check: tab", "hint: Here.\ncheck: tab"
    )
    assert not find("stepHintButton").isEnabled()
    opened.write_text(hinted, encoding="utf-8")
    qtbot.waitUntil(lambda: text("stepText") == "Other words.")
    assert find("stepHintButton").isEnabled()
    click(find, "stepHintButton")
    assert text("stepHint") == "Here."
    engine.view.change(tab="dataTab")
    first = "## Before\n\n## Draw"
    beside = opened.with_name("beside.md")
    beside.write_text(LESSON.replace("## Draw", first).replace("encoder_2", "encoder_1"), encoding="utf-8")
    beside.replace(opened)  # as many an editor does
    qtbot.waitUntil(lambda: text("lessonProgress") == "Step 3 of 4")
    assert engine.view.value.inspect.layer == "encoder_1", "it shows something else, and is entered again"
    assert (engine.view.value.tab, text("stepTitle")) == (before.tab, "Look")
    with qtbot.waitSignal(engine.notifications.failed) as told:
        opened.write_text(LESSON.replace("title:", "titel:"), encoding="utf-8")
    assert told.args[0].startswith("“own.lesson.md”, line 1: The head has no title. (and 1 more)")
    assert (text("stepTitle"), text("lessonProgress")) == ("Look", "Step 3 of 4")
    opened.unlink()
    assert find("noticeStrip").isVisible()
    opened.write_text(LESSON, encoding="utf-8")
    qtbot.waitUntil(lambda: text("lessonProgress") == "Step 2 of 3")
    assert not find("noticeStrip").isVisible()


def test_a_lesson_that_is_read_slowly_says_so_and_is_read_again_if_it_changes_before_it_is_watched(
    qtbot, monkeypatch, window, path, text
):
    may_read = Event()

    def read_then_changed(path, names, **options):
        assert may_read.wait(60)
        lesson = read_lesson(path, names, **options)
        if lesson.title == "Own lesson":
            path.write_text(LESSON.replace("Own lesson", "Own lesson, changed"), encoding="utf-8")
        return lesson

    monkeypatch.setattr(lesson_player, "read_lesson", read_then_changed)
    beside = path.parent / "lessons"  # where nothing else is written that would have it read again
    beside.mkdir()
    for name in (path.name, "four.json"):
        (path.parent / name).rename(beside / name)
    assert drop(window, beside / path.name)
    wait_for_progress(qtbot, window, "Opening “own.lesson.md”…")
    may_read.set()
    qtbot.waitUntil(lambda: text("lessonTitle") == "Own lesson, changed")


def test_a_step_hides_the_controls_that_it_does_not_name_until_everything_is_shown(
    qtbot, window, theme, engine, find, opened
):
    def named():
        return {
            each.objectName()
            for each in window.centralWidget().findChildren(QWidget)
            if each.isVisible() and each.objectName().endswith(("Button", "Field"))
        } - {"showEverythingButton"}

    opened.write_text(
        LESSON.replace("hint: Leave", "only: eraser, undoDrawing\nhint: Leave"), encoding="utf-8"
    )
    before = named()
    assert {"eraserButton", "clearButton"} < before
    qtbot.waitUntil(lambda: find("showEverythingButton").isVisible())
    few = named()
    lesson = {each for each in before if find("lessonPanel").findChild(QWidget, each)}
    assert {"eraserButton", "undoDrawingButton"} <= few
    assert "clearButton" not in few
    for shown in (not theme.details, theme.details):
        theme.set_details(shown)
    qtbot.waitUntil(lambda: named() == few)
    click(find, "showEverythingButton")
    qtbot.waitUntil(lambda: named() == before)
    assert not find("showEverythingButton").isEnabled()
    click(find, "stepAgainButton")
    qtbot.waitUntil(lambda: named() == few)
    assert lesson <= few
    text = opened.read_text(encoding="utf-8").replace("check: changed", "only: epochs\ncheck: changed")
    opened.write_text(text, encoding="utf-8")
    qtbot.waitUntil(lambda: window.findChild(LessonActions).lesson.steps[2].only == ("epochs",))
    for _ in range(2):
        click(find, "nextStepButton")
    assert {each for each in named() if each.endswith("Field")} == {"epochsField"}
    assert "trainButton" not in named()
    click(find, "showEverythingButton")
    fields = {each for each in named() if each.endswith("Field")}
    assert {"epochsField", "datasetField"} < fields
    assert "latent_dimField" not in fields
    click(find, "previousStepButton")
    click(find, "previousStepButton")
    qtbot.waitUntil(lambda: named() == few)
    entry(window, "closeLesson").trigger()
    qtbot.waitUntil(lambda: named() >= before - lesson)


def test_a_bundle_is_played_and_a_step_recorded_in_it_goes_into_a_lesson_of_ones_own(
    qtbot, window, engine, text, path, file_dialogs, tmp_path
):
    bundle = tmp_path / "sent.cadl-lesson"
    with zipfile.ZipFile(bundle, "w") as archive:
        for file in (path, path.with_name("four.json")):
            archive.write(file, file.name)
    assert drop(window, bundle)
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw" and engine.view.run is not None)
    assert engine.view.value.draw.sheet(INK).to_json() == FOUR.to_json()
    file_dialogs.answer(tmp_path / "mine")
    entry(window, "newLesson").trigger()
    recorded = f"Draw: conv-classifier, epoch {engine.view.position.epoch}"
    qtbot.waitUntil(lambda: text("stepTitle") == recorded)
    assert (text("lessonTitle"), text("lessonProgress")) == ("Mine", "Step 1 of 1")
    with qtbot.waitSignal(engine.notifications.failed) as told:
        bundle.write_bytes(b"PK")
        window.open_named([bundle])
    assert told.args[0] == "“sent.cadl-lesson” is no lesson of CADL, or is damaged."
    assert text("stepTitle") == recorded


MINE = "id:00000000-0000-4000-8000-000000000007"
PINS = ((0.5, -1.25, 3), (1.0, 0.75, 2))
STEPS = """\
---
title: Faces
---
## Mine

```cadl
show: run faces.cadl/my faces, epoch 1, tab Latent
check: run faces.cadl/my faces and pins >= 2
```

## Ours

```cadl
show: run conv-classifier, epoch latest, tab Inspect, drawing blank
```

## All

```cadl
show: session faces.cadl, noise 20
```
"""


@pytest.fixture
def faces(tmp_path):
    """Writes a session of a run of one's own, with pins and a drawing, and a bundle that has it."""
    own = shutil.copytree(shipped_run("vae"), tmp_path / "vae")
    manifest = json.loads((own / "run.json").read_text("utf-8"))
    (own / "run.json").write_text(json.dumps(manifest | {"uuid": MINE.removeprefix("id:")}), "utf-8")
    view = View(
        run=MINE,
        at=Position(6),
        tab="drawTab",
        draw=DrawView(noise=30).with_sheet(INK, FOUR),
        of_run={MINE: RunView(pins=PINS, z=(0.25, 2.0))},
    )
    file = tmp_path / "faces.cadl"
    parts = {name: values() for name, values in parts_of(view).items()}
    session.write_session(
        file, parts, {MINE: ("my faces", own), "shipped:softmax": ("softmax", None)}, Kept.ALL
    )

    def faces(steps=STEPS, **others):
        bundle = tmp_path / "sent.cadl-lesson"
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.writestr("faces.lesson.md", steps)
            for name, data in ({"faces": file.read_bytes()} | others).items():
                if data:
                    archive.writestr(f"{name}.cadl", data)
        return bundle

    return faces


def on_disk(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_steps_show_a_session_of_the_bundle_and_its_run_and_nothing_is_doubled(
    qtbot, window, engine, find, text, faces, tmp_path
):
    view, bundle = engine.view, faces()
    keys, disk = [MINE, "shipped:conv-classifier", "shipped:softmax"], {}
    for time in range(3):
        assert drop(window, bundle)
        if time == 2:  # and the session itself
            assert drop(window, tmp_path / "faces.cadl")
            qtbot.waitUntil(lambda: window.windowTitle() == "faces[*]")
        for way in (1, 2):
            qtbot.waitUntil(lambda: text("stepTitle") == "Mine" and engine.jobs.is_idle)
            click(find, "stepAgainButton")
            now = view.value
            assert (now.run, now.at, now.tab) == (MINE, Position(1), "latentTab")
            assert (now.chosen(MINE).pins, now.chosen(MINE).z) == (PINS, (0.25, 2.0))
            qtbot.waitUntil(lambda: (view.run, view.position) != (None, Position(0)))
            assert (view.run.description.name, view.position) == ("vae", Position(1))
            qtbot.waitUntil(lambda: text("stepDone") == "✓ Done")
            if (time, way) == (0, 1):
                assert view.value.draw.sheet(INK).is_blank, "a run comes with what was chosen for it alone"
            click(find, "nextStepButton")
            assert (view.value.run, view.value.tab) == ("shipped:conv-classifier", "inspectTab")
            click(find, "nextStepButton")
            now = view.value
            assert (now.run, now.at, now.tab, now.draw.noise) == (MINE, Position(6), "drawTab", 20)
            assert now.draw.sheet(INK).to_json() == FOUR.to_json()
            for _ in range(2):
                click(find, "previousStepButton")
            done = None if view.to_undo is None else view.to_undo.text
            assert done == ("opening of faces.cadl" if time == 2 else None), "entering a step is no work"
        wait_until_idle(engine, window)
        assert [*map(engine.runs.key, engine.runs.listed)] == keys
        assert text("noticeSentence") == ""
        disk = disk or on_disk(tmp_path / "data")
        assert on_disk(tmp_path / "data") == disk, "it is unpacked once"


def test_a_bundle_whose_session_takes_long_says_so_and_can_be_cancelled(
    qtbot, window, engine, text, opened, faces, session_files
):
    view, bundle = engine.view, faces()
    qtbot.waitUntil(lambda: window.findChild(QProgressDialog) is None)
    before = view.value
    for is_cancelled in (True, False):
        session_files.may_unpack.clear()
        assert drop(window, bundle)
        wait_for_progress(qtbot, window, "Opening “sent.cadl-lesson”…", then_cancel=is_cancelled)
        session_files.may_unpack.set()
        qtbot.waitUntil(lambda: engine.jobs.is_idle and window.findChild(QProgressDialog) is None)
        if is_cancelled:
            assert (view.value, text("stepTitle"), text("noticeSentence")) == (before, "Draw", "")
            assert not [*engine.runs.sessions_folder.glob("*")]
    assert text("stepTitle") == "Mine"


def test_a_run_that_left_with_its_session_comes_back_and_pins_of_ones_own_are_kept(
    qtbot, window, engine, find, text, faces, tmp_path, runs_folder, next_start
):
    (tmp_path / "home" / "data").mkdir(parents=True)  # where the system keeps the trash
    view, runs = engine.view, engine.runs
    assert drop(window, faces())
    own = (*PINS, (2.0, 2.0, 1))
    for _ in range(2):
        qtbot.waitUntil(lambda: text("stepTitle") == "Mine" and view.run is not None)
        view.change(of_run=view.value.with_run(MINE, pins=own), undo="Pin")
        with qtbot.waitSignal(engine.notifications.status_message) as told:
            click(find, "stepAgainButton")
        assert told.args[0] == "This step has its own pins and bends. Undo brings back yours, until you quit."
        assert view.value.chosen(MINE).pins == PINS
        view.undo()
        assert view.value.chosen(MINE).pins == own, "what it replaced was somebody's work"
        view.change(of_run={})
        click(find, "stepAgainButton")
        wait_until_idle(engine, window)
        entry(window, "closeSession").trigger()
        qtbot.waitUntil(lambda: not runs.listed and not [*runs.sessions_folder.iterdir()])
        click(find, "stepAgainButton")
        qtbot.waitUntil(lambda: view.run is not None and view.value.chosen(MINE).pins == PINS)
        assert (view.value.run, view.position, text("stepTitle")) == (MINE, Position(1), "Mine")
    wait_until_idle(engine, window)
    runs.keep(view.run)
    wait_until_idle(engine, window)
    click(find, "nextStepButton")
    click(find, "previousStepButton")
    wait_until_idle(engine, window)
    assert [runs.owns(run) for run in runs] == [True, False]
    assert [*runs.sessions_folder.iterdir()] == [], "one that was kept is not unpacked again"
    window.close()
    other, its = next_start(folder=runs_folder)
    qtbot.waitUntil(lambda: other.findChild(QLabel, "stepTitle").text() == "Mine")
    entry(other, "stepAgain").trigger()
    qtbot.waitUntil(lambda: its.view.run is not None and its.view.position == Position(1))
    assert [*map(its.runs.key, its.runs)] == [MINE]
    assert its.runs.owns(its.view.run)
    other.close()


def test_a_run_of_a_session_is_recorded_if_its_file_lies_beside_the_lesson(
    qtbot, window, engine, find, text, faces, path, tmp_path
):
    view, beside, elsewhere = engine.view, faces().with_name("faces.cadl"), tmp_path / "elsewhere.zip"
    assert drop(window, beside)
    qtbot.waitUntil(lambda: view.value.run == MINE and view.run is not None)
    assert drop(window, path)
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw")
    own, text_before = (*PINS, (2.0, 2.0, 1)), path.read_bytes()
    flipped = view.value.draw.with_sheet(INK, replace(FOUR, flips=frozenset({(1, 2)})))
    view.change(run=MINE, at=Position(1), of_run=view.value.with_run(MINE, pins=own), draw=flipped)
    beside.rename(elsewhere)
    with qtbot.waitSignal(engine.notifications.failed) as told:
        entry(window, "recordStep").trigger()
    assert told.args[0] == (
        "The run shown is in no session beside “own.lesson.md” under a name of its own without commas. "
        "Nothing was written: save a session there, and record it again."
    )
    assert (path.read_bytes(), [*tmp_path.glob("drawing-*")]) == (text_before, [])
    elsewhere.rename(beside)
    with qtbot.waitSignal(engine.notifications.warned) as told:
        entry(window, "recordStep").trigger()
    named = "“Draw: my faces, epoch 1” is step 2 in “own.lesson.md”."
    assert told.args[0] == f"{named} It leaves out what no lesson can say: pins."
    assert "show: run faces.cadl/my faces, epoch 1, tab Draw," in path.read_text(encoding="utf-8")
    view.change(run="shipped:vae", at=None, of_run={})
    click(find, "stepAgainButton")
    assert (view.value.run, view.value.at, view.value.chosen(MINE).pins) == (MINE, Position(1), PINS)


def test_recording_a_run_whose_session_takes_long_says_so_and_can_be_cancelled(
    qtbot, window, engine, text, faces, path, tmp_path, session_files
):
    faces()
    view, runs = engine.view, engine.runs
    runs.open(tmp_path / "vae")
    assert drop(window, path)
    qtbot.waitUntil(lambda: text("stepTitle") == "Draw" and window.findChild(QProgressDialog) is None)
    view.change(run=MINE, at=Position(1))
    qtbot.waitUntil(lambda: view.run is not None and runs.key(view.run) == MINE)
    before = path.read_bytes()
    for is_cancelled in (True, False):
        session_files.may_unpack.clear()
        entry(window, "recordStep").trigger()
        wait_for_progress(qtbot, window, "Writing into “own.lesson.md”…", then_cancel=is_cancelled)
        session_files.may_unpack.set()
        qtbot.waitUntil(lambda: engine.jobs.is_idle and window.findChild(QProgressDialog) is None)
        assert (path.read_bytes() == before) is is_cancelled
        assert text("stepTitle") == ("Draw" if is_cancelled else "Draw: my faces, epoch 1")


def packed(**members):
    path = io.BytesIO()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path.getvalue()


@pytest.mark.parametrize(
    ("steps", "data", "sentence"),
    [
        (STEPS.replace("/my faces, epoch 1", "/my face"), {}, "7: “faces.cadl/my face” is not known here. "
         "Did you mean “faces.cadl/my faces”?"),
        (STEPS.replace("epoch 1", "epoch 99"), {}, "7: Of “faces.cadl/my faces”, there is no epoch 99, but"),
        (STEPS, {"faces": b""}, "7: “faces.cadl” is not known here. (and 2 more)"),
        (STEPS, {"faces": b"PK"}, "7: “faces.cadl” is no session of CADL, or is damaged."),
        (STEPS, {"faces": packed(**{"runs/1/../../run.json": "{}"})}, "7: “faces.cadl” is no session of"),
        (STEPS, {"faces": packed(**{f"{n}.json": b" " * 2**25 for n in "abc"})},
         "7: “faces.cadl” would expand to 101 MB; at most 20 times its size is read."),
    ],
)  # fmt: skip
def test_a_bad_session_is_told_with_the_line_that_names_it_and_shows_nothing(
    qtbot, window, engine, text, opened, faces, tmp_path, steps, data, sentence
):
    before, disk = engine.view.value, on_disk(tmp_path / "data")
    with qtbot.waitSignal(engine.notifications.warned) as told:
        window.open_named([faces(steps, **data)])
    assert told.args[0].startswith(f"“faces.lesson.md”, line {sentence}")
    qtbot.waitUntil(lambda: text("stepTitle") == "Mine")
    assert replace(engine.view.value, lesson=before.lesson) == before
    assert text("stepFault").splitlines()[1].startswith(f"Line {sentence.partition(' (')[0]}")
    assert "Mend" not in text("stepFault"), "a bundle is no file to be edited"
    assert {path.suffix for path in {*on_disk(tmp_path / "data")} - {*disk}} <= {".md", ".cadl"} or not data


@pytest.mark.slow
@pytest.mark.tf
def test_the_open_lesson_is_printed_for_students_and_for_the_teacher_unless_that_is_cancelled(
    qtbot, window, engine, find, text, opened, file_dialogs, opened_folders
):
    folder = opened.parent / "sheets"
    folder.mkdir()

    def begin(key, name):
        file_dialogs.answer(folder / name)
        entry(window, key).trigger()

    qtbot.waitUntil(lambda: engine.jobs.is_idle and window.findChild(QProgressDialog) is None)
    begin("printSheet", "cancelled.html")
    (progress,), (job,) = window.findChildren(QProgressDialog), engine.jobs.children()
    with qtbot.waitSignal(job.progressed):
        pass  # the command runs
    qtbot.waitUntil(progress.isVisible)
    QTest.mouseClick(progress.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.jobs.is_idle, timeout=60_000)
    assert [*folder.iterdir()] == []
    for key, is_told in (("printSheet", False), ("printTeachersSheet", True)):
        whose = "teacher" if is_told else "students"
        with qtbot.waitSignal(engine.notifications.informed, timeout=120_000):
            begin(key, f"{key}.html")
        assert text("noticeSentence") == f"Saved the sheet as “{key}.html” in {folder}."
        assert file_dialogs.asked[-1].place.endswith(f"/Own lesson - {whose}.pdf")
        sheet = (folder / f"{key}.html").read_text(encoding="utf-8")
        assert "Which one?" in sheet
        find("noticeAction").click()
        assert opened_folders[-1] == str(folder / f"{key}.html")
        assert ("only you." in sheet, "✓ 9" in sheet) == (is_told, is_told)
        assert "(tab Draw)" in sheet, "it has the pictures, too"
    opened.write_text("no lesson", encoding="utf-8")
    with qtbot.waitSignal(engine.notifications.failed, timeout=60_000) as told:
        begin("printSheet", "faulty.pdf")
    assert told.args[0].startswith("“own.lesson.md”, line 1: A lesson begins with its head")
    assert not (folder / "faulty.pdf").exists()
    entry(window, "closeLesson").trigger()
    said = [entry(window, key).text() for key in ("printSheet", "printTeachersSheet")]
    whose = ["Save worksheet as PDF… (“Own lesson”)", "Save sheet for teacher as PDF… (“Own lesson”)"]
    assert said == whose, "it is printed at the end of a lesson, which closes it"
    assert entry(window, "printSheet").isEnabled()
