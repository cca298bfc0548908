"""Actions of the Edit menu."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.theme.theme import Theme


class EditActions(WindowPart):
    """Undoes and redoes what was done in any tab, and clears all of it.

    Args:
        window: parent of the actions.
        theme: for icons.
        engine: has the runs, and the view with the steps.
        trash: asks whether runs go to the trash.

    Attributes:
        action_set: the actions of this module's rows, in order.
        view: has the steps.
    """

    def __init__(
        self, window: QMainWindow, theme: Theme, engine: Engine, trash: Callable[..., object]
    ) -> None:
        super().__init__(window)
        self._runs = engine.runs
        self._trash = trash
        self.view = view = engine.view
        self.action_set = ActionSet(ROWS, self, theme, window)
        view.bind(self, lambda: (view.to_undo, view.to_redo), self.action_set.refresh)

    def clear(self) -> None:
        """Leave nothing of a class, which can be undone, and ask whether its runs go to the trash, too."""
        value = self.view.value
        draw = replace(value.draw, sheets={}, labelled=())
        of_run = {key: replace(chosen, pins=(), bends=()) for key, chosen in value.of_run.items()}
        self.view.change(draw=draw, of_run=of_run, compared=(), undo="clearing for the next class")
        self._trash(*(run for run in self._runs if self._runs.owns(run)))


ROWS: tuple[ActionRow[EditActions], ...] = (
    ActionRow(key="undo", menu="Edit", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Undo the last change of a drawing, pins, a network or the list of runs.",
              callback=lambda host: host.view.undo(), enabled=lambda host: host.view.to_undo is not None,
              label=lambda host: _label("Undo", host.view.to_undo)),
    ActionRow(key="redo", menu="Edit", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Redo the last undone change.",
              callback=lambda host: host.view.redo(), enabled=lambda host: host.view.to_redo is not None,
              label=lambda host: _label("Redo", host.view.to_redo)),
    ActionRow(key="clearForNextClass", menu="Edit", text="Clear for next class…", separated=True,
              help="Remove drawings, labels, pins, all changes to networks and the comparison.",
              callback=EditActions.clear),
)  # fmt: skip


def _label(verb: str, step: ViewStep | None) -> str:
    return verb if step is None else f"{verb} {literal(step.text)}"
