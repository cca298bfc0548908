"""Actions of the Edit menu."""

from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.view_step import ViewStep
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.undo import UndoStacks


class EditActions(WindowPart):
    """Undoes and redoes what was done in any tab.

    Args:
        window: parent of the actions.
        theme: for icons.
        view: has the steps.
        drawings: the steps of drawings, which are undone where these are visible.

    Attributes:
        action_set: the actions of this module's rows, in order.
        view: has the steps.
    """

    def __init__(self, window: QMainWindow, theme: Theme, view: ViewState, drawings: UndoStacks) -> None:
        super().__init__(window)
        self.view = view
        self.drawings = drawings
        self.action_set = ActionSet(ROWS, self, theme, window)
        view.bind(self, lambda: (view.to_undo, view.to_redo), self.action_set.refresh)
        drawings.moved.connect(self.action_set.refresh)
        drawings.activeStackChanged.connect(self.action_set.refresh)

    @property
    def _steps(self) -> UndoStacks | ViewState:
        return self.view if self.drawings.activeStack() is None else self.drawings

    def undo(self) -> None:
        """Undo the last change."""
        self._steps.undo()

    def redo(self) -> None:
        """Redo the last change that was undone."""
        self._steps.redo()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self.drawings.canUndo() if self._steps is self.drawings else self.view.to_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self.drawings.canRedo() if self._steps is self.drawings else self.view.to_redo is not None


ROWS: tuple[ActionRow[EditActions], ...] = (
    ActionRow(key="undo", menu="Edit", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Undo the last change of a drawing, pins, a network or the list of runs.",
              callback=EditActions.undo, enabled=lambda host: host.can_undo,
              label=lambda host: _label("Undo", host.view.to_undo)),
    ActionRow(key="redo", menu="Edit", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Redo the last undone change.",
              callback=EditActions.redo, enabled=lambda host: host.can_redo,
              label=lambda host: _label("Redo", host.view.to_redo)),
)  # fmt: skip


def _label(verb: str, step: ViewStep | None) -> str:
    return verb if step is None else f"{verb} {literal(step.text)}"
