"""Undo and redo of one tab."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QUndoStack

from cadl_gui.ui.page import Page
from cadl_gui.ui.undo import UndoStacks


class TabUndo(QObject):
    """Undo and redo of a tab: its stack is the active one while the tab is seen.

    Args:
        stacks: of the window.
        page: the tab, its parent.
        undo: enabled while there is something to undo.
        redo: enabled while there is something to redo.
        stack: of what the tab shows at first.
    """

    def __init__(
        self, stacks: UndoStacks, page: Page, undo: QAction, redo: QAction, stack: QUndoStack
    ) -> None:
        super().__init__(page)
        self._is_seen = page.isVisible()
        self._undo = undo
        self._redo = redo
        undo.triggered.connect(stacks.undo)
        redo.triggered.connect(stacks.redo)
        stacks.moved.connect(self._refresh)
        page.looked_at.connect(self._on_looked_at)
        self.set_stack(stack)

    def set_stack(self, stack: QUndoStack) -> None:
        """Undo what is on this stack."""
        self._stack = stack
        stack.setActive(self._is_seen)
        self._refresh()

    @Slot(bool)
    def _on_looked_at(self, looked_at: bool) -> None:
        self._is_seen = looked_at
        self._stack.setActive(looked_at)

    @Slot()
    def _refresh(self) -> None:
        self._undo.setEnabled(self._stack.canUndo())
        self._redo.setEnabled(self._stack.canRedo())
