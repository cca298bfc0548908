"""Probes are asked for once at each kept position, and late ones are not taken for those that are shown."""

import pytest
from answerer import Answerer
from fakes import description

from cadl_gui.core.history import History
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import FetchSnapshot, Reply
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.run import Run
from cadl_gui.ui.kept_probes import KeptProbes

pytestmark = pytest.mark.gui


def run_with(*recorded):
    return Run("A", description("run", preset("softmax").config), History(10), list(recorded))


@pytest.fixture
def engine(qapp):
    engine = Answerer()
    engine.bending = Bending()
    return engine


@pytest.fixture
def probes(engine):
    return KeptProbes(engine, "probes")


def test_between_two_kept_positions_the_earlier_one_is_asked_for_once(engine, probes):
    run = run_with(UNTRAINED, Position(1))
    for position in (Position(0, 3), Position(0, 5), Position(1), Position(1, 2)):
        probes.fetch(run, position)
    assert [request.position for request in engine.waiting] == [UNTRAINED, Position(1)]


def test_only_the_answer_to_the_last_question_is_taken(engine, probes):
    run = run_with(UNTRAINED, Position(1))
    probes.fetch(run, UNTRAINED)
    probes.fetch(run, Position(1))
    late, last = (Reply(1, request, request.position, "value") for request in engine.waiting)
    assert not probes.answers(late)
    assert probes.answers(last)
    probes.forget()
    assert not probes.answers(last)


def test_a_run_that_has_kept_nothing_yet_takes_no_answers(engine, probes):
    run = run_with(UNTRAINED)
    probes.fetch(run, UNTRAINED)
    probes.fetch(run_with(), UNTRAINED)
    assert not probes.answers(Reply(1, engine.waiting[0], UNTRAINED, "value"))


def test_what_others_ask_is_not_taken(probes):
    probes.fetch(run_with(UNTRAINED), UNTRAINED)
    assert not probes.answers(Reply(1, FetchSnapshot("others", "run", UNTRAINED), UNTRAINED, "value"))
