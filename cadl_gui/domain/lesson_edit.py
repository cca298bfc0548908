"""Edits the steps of a lesson in its file: their words, what they show, and whether they are there."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import MOST_BYTES, SUFFIX, Lesson, Step, lines_of, read_lesson
from cadl_gui.domain.lesson_block import NO_DRAWING, Names, Question, Show, read_question
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import read_whole
from cadl_gui.system.words import _

_KEYS = ("show", "only", "ask", "check", "hint")
_ANSWERED = "answered"
_WIDEST = 100
_MEANT_OTHERWISE = _(
    "This would be read as something else: in a lesson, “##” begins a step, “> "
    "Teacher:” a note, and “```cadl” a block. Nothing was written."
)


class StepWords(NamedTuple):
    """What a teacher writes of a step.

    Attributes:
        title: its title.
        prose: what the class reads, as Markdown.
        notes: what the teacher alone reads, as Markdown.
        ask: the question as a lesson has it, such as “Which one? | 4 / 9 = 9”; "" for none.
        hint: helps those who are stuck; "" for none.
        is_empty: whether the step begins with an empty canvas; None for what it begins with now.
    """

    title: str
    prose: str = ""
    notes: str = ""
    ask: str = ""
    hint: str = ""
    is_empty: bool | None = None

    @property
    def question(self) -> Question | None:
        """What is asked.

        Raises:
            ValueError: if it cannot be read.
        """
        return read_question(self.ask) if self.ask else None


class LessonHead(NamedTuple):
    """What a teacher writes of a lesson; see `Lesson`."""

    title: str
    goal: str = ""
    minutes: int = 0
    ages: str = ""


def edit_head(path: Path, names: Callable[[Path], Names], head: LessonHead) -> None:
    """Write another head into a lesson; what else its head and its steps say stays.

    Args:
        names: returns what the lesson may name.

    Raises:
        UserError: if there is no title, or the lesson cannot be read; it is unchanged then.
        OSError: if nothing can be written.
    """
    if not head.title:
        raise UserError(_("A lesson needs a title. Nothing was written."))
    read_lesson(path, names(path), with_faulty=True)  # it has a head, then
    lines, newline = lines_of(read_whole(path, MOST_BYTES).decode())
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == "---")
    said = head._asdict()
    others = [line for line in lines[1:end] if line.partition(":")[0].strip() not in said]
    own = [f"{key}: {value or ''}".rstrip() for key, value in said.items()]
    with atomic_output(path) as part:
        part.write_bytes(newline.join([lines[0], *own, *others, *lines[end:]]).encode())


def edit_step(path: Path, names: Callable[[Path], Names], title: str, words: StepWords) -> None:
    """Write other words of the step with this title into a lesson.

    A question that is new is part of what has to be done; one that is gone no longer is.

    Args:
        names: returns what the lesson may name.

    Raises:
        UserError: if there is no such step, or what was written would be read as something else; the lesson
            is unchanged then.
        OSError: if nothing can be written.
    """
    known = names(path)
    place = _place_of(path, known, title)
    step = place.step
    if not words.title:
        raise UserError(_("A step needs a title. Nothing was written."))
    if words.title != title:
        _require_free(words.title, place.lesson)
    notes = "\n".join(line.lstrip(" >") for line in words.notes.split("\n"))
    show = step.show
    if words.is_empty is not None and words.is_empty is not (show.drawing == NO_DRAWING):
        show = replace(show, drawing=NO_DRAWING if words.is_empty else "")
    meant = replace(
        step,
        show=show,
        title=words.title,
        prose=words.prose,
        notes=notes,
        ask=words.question,
        hint=words.hint,
    )
    place.write(path, known, _written(place.lines, step, words, show), [meant])


def edit_show(path: Path, known: Names, title: str, show: Show, line: str) -> None:
    """Write what a step shows in place of what it showed; all else that it has stays as it is written.

    The step as it was is kept beside the lesson, as one that is deleted.

    Args:
        show: what the line is meant to say.
        line: the line “show”, which may go on in indented ones.

    Raises:
        UserError: as `edit_step` does.
        OSError: if nothing can be written.
    """
    place = _place_of(path, known, title)
    first, last, block = _block_of(place.lines)
    block["show"] = line.split("\n")
    parts = ["\n".join(place.lines[:first]).rstrip(), _fenced(block), "\n".join(place.lines[last:]).strip()]
    if not last:
        parts = ["\n".join(place.lines).rstrip(), _fenced(block)]
    text = "\n\n".join(filter(None, parts)) + "\n"
    _keep_beside(path, place)
    place.write(path, known, text, [replace(place.step, show=show)])


def deleted_beside(path: Path) -> Path:
    """Return the file to which steps move that are deleted from a lesson, or show something else now."""
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}.deleted.md")


def delete_step(path: Path, names: Callable[[Path], Names], title: str) -> None:
    """Move a step out of a lesson into a file beside it, since it may be somebody's work.

    Raises:
        UserError: as `edit_step` does, or if no other step is left.
        OSError: if nothing can be written.
    """
    known = names(path)
    place = _place_of(path, known, title)
    if len(place.lesson.steps) == 1:
        raise UserError(_("A lesson has a step at least. Nothing was written."))
    _keep_beside(path, place)
    place.write(path, known, "", [])


def move_step(path: Path, names: Callable[[Path], Names], title: str, by: int) -> None:
    """Let a step and its neighbour, the one before (-1) or after it (1), change places.

    Raises:
        UserError: as `edit_step` does, or if there is no such neighbour.
        OSError: if nothing can be written.
    """
    known = names(path)
    lesson = _place_of(path, known, title).lesson
    number = [step.title for step in lesson.steps].index(title)
    first = min(number, number + by)
    if not 0 <= first < len(lesson.steps) - 1:
        raise UserError(_("The step is at an end of its lesson. Nothing was written."))
    upper, lower = (_place(path, lesson, n, 1) for n in (first, first + 1))
    texts = ("\n".join(place.lines).rstrip() + "\n" for place in (lower, upper))
    both = upper._replace(lines=[*upper.lines, *lower.lines], after=lower.after, n=2)
    both.write(path, known, "\n".join(texts), [lower.step, upper.step])


class Edit(NamedTuple):
    """What was done to the file of a lesson.

    Attributes:
        path: the lesson.
        title: title of the step that was edited, as it was called before; "" for the lesson's head.
        before: the file as it was.
        after: the file as it is, until somebody writes into it again.
    """

    path: Path
    title: str
    before: bytes
    after: bytes

    def undo(self) -> None:
        """Write the lesson as it was.

        Raises:
            UserError: if it says something else by now, such as what was typed in a text editor.
            OSError: if nothing can be written.
        """
        if read_whole(self.path, MOST_BYTES) != self.after:
            raise UserError(
                _("“{name}” has been written since. Nothing was undone.").format(name=self.path.name)
            )
        with atomic_output(self.path) as part:
            part.write_bytes(self.before)


def wrapped_show(items: Iterable[str]) -> str:
    """Return the line “show” of a block, which goes on in indented lines."""
    lines = ["show:"]
    for item in items:
        if len(lines[-1]) + len(item) > _WIDEST:
            lines.append("   ")
        lines[-1] += f" {item},"
    return "\n".join(lines).rstrip(",")


class _Place(NamedTuple):
    """The lines of a step in the file of a lesson.

    Attributes:
        lesson: the lesson.
        number: number of the step.
        before: the lines before it.
        lines: its lines.
        after: the lines after it.
        newline: what ends a line.
        n: how many steps there are in the lines.
    """

    lesson: Lesson
    number: int
    before: list[str]
    lines: list[str]
    after: list[str]
    newline: str
    n: int

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.number]

    def write(self, path: Path, known: Names, text: str, meant: Sequence[Step]) -> None:
        """Write a text in place of these lines if it is read as it is meant, and all other steps as before.

        Raises:
            UserError: if it is not; the lesson is unchanged then.
            OSError: if nothing can be written.
        """
        lines = [*self.before, *filter(None, [text]), *self.after]
        steps = list(self.lesson.steps)
        steps[self.number : self.number + self.n] = meant
        with atomic_output(path) as part:
            part.write_bytes("\n".join(lines).replace("\n", self.newline).encode())
            read = read_lesson(part, known, with_faulty=True).steps
            own = read[self.number : self.number + len(meant)]
            if [*map(_as_meant, read)] != [*map(_as_meant, steps)] or any(step.faults for step in own):
                raise UserError(_MEANT_OTHERWISE)


def _as_meant(step: Step) -> Step:
    """Return a step without what follows from the rest of its lesson."""
    return replace(step, line=0, check=(), faults=())


def _require_free(title: str, lesson: Lesson) -> None:
    if title in [step.title for step in lesson.steps]:
        raise UserError(_("Another step is called “{title}”, too. Nothing was written.").format(title=title))


def _place_of(path: Path, known: Names, title: str) -> _Place:
    lesson = read_lesson(path, known, with_faulty=True)
    titles = [step.title for step in lesson.steps]
    if title not in titles:
        raise UserError(
            _("“{name}” has no step “{title}” any more. Nothing was written.").format(
                name=path.name, title=title
            )
        )
    return _place(path, lesson, titles.index(title), 1)


def _place(path: Path, lesson: Lesson, number: int, n: int) -> _Place:
    """Return the place of so many steps from this one on."""
    lines, newline = lines_of(read_whole(path, MOST_BYTES).decode())
    begins = [*(step.line - 1 for step in lesson.steps), len(lines)]
    begin, end = begins[number], begins[number + n]
    return _Place(lesson, number, lines[:begin], lines[begin:end], lines[end:], newline, n)


def _keep_beside(path: Path, place: _Place) -> None:
    """Append a step as it is written to the file beside its lesson."""
    text = "\n".join(place.lines).rstrip() + "\n"
    with deleted_beside(path).open("ab") as file:
        file.write(f"{text}\n".replace("\n", place.newline).encode())


def _block_of(lines: list[str]) -> tuple[int, int, dict[str, list[str]]]:
    """Return where the block of a step begins and ends, and its lines by their keys; 0 and 0 without one."""
    from markdown_it import MarkdownIt  # a start, which only lists lessons, need not wait for it

    fences = (
        token.map
        for token in MarkdownIt("commonmark").parse("\n".join(lines))
        if token.type == "fence" and not token.level and token.info.strip() == "cadl" and token.map
    )
    first, last = next(fences, (0, 0))
    block: dict[str, list[str]] = {}
    key = ""
    for line in filter(str.strip, lines[first + 1 : last]):
        if line.lstrip().startswith(("```", "~~~")):
            break
        key = key if line[:1].isspace() and key else line.partition(":")[0].strip()
        block.setdefault(key, []).append(line)
    return first, last, block


def _fenced(block: dict[str, list[str]]) -> str:
    settings = [line for each in _KEYS for line in block.get(each, [])]
    return "\n".join(["```cadl", *settings, "```"]) if settings else ""


def _written(lines: list[str], before: Step, words: StepWords, show: Show) -> str:
    """Return the lines of a step with other words, and what it shows, which differs in the drawing alone."""
    *_, block = _block_of(lines)
    if show != before.show:
        said = re.sub(r"^show\s*:", "", " ".join(map(str.strip, block.get("show", [])))).split(",")
        items = [each for each in map(str.strip, said) if each and each.split()[0] != "drawing"]
        items += [f"drawing {show.drawing}"] if show.drawing else []
        block["show"] = [wrapped_show(items)] if items else []
    if words.question != before.ask:
        block["ask"] = [f"ask: {words.ask}"] if words.ask else []
    if words.hint != before.hint:
        block["hint"] = [f"hint: {words.hint}"] if words.hint else []
    if (words.question is None) is not (before.ask is None):
        block["check"] = _check(block.get("check", []), asks=bool(words.ask))
    written = [f"## {words.title}"]
    if words.prose:
        written.append(words.prose)
    if words.notes:
        written.append("\n".join(f"> {line}".rstrip() for line in f"Teacher: {words.notes}".split("\n")))
    return "\n\n".join([*written, *filter(None, [_fenced(block)])]) + "\n"


def _check(lines: list[str], *, asks: bool) -> list[str]:
    """Return the line of what has to be done, with or without an answer."""
    text = re.sub(r"^check\s*:", "", " ".join(map(str.strip, lines)))
    conditions = [each for each in map(str.strip, text.split(" and ")) if each not in {"", _ANSWERED}]
    conditions += [_ANSWERED] if asks else []
    return [f"check: {' and '.join(conditions)}"] if conditions else []
