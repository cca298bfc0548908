"""A film is rendered and written in the background, and can be cancelled until its file exists."""

from threading import Event
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from answerer import Answerer
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.position import Position
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering, decode_requests
from cadl_gui.ui.render_job import RenderJob

N_FRAMES = 40


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def job(engine):
    return RenderJob(engine)


def rendering(begun=None, may_go_on=None):
    """A film whose frames are made when the test says so."""

    def compose(answers):
        if begun is not None:
            begun.set()
            assert may_go_on.wait(5)
        return FrameSequence(frames=np.zeros((N_FRAMES, 8, 8, 1), np.uint8))

    return Rendering(decode_requests("run", [Position(1)], np.zeros((1, 2), np.float32)), compose)


def test_a_film_is_written_and_reported(qtbot, engine, job, tmp_path):
    with qtbot.waitSignals([job.writing, job.ended, engine.notifications.saved], order="strict"):
        job.start(rendering(), tmp_path / "film.gif")
        engine.answer_all()
    assert (tmp_path / "film.gif").exists()


@pytest.fixture
def heard(job, engine):
    """What the job tells, in order."""
    heard, told = [], engine.notifications
    signals = {"writing": job.writing, "ended": job.ended, "saved": told.saved, "failed": told.unanswered}
    for name, signal in signals.items():
        signal.connect(lambda *_, name=name: heard.append(name))
    return heard


def join_writing():
    """Wait until films are written, but not for the signals."""
    for thread in (thread for thread in enumerate_threads() if thread.name == "background job"):
        thread.join(5)
        assert not thread.is_alive()


def end_writing(may_go_on):
    """Let films be written, and wait for the signals."""
    may_go_on.set()
    join_writing()
    QApplication.processEvents()


@pytest.mark.parametrize("ending", [".gif", ".mp4", ".png"])
def test_a_film_is_cancelled_while_it_is_written_and_leaves_nothing(engine, job, heard, tmp_path, ending):
    begun, may_go_on = Event(), Event()
    job.start(rendering(begun, may_go_on), tmp_path / f"film{ending}")
    engine.answer_all()
    assert begun.wait(5)
    job.cancel()
    assert heard == ["writing", "ended"]
    end_writing(may_go_on)
    assert heard == ["writing", "ended"], "it ended once, and told nothing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", [".", "missing"], ids=["saved", "failed"])
def test_how_a_film_ended_is_not_told_after_it_was_cancelled(engine, job, heard, tmp_path, folder):
    """Its thread may have ended by then, unheard by the window."""
    job.start(rendering(), tmp_path / folder / "film.gif")
    engine.answer_all()
    join_writing()
    job.cancel()
    QApplication.processEvents()
    assert heard == ["writing", "ended"]


def test_what_cannot_be_answered_ends_it_with_the_reason(engine, job, heard, tmp_path):
    job.start(rendering(), tmp_path / "film.gif")
    engine.answer("It is not open.")
    assert heard == ["ended", "failed"]
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_a_dropped_film_is_not_taken_for_that_of_the_one_after_it(engine, job, heard, tmp_path):
    begun, may_go_on = Event(), Event()
    job.start(rendering(begun, may_go_on), tmp_path / "first.gif")
    engine.answer_all()
    assert begun.wait(5)
    job.start(rendering(), tmp_path / "second.gif")
    end_writing(may_go_on)
    assert heard == ["writing"], "the second one still waits for its answers"
    engine.answer_all()
    end_writing(may_go_on)
    assert heard == ["writing", "writing", "ended", "saved"]
    assert [path.name for path in tmp_path.iterdir()] == ["second.gif"]


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("after", [1, 3])
def test_a_check_ends_the_writing_at_any_time(tmp_path, ending, after):
    old = tmp_path / f"film{ending}"
    old.write_bytes(b"old")
    calls = []

    def check():
        calls.append(None)
        if len(calls) > after:
            raise KeyError

    with pytest.raises(KeyError):
        save(FrameSequence(frames=np.zeros((N_FRAMES, 8, 8, 1), np.uint8)), old, check)
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]
