"""Remembers which run, position and tab are shown, and which runs are compared, for the next start."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QSinglePointEvent
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.file_actions import FileActions
from cadl_gui.ui.shell.tab_builder import TabBuilder
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.work_store import key_of_run

_AFTER_MS = 1_000
"""Time from a change to the settings; a killed program forgets that much."""

_ACTS = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
}
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}


class ViewMemory(WindowPart):
    """Stores what the window shows soon after it changes, and restores position and comparison.

    A run of the last session may take long to read. Whoever uses the pages, the run list or the timeline
    meanwhile keeps the view: the run is then listed, but not shown. Menus, and what changes how the window
    looks, such as present mode, do not count.

    Args:
        engine: its view state is observed.
        settings: where it is stored.
        builder: knows the tab that is shown.
        files: stores the runs that are open, and which one is shown.
        window: parent object.
    """

    def __init__(
        self, engine: Engine, settings: Settings, builder: TabBuilder, files: FileActions, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self._settings = settings
        self._builder = builder
        self._files = files
        self._to_restore = (settings.shown_run, settings.position)
        self._to_compare = set(settings.compared)
        self._has_acted = False
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self._store_if_complete)
        view = engine.view
        view.run_changed.connect(self._on_run_changed)
        engine.runs.added.connect(self._on_added)
        for moved in (view.run_changed, view.live_changed, view.compared_changed):
            moved.connect(self.note_change)
        view.position_changed.connect(self._on_position_changed)

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
            self._to_restore = ("", None)
            self._files.leave_last_aside()
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

    @Slot()
    def note_change(self) -> None:
        """Store what is shown within a second, however often it changes until then."""
        if not self._timer.isActive():
            self._timer.start()

    def store(self) -> None:
        """Store what is shown now."""
        if self._builder.is_complete:  # before that, no tab was chosen
            self._settings.tab = self._builder.current
        self._files.remember_open()
        if not self._is_reading:
            view = self._engine.view
            self._settings.position = None if view.is_live or view.run is None else view.position
            self._settings.compared = [key for run in view.compared if (key := key_of_run(run))]

    @Slot()
    def _store_if_complete(self) -> None:
        """Store what is shown, unless the window is still restoring what the last session showed."""
        if self._builder.is_complete and not self._is_reading:
            self._to_restore = ("", None)
            self._to_compare.clear()
            self.store()

    @Slot()
    def _on_position_changed(self) -> None:
        """Note a position that was chosen; *Live* is stored as such, not as the batch of the moment."""
        if not self._engine.view.is_live:
            self.note_change()

    @property
    def _is_reading(self) -> bool:
        return any(isinstance(run, ExpectedRun) for run in self._engine.runs.listed)

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Compare a run again that was compared when the last session ended."""
        key = key_of_run(run)
        if key in self._to_compare:
            self._to_compare.discard(key)
            self._engine.view.compare(run, on=True)

    @Slot()
    def _on_run_changed(self) -> None:
        key, position = self._to_restore
        if key and key_of_run(self._engine.view.run) == key:
            self._to_restore = ("", None)
            if position is not None:
                # Once the parts of the window know the run, which they are still being told of.
                QTimer.singleShot(0, self, lambda: self._restore(key, position))

    def _restore(self, key: str, position: Position) -> None:
        view = self._engine.view
        if key_of_run(view.run) == key and view.is_live and not self._engine.training.trains(view.run):
            view.show(position)
