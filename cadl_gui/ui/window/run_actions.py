"""Actions on the run that is shown, apart from training it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.branching import can_branch
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.run import InterruptedRun
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.runs_panel import RunsPanel
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.branch_dialog import BranchDialog
from cadl_gui.ui.window.comparison_dialog import ComparisonDialog
from cadl_gui.ui.window.file_actions import FileActions, source_of
from cadl_gui.ui.window.run_trash import RunTrash
from cadl_gui.ui.window.window_part import WindowPart

if TYPE_CHECKING:
    from pathlib import Path

RUN_MENU = (
    "rename",
    "pause",
    "branch",
    "duplicate",
    "save",
    "compare",
    "comparison",
    "reveal",
    "keep",
    "remove",
    "trash",
)
"""Keys of the actions in a run's context menu."""

_PRESENTING = _("Present mode shows no names: leave it to rename a run.")
_KEPT = _("This run did not come in a session: it is kept anyway.")
_BRANCHING = _("You can branch only at the end of an epoch: move the timeline to one.")


class RunActions(WindowPart):
    """Carries out actions on the run shown, and decides which of them are enabled.

    Args:
        window: parent of dialogs and actions.
        engine: provides the run shown.
        theme: for icons and dialogs.
        panel: the list of runs, in which runs are renamed.
        files: shows the run's files.
        trash: moves the run's files to the trash.

    Attributes:
        action_set: the actions of this module's rows, in order.
        view: has the run shown.
        panel, files, theme, trash: see above.
    """

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        panel: RunsPanel,
        files: FileActions,
        trash: RunTrash,
    ) -> None:
        super().__init__(window)
        self._engine = engine
        self.view = engine.view
        self.theme = theme
        self.panel = panel
        self.files = files
        self.action_set = ActionSet(ROWS, self, theme, window)
        self.trash = trash
        self._waiting: tuple[Run, int, str] | None = None
        self._interrupted: tuple[Path, str] | None = None
        engine.runs.added.connect(self._on_added)
        engine.runs.changed.connect(self._on_changed)

    # Conditions.

    @property
    def has_run(self) -> bool:
        """Whether a run is shown."""
        return self.view.run is not None

    @property
    def has_network(self) -> bool:
        """Whether the run shown has a configuration; a frozen graph has none."""
        run = self.view.run
        return run is not None and not run.description.is_graph

    @property
    def can_branch(self) -> bool:
        """Whether a run can be branched at the position shown."""
        return self._engine.training.can_begin and self.has_network and can_branch(self.view.position)

    @property
    def is_compared(self) -> bool:
        """Whether the run shown is among the compared ones."""
        return self.view.run in self.view.compared

    @property
    def can_remove(self) -> bool:
        """Whether a run is shown that is not being trained."""
        run = self.view.run
        return run is not None and not self._engine.training.trains(run)

    @property
    def is_of_session(self) -> bool:
        """Whether the run shown came in a session, and leaves the list with it."""
        run = self.view.run
        return run is not None and self._engine.runs.is_of_session(run)

    # Actions.

    def branch(self) -> None:
        """Open the dialog for branching the run at the position shown."""
        run, position = self.view.run, self.view.position
        if run is not None and not self._engine.runs.report_if_bent(run, "branching"):
            self.show_one(
                BranchDialog,
                lambda: BranchDialog(self.window, self._engine, self.theme, run, position),
                lambda dialog: dialog.is_about(run, position),
            )

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Remember where a new run is stored; for a branch, show a notification."""
        self._engine.notifications.resolve(_removed(run))
        source = run.description.source
        if self._engine.training.trains(run) and source is not None:
            self.files.remember(source)
        if self._engine.training.trains(run) and run.description.branched_from:
            message = _(
                "{run} branches from {branched_from}. "
                "The optimiser is reset, so the first steps may be unstable."
            ).format(run=display_name(run), branched_from=run.description.branched_from)
            self._waiting = run, run.history.n_steps, message
            resume = partial(self._engine.training.resume, run=run)
            self._engine.notifications.warn(message, words=_("Resume"), callback=resume)
        if self._interrupted is not None and run.is_at(self._interrupted[0]):
            self._engine.notifications.resolve(self._interrupted[1])

    @Slot(object)
    def _on_changed(self, run: Run) -> None:
        """Take back the offer to resume a branch once it goes on, however it was resumed, or has ended."""
        if self._waiting is None or run is not self._waiting[0]:
            return
        _, n_steps, message = self._waiting
        if run.history.n_steps > n_steps or not self._engine.training.trains(run):
            self._waiting = None
            self._engine.notifications.resolve(message)

    @Slot(object)
    def offer_to_resume(self, interrupted: Sequence[InterruptedRun]) -> None:
        """Report interrupted trainings of the last session, and offer to resume the newest."""
        newest, *others = interrupted
        where = (
            _("after epoch {epoch} of {epochs}").format(epoch=newest.epoch, epochs=newest.epochs)
            if newest.epoch
            else _("in its first epoch")
        )
        message = _("“{name}” was interrupted {where}; nothing up to there is lost.").format(
            name=newest.name, where=where
        )
        if others:
            so_were = (
                _("Another run was interrupted, too")
                if len(others) == 1
                else _("{n} other runs were interrupted, too").format(n=len(others))
            )
            message += _(" {so_were}: File → Open run folder…").format(so_were=so_were)
        for run in interrupted:
            self.files.remember(run.folder)
        self._interrupted = newest.folder, message
        resume = partial(self._engine.training.open_and_resume, newest.folder)
        self._engine.notifications.warn(message, words=_("Resume"), callback=resume)

    def duplicate(self) -> None:
        """Show the run's configuration in the form."""
        if (run := self.view.run) is not None:
            self.view.show_next(NextRun.of(run.description.config))

    def compare(self) -> None:
        """Add the run to the comparison, or remove it."""
        view = self.view
        if (run := view.run) is not None:
            view.compare(run, on=run not in view.compared)

    def show_comparison(self) -> None:
        """Open the table of compared runs."""
        self.show_one(ComparisonDialog, lambda: ComparisonDialog(self._engine, self.theme, self.window))

    def keep(self) -> None:
        """Move the run, which came in a session, to the user's own runs."""
        if (run := self.view.run) is not None:
            self._engine.runs.keep(run)

    def remove(self) -> None:
        """Remove the run from the list, and offer to undo that."""
        run = self.view.run
        if run is None or self._engine.training.trains(run):
            return
        self._engine.runs.remove(run, can_undo=True)
        self._engine.notifications.inform(_removed(run), _("Undo"), self._engine.runs.restore_removed)

    def move_to_trash(self) -> None:
        """Ask for confirmation, and move the run's files to the trash."""
        if (run := self.view.run) is not None:
            self.trash.ask(run)


def _removed(run: Run) -> str:
    return _("{run} removed.").format(run=display_name(run))


ROWS: tuple[ActionRow[RunActions], ...] = (
    ActionRow(
        key="branch", menu="Run", text="Branch from here…", shortcuts=("Ctrl+B",), separated=True,
        help="Begin a new run at the epoch shown; the optimiser is reset.",
        callback=RunActions.branch,
        enabled=lambda host: host.can_branch,
        why_not=lambda host: _BRANCHING if host.has_run else "",
    ),
    ActionRow(
        key="duplicate", menu="Run", text="Use these settings for a new run", shortcuts=("Ctrl+Shift+D",),
        help="Fill the settings of the next run with those of the run shown.",
        callback=RunActions.duplicate,
        enabled=lambda host: host.has_network,
    ),
    ActionRow(
        key="compare", menu="Run", text="Keep in comparison", shortcuts=("Ctrl+K",), icon="chart-line",
        separated=True, checkable=True,
        help="Keep the curve of the run shown, to compare it with other runs.",
        callback=RunActions.compare,
        enabled=lambda host: host.has_run,
        checked=lambda host: host.is_compared,
    ),
    ActionRow(
        key="comparison", menu="Run", text="Comparison…", shortcuts=("Ctrl+Shift+K",),
        help="A table of the compared runs: how good they became, and how they differ.",
        callback=RunActions.show_comparison,
        enabled=lambda host: host.has_run,
    ),
    ActionRow(
        key="rename", menu="Run", text="Rename", shortcuts=("F2",), separated=True,
        help="Rename this run.",
        callback=lambda host: host.panel.rename_current(),
        enabled=lambda host: host.has_run and not host.theme.sizes.rail,
        why_not=lambda host: _PRESENTING if host.has_run else "",
    ),
    ActionRow(
        key="reveal", menu="Run", text="Show files", shortcuts=("Ctrl+Shift+R",),
        help="Show the run's files in the file manager.",
        callback=lambda host: host.files.reveal(),
        enabled=lambda host: source_of(host.view.run) is not None,
    ),
    ActionRow(
        key="keep", menu="Run", text="Keep run",
        help="Move this run of a session to your own runs, so that it stays when the session is closed.",
        callback=RunActions.keep,
        enabled=lambda host: host.is_of_session,
        why_not=lambda host: _KEPT if host.has_run else "",
    ),
    ActionRow(
        key="remove", menu="Run", text="Remove from list", shortcuts=("Ctrl+Shift+L",),
        help="Take the run off the list; its files stay.",
        callback=RunActions.remove,
        enabled=lambda host: host.can_remove,
    ),
    ActionRow(
        key="trash", menu="Run", text="Move to trash…",
        help="Delete the run from disk: its files go to the system's trash.",
        callback=RunActions.move_to_trash,
        enabled=lambda host: host.trash.can_move(host.view.run),
    ),
)  # fmt: skip
