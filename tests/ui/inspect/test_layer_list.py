"""The layers of the network: one is selected, by the user or by name."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from seen import hover_texts

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.activation_maps import ActivationMaps, activation_maps
from cadl_gui.imaging.weights.colour_map import EMPTY
from cadl_gui.system.glossary import glossary
from cadl_gui.ui.inspect.layer_delegate import mosaic
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import LIGHT, SEMIBOLD

pytestmark = pytest.mark.gui


def layers_of(name):
    return model_spec(preset(name).config.model, (28, 28, 1), 10).layers


@pytest.fixture
def layers(qtbot):
    layers = LayerList(Theme("light", details=True), ViewState())
    qtbot.addWidget(layers)
    layers.resize(900, 140)
    layers.set_layers(layers_of("vae"))
    layers.show()
    return layers


def test_the_first_layer_is_current(layers):
    assert layers.layer.name == "encoder_1"
    assert layers.currentIndex().data() == "encoder_1, 401,920 parameters, dense, 28×28 → 512"


def test_another_network_shows_its_first_layer_and_each_keeps_the_one_chosen(layers):
    """Its only layer, the logits, was current; the last one of the next network was then opened."""
    assert "Logit" not in layers.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
    layers.set_layers(layers_of("softmax"))
    assert f"\nLogit: {glossary()['logit']}" in layers.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
    assert layers.layer.name == "logits"
    layers.set_layers(layers_of("lecture-conv-classifier"))
    assert layers.layer.name == "encoder_1"
    layers.choose(layers_of("lecture-conv-classifier")[2])
    place = layers.visualRect(layers.currentIndex()).center()
    QTest.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert layers.selectedIndexes() == [layers.currentIndex()]
    layers.set_layers(layers_of("softmax"))
    layers.set_layers(layers_of("lecture-conv-classifier"))
    assert layers.layer.name == "hidden"


def test_a_tied_layer_names_the_one_whose_kernel_it_uses(layers):
    layers.set_layers(layers_of("lecture-autoencoder"))
    layers.choose(layers_of("lecture-autoencoder")[-1])
    assert "kernel of encoder_1" in layers.currentIndex().data()
    assert "0 parameters" in layers.currentIndex().data()


def test_choosing_ends_at_the_ends(qtbot, layers):
    qtbot.keyClick(layers, Qt.Key.Key_Right)
    assert layers.layer.name == "encoder_2"
    layers.step(-5)
    assert layers.layer.name == "encoder_2"


def width_of(layers):
    return layers.visualRect(layers.model().index(0, 0)).width()


def test_layers_share_the_room_lose_the_middle_of_their_names_and_then_scroll(qtbot, layers):
    """On a projector beside a lesson, three of eight were in sight, and the class was to click the fourth."""
    n, room = layers.model().rowCount(), layers.viewport().width
    last, middle = (layers.model().index(row, 0) for row in (n - 1, n // 2))
    wide = width_of(layers)
    name = QFontMetrics(layers.font()).horizontalAdvance("encoder_1")
    for across, is_whole in ((700, True), (50 * n, False)):
        layers.resize(across, 140)
        qtbot.waitUntil(
            lambda wide=wide: layers.visualRect(last).right() < room() and width_of(layers) < wide
        )
        assert (width_of(layers) > name) is is_whole
        wide = width_of(layers)
    layers.resize(200, 140)
    qtbot.waitUntil(lambda: layers.visualRect(last).right() > room())
    assert width_of(layers) > QFontMetrics(layers.font()).horizontalAdvance("e…r_1")
    layers.choose(layers_of("vae")[n // 2])
    qtbot.waitUntil(lambda: abs(layers.visualRect(middle).center().x() - room() / 2) < width_of(layers) / 2)


def test_on_a_small_projector_names_are_smaller_rather_than_cut(qtbot):
    specs, theme = layers_of("conv-autoencoder"), Theme("light", present=True)
    layers = LayerList(theme, ViewState())
    qtbot.addWidget(layers)
    layers.resize(900, 160)
    layers.set_layers(specs)
    layers.show()

    def longest(role):
        metrics = QFontMetrics(theme.font(role, SEMIBOLD))
        return max(metrics.horizontalAdvance(layer.name) for layer in specs)

    for role in ("caption", "small", "caption"):
        layers.resize(len(specs) * (longest(role) + layers.arrow_px + 8), 160)
        assert layers.text_role == role
        qtbot.waitUntil(lambda role=role: width_of(layers) >= longest(role) + layers.arrow_px)
        qtbot.waitUntil(lambda: not layers.horizontalScrollBar().isVisible())


def thumbnail_of(layers, row):
    return layers.viewport().grab(layers.visualRect(layers.model().index(row, 0))).toImage()


def test_a_thumbnail_shows_the_activations(layers):
    layer = layers_of("vae")[1]
    empty = thumbnail_of(layers, 1)
    layers.set_activations({layer.name: activation_maps(layer, np.eye(1, 256, dtype=np.float32)[0])})
    one = thumbnail_of(layers, 1)
    assert one != empty
    layers.set_activations({layer.name: activation_maps(layer, np.ones(256, np.float32))})
    assert thumbnail_of(layers, 1) not in (one, empty)


def test_of_many_maps_the_strongest_are_in_the_thumbnail(layers):
    layer = layers_of("conv-classifier")[1]
    given = np.zeros(layer.output_shape, np.float32)
    given[..., 20] = 1
    layers.set_layers(layers_of("conv-classifier"))
    layers.set_activations({layer.name: activation_maps(layer, given)})
    one = thumbnail_of(layers, 1)
    layers.set_activations({layer.name: activation_maps(layer, np.zeros_like(given))})
    assert thumbnail_of(layers, 1) != one


def test_maps_in_a_thumbnail_are_in_rows_of_the_squarest_grid():
    """They are as activations show them; empty places, where there are fewer, are at the end."""
    layer = layers_of("conv-classifier")[1]
    for n, rows, columns in ((1, 1, 1), (2, 1, 2), (3, 2, 2), (5, 2, 3)):
        maps = np.arange(n, dtype=np.float32)[:, None, None] * np.ones((n, 14, 28), np.float32)
        painted = mosaic(ActivationMaps(layer, maps)).astype(int)
        assert painted.shape == (15 * rows - 1, 29 * columns - 1)
        cells = [painted[15 * row + 7, 29 * column + 14] for row in range(rows) for column in range(columns)]
        assert cells[:n] == sorted(set(cells[:n]))
        assert set(cells[n:]) <= {EMPTY}


def test_two_latent_values_are_a_point_of_the_plane(layers):
    layer = next(layer for layer in layers_of("vae") if layer.name == "z_mean")
    row = layers_of("vae").index(layer)
    layers.set_activations({layer.name: activation_maps(layer, np.array([1, 1], np.float32))})
    there = thumbnail_of(layers, row)
    layers.set_activations({layer.name: activation_maps(layer, np.array([-1, 1], np.float32))})
    ink, width = QColor(LIGHT.text), there.width()
    left, right = ([x for x in range(width) for y in range(40) if one.pixelColor(x, y) == ink]
                   for one in (thumbnail_of(layers, row), there))  # fmt: skip
    assert left
    assert max(left) < min(right)


def test_layer_under_the_pointer_is_reported(qtbot, layers):
    heard = hover_texts(layers)
    place = layers.visualRect(layers.model().index(1, 0)).center()
    qtbot.mouseMove(layers.viewport(), place)
    qtbot.mouseMove(layers.viewport(), place + QPoint(2, 2))
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].startswith("encoder_2, "))


def test_without_a_run_there_is_no_layer(layers):
    layers.set_layers(())
    assert layers.layer is None
