"""The activations of all layers for one image."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from seen import part_told

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.activation_maps import activation_maps
from cadl_gui.imaging.weights.colour_map import NOT_A_NUMBER_COLOUR, colour_map
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.colour_legend import legend_height

pytestmark = pytest.mark.gui

CONVOLUTION = LayerSpec(
    name="encoder_1", kind="convolution", input_shape=(8, 8, 1), output_shape=(4, 4, 3), kernel_size=3
)
DENSE = LayerSpec(name="logits", kind="dense", input_shape=(4, 4, 3), output_shape=(5,))
MAPS = np.random.default_rng(6).normal(size=(4, 4, 3)).astype(np.float32)
LOGITS = np.array([-2, -1, 0, 1, 2], np.float32)
IMAGE = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8, 1)


@pytest.fixture
def view(qtbot, theme):
    view = ActivationsView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.set_activations(IMAGE, (activation_maps(CONVOLUTION, MAPS), activation_maps(DENSE, LOGITS)))
    return view


def place_of(view, layer, unit):
    return part_told(view, f"{layer.name} · unit {unit} ·")


def test_each_activation_has_its_colour_on_the_scale_of_its_layer(view):
    image = view.render_image(1.0)
    for unit, index in ((0, 0), (4, 256)):
        rect = place_of(view, DENSE, unit)
        colour = image.pixelColor(rect.left() + 2, rect.top() + 2)
        assert colour.getRgb()[:3] == tuple(colour_map("coolwarm")[index])
    rect = place_of(view, CONVOLUTION, 2)
    side = rect.width() / 4
    limit = np.abs(MAPS).max()
    for y in range(4):
        for x in range(4):
            colour = image.pixelColor(int(rect.left() + (x + 0.5) * side), int(rect.top() + (y + 0.5) * side))
            index = 128 + round(128 * float(MAPS[y, x, 2]) / float(limit))
            assert colour.getRgb()[:3] == tuple(colour_map("coolwarm")[index])


def test_a_click_chooses_a_unit(qtbot, view):
    with qtbot.waitSignal(view.unit_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, DENSE, 3).center())
    assert chosen.args == [DENSE, 3]
    with qtbot.waitSignal(view.unit_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, CONVOLUTION, 1).center())
    assert chosen.args == [CONVOLUTION, 1]


def test_a_click_beside_chooses_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.unit_chosen):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(495, 395))


def test_what_is_under_the_pointer_is_reported(qtbot, view):
    places = [place_of(view, DENSE, 1).center(), place_of(view, CONVOLUTION, 2).center() + QPoint(2, 2)]
    texts = []
    view.hover_text.connect(texts.append)
    for place in places:
        qtbot.mouseMove(view, place)
    value = f"{MAPS[2, 2, 2]:.3g}".replace("-", "−")
    assert texts == ["logits · unit 1 · −1", f"encoder_1 · unit 2 · x 2, y 2 · {value}"]


def test_a_ring_marks_the_chosen_unit(view):
    before = view.render_image(1.0)
    view.set_chosen("logits", 3)
    after = view.render_image(1.0)
    rect = place_of(view, DENSE, 3)
    edge = [(x, rect.center().y()) for x in range(rect.left() - 4, rect.left() + 1)]
    assert [before.pixelColor(*at) for at in edge] != [after.pixelColor(*at) for at in edge]
    inside = rect.center().x(), rect.center().y()
    assert before.pixelColor(*inside) == after.pixelColor(*inside)


def test_ink_on_paper_inverts_the_image_and_nothing_else(view, theme):
    first_map = place_of(view, CONVOLUTION, 0)
    corner, cell = QPoint(first_map.left() + 1, 1), place_of(view, DENSE, 2).center()
    before = view.render_image(1.0)
    theme.display.set_inverted(True)
    after = view.render_image(1.0)
    assert (before.pixelColor(corner).red(), after.pixelColor(corner).red()) == (0, 255)
    assert before.pixelColor(cell) == after.pixelColor(cell)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        (np.nan, NOT_A_NUMBER_COLOUR),
        (np.inf, NOT_A_NUMBER_COLOUR),
        (0.0, tuple(colour_map("coolwarm")[128])),
        (3e38, tuple(colour_map("coolwarm")[256])),
    ],
)
def test_odd_activations_have_their_colour_too(view, value, colour):
    view.set_activations(IMAGE, (activation_maps(DENSE, np.full(5, value, np.float32)),))
    image = view.render_image(1.0)
    for unit in range(5):
        corner = place_of(view, DENSE, unit).topLeft() + QPoint(2, 2)
        assert image.pixelColor(corner).getRgb()[:3] == colour


def test_thousands_of_units_have_room(view, theme):
    layer = LayerSpec(name="wide", kind="dense", input_shape=(4,), output_shape=(8192,))
    view.set_activations(IMAGE, (activation_maps(layer, np.ones(8192, np.float32)),))
    cell, colour = part_told(view, "wide · unit 0 ·").size(), tuple(colour_map("coolwarm")[256])
    image = view.render_image(1.0)
    rows = image.copy(0, 0, image.width(), image.height() - legend_height(theme))
    pixels = ((x, y) for x in range(rows.width()) for y in range(rows.height()))
    n_painted = sum(rows.pixelColor(x, y).getRgb()[:3] == colour for x, y in pixels)
    assert n_painted == 8192 * cell.width() * cell.height()


def test_nothing_can_be_shown(view):
    full = view.render_image(1.0)
    view.set_activations(None)
    assert not view.layers
    empty = ActivationsView(Theme("light"), empty_text="Nothing here.")
    empty.resize(view.size())
    assert full != view.render_image(1.0) == empty.render_image(1.0)


def inks(view, rect):
    """The colours in a part of the image."""
    image = view.render_image(1.0)
    points = ((x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom()))
    return {image.pixelColor(x, y).name() for x, y in points}


@pytest.mark.parametrize("present", [False, True])
def test_a_label_is_below_its_logit_and_the_number_inside(view, theme, present):
    theme.set_present(present)
    view.resize(700, 500)
    for label, colour in enumerate(theme.label_colours(theme.background)[: len(LOGITS)]):
        cell = place_of(view, DENSE, label)
        beneath = cell.translated(0, cell.height()).adjusted(0, 0, 0, 4 - cell.height() // 2)
        assert colour.lower() in inks(view, beneath)
        assert len(inks(view, cell.adjusted(4, 4, -4, -4))) > 3


def test_logits_and_labels_stay_above_the_legend(view, theme):
    first, last = place_of(view, DENSE, 0), place_of(view, DENSE, 4)
    assert (first.top(), first.bottom()) == (last.top(), last.bottom()), "in one line"
    assert last.bottom() + 20 <= view.height() - legend_height(theme)


def test_logits_are_named_by_their_classes(view):
    numbered = view.grab().toImage()
    view.set_class_names(("Flags", "Food & Drink", "Objects", "Symbols", "Travel & Places"))
    assert view.grab().toImage() != numbered
    assert part_told(view, "logits · unit 4 · Travel & Places · 2") is not None
    assert part_told(view, "encoder_1 · unit 2 · x") is not None


LAYERS = tuple(
    LayerSpec(name=f"layer {i}", kind="dense", input_shape=(5,), output_shape=(5,)) for i in range(14)
)


@pytest.fixture
def deep(view):
    """The view with so many layers that their rows would be too low to see anything in them."""
    view.set_activations(IMAGE, tuple(activation_maps(layer, LOGITS) for layer in LAYERS))
    return view


def test_many_layers_scroll_instead_of_shrinking(qtbot, deep, theme):
    least = 2 * theme.sizes.caption
    assert place_of(deep, LAYERS[0], 0).height() >= least
    assert place_of(deep, LAYERS[-1], 4) is None
    qtbot.keyClick(deep, Qt.Key.Key_End)
    last = place_of(deep, LAYERS[-1], 4)
    assert last.height() >= least
    with qtbot.waitSignal(deep.unit_chosen) as chosen:
        qtbot.mouseClick(deep, Qt.MouseButton.LeftButton, pos=last.center())
    assert chosen.args == [LAYERS[-1], 4]


def test_nothing_is_chosen_beneath_the_legend(qtbot, deep, theme):
    x = place_of(deep, LAYERS[0], 2).center().x()
    with qtbot.assertNotEmitted(deep.unit_chosen):
        for y in range(deep.height() - legend_height(theme) + 1, deep.height(), 4):
            qtbot.mouseClick(deep, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_a_rendered_image_has_all_layers(deep, theme):
    first = place_of(deep, LAYERS[0], 0)
    image = deep.render_image(1.0)
    assert image.height() > deep.height()
    pitch = round((image.height() - legend_height(theme)) / 15)
    colours = {image.pixelColor(first.left() + 2, first.top() + 2 + i * pitch).name() for i in range(14)}
    assert len(colours) == 1
