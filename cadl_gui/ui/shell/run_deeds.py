"""What can be done with the run that is shown, besides training it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from cadl_gui.domain.branching import can_branch
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.run_text import called, continuing
from cadl_gui.ui.shell.branch_dialog import BranchDialog
from cadl_gui.ui.shell.comparison_page import ComparisonPage
from cadl_gui.ui.shell.file_deeds import FileDeeds, source_of
from cadl_gui.ui.shell.run_trash import RunTrash
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.runs_panel import RunsPanel

RUN_MENU = ("rename", "continue", "branch", "duplicate", "compare", "comparison", "reveal", "remove", "trash")
"""Actions of a run’s own menu, in its order."""

_BRANCHING = "Only the end of an epoch can be branched: move the timeline to one."


class RunDeeds(QObject):
    """Does it, and knows when it can be done.

    Args:
        engine: whose shown run everything is about.
        theme: for the comparison.
        panel: where a run is renamed.
        files: shows them.

    Signals:
        told: (sentence, words, deed) what was done, and a button's text and deed, such as undoing it.
        remarked: (sentence) what a deed does besides what its name says.
        settings_wanted: (`RunConfig`) the form is to show it.
    """

    told = Signal(str, str, object)
    remarked = Signal(str)
    settings_wanted = Signal(object)

    def __init__(self, engine: Engine, theme: Theme, panel: RunsPanel, files: FileDeeds) -> None:
        super().__init__(panel)
        self._engine = engine
        self._theme = theme
        self._panel = panel
        self._files = files
        self._trash = RunTrash(panel, engine)
        self._trash.told.connect(self.told)
        engine.runs.added.connect(self._on_added)

    @property
    def deeds(self) -> Mapping[str, Callable[[], object]]:
        """What the actions of a run do, by key."""
        return {
            "continue": self._continue,
            "branch": self._branch,
            "duplicate": self._duplicate,
            "compare": self._compare,
            "comparison": self._show_comparison,
            "rename": self._panel.rename_current,
            "reveal": self._files.reveal,
            "remove": self._remove,
            "trash": self._move_to_trash,
        }

    def refresh(self, actions: Mapping[str, QAction]) -> None:
        """Enable what can be done now."""
        engine, run = self._engine, self._engine.view.run
        is_network = run is not None and not run.description.is_graph
        for key in ("rename", "compare", "comparison"):
            actions[key].setEnabled(run is not None)
        actions["duplicate"].setEnabled(is_network)
        actions["compare"].setChecked(run in engine.view.compared)
        actions["remove"].setEnabled(run is not None and not engine.training.trains(run))
        actions["trash"].setEnabled(self._trash.can_move(run))
        actions["reveal"].setEnabled(source_of(run) is not None)
        actions["branch"].setEnabled(
            engine.training.can_begin and is_network and can_branch(engine.view.position)
        )
        actions["branch"].setStatusTip(_BRANCHING if run is not None else "")

    @Slot()
    def _continue(self) -> None:
        if (run := self._engine.view.run) is not None:
            self.remarked.emit(f"{called(run)} {continuing(run)}.")
            self._engine.training.continue_run(run)

    @Slot()
    def _branch(self) -> None:
        run, position = self._engine.view.run, self._engine.view.position
        if run is not None and not self._engine.runs.refuses_bent(run):
            BranchDialog(self._panel.window(), self._engine, self._theme, run, position).show()

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Remember where a new run lies. A branch says what it is."""
        source = run.description.source
        if self._engine.training.trains(run) and source is not None:
            self._files.remember(source)
        if self._engine.training.trains(run) and run.description.branched_from:
            sentence = (
                f"{called(run)} branches from {run.description.branched_from}. "
                "Its optimiser starts afresh, so its first steps may lead astray."
            )
            self.told.emit(sentence, "Train on", partial(self._engine.training.resume, run=run))

    @Slot(object)
    def offer_to_continue(self, interrupted: Sequence[InterruptedRun]) -> None:
        """Say that a training died the last time, and offer to go on with the newest of them."""
        newest, *others = interrupted
        where = f"after epoch {newest.epoch} of {newest.epochs}" if newest.epoch else "in its first epoch"
        sentence = f"“{newest.name}” was interrupted {where}; nothing up to there is lost."
        if others:
            so_were = "So was another" if len(others) == 1 else f"So were {len(others)} others"
            sentence += f" {so_were}: File → Open run folder…"
        for run in interrupted:
            self._files.remember(run.folder)
        self.told.emit(sentence, "Continue", lambda: self._engine.training.open_and_continue(newest.folder))

    @Slot()
    def _duplicate(self) -> None:
        if (run := self._engine.view.run) is not None:
            self.settings_wanted.emit(run.description.config)

    @Slot()
    def _compare(self) -> None:
        view = self._engine.view
        if (run := view.run) is not None:
            view.compare(run, on=run not in view.compared)

    @Slot()
    def _show_comparison(self) -> None:
        ComparisonPage(self._engine, self._theme, self._panel.window()).show()

    @Slot()
    def _remove(self) -> None:
        run = self._engine.view.run
        if run is None or self._engine.training.trains(run):
            return
        self._engine.runs.remove(run)
        self.told.emit(f"{called(run)} is off the list.", "Undo", self._engine.runs.restore_removed)

    @Slot()
    def _move_to_trash(self) -> None:
        if (run := self._engine.view.run) is not None:
            self._trash.ask(run)
