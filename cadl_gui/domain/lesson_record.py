"""Writes what a window shows into a lesson, as a step that shows it again."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.lesson import MOST_BYTES, SUFFIX, lines_of, read_lesson
from cadl_gui.domain.lesson_block import NO_DRAWING, Names, Show
from cadl_gui.domain.lesson_edit import edit_show, wrapped_show
from cadl_gui.domain.position import Position
from cadl_gui.domain.view import DrawView, View
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import read_whole
from cadl_gui.system.words import _

_EXAMPLE = """
<!-- Steps to copy and change: what stands between these two marks is no part of the lesson.

## Which digit?

Draw a digit. Too much? Use action:eraser.

> Teacher: only you read this.

```cadl
show: run conv-classifier, epoch latest, tab Draw, drawing blank
ask: What will it read? | 4 / 9 / neither = 9
check: drawn and answered
hint: Draw a large digit.
```

## How many pixels?

```cadl
ask: How many pixels has the image? | number = 784 ± 4
check: answered
```
-->
"""
GOAL_TO_WRITE = "What can the class do afterwards?"
TO_WRITE = "What does the class read here?"
"""What stood in new lessons until it was written, and is on no sheet of those that still have it."""

_STEP = "## {title}\n\n```cadl\n{show}\n```\n"

_OF_SECTION = {"nearest": ("nearest",), "evidence": ("why_not", "has_all_evidence"), "fool": ("fool_target",)}
"""What is chosen in Draw and is seen in one of its sections alone."""


def head_of(path: Path) -> str:
    """Return the head of a new lesson, with a title from the name of its file, and steps as an example."""
    title = path.name.removesuffix(SUFFIX).replace("-", " ").strip() or "A lesson"
    return f"---\ntitle: {capitalised(title)}\ngoal:\nminutes:\nages:\nlanguage: en\n---\n{_EXAMPLE}"


def record_step(
    path: Path,
    names: Callable[[Path], Names],
    view: View,
    config: RunConfig | None,
    after: str,
    session: str = "",
    position: Position | None = None,
) -> tuple[int, list[str]]:
    """Write a step that shows a view into a lesson; a drawing becomes a file beside it.

    Args:
        path: the lesson; if there is none, it begins with this step.
        names: returns what a lesson may name.
        config: see `Show.of`.
        after: title of the step that it follows; where there is none with this title, it is the last one.
        session: see `Show.of`.
        position: what the newest weights are now, where the view shows these, for the title.

    Returns:
        The number of the step, from 0, and what of the view no step can say, in words.

    Raises:
        LessonError: if there are faults in the lesson; nothing is written then.
        UserError: if it cannot be read, or no step can name the run that is shown.
        OSError: if nothing can be written.
    """
    known, number, line, taken, text = names(path), 0, 0, [], head_of(path)
    if path.exists():
        lesson, text = read_lesson(path, known), read_whole(path, MOST_BYTES).decode()
        taken = [step.title for step in lesson.steps]
        number = taken.index(after) + 1 if after in taken else len(taken)
        line = lesson.steps[number].line - 1 if number < len(taken) else 0
    show, known, unsaid = _written_beside(path, known, view, config, session)
    what = _named(show, known, position)
    title = next(
        each for i in range(len(taken) + 1) if (each := f"{what} ({i + 1})" if i else what) not in taken
    )
    step = _STEP.format(title=title, show=wrapped_show(show.items(known)))
    lines, newline = lines_of(text)
    before, others = ("\n".join(part) for part in (lines[: line or None], lines[line:] if line else []))
    text = f"{before.rstrip()}\n\n{step}" + (f"\n{others}" if others else "")
    with atomic_output(path) as part:
        part.write_bytes(text.replace("\n", newline).encode())
    return number, unsaid


def record_again(
    path: Path,
    names: Callable[[Path], Names],
    view: View,
    config: RunConfig | None,
    title: str,
    session: str = "",
) -> list[str]:
    """Let a step of a lesson show a view in place of what it showed; see `record_step`.

    Returns:
        What of the view no step can say, in words.

    Raises:
        UserError: as `record_step` and `edit_show` do.
        OSError: if nothing can be written.
    """
    show, known, unsaid = _written_beside(path, names(path), view, config, session)
    edit_show(path, known, title, show, wrapped_show(show.items(known)))
    return unsaid


def _written_beside(
    path: Path, known: Names, view: View, config: RunConfig | None, session: str
) -> tuple[Show, Names, list[str]]:
    """Return what shows a view, the names with those of its drawing's file, and what no step can say."""
    view = _as_seen(view)
    drawing, data = _drawing_beside(path, view, known.files) if INK.key in view.draw.sheets else ("", b"")
    known = replace(known, files=[*known.files, drawing])
    show, unsaid = Show.of(view, known, drawing, config, session)
    if "run" in unsaid:
        raise UserError(
            _(
                "The run shown is in no session beside “{name}” under a name of its own without "
                "commas. Nothing was written: save a session there, and record it again."
            ).format(name=path.name)
        )
    if data:
        with atomic_output(path.with_name(drawing)) as part:
            part.write_bytes(data)
    return show, known, unsaid


def _named(show: Show, names: Names, newest: Position | None) -> str:
    """Return a title that says what a step shows, such as “Draw: softmax, epoch 3”, until one is written."""
    tab = next((title for title, name in names.tabs.items() if name == show.tab), "Step")
    run = show.run.rpartition("/")[2] or show.preset
    at = newest if show.at is None else show.at
    what = f"{tab}: {run}" + ("" if at is None else f", {at}") if run else tab
    return " ".join(what.replace("#", "").split())


def _as_seen(view: View) -> View:
    """Return a view as at a first start but for what its page shows, with a drawing if it is seen there."""
    tab, usual, draw = view.tab, View(), DrawView()
    if tab == "inspectTab" and view.inspect.source == "drawing":
        draw = replace(draw, noise=view.draw.noise, is_normalised=view.draw.is_normalised)
        draw = draw.with_sheet(INK, view.draw.sheet(INK))
    elif tab == "drawTab":
        unseen = (each for section, of in _OF_SECTION.items() if section != view.draw.section for each in of)
        draw = replace(view.draw, **{member: getattr(draw, member) for member in unseen})
        draw = draw.with_sheet(INK, view.draw.sheet(INK))
    others = {
        part: getattr(usual, part) for part in ("data", "train", "inspect", "latent") if f"{part}Tab" != tab
    }
    filling, covered = (
        tuple(name for name in names if name.startswith(f"{tab}/"))
        for names in (view.figure.filling, view.figure.covered)
    )
    figure = replace(view.figure, filling=filling, covered=covered)
    of_run = view.of_run if tab == "latentTab" else view.with_run(view.run, z=(), box=None)
    return replace(view, **others, draw=draw, figure=figure, of_run=of_run)


def _drawing_beside(path: Path, view: View, files: Iterable[str]) -> tuple[str, bytes]:
    """Return the name of the file beside a lesson for the drawing in ink, and what it has yet to hold."""
    drawing = view.draw.sheet(INK)
    if drawing.is_blank:
        return NO_DRAWING, b""
    data = json.dumps(drawing.to_json()).encode()
    names = [name for name in files if name.endswith(".json")]
    for name in names:
        with suppress(OSError):
            if read_whole(path.with_name(name), len(data)) == data:
                return name, b""
    return next(each for i in range(1, len(names) + 2) if (each := f"drawing-{i}.json") not in names), data
