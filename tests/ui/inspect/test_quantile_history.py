"""The quantiles of a layer at every position are asked once for each run, layer and kind of image."""

import numpy as np
import pytest
from answerer import Answerer
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeQuantiles
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.engine.run import Run
from cadl_gui.ui.inspect.quantile_history import QuantileHistory

LIMITS = {0: (1.0, 0.5, 4.0), 1: (2.5, 3.0, 1.0), 2: (2.0, 2.0, 2.0)}
"""By epoch, the limit of a layer, and of its two units."""


class Surveyed(Answerer):
    def value_of(self, request):
        limits = np.array(LIMITS[request.position.epoch])
        units = np.zeros((2, 7))
        return WeightQuantiles(units[0], units, limits * (2 if request.in_colour else 1) * len(request.layer))


def run(name, n):
    positions = [Position(epoch) for epoch in range(n)]
    about = description(name, preset("softmax").config)
    return Run("A", about, History(10), positions, newest=positions[-1])


@pytest.fixture
def engine(qapp):
    return Surveyed()


def test_the_limits_are_those_of_all_epochs_of_the_layer_and_run_shown_and_known_ones_stay(engine):
    history, first, second = QuantileHistory(engine, engine), run("first", 3), run("second", 2)
    engine.view.show_run(first)
    asked, told = [], []
    history.limits_changed.connect(lambda: told.append(history.limits()))
    for shown, layer, in_colour, n_new, limits in (
        (first, "abcd", False, 3, (10, 12, 16)),
        (second, "abcd", False, 2, (10, 12, 16)),
        (first, "ab", False, 3, (5, 6, 8)),
        (first, "ab", True, 3, (10, 12, 16)),
        (first, "ab", False, 0, (5, 6, 8)),
        (second, "abcd", False, 0, (10, 12, 16)),
        (second, "ab", True, 2, (10, 12, 16)),
        (first, "", False, 0, ()),
        (first, "abcd", False, 0, (10, 12, 16)),
    ):
        engine.view.show_run(shown)
        engine.answer_all()
        told.clear()
        history.set_layer(layer, in_colour=in_colour)
        engine.answer_all()
        assert engine.waiting == []
        new = [request for request in engine.asked[len(asked) :] if isinstance(request, ComputeQuantiles)]
        asked[:] = engine.asked
        of_it = [(each.run_id, each.layer, each.in_colour) for each in new]
        assert of_it.count((shown.run_id, layer, in_colour)) == n_new
        assert [*history.known()] == (shown.recorded if layer else [])
        np.testing.assert_array_equal(history.limits(), limits)
        assert not told or np.array_equal(told[-1], limits)


def test_the_ends_are_asked_first_and_what_a_removed_run_had_is_forgotten(engine):
    history, first = QuantileHistory(engine, engine), run("first", 3)
    engine.view.show_run(first)
    for _ in range(2):
        n = len(engine.asked)
        history.set_layer("ab")
        engine.answer_all()
        assert [request.position.epoch for request in engine.asked[n:]] == [0, 2, 1]
        history.set_layer("")
        engine.runs.forget(first.run_id)
    history.set_layer("ab")
    engine.answer_all()
    first.recorded.append(Position(1, 5))
    engine.view.ask()
    engine.answer_all()
    assert len(history.known()) == 4


def test_another_run_is_not_asked_for_the_layer_before_and_a_refusal_stops_only_what_was_refused(engine):
    """The refusal of a layer that the run shown now lacks ended the search for its own."""
    history, first, second = QuantileHistory(engine, engine), run("first", 3), run("second", 2)

    def answer_all():
        while engine.waiting:
            engine.answer("It has no such layer." if engine.waiting[0].layer == "refused" else "")

    left = ""
    for shown, layer in ((first, "ab"), (second, "abcd"), (first, "cd")):
        engine.view.show_run(shown)
        answer_all()
        assert (shown.run_id, left) not in {(each.run_id, each.layer) for each in engine.asked}
        history.set_layer("refused")
        answer_all()
        assert not history.known()
        history.set_layer("refused")
        history.set_layer(layer)
        answer_all()
        assert [*history.known()] == shown.recorded
        left = f"left by {shown.run_id}"
        history.set_layer(left)  # it is in flight when another run is shown
