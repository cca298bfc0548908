"""Images of a position are those of its weights, however late an earlier answer arrives."""

from types import SimpleNamespace

import numpy as np
import pytest
from answerer import Answerer
from fakes import STEPS_PER_EPOCH, description

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.train.reconstruction_cache import ReconstructionCache

pytestmark = pytest.mark.gui


class Reconstructing(Answerer):
    """Answers with images whose grey level grows with the position."""

    def answer_at(self, request, position):
        value = np.full((1, 2, 2, 1), (position.epoch * STEPS_PER_EPOCH + position.step) / 100, np.float32)
        self.reply(request, value, position)


@pytest.fixture
def engine(qapp):
    return Reconstructing()


@pytest.fixture
def run():
    config = preset("lecture-autoencoder").config
    recorded = [UNTRAINED, Position(1)]
    return Run("A", description("a", config), History(STEPS_PER_EPOCH), recorded, newest=Position(1))


@pytest.fixture
def limit():
    """The size of the cache, if it is not the usual one."""
    return {}


@pytest.fixture
def shown(engine, limit):
    """Positions whose images were delivered, in order."""
    positions = []
    engine.reconstructions = ReconstructionCache(engine, **limit)
    engine.reconstructions.arrived.connect(lambda position, _: positions.append(position))
    return positions


def test_an_answer_about_the_newest_weights_does_not_cover_the_position_that_was_gone_back_to(
    engine, run, shown
):
    engine.view.show_run(run)
    live, retained = engine.asked
    assert (live.position, retained.position) == (None, UNTRAINED)
    engine.answer_at(retained, UNTRAINED)
    engine.view.show(UNTRAINED)
    assert shown == [UNTRAINED], "it is remembered"
    engine.answer_at(live, Position(1))
    assert shown == [UNTRAINED]


def test_an_answer_that_comes_late_does_not_cover_newer_weights(engine, run, shown):
    engine.view.show_run(run)
    live, _ = engine.asked
    run.recorded.append(Position(2))
    run.newest = Position(2)
    for epoch in range(3):
        engine.answer_at(engine.asked[-1], Position(epoch))
    engine.view.newest_moved()
    assert shown == [Position(2)], "it is remembered"
    engine.answer_at(live, Position(1))
    assert shown == [Position(2)]


def test_while_it_trains_somewhat_older_weights_are_better_than_none(engine, run, shown):
    engine.view.show_run(run)
    live, _ = engine.asked
    run.newest = Position(1, 7)
    engine.view.newest_moved()
    engine.answer_at(live, Position(1, 3))
    assert shown == [Position(1, 3)]


def test_an_earlier_requested_position_is_not_confused_with_the_newest_weights(engine, run, shown):
    engine.view.show_run(run)
    engine.view.show(UNTRAINED)
    earlier = engine.asked[-1]
    assert earlier.position == UNTRAINED
    engine.view.go_live()
    engine.answer_at(earlier, UNTRAINED)
    assert not shown


def test_what_fails_for_a_run_that_was_left_is_not_reported(qtbot, engine, run, shown):
    engine.view.show_run(run)
    live, _ = engine.asked
    engine.view.show_run(None)
    with qtbot.assertNotEmitted(engine.notifications.unanswered):
        engine.reply(live, message="This run is not open.")


def test_a_bent_network_is_another_one(engine, run, shown):
    engine.view.show_run(run)
    _, retained = engine.asked
    engine.answer_at(retained, UNTRAINED)
    engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 0), 0.0))
    engine.view.show(UNTRAINED)
    assert not shown, "what is remembered is that of the network as it learned"


def test_weights_that_are_refused_do_not_keep_the_others_from_being_asked_about(engine, run, shown):
    run.recorded.append(Position(2))
    engine.view.show_run(run)
    engine.reply(engine.asked[-1], message="These weights are no longer retained.")
    assert engine.asked[-1].position == Position(1)
    engine.answer_at(engine.asked[-1], Position(1))
    assert engine.asked[-1].position == Position(2)
    n_asked = len(engine.asked)
    engine.answer_at(engine.asked[-1], Position(2))
    assert len(engine.asked) == n_asked, "what was refused is not asked about over and over"


def test_live_weights_are_not_cached(engine, run, shown):
    """Nobody can go back to it."""
    engine.view.show_run(run)
    live, _ = engine.asked
    run.newest = Position(1, 7)
    engine.answer_at(live, Position(1, 7))
    n_asked = len(engine.asked)
    engine.view.newest_moved()
    assert engine.asked[n_asked].position is None, "asked for anew"


@pytest.fixture
def room_for_two(run, limit):
    """The cache is full once it has the images of two positions."""
    limit["most_bytes"] = 2 * run.description.examples.size


@pytest.mark.usefixtures("room_for_two")
def test_memory_is_bounded(engine, run, shown):
    """A full cache does not grow; another bend clears it, since it is another network."""
    run.recorded += [Position(epoch) for epoch in range(2, 6)]
    engine.view.show_run(run)
    images = np.zeros(run.description.examples.shape, np.float32)

    def answer(request, position):
        """Answer; returns the positions that are then requested."""
        n = len(engine.asked)
        engine.reply(request, images, position)
        return [request.position for request in engine.asked[n:]]

    assert answer(engine.asked[-1], UNTRAINED) == [Position(1)]
    assert answer(engine.asked[-1], Position(1)) == []
    assert answer(engine.asked[0], Position(1)) == []
    engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 0), 0.0))
    engine.view.newest_moved()
    assert answer(engine.asked[-1], UNTRAINED) == [Position(1)]


@pytest.mark.usefixtures("room_for_two")
def test_a_run_that_was_removed_for_good_leaves_its_room_to_others(engine, run, shown):
    images = np.zeros(run.description.examples.shape, np.float32)
    engine.view.show_run(run)
    for _ in run.recorded:
        engine.reply(engine.asked[-1], images)
    engine.reply(engine.asked[0], images, Position(1))
    other = Run(
        "B", description("b", run.description.config), History(STEPS_PER_EPOCH), [UNTRAINED], Position(1)
    )
    engine.view.show_run(other)
    assert engine.asked[-1].position is None, "it is full: only what is shown is asked about"
    engine.runs.forget(run.run_id)
    engine.view.newest_moved()
    assert engine.asked[-1].position == UNTRAINED


class Leaf(TabPage):
    """An empty page."""


def test_while_hidden_nothing_is_requested(qtbot, engine, run):
    page = Leaf(SimpleNamespace(engine=engine, theme=None))
    qtbot.addWidget(page)
    ReconstructionCache(engine, page)
    engine.view.show_run(run)
    engine.view.newest_moved()
    assert engine.asked == []
    page.show()
    assert len(engine.asked) > 0
    page.hide()
    n_asked = len(engine.asked)
    engine.view.show(UNTRAINED)
    assert len(engine.asked) == n_asked
