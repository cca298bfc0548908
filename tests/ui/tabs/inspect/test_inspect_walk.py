"""What is chosen in Inspect holds for every run that has it, and comes back where another run has not."""

from dataclasses import replace
from random import Random

import pytest
from fakes import FakeTraining
from hand import point_at, wheel
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from seen import hover_texts
from weighted_fakes import WeightedInference

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui
BACKENDS = FakeTraining, WeightedInference

LAYERS = {
    "lecture-softmax": ("logits",),
    "lecture-conv-classifier": ("encoder_1", "encoder_2", "hidden", "logits"),
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_walk_shows_the_chosen_layer_and_unit_of_each_run(qtbot, tab, find, train, engine, seed):
    runs = {name: train(preset(name).config.replace(epochs=1)) for name in LAYERS}
    random, layers, montage = Random(seed), find("layerList"), find("weightsMontage")
    run, layer, unit, is_sorted, number = "lecture-conv-classifier", "", 0, False, 0

    def shown_layer():
        return layer if layer in LAYERS[run] else LAYERS[run][0]

    for _ in range(15):
        match random.choice(("run", "layer", "unit", "sort", "number", "hidden")):
            case "run":
                run = random.choice(sorted(set(LAYERS) - {run}))
                engine.view.show_run(runs[run])
            case "layer":
                row = random.randrange(len(LAYERS[run]))
                place = layers.visualRect(layers.model().index(row, 0)).center()
                if LAYERS[run][row] != shown_layer():
                    layer, unit = LAYERS[run][row], 0
                QTest.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
            case "unit":
                step = random.choice(((1, 0), (0, 1)))
                layer, unit = shown_layer(), montage.shown.grid.neighbour(montage.tile, *step)
                montage.walk(*step)
            case "sort":
                is_sorted = not is_sorted
                find("sortCheck").click()
            case "number":
                number = random.randrange(100)
                find("examplePicker").setValue(number)
            case "hidden":
                tab.hide()
                run = random.choice(sorted(LAYERS))
                engine.view.show_run(runs[run])
                tab.show()
        qtbot.waitUntil(
            lambda: montage.shown is not None and montage.shown.images.layer.name == shown_layer()
        )
        assert layers.layer.name == shown_layer()
        assert montage.tile == (unit if layer == shown_layer() else 0)
        assert (montage.shown.norms is not None) == is_sorted == find("sortCheck").isChecked()
        assert find("examplePicker").value() == number


def test_each_layer_has_its_own_zoom_that_stays_for_other_layers_and_runs_and_a_hidden_page(
    qtbot, tab, find, train, engine
):
    runs = {name: train(preset(name).config.replace(epochs=1)) for name in LAYERS}
    engine.view.change(inspect=replace(engine.view.value.inspect, is_paired=False))
    layers, montage = find("layerList"), find("weightsMontage")
    texts = hover_texts(montage)

    def weight(run, layer):
        """The weight at a place of the montage of a layer."""
        engine.view.show_run(runs[run])
        row = LAYERS[run].index(layer)
        place = layers.visualRect(layers.model().index(row, 0)).center()
        QTest.mouseClick(layers.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(lambda: montage.shown is not None and montage.shown.images.layer.name == layer)
        point_at(montage, QPoint(231, 97))
        return texts[-1]

    shown = [("lecture-softmax", "logits")]
    shown += [("lecture-conv-classifier", layer) for layer in ("logits", "encoder_1", "encoder_2")]
    usual = [weight(*each) for each in shown]
    zoomed = []
    for number, each in enumerate(shown):
        weight(*each)
        for _ in range(2):
            wheel(montage, QPoint(171, 149), 240 * (number + 1))
        zoomed.append(weight(*each))
    assert all(before != after for before, after in zip(usual, zoomed, strict=True))
    assert [weight(*each) for each in reversed(shown)] == zoomed[::-1]
    tab.hide()
    engine.view.show_run(runs["lecture-softmax"])
    tab.show()
    assert [weight(*each) for each in shown] == zoomed
