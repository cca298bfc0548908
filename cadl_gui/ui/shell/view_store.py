"""Stores what the window shows as a `View`, and shows it again at the next start."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QSinglePointEvent
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.run_name import has_begun, is_run_folder
from cadl_gui.domain.view import View
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.system.resources import ships
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.ui.shell.file_actions import source_of
from cadl_gui.ui.shell.tab_builder import TabBuilder
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm
from cadl_gui.ui.work_store import WorkStore, key_of, key_of_run

_log = logging.getLogger(__name__)

_NAME = "view"
_SETTLED_AFTER_MS = 100
"""What one act changes is one view; the work store then takes up to a second."""

_ACTS = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
}
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}


class ViewStore(WindowPart):
    """Stores what the window shows soon after it changes, and opens and shows what the last session showed.

    A run of the last session may take long to read. Whoever uses the pages, the run list or the timeline
    meanwhile keeps the view: the run is then listed, but not shown. Menus, and what changes how the window
    looks, such as present mode, do not count.

    Args:
        engine: opens runs; its view state is observed.
        work: where the view is stored.
        builder: knows the tab that is shown.
        form: the settings of the next run.
        window: parent object.

    Attributes:
        last: what is stored; at first, what the last session showed.
    """

    def __init__(
        self,
        engine: Engine,
        work: WorkStore,
        builder: TabBuilder,
        form: ConfigurationForm,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self._work = work
        self._builder = builder
        self._form = form
        stored = work.load(_NAME)
        self.last = View.from_json({} if stored is None else stored, partial(work.report_damage, _NAME))
        self._wished = self.last
        self._wished_run_id = ""
        self._next = self.last.next
        self._has_acted = False
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED_AFTER_MS)
        self._timer.timeout.connect(self._store_if_complete)
        view = engine.view
        view.run_changed.connect(self._on_run_changed)
        engine.runs.added.connect(self._on_added)
        engine.training.state_changed.connect(self._on_state_changed)
        for moved in (view.run_changed, view.live_changed, view.compared_changed):
            moved.connect(self.note_change)
        view.position_changed.connect(self._on_position_changed)
        form.changed.connect(self._on_form_changed)

    # What the last session showed.

    def restore_form(self) -> None:
        """Fill the form as it was or, where that could not be trained, as it last could be."""
        if (config := self.last.next.read().config) is not None:
            self._form.show_configuration(config)

    def open(self, paths: Iterable[Path], *, show: bool = True) -> None:
        """Open checkpoints and run folders as `RunRegistry.open` does.

        Args:
            paths: checkpoints and run folders.
            show: whether to show them; the run that the last session showed is shown in any case.
        """
        for path in paths:
            is_wished = key_of(path) == self._wished.run
            run_id = self._engine.runs.open(path, show=show or is_wished)
            if is_wished and not show:
                self._wished_run_id = run_id

    def open_again(self, but: Collection[Path]) -> None:
        """Reopen the runs that were open at the end of the last session, and show the one shown then.

        Args:
            but: paths to skip, because they are opened anyway.
        """
        others = {path.resolve() for path in but}
        for path in map(Path, self.last.runs):
            if not _is_there(path):
                _log.info("“%s” is gone and is not opened again", path)
            elif path.resolve() not in others:
                self.open([path], show=False)

    @property
    def has_acted(self) -> bool:
        """Whether the user has used what is shown, which then stays as it is."""
        return self._has_acted

    @Slot()
    def watch(self) -> None:
        """Note what the user does from now on, once the window is on the screen."""
        handle = self.window.windowHandle()
        if handle is not None and not self._has_acted:
            handle.installEventFilter(self)

    @Slot()
    def note_act(self) -> None:
        """Leave the view to the user, who has used it, from now on."""
        if not self._has_acted:
            self._has_acted = True
            self._wished = replace(self._wished, run="", at=None)
            self._engine.runs.leave_aside(self._wished_run_id)
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

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Compare a run again that was compared when the last session ended."""
        self._note_location(source_of(run))
        if (key := key_of_run(run)) in self._wished.compared:
            others = tuple(other for other in self._wished.compared if other != key)
            self._wished = replace(self._wished, compared=others)
            self._engine.view.compare(run, on=True)

    @Slot()
    def _on_run_changed(self) -> None:
        key, position = self._wished.run, self._wished.at
        if key and key_of_run(self._engine.view.run) == key:
            self._wished = replace(self._wished, run="", at=None)
            if position is not None:
                # Once the parts of the window know the run, which they are still being told of.
                QTimer.singleShot(0, self, lambda: self._restore(key, position))

    def _restore(self, key: str, position: Position) -> None:
        view = self._engine.view
        if key_of_run(view.run) == key and view.is_live and not self._engine.training.trains(view.run):
            view.show(position)

    # What is shown now.

    @Slot()
    def note_change(self) -> None:
        """Store what is shown soon, however often it changes until then."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_position_changed(self) -> None:
        """Note a position that was chosen; *Live* is stored as such, not as the batch of the moment."""
        if not self._engine.view.is_live:
            self.note_change()

    @Slot()
    def _on_form_changed(self) -> None:
        """Note the settings of the next run; what cannot be trained, such as an empty field, is left out."""
        if self._form.is_valid():
            self._next = NextRun.of(self._form.config())
            self.note_change()

    @Slot()
    def _on_state_changed(self) -> None:
        """Note the folder of a starting training, in case the window closes before its run is listed."""
        self._note_location(self._engine.training.starting_folder)

    def _note_location(self, source: Path | None) -> None:
        """Store a location as soon as a run is opened or trained, in case the program crashes."""
        path = _path_to_reopen(source)
        if path and path not in self.last.runs:
            self._keep(replace(self.last, runs=(*self.last.runs, path)))

    @Slot()
    def _store_if_complete(self) -> None:
        """Store what is shown, unless the window is still restoring what the last session showed."""
        if self._builder.is_complete and not self._is_reading:
            self._wished = View()
            self.store()

    def store(self) -> None:
        """Store what is shown now; what cannot be known yet stays as it was stored last."""
        view, training = self._engine.view, self._engine.training
        listed = self._engine.runs.listed
        sources = [*map(source_of, listed), training.starting_folder]
        paths = tuple(path for source in sources if (path := _path_to_reopen(source)))
        now = replace(self.last, runs=paths, next=self._next)
        if self._builder.is_complete:  # before that, no tab was chosen
            now = replace(now, tab=self._builder.current)
        if not self._is_reading:
            shown = training.starting_folder or source_of(view.run)
            now = replace(
                now,
                run="" if shown is None else key_of(shown),
                at=None if view.is_live or view.run is None else view.position,
                compared=tuple(key for run in view.compared if (key := key_of_run(run))),
            )
        self._keep(now)

    def _keep(self, view: View) -> None:
        if view != self.last:
            self.last = view
            self._work.keep(_NAME, view.to_json)

    @property
    def _is_reading(self) -> bool:
        return any(isinstance(run, ExpectedRun) for run in self._engine.runs.listed)


def _is_there(path: Path) -> bool:
    """Return whether a run can be opened here; the folder of a training that never began holds nothing."""
    return can_be_found(path) and (path.is_file() or (is_run_folder(path) and has_begun(path)))


@cache
def _path_to_reopen(source: Path | None) -> str:
    """Return the path to reopen a run from; "" if it is only in memory, or ships and is opened anyway.

    Remembered as `ships` is, and for the same reason.
    """
    return "" if source is None or ships(source) else str(source.resolve())
