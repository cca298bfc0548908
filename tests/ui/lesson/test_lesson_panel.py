"""The panel of a lesson on a projector: what is asked and what is replied stays in sight."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from shown_pages import set_mode

from cadl_gui.domain.lesson import read_lesson
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.ui.lesson.lesson_panel import LessonPanel, ShownStep
from cadl_gui.ui.shell.lesson_names import names_beside

pytestmark = pytest.mark.gui

STEPS = [(path, step) for path in shipped_lessons() for step in read_lesson(path, names_beside(path)).steps]

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
        texts = (step.prose, question, step.notes)
        panel.show_step(ShownStep("Own", "Step 1 of 8", step, folder, texts, answer, is_done))
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        assert window.height() == 720
        return {
            widget.objectName(): (widget.mapTo(panel, QPoint()), widget.size())
            for widget in panel.findChildren(QWidget)
            if widget.isVisible() and widget.objectName() in {*BUTTONS, "answerEdit", "stepTitle", "stepText"}
        }

    return show


def is_in_sight(widget):
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def test_the_reply_to_an_answer_is_in_sight_at_once_and_moves_nothing(show, find):
    for path, step in STEPS:
        before = show(path.parent, step)
        assert not find("answerVerdict", QLabel).isVisible()
        assert find("nextStepButton").property("primary") is not bool(step.check), step.title
        answer = "" if step.ask is None else "not so" if not step.ask.choices else step.ask.choices[-1]
        after = show(path.parent, step, answer, is_done=bool(step.check))
        assert after == before, step.title
        seen = [name for name in before if name not in {"stepTitle", "stepText"}]
        seen += ["stepDone"] if step.check else []
        seen += ["stepQuestion", "answerVerdict"] if step.ask else []
        assert [name for name in seen if not is_in_sight(find(name))] == [], step.title
        assert find("nextStepButton").property("primary") is True
        scroll = next(area for area in find("lessonPanel").findChildren(QScrollArea) if area.isVisible())
        assert scroll.viewport().height() > find("stepTitle").height() + 27, step.title
        find("lessonPanel", LessonPanel).show_hint()
        QApplication.processEvents()
        assert is_in_sight(find("stepHint")) or not step.hint, step.title
