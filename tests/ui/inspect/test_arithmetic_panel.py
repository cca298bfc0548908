"""The animation of a unit's arithmetic: any speed, single steps, and precedence for the pointer."""

from dataclasses import replace

import numpy as np
import pytest
from geometry import cut_off, texts
from hand import drag, leave, point_at
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import QApplication, QSlider, QToolButton, QToolTip, QWidget
from seen import part_told

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.arithmetic import UnitComputation
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.ui.inspect.arithmetic_panel import ArithmeticPanel
from cadl_gui.ui.theme.icon import icon

pytestmark = pytest.mark.gui

LAYER = LayerSpec(name="a", kind="convolution", input_shape=(6, 6, 1), output_shape=(6, 6, 1), kernel_size=3)


def work():
    kernel = np.ones((3, 3, 1, 1), np.float32)
    image = np.arange(36, dtype=np.float32).reshape(6, 6, 1)
    return UnitComputation(LayerWeights(LAYER, kernel, None), 0, 0, image, image[..., 0])


@pytest.fixture
def panel(qtbot, theme):
    panel = ArithmeticPanel(theme, BackgroundJobs(), ViewState())
    qtbot.addWidget(panel)
    panel.resize(600, 600)
    panel.show()
    qtbot.waitExposed(panel)
    panel.set_work(work(), "a · unit 0")
    panel.go(-panel.step)
    return panel


def test_the_steps_begin_at_the_first_ink(panel, theme):
    """Not in the corner, where all is zero; the next unit of the layer goes on from the same place."""
    image = np.zeros((6, 6, 1), np.float32)
    image[3, 2] = 1
    one = UnitComputation(
        LayerWeights(LAYER, np.ones((3, 3, 1, 1), np.float32), None), 0, 0, image, image[..., 0]
    )
    other = ArithmeticPanel(theme, BackgroundJobs(), ViewState())
    other.set_work(one, "a · unit 0")
    assert other.step == 2 * 6 + 1, "the kernel first reaches it with its lower right corner"
    other.go(1)
    other.set_work(one, "a · unit 0")
    assert other.step == 2 * 6 + 2


def click(qtbot, panel, name):
    qtbot.mouseClick(panel.findChild(QToolButton, f"{name}Button"), Qt.MouseButton.LeftButton)


def is_walking(panel):
    (timer,) = (child for child in panel.children() if isinstance(child, QTimer))
    return timer.isActive()


def words(panel):
    return panel.findChild(QWidget, "unitArithmetic").shown.text[0]


def test_single_steps_go_forward_back_and_around(qtbot, panel):
    click(qtbot, panel, "stepForward")
    assert panel.step == 1
    click(qtbot, panel, "stepBack")
    click(qtbot, panel, "stepBack")
    assert panel.step == 35


def test_animation_plays_until_it_is_paused(qtbot, panel, theme):
    panel.findChild(QSlider, "walkSpeedSlider").setValue(8)
    button = panel.findChild(QToolButton, "walkButton")
    triangle = button.icon().cacheKey()
    for _ in range(2):
        click(qtbot, panel, "walk")
        assert button.icon().cacheKey() != triangle
        qtbot.waitUntil(lambda: panel.step >= 20)
        click(qtbot, panel, "walk")
        assert not is_walking(panel)
        assert button.icon().pixmap(20).toImage() == icon("player-play", theme).pixmap(20).toImage()


def test_while_the_pointer_is_on_a_pixel_its_arithmetic_is_shown(qtbot, panel):
    view = panel.findChild(QWidget, "unitArithmetic")
    given, unit = (number.title for row in view.shown.rows for number in row if number.steps is not None)
    click(qtbot, panel, "walk")
    for walked in (unit, given):
        leave(view)
        assert is_walking(panel), "it walks on once the pointer has left"
        at = part_told(view, f"{walked} · x 2, y 3 ·").center()
        qtbot.mouseMove(view, at)
        qtbot.mouseMove(view, at + QPoint(1, 0))
        assert words(panel).startswith("x 2, y 3")
        assert not is_walking(panel)


def test_a_click_or_a_drag_on_the_input_puts_the_kernel_there(qtbot, panel, theme):
    """A stranger pressed the button on the picture, and dragged: nothing happened."""
    view, left = panel.findChild(QWidget, "unitArithmetic"), Qt.MouseButton.LeftButton
    given = view.shown.rows[0][0].title
    first, second = (part_told(view, f"{given} · x {x}, y 3 ·").center() for x in (2, 4))
    qtbot.mousePress(view, left, pos=first)
    assert panel.step == 3 * 6 + 2
    drag(view, second)
    qtbot.mouseRelease(view, left, pos=second)
    point_at(view, first)
    leave(view)
    assert panel.step == 3 * 6 + 4
    assert words(panel).startswith("x 4, y 3"), "it stays"
    image = view.render_image(1.0)
    framed = [part_told(view, f"{given} · x {x}, y {y} ·") for x, y in ((3, 2), (5, 4))]
    frame = framed[0].united(framed[1])
    for x, y in ((frame.left(), frame.center().y()), (frame.center().x(), frame.bottom())):
        around = {image.pixelColor(x + i, y + j).name() for i in range(-3, 4) for j in range(-3, 4)}
        assert theme.colours.accent.lower() in around, "the frame is around what the kernel sees"


def test_the_words_of_the_sum_are_explained_where_they_stand(qtbot, panel):
    view = panel.findChild(QWidget, "unitArithmetic")
    activated = replace(LAYER, activation="relu")
    panel.set_work(replace(work(), weights=replace(work().weights, layer=activated)))
    for y, is_there in ((view.height() - 60, True), (view.height() // 2, False)):
        point_at(view, QPoint(view.width() // 2, y))
        assert ("Relu: A neuron passes on" in view.toolTip()) is is_there
    at = QPoint(view.width() // 2, view.height() - 60)
    point_at(view, at)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    (tip,) = (
        each for each in QApplication.topLevelWidgets() if each.isVisible() and each.inherits("QTipLabel")
    )
    assert tip.geometry().bottom() < view.mapToGlobal(at).y(), "it took the first click on what is below"
    QToolTip.hideText()


def test_no_title_of_a_panel_is_cut_beside_a_lesson_on_a_projector(panel, theme):
    """They were “under t…” and “= produ…”."""
    theme.set_present(True)
    panel.resize(712, 420)
    QApplication.processEvents()
    shown = texts(panel)
    assert {"inputs", "× kernel", "= products"} <= {text.words for text in shown}
    assert cut_off(shown, panel) == []


def test_a_single_step_pauses(qtbot, panel):
    click(qtbot, panel, "walk")
    click(qtbot, panel, "stepForward")
    assert not panel.findChild(QAction, "walkAction").isChecked()


def test_another_image_is_walked_on_from_the_same_place(qtbot, panel):
    click(qtbot, panel, "stepForward")
    panel.set_work(work())
    assert panel.step == 1
    other = replace(LAYER, name="b")
    for layer in (other, LAYER, other):
        click(qtbot, panel, "stepForward")
        another = replace(work(), weights=replace(work().weights, layer=layer))
        panel.set_work(another)
        assert panel.step == another.first_step > 1, "each layer begins at its own first step"
    panel.set_work(None)
    assert panel.step == 0
    assert not panel.findChild(QAction, "walkAction").isEnabled()


def test_the_frame_of_a_kernel_that_reaches_beyond_the_image_leaves_the_title_alone(panel, theme):
    view = panel.findChild(QWidget, "unitArithmetic")
    first = view.shown.rows[0][0]
    assert first.mark[:2] == (-1, -1)
    corner, other = (part_told(view, f"{first.title} · x {at}, y {at} ·") for at in (0, 5))
    place = corner.united(other)
    title = QRect(place.left(), 0, place.width(), place.top())
    image, accent = view.render_image(1.0), theme.colours.accent.lower()

    def inks(rect):
        points = ((x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom()))
        return {image.pixelColor(x, y).name() for x, y in points}

    assert accent in inks(place)
    assert accent not in inks(title.adjusted(0, 0, 0, -3))


@pytest.mark.parametrize(("size", "is_presented", "least"), [
    ((1182, 261), True, 8), ((740, 290), False, 12), ((600, 600), False, 25),
])  # fmt: skip
def test_the_pictures_of_a_step_can_be_made_out_in_a_low_figure_too(panel, theme, size, is_presented, least):
    """In present mode in a low window they were a pixel high: two rows of titles left them nothing."""
    theme.set_present(is_presented)
    panel.resize(*size)
    view = panel.findChild(QWidget, "unitArithmetic")
    places = [
        part_told(view, f"{each.title} · x 1, y 1 ·", least=8)
        for each in (view.shown.rows[0][0], view.shown.rows[1][1])
    ]
    assert None not in places
    assert min(place.height() for place in places) >= least
