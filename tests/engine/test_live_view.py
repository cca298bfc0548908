"""While a run trains, the view moves on as fast as the networks can answer, and never stops short."""

import pytest
from any_run import ViewOfAnyRun, rendered
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot, Reply
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.live_view import LiveView
from cadl_gui.engine.run import Run, RunState

ANSWER_S = 0.03


class Training:
    """A run whose weights change, in a view that asks about them."""

    def __init__(self, parent):
        self.now = 100.0
        self.sent = []
        self.inference = InferenceBroker(
            lambda number, request: self.sent.append((number, request)), lambda _: (), self.time
        )
        self.client = InferenceClient(self.inference, parent)
        self.view = ViewOfAnyRun()
        config = preset("lecture-autoencoder").config
        recorded = [UNTRAINED, Position(1)]
        self.run = Run("A", description("a", config), History(10), recorded, newest=Position(1))
        self.view.show_run(self.run)
        self.live = LiveView(self.view, self.inference, parent, self.time)
        self.moved_to = rendered(self.view, lambda: self.view.position)

    def time(self):
        return self.now

    def move(self, step):
        self.run.newest = Position(1, step)
        self.live.newest_moved()

    def ask(self):
        self.client.ask(FetchSnapshot("a", None), lambda *_: None, competes=False)

    def answer(self):
        number, request = self.sent.pop(0)
        self.inference.handle(Reply(number, request, None, None))


@pytest.fixture
def training(qtbot, qapp):
    return Training(qapp)


def test_where_nothing_is_asked_each_change_is_shown_at_once(training):
    for step in (1, 2, 3):
        training.move(step)
    assert training.moved_to == [Position(1, 1), Position(1, 2), Position(1, 3)]


def test_answers_take_a_sixteenth_of_the_time_and_the_last_change_is_shown(training, qtbot):
    """Two answers at once take as long as they take together, not twice."""
    training.move(1)
    training.ask()
    training.ask()
    training.now += ANSWER_S
    training.answer()
    training.answer()
    assert training.inference.busy_s == pytest.approx(ANSWER_S)
    training.now += 14.9 * ANSWER_S
    for step in (2, 3, 4):
        training.move(step)
    assert training.moved_to == [Position(1, 1)]
    training.now += 0.2 * ANSWER_S
    qtbot.waitUntil(lambda: len(training.moved_to) == 2)
    assert training.moved_to[-1] == Position(1, 4)


def test_a_drag_that_keeps_the_networks_busy_does_not_stop_it(training, qtbot):
    """Its requests are never all answered; half a second is the longest time without an update."""
    training.move(1)
    training.ask()
    training.now += 0.49
    training.move(2)
    assert training.moved_to == [Position(1, 1)]
    training.now += 0.02
    qtbot.waitUntil(lambda: training.moved_to[-1] == Position(1, 2))


def test_the_end_of_a_training_is_shown_at_once(training):
    training.move(1)
    training.ask()
    training.now += ANSWER_S
    training.run.state = RunState.COMPLETE
    training.move(2)
    assert training.moved_to == [Position(1, 1), Position(1, 2)]


def test_a_recorded_position_that_is_shown_is_left_at_once_when_it_is_dropped(training):
    training.move(1)
    training.view.show(Position(1))
    training.ask()
    training.now += ANSWER_S
    training.run.recorded.remove(Position(1))
    training.live.newest_moved()
    assert training.view.position == UNTRAINED
