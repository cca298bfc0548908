"""Actions of the Edit menu."""

from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.theme.theme import Theme


class EditActions(WindowPart):
    """Undoes and redoes what was done in any tab.

    Args:
        window: parent of the actions.
        theme: for icons.
        view: has the steps.

    Attributes:
        action_set: the actions of this module's rows, in order.
        view: has the steps.
    """

    def __init__(self, window: QMainWindow, theme: Theme, view: ViewState) -> None:
        super().__init__(window)
        self.view = view
        self.action_set = ActionSet(ROWS, self, theme, window)
        view.bind(self, lambda: (view.to_undo, view.to_redo), self.action_set.refresh)


ROWS: tuple[ActionRow[EditActions], ...] = (
    ActionRow(key="undo", menu="Edit", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Undo the last change of a drawing, pins, a network or the list of runs.",
              callback=lambda host: host.view.undo(), enabled=lambda host: host.view.to_undo is not None,
              label=lambda host: _label("Undo", host.view.to_undo)),
    ActionRow(key="redo", menu="Edit", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Redo the last undone change.",
              callback=lambda host: host.view.redo(), enabled=lambda host: host.view.to_redo is not None,
              label=lambda host: _label("Redo", host.view.to_redo)),
)  # fmt: skip


def _label(verb: str, step: ViewStep | None) -> str:
    return verb if step is None else f"{verb} {literal(step.text)}"
