"""The search for top activations continues part by part, and restarts when the weights change."""

import numpy as np
import pytest
from answerer import Answerer
from fakes import description

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchTrainingImages, FindTopActivations
from cadl_gui.domain.top_activations import top_activations
from cadl_gui.engine.run import Run, RunState
from cadl_gui.ui.inspect.top_activations_search import TopActivationsSearch

pytestmark = pytest.mark.gui


class Searched(Answerer):
    """Ten images per part, thirty in total; the i-th activates each unit with i."""

    def value_of(self, request):
        if isinstance(request, FetchTrainingImages):
            return np.zeros((len(request.numbers), 28, 28, 1), np.uint8)
        peaks = np.arange(10 * request.part, 10 * request.part + 10, dtype=np.float32)
        peaks = np.repeat(peaks[:, None], 2, axis=1)
        return top_activations(peaks, 10 * request.part, 30)

    def parts(self):
        """The parts that were requested."""
        return [request.part for request in self.asked if isinstance(request, FindTopActivations)]


@pytest.fixture
def engine(qapp):
    engine = Searched()
    run = Run("A", description("run", preset("softmax").config), History(10), [Position(0), Position(1)])
    run.newest = Position(1)
    engine.view.show_run(run)
    return engine


@pytest.fixture
def search(engine):
    search = TopActivationsSearch(engine)
    search.search("logits", 0)
    return search


def test_search_goes_through_all_parts_and_reports_what_it_has(engine, search):
    heard = []
    search.arrived.connect(lambda images, found: heard.append((len(images), found.n_searched)))
    engine.answer_all()
    assert heard == [(10, 10), (15, 20), (15, 30)]
    assert engine.last(FetchTrainingImages).numbers == tuple(range(29, 14, -1))
    assert engine.parts() == [0, 1, 2]


@pytest.mark.parametrize("move", ["position", "bend", "layer"])
def test_other_weights_or_another_layer_start_over(engine, search, move):
    engine.answer()  # the first part
    heard = []
    search.arrived.connect(lambda images, found: heard.append(found.n_searched))
    if move == "position":
        engine.view.show(Position(0))
    elif move == "layer":
        search.search("hidden", 0)
    else:
        engine.bending.bend("run", scaled((), Part("logits", 0), 0.0))
        engine.view.newest_moved()  # as the registry of runs does, so that views send their requests again
    engine.answer_all()
    assert engine.parts() == [0, 1, 0, 1, 2]
    assert heard == [10, 20, 30], "what was asked before is dropped"


def test_a_first_part_of_the_layer_before_that_comes_late_is_dropped(engine, search):
    heard = []
    search.arrived.connect(lambda images, found: heard.append(found.n_searched))
    for layer in ("hidden", "logits", "encoder_1"):
        search.search(layer, 0)
        engine.answer()  # about the layer before
        asked = {(type(each), each.layer) for each in engine.waiting}
        assert asked == {(FindTopActivations, layer)}, "no images are fetched of what is late"
        engine.answer_all()
        assert heard == [10, 20, 30]
        search.search(f"left {layer}", 0)
        heard.clear()


def test_while_a_training_moves_on_the_first_part_is_shown(engine, search):
    """The weights change faster than a part is searched."""
    engine.answer_all()
    run = engine.view.run
    run.state = RunState.TRAINING
    run.newest = Position(1, 1)
    engine.view.go_live()
    heard = []
    search.arrived.connect(lambda images, found: heard.append(found.n_searched))
    for step in range(2, 7):
        searched = engine.waiting[0]
        run.newest = Position(1, step)
        engine.view.newest_moved()
        engine.reply(searched, engine.value_of(searched))
        for request in [asked for asked in engine.waiting if isinstance(asked, FetchTrainingImages)]:
            engine.reply(request, engine.value_of(request))
    assert heard
    assert set(heard) == {10}


def test_a_part_that_was_asked_for_twice_counts_once(engine, search):
    """As at the end of a training, whose weights are the same before and after; it searched for ever."""
    run = engine.view.run
    first = engine.waiting[0]
    run.state = RunState.TRAINING
    engine.view.newest_moved()
    run.state = RunState.COMPLETE
    engine.view.newest_moved()
    engine.reply(first, engine.value_of(first), Position(1))
    heard = []
    search.arrived.connect(lambda images, found: heard.append((found.n_searched, found.is_last)))
    for _ in range(20):
        if engine.waiting:
            engine.answer()
    assert not engine.waiting, engine.parts()
    assert heard[-1] == (30, True)


def test_another_unit_of_the_layer_needs_no_new_search(engine, search):
    engine.answer_all()
    search.search("logits", 1)
    engine.answer_all()
    assert engine.parts() == [0, 1, 2]


def test_images_arrive_however_often_the_same_unit_is_named(engine, search):
    """As the tab does whenever it shows more; to ask again for its images would drop those on their way."""
    heard = []
    search.arrived.connect(lambda images, found: heard.append(found.n_searched))
    engine.answer()  # the first part
    fetch = engine.last(FetchTrainingImages)
    search.search("logits", 0)
    engine.reply(fetch, engine.value_of(fetch))
    assert heard == [10]


def test_images_of_the_unit_before_are_not_reported(engine, search):
    engine.answer_all()
    heard = []
    search.arrived.connect(lambda images, found: heard.append(images))
    search.search("logits", 1)
    search.search("logits", 0)
    engine.answer_all()
    assert len(heard) == 1


def test_search_stops_while_hidden(engine, search):
    heard = []
    search.arrived.connect(lambda images, found: heard.append(images))
    engine.answer()  # a part, whose images are asked for
    search.search("", 0)
    engine.answer_all()
    assert not heard
    assert engine.parts() == [0, 1]
    search.search("logits", 1)
    search.search("", 0)
    engine.answer_all()
    engine.view.show(Position(0))
    assert engine.parts() == [0, 1, 0]


def test_what_cannot_be_searched_is_reported_once(qtbot, engine, search):
    with qtbot.waitSignal(engine.notifications.unanswered) as failed:
        engine.answer("The dataset is not at hand.")
    assert failed.args == ["The dataset is not at hand."]
    assert engine.waiting == []
