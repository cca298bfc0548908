"""The images of `cadl render` equal those of the Inspect tab, pixel by pixel."""

import numpy as np
import pytest
from weighted_fakes import fake_weights

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeActivations, FetchSnapshot
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.imaging.weights.lecture_montage import montage_filters, stretched
from cadl_gui.pictures.activations_film import activations_film
from cadl_gui.pictures.weights_film import lecture_film, weights_film

SHAPE = (28, 28, 1)
TABLE = model_spec(preset("lecture-conv-classifier").config.model, SHAPE, 10)
IMAGE = np.random.default_rng(2).random(SHAPE, np.float32)
HOW = {"side_px": 300, "frames_per_second": 4.0}


def answer(request):
    """Weights count from 0, times the epoch; all activations are one."""
    match request:
        case FetchSnapshot():
            return Snapshot(request.position, fake_weights(TABLE, float(request.position.epoch)))
        case ComputeActivations():
            return tuple(np.ones((1, *layer.output_shape), np.float32) for layer in TABLE.layers)
    raise TypeError(request)


def render(rendering):
    return rendering.compose([answer(request) for request in rendering.requests])


@pytest.mark.gui
@pytest.mark.parametrize("number", range(4))
def test_a_layer_is_what_the_tab_shows(qtbot, theme_of_window, number):
    from cadl_gui.ui.figures.pixel_image import rgba_pixels
    from cadl_gui.ui.inspect.weights_view import WeightsView

    layer = TABLE.layers[number]
    how = {"colours": "coolwarm", "range_name": "unit", "by_norm": True, **HOW}
    film = render(weights_film("run", [Position(2)], TABLE, layer, **how))
    own = layer_weights(TABLE, fake_weights(TABLE, 2.0))
    view = WeightsView(theme_of_window, empty_text="")
    qtbot.addWidget(view)
    shown = layer_image(own[layer.name], "unit", own.values(), by_norm=True)
    view.set_layer(shown)
    pixels = rgba_pixels(view.image)[..., :3]
    assert film.frames[0].shape[:2] == (shown.grid.height, shown.grid.width)
    for tile in range(len(shown.grid.order)):  # the tab lays them out for its room
        parts = []
        for grid, whole in ((shown.grid, film.frames[0]), (view.shown.grid, pixels)):
            x, y, width, height = grid.rect_of(tile)
            parts.append(whole[y : y + height, x : x + width])
        np.testing.assert_array_equal(*parts)


@pytest.fixture
def theme_of_window(qapp):
    from cadl_gui.ui.theme.theme import Theme

    return Theme("light")


def test_a_film_has_a_frame_for_each_position():
    how = {"colours": "vik", "range_name": "layer", "by_norm": False, **HOW}
    film = render(weights_film("run", [Position(0), Position(3)], TABLE, TABLE.layers[0], **how))
    assert len(film.frames) == 2
    assert (film.frames[0, 0, 0] == colour_map("vik")[128]).all(), "untrained, all are zero"
    assert film.size[0] == pytest.approx(300, abs=40)


def test_weights_that_have_halved_look_weaker_in_a_film_as_in_the_tab():
    """Each frame had a scale of its own, so that weights which only grew seemed not to change."""
    how = {"colours": "vik", "range_name": "layer", "by_norm": False, **HOW}
    half, whole = render(
        weights_film("run", [Position(1), Position(2)], TABLE, TABLE.layers[0], **how)
    ).frames
    colours = colour_map("vik")
    assert (whole == colours[-1]).all(axis=-1).any()
    assert (half == colours[128 + 64]).all(axis=-1).any()
    assert not (half == colours[-1]).all(axis=-1).any()


def test_the_lectures_montages():
    first, second = (
        render(lecture_film("run", [Position(1)], TABLE, layer, colours="coolwarm", **HOW)).frames[0]
        for layer in TABLE.layers[:2]
    )
    own = layer_weights(TABLE, fake_weights(TABLE, 1.0))
    w1, w2 = own["encoder_1"].kernel, own["encoder_2"].kernel
    np.testing.assert_array_equal(first, stretched(montage_filters(w1), "coolwarm"))
    np.testing.assert_array_equal(second, stretched(montage_filters(w2 / np.max(w2)), "coolwarm"))


def test_activations_are_rows_of_maps_in_the_colours_of_the_tab():
    rendering = activations_film("run", [Position(1)], TABLE, IMAGE, colours="coolwarm", **HOW)
    answers = list(answer(rendering.requests[0]))
    signed = colour_map("coolwarm")[256]
    (frame,) = rendering.compose([answers]).frames
    assert (frame[0, 0] == colour_map("activations/light")[256]).all(), "all are the largest of their layer"
    assert not (frame == signed).all(axis=-1).any(), "none is negative"
    answers[0] = answers[0].copy()
    answers[0][0, 3, 3, 0] = -0.5
    (other,) = rendering.compose([answers]).frames
    assert (other[0, 0] == signed).all()
    np.testing.assert_array_equal(other[-1], frame[-1])
    assert other.dtype == np.uint8
