"""The figures of a unit are of the one shown last, however often statistics are folded and units change."""

from types import SimpleNamespace

import numpy as np
import pytest
from answerer import Answerer
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.position import Position
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.ui.inspect.unit_panel import UnitPanel

pytestmark = pytest.mark.gui


def image_of(*kernel):
    """A dense layer of two inputs and three units."""
    layer = LayerSpec(name="layer", kind="dense", input_shape=(2,), output_shape=(3,))
    weights = LayerWeights(layer, np.array(kernel, np.float32), None)
    return layer_image(weights, "layer", [weights])


FIRST, SECOND = image_of((1, 2, 3), (4, 5, 6)), image_of((7, 0, -8), (9, 0.5, -2))
BIAS = np.array([0.25, -0.5, 0.75], np.float32)


@pytest.fixture
def panel(qtbot, qapp, theme):
    panel = UnitPanel(Answerer(), theme)
    qtbot.addWidget(panel)
    panel.resize(288, 700)
    panel.show()
    panel.set_room(is_tall=True, view="weights")
    return panel


@pytest.fixture
def part(panel):
    return lambda name, kind=QWidget: panel.findChild(kind, name)


def test_statistics_are_of_the_unit_shown_last_also_where_they_are_unfolded_later(panel, part):
    fold, histogram = part("statisticsButton", QPushButton), part("unitHistogram")
    nothing = histogram.accessibleDescription()
    for shown, unit, mean in ((FIRST, 1, "3.5"), (SECOND, 2, "−5"), (FIRST, 0, "2.5"), (SECOND, 0, "8")):
        panel.set_unit(shown, unit, BIAS)
        fold.click()
        assert histogram.accessibleDescription().startswith(f"mean {mean} · ")
        assert (
            f"2 weights · bias {str(BIAS[unit]).replace('-', '−')}, layer"
            in histogram.accessibleDescription()
        )
        panel.set_unit(FIRST if shown is SECOND else SECOND, 1)
        assert "2 weights, layer" in histogram.accessibleDescription(), "it has no bias"
        fold.click()
        panel.set_unit(None)
        fold.click()
        assert histogram.accessibleDescription() == nothing
        fold.click()
    panel.set_unit(FIRST, 2, bent="muted")
    assert part("unitReason", QLabel).text() == "Modified: muted"
    panel.set_unit(FIRST, 1)
    assert "Modified" not in part("unitReason", QLabel).text()


def test_what_activates_a_unit_is_forgotten_with_its_note_and_says_whether_it_goes_on(panel, part):
    images = np.arange(4, dtype=np.uint8)[:, None, None, None].repeat(5, 1).repeat(5, 2)

    def note():
        for label in panel.findChildren(QLabel, "stageNote"):
            if (words := label.accessibleName()).startswith(("of ", "searching ")):
                assert label.fontMetrics().horizontalAdvance(words.partition(" · ")[0]) <= label.width(), (
                    "“of 54,000” was “o…”"
                )
                return words
        return ""

    panel.set_room(is_tall=True, view="activations")
    for n, is_last in ((54_000, False), (54_000, True), (500, False)):
        panel.set_top_activations(images, SimpleNamespace(is_last=is_last, n_images=n))
        assert note() == f"{'' if is_last else 'searching · '}of {n:,}"
        assert len(part("topActivations").images) == 4
        panel.forget_top_activations()
        assert (note(), part("topActivations").images) == ("", None)
        panel.set_top_activations(images[:0], SimpleNamespace(is_last=True, n_images=n))
        assert "All images activate it alike" in part("topActivations").accessibleDescription()
        panel.forget_top_activations()
        assert "Searching…" in part("topActivations").accessibleDescription()


def test_the_quantiles_over_the_epochs_are_those_of_the_unit(panel, part):
    part("statisticsButton", QPushButton).click()
    epochs = part("unitEpochs")
    found = {
        Position(epoch): WeightQuantiles(
            np.linspace(-9, 9, 7), np.outer((epoch, 2 * epoch), np.linspace(-1, 1, 7)), np.array((9, 1, 2))
        )
        for epoch in (1, 2)
    }
    for unit, n in ((0, 2), (1, 2), (2, 0), (1, 2)):
        panel.set_quantile_history(found, unit)
        assert len(epochs.positions) == n
    panel.set_quantile_history({}, 0)
    assert len(epochs.positions) == 0
