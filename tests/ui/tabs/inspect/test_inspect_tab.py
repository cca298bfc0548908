"""The Inspect tab shows the weights of the run and epoch shown; real clicks, NumPy backends."""

from dataclasses import replace

import numpy as np
import pytest
import trained
from asking import watch
from fakes import FakeInference, FakeTraining
from hand import choose_entry, choose_unit, wheel
from idle import wait_until_idle
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from seen import on_screen, painted_anew, part_told, reported_at
from weighted_fakes import N_TRAINING, PART, WeightedInference

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import (
    ComputeActivations,
    DecodeActivations,
    FetchSnapshot,
    FindTopActivations,
    Reconstruct,
)
from cadl_gui.domain.top_activations import TopActivations, top_activations
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.imaging.weights.lecture_montage import montage_filters, stretched
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.held_figure import HeldFigure
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.inspect.layer_delegate import LAYER_ROLE
from cadl_gui.ui.inspect.network_strip import NetworkStrip
from cadl_gui.ui.inspect.unit_panel import UnitPanel
from cadl_gui.ui.inspect.weights_view import WeightsView

pytestmark = pytest.mark.gui
BACKENDS = FakeTraining, WeightedInference

LECTURE_SOFTMAX, LECTURE_CONV, SOFTMAX, VAE, AUTOENCODER = (
    preset(name).config.replace(epochs=2)
    for name in ("lecture-softmax", "lecture-conv-classifier", "softmax", "vae", "autoencoder")
)

WIDEST = 0.99 * 7839
"""One in a hundred of the weights from 1 to 7839 is beyond the colours."""


def shows_brightness(find, brightness):
    shown = find("weightsMontage").shown
    return shown is not None and shown.images.patches.max() == pytest.approx(brightness * 7839)


def refuse(request):
    raise CadlError("The dataset is not at hand.")


def test_before_there_is_a_run_it_says_what_to_do(tab, find, theme):
    montage = find("weightsMontage")
    reported = WeightsView(theme, empty_text="Train or open a run. What it has learned appears here.")
    reported.resize(montage.size())
    assert montage.render_image(1.0) == reported.render_image(1.0)
    assert find("layerList").model().rowCount() == 0
    assert not find("muteUnitButton").isEnabled()


def test_nobody_is_told_to_open_a_run_while_that_of_one_is_read(tab, find, engine, qtbot):
    trained.train(qtbot, engine, LECTURE_SOFTMAX)
    shown = trained.train(qtbot, engine, LECTURE_CONV)
    engine.view.show_run(engine.runs[0])
    engine.view.show_run(shown)
    assert find("weightsMontage").shown is None, "its weights are asked for, and cannot be there"
    assert find("weightsMontage").accessibleDescription() == "What it has learned appears here."
    for view in ("activations", "weights"):
        find(f"{view}Button").click()
        assert find("layerDescription").isVisible() is (view == "weights"), "nothing moves for a moment"


def test_a_run_shows_its_layers_and_the_first_ones_weights(tab, find, train):
    train(LECTURE_CONV)
    names = [find("layerList").model().index(row, 0).data() for row in range(4)]
    assert names[0] == "encoder_1, 832 parameters, convolution, 28×28 → 14×14×32"
    assert [name.split(",")[0] for name in names] == ["encoder_1", "encoder_2", "hidden", "logits"]
    shown = find("weightsMontage").shown
    assert shown.images.layer.name == "encoder_1"
    assert find("layerDescription").text().startswith("Kernels of 5×5, one for each of the 32 units.")


def test_a_network_of_grey_images_has_no_switch_for_colours(tab, find, train):
    train(LECTURE_CONV)
    assert not find("colourButton").isVisible()


def test_another_layer_is_chosen_in_the_list(qtbot, tab, find, train):
    train(LECTURE_CONV)
    layers = find("layerList")
    place = layers.visualRect(layers.model().index(2, 0)).center()
    qtbot.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert find("weightsMontage").shown.images.layer.name == "hidden"
    assert "64 maps of 7×7" in find("layerDescription").text()


def test_the_timeline_moves_the_weights(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    qtbot.waitUntil(lambda: shows_brightness(find, 1))
    find("statisticsButton").click()
    scale = find("weightsMontage").shown.limits.max()
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shows_brightness(find, 0.5))
    qtbot.waitUntil(lambda: find("weightsMontage").shown.limits.max() == scale)
    assert scale == pytest.approx(WIDEST, abs=1)
    find("ownScaleCheck").click()
    assert find("weightsMontage").shown.limits.max() == pytest.approx(scale / 2)
    assert "to 3.92e+03 ·" in find("unitHistogram").accessibleDescription()
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: shows_brightness(find, 0))
    assert "All 10 are nearly constant" in find("layerDescription").text()


def test_weights_that_are_not_visible_are_not_requested(qtbot, tab, find, train, engine, monkeypatch):
    runs = train(LECTURE_CONV), train(LECTURE_SOFTMAX)
    wait_until_idle(engine, tab)
    tab.hide()
    asked = watch(engine, monkeypatch)
    for run in runs:
        engine.view.show_run(run)
        engine.view.show(Position(0))
        wait_until_idle(engine, tab)
    assert not asked, "nor those of the untrained network beside it"
    tab.show()
    qtbot.waitUntil(lambda: shows_brightness(find, 0))


def test_a_click_selects_a_unit_and_arrows_move_the_selection(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    montage, unit = find("weightsMontage"), find("unitImage")
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784))
    qtbot.mouseClick(montage, Qt.MouseButton.LeftButton, pos=part_told(montage, "class 1").center())
    assert montage.tile == 1
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784) + 1)
    qtbot.keyClick(montage, Qt.Key.Key_Right)
    qtbot.keyClick(montage, Qt.Key.Key_Down)
    below = 2 + montage.shown.grid.columns
    assert montage.tile == below
    np.testing.assert_array_equal(unit.values.reshape(-1), 10 * np.arange(784) + below)


def test_page_keys_with_ctrl_select_layers(qtbot, tab, find, train):
    train(LECTURE_CONV)
    montage = find("weightsMontage")
    qtbot.keyClick(montage, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert find("layerList").layer.name == "encoder_2"
    qtbot.keyClick(montage, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(montage, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert find("layerList").layer.name == "encoder_1"


def test_colours_depend_on_run_and_theme_until_the_user_chooses(qtbot, tab, find, train, theme):
    maps = find("colormapCombo")
    train(LECTURE_SOFTMAX)
    assert maps.currentData() == "coolwarm"
    train(SOFTMAX)
    assert maps.currentData() == "vik"
    theme.set_mode("dark")
    assert maps.currentData() == "berlin"
    choose_entry(maps, "Grey")
    theme.set_mode("light")
    assert maps.currentData() == "grey"
    assert [maps.itemText(i) for i in range(3)] == ["Blue to red", "Zero is dark", "Grey"]
    image = find("unitImage").grab().toImage()
    weight = image.pixelColor(image.rect().center())
    assert weight.red() == weight.blue()


def test_the_range_is_that_of_a_unit_a_layer_or_the_model(tab, find, train):
    train(LECTURE_CONV)
    ranges, montage = find("rangeCombo"), find("weightsMontage")
    assert ranges.currentText() == "layer"
    ranges.setCurrentText("unit")
    assert montage.shown.limits[0, 3] == 32 * 24 + 3
    ranges.setCurrentText("model")
    assert montage.shown.limits[0, 3] == pytest.approx(0.99 * 7 * 7 * 64 * 128, abs=1)


def test_kernels_are_shown_as_the_lecture_shows_them(tab, find, train):
    train(LECTURE_CONV)
    find("rangeCombo").setCurrentText("lecture")
    lecture, montage = find("lectureMontage"), find("weightsMontage")
    assert lecture.isVisible()
    assert not montage.isVisible()
    kernel = montage.shown.images.patches[0, :, 0].transpose(1, 2, 0)[:, :, np.newaxis]
    expected = stretched(montage_filters(kernel), "coolwarm")
    image = next(item.image for item in lecture.items() if item.image is not None)
    np.testing.assert_array_equal(rgba_pixels(image)[..., :3], expected)
    assert "to the highest" in find("layerDescription").text()
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(3, 0))
    assert montage.isVisible(), "a dense layer has no kernels"


def test_a_montage_that_was_moved_stays_where_it_is_while_the_timeline_moves(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    montage = find("weightsMontage")
    there = QPoint(500, 500)
    wheel(montage, there, 8 * 120)
    before = reported_at(montage, there).rsplit(" · ", 1)[0]
    assert part_told(montage, "class 0", least=24) is None, "the chosen unit is out of sight"
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shows_brightness(find, 0.5))
    assert reported_at(montage, there).rsplit(" · ", 1)[0] == before


def test_sorted_units_start_with_the_largest(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    find("sortCheck").click()
    assert find("weightsMontage").shown.grid.order[0] == 9


def test_the_untrained_network_has_a_scale_of_its_own_where_each_epoch_has(qtbot, tab, find, train, engine):
    """Over the whole model, it had that of the epoch which happened to be shown first beside it."""
    train(LECTURE_SOFTMAX)
    before, now = find("weightsBefore"), find("weightsMontage")
    qtbot.waitUntil(lambda: before.shown is not None)
    find("ownScaleCheck").click()
    find("rangeCombo").setCurrentText("model")
    assert now.shown.limits.max() == pytest.approx(WIDEST, abs=1)
    assert before.shown.limits.max() == 0
    find("ownScaleCheck").click()
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shows_brightness(find, 0.5))
    # All epochs share one, once they have been read.
    qtbot.waitUntil(lambda: before.shown.limits.max() == now.shown.limits.max() > 0)
    of_one = painted_anew(before)
    engine.view.show(Position(2))
    qtbot.waitUntil(lambda: shows_brightness(find, 1))
    assert painted_anew(before) != of_one, "it tells the largest weight of both"


def test_sorted_units_are_at_the_same_places_before_and_now(qtbot, tab, find, train):
    """Each was sorted by itself, so that those beside each other were of different units."""
    train(LECTURE_SOFTMAX)
    before, now = find("weightsBefore"), find("weightsMontage")
    qtbot.waitUntil(lambda: before.shown is not None)
    find("sortCheck").click()
    np.testing.assert_array_equal(before.shown.grid.order, now.shown.grid.order)
    assert before.shown.images.patches.max() == 0, "where all norms are equal"
    find("sortCheck").click()
    assert before.shown.grid.order[0] == 0


def test_a_constant_kernel_is_marked_with_the_reason(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    assert find("unitReason").text() == ""
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: find("unitReason").text().startswith("Nearly constant"))


def test_in_a_low_window_no_place_is_left_for_the_longest_reason(tab, find, train):
    """The label kept the height that was reserved before, and the images above it were 24 pixels large."""
    train(LECTURE_SOFTMAX)
    reason = find("unitReason")
    panel = reason.parentWidget()
    panel.set_room(is_tall=True, view="weights")
    reserved = reason.sizeHint().height()
    panel.set_room(is_tall=False, view="weights")
    assert reason.sizeHint().height() < reserved


def test_in_the_smallest_window_no_control_of_a_unit_is_cut(qtbot, tab, find, train, theme):
    """With Details, only half of the row with the factor was to be seen, and images of 20 pixels."""
    train(LECTURE_SOFTMAX)
    theme.set_details(True)
    size = tab.size()
    tab.setMinimumSize(1, 1)  # as in a window, which has one of its own
    for is_small in (True, False, True):
        tab.resize(QSize(960, 485) if is_small else size)
        for name in ("muteUnitButton", "statisticsButton"):
            qtbot.waitUntil(lambda name=name: find(name).visibleRegion().boundingRect() == find(name).rect())
        assert find("topActivations").isVisible() is not is_small
        assert find("unitImage").height() > 50


def test_an_example_goes_through_the_network_unit_by_unit(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    activation = find("unitActivation")
    find("examplePicker").setValue(50)
    choose_unit(find("weightsMontage"), 4)
    qtbot.waitUntil(lambda: activation.values is not None and activation.values[0, 0] > 0)
    assert activation.values[0, 0] == pytest.approx(4 * 0.5)


def test_the_network_shows_what_layers_make_of_the_image_and_a_click_opens_one(
    qtbot, tab, find, train, theme
):
    train(LECTURE_CONV)
    find("examplePicker").setValue(50)
    find("activationsButton").click()
    view, layers, output = find("networkActivations"), find("layerList"), find("networkOutput")
    assert view.isVisible()
    assert not find("weightsMontage").isVisible()
    qtbot.waitUntil(lambda: output.accessibleDescription().startswith("9: "))
    assert view.maps.maps.shape == (32, 14, 14)
    for mode, words in (("light", "the darker, the larger"), ("dark", "the brighter, the larger")):
        theme.set_mode(mode)
        notes = [each.text() for each in tab.findChildren(QLabel) if each.isVisible()]
        assert any(note.startswith(words) for note in notes)
    place = layers.visualRect(layers.model().index(3, 0)).center()
    qtbot.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.maps.maps.shape == (10, 1, 1)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=part_told(view, "logits · class 7").center())
    assert find("weightsMontage").tile == 7


def test_left_and_right_go_through_the_network(qtbot, tab, find, train):
    train(LECTURE_CONV)
    layers = find("layerList")
    layers.setFocus()
    qtbot.keyClick(layers, Qt.Key.Key_Right)
    assert find("weightsMontage").shown.images.layer.name == "encoder_2"
    qtbot.keyClick(layers, Qt.Key.Key_Left)
    assert find("weightsMontage").shown.images.layer.name == "encoder_1"


def test_an_autoencoder_ends_in_its_reconstruction_which_leads_to_the_last_layer(qtbot, tab, find, train):
    output = find("networkOutput")
    assert output.accessibleDescription() == "No output yet."
    train(VAE)
    assert output.accessibleDescription() in {"reconstruction", "Computing…"}
    qtbot.waitUntil(lambda: output.accessibleDescription() == "reconstruction")
    qtbot.mouseClick(output, Qt.MouseButton.LeftButton)
    assert find("layerList").layer.name == "decoder_4"


def test_the_untrained_network_is_beside_it_where_there_is_room(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    before, now = find("weightsBefore"), find("weightsMontage")
    qtbot.waitUntil(lambda: before.shown is not None)
    assert before.isVisible()
    assert before.shown.images.patches.max() == 0
    assert before.shown.limits.max() == now.shown.limits.max(), "on one scale"
    qtbot.mouseClick(before, Qt.MouseButton.LeftButton, pos=part_told(before, "class 3").center())
    assert (before.tile, now.tile) == (3, 3)
    assert find("bentPartCombo").currentText() == "Class 3"
    assert "Class 3" in [title.text() for title in tab.findChildren(QLabel, "stageTitle")]
    find("activationsButton").click()
    qtbot.waitUntil(lambda: find("activationsBefore").maps is not None)
    assert find("activationsBefore").isVisible()
    find("weightsButton").click()
    tab.resize(900, 700)
    assert not before.isVisible(), "too narrow"
    find("beforeButton").click()
    assert before.isVisible(), "but who wants it gets it"
    find("beforeButton").click()
    tab.resize(1208, 748)
    assert not before.isVisible()


def test_the_untrained_network_is_asked_for_once(qtbot, tab, find, train, engine, monkeypatch):
    train(LECTURE_SOFTMAX)
    qtbot.waitUntil(lambda: find("weightsBefore").shown is not None)
    asked = watch(engine, monkeypatch)
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shows_brightness(find, 0.5))
    fetched = [one.request.position for one in asked if isinstance(one.request, FetchSnapshot)]
    assert fetched == [Position(1)]


def test_first_are_the_training_images_that_excite_the_unit_most_and_statistics_are_folded(
    qtbot, tab, find, train
):
    train(LECTURE_CONV)
    choose_unit(find("weightsMontage"), 3)
    exciting = find("topActivations")
    qtbot.waitUntil(lambda: exciting.images is not None and exciting.images[0, 0, 0, 0] == 99)
    assert exciting.images[:, 0, 0, 0].tolist() == list(range(99, 84, -1))
    assert exciting.isVisible()
    assert not find("unitHistogram").isVisible()
    assert "norm" not in find("unitHistogram").accessibleDescription(), "nobody sees it"
    find("statisticsButton").click()
    assert "norm" in find("unitHistogram").accessibleDescription()
    assert find("unitHistogram").isVisible()
    assert find("unitEpochs").isVisible()
    assert not exciting.isVisible(), "the plots need its room"
    find("layerList").step(1)
    assert exciting.images is None, "those were of another layer"


def test_a_unit_that_all_images_excite_alike_says_so(qtbot, tab, find, train, backends, monkeypatch):
    """“Searching…” stayed where no image was to come."""
    _, inference = backends
    answer = inference.answer

    def alike(request):
        position, value = answer(request)
        if isinstance(request, FindTopActivations):
            first = request.part * PART
            peaks = np.ones((min(PART, N_TRAINING - first), 10), np.float32)
            value = top_activations(peaks, first, N_TRAINING)
        return position, value

    monkeypatch.setattr(inference, "answer", alike)
    train(LECTURE_SOFTMAX)
    exciting = find("topActivations")
    qtbot.waitUntil(lambda: exciting.accessibleDescription() == "All images activate it alike.")


@pytest.mark.parametrize(("n_searched", "note"), [(20, "searching · of 54,000"), (54_000, "of 54,000")])
def test_a_search_for_what_excites_a_unit_says_whether_it_goes_on(tab, find, train, n_searched, note):
    """“of 41,750 …” was read as cut off."""
    train(LECTURE_CONV)
    numbers, zeros = np.zeros((1, 1), np.int64), np.zeros((1, 1), np.float32)
    found = TopActivations(numbers, zeros, zeros[0], n_searched, 54_000)
    tab.findChild(UnitPanel).set_top_activations(np.zeros((1, 4, 4, 1), np.uint8), found)
    labels = tab.findChildren(QLabel)
    assert {text for label in labels if "54,000" in (text := label.accessibleName() or label.text())} == {
        note
    }


def test_what_excites_a_unit_is_shown_beside_its_own_layer_and_beside_the_one_that_it_paints(
    qtbot, tab, find, train
):
    train(VAE)
    exciting, layers = find("topActivations"), find("layerList")
    layers.choose(layers.model().index(layers.model().rowCount() - 1, 0).data(LAYER_ROLE))
    qtbot.waitUntil(lambda: exciting.images is not None and exciting.images[0, 0, 0, 0] == 99)
    layers.step(-1)
    assert layers.layer.name == "decoder_3"
    assert find("weightsMontage").tile == 0, "whose unit 0 paints the first image of decoder_4"
    qtbot.waitUntil(lambda: exciting.images is not None and exciting.images[0, 0, 0, 0] == 99)


def test_a_decoders_unit_is_painted_alone(qtbot, tab, find, train):
    train(VAE)
    find("examplePicker").setValue(10)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(5, 0))
    choose_unit(find("weightsMontage"), 4)
    find("activationsButton").click()
    painted = find("unitPainted")
    qtbot.waitUntil(lambda: painted.images is not None)
    qtbot.waitUntil(lambda: painted.images[0, 0, 0, 0] == pytest.approx(0.4, abs=1e-3))
    assert painted.isVisible()
    layers.setCurrentIndex(layers.model().index(0, 0))
    assert not painted.isVisible()


def test_without_an_image_nothing_is_painted(qtbot, tab, find, train):
    """What a unit had painted of the image before stayed, beside “No image yet”."""
    train(VAE)
    layers, painted = find("layerList"), find("unitPainted")
    layers.setCurrentIndex(layers.model().index(5, 0))
    find("activationsButton").click()
    qtbot.waitUntil(lambda: painted.images is not None)
    find("pictureSourceCombo").setCurrentText("From Draw")
    assert find("unitActivation").values is None
    assert painted.images is None


def test_weights_that_decode_nothing_leave_no_image_of_other_weights(
    qtbot, tab, find, train, engine, monkeypatch
):
    """The reconstruction, and what a unit paints alone, stayed those of the epoch before."""

    def answer(self, request, known=WeightedInference.answer):
        if isinstance(request, Reconstruct | DecodeActivations) and request.position == Position(1):
            raise CadlError("Not a number.")
        return known(self, request)

    monkeypatch.setattr(WeightedInference, "answer", answer)
    train(VAE)
    layers, output, painted = find("layerList"), find("networkOutput"), find("unitPainted")
    layers.setCurrentIndex(layers.model().index(5, 0))
    find("activationsButton").click()
    qtbot.waitUntil(lambda: bool(output.items() and painted.items()))
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: not output.items() and not painted.items())
    engine.view.show(Position(2))
    qtbot.waitUntil(lambda: bool(output.items() and painted.items()))


def test_a_muted_unit_goes_dark_everywhere_and_comes_back(qtbot, tab, find, train, engine):
    run = train(LECTURE_CONV)
    find("examplePicker").setValue(50)
    montage, through = find("weightsMontage"), find("networkActivations")
    qtbot.waitUntil(lambda: through.maps is not None and through.maps.maps[3].any())
    choose_unit(montage, 3)
    qtbot.mouseClick(find("muteUnitButton"), Qt.MouseButton.LeftButton)
    assert engine.bending.of(run.run_id) == scaled((), Part("encoder_1", 3), 0.0)
    assert not montage.shown.images.patches[0, 3].any()
    assert list(montage.bent) == [3]
    assert find("unitReason").text() == "Modified: muted"
    qtbot.waitUntil(lambda: not through.maps.maps[3].any())
    engine.view.undo()
    assert montage.shown.images.patches[0, 3].any()
    qtbot.waitUntil(lambda: bool(through.maps.maps[3].any()))
    engine.view.redo()
    assert list(montage.bent) == [3]


def test_a_factor_is_one_change_however_often_it_moves(tab, find, train, engine):
    run = train(LECTURE_SOFTMAX)
    choose_unit(find("weightsMontage"), 2)
    for factor in (0.9, 0.7, 2.5):
        find("bendFactorSpin").setValue(factor)
    assert engine.bending.of(run.run_id) == scaled((), Part("logits", 2), 2.5)
    engine.view.undo()
    assert engine.bending.of(run.run_id) == ()
    assert find("bendFactorSpin").value() == 1


def click_unit(qtbot, montage, tile):
    """Click a unit of the lecture's softmax regression."""
    place = part_told(montage, f"class {tile} ·").center()
    qtbot.mouseClick(montage, Qt.MouseButton.LeftButton, pos=place)
    assert montage.tile == tile


def test_two_units_are_swapped_by_choosing_the_other(qtbot, tab, find, train):
    train(LECTURE_SOFTMAX)
    montage = find("weightsMontage")
    click_unit(qtbot, montage, 1)
    before = montage.shown.images.patches.copy()
    qtbot.mouseClick(find("swapUnitButton"), Qt.MouseButton.LeftButton)
    click_unit(qtbot, montage, 4)
    after = montage.shown.images.patches
    np.testing.assert_array_equal(after[0, 1], before[0, 4])
    np.testing.assert_array_equal(after[0, 4], before[0, 1])
    assert sorted(montage.bent) == [1, 4]
    assert find("unitReason").text() == "Modified: from unit 1"
    click_unit(qtbot, montage, 7)
    assert sorted(montage.bent) == [1, 4], "one swap, not one for each choice after it"


def test_a_single_kernel_is_bent(qtbot, tab, find, train, engine):
    run = train(LECTURE_CONV)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(1, 0))
    montage = find("weightsMontage")
    choose_unit(montage, 2 * 64 + 5)
    find("bentPartCombo").setCurrentIndex(1)
    qtbot.mouseClick(find("muteUnitButton"), Qt.MouseButton.LeftButton)
    assert engine.bending.of(run.run_id) == scaled((), Part("encoder_2", 5, 2), 0.0)
    assert not montage.shown.images.patches[2, 5].any()
    assert montage.shown.images.patches[1, 5].any()


def test_pixels_of_the_image_are_no_units(tab, find, train):
    """A decoded image belongs to the layer before, and its pixels to the unit before."""
    train(VAE)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(layers.model().rowCount() - 1, 0))
    assert find("bentPartCombo").currentData() == Part("decoder_3", 0)


def test_the_arithmetic_is_that_of_the_chosen_unit(qtbot, tab, find, train, theme):
    train(LECTURE_CONV)
    find("examplePicker").setValue(50)
    choose_unit(find("weightsMontage"), 9)
    find("arithmeticButton").click()
    view = find("unitArithmetic")
    qtbot.waitUntil(lambda: view.shown is not None)
    assert view.shown.rows[0][1].title == "unit 9"
    assert view.shown.rows[1][1].values.shape == (5, 5)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(3, 0))
    assert [panel.title for panel in view.shown.rows[0]] == ["input", "× weights"]
    buttons = [find(name, QPushButton) for name in ("layerUpButton", "layerDownButton")]
    assert not buttons[0].isVisible()
    theme.set_present(True)
    assert not layers.isVisible(), "so no other layer could be chosen"
    for button, row in zip(buttons, (2, 3), strict=True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert layers.currentIndex().row() == row


def test_the_arithmetic_says_where_the_mean_image_is_subtracted_first(qtbot, tab, find, train):
    """A black pixel was a negative number, and Data had shown 0."""
    for config, told in ((SOFTMAX, [True]), (LECTURE_SOFTMAX, [False]), (AUTOENCODER, [True, False])):
        find("weightsButton").click()
        train(config)
        find("arithmeticButton").click()
        for row, is_told in enumerate(told):
            find("layerList").setCurrentIndex(find("layerList").model().index(row, 0))
            qtbot.waitUntil(lambda: find("unitArithmetic").shown is not None)
            notes = [label.accessibleName() for label in tab.findChildren(QLabel) if label.isVisible()]
            assert ("input = image − mean image" in notes) is is_told


def test_the_graph_is_listed(qtbot, tab, find, train):
    train(LECTURE_CONV)
    find("operationsButton").click()
    qtbot.waitUntil(lambda: find("operationCount").text().startswith("2 operations"))


def test_quantiles_are_computed_at_every_retained_position(qtbot, tab, find, train, engine):
    run = train(LECTURE_SOFTMAX)
    find("statisticsButton").click()
    epochs = find("unitEpochs")
    qtbot.waitUntil(lambda: list(epochs.positions) == run.recorded)
    qtbot.mouseClick(epochs, Qt.MouseButton.LeftButton, pos=part_told(epochs, "epoch 1 ·").center())
    assert engine.view.position == Position(1)


def test_a_drawing_or_any_test_image_goes_through(qtbot, tab, find, train, engine):
    train(LECTURE_SOFTMAX)
    source, activation = find("pictureSourceCombo"), find("unitActivation")
    choose_unit(find("weightsMontage"), 1)
    find("activationsButton").click()
    source.setCurrentText("From Draw")
    assert find("networkActivations").maps is None, "nothing is drawn yet"
    engine.view.show_drawing(Seen(image=np.full((28, 28, 1), 0.25, np.float32)))
    qtbot.waitUntil(lambda: activation.values is not None and activation.values[0, 0] == pytest.approx(0.25))
    source.setCurrentText("Test image")
    qtbot.waitUntil(lambda: activation.values[0, 0] == 0)


def test_a_test_image_that_is_not_at_hand_leaves_no_other_one(qtbot, tab, engine, find, train, facts):
    train(LECTURE_CONV)
    find("examplePicker").setValue(50)
    image, through = find("networkImage"), find("networkActivations")
    qtbot.waitUntil(lambda: through.maps is not None and image.images is not None)
    wait_until_idle(engine, tab)  # the best images of the unit are asked for too
    facts.image_of_dataset = refuse
    with qtbot.waitSignal(engine.notifications.unanswered) as failed:
        find("pictureSourceCombo").setCurrentText("Test image")
    assert failed.args == ["The dataset is not at hand."]
    assert image.images is None
    assert through.maps is None
    assert find("networkOutput").accessibleDescription() == "No output yet."


def test_no_test_image_of_one_run_stays_beside_the_network_of_another(qtbot, tab, find, train, engine, facts):
    first = train(LECTURE_CONV)
    train(VAE)
    find("pictureSourceCombo").setCurrentText("Test image")
    image = find("networkImage")
    qtbot.waitUntil(lambda: image.images is not None and image.images.max() == 1)
    wait_until_idle(engine, tab)
    facts.image_of_dataset = refuse
    with qtbot.waitSignal(engine.notifications.unanswered):
        engine.view.show_run(first)
    assert image.images is None


def test_what_a_unit_paints_goes_with_the_activation_of_that_unit(qtbot, tab, find, train):
    train(VAE)
    find("examplePicker").setValue(50)
    layers = find("layerList")
    layers.setCurrentIndex(layers.model().index(layers.model().rowCount() - 1, 0))
    choose_unit(find("weightsMontage"), 3)
    activation = find("unitActivation")
    qtbot.waitUntil(lambda: activation.values is not None and activation.values[0, 0] > 0)
    assert activation.values.shape == (1, 1), "decoder_3 is dense, the image that decoder_4 gives is not"
    assert activation.values[0, 0] == pytest.approx(3 * 0.5)


def test_another_run_shows_its_own_layers(qtbot, tab, find, train, engine):
    first = train(LECTURE_CONV)
    train(VAE)
    assert find("layerList").model().rowCount() == 9
    engine.view.show_run(first)
    qtbot.waitUntil(lambda: find("weightsMontage").shown is not None)
    assert find("weightsMontage").shown.images.layer.name == "encoder_1"
    assert find("weightsMontage").shown.images.n_units == 32


def test_when_the_only_run_is_removed_nothing_of_it_stays(qtbot, tab, find, train, engine):
    run = train(LECTURE_SOFTMAX)
    epochs = find("unitEpochs")
    qtbot.waitUntil(lambda: list(epochs.positions) == run.recorded)
    engine.runs.remove(run)
    assert find("layerList").model().rowCount() == 0
    assert not list(epochs.positions)


def test_present_mode_shows_the_network_the_layer_and_which_image(tab, find, train, theme):
    train(LECTURE_CONV)
    low = find("layerList").height()
    theme.set_present(True)
    for name in ("unitHistogram", "colormapCombo", "unitImage", "topActivations", "bendBar"):
        assert not find(name).isVisible(), name
    for name in ("layerList", "networkImage", "networkOutput", "weightsMontage", "activationsButton"):
        assert find(name).isVisible(), name
    assert find("examplePicker").isVisible(), "nothing but the first example could be sent through"
    assert find("layerList").height() > low


def test_a_class_follows_the_steps_in_large_pictures_on_a_small_projector(qtbot, tab, find, train, theme):
    """The network took the room: the pictures were 54 pixels large, and their colours had no scale."""
    train(LECTURE_SOFTMAX)
    theme.set_present(True)
    tab.resize(1215, 575)
    for _ in range(2):
        find("arithmeticButton").click()
        steps = find("unitArithmetic")
        qtbot.waitUntil(lambda: not find("layerList").isVisible())
        qtbot.waitUntil(lambda steps=steps: part_told(steps, "input · x").height() >= 112)
        assert steps.render_image(1.0).height() == steps.height(), "with the scale at its foot"
        find("weightsButton").click()
        assert find("layerList").isVisible()
    find("arithmeticButton").click()
    theme.set_present(False)
    assert find("layerList").isVisible()


def test_after_present_mode_what_excites_a_unit_of_a_network_opened_in_it_is_searched_for(
    qtbot, engine, tab, find, train, theme
):
    """“Searching…” stayed: nothing asked again once the panel was back."""
    train(LECTURE_SOFTMAX)
    exciting = find("topActivations")
    qtbot.waitUntil(lambda: exciting.images is not None)
    for config in (LECTURE_CONV, VAE):
        theme.set_present(True)
        train(config)
        wait_until_idle(engine, tab)
        assert exciting.images is None, "nobody would see them"
        theme.set_present(False)
        qtbot.waitUntil(lambda: exciting.images is not None)


def test_in_a_low_window_the_network_leaves_room_for_the_layer_also_in_present_mode(
    qtbot, tab, find, train, theme
):
    """It was cut off below: of a classifier's output the digits were missing."""
    train(LECTURE_CONV)
    theme.set_present(True)
    tab.resize(1215, 800)
    qtbot.waitUntil(lambda: find("layerList").height() > 180)
    tab.resize(1215, 505)
    qtbot.waitUntil(lambda: find("layerList").height() < 170)
    assert find("layerList").height() == find("networkOutput").height()


def test_the_network_is_an_image_too(qtbot, tab, find, train):
    train(LECTURE_CONV)
    strip = tab.findChild(NetworkStrip)
    layers = find("layerList")
    layers.setFocus()
    qtbot.keyClick(layers, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().image().size() == 2 * strip.size()
    qtbot.keyClick(layers, Qt.Key.Key_Space)
    assert strip.window().findChild(Spotlight).isAncestorOf(strip)
    qtbot.keyClick(layers, Qt.Key.Key_Space)


def test_the_montage_reports_what_is_under_the_pointer(find, train):
    train(LECTURE_SOFTMAX)
    montage = find("weightsMontage")
    place = part_told(montage, "class 0 · x 5, y 5 ·").center()
    assert reported_at(montage, place) == "class 0 · x 5, y 5 · 1.45e+03"


def test_a_pair_of_figures_that_has_the_focus_shows_its_buttons_and_its_ring(qtbot, tab, find, train):
    """The ring was painted only where something else was painted anew."""
    train(LECTURE_CONV)
    tab.activateWindow()
    for name in ("layerList", "weightsMontage"):
        find(name).setFocus()
        qtbot.waitUntil(find(name).hasFocus)
        qtbot.waitUntil(lambda: on_screen(tab) == painted_anew(tab))
    body = find("weightsFigures").parentWidget().parentWidget()
    assert [each.isVisible() for each in body.findChildren(QToolButton)] == [True] * 4


def test_before_and_now_have_one_scale_one_legend_and_a_sentence(qtbot, tab, find, train, engine):
    train(LECTURE_CONV)
    before, now = find("weightsBefore"), find("weightsMontage")
    assert before.sentence == (
        "One scale for both. Largest weight: 0 before, 799 now. The weights have grown."
    )
    assert before.size() == now.size()
    assert before.y() == now.y()
    first, second = (part_told(view, "unit 1 · ") for view in (before, now))
    assert first == second, "images of one size, at the same places"
    find("ownScaleCheck").click()
    assert not before.sentence, "each has its own legend"
    find("ownScaleCheck").click()
    assert before.sentence
    before.resize(before.width(), 60)
    assert not before.sentence, "it would leave little of the image"


@pytest.mark.parametrize(("share", "why"), [
    (0.09, "The untrained weights are too small to be seen on this scale."), (0.5, "The weights have grown."),
    (2.0, "Paler means smaller numbers, not that less was learned."),
])  # fmt: skip
def test_untrained_weights_too_small_for_the_scale_of_both_say_how_to_see_them(
    qtbot, find, train, theme, engine, share, why
):
    """On a projector, where a class takes paler for less learned, it was missing."""
    train(LECTURE_CONV)
    before, now = find("weightsBefore"), find("weightsMontage")
    qtbot.waitUntil(lambda: before.shown is not None)
    engine.view.change(inspect=replace(engine.view.value.inspect, is_paired=True))
    for presents in (False, True):
        theme.set_present(presents)
        images = now.shown.images
        before.resize(290 if presents else before.width(), 209 if presents else before.height())
        before.set_layer(replace(now.shown, images=replace(images, patches=share * images.patches)))
        assert before.sentence.endswith(why if presents else f" now. {why}")


@pytest.mark.parametrize("name", ["muteUnitButton", "swapUnitButton", "statisticsButton"])
def test_what_changes_a_unit_looks_like_a_button(find, name):
    """They looked like labels."""
    assert isinstance(find(name), QPushButton)
    assert not find(name).property("flat")


def test_untrained_network_keeps_what_is_muted(qtbot, tab, find, train, engine, monkeypatch):
    """It is there to be compared with; its kernel was blank, too."""
    run = train(SOFTMAX)
    before, now = find("weightsBefore"), find("weightsMontage")
    choose_unit(now, 3)
    find("muteUnitButton").click()
    asked = watch(engine, monkeypatch)
    find("activationsButton").click()
    find("beforeButton").click()
    find("beforeButton").click()
    engine.view.show(Position(1))

    def bends():
        tickets = (ticket.request for ticket in asked if isinstance(ticket.request, ComputeActivations))
        return {(request.position, request.bends) for request in tickets}

    muted = engine.bending.of(run.run_id)
    assert muted
    qtbot.waitUntil(lambda: bends() == {(Position(0), ()), (Position(1), muted)})
    assert now.bent
    assert not before.bent


def test_held_image_stays_with_its_name_whatever_is_shown_until_it_is_released(tab, find, train, engine):
    """Two runs are what a class compares."""
    first = train(SOFTMAX)
    montage = find("weightsMontage")
    panel = next(panel for panel in tab.findChildren(FigurePanel) if panel.isAncestorOf(montage))
    panel.toggle_hold()
    held, caption = panel.findChild(HeldFigure), panel.findChild(QLabel, "stageHeld")
    image, said = held.image, caption.accessibleName()
    assert said.startswith(f"Held: {first.letter} · epoch")
    second = train(SOFTMAX)
    engine.view.show(Position(0))
    for run in (first, second):
        assert (panel.is_holding, held.image, caption.accessibleName()) == (True, image, said)
        engine.view.show_run(run)
    panel.toggle_hold()
    assert not panel.is_holding


class TestWeightsThatDoNotFit:
    """A file can contain anything."""

    @pytest.fixture
    def backends(self):
        return FakeTraining(), FakeInference()

    def test_are_reported_in_a_message(self, qtbot, tab, find, engine):
        engine.training.train(SOFTMAX)
        qtbot.waitUntil(lambda: "not those of this run" in find("layerDescription").text())
        assert find("weightsMontage").shown is None


@pytest.fixture
def open_graph(qtbot, engine, tmp_path):
    """Opens a frozen graph, and shows it."""

    def open_graph():
        path = tmp_path / "theirs.pb"
        path.touch()
        run_id = engine.runs.open(path)
        qtbot.waitUntil(lambda: engine.view.run is not None and engine.view.run.run_id == run_id)
        return engine.view.run

    return open_graph


def test_after_a_frozen_graph_it_goes_back_to_what_it_showed(qtbot, tab, find, train, engine, open_graph):
    run = train(SOFTMAX)
    for name in ("activationsButton", "weightsButton", "activationsButton"):
        find(name).click()
        open_graph()
        assert find("operationsButton").isChecked()
        assert not find(name).isEnabled()
        engine.view.show_run(run)
        assert find(name).isChecked()
    assert find("layerList").isVisible()
    assert find("unitActivation").isVisible()


def test_between_two_frozen_graphs_the_view_that_was_left_is_remembered(
    qtbot, tab, find, train, engine, open_graph
):
    """After a second graph, the graph stayed, and what had been shown before did not come back."""
    run, first, second = train(SOFTMAX), open_graph(), open_graph()
    views = ("weights", "activations", "arithmetic", "operations")

    def checked():
        return [view for view in views if find(f"{view}Button").isChecked()]

    for view in ("activations", "arithmetic", "operations", "weights", "activations"):
        engine.view.show_run(run)
        find(f"{view}Button").click()
        assert checked() == [view]
        for graph in (first, second, first):
            engine.view.show_run(graph)
            assert checked() == ["operations"]
            assert [find(f"{each}Button").isEnabled() for each in views] == [False, False, False, True]
            find("operationsButton").click()
            assert engine.view.value.inspect.view == view, "there is nothing else to choose"
        engine.view.show_run(run)
        assert checked() == [view]
        assert all(find(f"{each}Button").isEnabled() for each in views)
    engine.view.show_run(first)
    engine.view.change(inspect=replace(engine.view.value.inspect, view="arithmetic"))
    assert checked() == ["operations"]
    engine.view.show_run(run)
    assert checked() == ["arithmetic"], "it was wished meanwhile"
    engine.runs.remove(second)
    engine.runs.remove(run)
    assert checked() == ["operations"]


def test_of_another_run_nothing_stays_beside_a_frozen_graph(qtbot, tab, find, train, engine, open_graph):
    train(SOFTMAX)
    find("muteUnitButton").click()

    def titles():
        return {label.text() for label in tab.findChildren(QLabel)}

    of_run = {"logits · dense · 7,850 parameters", "Class 0"}
    assert of_run <= titles()
    open_graph()
    assert not of_run & titles()
    assert not [action.text() for action in find("bendBar").actions() if action.isEnabled()]


def test_the_row_of_views_is_as_high_in_each_so_that_figures_below_it_stay(
    qtbot, window, engine, find, tab, theme
):
    """It was three pixels higher where buttons are alone, and the page noticed now or later."""
    trained.train(qtbot, engine, VAE)
    for details in (True, False):
        theme.set_details(details)
        for view in ("weights", "operations", "activations", "arithmetic"):
            engine.view.change(inspect=replace(engine.view.value.inspect, view=view))
            wait_until_idle(engine, window)
            assert find("weightsButton").parent().sizeHint().height() == theme.sizes.control, (view, details)
