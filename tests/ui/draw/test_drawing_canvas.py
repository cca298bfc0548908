"""The canvas draws strokes, by real events."""

import numpy as np
import pytest
from any_run import rendered
from hand import drag_enter
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.ui.draw.drawing_canvas import DEFAULT_BRUSH, DrawingCanvas

pytestmark = pytest.mark.gui

SIDE = 200


@pytest.fixture
def view():
    return ViewState()


@pytest.fixture
def canvas(qtbot, theme, view):
    canvas = DrawingCanvas(theme, BackgroundJobs(), view)
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def changes(canvas, view):
    """A list that grows with each change."""
    return rendered(view, lambda: canvas.drawing)


def draw(qtbot, canvas, *places, button=Qt.MouseButton.LeftButton):
    """Draw a stroke with the mouse through positions in pixels of the widget."""
    points = [QPoint(*place) for place in places]
    qtbot.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(canvas, point)
    qtbot.mouseRelease(canvas, button, pos=points[-1])


def test_a_stroke_ends_with_its_button_wherever_that_was_released(qtbot, canvas):
    """After a dialog that opened meanwhile, and had the release, the next stroke went on from it."""
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.mouseMove(canvas, QPoint(40, 20))
    qtbot.mouseRelease(elsewhere, Qt.MouseButton.LeftButton)
    draw(qtbot, canvas, (150, 150), (170, 150))
    assert [len(stroke.points) for stroke in canvas.drawing.strokes] == [2, 2]


def shown(canvas):
    """Grey levels on the screen, (height, width)."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width()].copy()


def test_a_stroke_leaves_ink_where_the_mouse_went(qtbot, canvas):
    draw(qtbot, canvas, (50, 100), (150, 100))
    raster = canvas.raster(200)
    assert raster.dtype == np.float32
    assert raster[100, 50:151].min() == 1
    assert raster[100, :40].max() == 0
    assert raster[:, 100].sum() == pytest.approx(DEFAULT_BRUSH * SIDE, abs=0.5)


def test_the_screen_shows_the_drawing_which_every_pointer_event_changes_once(qtbot, canvas, changes):
    draw(qtbot, canvas, (50, 100), (150, 30), (120, 180))
    np.testing.assert_allclose(shown(canvas) / 255, canvas.raster(SIDE), atol=1 / 255)
    assert [len(drawing.strokes[0].points) for drawing in changes] == [1, 2, 3]


def test_rasters_follow_the_pointer_and_equal_a_drawing_painted_at_once(qtbot, canvas):
    canvas.raster(224)
    draw(qtbot, canvas, (20, 20), (180, 40), (60, 170))
    draw(qtbot, canvas, (60, 60), (160, 60), button=Qt.MouseButton.RightButton)
    draw(qtbot, canvas, (100, 100))
    np.testing.assert_array_equal(canvas.raster(224), rasterised(canvas.drawing, 224))


def test_the_drawing_scales_with_the_widget(qtbot, canvas):
    draw(qtbot, canvas, (50, 50), (150, 50))
    canvas.resize(400, 400)
    large = shown(canvas)
    assert large[100, 100:301].min() == 255
    assert large[200, 200] == 0


def test_the_brush_has_the_width_that_was_chosen(qtbot, canvas):
    canvas.set_brush(0.2)
    draw(qtbot, canvas, (50, 100), (150, 100))
    assert canvas.raster(200)[:, 100].sum() == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize("by", ["right button", "mode"])
def test_erasing_takes_ink_away(qtbot, canvas, by):
    draw(qtbot, canvas, (50, 100), (150, 100))
    canvas.set_erasing(by == "mode")
    button = Qt.MouseButton.RightButton if by == "right button" else Qt.MouseButton.LeftButton
    draw(qtbot, canvas, (100, 80), (100, 120), button=button)
    raster = canvas.raster(200)
    assert raster[100, 100] == 0
    assert raster[100, 60] == 1


def test_erasing_an_empty_canvas_is_no_change(qtbot, canvas, changes, view):
    draw(qtbot, canvas, (50, 100), (150, 100), button=Qt.MouseButton.RightButton)
    assert not changes
    assert not view.to_undo


def test_a_second_button_does_not_break_the_stroke(qtbot, canvas):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 100))
    qtbot.mousePress(canvas, Qt.MouseButton.RightButton, pos=QPoint(50, 100))
    qtbot.mouseMove(canvas, QPoint(150, 100))
    assert len(canvas.drawing.strokes) == 1
    qtbot.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=QPoint(150, 100))
    qtbot.mouseMove(canvas, QPoint(150, 150))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 150))
    stroke = canvas.drawing.strokes[0]
    assert not stroke.erases
    assert [(point.x, point.y) for point in stroke.points] == [(0.25, 0.5), (0.75, 0.5), (0.75, 0.75)]


def test_undo_takes_back_strokes_erasing_and_clearing_and_redo_brings_them_back(qtbot, canvas, view):
    draw(qtbot, canvas, (50, 50), (150, 50))
    draw(qtbot, canvas, (100, 50), button=Qt.MouseButton.RightButton)
    canvas.clear()
    steps = [canvas.raster(50)]
    while view.to_undo:
        view.undo()
        steps.append(canvas.raster(50))
    assert [bool(step.any()) for step in steps] == [False, True, True, False]
    assert not np.array_equal(steps[1], steps[2])
    for step in reversed(steps[:-1]):
        view.redo()
        np.testing.assert_array_equal(canvas.raster(50), step)
    assert not view.to_redo


def test_drawing_forgets_what_was_taken_back(qtbot, canvas, view):
    draw(qtbot, canvas, (50, 50))
    view.undo()
    assert view.to_redo
    draw(qtbot, canvas, (100, 100))
    assert not view.to_redo


def test_undo_in_the_middle_of_a_stroke_takes_it_back(qtbot, canvas, view):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 100))
    view.undo()
    assert canvas.drawing.is_blank
    qtbot.mouseMove(canvas, QPoint(150, 100))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))
    assert canvas.drawing.is_blank


def test_clearing_an_empty_canvas_is_nothing_to_undo(canvas, changes, view):
    canvas.clear()
    assert not view.to_undo
    assert not changes


def pen(canvas, kind, x, pressure, pointer=QPointingDevice.PointerType.Pen):
    """Send a pen event at (x, 100)."""
    device = QPointingDevice(
        "pen", 1, QPointingDevice.DeviceType.Stylus, pointer,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure, 1, 3,
    )  # fmt: skip
    place, button = QPointF(x, 100), Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, device, place, QPointF(canvas.mapToGlobal(place.toPoint())), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, button, button,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted()


def test_a_pen_presses_and_its_other_end_erases(canvas):
    pen(canvas, QEvent.Type.TabletPress, 40, 0.2)
    pen(canvas, QEvent.Type.TabletMove, 160, 1.0)
    pen(canvas, QEvent.Type.TabletRelease, 160, 0.0)
    raster = canvas.raster(200)
    assert raster[:, 50].sum() < 0.7 * raster[:, 150].sum()
    assert [point.pressure for point in canvas.drawing.strokes[0].points] == [0.2, 1.0]
    pen(canvas, QEvent.Type.TabletPress, 100, 1.0, QPointingDevice.PointerType.Eraser)
    pen(canvas, QEvent.Type.TabletRelease, 100, 0.0, QPointingDevice.PointerType.Eraser)
    assert canvas.raster(200)[100, 100] == 0


def test_a_finger_draws_and_a_second_one_is_not_felt(canvas, view):
    finger = QTest.createTouchDevice()
    QTest.touchEvent(canvas, finger).press(0, QPoint(40, 100), canvas).commit()
    QTest.touchEvent(canvas, finger).stationary(0).press(1, QPoint(100, 180), canvas).commit()
    QTest.touchEvent(canvas, finger).move(0, QPoint(160, 100), canvas).stationary(1).commit()
    QTest.touchEvent(canvas, finger).release(0, QPoint(160, 100), canvas).release(
        1, QPoint(100, 180)
    ).commit()
    raster = canvas.raster(200)
    assert raster[100, 40:161].min() == 1
    assert raster[150:].max() == 0
    assert view.to_undo


@pytest.mark.parametrize("as_bytes", [True, False])
def test_an_image_takes_the_place_of_the_drawing_and_can_be_undone(qtbot, canvas, as_bytes, view):
    draw(qtbot, canvas, (50, 50))
    levels = np.random.default_rng(0).integers(0, 256, (28, 28, 1), dtype=np.uint8)
    canvas.set_image(levels if as_bytes else levels.astype(np.float32) / 255)
    shrunk = canvas.raster(224).reshape(28, 8, 28, 8).mean(axis=(1, 3))
    np.testing.assert_allclose(shrunk, levels[..., 0] / 255, atol=1e-6)
    view.undo()
    assert canvas.drawing.strokes


def test_copies_come_back(qtbot, canvas):
    draw(qtbot, canvas, (50, 50), (150, 150))
    before = canvas.raster(SIDE)
    canvas.copy()
    canvas.clear()
    canvas.paste()
    qtbot.waitUntil(lambda: not canvas.drawing.is_blank)
    np.testing.assert_allclose(canvas.raster(SIDE), before, atol=1 / 255)


def test_dark_on_light_is_pasted_as_ink(qtbot, canvas):
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(40, 60):
        for x in range(10, 90):
            image.setPixelColor(x, y, QColor("black"))
    QGuiApplication.clipboard().setImage(image)
    canvas.paste()
    qtbot.waitUntil(lambda: not canvas.drawing.is_blank)
    raster = canvas.raster(100)
    assert raster[50, 50] == 1
    assert raster[10, 10] == 0


def test_pasting_nothing_changes_nothing(canvas, changes):
    QGuiApplication.clipboard().clear()
    canvas.paste()
    assert not changes


def drop(canvas, mime):
    """Drag something onto the canvas and drop it; returns whether it was accepted."""
    place, actions, button = QPoint(100, 100), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = drag_enter(place, actions, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(place), actions, mime, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(canvas, event)
    return enter.isAccepted()


def dot():
    """An image of one bright pixel."""
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    image.setPixelColor(5, 5, QColor("white"))
    return image


def test_files_that_are_no_images_are_left_to_the_window(canvas, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "vae.keras"))])
    assert not drop(canvas, mime)


def test_a_file_that_was_copied_is_pasted(qtbot, canvas, tmp_path):
    dot().save(str(tmp_path / "7.PNG"))
    mime, preview = QMimeData(), QImage(10, 10, QImage.Format.Format_RGB32)
    preview.fill(QColor("black"))
    preview.setPixelColor(1, 1, QColor("white"))
    mime.setUrls([QUrl("https://example.org/7.png"), QUrl.fromLocalFile(str(tmp_path / "7.PNG"))])
    mime.setImageData(preview)
    QGuiApplication.clipboard().setMimeData(mime)
    canvas.paste()
    qtbot.waitUntil(lambda: not canvas.drawing.is_blank)
    assert canvas.raster(10)[5, 5] == 1
    assert canvas.raster(10)[1, 1] == 0


def test_a_dropped_image_is_taken_as_the_form_of_the_drawing_has_it_and_text_is_not(qtbot, canvas):
    image, text, red = QMimeData(), QMimeData(), dot()
    red.setPixelColor(5, 5, QColor("red"))
    image.setImageData(red)
    text.setText("7")
    colour = DrawingForm((10, 10, 3), is_dark=True)
    for form, expected in ((INK, 0.3), (colour, (1, 0, 0)), (INK, 0.3)):
        canvas.set_form(form)
        canvas.clear()
        assert drop(canvas, image)
        qtbot.waitUntil(lambda: not canvas.drawing.is_blank)
        assert canvas.raster(10)[5, 5] == pytest.approx(expected, abs=0.01)
        assert not drop(canvas, text)


def test_an_empty_canvas_says_what_to_do(qtbot, canvas, view):
    assert shown(canvas).any()
    draw(qtbot, canvas, (5, 5))
    assert not shown(canvas)[50:150, 50:150].any()
    view.undo()
    assert shown(canvas)[50:150, 50:150].any()


def test_ink_on_paper_changes_the_screen_only(qtbot, canvas, theme):
    draw(qtbot, canvas, (50, 50), (150, 120))
    before, raster = shown(canvas), canvas.raster(100)
    theme.set_inverted(True)
    np.testing.assert_array_equal(shown(canvas), 255 - before)
    np.testing.assert_array_equal(canvas.raster(100), raster)


def test_in_a_wide_widget_the_canvas_stays_square(qtbot, canvas):
    canvas.resize(300, SIDE)
    draw(qtbot, canvas, (50, 100), (150, 100))
    assert canvas.raster(200)[100, 100] == 1
    assert shown(canvas)[10, 250] > 200  # the light theme's window


def test_the_focus_ring_shows_to_keys_only(qtbot, canvas):
    canvas.activateWindow()
    qtbot.waitUntil(canvas.isActiveWindow)
    canvas.clearFocus()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    clicked = shown(canvas)
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.hasFocus()
    assert clicked[0, 100] == 0
    assert shown(canvas)[0, 100] > 0
    canvas.clearFocus()
    assert shown(canvas)[0, 100] == 0


def test_screen_readers_know_the_canvas(canvas):
    assert canvas.accessibleName() == "Drawing canvas"
