"""The panel of a lesson on a projector: all of it can be read, and a reply is in sight at once."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QScrollArea, QTextBrowser, QWidget
from shown_pages import set_mode

from cadl_gui.domain.lesson import read_lesson
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.ui.lesson.lesson_panel import LessonPanel, ShownStep
from cadl_gui.ui.theme.tokens import GAP_PX
from cadl_gui.ui.window.lesson_names import names_beside

pytestmark = pytest.mark.gui

STEPS = [(path, step) for path in shipped_lessons() for step in read_lesson(path, names_beside(path)).steps]
LONG = [(path, replace(step, prose=f"{step.prose}\n\n{step.prose}")) for path, step in STEPS]
"""Longer than those that ship, as those of others may be."""

BUTTONS = [
    *("answerButton", "choice0Button", "choice1Button", "choice2Button"),
    *("previousStepButton", "nextStepButton", "stepAgainButton", "stepHintButton"),
]


@pytest.fixture
def show(window, theme, find):
    """Shows a step in present mode on a small projector; returns where all that can be clicked lies."""
    set_mode(window, theme, "present", QSize(1280, 720))
    panel = find("lessonPanel", LessonPanel)
    panel.show()

    def show(folder, step, answer="", is_done=False):
        question = "" if step.ask is None else f"**{step.ask.text}**"
        texts = (step.prose, question, step.notes, step.hint)
        panel.show_step(ShownStep("Own", 0, step, folder, texts, answer, is_done))
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        assert window.height() == 720 or not theme.present
        return {
            widget.objectName(): (widget.mapTo(panel, QPoint()), widget.size())
            for widget in panel.findChildren(QWidget)
            if widget.isVisible() and widget.objectName() in {*BUTTONS, "answerEdit", "stepTitle", "stepText"}
        }

    return show


def is_in_sight(widget):
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def test_the_reply_to_an_answer_is_in_sight_at_once_and_moves_nothing(show, find):
    """What is asked took the room of the text, of which one line was left."""
    panel, scroll = find("lessonPanel", LessonPanel), find("stepScroll", QScrollArea)
    for path, step in STEPS:
        show(path.parent, step)
        assert scroll.viewport().height() > 350, step.title
        while panel.goes_on:
            panel.read_on()
        before = show(path.parent, step)
        verdict = find("answerVerdict", QLabel)
        assert not verdict.isVisible()
        end = verdict.mapTo(scroll.viewport(), verdict.rect().bottomLeft()).y()
        had_room = end < scroll.viewport().height()  # nobody reads on to the room of a reply alone
        assert find("stepQuestion").isVisible() is (step.ask is not None)
        assert find("nextStepButton").property("primary") is not bool(step.check), step.title
        panel.show_hint()
        answer = "" if step.ask is None else "not so" if not step.ask.choices else step.ask.choices[-1]
        after = show(path.parent, step, answer, is_done=bool(step.check))
        assert find("stepHint").isHidden() or not step.check, "it helps nobody any more"
        assert after == before or not had_room, step.title
        seen = [name for name in before if name not in {"stepTitle", "stepText"}]
        seen += ["stepDone"] if step.check else []
        seen += ["stepQuestion", "answerVerdict"] if step.ask else []
        assert [name for name in seen if not is_in_sight(find(name))] == [], step.title
        assert find("nextStepButton").property("primary") is True
        panel.show_hint()
        QApplication.processEvents()
        assert is_in_sight(find("stepHint")) or not step.hint, step.title
        show(path.parent, step)
        scroll.verticalScrollBar().setValue(0)
        show(path.parent, step, answer)
        assert is_in_sight(find("answerVerdict")) or not step.ask, step.title


@pytest.mark.parametrize("mode", ["light", "present"])
def test_no_choice_is_cut(show, window, theme, find, mode):
    set_mode(window, theme, mode)
    for path, step in STEPS:
        show(path.parent, step)
        for place in range(0 if step.ask is None else len(step.ask.choices)):
            choice = find(f"choice{place}Button")
            assert choice.width() >= choice.sizeHint().width(), step.title


def test_a_number_has_one_line_and_a_text_three_and_return_gives_it(show, find):
    """The field for what a class would collect had room for twenty letters."""
    field, heights = find("answerEdit", QPlainTextEdit), {}
    for path, step in STEPS:
        if step.ask is not None and not step.ask.choices:
            show(path.parent, step)
            heights.setdefault(step.ask.is_number, set()).add(field.height())
            assert field.verticalScrollBar().maximum() == 0
            QTest.keyClicks(field, "a")
            QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClicks(field, "b")
            QTest.keyClick(field, Qt.Key.Key_Enter)
            assert field.toPlainText() == "a\nb"
    (of_number,), (of_text,) = heights[True], heights[False]
    assert of_text - of_number >= 2 * field.fontMetrics().lineSpacing() - 2


def test_what_is_typed_and_not_given_is_there_again_on_the_way_back(show, find):
    """A presenter's remote went on while a class was typing."""
    field = find("answerEdit", QPlainTextEdit)
    first, second = [each for each in STEPS if each[1].ask is not None and not each[1].ask.choices][:2]
    for _ in range(2):
        show(first[0].parent, first[1])
        QTest.keyClicks(field, "half a th")
        show(second[0].parent, second[1])
        assert field.toPlainText() == ""
        show(first[0].parent, first[1])
        assert field.toPlainText() == "half a th"
        QTest.keyClick(field, Qt.Key.Key_Return)
        show(second[0].parent, second[1])
        show(first[0].parent, first[1])
        assert field.toPlainText() == "", "what was given is the lesson's to keep"


def test_reading_on_cuts_no_line_at_the_upper_edge_and_the_title_stays(show, find):
    panel, scroll, n_more, n_long = find("lessonPanel", LessonPanel), find("stepScroll", QScrollArea), 0, 0
    for path, step in [*STEPS, *LONG]:
        show(path.parent, step)
        assert scroll.verticalScrollBar().value() == 0
        n_long += panel.goes_on and (path, step) in STEPS
        while panel.goes_on:
            panel.read_on()
            n_more += 1
            assert is_in_sight(find("stepTitle"))
            for name in ("stepText", "stepQuestion"):
                prose, edge = find(name, QTextBrowser), scroll.verticalScrollBar().value()
                if prose.isVisible() and prose.y() <= edge < prose.geometry().bottom():
                    first, after = prose.line_at(edge - prose.y())
                    assert not first < edge - prose.y() < after, step.title
    assert n_more > 9
    assert n_long < 6, "of those that ship, few do not fit"


def test_no_word_stays_selected_in_the_next_step_though_it_has_the_same_text(show, find):
    (path, step), text = STEPS[0], find("stepText", QTextBrowser)
    for title in ("New step 1", "New step 2", "New step 1"):
        show(path.parent, replace(step, title=title))
        assert not text.textCursor().hasSelection()
        text.selectAll()
        show(path.parent, replace(step, title=title), is_done=True)
        assert text.textCursor().hasSelection(), "what a class reads is not taken from under its hand"


def test_a_text_that_goes_on_has_an_edge_and_the_arrows_scroll_it_to_its_end_and_back(show, find):
    went_on = set()
    for path, step in [*STEPS, *LONG]:
        show(path.parent, step)
        scroll, text = find("stepScroll", QScrollArea), find("stepText", QTextBrowser)
        bar, last_line = scroll.verticalScrollBar(), text.rect().adjusted(0, text.height() - 27, 0, 0)
        goes_on = not text.visibleRegion().contains(last_line)
        assert goes_on <= bool(scroll.property("goesOn")) <= bar.isVisible(), step.title
        rest = bar.maximum() - find("answerVerdict").sizeHint().height() - GAP_PX
        assert scroll.property("goesOn") or rest <= 0, "only the room of a reply is left out"
        QTest.keyClick(text, Qt.Key.Key_Down)
        assert (bar.value() > 0) == bar.isVisible()
        for _ in range(bar.maximum() // bar.singleStep() + 1):
            QTest.keyClick(text, Qt.Key.Key_Down)
        assert text.visibleRegion().contains(last_line), step.title
        for _ in range(bar.maximum() // bar.singleStep() + 1):
            QTest.keyClick(text, Qt.Key.Key_Up)
        assert bar.value() == 0
        went_on.add(goes_on)
    assert went_on == {False, True}
