"""What several workers agree on, as threads that add up numbers like TensorFlow's processes."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf
from shared_steps import DENSE, noise

from cadl_gui.domain.errors import ConfigurationError, NonFiniteLossError, RecordingError, WorkerLostError
from cadl_gui.domain.training_requests import StepBudget
from cadl_gui.domain.workers import Workers
from cadl_gui.training.team.several import Several

pytestmark = pytest.mark.tf

ADDRESSES = "a:1", "b:1", "c:1"
STOP = StepBudget(0.0, 0, 0.5)
PATIENCE = 30.0


def turn(seconds=60.0, learning_rate=0.01):
    return StepBudget(seconds, None, learning_rate)


class Adding:
    """Adds up the numbers of some threads, once all have come."""

    def __init__(self, n):
        self._barrier = threading.Barrier(n)
        self._given = [None] * n
        self.n_called = 0

    def __call__(self, own):
        self.n_called += 1
        try:
            self._given[self._barrier.wait(PATIENCE)] = own
            self._barrier.wait(PATIENCE)
            total = np.sum(self._given, axis=0)
            self._barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            raise tf.errors.UnavailableError(None, None, "from /job:worker/task:2: unhealthy") from None
        return total

    def miss_one(self):
        """Let all others find out that one no longer comes."""
        self._barrier.abort()


@pytest.fixture
def adding():
    return Adding(len(ADDRESSES))


@pytest.fixture
def several(adding):
    """The three workers, which have met."""
    all_of = [
        Several(Workers(ADDRESSES, index), lambda about: ("strategy", adding))
        for index in range(len(ADDRESSES))
    ]
    assert [each.meet(DENSE.replace(batch_size=30), noise()) for each in all_of] == ["strategy"] * 3
    return all_of


def each(several, function):
    """Let all call a function at once; return what each returned, or the error that it raised."""
    with ThreadPoolExecutor(len(several)) as pool:
        ended = [pool.submit(function, one) for one in several]
    return [one.exception() or one.result() for one in ended]


def test_all_take_the_turn_that_the_chief_wants(several):
    """Twice as many steps as before at most, at its learning rate, whatever the others were started with."""

    def turns(one):
        wanted = turn(learning_rate=0.1 * (one.index + 1))
        taken = []
        for _ in range(4):
            taken.append(one.agree(wanted))
            with one.exchanging(n_steps=taken[-1].max_steps):
                pass
        return taken

    chief, *others = each(several, turns)
    assert [budget.max_steps for budget in chief] == [1, 2, 4, 8]
    assert {(budget.seconds, budget.learning_rate) for budget in chief} == {(math.inf, 0.1)}
    assert others == [chief, chief]


def test_a_turn_has_no_more_steps_than_the_chief_has_time_for(several):
    def turns(one):
        one.agree(turn())
        with one.exchanging(n_steps=1):
            threading.Event().wait(0.05)
        return one.agree(turn(seconds=0.05)).max_steps

    assert each(several, turns) == [1, 1, 1]


@pytest.mark.parametrize("index", range(3))
def test_who_stops_stops_all(several, index):
    assert (
        each(several, lambda one: one.agree(STOP if one.index == index else turn()))
        == [StepBudget(0.0, 0, 0.5 if index == 0 else 0.01)] * 3
    )


@pytest.mark.parametrize("index", [0, 2])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecordingError("The disk is full."), "it cannot write the run."),
        (NonFiniteLossError(1, 2), "the loss became infinite."),
        (MemoryError("no more memory"), "its own message says why."),
    ],
)
def test_who_fails_between_two_turns_says_why_to_the_others(several, index, error, reason):
    def training(one):
        with one.leaving():
            one.agree(turn())
            with one.exchanging(n_steps=1):
                pass
            if one.index == index:
                raise error
            one.agree(turn())

    ended = each(several, training)
    assert ended.pop(index) is error
    name = "The chief (a:1)" if index == 0 else "Worker 2 (c:1)"
    assert [str(other) for other in ended] == [f"{name} has ended: {reason}"] * 2
    assert {type(other) for other in ended} == {WorkerLostError}


@pytest.mark.parametrize("when", ["before the first turn", "during a turn"])
def test_who_fails_at_another_time_leaves_it_to_tensorflow_to_notice(several, adding, when):
    """The others compute together then: what they add up has to be the same for all."""

    def training(one):
        with one.leaving():
            if when == "during a turn":
                one.agree(turn())
            with one.exchanging(n_steps=1):
                if one.index == 2:
                    raise OSError
            one.agree(turn())

    with ThreadPoolExecutor(3) as pool:
        ended = [pool.submit(training, one) for one in several]
        assert isinstance(ended[2].exception(PATIENCE), OSError)
        adding.miss_one()
    for index in (0, 1):
        assert str(ended[index].exception()) == "Worker 2 (c:1) has ended, or cannot be reached any more."


def test_between_the_networks_state_and_the_first_steps_nobody_listens_to_a_reason(several, adding):
    def training(one):
        with one.leaving():
            with one.exchanging():
                pass
            raise OSError

    assert [type(error) for error in each(several, training)] == [OSError] * 3
    assert adding.n_called == 0


def test_all_leave_together(several):
    """Also once a worker has stopped them, and the chief could not write after that."""

    def training(one, fails=False):
        with one.leaving():
            one.agree(STOP if one.index == 1 else turn())
            if fails and one.index == 0:
                raise RecordingError("The disk is full.")

    assert each(several, training) == [None] * 3
    chief, *others = each(several, lambda one: training(one, fails=True))
    assert isinstance(chief, RecordingError)
    assert [str(other) for other in others] == ["The chief (a:1) has ended: it cannot write the run."] * 2


def test_a_worker_that_is_missing_at_the_end_is_no_failure_of_the_chief_that_has_written(several, adding):
    all_stop = threading.Barrier(3)

    def training(one):
        with one.leaving():
            one.agree(STOP)
            all_stop.wait(PATIENCE)
            if one.index == 2:
                adding.miss_one()

    chief, first, second = each(several, training)
    assert chief is None
    assert isinstance(first, WorkerLostError)
    assert isinstance(second, WorkerLostError)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("/job:worker/task:1: /job:worker/replica:0/task:1", "Worker 1 (b:1) has ended, or"),
        ("/job:worker/replica:0/task:0 while calling RecvBuf", "The chief (a:1) has ended, or"),
        ("/job:worker/task:2 itself was missed", "Another worker has ended, or"),
        ("/task:0 and /task:1", "Another worker has ended, or"),
    ],
)
def test_what_tensorflow_reports_names_the_worker(several, message, said):
    with pytest.raises(WorkerLostError) as raised, several[2].exchanging():
        raise tf.errors.UnavailableError(None, None, message)
    assert str(raised.value) == f"{said} cannot be reached any more."


def test_a_lack_of_memory_is_not_another_workers_fault(several):
    with pytest.raises(tf.errors.ResourceExhaustedError), several[0].exchanging():
        raise tf.errors.ResourceExhaustedError(None, None, "OOM")


def test_a_batch_that_cannot_be_divided(several):
    with pytest.raises(ConfigurationError, match=r"A batch of 20 images cannot be divided .* 3; 21 could"):
        several[0].meet(DENSE.replace(batch_size=20), noise())
