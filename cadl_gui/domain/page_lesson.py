"""A lesson for a web page: its texts, and which of a page's networks its steps show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import Lesson, Step
from cadl_gui.domain.lesson_block import Show
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription


class StepTexts(NamedTuple):
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
        texts: returns the texts of a step; called in the thread that writes the page.
    """

    lesson: Lesson
    texts: Callable[[Step], StepTexts] = field(compare=False)

    @property
    def drawings(self) -> list[Drawing]:
        """Those that its steps put on the canvas."""
        beside = (session.view.draw.sheet(INK) for session in self.lesson.sessions.values())
        return [*self.lesson.drawings.values(), *beside]

    @property
    def positions(self) -> set[Position]:
        """The positions that its steps name."""
        return {step.show.at for step in self.lesson.steps if step.show.at is not None}

    def network_of(self, show: Show, runs: Sequence[RunDescription]) -> int | None:
        """Return which of a page's runs a step names; None if the page lacks it."""
        return next((i for i, about in enumerate(runs) if self._is_shown(show, about)), None)

    def _is_shown(self, show: Show, about: RunDescription) -> bool:
        if show.config is not None:
            return about.config == show.config.replace(epochs=about.config.training.epochs)
        _, is_of_session, name = show.run.partition("/")
        if is_of_session:  # the page may have a copy of the run, which lies elsewhere
            return about.name == name
        named = self.lesson.run_of(show)
        if named is None or about.source is None:
            return False
        return about.source.resolve() == named.path.resolve()
