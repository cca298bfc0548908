"""The search for exciting pictures goes on part by part, and begins anew where weights move."""

import numpy as np
import pytest
from fakes import description
from PySide6.QtCore import QObject, Signal

from cadl_gui.core.bends import Part, scaled
from cadl_gui.core.exciting import most_exciting
from cadl_gui.core.history import History
from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import FetchTrainingPictures, FindExciting, Reply
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.inspect.exciting_search import ExcitingSearch

pytestmark = pytest.mark.gui


class SlowEngine(QObject):
    """Takes questions down and answers when the test says so: ten pictures a part, thirty in all."""

    replied = Signal(object)

    def __init__(self):
        super().__init__()
        self.view, self.bending = ViewState(), Bending()
        self.asked = []

    def ask(self, request):
        self.asked.append(request)

    def answer(self, request):
        if isinstance(request, FindExciting):
            peaks = np.arange(10 * request.part, 10 * request.part + 10, dtype=np.float32)[:, None]
            value = most_exciting(peaks, 10 * request.part, 30)
        else:
            value = np.zeros((len(request.numbers), 28, 28, 1), np.uint8)
        self.replied.emit(Reply(1, request, request.position, value))

    def last(self, kind):
        return [request for request in self.asked if isinstance(request, kind)][-1]


@pytest.fixture
def engine():
    engine = SlowEngine()
    run = Run("A", description("run", preset("softmax").config), History(10), [Position(0), Position(1)])
    run.newest = Position(1)
    engine.view.show_run(run)
    return engine


@pytest.fixture
def search(engine):
    search = ExcitingSearch(engine)
    search.search("logits", 0)
    return search


def test_it_goes_through_all_parts_and_tells_what_it_has(engine, search):
    heard = []
    search.arrived.connect(lambda pictures, found: heard.append(found.n_searched))
    for part in range(3):
        assert engine.last(FindExciting).part == part
        engine.answer(engine.last(FindExciting))
        engine.answer(engine.last(FetchTrainingPictures))
    assert heard == [10, 20, 30]
    assert engine.last(FetchTrainingPictures).numbers == tuple(range(29, 14, -1))
    assert len([request for request in engine.asked if isinstance(request, FindExciting)]) == 3


@pytest.mark.parametrize("move", ["position", "bend", "layer"])
def test_other_weights_or_another_layer_begin_anew(engine, search, move):
    engine.answer(engine.last(FindExciting))
    late = engine.last(FindExciting)
    if move == "position":
        engine.view.show(Position(0))
    elif move == "layer":
        search.search("hidden", 0)
    else:
        engine.bending.bend("run", scaled((), Part("logits", 0), 0.0))
        engine.view.position_changed.emit()
    assert engine.last(FindExciting).part == 0
    n = len(engine.asked)
    engine.answer(late)
    assert len(engine.asked) == n, "what was asked before is dropped"


def test_another_unit_of_the_layer_needs_no_new_search(engine, search):
    engine.answer(engine.last(FindExciting))
    n = len([request for request in engine.asked if isinstance(request, FindExciting)])
    search.search("logits", 0)
    assert len([request for request in engine.asked if isinstance(request, FindExciting)]) == n


def test_it_stops_where_nobody_looks(engine, search):
    search.search("", 0)
    n = len(engine.asked)
    engine.answer(engine.asked[0])
    engine.view.show(Position(0))
    assert len(engine.asked) == n


def test_what_cannot_be_searched_is_told_once(qtbot, engine, search):
    with qtbot.waitSignal(search.failed) as failed:
        engine.replied.emit(Reply(1, engine.asked[0], None, None, "The dataset is not at hand."))
    assert failed.args == ["The dataset is not at hand."]
