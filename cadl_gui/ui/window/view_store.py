"""Stores what the window shows as a `View`, and shows it again at the next start."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QSinglePointEvent
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.drawing import BLANK
from cadl_gui.domain.labelled import labelled_to_json
from cadl_gui.domain.run_name import has_begun, is_run_folder
from cadl_gui.domain.view import View, read_texts
from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import ships
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.ui.window.file_actions import source_of
from cadl_gui.ui.window.tab_builder import TabBuilder
from cadl_gui.ui.window.view_parts import (
    DRAWING,
    HELD,
    LABELLED,
    VIEW,
    held_from_json,
    held_to_json,
    is_drawing,
    view_of,
)
from cadl_gui.ui.window.window_part import WindowPart
from cadl_gui.ui.work_store import WorkStore, key_of

_log = logging.getLogger(__name__)

_BEFORE = "view-before"
"""What the session before showed, for when the file of the last one is damaged."""

_ACTS = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
}
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}


class ViewStore(WindowPart):
    """Stores what the window shows soon after it changes, and wishes what the last session showed.

    A run of the last session may take long to read. Whoever uses the pages, the run list or the timeline
    meanwhile keeps the view: the run is then listed, but not shown. Menus, and what changes how the window
    looks, such as present mode, do not count.

    Args:
        engine: opens runs; its view state is stored.
        work: where the view is stored.
        builder: knows the tab that is shown.
        window: parent object.
    """

    def __init__(
        self,
        engine: Engine,
        work: WorkStore,
        builder: TabBuilder,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self._work = work
        self._builder = builder
        wish, self._paths, self._letters = self._read()
        self._last_runs, self._drawn, self._held = wish.runs, wish.draw, wish.figure.held
        engine.view.change(**vars(wish))
        engine.view.bind(self, self._what_to_store, self.store)

    def _what_to_store(self) -> tuple[object, ...]:
        engine = self._engine
        return engine.view.value, [*map(source_of, engine.runs.listed)], engine.training.status

    # What the last session showed.

    def _read(self) -> tuple[View, dict[str, str], dict[str, str]]:
        """Return what the last session showed, and the paths and letters of its runs; see `_BEFORE`."""
        work, damaged = self._work, set[str]()

        def report(name: str, error: Exception) -> None:
            work.report_damage(name, error)
            damaged.add(name)

        stored = work.load(VIEW)
        values = (work.load(_BEFORE) or {}) if stored is None else stored
        drawn = {name: work.load(name) for name in filter(is_drawing, work.names())}
        read = {name: drawings for name, drawings in drawn.items() if drawings is not None}
        wish = view_of({VIEW: values, **read}, report)
        paths, letters = (read_texts(values, name, partial(report, VIEW)) for name in ("paths", "letters"))
        if stored is not None and VIEW not in damaged:
            work.keep(_BEFORE, lambda: values)
        # Labelled drawings whose file is gone are not saved any more.
        gone = {path for path in {each.saved for each in wish.draw.labelled} if not can_be_found(Path(path))}
        labelled = tuple(
            replace(each, saved="") if each.saved in gone else each for each in wish.draw.labelled
        )
        try:
            held = held_from_json(work.load(HELD) or {})
        except ValueError as error:
            held = {}
            report(HELD, error)
        draw, figure = replace(wish.draw, labelled=labelled), replace(wish.figure, held=held)
        return replace(wish, draw=draw, figure=figure), paths, letters

    def open_again(self, shipped: Iterable[Path], but: Collection[Path]) -> None:
        """Open the runs that ship, and those that were open at the end of the last session.

        Args:
            shipped: paths of the former.
            but: paths to skip, because they are opened anyway.
        """
        others = {path.resolve() for path in but}
        for path in shipped:
            self._engine.runs.open(path, show=False, key=key_of(path))
        for key in self._last_runs:
            path = Path(self._paths.get(key, key))  # a key may be a path, as in the first files of 0.1.0
            if not path.is_absolute():
                continue
            if not _is_there(path):
                _log.info("“%s” is gone and is not opened again", path)
            elif path.resolve() not in others:
                self._engine.runs.open(path, show=False, key=key, letters=self._letters.get(key, ""))

    def watch(self) -> None:
        """Note what the user does from now on, once the window is on the screen."""
        if (handle := self.window.windowHandle()) is not None:
            handle.installEventFilter(self)

    @Slot()
    def note_act(self) -> None:
        """Leave the view to the user, who has used it, from now on."""
        self._engine.view.stay()
        self.note_tab()
        if (handle := self.window.windowHandle()) is not None:
            handle.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note keys and presses below the menu bar; a key that is a shortcut does not come here."""
        if event.type() in _ACTS and self._is_about_view(event):
            self.note_act()
        return super().eventFilter(watched, event)

    def _is_about_view(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            return event.key() not in _MODIFIERS
        menus = self.window.menuBar()
        if menus.isHidden() or not isinstance(event, QSinglePointEvent):
            return True
        return not menus.geometry().contains(event.position().toPoint())

    # What is shown now.

    @Slot()
    def note_tab(self) -> None:
        """Wish the tab that is shown."""
        self._engine.view.change(tab=self._builder.current)

    def store(self) -> None:
        """Store what is wished to be shown, and where its runs are.

        A starting training counts as shown, in case the window closes before its run is listed.
        """
        wish, starting = self._engine.view.value, self._engine.training.starting
        sources = {self._engine.runs.key(run): source_of(run) for run in self._engine.runs.listed}
        if starting is not None and starting.folder is not None:
            resumed = self._engine.runs.find(starting.run_id)
            key = starting.run_id if resumed is None else self._engine.runs.key(resumed)
            sources[key] = starting.folder
            runs = wish.runs if key in wish.runs else (*wish.runs, key)
            wish = replace(wish, runs=runs, run=key, at=None)
        paths = {key: path for key, source in sources.items() if (path := _path_to_reopen(source))}
        letters = self._engine.runs.letters
        self._work.keep(VIEW, lambda: wish.to_json() | {"paths": paths, "letters": letters})
        before, self._drawn = self._drawn, wish.draw
        for key in {**before.sheets, **wish.draw.sheets}:
            drawing = wish.draw.sheets.get(key, BLANK)
            if drawing is not before.sheets.get(key, BLANK):
                self._work.keep(f"{DRAWING}{key}", drawing.to_json)
        if wish.draw.labelled is not before.labelled:
            self._work.keep(LABELLED, partial(labelled_to_json, wish.draw.labelled))
        if wish.figure.held is not self._held:
            self._held = wish.figure.held
            self._work.keep(HELD, partial(held_to_json, self._held))


def _is_there(path: Path) -> bool:
    """Return whether a run can be opened here; the folder of a training that never began holds nothing."""
    return can_be_found(path) and (path.is_file() or (is_run_folder(path) and has_begun(path)))


@cache
def _path_to_reopen(source: Path | None) -> str:
    """Return the path to reopen a run from; "" if it is only in memory, or ships and is opened anyway.

    Remembered as `ships` is, and for the same reason.
    """
    return "" if source is None or ships(source) else str(source.resolve())
