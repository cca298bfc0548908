"""The texts of a lesson for a web page."""

from collections.abc import Callable
from pathlib import Path

from cadl_gui.domain.lesson import Lesson, LessonError
from cadl_gui.domain.page_lesson import PageLesson, StepTexts
from cadl_gui.ui.lesson.html_prose import HtmlProse


def page_lesson(lesson: Lesson, path: Path, words: Callable[[str], str]) -> PageLesson:
    """Return a lesson with the texts that a class reads on a page; the teacher's notes are not among them.

    Args:
        lesson: the lesson.
        path: its file, beside which its images lie.
        words: returns the words for the name of a control.

    Raises:
        LessonError: if there is a fault in it.
    """
    if lesson.faults:
        raise LessonError(path.name, lesson.faults)
    files = [each.name for each in path.parent.iterdir() if each.is_file()]
    # A page may have no style but its own sheet's.
    prose = HtmlProse(words, path.parent, files, 'class="formula"')
    texts = (
        StepTexts(
            prose.html(step.prose),
            "" if step.ask is None else prose.line(step.ask.text),
            prose.line(step.hint),
        )
        for step in lesson.steps
    )
    return PageLesson(lesson, tuple(texts))
