"""Background jobs run in another thread; their signals arrive in the window's thread."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QThread

from cadl_gui.domain.errors import CadlError
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs, TurnwiseWorker
from cadl_gui.engine.thread import PythonThread

pytestmark = pytest.mark.gui


@pytest.fixture
def jobs(qapp):
    return BackgroundJobs()


def heard(job):
    """The signals of a job, in order."""
    reported = []
    for name in ("progressed", "finished", "failed", "cancelled"):
        getattr(job, name).connect(lambda *given, name=name: reported.append((name, *given)))
    return reported


def test_job_reports_and_ends_in_the_thread_that_began_it(qtbot, jobs):
    reported, ended = [], []

    def begin():
        job = BackgroundJob(threading.get_ident)
        job.finished.connect(lambda worker: reported.append((worker, threading.get_ident())))
        job.destroyed.connect(lambda: ended.append(threading.get_ident()))
        jobs.start(job)

    for _ in range(50):
        begin()
    qtbot.waitUntil(lambda: len(ended) == 50)
    here = threading.get_ident()
    assert set(ended) == {here}
    assert len(reported) == 50
    assert all(worker != here and heard_in == here for worker, heard_in in reported)
    assert not jobs.is_busy


def test_what_it_held_goes_with_it(qtbot, jobs):
    class Images:
        pass

    images = Images()
    held = weakref.ref(images)
    job = BackgroundJob(lambda images=images: None)
    del images
    with qtbot.waitSignal(job.destroyed):
        jobs.start(job)
        del job
    qtbot.waitUntil(lambda: held() is None)


def test_job_of_stages_reports_how_far_it_is(qtbot, jobs):
    def work():
        yield "half"
        yield "nearly"
        return "all"

    job = BackgroundJob(work)
    reported = heard(job)
    with qtbot.waitSignal(job.over):
        jobs.start(job)
    assert reported == [("progressed", "half"), ("progressed", "nearly"), ("finished", "all")]


def test_job_that_fails_says_why(qtbot, jobs):
    def refused():
        raise CadlError("The disk is full.")

    job = BackgroundJob(refused, "It could not be saved")
    reported = heard(job)
    with qtbot.waitSignal(job.over):
        jobs.start(job)
    ((name, message, details),) = reported
    assert (name, message) == ("failed", "The disk is full.")
    assert "CadlError" in details


def test_an_unexpected_error_is_a_message_too(qtbot, jobs):
    job = BackgroundJob(lambda: {}[7], "It could not be read")
    reported = heard(job)
    with qtbot.waitSignal(job.over):
        jobs.start(job)
    assert reported[0][:2] == ("failed", "It could not be read: 7")


def test_job_is_cancelled_between_stages_and_leaves_nothing_behind(qtbot, jobs):
    begun, may_go_on, left = threading.Event(), threading.Event(), []

    def work():
        try:
            yield "begun"
            begun.set()
            assert may_go_on.wait(60)
            yield "half"
            left.append("went on")
        finally:
            left.append("cleared up")

    job = BackgroundJob(work)
    reported = heard(job)
    with qtbot.waitSignal(job.over):
        jobs.start(job)
        assert begun.wait(60)
        job.cancel()
        may_go_on.set()
    assert reported[-1] == ("cancelled",)
    assert left == ["cleared up"]


def test_job_is_cancelled_where_it_checks(qtbot, jobs):
    may_go_on = threading.Event()

    def work():
        assert may_go_on.wait(60)
        job.raise_if_cancelled()
        return "all"

    job = BackgroundJob(work)
    reported = heard(job)
    with qtbot.waitSignal(job.over):
        jobs.start(job)
        job.cancel()
        may_go_on.set()
    assert reported == [("cancelled",)]


def test_jobs_under_way_are_waited_for(jobs):
    may_go_on, done = threading.Event(), []

    def work():
        assert may_go_on.wait(60)
        done.append(True)

    jobs.start(BackgroundJob(work))
    assert not jobs.join(0.01)
    may_go_on.set()
    assert jobs.join(60)
    assert done == [True]


def test_job_ends_properly_although_its_owners_are_deleted(qtbot):
    may_go_on, reported = threading.Event(), []

    def begin():
        jobs, job = BackgroundJobs(), BackgroundJob(lambda: may_go_on.wait(60))
        job.finished.connect(reported.append)
        jobs.start(job)
        return weakref.ref(jobs)

    jobs = begin()
    gc.collect()
    may_go_on.set()
    qtbot.waitUntil(lambda: reported == [True])
    qtbot.waitUntil(lambda: jobs() is None)


def test_several_between_the_turns_of_the_trainings_take_turns(qtbot):
    thread, worker = PythonThread(), TurnwiseWorker()
    worker.moveToThread(thread)
    jobs, stages = BackgroundJobs(worker), []

    def work(name):
        for stage in range(3):
            stages.append((name, stage, QThread.currentThread() is thread))
            yield stage

    both = [BackgroundJob(lambda name=name: work(name)) for name in "ab"]
    with qtbot.waitSignals([job.over for job in both]):
        for job in both:
            jobs.start_between_turns(job)
        thread.start()
    thread.quit()
    assert thread.wait(60_000)
    assert stages == [(name, stage, True) for stage in range(3) for name in "ab"]
