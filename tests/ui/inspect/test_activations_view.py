"""The activations of a layer for one image."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from seen import part_told, reported_at

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.activation_maps import activation_maps
from cadl_gui.imaging.weights.colour_map import NOT_A_NUMBER_COLOUR, colour_map
from cadl_gui.ui.figures.colour_legend import legend_height
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

pytestmark = pytest.mark.gui

CONVOLUTION = LayerSpec(
    name="encoder_1", kind="convolution", input_shape=(6, 10, 1), output_shape=(3, 5, 3), kernel_size=3
)
DENSE = LayerSpec(name="logits", kind="dense", input_shape=(3, 5, 3), output_shape=(5,))
MAPS = np.random.default_rng(6).normal(size=(3, 5, 3)).astype(np.float32)
LOGITS = np.array([-2, -1, 0, 1, 2], np.float32)


@pytest.fixture
def view(qtbot, theme):
    view = ActivationsView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.set_maps(activation_maps(DENSE, LOGITS))
    return view


@pytest.fixture
def maps(view):
    """The view with the maps of a convolution."""
    view.set_maps(activation_maps(CONVOLUTION, MAPS))
    return view


def place_of(view, layer, unit):
    return part_told(view, f"{layer.name} · {'class' if layer is DENSE else 'unit'} {unit} ·")


def test_each_activation_has_its_colour(maps):
    limit = np.abs(MAPS).max()
    image = maps.grab().toImage()
    rect = place_of(maps, CONVOLUTION, 2)
    side = rect.width() / 5
    for y in range(3):
        for x in range(5):
            colour = image.pixelColor(int(rect.left() + (x + 0.5) * side), int(rect.top() + (y + 0.5) * side))
            index = 128 + round(128 * float(MAPS[y, x, 2]) / float(limit))
            assert colour.getRgb()[:3] == tuple(colour_map("coolwarm")[index])


def test_the_scale_ends_with_the_colours_of_the_least_and_the_largest_activation(view):
    for sign, name in ((1, "activations/light"), (-1, "coolwarm"), (1, "activations/light")):
        view.set_maps(activation_maps(CONVOLUTION, sign * np.abs(MAPS)))
        image, legend = view.grab().toImage(), view.items()[-1].rect
        row = round(legend.top()) + GAP_SMALL_PX + 3
        bar = [
            image.pixelColor(x, row).getRgb()[:3] for x in range(round(legend.left()), round(legend.right()))
        ]
        first, last = colour_map(name)[128 if sign > 0 else 0], colour_map(name)[-1]
        assert (bar[0], bar[-1]) == (tuple(first), tuple(last))


def test_numbers_have_the_colours_of_a_wider_scale(view):
    view.set_maps(activation_maps(DENSE, LOGITS), 4.0)
    image = view.grab().toImage()
    for unit, index in ((0, 64), (2, 128), (4, 192)):
        corner = place_of(view, DENSE, unit).topLeft() + QPoint(3, 3)
        assert image.pixelColor(corner).getRgb()[:3] == tuple(colour_map("coolwarm")[index])


def test_maps_use_the_page(maps):
    image = maps.render_image(1.0)
    assert max(image.width() / maps.width(), image.height() / maps.height()) > 0.9


def test_a_click_chooses_a_unit_and_beside_them_nothing(qtbot, maps):
    with qtbot.waitSignal(maps.unit_chosen) as chosen:
        qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=place_of(maps, CONVOLUTION, 1).center())
    assert chosen.args == [1]
    with qtbot.assertNotEmitted(maps.unit_chosen):
        qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=QPoint(495, 395))


def test_what_is_under_the_pointer_is_reported(qtbot, maps):
    place = place_of(maps, CONVOLUTION, 2).center() + QPoint(2, 2)
    value = f"{MAPS[1, 2, 2]:.3g}".replace("-", "−")
    assert reported_at(maps, place) == f"encoder_1 · unit 2 · x 2, y 1 · {value}"


def test_a_ring_marks_the_chosen_unit(view):
    before = view.grab().toImage()
    view.set_chosen(3)
    after = view.grab().toImage()
    rect = place_of(view, DENSE, 3)
    edge = [(x, rect.center().y()) for x in range(rect.left() - 4, rect.left() + 1)]
    assert [before.pixelColor(*at) for at in edge] != [after.pixelColor(*at) for at in edge]
    inside = rect.center().x(), rect.center().y()
    assert before.pixelColor(*inside) == after.pixelColor(*inside)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        (np.nan, NOT_A_NUMBER_COLOUR),
        (np.inf, NOT_A_NUMBER_COLOUR),
        (0.0, tuple(colour_map("activations/light")[128])),
        (3e38, tuple(colour_map("activations/light")[256])),
        (-3e38, tuple(colour_map("coolwarm")[0])),
    ],
)
def test_odd_activations_have_their_colour_too(view, value, colour):
    view.set_maps(activation_maps(DENSE, np.full(5, value, np.float32)))
    image = view.grab().toImage()
    for unit in range(5):
        corner = place_of(view, DENSE, unit).topLeft() + QPoint(2, 2)
        assert image.pixelColor(corner).getRgb()[:3] == colour


def test_thousands_of_units_have_room(view):
    layer = LayerSpec(name="wide", kind="dense", input_shape=(4,), output_shape=(8192,))
    view.set_maps(activation_maps(layer, np.ones(8192, np.float32)))
    cell, colour = part_told(view, "wide · unit 0 ·").size(), tuple(colour_map("activations/light")[256])
    image = view.grab().toImage()
    bottom = part_told(view, "wide · unit 8191 ·").bottom()
    rows = image.copy(0, 0, image.width(), bottom + 1)
    pixels = ((x, y) for x in range(rows.width()) for y in range(rows.height()))
    n_painted = sum(rows.pixelColor(x, y).getRgb()[:3] == colour for x, y in pixels)
    assert n_painted == 8192 * cell.width() * cell.height()


def inks(view, rect):
    """The colours in a part of the image."""
    image = view.grab().toImage()
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
    assert part_told(view, "logits · class Travel & Places · 2") is not None
