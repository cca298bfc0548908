"""Remembers which run, position and tab are shown, and which runs are compared, for the next start."""

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.file_actions import FileActions
from cadl_gui.ui.shell.tab_builder import TabBuilder
from cadl_gui.ui.work_store import key_of_run

_AFTER_MS = 1_000
"""Time from a change to the settings; a killed program forgets that much."""


class ViewMemory(QObject):
    """Stores what the window shows soon after it changes, and restores position and comparison.

    Args:
        engine: its view state is observed.
        settings: where it is stored.
        builder: knows the tab that is shown.
        files: stores the runs that are open, and which one is shown.
        parent: parent object.
    """

    def __init__(
        self, engine: Engine, settings: Settings, builder: TabBuilder, files: FileActions, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._builder = builder
        self._files = files
        self._to_restore = (settings.shown_run, settings.position)
        self._to_compare = set(settings.compared)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self._store_if_complete)
        view = engine.view
        view.run_changed.connect(self._on_run_changed)
        engine.runs.added.connect(self._on_added)
        for moved in (view.run_changed, view.live_changed, view.compared_changed):
            moved.connect(self.note_change)
        view.position_changed.connect(self._on_position_changed)

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
