"""Custom-painted widgets are repainted when the theme changes, without style sheet or palette."""

import numpy as np
import pytest
from seen import on_screen, painted_anew

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.normalisation import normalise
from cadl_gui.ui.controls.epoch_slider import EpochSlider
from cadl_gui.ui.controls.epoch_track import TimelineContent
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.draw.probability_bars import ProbabilityBars
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.network_diagram import NetworkDiagram

pytestmark = pytest.mark.gui

TABLE = model_spec(preset("vae").config.model, (28, 28, 1), 10)


def normalisation_strip(theme):
    strip = NormalisationStrip(theme, empty_text="")
    drawn = np.zeros((224, 224), np.float32)
    drawn[40:180, 100:130] = 1
    strip.set_stages(normalise(drawn, widths=None))
    return strip


def epoch_slider(theme):
    slider = EpochSlider(theme)
    retained = tuple(Position(epoch) for epoch in range(4))
    slider.show_run(TimelineContent(3, retained, 3.0, 2, "0.5", (), ()))
    return slider


def probability_bars(theme):
    bars = ProbabilityBars(theme, print)
    bars.set_probabilities(np.full(10, 0.1))
    return bars


def layer_list(theme):
    layers = LayerList(theme, ViewState())
    layers.set_layers(TABLE.layers)
    return layers


def network_diagram(theme):
    diagram = NetworkDiagram(theme)
    diagram.set_spec(TABLE)
    return diagram


KINDS = {
    "canvas": lambda theme: DrawingCanvas(theme, BackgroundJobs(), ViewState()),
    "layers": layer_list,
    "network": network_diagram,
    "plane": LatentPlane,
    "plot": lambda theme: PlotView(theme, empty_text="The loss appears with the first batch."),
    "probabilities": probability_bars,
    "timeline": epoch_slider,
    "weights": lambda theme: WeightsView(theme, empty_text="Nothing here."),
}
SWITCHES = {"dark": lambda theme: theme.set_mode("dark"), "present": lambda theme: theme.set_present(True)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_of_the_theme_is_seen_at_once(qtbot, kind, switch):
    theme = Theme("light", reduce_motion=True)
    widget = KINDS[kind](theme)
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    widget.show()
    qtbot.waitUntil(lambda: on_screen(widget) == painted_anew(widget))
    before = on_screen(widget)
    SWITCHES[switch](theme)
    qtbot.waitUntil(lambda: on_screen(widget) == painted_anew(widget) != before)


@pytest.mark.parametrize("kind", [KINDS["canvas"], normalisation_strip], ids=["canvas", "strip"])
def test_ink_on_paper_is_seen_at_once(qtbot, kind):
    theme = Theme("light", reduce_motion=True)
    widget = kind(theme)
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    widget.show()
    qtbot.waitUntil(lambda: on_screen(widget) == painted_anew(widget))
    before = on_screen(widget)
    theme.set_inverted(True)
    qtbot.waitUntil(lambda: on_screen(widget) == painted_anew(widget) != before, timeout=10_000)
