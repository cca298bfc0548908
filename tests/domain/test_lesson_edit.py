"""The words of a step that are written into a lesson; all else in it stays as it was."""

from dataclasses import replace

import pytest

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import read_lesson
from cadl_gui.domain.lesson_block import Names, Show
from cadl_gui.domain.lesson_edit import (
    Edit,
    LessonHead,
    StepWords,
    delete_step,
    edit_head,
    edit_show,
    edit_step,
    move_step,
)

LESSON = """\
---
title: Own
---
<!-- no step:
## Example
-->

## One

First text.

> Teacher: a note
> in two lines.

```cadl
show: tab Draw,
    noise 30
ask: Which one? | 4 / 9 = 9
check: drawn and answered
hint: Look.
```

Text below the block.

## Two

## Three

```cadl
check: drawn
```
"""


def names_beside(path):
    return Names(tabs={"Draw": "drawTab"}, actions=["eraser"], controls=["eraser"])


@pytest.fixture(params=["\n", "\r\n"], ids=["LF", "CRLF"])
def path(tmp_path, request):
    path = tmp_path / "own.lesson.md"
    path.write_bytes(LESSON.replace("\n", request.param).encode())
    return path


def block_of(path, title):
    text = path.read_bytes().decode().replace("\r\n", "\n")
    return text.partition(f"## {title}\n")[2].partition("```cadl\n")[2].partition("```")[0]


def test_words_are_written_and_all_else_stays(path):
    before, newline = read_lesson(path, names_beside(path)), b"\r\n" in path.read_bytes()
    words = StepWords(
        "New", "Text with action:eraser.\n\n- a list", "One.\n\nTwo.", "How many? | number = 98 ± 1"
    )
    edit_step(path, names_beside, "One", words)
    lesson = read_lesson(path, names_beside(path))
    step = lesson.steps[0]
    assert (step.title, step.prose, step.notes, step.ask, step.hint) == (*words[:3], words.question, "")
    assert (step.show, step.check) == (before.steps[0].show, before.steps[0].check)
    assert block_of(path, "New") == (
        "show: tab Draw,\n    noise 30\nask: How many? | number = 98 ± 1\ncheck: drawn and answered\n"
    )
    for now, then in zip(lesson.steps[1:], before.steps[1:], strict=True):
        assert (now.title, now.prose, now.check) == (then.title, then.prose, then.check)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n" if newline else b"\n")
    assert path.read_bytes().startswith(
        LESSON.partition("## One")[0].replace("\n", "\r\n" * newline or "\n").encode()
    )
    again = path.read_bytes()
    edit_step(path, names_beside, "New", words)
    assert path.read_bytes() == again


@pytest.mark.parametrize(
    ("title", "ask", "block"),
    [
        ("One", "", "show: tab Draw,\n    noise 30\ncheck: drawn\n"),
        ("Two", "Why? | text", "ask: Why? | text\ncheck: answered\n"),
        ("Three", "Why? | text", "ask: Why? | text\ncheck: drawn and answered\n"),
        ("Two", "", ""),
    ],
)
def test_a_question_that_comes_or_goes_is_or_is_no_longer_to_be_done(path, title, ask, block):
    edit_step(path, names_beside, title, StepWords(title, ask=ask))
    assert block_of(path, title) == block or not block
    assert ("```" in path.read_text().partition(f"## {title}")[2].partition("## ")[0]) is bool(block)


@pytest.mark.parametrize(
    ("title", "words", "says"),
    [
        ("Gone", StepWords("A"), "has no step “Gone” any more"),
        ("One", StepWords("Two"), "Another step is called “Two”, too."),
        ("One", StepWords("A", "text\n\n## B"), "read as something else"),
        ("One", StepWords("A", "> Teacher: all can read this"), "read as something else"),
        ("One", StepWords("A", "```\nopen"), "read as something else"),
        ("One", StepWords("A", "<!--"), "read as something else"),
        ("One", StepWords(""), "A step needs a title."),
        ("One", StepWords("A", "see:nothing"), "read as something else"),
    ],
)
def test_what_would_be_read_otherwise_is_refused_and_nothing_is_written(path, title, words, says):
    before = path.read_bytes()
    with pytest.raises(UserError, match=says):
        edit_step(path, names_beside, title, words)
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]


def test_a_head_is_written_and_the_rest_of_the_lesson_stays(path):
    path.write_bytes(path.read_bytes().replace(b"title: Own", b"needs: Edges\ntitle: Own\nminutes:"))
    before, steps = read_lesson(path, names_beside(path)), path.read_bytes().partition(b"<!-- no")[2]
    for head in (LessonHead("Other", "See.", 8, "14+"), LessonHead("Own")):
        edit_head(path, names_beside, head)
        lesson = read_lesson(path, names_beside(path))
        assert (lesson.title, lesson.goal, lesson.minutes, lesson.ages, lesson.needs) == (*head, "Edges")
        assert [each.title for each in lesson.steps] == [each.title for each in before.steps]
        assert path.read_bytes().partition(b"<!-- no")[2] == steps
    written = path.read_bytes()
    with pytest.raises(UserError, match="needs a title"):
        edit_head(path, names_beside, LessonHead(""))
    assert path.read_bytes() == written


@pytest.mark.parametrize("title", ["One", "Two", "Three"])
def test_a_deleted_step_moves_to_a_file_beside_and_that_is_undone_until_the_lesson_is_written(path, title):
    before, written = read_lesson(path, names_beside(path)), path.read_bytes()
    delete_step(path, names_beside, title)
    left = [step for step in before.steps if step.title != title]
    assert [each.show for each in read_lesson(path, names_beside(path)).steps] == [each.show for each in left]
    assert path.with_name("own.deleted.md").read_bytes().strip() in written
    edit = Edit(path, title, written, path.read_bytes())
    edit.undo()
    assert path.read_bytes() == written
    with pytest.raises(UserError, match="has been written since"):
        edit.undo()
    assert path.read_bytes() == written


def test_the_last_step_of_a_lesson_stays(path):
    for title in ("One", "Three"):
        delete_step(path, names_beside, title)
    before = path.read_bytes()
    with pytest.raises(UserError, match="has a step at least"):
        delete_step(path, names_beside, "Two")
    assert path.read_bytes() == before
    assert path.with_name("own.deleted.md").read_text().count("## ") == 2


@pytest.mark.parametrize("title", ["One", "Two", "Three"])
def test_what_a_step_shows_is_replaced_and_all_else_stays(path, title):
    known, written = names_beside(path), path.read_bytes()
    (before,) = (step for step in read_lesson(path, known).steps if step.title == title)
    show = Show(tab="drawTab", members=(("draw.noise", 7),))
    edit_show(path, known, title, show, "show: tab Draw,\n    noise 7")
    assert path.with_name("own.deleted.md").read_bytes().strip() in written, "as those that are deleted"
    (step,) = (step for step in read_lesson(path, known).steps if step.title == title)
    assert step == replace(before, line=step.line, show=show)
    now = path.read_bytes()
    with pytest.raises(UserError, match="read as something else"):
        edit_show(path, known, title, show, "show: tab Draw")
    assert path.read_bytes() == now


def test_a_step_and_its_neighbour_change_places_and_all_else_stays(path):
    known, written = names_beside(path), path.read_bytes()
    before = [replace(step, line=0) for step in read_lesson(path, known).steps]
    for title, by, order in (("Two", -1, (1, 0, 2)), ("One", 1, (1, 2, 0)), ("One", -1, (1, 0, 2))):
        move_step(path, names_beside, title, by)
        assert [replace(step, line=0) for step in read_lesson(path, known).steps] == [
            before[n] for n in order
        ]
    for title, by in (("Two", -1), ("Three", 1)):
        with pytest.raises(UserError, match="at an end of its lesson"):
            move_step(path, names_beside, title, by)
    move_step(path, names_beside, "One", -1)
    assert path.read_bytes().split() == written.split()


def test_the_canvas_of_a_step_is_emptied_and_left_as_it_is_again(path):
    for is_empty, line in (
        (True, "show: tab Draw, noise 30, drawing blank\n"),
        (False, "show: tab Draw, noise 30\n"),
    ):
        edit_step(path, names_beside, "One", StepWords("One", ask="Why? | text", is_empty=is_empty))
        assert block_of(path, "One").startswith(line)
        written = path.read_bytes()
        for as_it_is in (is_empty, None):
            edit_step(path, names_beside, "One", StepWords("One", ask="Why? | text", is_empty=as_it_is))
            assert path.read_bytes() == written
