"""The Inspect tab shows the weights of the run and the epoch that are shown; real clicks, NumPy backends."""

import numpy as np
import pytest
import trained
from fakes import FakeInference, FakeTraining
from PySide6.QtCore import QPoint, Qt
from weighted_fakes import WeightedInference

from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset
from cadl_gui.core.weights.colour_map import COLOUR_MAPS
from cadl_gui.ui.tabs.inspect_tab import InspectTab

pytestmark = pytest.mark.gui

LECTURE_SOFTMAX, LECTURE_CONV, SOFTMAX, VAE = (
    preset(name).configuration.replace(epochs=2)
    for name in ("lecture-softmax", "lecture-conv-classifier", "softmax", "vae")
)


@pytest.fixture
def backends():
    return FakeTraining(), WeightedInference()


@pytest.fixture
def tab(shown):
    tab = shown(InspectTab)
    yield tab
    tab.hide()


@pytest.fixture
def train(qtbot, engine, find):
    def train(configuration):
        run = trained.train(qtbot, engine, configuration)
        qtbot.waitUntil(lambda: shows_the_end(find))
        return run

    return train


def shows_the_end(find):
    """Whether the weights are those of the last epoch, which count on from 0."""
    shown = find("weightsMontage").shown
    return shown is not None and shown.limits.max() == shown.pictures.patches.size - 1


def shows_brightness(find, brightness):
    shown = find("weightsMontage").shown
    return shown is not None and shown.limits.max() == pytest.approx(brightness * 7839)


def test_before_there_is_a_run_it_says_what_to_do(tab, find):
    assert find("weightsMontage").shown is None
    assert find("layerList").layer is None


def test_a_run_shows_its_layers_and_the_first_ones_weights(tab, find, train):
    train(LECTURE_CONV)
    names = [find("layerList").model().index(row, 0).data() for row in range(4)]
    assert names[0] == "encoder_1, 832 parameters, convolution, 28×28 → 14×14×32"
    assert [name.split(",")[0] for name in names] == ["encoder_1", "encoder_2", "hidden", "logits"]
    shown = find("weightsMontage").shown
    assert shown.pictures.layer.name == "encoder_1"
    assert find("layerAbout").text().startswith("Kernels of 5×5, one for each of the 32 units.")


def test_another_layer_is_chosen_in_the_list(qtbot, tab, find, train):
    train(LECTURE_CONV)
    layers = find("layerList")
    place = layers.visualRect(layers.model().index(2, 0)).center()
    qtbot.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert find("weightsMontage").shown.pictures.layer.name == "hidden"
    assert "64 maps of 7×7" in find("layerAbout").text()


def test_the_timeline_moves_the_weights(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    qtbot.waitUntil(lambda: shows_brightness(find, 1))
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shows_brightness(find, 0.5))
    assert find("unitHistogram").statistics.maximum == pytest.approx(0.5 * 7830)
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: shows_brightness(find, 0))
    assert "All 10 are nearly constant" in find("layerAbout").text()


def test_nobody_asks_for_weights_that_nobody_sees(qtbot, tab, find, train, engine, monkeypatch):
    train(LECTURE_SOFTMAX)
    tab.hide()
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(engine, "ask", asked.append)
        engine.view.show(Position(0))
    assert not asked
    tab.show()
    qtbot.waitUntil(lambda: shows_brightness(find, 0))


def test_a_click_chooses_a_unit_and_arrows_walk_on(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    montage, unit = find("weightsMontage"), find("unitImage")
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784))
    qtbot.mouseClick(montage, Qt.MouseButton.LeftButton, pos=QPoint(200, 30))
    assert montage.tile == 1
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784) + 1)
    qtbot.keyClick(montage, Qt.Key.Key_Right)
    qtbot.keyClick(montage, Qt.Key.Key_Down)
    assert montage.tile == 6
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784) + 6)


def test_page_keys_walk_through_layers(qtbot, tab, find, train):
    train(LECTURE_CONV)
    montage = find("weightsMontage")
    qtbot.keyClick(montage, Qt.Key.Key_PageDown)
    assert find("layerList").layer.name == "encoder_2"
    qtbot.keyClick(montage, Qt.Key.Key_PageUp)
    qtbot.keyClick(montage, Qt.Key.Key_PageUp)
    assert find("layerList").layer.name == "encoder_1"


def test_colours_follow_the_run_and_the_theme_until_somebody_chooses(qtbot, tab, find, train, theme):
    maps = find("colormapCombo")
    train(LECTURE_SOFTMAX)
    assert maps.currentText() == "coolwarm"
    train(SOFTMAX)
    assert maps.currentText() == "vik"
    theme.set_mode("dark")
    assert maps.currentText() == "berlin"
    maps.setCurrentIndex(COLOUR_MAPS.index("grey"))
    maps.activated.emit(maps.currentIndex())
    theme.set_mode("light")
    assert maps.currentText() == "grey"
    image = find("unitImage")._image
    assert image.pixelColor(0, 0).red() == image.pixelColor(0, 0).blue()


def test_the_range_is_that_of_a_unit_a_layer_or_the_model(tab, find, train):
    train(LECTURE_CONV)
    ranges, montage = find("rangeCombo"), find("weightsMontage")
    assert ranges.currentText() == "layer"
    ranges.setCurrentText("unit")
    assert montage.shown.limits[0, 3] == 32 * 24 + 3
    ranges.setCurrentText("model")
    assert montage.shown.limits[0, 3] == 7 * 7 * 64 * 128 - 1


def test_sorted_units_start_with_the_largest(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    find("sortCheck").click()
    assert find("weightsMontage").shown.grid.order[0] == 9


def test_a_constant_kernel_is_marked_with_the_reason(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    assert find("unitReason").text() == ""
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: find("unitReason").text().startswith("Nearly constant"))


def test_an_example_goes_through_the_network_unit_by_unit(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    activation = find("unitActivation")
    find("examplePicker").setValue(50)
    find("weightsMontage").set_tile(4)
    find("weightsMontage").tile_chosen.emit(4)
    qtbot.waitUntil(lambda: activation.values is not None and activation.values[0, 0] > 0)
    assert activation.values[0, 0] == pytest.approx(4 * 0.5)


def test_the_way_through_the_network_shows_every_layer_and_leads_to_its_units(qtbot, tab, find, train):
    train(LECTURE_CONV)
    find("examplePicker").setValue(50)
    find("throughButton").click()
    view = find("networkActivations")
    assert view.isVisible()
    assert not find("weightsMontage").isVisible()
    qtbot.waitUntil(lambda: len(view.layers) == 4 and view.layers[3].maps.max() > 0)
    assert [maps.maps.shape for maps in view.layers] == [(32, 14, 14), (64, 7, 7), (128, 1, 1), (10, 1, 1)]
    row = view._rows(view.devicePixelRatioF())[4]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=row.map_rect(7, 1, 1).center().toPoint())
    assert find("layerList").layer.name == "logits"
    assert find("weightsMontage").tile == 7


def test_beside_activations_are_the_examples_that_excite_the_unit_most(qtbot, tab, find, train):
    """The fake network is excited by the first pixel, which is brightest in the last example."""
    train(LECTURE_CONV)
    find("weightsMontage").tile_chosen.emit(3)
    find("throughButton").click()
    exciting = find("excitingPictures")
    qtbot.waitUntil(lambda: exciting.pictures is not None)
    np.testing.assert_allclose(exciting.pictures[:, 0, 0, 0], np.linspace(0.99, 0.85, 15), rtol=1e-5)
    assert exciting.isVisible()
    assert not find("unitHistogram").isVisible()
    find("weightsButton").click()
    assert not exciting.isVisible()


def test_what_a_unit_paints_goes_with_the_activation_of_that_unit(qtbot, tab, find, train):
    train(VAE)
    find("examplePicker").setValue(50)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(layers.model().rowCount() - 1, 0))
    find("weightsMontage").tile_chosen.emit(3)
    activation = find("unitActivation")
    qtbot.waitUntil(lambda: activation.values is not None and activation.values[0, 0] > 0)
    assert activation.values.shape == (1, 1), "decoder_3 is dense, the picture that decoder_4 gives is not"
    assert activation.values[0, 0] == pytest.approx(3 * 0.5)


def test_another_run_shows_its_own_layers(qtbot, tab, find, train, engine):
    first = train(LECTURE_CONV)
    train(VAE)
    assert find("layerList").model().rowCount() == 9
    engine.view.show_run(first)
    qtbot.waitUntil(lambda: find("weightsMontage").shown is not None)
    assert find("weightsMontage").shown.pictures.layer.name == "encoder_1"
    assert find("weightsMontage").shown.pictures.n_units == 32


def test_a_narrow_window_lists_names_and_present_mode_shows_pictures_only(tab, find, train, theme):
    train(LECTURE_CONV)
    assert not find("layerList").is_narrow
    tab.resize(968, 616)
    assert find("layerList").is_narrow
    assert find("unitHistogram").isVisible()
    assert not find("unitActivation").isVisible()
    find("throughButton").click()
    assert not find("unitHistogram").isVisible()
    assert find("unitActivation").isVisible()
    theme.set_present(True)
    assert not find("unitHistogram").isVisible()
    assert not find("colormapCombo").isVisible()
    assert find("unitImage").isVisible()


def test_what_is_under_the_pointer_is_told(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    texts = []
    tab.pointer_text.connect(texts.append)
    qtbot.mouseMove(find("weightsMontage"), QPoint(30, 30))
    qtbot.mouseMove(find("weightsMontage"), QPoint(32, 30))
    assert texts[-1] == "unit 0 · x 5, y 5 · 1.45e+03"


class TestWeightsThatDoNotFit:
    """A file can hold anything."""

    @pytest.fixture
    def backends(self):
        return FakeTraining(), FakeInference()

    def test_are_told_in_a_sentence(self, qtbot, tab, find, engine):
        engine.train(SOFTMAX)
        qtbot.waitUntil(lambda: "not those of this run" in find("layerAbout").text())
        assert find("weightsMontage").shown is None
