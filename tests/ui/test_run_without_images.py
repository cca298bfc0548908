"""A run whose dataset is not there, such as one of somebody else's session on photographs."""

from dataclasses import replace

import pytest
from idle import wait_until_idle
from trained import train

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.presets import preset
from cadl_gui.ui.run_text import NOT_AT_HAND

pytestmark = pytest.mark.gui


def test_figures_say_that_images_are_not_at_hand_and_show_none_of_another_run(qtbot, window, engine, find):
    """In Draw and Inspect, a red line asked for the dataset with every drawing and every layer."""
    there, missing = (train(qtbot, engine, preset("softmax").config.replace(epochs=1)) for _ in range(2))
    missing.description = replace(missing.description, examples=None)
    draw = engine.view.value.draw.with_sheet(INK, Drawing((Stroke((Point(0.2, 0.3), Point(0.6, 0.9)), 0.1),)))
    engine.view.change(draw=replace(draw, section="nearest"))
    for run in (there, missing, there, missing):
        engine.view.show_run(run)
        for page, figure in (("drawTab", "nearestCards"), ("inspectTab", "topActivations")):
            find("tabs").setCurrentWidget(find(page))
            wait_until_idle(engine, window)
            assert (find(figure).accessibleDescription() == NOT_AT_HAND) == (run is missing), figure
