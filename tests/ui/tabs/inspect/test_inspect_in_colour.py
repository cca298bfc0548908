"""The Inspect tab of a network of images in colour: three weights for each pixel are one colour."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeTraining, continued
from hand import choose_unit
from PySide6.QtCore import QPoint, Qt
from seen import part_told, reported_at
from weighted_fakes import WeightedInference

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

SHAPE = (16, 16, 3)
VAE = preset("emoji-vae").config.replace(epochs=2)
DENSE = preset("vae").config.replace(epochs=2, layers=(6,))


class ColourTraining(FakeTraining):
    """Trains on images in colour."""

    def train(self, request):
        """As a training on grey images, but the run says that its images are in colour."""
        turns = super().train(request)
        started, *others = next(turns)
        examples = np.zeros((100, *SHAPE), np.float32)
        examples.flags.writeable = False
        about = replace(started.description, image_shape=SHAPE, examples=examples, is_ink_on_black=False)
        budget = yield (replace(started, description=about), *others)
        yield from continued(turns, budget)


@pytest.fixture
def backends():
    return ColourTraining(), WeightedInference()


def choose_layer(qtbot, find, name):
    layers = find("layerList")
    rows = [layers.model().index(row, 0) for row in range(layers.model().rowCount())]
    index = next(row for row in rows if row.data().startswith(f"{name},"))
    layers.scrollTo(index)
    qtbot.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=layers.visualRect(index).center())


@pytest.mark.parametrize(
    ("config", "layer", "n_units", "owner"),
    [(VAE, "encoder_1", 32, "encoder_1"), (VAE, "decoder_6", 32, "decoder_5"), (DENSE, "encoder_1", 6, ""),
     (DENSE, "decoder_2", 6, "")],
)  # fmt: skip
def test_layers_at_the_image_show_a_colour_image_for_each_unit(
    qtbot, engine, tab, find, train, config, layer, n_units, owner
):
    run = train(config)
    choose_layer(qtbot, find, layer)
    images = find("weightsMontage").shown.images
    assert images.is_colour
    assert images.n_units == n_units
    assert "in colour" in find("layerDescription").text()
    assert find("unitImage").values.shape[-1] == 3
    if owner:
        choose_unit(find("weightsMontage"), 2)
        find("muteUnitButton").click()
        (bend,) = engine.bending.of(run.run_id)
        assert (bend.part.layer, bend.part.unit) == (owner, 2)
        assert list(find("weightsMontage").bent) == [2]


def test_a_switch_shows_each_channel_by_itself_and_back(qtbot, tab, find, train):
    train(VAE)
    switch = find("colourButton")
    assert switch.isVisible()
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    images = find("weightsMontage").shown.images
    assert not images.is_colour
    assert (images.n_inputs, images.n_units) == (3, 32)
    assert "a row for each input channel" in find("layerDescription").text()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert find("weightsMontage").shown.images.is_colour


@pytest.mark.parametrize(
    ("layer", "each", "colour"), [("encoder_1", 2 * 32 + 7, 7), ("decoder_6", 30 * 3 + 2, 30)]
)
def test_the_chosen_kernel_stays_chosen(qtbot, tab, find, train, layer, each, colour):
    """Blue of a kernel becomes that kernel in colour, and blue when each channel is shown again."""
    train(VAE)
    choose_layer(qtbot, find, layer)
    montage, switch = find("weightsMontage"), find("colourButton")
    switch.click()
    choose_unit(montage, each)
    switch.click()
    assert montage.tile == colour
    assert montage.grab().toImage().width() > 0
    switch.click()
    assert montage.tile == each
    switch.click()
    choose_unit(montage, colour + 1)
    switch.click()
    assert montage.tile == (colour + 1 if layer == "encoder_1" else 3 * (colour + 1)), "its red"


def test_layers_within_show_numbers_as_before(qtbot, tab, find, train):
    train(VAE)
    choose_layer(qtbot, find, "encoder_2")
    assert not find("weightsMontage").shown.images.is_colour


@pytest.mark.parametrize("size", [(1208, 748), (832, 560)])
@pytest.mark.parametrize("in_colour", [True, False])
def test_kernels_use_the_page(qtbot, tab, find, train, size, in_colour):
    """Not a strip of a tenth of it; pixels are squares of equal size, so that a fifth may be left."""
    tab.resize(*size)
    train(VAE)
    if not in_colour:
        qtbot.mouseClick(find("colourButton"), Qt.MouseButton.LeftButton)
    for layer in ("encoder_1", "decoder_6"):
        choose_layer(qtbot, find, layer)
        montage = find("weightsMontage")
        image = montage.render_image(1.0)
        assert max(image.width() / montage.width(), image.height() / montage.height()) > 0.8
        assert min(image.width() / montage.width(), image.height() / montage.height()) > 0.4


def test_the_epochs_of_a_unit_are_those_of_its_kernel_in_colour(qtbot, tab, find, train):
    """The last layer's kernels count from 0, the 32 inputs by turns; at the end they are not scaled."""
    train(VAE)
    choose_layer(qtbot, find, "decoder_6")
    choose_unit(find("weightsMontage"), 20)
    epochs = find("unitEpochs")
    qtbot.waitUntil(lambda: len(epochs.positions) > 2)
    middle = QPoint(epochs.width() - 2, epochs.height() // 3)
    qtbot.waitUntil(lambda: "from 20 to 1" in reported_at(epochs, middle))


def test_the_units_that_paint_red_green_and_blue_can_be_chosen_and_stepped_through(qtbot, tab, find, train):
    """In colour, a kernel of the last layer belongs to a unit of the layer before it."""
    train(VAE)
    choose_layer(qtbot, find, "decoder_6")
    choose_unit(find("weightsMontage"), 5)
    find("arithmeticButton").click()
    steps = find("unitArithmetic")
    qtbot.waitUntil(lambda: steps.shown is not None)
    (given, painted), *_ = steps.shown.rows
    assert (given.title, painted.title) == ("input 5", "unit 0")
    assert painted.values.shape == SHAPE[:2]
    find("activationsButton").click()
    maps, layers = find("networkActivations"), find("layerList")

    def choose_blue():
        """Once the page is laid out."""
        qtbot.keyClick(maps, Qt.Key.Key_End)  # the last layer, where the rows scroll
        blue = part_told(maps, "decoder_6 · unit 2")
        if blue is None:
            return False
        qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=blue.center())
        return (layers.layer.name, find("weightsMontage").tile) == ("decoder_6", 2)

    qtbot.waitUntil(choose_blue)
    find("arithmeticButton").click()
    assert [panel.title for panel in steps.shown.rows[0]] == ["input 0", "unit 2"]
    find("weightsButton").click()
    assert find("weightsMontage").shown.images.is_colour


def test_a_swap_that_has_begun_is_not_finished_by_another_view(qtbot, engine, tab, find, train):
    run = train(VAE)
    choose_layer(qtbot, find, "decoder_6")
    choose_unit(find("weightsMontage"), 5)
    find("swapUnitButton").click()
    with qtbot.assertNotEmitted(engine.notifications.unanswered):
        find("activationsButton").click()
    assert not find("swapUnitButton").isChecked()
    assert not engine.bending.of(run.run_id)
