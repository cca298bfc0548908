"""Writes the words of a step into a lesson; what the step shows stays as it is."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import MOST_BYTES, Lesson, Step, lines_of, read_lesson
from cadl_gui.domain.lesson_block import Names, Question, read_question
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import read_whole

_KEYS = ("show", "only", "ask", "check", "hint")
_ANSWERED = "answered"
_MEANT_OTHERWISE = (
    "This would be read as something else: in a lesson, “##” begins a step, “> Teacher:” a note, and "
    "“```cadl” a block. Nothing was written."
)


class StepWords(NamedTuple):
    """What a teacher writes of a step.

    Attributes:
        title: its title.
        prose: what the class reads, as Markdown.
        notes: what the teacher alone reads, as Markdown.
        ask: the question as a lesson has it, such as “Which one? | 4 / 9 = 9”; "" for none.
        hint: helps those who are stuck; "" for none.
    """

    title: str
    prose: str = ""
    notes: str = ""
    ask: str = ""
    hint: str = ""

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
        raise UserError("A lesson needs a title. Nothing was written.")
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
    lesson, text = read_lesson(path, known, with_faulty=True), read_whole(path, MOST_BYTES).decode()
    titles = [step.title for step in lesson.steps]
    if title not in titles:
        raise UserError(f"“{path.name}” has no step “{title}” any more. Nothing was written.")
    number = titles.index(title)
    if not words.title:
        raise UserError("A step needs a title. Nothing was written.")
    if words.title in titles and words.title != title:
        raise UserError(f"Another step is called “{words.title}”, too. Nothing was written.")
    lines, newline = lines_of(text)
    begin = lesson.steps[number].line - 1
    end = lesson.steps[number + 1].line - 1 if number + 1 < len(titles) else len(lines)
    parts = (_written(lines[begin:end], lesson.steps[number], words), *lines[end:])
    with atomic_output(path) as part:
        part.write_bytes("\n".join([*lines[:begin], *parts]).replace("\n", newline).encode())
        _require_same(read_lesson(part, known, with_faulty=True), lesson, number, words)


def _require_same(read: Lesson, before: Lesson, number: int, words: StepWords) -> None:
    """Require that the words are read as they are meant, and that all other steps are as they were."""
    steps, others = (
        [
            (each.title, each.prose, each.notes, each.show)
            for i, each in enumerate(lesson.steps)
            if i != number
        ]
        for lesson in (read, before)
    )
    if steps != others or read.steps[number].faults:
        raise UserError(_MEANT_OTHERWISE)
    step, notes = read.steps[number], "\n".join(line.lstrip(" >") for line in words.notes.split("\n"))
    meant = words.title, words.prose, notes, words.question, words.hint
    if (step.title, step.prose, step.notes, step.ask, step.hint) != meant:
        raise UserError(_MEANT_OTHERWISE)


def _written(lines: list[str], before: Step, words: StepWords) -> str:
    """Return the lines of a step with other words, and an empty one at its end."""
    from markdown_it import MarkdownIt  # a start, which only lists lessons, need not wait for it

    fences = (
        token.map
        for token in MarkdownIt("commonmark").parse("\n".join(lines))
        if token.type == "fence" and not token.level and token.info.strip() == "cadl" and token.map
    )
    first, last = next(fences, (0, 1))
    block: dict[str, list[str]] = {}
    key = ""
    for line in filter(str.strip, lines[first + 1 : last - 1]):
        key = key if line[:1].isspace() and key else line.partition(":")[0].strip()
        block.setdefault(key, []).append(line)
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
    if settings := [line for each in _KEYS for line in block.get(each, [])]:
        written.append("\n".join(["```cadl", *settings, "```"]))
    return "\n\n".join(written) + "\n"


def _check(lines: list[str], *, asks: bool) -> list[str]:
    """Return the line of what has to be done, with or without an answer."""
    text = re.sub(r"^check\s*:", "", " ".join(map(str.strip, lines)))
    conditions = [each for each in map(str.strip, text.split(" and ")) if each not in {"", _ANSWERED}]
    conditions += [_ANSWERED] if asks else []
    return [f"check: {' and '.join(conditions)}"] if conditions else []
