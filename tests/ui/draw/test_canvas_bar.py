"""The bar of the canvas: its brush is that of the last time, its colour that of the form drawn on."""

import pytest
from PySide6.QtWidgets import QSlider, QToolButton

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.draw.canvas_bar import CanvasBar
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
from cadl_gui.ui.settings import Settings

pytestmark = pytest.mark.gui

LIGHT, DARK = (DrawingForm((8, 12, 3), is_dark=is_dark) for is_dark in (False, True))


@pytest.fixture
def bar(qtbot, theme):
    """Returns a bar as at another start of the program."""

    def bar():
        view = ViewState()
        canvas = DrawingCanvas(theme, BackgroundJobs(), view)
        bar = CanvasBar(canvas, view, theme, Settings())
        for widget in (canvas, bar):
            qtbot.addWidget(widget)
            widget.resize(500, 300)
            widget.show()
        bar.view = view
        return bar

    return bar


def test_the_brush_is_as_large_as_the_last_time_and_no_larger_than_it_can_be(bar):
    size = 8
    for steps in (1, 3, -5, 40, -60):
        shown = bar()
        slider = shown.findChild(QSlider, "brushSizeSlider")
        assert slider.value() == size
        shown.change_brush(steps)
        size = min(max(size + steps, 2), 20)
        assert slider.value() == size
        shown.canvas.begin_stroke(shown.canvas.rect().center().toPointF(), 1.0, erases=False)
        assert shown.canvas.drawing.strokes[-1].width == size / 100


def test_the_colour_is_offered_where_there_are_colours_and_is_never_that_of_the_ground(bar):
    shown = bar()
    button, canvas = shown.findChild(QToolButton, "brushColourButton"), shown.canvas
    for form, colour in (
        (LIGHT, "black"), (DARK, "white"), (LIGHT, "black"), (INK, None), (DARK, "white"), (INK, None),
        (LIGHT, "black"),
    ):  # fmt: skip
        canvas.set_form(form)
        shown.view.show_drawing(Seen(form=form))
        assert button.isVisible() == (colour is not None)
        assert colour is None or button.accessibleName() == f"Brush colour: {colour}"
        assert (shown.action_set["brushColour"].isEnabled(), canvas.form) == (colour is not None, form)
    canvas.set_colour((200, 0, 30))
    canvas.set_form(DARK)
    shown.view.show_drawing(Seen(form=DARK))
    assert button.accessibleName() == "Brush colour: #c8001e", "what can be seen stays"
    for is_drawn in (True, False, True):
        if is_drawn:
            canvas.begin_stroke(canvas.rect().center().toPointF(), 1.0, erases=False)
            canvas.abandon_stroke()
        else:
            canvas.clear()
        shown.view.show_drawing(Seen(form=DARK, drawing=canvas.drawing))
        assert shown.action_set["clear"].isEnabled() == shown.action_set["copy"].isEnabled() == is_drawn
