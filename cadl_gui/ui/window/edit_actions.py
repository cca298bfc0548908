"""Actions of the Edit menu."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QMainWindow

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.view import View
from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.window_part import WindowPart


class EditActions(WindowPart):
    """Undoes and redoes what was done in any tab, and clears all of it.

    Args:
        window: parent of the actions.
        theme: for icons.
        engine: has the runs, and the view with the steps.
        trash: moves runs to the trash.

    Attributes:
        action_set: the actions of this module's rows, in order.
        view: has the steps.
    """

    def __init__(
        self, window: QMainWindow, theme: Theme, engine: Engine, trash: Callable[[Sequence[Run]], object]
    ) -> None:
        super().__init__(window)
        self._runs = engine.runs
        self._trash = trash
        self.view = view = engine.view
        self.action_set = ActionSet(ROWS, self, theme, window)
        view.bind(self, lambda: (view.to_undo, view.to_redo), self.action_set.refresh)

    def clear(self) -> None:
        """Ask whether to leave nothing of a class, and whether its runs go to the trash, too."""
        runs = self._runs
        own = tuple(run for run in runs if runs.owns(run) or runs.is_of_session(run))
        n_lent = sum(map(runs.is_of_session, own))
        n_own = len(own) - n_lent
        mine = [_("your run") if n_own == 1 else _("your {n_own} runs").format(n_own=n_own)] if n_own else []
        lent = [count_text(n_lent, "run of a session", "runs of sessions")] if n_lent else []
        box = QCheckBox(_("Also move {mine} to the trash").format(mine=_(" and ").join(mine + lent)))
        texts = _("Clear for the next class?"), _GOES + (_(" Runs stay in the trash.") if own else "")
        confirm(
            self.window, "clearQuestion", texts, _("Clear"),
            lambda: self._clear(own if box.isChecked() else ()), box=box if own else None,
        )  # fmt: skip

    def _clear(self, runs: Sequence[Run]) -> None:
        now = self.view.value
        cleared = View(runs=now.runs, run=now.run, at=now.at, tab=now.tab, recent=now.recent)
        self.view.change(**vars(cleared), undo=_("clearing for the next class"))
        self.view.turned.emit(_("Cleared for the next class."))
        self._trash(runs)


_GOES = _(
    "Drawings, labels, pins, answers in lessons, changes to networks and the "
    "comparison are removed, and every tab begins anew. Undo restores them."
)

ROWS: tuple[ActionRow[EditActions], ...] = (
    ActionRow(key="undo", menu="Edit", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Undo the last change of a drawing, pins, a network or the list of runs.",
              callback=lambda host: host.view.undo(), enabled=lambda host: host.view.to_undo is not None,
              label=lambda host: _label(_("Undo"), host.view.to_undo)),
    ActionRow(key="redo", menu="Edit", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Redo the last undone change.",
              callback=lambda host: host.view.redo(), enabled=lambda host: host.view.to_redo is not None,
              label=lambda host: _label(_("Redo"), host.view.to_redo)),
    ActionRow(key="clearForNextClass", menu="Edit", text="Clear for next class…", separated=True,
              help="Remove drawings, labels, pins, answers, changes to networks and the comparison.",
              callback=EditActions.clear),
)  # fmt: skip


def _label(verb: str, step: ViewStep | None) -> str:
    return verb if step is None else f"{verb} {literal(step.text)}"
