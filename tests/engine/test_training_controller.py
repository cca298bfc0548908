"""Several trainings take turns in one thread; each is paused, stepped and stopped separately."""

import threading
import time
from dataclasses import replace

import pytest
from any_run import rendered
from fakes import FakeInference, FakeTraining

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_speed import FULL_SPEED, TrainingSpeed
from cadl_gui.engine.training_status import TrainingState

CONFIG = preset("lecture-autoencoder").config.replace(epochs=1000)
SLOW = TrainingSpeed(200)


def moves(qtbot, run):
    """Wait until a run has made progress."""
    before = run.newest
    qtbot.waitUntil(lambda: run.newest > before)


def stands_still(qtbot, run, other):
    """Wait until another run has completed an epoch while this one makes no progress."""
    before = run.newest
    target = Position(other.newest.epoch + 2)
    qtbot.waitUntil(lambda: other.newest >= target)
    assert run.newest == before


@pytest.fixture
def two(qtbot, engine):
    """Two runs that take turns in training."""
    engine.training.set_speed(SLOW)
    engine.training.train(CONFIG)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    engine.training.train(CONFIG.replace(learning_rate=0.5), alongside=True)
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.TRAINING)
    return tuple(engine.runs)


def test_both_go_on(qtbot, two):
    for run in two:
        moves(qtbot, run)
        assert run.state is RunState.TRAINING
    first, second = two
    assert first.history.learning_rates[-1][1] != second.history.learning_rates[-1][1]


def train_anew(engine, first):
    engine.training.train(CONFIG)


def train_again(engine, first):
    engine.training.train_again()


def branch_another(engine, first):
    engine.training.branch(first, Position(1))


def resume_another(engine, first):
    engine.training.resume_run(first)


@pytest.mark.parametrize("begin", [train_anew, train_again, branch_another, resume_another])
@pytest.mark.parametrize("is_shown", [True, False])
def test_what_begins_takes_the_place_of_the_current_training_and_the_others_go_on(
    qtbot, engine, backends, two, tmp_path, begin, is_shown
):
    """Training one of two again used to stop the other, too."""
    first, second = two
    qtbot.waitUntil(lambda: Position(1) in first.recorded)
    engine.training.stop(run=first)
    qtbot.waitUntil(lambda: first.state is RunState.STOPPED)
    first.description = replace(first.description, source=tmp_path)  # from where it can go on
    engine.training.train(CONFIG, alongside=True)
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and engine.training.state is TrainingState.TRAINING)
    third = engine.runs[2]
    current, other = (second, third) if is_shown else (third, second)
    engine.view.show_run(second if is_shown else first)
    assert engine.training.run is current
    n_begun = len(backends[0].requests)
    begin(engine, first)
    qtbot.waitUntil(lambda: len(backends[0].requests) > n_begun)
    new_id = backends[0].requests[-1].run_id
    qtbot.waitUntil(lambda: any(run.run_id == new_id and engine.training.trains(run) for run in engine.runs))
    qtbot.waitUntil(lambda: (current.state, other.state) == (RunState.STOPPED, RunState.TRAINING))
    assert [run.run_id for run in engine.training.runs] == [other.run_id, new_id]
    assert engine.training.run.run_id == new_id
    moves(qtbot, other)


def test_training_is_paused_stepped_and_resumed_while_another_goes_on(qtbot, engine, two):
    first, second = two
    engine.training.pause(run=first)
    qtbot.waitUntil(lambda: engine.training.is_reported_paused(first))
    stands_still(qtbot, first, second)
    before = first.history.n_steps
    engine.training.step(run=first)
    qtbot.waitUntil(lambda: first.history.n_steps == before + 1)
    stands_still(qtbot, first, second)
    engine.training.resume(run=first)
    moves(qtbot, first)


def test_training_is_stopped_while_another_goes_on(qtbot, engine, two):
    first, second = two
    engine.training.stop(run=second)
    qtbot.waitUntil(lambda: second.state is RunState.STOPPED)
    assert engine.training.run is first
    moves(qtbot, first)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


def test_training_that_fails_leaves_the_other(qtbot, engine, two):
    first, _ = two
    engine.training.train(CONFIG.replace(learning_rate=1e6), alongside=True)
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and engine.runs[2].state is RunState.FAILED)
    moves(qtbot, first)


def test_the_verbs_are_about_the_run_that_is_shown_else_the_one_begun_last(qtbot, engine, two):
    first, second = two
    assert engine.training.run is second
    told = rendered(engine.view, lambda: engine.training.status)
    engine.view.show_run(first)  # in the same state
    assert engine.training.run is first
    engine.training.pause()
    assert engine.training.state is TrainingState.PAUSED
    engine.view.show_run(second)
    assert engine.training.state is TrainingState.TRAINING
    assert told == [
        (TrainingState.TRAINING, first.run_id),
        (TrainingState.PAUSED, first.run_id),
        (TrainingState.TRAINING, second.run_id),
    ]


def test_a_run_that_trains_cannot_be_taken_off(engine, two):
    for run in two:
        engine.runs.remove(run)
    assert tuple(engine.runs) == two


def test_the_learning_rate_is_each_one_s_own(qtbot, engine, two):
    first, second = two
    engine.training.set_learning_rate(0.25, run=first)
    qtbot.waitUntil(lambda: first.history.learning_rates[-1][1] == 0.25)
    assert second.history.learning_rates[-1][1] == 0.5


def test_what_is_reported_of_the_speed_is_what_one_gets_by_turns(engine, two):
    first, second = two
    engine.training.set_speed(FULL_SPEED)
    for run in two:
        run.images_per_second = 1000.0
    assert engine.training.images_per_second(first) == 500.0
    engine.training.pause(run=second)
    assert engine.training.images_per_second(first) == 1000.0
    engine.training.set_speed(TrainingSpeed(1))
    assert engine.training.images_per_second(first) == first.description.config.training.batch_size


@pytest.mark.parametrize("names", [("", ""), ("a:b", "a?b")], ids=["same name", "same name of a file"])
def test_trainings_that_start_at_once_have_their_own_names_and_folders(qtbot, backends, tmp_path, names):
    """Train beside, pressed twice, trained two runs of one name, and the second was not recorded."""
    engine = Engine(lambda: backends[0], lambda: backends[1], runs_folder=tmp_path)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    for name in names:
        engine.training.train(CONFIG, alongside=True, name=name)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    assert len({run.description.name for run in engine.runs}) == 2
    assert len({run.description.source for run in engine.runs}) == 2
    assert engine.shut_down(60_000)


MOST_AHEAD = 50
LOOK_S, LOOKS = 0.02, 15
"""That a thread has stopped can only be seen by looking at it for longer than it needs for many turns."""


class Hasty(FakeTraining):
    """Counts its turns, each of which completes an epoch."""

    def __init__(self):
        super().__init__()
        self.n_turns = 0
        self.has_begun = threading.Event()

    def train(self, request):
        loop = super().train(request)
        reported = next(loop)
        while True:
            turn = yield reported
            self.n_turns += 1
            self.has_begun.set()
            reported = loop.send(turn)

    def come_to_rest(self, limit, qtbot=None):
        """Let it take turns until it takes none any more, or has passed a limit; returns how many it took.

        Without a bot, the window hears of nothing meanwhile.
        """
        n_same = 0
        while n_same < LOOKS and self.n_turns <= limit:
            before = self.n_turns
            time.sleep(LOOK_S) if qtbot is None else qtbot.wait(round(1000 * LOOK_S))
            n_same = n_same + 1 if self.n_turns == before > 0 else 0
        return self.n_turns


class TestWhatHasBegunUnheard:
    """A training that takes turns before the window has heard that it started."""

    @pytest.fixture
    def backends(self):
        return Hasty(), FakeInference()

    def test_training_cancelled_before_it_is_heard_of_is_listed_and_stopped(self, qtbot, engine, backends):
        """It went on to its end, and nothing could stop it."""
        engine.training.train(CONFIG)
        assert backends[0].has_begun.wait(60)
        engine.training.cancel_start()
        assert engine.training.state is TrainingState.IDLE
        qtbot.waitUntil(lambda: [run.state for run in engine.runs] == [RunState.STOPPED])
        assert backends[0].stopped == [engine.runs[0].run_id]


@pytest.mark.parametrize("is_busy", ["window", "inference"])
def test_a_training_does_not_run_far_ahead_of_its_consumers(qtbot, is_busy):
    backend, inference = Hasty(), FakeInference()
    free = threading.Event()
    if is_busy == "inference":
        publish = inference.update

        def wait_and_publish(*arguments):
            assert free.wait(60)
            publish(*arguments)

        inference.update = wait_and_publish
    engine = Engine(lambda: backend, lambda: inference, runs_folder=None)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    engine.training.train(CONFIG.replace(epochs=10_000))
    heard = 0
    if is_busy == "window":
        qtbot.waitUntil(lambda: backend.n_turns > 0)
        heard = backend.n_turns
    n_turns = backend.come_to_rest(heard + MOST_AHEAD, None if is_busy == "window" else qtbot)
    free.set()
    qtbot.waitUntil(lambda: backend.n_turns > n_turns + 200)
    assert engine.shut_down(60_000)
    assert n_turns - heard < MOST_AHEAD
