"""Lessons: Markdown whose steps say what the window shows, what is asked, and when a step is done."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cadl_gui.domain.drawing import BLANK, Drawing
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.formula import formula_svg, formulas_in
from cadl_gui.domain.lesson_block import (
    NO_DRAWING,
    Condition,
    LessonSession,
    Names,
    PlacedRun,
    Question,
    Show,
    read_check,
    read_only,
    read_question,
    read_show,
    unknown,
)
from cadl_gui.domain.view import SHIPPED, View
from cadl_gui.system import bounded_json
from cadl_gui.system.resources import shipped_run
from cadl_gui.system.whole_file import read_whole, require_file, telling
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from markdown_it.token import Token

SUFFIX = ".lesson.md"

MOST_BYTES = 2**20
"""Size of a lesson: 1 MB is a long book."""

_MOST_STEPS, _MOST_OF_HEAD = 200, 4096
_EDGE = "---"
_HEAD = re.compile(r"(?P<key>[a-z]+)\s*:\s*(?P<value>.*)")
_TEACHER = "Teacher:"
LINK = re.compile(r"\b(?P<kind>action|see):(?P<name>\w+)")
_NAME = re.compile(r"[\w./-]+")


class Problem(NamedTuple):
    """What is wrong with a lesson.

    Attributes:
        line: number of the line, from 1.
        text: a sentence.
    """

    line: int
    text: str


class LessonError(UserError):
    """A lesson, or a step of it, cannot be read.

    Attributes:
        problems: all that is wrong with it, by line.
    """

    def __init__(self, name: str, problems: list[Problem]) -> None:
        first, *others = sorted(problems)
        more = _(" (and {n} more)").format(n=len(others)) if others else ""
        super().__init__(
            _("“{name}”, line {line}: {text}{more}").format(
                name=name, line=first.line, text=first.text, more=more
            )
        )
        self.problems = sorted(problems)


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    Attributes:
        line: where it begins, from 1.
        title: its title.
        prose: what the class reads, as Markdown.
        notes: what the teacher alone reads, as Markdown.
        show: what the window shows.
        only: names of the controls that stand there besides; all if there are none.
        ask: what the class is to predict.
        check: when the step is done: once all hold.
        hint: what helps those who are stuck.
        faults: what is wrong with it; it then has nothing but its text.
    """

    line: int
    title: str
    prose: str = ""
    notes: str = ""
    show: Show = field(default_factory=Show)
    only: tuple[str, ...] = ()
    ask: Question | None = None
    check: tuple[Condition, ...] = ()
    hint: str = ""
    faults: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes:
        title: its title.
        goal: what a class can do afterwards, in a sentence.
        minutes: how long it takes.
        ages: for whom it is, such as “14+”.
        needs: the lesson that comes before.
        competences: what it teaches, by the names of a curriculum.
        language: its language, such as “en”.
        steps: its steps.
        drawings: the drawings that they show, by the names of their files.
        sessions: the sessions that they name, by the names of their files.
        unread: what is wrong with formulas, which are then shown as they are written.
    """

    title: str
    goal: str = ""
    minutes: int = 0
    ages: str = ""
    needs: str = ""
    competences: str = ""
    language: str = "en"
    steps: tuple[Step, ...] = ()
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    sessions: Mapping[str, LessonSession] = field(default_factory=dict)
    unread: tuple[Problem, ...] = ()

    @property
    def faults(self) -> list[Problem]:
        """What is wrong with its steps, by line."""
        return [problem for step in self.steps for problem in step.faults]

    def run_of(self, show: Show) -> PlacedRun | None:
        """Return the run that a step names; None if it names none."""
        file, is_inside, name = show.run.partition("/")
        if is_inside:
            return self.sessions[file].runs[name]
        folder = shipped_run(show.run)
        return None if folder is None else PlacedRun(f"{SHIPPED}{show.run}", folder)

    def shown(self, show: Show, view: View, key: str) -> View:
        """Return a view that shows what a step shows, with what was chosen in its session for its run.

        Args:
            show: what the step shows.
            view: what is shown now.
            key: key of the run that is shown from now on.
        """
        if show.session:
            view = self.sessions[show.session].over(view)
        elif (beside := self.sessions.get(show.run.partition("/")[0])) is not None:
            chosen = {run: each for run, each in beside.view.of_run.items() if run == key}
            view = replace(view, of_run={**view.of_run, **chosen})
        return show.applied(view, key, self.drawings.get(show.drawing))


_READ = {"steps", "drawings", "sessions", "unread"}
_KEYS = tuple(each.name for each in fields(Lesson) if each.name not in _READ)
_BLOCK = ("show", "only", "ask", "check", "hint")
_NAMING = ("show", "only", "check")
"""Lines of a block that are names, and no words for the class."""


def lines_of(text: str) -> tuple[list[str], str]:
    """Return the lines of a lesson as Markdown has them, where a form feed ends none, and what ends them."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), newline


def title_of(path: Path) -> str:
    """Return the title in the head of a lesson or, where none can be read, the name of its file."""
    name = path.name.removesuffix(SUFFIX)
    try:
        require_file(path)
        with path.open("rb") as file:
            head = file.read(_MOST_OF_HEAD).decode("utf-8-sig", "replace")
    except OSError:
        return name
    if not head.startswith(_EDGE):
        return name
    lines = (line.partition(":") for line in head.split("\n"))
    return next((value.strip() for key, _, value in lines if key == "title"), "") or name


def read_lesson(path: Path, names: Names, *, with_faulty: bool = False) -> Lesson:
    """Return the lesson that a file holds.

    Args:
        path: the file.
        names: what it may name.
        with_faulty: whether a step in which something is wrong keeps its place and says so.

    Raises:
        LessonError: if anything in it is wrong, or only what belongs to no step.
        UserError: if it cannot be read, or is no text.
    """
    with telling(path.name, UserError):
        data = read_whole(path, MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n")
        raise LessonError(path.name, [Problem(line + 1, _("This is no text in UTF-8."))]) from None
    reader = _Reader(text, names, path.parent)
    lesson = reader.read()
    if lesson is None or (lesson.faults and not with_faulty):
        raise LessonError(path.name, reader.problems)
    return lesson


class _Reader:
    def __init__(self, text: str, names: Names, folder: Path) -> None:
        self.problems: list[Problem] = []
        self._folder = folder
        self._drawings: dict[str, Drawing] = {NO_DRAWING: BLANK}
        self._sessions: dict[str, LessonSession] = {}
        self._unread: list[Problem] = []
        self._names = names
        self._lines = [LINK.sub(lambda link: self._current(link[0]), line) for line in lines_of(text)[0]]

    def read(self) -> Lesson | None:
        from markdown_it import MarkdownIt  # a start, which only lists lessons, need not wait for it

        head, n = self._head()
        tokens = MarkdownIt("commonmark").parse("\n".join([""] * n + self._lines[n:]))
        headings = [
            i
            for i, token in enumerate(tokens)
            if (token.type, token.tag, token.level) == ("heading_open", "h2", 0)
        ]
        begins = [(tokens[i].map or [n])[0] for i in headings]
        if not begins:
            self._report(n, _("A lesson has steps: a line that begins with “## ” begins one."))
        if len(begins) > _MOST_STEPS:
            self._report(
                begins[_MOST_STEPS],
                _("A lesson has at most {most_steps} steps.").format(most_steps=_MOST_STEPS),
            )
            return None
        of_head = bool(self.problems)
        lines, places = pairwise([*begins, len(self._lines)]), pairwise([*headings, len(tokens)])
        steps: list[Step] = []
        for (a, b), (i, j) in zip(lines, places, strict=True):
            before = len(self.problems)
            step = self._step(a, b, tokens[i:j])
            if step.title in [each.title for each in steps]:  # answers are stored by the title
                self._report(a, _("Another step is called “{title}”, too.").format(title=step.title))
            if faults := tuple(sorted(self.problems[before:])):
                step = Step(step.line, step.title, step.prose, step.notes, faults=faults)
            steps.append(step)
        if of_head:
            return None
        return Lesson(
            **head,
            steps=tuple(steps),
            drawings=self._drawings,
            sessions=self._sessions,
            unread=tuple(self._unread),
        )

    def _head(self) -> tuple[dict[str, Any], int]:
        """Return what stands in the head, and the number of its lines."""
        end = next((i for i, line in enumerate(self._lines[1:], 1) if line.strip() == _EDGE), None)
        if not self._lines or self._lines[0].strip() != _EDGE or end is None:
            self._report(
                0, _("A lesson begins with its head, between two lines of “---”, such as “title: Edges”.")
            )
            return {}, 0
        head: dict[str, Any] = {}
        for i in range(1, end):
            line = self._lines[i].strip()
            match = _HEAD.fullmatch(line)
            if not line:
                continue
            if match is None:
                self._report(i, _("“{line}” is no line of a head: “title: Edges” is one.").format(line=line))
            elif self._is_known(i, match["key"], _KEYS):
                self._put_head(i, head, match["key"], match["value"].strip())
        if not head.get("title"):
            self._report(0, _("The head has no title."))
        return head, end + 1

    def _put_head(self, line: int, head: dict[str, Any], key: str, value: str) -> None:
        if key in head:
            self._report(line, _("“{key}” stands in the head twice.").format(key=key))
        if key != "minutes":
            head[key] = value
        elif not value or (value.isdecimal() and len(value) < 4):
            head[key] = int(value or 0)
        else:
            self._report(line, _("“{value}” is no number of minutes.").format(value=value))

    def _step(self, begin: int, end: int, tokens: "list[Token]") -> Step:
        """Return the step of these lines, whose tokens begin with those of its heading."""
        heading, title, *others = tokens
        notes, block = [], None
        hidden = {*range(*(heading.map or ()))}
        for token in others:
            if token.map is None or token.level:
                continue
            first, last = token.map
            if token.type == "fence" and token.info.strip() == "cadl":
                hidden |= {*range(first, last)}
                if block is not None:
                    self._report(first, _("A step has one block of “cadl”, and this one has two."))
                block = first
            elif token.type == "blockquote_open":
                lines = [line.lstrip(" >") for line in self._lines[first:last]]
                if lines[0].startswith(_TEACHER):
                    notes += [lines[0].removeprefix(_TEACHER).strip(), *lines[1:], ""]
                    hidden |= {*range(first, last)}
        prose = [line for i, line in enumerate(self._lines[begin:end], begin) if i not in hidden]
        self._check_text(begin, end)
        parts = {} if block is None else self._block(block)
        return Step(begin + 1, title.content, "\n".join(prose).strip(), "\n".join(notes).strip(), **parts)

    def _check_text(self, begin: int, end: int) -> None:
        for i in range(begin, end):
            for latex in formulas_in(self._lines[i]):
                try:
                    formula_svg(latex, 10)
                except ValueError as error:
                    self._unread.append(Problem(i + 1, str(error)))
            for link in LINK.finditer(self._lines[i]):
                known = self._names.actions if link["kind"] == "action" else self._names.controls
                self._is_known(i, link["name"], known)

    def _block(self, fence: int) -> dict[str, Any]:
        readers: Mapping[str, Callable[[str, Names], Any]] = {
            "show": read_show,
            "only": read_only,
            "ask": lambda text, _names: read_question(text),
            "check": read_check,
            "hint": lambda text, _names: text,
        }
        parts: dict[str, Any] = {}
        for i, line in self._lines_of(fence):
            match = _HEAD.fullmatch(line)
            if match is None:
                self._report(
                    i, _("“{line}” is no line of a block: “hint: Look at the loss” is one.").format(line=line)
                )
            elif self._is_known(i, match["key"], _BLOCK):
                if match["key"] in parts:
                    self._report(i, _("“{key}” stands in the block twice.").format(key=match["key"]))
                try:
                    value = self._current(match["value"]) if match["key"] in _NAMING else match["value"]
                    part = parts[match["key"]] = readers[match["key"]](value, self._names)
                    if match["key"] == "show":
                        self._read_drawing(part.drawing)
                        for name in {part.session, part.run.partition("/")[0]} & {*self._names.sessions}:
                            self._sessions[name] = self._names.session(name)
                except (ValueError, UserError) as error:
                    self._report(i, str(error))
        return parts

    def _read_drawing(self, name: str) -> None:
        """Read the drawing that a step shows.

        Raises:
            ValueError: if its file holds none.
        """
        if name and name not in self._drawings:
            try:
                values = bounded_json.parse(read_whole(self._folder / name, MOST_BYTES))
                self._drawings[name] = Drawing.from_json(values, is_ink=True)
            except (OSError, ValueError, RecursionError):
                raise ValueError(
                    _("“{name}” holds no drawing in ink that can be read.").format(name=name)
                ) from None

    def _current(self, text: str) -> str:
        """Return a text that names everything by its name now."""
        return _NAME.sub(lambda name: self._names.former.get(name[0], name[0]), text)

    def _lines_of(self, fence: int) -> Iterator[tuple[int, str]]:
        """The lines of a block; one that is indented goes on with the line before."""
        number, joined = fence, ""
        for i, line in enumerate(self._lines[fence + 1 :], fence + 1):
            if line.lstrip().startswith(("```", "~~~")):
                break
            if line[:1].isspace() and joined:
                joined += f" {line.strip()}"
            elif line.strip():
                if joined:
                    yield number, joined
                number, joined = i, line.strip()
        if joined:
            yield number, joined

    def _is_known(self, line: int, word: str, known: Collection[str]) -> bool:
        if word not in known:
            self._report(line, unknown(word, known))
        return word in known

    def _report(self, line: int, text: str) -> None:
        self.problems.append(Problem(line + 1, text))
