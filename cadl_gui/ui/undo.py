"""Undo and redo of drawings with Qt's stacks, one for each form."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

Value = TypeVar("Value")
NO_DRAG = -1


class Change(QUndoCommand, Generic[Value]):
    """A command that replaces one value by another.

    Values are immutable and share their parts, so undo needs no limit: a drawing is a tuple that refers to
    its strokes, and the commands of a thousand strokes take 5 MB, including the strokes.

    A drag is a single command that is extended. The usual way is to push each event and merge them with
    `mergeWith`, but PySide 6.11 never releases a merged command, nor the window that it refers to.

    Args:
        put: sets the value.
        before: the value that undo restores.
        after: the new value.
        drag: number of the drag, or `NO_DRAG`.
    """

    def __init__(self, put: Callable[[Value], None], before: Value, after: Value, drag: int) -> None:
        super().__init__()
        self._put = put
        self._before = before
        self._after = after
        self._drag = drag

    def id(self) -> int:
        """Return the number of the drag."""
        return self._drag

    def undo(self) -> None:
        """Restore the earlier value."""
        self._put(self._before)

    def redo(self) -> None:
        """Set the new value; the stack also calls this when the command is pushed."""
        self._put(self._after)

    def go_on(self, after: Value) -> None:
        """Replace the new value during a drag; if it equals the earlier one, the command becomes obsolete."""
        self._after = after
        self.setObsolete(after == self._before)
        self.redo()


def change(
    stack: QUndoStack, put: Callable[[Value], None], before: Value, after: Value, drag: int = NO_DRAG
) -> None:
    """Replace a value with an undoable command.

    Args:
        stack: stack for the command.
        put: sets the value.
        before: the current value.
        after: the new value; if it is equal, nothing happens.
        drag: number of the drag; consecutive changes by the same drag are undone together.
    """
    if after == before:
        return
    last = stack.command(stack.index() - 1)
    if drag == NO_DRAG or stack.canRedo() or not isinstance(last, Change) or last.id() != drag:
        stack.push(Change(put, before, after, drag))
        return
    last.go_on(after)
    if last.isObsolete():
        stack.undo()  # removes the obsolete command without calling it


class UndoStacks(QUndoGroup):
    """All undo stacks of a window.

    Signals:
        moved: what can be undone or redone has changed in one of the stacks.
    """

    moved = Signal()

    def add(self, stack: QUndoStack) -> None:
        """Add a stack to the group."""
        self.addStack(stack)
        stack.indexChanged.connect(self.moved)
