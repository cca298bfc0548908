"""What is hidden asks nothing: on each page, and in each section, only what can be seen asks the networks."""

from dataclasses import replace

import pytest
from asking import watch
from fakes import FakeTraining
from idle import wait_until_idle
from seen import LayoutRequests
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui
BACKENDS = FakeTraining, WeightedInference

DRAW = {"DrawingAnalyses", "DrawingAnswers"}
INSPECT = {"Inspection", "TopActivationsSearch"}
LATENT = {"DecodedCard", "PlaneController", "Posteriors"}
PLACES = (
    ("draw", {"section": "evidence"}, DRAW),
    ("draw", {"section": "history"}, DRAW | {"HistoryPanel"}),
    ("draw", {"section": "nearest"}, DRAW),
    ("inspect", {"view": "weights"}, INSPECT),
    ("inspect", {"view": "operations"}, INSPECT),
    ("data", {"page": "reinterpret"}, {"ReinterpretPanel"}),
    ("data", {"page": "statistics"}, set()),
    ("latent", {"layers": ("points", "classifier")}, LATENT | {"ClassifierMap"}),
    ("latent", {"layers": ("manifold",)}, LATENT | {"Manifold"}),
    ("train", {}, set()),
)
"""What is open in a tab, and who asks there when another position is shown and something is drawn."""

LOOKS = 5
"""How often one may look until nothing more comes of the last change; a page that goes on never rests."""


def asker(ticket):
    """The class of what asks."""
    return type(ticket.client.parent()).__name__


def test_only_what_can_be_seen_asks(qtbot, window, engine, monkeypatch):
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    asked, view = watch(engine, monkeypatch), engine.view
    for number, (tab, members, expected) in enumerate(PLACES):
        view.change(tab=f"{tab}Tab", **{tab: replace(getattr(view.value, tab), **members)})
        wait_until_idle(engine, window)
        asked.clear()
        if tab == "draw":
            stroke = Stroke((Point(0.2, 0.1 + number / 50), Point(0.7, 0.9)), 0.1)
            view.change(draw=view.value.draw.with_sheet(INK, Drawing((stroke,))))
            wait_until_idle(engine, window)
        view.show(Position(1 + number % 2))
        wait_until_idle(engine, window)
        assert {asker(ticket) for ticket in asked} == expected, (tab, members)


def test_a_page_at_rest_lays_nothing_out(qtbot, qapp, window, engine, theme):
    """Draw asked for its layout while it laid itself out: 9,000 times a second, as long as it was open."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    laid_out, view = LayoutRequests(), engine.view
    qapp.installEventFilter(laid_out)
    for presents in (False, True):
        theme.set_present(presents)
        for tab, members, _ in PLACES:
            view.change(tab=f"{tab}Tab", **{tab: replace(getattr(view.value, tab), **members)})
            wait_until_idle(engine, window, theme)
            for _ in range(LOOKS):
                laid_out.n = 0
                wait_until_idle(engine, window)
                if not laid_out.n:
                    break
            assert not laid_out.n, (tab, members, presents)
