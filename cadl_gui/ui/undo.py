"""Undo and redo by Qt's stacks: one of the drawing, and for each run one of its pins and one of its bends."""

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
    """One value in the place of another.

    Values are immutable and share their parts, so that there is no limit to undo: a drawing is a tuple that
    refers to its strokes, and the commands of a thousand strokes take 5 MB, the strokes included.

    A drag is one command that goes on. Qt would have each of its events pushed and merged by `mergeWith`, but
    PySide 6.11 never lets go of a command that was merged away, nor of the window that it leads to.

    Args:
        put: lets a value take its place.
        before: the value that undo puts back.
        after: the value that was put.
        drag: number of the drag that this is.
    """

    def __init__(self, put: Callable[[Value], None], before: Value, after: Value, drag: int) -> None:
        super().__init__()
        self._put = put
        self._before = before
        self._after = after
        self._drag = drag

    def id(self) -> int:
        """Number of the drag."""
        return self._drag

    def undo(self) -> None:
        """Put the value from before."""
        self._put(self._before)

    def redo(self) -> None:
        """Put the value that was put; the stack calls it the first time, too."""
        self._put(self._after)

    def go_on(self, after: Value) -> None:
        """Lead to another value; where that is the one from before, there is nothing to undo any more."""
        self._after = after
        self.setObsolete(after == self._before)
        self.redo()


def change(
    stack: QUndoStack, put: Callable[[Value], None], before: Value, after: Value, drag: int = NO_DRAG
) -> None:
    """Put another value, so that it can be undone.

    Args:
        stack: of the value.
        put: lets a value take its place.
        before: the value that is there.
        after: the other one; nothing happens where they are equal.
        drag: changes by the same drag, one after the other, are undone together.
    """
    if after == before:
        return
    last = stack.command(stack.index() - 1)
    if drag == NO_DRAG or stack.canRedo() or not isinstance(last, Change) or last.id() != drag:
        stack.push(Change(put, before, after, drag))
        return
    last.go_on(after)
    if last.isObsolete():
        stack.undo()  # takes an obsolete command off the stack, without calling it


class UndoStacks(QUndoGroup):
    """The stacks of a window.

    Stacks of a run go when the run cannot be restored any more.

    Signals:
        moved: what can be undone, or redone, is something else in one of the stacks.
    """

    moved = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bending = engine.bending
        self._of_runs: dict[tuple[str, str], QUndoStack] = {}
        engine.runs.forgotten.connect(self._forget)

    def add(self, stack: QUndoStack) -> None:
        """Take a stack of the window into the group."""
        self.addStack(stack)
        stack.indexChanged.connect(self.moved)

    def of_run(self, run_id: str, what: Literal["bends", "pins"]) -> QUndoStack:
        """What was changed in a run; "" is no run, in which nothing is ever changed."""
        if (run_id, what) not in self._of_runs:
            self._of_runs[run_id, what] = QUndoStack(self)
            self.add(self._of_runs[run_id, what])
        return self._of_runs[run_id, what]

    def bend(self, run_id: str, bends: Bends, drag: int = NO_DRAG) -> None:
        """Let these bends of a run be in force, and no others; see `change`."""
        put = partial(self._bending.bend, run_id)
        change(self.of_run(run_id, "bends"), put, self._bending.of(run_id), bends, drag)

    @Slot(str)
    def _forget(self, run_id: str) -> None:
        for key in [key for key in self._of_runs if key[0] == run_id]:
            self._of_runs.pop(key).deleteLater()
