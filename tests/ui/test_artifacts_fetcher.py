"""Artifacts are fetched once per position, and late ones are not confused with those shown."""

from functools import partial

import pytest
from answerer import Answerer
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.ui.artifacts_fetcher import ArtifactsFetcher

pytestmark = pytest.mark.gui


def run_with(*recorded):
    return Run("A", description("run", preset("softmax").config), History(10), list(recorded))


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def heard():
    """Positions of the snapshots that arrived, and error messages."""
    return []


@pytest.fixture
def artifacts(engine):
    return ArtifactsFetcher(engine)


@pytest.fixture
def fetch(engine, artifacts, heard):
    engine.notifications.unanswered.connect(heard.append)
    return partial(artifacts.fetch, on_snapshot=lambda _, position: heard.append(position))


def test_between_two_retained_positions_the_earlier_one_is_requested_once(engine, fetch, heard):
    run = run_with(UNTRAINED, Position(1))
    for position in (Position(0, 3), Position(0, 5), Position(1), Position(1, 2)):
        fetch(run, position)
        while engine.waiting:
            engine.reply(engine.waiting[0], "value")
    assert [request.position for request in engine.asked] == [UNTRAINED, Position(1)]
    assert heard == [UNTRAINED, Position(1)]


def test_only_the_answer_to_the_last_question_is_taken(engine, fetch, heard):
    run = run_with(UNTRAINED, Position(1))
    fetch(run, UNTRAINED)
    fetch(run, Position(1))
    engine.reply(engine.waiting[0], "late")
    assert heard == []
    engine.reply(engine.waiting[0], "value")
    assert heard == [Position(1)]


def test_what_is_wanted_no_more_is_not_reported(engine, artifacts, fetch, heard):
    fetch(run_with(UNTRAINED), UNTRAINED)
    artifacts.forget()
    engine.reply(engine.waiting[0], "value")
    assert heard == []


def test_a_run_without_snapshots_accepts_no_answers(engine, fetch, heard):
    fetch(run_with(UNTRAINED), UNTRAINED)
    fetch(run_with(), UNTRAINED)
    engine.reply(engine.waiting[0], "value")
    assert heard == []


def test_what_cannot_be_fetched_is_reported(engine, fetch, heard):
    fetch(run_with(UNTRAINED), UNTRAINED)
    engine.reply(engine.waiting[0], message="It is gone.")
    assert heard == ["It is gone."]
