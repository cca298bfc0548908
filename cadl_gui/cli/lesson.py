"""`cadl lesson`: begins a lesson, says what is wrong with one, plays it, and prints it."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cadl_gui.cli.display import unseen
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.output_path import check_output_path, require_not_read
from cadl_gui.domain.errors import CadlError, UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.lesson import SUFFIX, Lesson, LessonError, read_lesson
from cadl_gui.domain.lesson_block import Names
from cadl_gui.domain.lesson_bundle import lesson_in
from cadl_gui.domain.lesson_record import head_of
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.words import _


class _FaultyLessonError(CadlError):
    """A lesson has faults, which are printed."""


_NEW = """
## The first step

One idea, in short sentences. See action:eraser.

> Teacher: what only you read.

```cadl
show: run conv-classifier, epoch latest, tab Draw
ask: What will it answer? | text
check: drawn and answered
hint: Draw a large 7.
```
"""


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("lesson", help=_("write a lesson, check it, play it, and print it"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    new = actions.add_parser("new", help=_("begin a lesson"))
    new.add_argument(
        "file", type=Path, metavar="FILE", help=_("the lesson, a new {suffix} file").format(suffix=SUFFIX)
    )
    add_json_option(new)
    new.set_defaults(run=_new)
    check = actions.add_parser("check", help=_("say what is wrong with a lesson, by line"))
    check.add_argument("file", type=Path, metavar="FILE", help=_("a lesson"))
    add_json_option(check)
    check.set_defaults(run=_check)
    show = actions.add_parser("open", help=_("play a lesson in a window"))
    show.add_argument("file", type=Path, metavar="FILE", help=_("a lesson"))
    show.set_defaults(run=_open)
    sheet = actions.add_parser("print", help=_("write a lesson's sheet for students, or for the teacher"))
    sheet.add_argument("file", type=Path, metavar="FILE", help=_("a lesson"))
    sheet.add_argument(
        "-o", dest="output", type=Path, metavar="SHEET", required=True, help=_("a .html or .pdf file")
    )
    sheet.add_argument("--teacher", action="store_true", help=_("with notes, hints and answers"))
    add_json_option(sheet)
    sheet.set_defaults(run=_print)


@contextmanager
def read_beside(path: Path, *, with_faulty: bool = False) -> Iterator[tuple[Path, Names, Lesson]]:
    """Read a lesson, which may be in a bundle; its folder holds what lies beside it.

    Raises:
        LessonError: if there are faults; see `read_lesson`.
        UserError: if it cannot be read.
    """
    from cadl_gui.engine.sessions import Sessions
    from cadl_gui.runs import session
    from cadl_gui.ui.window.lesson_names import names_beside

    with TemporaryDirectory() as folder:
        lesson = lesson_in(path, Path(folder, "lessons"))
        names = names_beside(lesson, lambda path: Sessions(session).open(path, Path(folder, "sessions")))
        yield lesson.parent, names, read_lesson(lesson, names, with_faulty=with_faulty)


def _new(arguments: argparse.Namespace) -> None:
    """Write a lesson of one step.

    Raises:
        UserError: if its name does not end as a lesson's does, or it exists.
    """
    path: Path = arguments.file
    require_ending(path, SUFFIX)
    if path.exists():
        raise UserError(_("“{path}” exists.").format(path=path))
    check_output_path(path)
    with atomic_output(path) as part:
        part.write_text(head_of(path) + _NEW, encoding="utf-8")
    emit(arguments, _("{path}: a lesson of one step").format(path=path), file=str(path))


def _check(arguments: argparse.Namespace) -> None:
    """Print each fault of a lesson with its line, or that there is none.

    Raises:
        CadlError: if there are faults, or it cannot be read.
    """
    path: Path = arguments.file
    try:
        with read_beside(path, with_faulty=True) as (_folder, _names, lesson):
            problems = (*lesson.faults, *lesson.unread)
            what = (
                _("plays without these steps")
                if lesson.faults
                else _("shows these formulas as they are written")
            )
    except LessonError as error:
        problems, what = tuple(error.problems), _("cannot be played")
    for line, sentence in problems:
        emit(arguments, f"{path}:{line}: {sentence}", file=str(path), line=line, fault=sentence)
    if problems:
        raise _FaultyLessonError(_("{path} {what} until that is mended.").format(path=path, what=what))
    lasts = [count_text(lesson.minutes, "minute")] if lesson.minutes else []
    emit(
        arguments,
        ", ".join([f"{path}: “{lesson.title}”", count_text(len(lesson.steps), "step"), *lasts]),
        file=str(path),
        title=lesson.title,
        steps=[step.title for step in lesson.steps],
        minutes=lesson.minutes,
    )


def _print(arguments: argparse.Namespace) -> None:
    """Write the sheet of a lesson.

    Raises:
        UserError: if the name of the sheet has another ending, or it cannot be written.
        LessonError: if there are faults.
    """
    from cadl_gui.cli.lesson_pictures import pictures_of
    from cadl_gui.ui.lesson.sheet import TO_DRAW, sheet_html, write_pdf
    from cadl_gui.ui.window.lesson_names import words_of

    path, output = arguments.file, arguments.output
    require_ending(output, ".html", ".pdf")
    require_not_read(output, [path])
    check_output_path(output)
    unseen()
    with read_beside(path) as (folder, names, lesson):
        pictures = pictures_of(path, lesson)
        html = sheet_html(lesson, words_of, folder, names.files, pictures, for_teacher=arguments.teacher)
    with atomic_output(output) as part:
        if output.suffix.lower() == ".pdf":
            write_pdf(html, part, for_teacher=arguments.teacher)
        else:
            part.write_text(html, encoding="utf-8")
    n = len({each.png for each in pictures.values() if each is not TO_DRAW})
    whose = _("the teacher's sheet") if arguments.teacher else _("a student's sheet")
    text = _("{output}: {sheet} of “{title}”, {pictures}").format(
        output=output, sheet=whose, title=lesson.title, pictures=count_text(n, "picture")
    )
    emit(arguments, text, file=str(output), title=lesson.title, pictures=n)


def _open(arguments: argparse.Namespace) -> None:
    """Check that there is a lesson, and play it in a window, as `cadl-gui FILE` does."""
    from cadl_gui import app

    with read_beside(arguments.file, with_faulty=True):
        pass
    if status := app.main([str(arguments.file)]):
        raise SystemExit(status)
