"""The texts of a lesson for a web page."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from cadl_gui.domain.lesson import Lesson, Step
from cadl_gui.domain.page_lesson import PageLesson, StepTexts
from cadl_gui.ui.lesson.html_prose import HtmlProse


def page_lesson(lesson: Lesson, folder: Path, words: Callable[[str], str]) -> PageLesson:
    """Return a lesson with the texts that a class reads on a page; the teacher's notes are not among them.

    Args:
        lesson: the lesson.
        folder: where it lies, with its images.
        words: returns the words for the name of a control.
    """

    @cache  # made with the first text, in that thread
    def prose() -> HtmlProse:
        files = [each.name for each in folder.iterdir() if each.is_file()]
        # A page may have no style but its own sheet's.
        return HtmlProse(words, folder, files, 'class="formula"')

    def texts(step: Step) -> StepTexts:
        question = "" if step.ask is None else prose().line(step.ask.text)
        return StepTexts(prose().html(step.prose), question, prose().line(step.hint))

    return PageLesson(lesson, texts)
