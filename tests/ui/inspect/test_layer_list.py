"""The list of layers: one is selected, by the user or by name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from seen import colours_of

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import LIGHT

pytestmark = pytest.mark.gui


def layers_of(name):
    return model_spec(preset(name).config.model, (28, 28, 1), 10).layers


@pytest.fixture
def layers(qtbot):
    layers = LayerList(Theme("light"))
    qtbot.addWidget(layers)
    layers.resize(216, 500)
    layers.set_layers(layers_of("vae"))
    layers.show()
    return layers


def test_the_first_layer_is_current(layers):
    assert layers.layer.name == "encoder_1"
    assert layers.currentIndex().data() == "encoder_1, 401,920 parameters, dense, 28×28 → 512"


def test_a_layer_of_the_same_name_stays_current(layers):
    layers.step(2)
    layers.set_layers(layers_of("lecture-autoencoder"))
    assert layers.layer.name == "encoder_3"
    layers.set_layers(layers_of("softmax"))
    assert layers.layer.name == "logits"


def test_a_tied_layer_names_the_one_whose_kernel_it_uses(layers):
    layers.set_layers(layers_of("lecture-autoencoder"))
    layers.choose(layers_of("lecture-autoencoder")[-1])
    assert "kernel of encoder_1" in layers.currentIndex().data()
    assert "0 parameters" in layers.currentIndex().data()


def test_choosing_is_reported_and_ends_at_the_ends(qtbot, layers):
    with qtbot.waitSignal(layers.layer_chosen) as chosen:
        qtbot.keyClick(layers, Qt.Key.Key_Down)
    assert chosen.args[0].name == "encoder_2"
    layers.step(-5)
    assert layers.layer.name == "encoder_2"


def test_narrow_rows_are_names_only(layers):
    secondary = QColor(LIGHT.secondary).name()
    wide = layers.sizeHintForRow(0)
    assert secondary in colours_of(layers.grab().toImage())
    layers.set_narrow(True)
    assert layers.sizeHintForRow(0) < wide
    colours = colours_of(layers.grab().toImage())
    assert QColor(LIGHT.text).name() in colours, "the names are there"
    assert secondary not in colours, "kinds, shapes and parameters are not"


def test_without_a_run_there_is_no_layer(layers):
    layers.set_layers(())
    assert layers.layer is None
