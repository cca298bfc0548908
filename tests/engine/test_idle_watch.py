"""The engine reports that it is idle once nothing is under way, and not before."""

import threading

import pytest
from fakes import FakeInference, FakeTraining
from idle import wait_until_idle
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.idle_watch import IdleWatch
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.thread import PythonThread
from cadl_gui.engine.training_status import TrainingState

CONFIG = preset("lecture-autoencoder").config.replace(epochs=2)


class Worker(QObject):
    """Works in another thread for as long as it is told to."""

    told = Signal()

    def __init__(self, order):
        super().__init__()
        self.order = order
        self.may_end = threading.Event()
        self.told.connect(self.work, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def work(self):
        assert self.may_end.wait(60)
        self.order.append("worked")


@pytest.fixture
def threads(qapp):
    threads = PythonThread(), PythonThread()
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.quit()
        assert thread.wait(60_000)


def test_two_quiet_round_trips_in_a_row_are_reported_once(qtbot, threads):
    answers, reported = [True, True, False, True, False, False], []
    watch = IdleWatch(threads, lambda: answers.pop(0))
    watch.idle.connect(lambda: reported.append(len(answers)))
    watch.start()
    qtbot.waitUntil(lambda: bool(reported))
    answers += [False, False]
    watch.start()
    qtbot.waitUntil(lambda: len(reported) == 2)
    assert reported == [0, 0]


def test_report_comes_after_what_a_thread_was_told_to_do(qtbot, threads):
    order = []
    worker = Worker(order)
    worker.moveToThread(threads[1])
    watch = IdleWatch(threads, lambda: False)
    watch.idle.connect(lambda: order.append("idle"))
    worker.told.emit()
    watch.start()
    worker.may_end.set()
    qtbot.waitUntil(lambda: "idle" in order)
    assert order == ["worked", "idle"]


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
    assert not engine.is_idle
    engine.idle.connect(lambda: order.append("idle"))
    backends[1].allowed.release()
    wait_until_idle(engine)
    assert order == ["first", "second", "idle"]
    assert engine.is_idle


def test_engine_is_busy_until_a_job_is_over(engine, run):
    may_end, results = threading.Event(), []
    job = BackgroundJob(lambda: may_end.wait(60))
    job.finished.connect(results.append)
    engine.jobs.start(job)
    assert not engine.is_idle
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
    assert not engine.is_idle
    wait_until_idle(engine)
    assert results == ["done"]


def test_engine_is_busy_while_a_training_takes_turns(qtbot, engine):
    engine.training.train(CONFIG.replace(epochs=10_000))
    assert not engine.is_idle
    qtbot.waitUntil(lambda: bool(engine.runs) and engine.runs[0].history.n_steps > 100)
    assert not engine.is_idle
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
    with pytest.raises(TimeoutError):
        wait_until_idle(engine, most_s=0.3)
