"""Keeps the drawing of each form from one start to the next."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.imaging.drawing.stored_drawing import drawing_from_json, drawing_to_json
from cadl_gui.imaging.drawing.strokes import Drawing
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
from cadl_gui.ui.work_store import WorkStore


class KeptDrawings(QObject):
    """Restores the drawing of a form when it is first shown, and stores each change.

    Args:
        canvas: the canvas; the parent.
        store: has the files.
    """

    def __init__(self, canvas: DrawingCanvas, store: WorkStore) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._store = store
        self._stored: dict[DrawingForm, Drawing] = {}

    @Slot()
    def restore(self) -> None:
        """Put the stored drawing of the canvas's form on it, the first time that this form is shown."""
        form = self._canvas.form
        if form in self._stored:
            return
        drawing = self._loaded(form)
        self._stored[form] = drawing
        if not drawing.is_blank:
            self._canvas.restore(drawing)

    @Slot()
    def keep(self) -> None:
        """Store the drawing of the canvas if it has changed."""
        form, drawing = self._canvas.form, self._canvas.drawing
        if self._stored.get(form) is not drawing and form in self._stored:
            self._stored[form] = drawing
            self._store.keep(_name(form), partial(drawing_to_json, drawing))

    def _loaded(self, form: DrawingForm) -> Drawing:
        values = self._store.load(_name(form))
        if values is None:
            return self._canvas.drawing
        try:
            return drawing_from_json(values)
        except ValueError as error:
            self._store.report_damage(_name(form), error)
            return self._canvas.drawing


def _name(form: DrawingForm) -> str:
    sides = "x".join(map(str, form.shape))
    return f"drawing-{sides}-{'dark' if form.is_dark else 'light'}"
