"""The montage of a layer: exact pixels, selection by click and keys, zoom, non-finite weights."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hand import drag, wheel
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtTest import QTest
from seen import colours_of, part_told, reported_at

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.colour_map import NOT_A_NUMBER_COLOUR, colour_map
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.ui.figures.colour_legend import legend_height
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

pytestmark = pytest.mark.gui


def weights_of(kernel):
    layer = LayerSpec(
        name="layer", kind="convolution", input_shape=(9, 9, kernel.shape[2]),
        output_shape=(9, 9, kernel.shape[3]), kernel_size=len(kernel),
    )  # fmt: skip
    return LayerWeights(layer, kernel.astype(np.float32), None)


def image_of(kernel, range_name="layer"):
    weights = weights_of(kernel)
    return layer_image(weights, range_name, [weights])


KERNELS = np.random.default_rng(5).normal(size=(5, 5, 3, 4))


@pytest.fixture
def view(qtbot, theme):
    view = WeightsView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    return view


@pytest.fixture
def shown(view):
    view.set_layer(image_of(KERNELS))
    view.set_tile(0)
    return view


def test_every_weight_is_one_pixel_of_its_colour(shown):
    pixels, limit = rgba_pixels(shown.image)[..., :3], np.sort(np.abs(KERNELS).ravel())[-3]
    table, window = colour_map("coolwarm"), (0xF5, 0xF5, 0xF4)
    expected = np.tile(np.array(window, np.uint8), (17, 23, 1))
    for source in range(3):
        for target in range(4):
            for y in range(5):
                for x in range(5):
                    value = min(1.0, max(-1.0, KERNELS[y, x, source, target] / limit))
                    expected[6 * source + y, 6 * target + x] = table[128 + round(128 * value)]
    np.testing.assert_array_equal(pixels, expected)


def test_a_saved_image_holds_all_of_the_legend(shown):
    saved = rgba_pixels(shown.render_image(2.0))[..., :3]
    in_bar = (
        (saved[-2 * legend_height(Theme("light")) :] == colour_map("coolwarm")[0]).all(axis=2).any(axis=1)
    )
    in_bar = np.concatenate([np.zeros(len(saved) - len(in_bar), np.bool_), in_bar])
    assert len(saved) - np.flatnonzero(in_bar)[0] == 2 * (legend_height(Theme("light")) - GAP_SMALL_PX)


def test_a_drag_ends_where_the_layer_goes(qtbot, shown):
    """As when the run is removed while its montage is dragged."""
    at = QPoint(100, 100)
    qtbot.mousePress(shown, Qt.MouseButton.LeftButton, pos=at)
    shown.set_layer(None)
    drag(shown, at + QPoint(20, 20))
    shown.set_layer(image_of(KERNELS))
    before = shown.render_image(1.0)
    drag(shown, at + QPoint(40, 40))
    assert shown.render_image(1.0) == before


def test_a_colour_map_changes_colours_only(shown, theme):
    theme.set_colour_map("grey")
    pixels = rgba_pixels(shown.image)[:5, :5, :3]
    assert (pixels == pixels[..., :1]).all()


def test_a_click_chooses_the_kernel_under_it_and_in_a_gap_none(qtbot, shown):
    with qtbot.waitSignal(shown.tile_chosen) as chosen:
        # 17 pixels to each weight: the second row of the third column.
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(4 + 17 * 14, 4 + 17 * 8))
    assert chosen.args == [1 * 4 + 2]
    assert shown.tile == 6
    with qtbot.assertNotEmitted(shown.tile_chosen):
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(4 + round(17 * 5.5), 10))


def test_arrow_keys_move_the_selection_within_the_montage(qtbot, shown):
    for key, tile in (
        (Qt.Key.Key_Left, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 5), (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_Up, 1),
    ):  # fmt: skip
        qtbot.keyClick(shown, key)
        assert shown.tile == tile


def test_what_is_under_the_pointer_is_the_weight(qtbot, shown):
    dense = LayerSpec(name="dense", kind="dense", input_shape=(13,), output_shape=(2,))
    weights = LayerWeights(dense, np.arange(26, dtype=np.float32).reshape(13, 2), None)
    shown.set_layer(layer_image(weights, "layer", [weights]))
    last = part_told(shown, "unit 0 · input 12 · 24")
    assert not reported_at(shown, last.center() + QPoint(last.width(), 0)), "of 16 places, 3 are empty"


def test_of_an_image_in_colour_the_input_channels_are_called_by_their_colours(view):
    weights = replace(weights_of(KERNELS), input_names=("red", "green", "blue"))
    view.set_layer(layer_image(weights, "layer", [weights]))
    assert part_told(view, "unit 2 · green · x 2, y 2") is not None
    assert part_told(view, "unit 2 · input") is None


def test_units_that_are_classes_have_their_badges_and_are_called_by_them(view, theme):
    """A stranger counted ten columns to find the one of the 3."""
    for names, background in ((numbered(10), "light"), (("cat", "Travel & Places"), "dark"), ((), "light")):
        n = len(names) or 10
        weights = weights_of(np.ones((28, 28, 1, n)))
        view.set_layer(layer_image(replace(weights, class_names=names), "layer", [weights]))
        theme.set_mode(background)
        for unit in range(n):
            tile = part_told(view, f"class {names[unit]} ·" if names else f"unit {unit} ·")
            badge = view.grab().toImage().copy(QRect(tile.topLeft(), QSize(tile.width(), 14)))
            assert (theme.label_colours(background)[unit].lower() in colours_of(badge)) is bool(names)
    view.set_layer(layer_image(replace(weights, class_names=numbered(10)), "layer", [weights]))
    large = colours_of(view.grab().toImage())
    view.resize(90, 120)
    assert theme.label_colours("light")[3].lower() in large - colours_of(view.grab().toImage()), "no room"


def test_badges_go_with_their_units_where_these_are_sorted(view, theme):
    weights = weights_of(np.arange(1.0, 5.0) * np.ones((9, 9, 1, 4)))
    names = replace(weights, class_names=numbered(4))
    for is_sorted in (True, False, True):
        view.set_layer(layer_image(names, "layer", [weights], by_norm=is_sorted))
        for unit in range(4):
            tile = part_told(view, f"class {unit} ·")
            badge = view.grab().toImage().copy(QRect(tile.topLeft(), QSize(tile.width(), 14)))
            assert theme.label_colours("light")[unit].lower() in colours_of(badge)


def test_a_mark_is_at_the_kernel_that_it_is_about(view, theme):
    plain = np.arange(-2.0, 3.0).repeat(5).reshape(5, 5, 1, 1) * np.ones((5, 5, 3, 4))
    for source, unit in ((2, 1), (0, 3), (2, 1)):
        kernel = plain.copy()
        kernel[..., source, unit] = KERNELS[..., source, unit]
        view.set_layer(image_of(kernel))
        corner = part_told(view, f"unit {unit} · input {source} · x 4, y 0")
        image, mark = view.grab().toImage(), theme.colours.caution_surface.lower()
        near = corner.adjusted(-20, -3, 20, 20)
        assert mark in colours_of(image.copy(near))
        pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
        assert all(near.contains(x, y) for x, y in pixels if image.pixelColor(x, y).name() == mark)
        view.set_bent({4 * source + unit: scaled((), Part("layer", unit), 0.5)[0]})
        assert view.grab().toImage() != image, "of a bent one, the bend is more important than its look"
        view.set_bent({})


def test_the_tip_says_what_each_mark_means(view):
    """Nobody knew what “≈” means."""
    ramp = np.arange(-2.0, 3.0).repeat(5).reshape(5, 5, 1, 1)
    for kernel, marks in ((KERNELS, "≈"), (np.ones((5, 5, 1, 2)), "="), (ramp, "")):
        view.set_layer(image_of(kernel))
        assert "".join(line[0] for line in view.toolTip().split("\n") if line) == marks
    view.set_layer(image_of(KERNELS))
    assert "≈ Looks like noise" in view.toolTip()


def test_the_montage_is_laid_out_for_its_room(view):
    """In a wide room, one line after another becomes longer, and the images larger."""
    many = np.random.default_rng(3).normal(size=(5, 5, 1, 24))
    view.set_layer(image_of(many))
    square = view.shown.grid.columns
    view.resize(900, 300)
    assert view.shown.grid.columns > square
    image = view.render_image(1.0)
    assert image.width() > 0.7 * view.width()


def test_in_present_mode_kernels_are_large_whole_in_their_row_and_the_rest_is_below(qtbot, view, theme):
    """Five hundred units were 20 pixels wide each."""
    view.resize(900, 240)
    view.set_layer(image_of(np.random.default_rng(3).normal(size=(28, 28, 1, 500))))
    assert part_told(view, "unit 0 ·").width() < 30
    for is_on in (True, False, True):
        theme.set_present(is_on)
        columns = view.shown.grid.columns
        first, last = (part_told(view, f"unit {unit} ·") for unit in (0, columns - 1))
        assert (first.width() >= 60) is is_on
        assert last.width() == pytest.approx(first.width(), abs=2)
        assert first.top() == last.top()
        assert (part_told(view, "unit 499 ·") is None) is is_on
    view.set_layer(image_of(KERNELS))
    assert part_told(view, "unit 3 ·") is not None, "the last one of a few"


def test_two_views_side_by_side_zoom_together(qtbot, theme):
    now = WeightsView(theme, empty_text="")
    before = WeightsView(theme, empty_text="", beside=now)
    for view in (now, before):
        qtbot.addWidget(view)
        view.resize(400, 400)
        view.show()
        view.set_layer(image_of(KERNELS))
    small = part_told(before, "unit 0 · input 0 · x 0, y 0").width()
    now.zoom(2, QPointF(4, 4))
    assert part_told(before, "unit 0 · input 0 · x 0, y 0").width() > small


def test_zooming_in_keeps_the_chosen_kernel_in_sight(qtbot, shown):
    for _ in range(6):
        qtbot.keyClick(shown, Qt.Key.Key_Plus)
    assert part_told(shown, "unit 3", least=8) is None, "not all of them are in sight"
    for _ in range(3):
        qtbot.keyClick(shown, Qt.Key.Key_Right)
    assert shown.tile == 3
    kernel, weight = part_told(shown, "unit 3 · input 0"), part_told(shown, "unit 3 · input 0 · x 1, y 0")
    assert weight.width() > 17
    assert kernel.width() >= 5 * weight.width() - 5, "all of it is in sight"
    mark = Theme("light").colours.caution_surface.lower()
    assert mark in colours_of(shown.grab().toImage().copy(kernel)), "its mark is, too"
    qtbot.keyClick(shown, Qt.Key.Key_0)
    assert part_told(shown, "unit 0 · input 0 · x 0, y 0") is not None
    assert part_told(shown, "unit 3 · input 2 · x 4, y 4") is not None


def test_a_drag_moves_what_is_zoomed_and_chooses_nothing(qtbot, shown):
    for _ in range(6):
        qtbot.keyClick(shown, Qt.Key.Key_Plus)
    before, there = shown.render_image(1.0), QRect(100, 100, 200, 200)
    with qtbot.assertNotEmitted(shown.tile_chosen):
        qtbot.mousePress(shown, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
        qtbot.mouseMove(shown, QPoint(170, 190))
        qtbot.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=QPoint(170, 190))
    after = shown.render_image(1.0)
    assert after.copy(there.translated(-30, -10)) == before.copy(there)
    assert after.copy(there) != before.copy(there)


@pytest.mark.parametrize(
    "kernel",
    [
        np.full((5, 5, 1, 2), np.nan),
        np.full((5, 5, 1, 2), np.inf),
        np.zeros((3, 3, 2, 2)),
        np.full((1, 1, 1, 1), 3e38),
        np.ones((2, 2, 1, 300)),
        np.ones((31, 31, 1, 1)),
    ],
    ids=["nan", "inf", "zero", "huge", "many", "large"],
)
@pytest.mark.parametrize("range_name", ["unit", "layer", "model"])
def test_odd_weights_are_painted(view, kernel, range_name):
    empty = view.render_image(1.0)
    view.set_layer(image_of(kernel, range_name))
    view.set_tile(0)
    assert view.image.pixelColor(0, 0).name() in colours_of(view.render_image(1.0)) - colours_of(empty)
    if kernel.max() == 0:
        assert view.image.pixelColor(0, 0).getRgb()[:3] == tuple(colour_map("coolwarm")[128])
    elif np.isfinite(kernel).all():
        assert view.image.pixelColor(0, 0).getRgb()[:3] == tuple(colour_map("coolwarm")[256])
    if not np.isfinite(kernel).any():
        assert view.image.pixelColor(0, 0).getRgb()[:3] == NOT_A_NUMBER_COLOUR
        assert view.shown.reading.message().startswith("All 2 hold weights that are not finite")


def test_scrubbing_keeps_zoom_and_selection_and_another_layer_resets_them(qtbot, shown):
    qtbot.keyClick(shown, Qt.Key.Key_Plus)
    qtbot.keyClick(shown, Qt.Key.Key_Right)
    zoomed = part_told(shown, "unit 1 · input 1 · x 2, y 2")
    assert zoomed.width() > 17
    shown.set_layer(image_of(2 * KERNELS))
    assert part_told(shown, "unit 1 · input 1 · x 2, y 2") == zoomed
    assert shown.tile == 1
    shown.set_layer(image_of(KERNELS[:, :, :2]))
    assert part_told(shown, "unit 1 · input 1 · x 2, y 2").width() <= 17


def test_a_mark_covers_no_weight_where_the_gap_has_nearly_room_for_it(view, theme):
    view.resize(400, 420)
    view.set_layer(image_of(np.random.default_rng(7).normal(size=(5, 5, 1, 32))))
    scale = part_told(view, "unit 0").width() / 5
    looks = view.shown.reading.looks.reshape(-1)
    assert 0.6 * 14 < scale < 14
    assert looks.any()
    image = view.grab().toImage()
    caution = theme.colours.caution_surface.lower()
    for tile in np.flatnonzero(looks).tolist()[1:]:  # the first one has a ring
        x, y, width, _ = view.shown.grid.rect_of(tile)
        place = part_told(view, f"unit {tile} · x {width - 1}, y 0")
        weight = view.image.pixelColor(x + width - 1, y)
        for across in (place.left() + 1, place.center().x(), place.right()):
            assert image.pixelColor(across, place.center().y()) == weight
        if place.right() + 2 < image.width():
            assert image.pixelColor(place.right() + 2, place.top() + 1).name() == caution


def in_colour(kernel):
    layer = LayerSpec(
        name="layer", kind="convolution", input_shape=(9, 9, 3), output_shape=(9, 9, kernel.shape[3]),
        kernel_size=len(kernel),
    )  # fmt: skip
    weights = LayerWeights(layer, kernel.astype(np.float32), None)
    return layer_image(weights, "layer", [weights], in_colour=True)


def test_in_colour_a_kernel_is_one_image_and_tells_its_three_weights(qtbot, view):
    kernel = np.zeros((2, 2, 3, 4))
    kernel[0, 0, :, 0] = 1, -1, 0
    view.set_layer(in_colour(kernel))
    pixels = rgba_pixels(view.image)[..., :3]
    assert pixels.shape == (5, 5, 3)
    assert pixels[0, 0].tolist() == [255, 0, 128]
    assert pixels[0, 3].tolist() == [128, 128, 128]
    assert pixels[0, 2].tolist() == [0xF5, 0xF5, 0xF4]
    assert part_told(view, "unit 0 · x 0, y 0 · R 1, G −1, B 0") is not None


def test_a_colour_map_leaves_colours_alone(view, theme):
    view.set_layer(in_colour(KERNELS))
    before = rgba_pixels(view.image)
    theme.set_colour_map("grey")
    np.testing.assert_array_equal(rgba_pixels(view.image), before)


def test_a_weight_that_is_not_finite_is_pink_in_colour(view):
    kernel = KERNELS.copy()
    kernel[0, 0, 1, 0] = np.nan
    view.set_layer(in_colour(kernel))
    assert tuple(rgba_pixels(view.image)[0, 0, :3]) == NOT_A_NUMBER_COLOUR


LAYERS = {"first": KERNELS, "second": np.random.default_rng(6).normal(size=(3, 3, 2, 24))}


def image_of_layer(name):
    weights = weights_of(LAYERS[name])
    weights = replace(weights, layer=replace(weights.layer, name=name))
    return layer_image(weights, "layer", [weights])


class Pair:
    """Two views of a layer side by side; a step is one thing that a hand does, or another layer or size."""

    def __init__(self, qtbot, theme, state, size, layer="first"):
        self.now = WeightsView(theme, empty_text="", view=state)
        self.views = self.now, WeightsView(theme, empty_text="", beside=self.now)
        self.layer = layer
        for view in self.views:
            qtbot.addWidget(view)
            view.show()
        self.show(size)

    def show(self, size):
        for view in self.views:
            view.resize(size)
            view.set_layer(image_of_layer(self.layer))

    def choose(self, tile):
        for view in self.views:
            view.set_tile(tile)

    def painted(self):
        return [view.render_image(1.0) for view in self.views]

    def wheel(self, random):
        place = QPoint(random.randrange(60, 320), random.randrange(20, 200))
        wheel(random.choice(self.views), place, random.choice((120, 360, -240)))

    def drag(self, random):
        view, place = random.choice(self.views), QPoint(random.randrange(60, 320), random.randrange(60, 200))
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
        drag(view, place + QPoint(-41, 23))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place + QPoint(-41, 23))

    def walk(self, random):
        self.now.walk(*random.choice(((1, 0), (0, 1), (-1, 0))))
        self.choose(self.now.tile)

    def turn(self, _):
        self.layer = "second" if self.layer == "first" else "first"
        self.choose(0)
        self.show(self.now.size())

    def resize(self, random):
        self.show(QSize(random.randrange(300, 600), random.randrange(250, 500)))

    def hide(self, random):
        view = random.choice(self.views)
        view.setVisible(view.isHidden())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_every_walk_layers_are_zoomed_as_at_the_next_start(qtbot, theme, seed):
    """Of two layers, each with its own zoom; a size, a layer or a hidden page writes none."""
    state, random = ViewState(), Random(seed)
    pair = Pair(qtbot, theme, state, QSize(400, 300))
    for _ in range(40):
        zooms = state.value.figure.zooms
        step = random.choice(
            (pair.wheel, pair.wheel, pair.drag, pair.walk, pair.turn, pair.resize, pair.hide)
        )
        step(random)
        assert step in {pair.wheel, pair.drag, pair.walk} or state.value.figure.zooms is zooms
        again = Pair(qtbot, theme, state, pair.now.size(), pair.layer)
        again.choose(pair.now.tile)
        assert again.painted() == pair.painted()
    assert state.value.figure.zooms
