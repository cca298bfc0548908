"""A lesson for a web page: its texts, and which of a page's networks its steps show."""

from collections.abc import Sequence
from dataclasses import dataclass

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import Lesson
from cadl_gui.domain.lesson_block import Show
from cadl_gui.domain.run import RunDescription


@dataclass(frozen=True)
class StepTexts:
    """What a class reads in a step, as HTML in which nothing is executed.

    Attributes:
        prose: its paragraphs.
        question: what it asks, a line; "" for nothing.
        hint: what helps, a line; "" for none.
    """

    prose: str
    question: str
    hint: str


@dataclass(frozen=True)
class PageLesson:
    """A lesson for a web page.

    Attributes:
        lesson: the lesson.
        texts: the texts of its steps.
    """

    lesson: Lesson
    texts: tuple[StepTexts, ...]

    @property
    def drawings(self) -> list[Drawing]:
        """Those that its steps put on the canvas."""
        beside = (session.view.draw.sheet(INK) for session in self.lesson.sessions.values())
        return [*self.lesson.drawings.values(), *beside]

    def network_of(self, show: Show, runs: Sequence[RunDescription]) -> int | None:
        """Return which of a page's runs a step names; None if the page lacks it."""
        return next((i for i, about in enumerate(runs) if self._is_shown(show, about)), None)

    def _is_shown(self, show: Show, about: RunDescription) -> bool:
        if show.config is not None:
            return about.config == show.config.replace(epochs=about.config.training.epochs)
        file, is_of_session, name = show.run.partition("/")
        if is_of_session:  # the page may have a copy of the run, which lies elsewhere
            return about.name == name
        named = self.lesson.run_of(show)
        return named is not None and about.source is not None and about.source.samefile(named.path)

    def lacking(self, runs: Sequence[RunDescription]) -> tuple[str, ...]:
        """Return the names of the runs that its steps name and that a page with these runs lacks."""
        named = [step.show for step in self.lesson.steps if step.show.run or step.show.preset]
        lacking = [run_name(show) for show in named if self.network_of(show, runs) is None]
        return tuple(dict.fromkeys(lacking))


def run_name(show: Show) -> str:
    """Return what a step calls its run."""
    return show.run or f"{show.preset} with seed {show.seed}"
