"""`wait_until_idle` waits until nothing of the engine is under way, and not shorter."""

import threading

import pytest
from fakes import FakeInference, FakeTraining
from idle import busy_parts, wait_until_idle
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.training_status import TrainingState

CONFIG = preset("lecture-autoencoder").config.replace(epochs=2)


class Worker(QObject):
    """Works in a thread of the engine for as long as it is told to; nobody counts that."""

    told = Signal()
    worked = Signal()

    def __init__(self, thread):
        super().__init__()
        self.may_end = threading.Event()
        self.told.connect(self.work, Qt.ConnectionType.QueuedConnection)
        self.moveToThread(thread)

    @Slot()
    def work(self):
        assert self.may_end.wait(60)
        self.worked.emit()

    def tell(self):
        self.told.emit()


class Relay(QObject):
    """Tells another worker once one has worked."""

    def __init__(self, worker=None):
        super().__init__()
        self.worker = worker
        self.n_heard = 0

    @Slot()
    def hear(self):
        self.n_heard += 1
        if self.worker is not None:
            self.worker.tell()


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_a_thread_was_told_to_do_is_waited_for_and_what_follows_from_it(engine, which):
    first, second = Worker(engine.threads[which]), Worker(engine.threads[1])
    relay, last = Relay(second), Relay()
    first.worked.connect(relay.hear)
    second.worked.connect(last.hear)
    for n in (1, 2):
        first.may_end.clear()
        second.may_end.set()
        first.tell()
        QTimer.singleShot(20, first.may_end.set)
        wait_until_idle(engine)
        assert (relay.n_heard, last.n_heard) == (n, n)


class Held(FakeInference):
    """Answers one request each time that it is allowed to."""

    def __init__(self):
        super().__init__()
        self.allowed = threading.Semaphore(0)

    def answer(self, request):
        assert self.allowed.acquire(timeout=60)
        return super().answer(request)


@pytest.fixture
def backends():
    return FakeTraining(), Held()


@pytest.fixture
def run(qtbot, engine, backends):
    backends[1].allowed.release(1000)
    engine.training.train(CONFIG)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and bool(engine.runs))
    wait_until_idle(engine)
    while backends[1].allowed.acquire(blocking=False):
        pass
    return engine.runs[0]


def test_engine_is_busy_until_the_last_answer_of_a_chain(qtbot, engine, backends, run):
    client, order = InferenceClient(engine.inference, engine), []

    def ask_again(*_):
        order.append("first")
        client.ask(FetchSnapshot(run.run_id, UNTRAINED), lambda *_: order.append("second"))
        backends[1].allowed.release()

    client.ask(FetchSnapshot(run.run_id, None), ask_again)
    assert busy_parts(engine)
    backends[1].allowed.release()
    wait_until_idle(engine)
    assert order == ["first", "second"]
    assert not busy_parts(engine)


def test_engine_is_busy_until_a_job_is_over(engine, run):
    may_end, results = threading.Event(), []
    job = BackgroundJob(lambda: may_end.wait(60))
    job.finished.connect(results.append)
    engine.jobs.start(job)
    assert busy_parts(engine)
    may_end.set()
    wait_until_idle(engine)
    assert results == [True]


def test_engine_is_busy_until_a_job_of_the_training_thread_is_over(engine, run):
    def stages():
        yield from range(50)
        return "done"

    results = []
    job = BackgroundJob(stages)
    job.finished.connect(results.append)
    engine.jobs.start_between_turns(job)
    assert busy_parts(engine)
    wait_until_idle(engine)
    assert results == ["done"]


def test_engine_is_busy_while_a_training_takes_turns(qtbot, engine):
    engine.training.train(CONFIG.replace(epochs=10_000))
    assert busy_parts(engine)
    qtbot.waitUntil(lambda: bool(engine.runs) and engine.runs[0].history.n_steps > 100)
    assert busy_parts(engine)
    engine.training.pause()
    wait_until_idle(engine)
    n_steps = engine.runs[0].history.n_steps
    engine.training.step()
    wait_until_idle(engine)
    assert engine.runs[0].history.n_steps == n_steps + 1


def test_command_that_nobody_counts_is_waited_for(engine, run, tmp_path):
    """While a file is read, no request is in flight and no job runs."""
    engine.runs.open(tmp_path / "none.keras")
    assert len(engine.runs.listed) == 2
    wait_until_idle(engine)
    assert len(engine.runs.listed) == 1, "the file was found missing"


def test_waiting_for_what_never_rests_is_an_error(engine):
    engine.training.train(CONFIG.replace(epochs=10_000))
    with pytest.raises(TimeoutError, match="TrainingController"):
        wait_until_idle(engine, most_s=0.3)
    engine.training.stop()
    wait_until_idle(engine)
