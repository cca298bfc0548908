"""Undo and redo for one tab."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoStack

from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.tab_page import PageContext, TabPage


class TabUndo(QObject):
    """Undo and redo for a tab, whose stack is active while the tab is visible.

    Args:
        rows: those rows of this module that belong to the tab.
        context: provides the window's stacks.
        page: the tab, its parent.
        stack: the initial stack.

    Attributes:
        action_set: the undo and redo actions.
        stacks: the window's stacks.
        stack: the tab's current stack.
    """

    def __init__(
        self, rows: Iterable[ActionRow["TabUndo"]], context: PageContext, page: TabPage, stack: QUndoStack
    ) -> None:
        super().__init__(page)
        self._is_seen = page.isVisible()
        self.stacks = context.undo
        self.action_set = ActionSet(rows, self, context.theme, page)
        context.undo.moved.connect(self.action_set.refresh)
        page.visibility_changed.connect(self._on_visibility_changed)
        self.set_stack(stack)

    def set_stack(self, stack: QUndoStack) -> None:
        """Use this stack for undo and redo."""
        self.stack = stack
        stack.setActive(self._is_seen)
        self.action_set.refresh()

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        self._is_seen = visible
        self.stack.setActive(visible)


def _rows(menu: str, what: str, undo_help: str, redo_help: str) -> tuple[ActionRow[TabUndo], ...]:
    return (
        ActionRow(key=f"undo{what}", menu=menu, text="Undo", icon="arrow-back-up",
                  help=undo_help, callback=lambda host: host.stacks.undo(),
                  enabled=lambda host: host.stack.canUndo()),
        ActionRow(key=f"redo{what}", menu=menu, text="Redo",
                  icon="arrow-forward-up", help=redo_help, callback=lambda host: host.stacks.redo(),
                  enabled=lambda host: host.stack.canRedo()),
    )  # fmt: skip


DRAWING_ROWS = _rows(
    "Draw", "Drawing", "Undo the last change; clearing can be undone, too.",
    "Redo the last undone change.",
)  # fmt: skip
