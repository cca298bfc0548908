"""Probes are asked for once at each kept position, and late ones are not taken for those that are shown."""

import pytest
from answerer import Answerer
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.ui.kept_probes import KeptProbes

pytestmark = pytest.mark.gui


def run_with(*recorded):
    return Run("A", description("run", preset("softmax").config), History(10), list(recorded))


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def heard():
    """Positions of the snapshots that arrived, and sentences."""
    return []


@pytest.fixture
def probes(engine, heard):
    return KeptProbes(engine, lambda _, position: heard.append(position), heard.append)


def test_between_two_kept_positions_the_earlier_one_is_asked_for_once(engine, probes, heard):
    run = run_with(UNTRAINED, Position(1))
    for position in (Position(0, 3), Position(0, 5), Position(1), Position(1, 2)):
        probes.fetch(run, position)
        while engine.waiting:
            engine.reply(engine.waiting[0], "value")
    assert [request.position for request in engine.asked] == [UNTRAINED, Position(1)]
    assert heard == [UNTRAINED, Position(1)]


def test_only_the_answer_to_the_last_question_is_taken(engine, probes, heard):
    run = run_with(UNTRAINED, Position(1))
    probes.fetch(run, UNTRAINED)
    probes.fetch(run, Position(1))
    engine.reply(engine.waiting[0], "late")
    assert heard == []
    engine.reply(engine.waiting[0], "value")
    assert heard == [Position(1)]


def test_what_is_wanted_no_more_is_not_told(engine, probes, heard):
    probes.fetch(run_with(UNTRAINED), UNTRAINED)
    probes.forget()
    engine.reply(engine.waiting[0], "value")
    assert heard == []


def test_a_run_that_has_kept_nothing_yet_takes_no_answers(engine, probes, heard):
    probes.fetch(run_with(UNTRAINED), UNTRAINED)
    probes.fetch(run_with(), UNTRAINED)
    engine.reply(engine.waiting[0], "value")
    assert heard == []


def test_what_cannot_be_fetched_is_told(engine, probes, heard):
    probes.fetch(run_with(UNTRAINED), UNTRAINED)
    engine.reply(engine.waiting[0], sentence="It is gone.")
    assert heard == ["It is gone."]
