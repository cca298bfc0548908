"""A dialog for the settings in which a branch differs from its run."""

from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.branching import BRANCH_FIELDS, branched
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import label, named, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX
from cadl_gui.ui.train.configuration_form import ConfigurationForm

_N_LETTERS_WIDE, _N_LINES_HIGH = 64, 40
_LOCKED = _("A branch has the network, the dataset and the batches of its parent, and so the same history.")


class BranchDialog(Dialog):
    """Starts a branch; stays open beside the usable window.

    Args:
        window: parent window.
        engine: starts the branch.
        theme: provides the size.
        run: run to branch from.
        position: where to branch: the end of an epoch.
    """

    def __init__(self, window: QWidget, engine: Engine, theme: Theme, run: Run, position: Position) -> None:
        super().__init__(window, "branchDialog", _("Branch {name}").format(name=run.description.name))
        self._engine = engine
        self._theme = theme
        self._run = run
        self._position = position
        self._where = label(f"{display_name(run)} · {position}", textRole="section")
        self._about = named(
            wrapped_label(_("{locked} The optimiser is reset.").format(locked=_LOCKED)), "", secondary=True
        )
        self.form = ConfigurationForm(theme, engine.opened_datasets)
        self.form.show_next(NextRun.of(branched(run.description.config, position.epoch)))
        self.form.restrict(BRANCH_FIELDS, _LOCKED, partial(_check, run, position))
        self._cancel = push_button(_("Cancel"), "branchCancelButton", slot=self.reject)
        tip = _("Create the new run, paused")
        self._begin = push_button(_("Branch"), "branchBeginButton", tip, self._branch, primary=True)
        self._begin.setDefault(True)
        self._lay_out()
        self._connect()

    def is_about(self, run: Run, position: Position) -> bool:
        """Whether it branches this run there."""
        return run is self._run and position == self._position

    def _lay_out(self) -> None:
        buttons = row_of(GAP_SMALL_PX, None, self._cancel, self._begin)
        self.lay_out(GAP_PX, self._where, self._about, (self.form, 1), buttons)
        self._restyle()

    def _connect(self) -> None:
        self.form.edited.connect(self._refresh)
        self._engine.view.bind(self, lambda: self._engine.training.status, self._refresh)
        self._engine.runs.removed.connect(self._on_removed)
        self._theme.changed.connect(self._restyle)

    @Slot()
    def _branch(self) -> None:
        if (config := self.form.checked.trainable) is not None:
            self._engine.training.branch(self._run, self._position, _changes(config))
            self.accept()

    @Slot()
    def _refresh(self) -> None:
        self.form.set_device(self._engine.device)
        is_valid = self.form.checked.trainable is not None
        self._begin.setEnabled(is_valid and self._engine.training.can_begin)

    @Slot(object)
    def _on_removed(self, run: Run) -> None:
        if run is self._run:
            self.reject()

    @Slot()
    def _restyle(self) -> None:
        self.resize_to_type(_N_LETTERS_WIDE, _N_LINES_HIGH)


def _check(run: Run, position: Position, config: RunConfig) -> None:
    branched(run.description.config, position.epoch, _changes(config))


def _changes(config: RunConfig) -> dict[str, Any]:
    return {name: config.value(name) for name in BRANCH_FIELDS}
