"""Undo and redo with Qt's stacks: for each form of drawings, and for each run's pins and bends."""

from collections.abc import Callable
from functools import partial
from typing import Generic, Literal, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from cadl_gui.domain.bends import Bends
from cadl_gui.engine.engine import Engine

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

    The stacks of a run are deleted when the run can no longer be restored.

    Signals:
        moved: what can be undone or redone has changed in one of the stacks.
    """

    moved = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bending = engine.bending
        self._of_runs: dict[tuple[str, str], QUndoStack] = {}
        engine.runs.forgotten.connect(self._forget)

    def add(self, stack: QUndoStack) -> None:
        """Add a stack to the group."""
        self.addStack(stack)
        stack.indexChanged.connect(self.moved)

    def of_run(self, run_id: str, what: Literal["bends", "pins"]) -> QUndoStack:
        """Return the stack for a run's bends or pins; `run_id` "" gives a stack that stays empty."""
        if (run_id, what) not in self._of_runs:
            self._of_runs[run_id, what] = QUndoStack(self)
            self.add(self._of_runs[run_id, what])
        return self._of_runs[run_id, what]

    def bend(self, run_id: str, bends: Bends, drag: int = NO_DRAG) -> None:
        """Set the bends of a run with an undoable command; see `change`."""
        put = partial(self._bending.bend, run_id)
        change(self.of_run(run_id, "bends"), put, self._bending.of(run_id), bends, drag)

    @Slot(str)
    def _forget(self, run_id: str) -> None:
        for key in [key for key in self._of_runs if key[0] == run_id]:
            self._of_runs.pop(key).deleteLater()
