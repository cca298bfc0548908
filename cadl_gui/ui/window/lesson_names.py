"""The names by which a lesson may call what the program has."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson_block import LessonSession, Names, PlacedRun
from cadl_gui.domain.position import Position
from cadl_gui.engine.sessions import OpenedSession
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.controls import timeline
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.window import (
    edit_actions,
    file_actions,
    help_actions,
    lesson_actions,
    run_actions,
    session_actions,
    training_actions,
    view_actions,
)
from cadl_gui.ui.window.session_actions import without_paths
from cadl_gui.ui.window.view_parts import view_of

_SHELL = (
    session_actions,
    file_actions,
    edit_actions,
    training_actions,
    run_actions,
    timeline,
    view_actions,
    lesson_actions,
    help_actions,
)


FORMER: dict[str, str] = {}
"""What has another name since lessons can name it, by its former name, which they may still have."""

_NUMBERS = re.compile("[0-9]+")


def names_beside(lesson: Path, open_session: Callable[[Path], OpenedSession] | None = None) -> Names:
    """Return the names for a lesson: the program's, and those of the files that lie beside it.

    Args:
        lesson: the lesson.
        open_session: unpacks a session that it names; None if none can be opened here.
    """
    actions = {row.key for row in _rows()} | {spec.name for spec in TABS}
    names = Names(
        tabs={spec.title: spec.name for spec in TABS},
        actions=actions,
        controls=actions | set(FIELDS),
        runs={run.name: _kept(run) for run in shipped_runs()},
        files=[path.name for path in lesson.parent.iterdir() if path.is_file()],
        former=FORMER,
    )
    if open_session is None:
        return names
    return replace(names, session=cache(lambda name: _read(open_session(lesson.with_name(name)))))


def _read(opened: OpenedSession) -> LessonSession:
    """Return what a lesson can show of a session; of several runs with one name, the first.

    Raises:
        UserError: if its view or a drawing is damaged.
    """
    session, runs = opened.session, dict[str, PlacedRun]()

    def refuse(name: str, cause: Exception) -> None:
        raise UserError(
            _("“{name}” holds no {what} that can be read.").format(name=session.path.name, what=name)
        ) from cause

    for run in session.runs:
        path = opened.path_of(run)
        if path is not None:
            runs.setdefault(run.name, PlacedRun(run.key, path, _kept(path)))
    return LessonSession(without_paths(view_of(session.parts, refuse)), runs)


def words_of(name: str) -> str:
    """Return what an action, a tab or a field is called, with its keys, when no window is open."""
    row = next((row for row in _rows() if row.key == name), None)
    if row is not None:
        keys = f" ({row.shortcuts_text})" if row.shortcuts else ""
        return f"{_(row.text).removesuffix('…')}{keys}"
    titles = {spec.name: spec.title for spec in TABS}
    return _(FIELDS[name].label if name in FIELDS else titles.get(name, name))


def _rows() -> Iterator[ActionRow[Any]]:
    for module in _SHELL:
        yield from module.ROWS
    for spec in TABS:
        yield from spec.load().ACTIONS


def _kept(run: Path) -> list[Position]:
    """The positions whose weights a run has, by the names of their files."""
    return [Position(*map(int, _NUMBERS.findall(path.stem))) for path in run.glob("snapshots/*.h5")]
