"""Undo and redo without limit."""

from cadl_gui.imaging.drawing.strokes import Drawing


class DrawingHistory:
    """The drawing that is shown, those before it, and those that were taken back.

    Drawings are immutable and share their strokes, so that keeping all of them costs next to nothing.

    Attributes:
        drawing: what is shown.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self._before: list[Drawing] = []
        self._after: list[Drawing] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a drawing before this one."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether a drawing was taken back."""
        return bool(self._after)

    def put(self, drawing: Drawing) -> None:
        """Show another drawing. What was taken back is gone."""
        self._before.append(self.drawing)
        self._after.clear()
        self.drawing = drawing

    def undo(self) -> None:
        """Show the drawing before this one, which must exist."""
        self._after.append(self.drawing)
        self.drawing = self._before.pop()

    def redo(self) -> None:
        """Show the drawing that was taken back last, which must exist."""
        self._before.append(self.drawing)
        self.drawing = self._after.pop()
