"""The events of a run that another process trains are those of a training: opened, growing, ended."""

import gc

import pytest
from reported_runs import CONFIGURATION, new_writer, reported, write_epochs

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.events import EpochCompleted, RunOpened, SnapshotsDropped, SnapshotTaken, TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.runs import layout, writer
from cadl_gui.runs.interrupted import take_interrupted
from cadl_gui.runs.reader import read_run
from cadl_gui.saved.followed import follow
from cadl_gui.saved.opened import open_path, open_run


@pytest.fixture(autouse=True)
def _checkpoints_without_keras(monkeypatch):
    def save(path, *_, **__):
        path.write_text("checkpoint")

    monkeypatch.setattr(writer, "save_checkpoint", save)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run"


def test_followed_run_begins_whole_grows_and_ends_with_its_writer(folder):
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0, 1])
        following = follow(OpenFile("run", folder))
        (opened,) = next(following)
        assert isinstance(opened, RunOpened)
        assert opened.writer
        assert [record.epoch for record in opened.history.epochs] == [0, 1]
        assert next(following) == ()
        write_epochs(run_writer, [2])
        taken, completed = next(following)[-2:]
        assert (taken.snapshot.position, completed.record.epoch) == (Position(2), 2)
        assert len(opened.history.epochs) == 2  # it is the window's own by now
    (ended,) = next(following)
    assert isinstance(ended, TrainingEnded)
    assert (ended.position, ended.complete) == (Position(2), False)
    assert next(following, None) is None


def test_followed_run_is_opened_with_the_newest_weights_that_are_still_there(folder):
    """Of short epochs, the writer drops most: the newest may be gone when they are read."""
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0, 1, 2])
        run = read_run(folder)
        run_writer.write(SnapshotsDropped("run", (Position(2),)))
        opened = open_run(run, newest=True).as_event(OpenFile("run", folder))
        assert opened.snapshot.position == opened.recorded[-1] == Position(1)
        run_writer.write(SnapshotsDropped("run", opened.recorded))
        with pytest.raises(CheckpointError, match="holds no weights yet"):
            open_run(run, newest=True).as_event(OpenFile("run", folder))


def test_a_run_within_its_first_epoch_is_followed_there_and_asked_at_its_last_end(folder):
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0])
        for event in reported(1)[:2]:
            run_writer.write(event)
        opened, asked = open_path(folder, newest=True), open_path(folder)
        assert (opened.snapshot.position, asked.snapshot.position) == (Position(0, 1), Position(0))
        (followed,) = next(follow(OpenFile("run", folder)))
        assert followed.snapshot.position == Position(0, 1)


def test_a_run_that_is_resumed_is_reported_again(folder):
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0, 1])
        run_writer.write(reported(2)[1])
    mark = layout.lock_path(folder)
    mark.write_text("4711")
    following = follow(OpenFile("run", folder))
    next(following)
    with new_writer(folder, resume=True) as run_writer:
        (opened,) = next(following)
        assert isinstance(opened, RunOpened)
        assert opened.history.n_steps == 4
        write_epochs(run_writer, [2, 3])
        kinds = [type(event) for event in next(following)]
        assert kinds.count(EpochCompleted) == kinds.count(SnapshotTaken) == 2
    ended = next(following)[-1]
    assert ended.complete


def test_a_folder_that_is_gone_ends_it_with_a_message(folder, tmp_path):
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0])
        following = follow(OpenFile("run", folder))
        next(following)
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(CheckpointError, match="not a run folder"):
            [next(following) for _ in range(3)]


def died(folder):
    """Leave the files that a killed process leaves."""
    layout.lock_path(folder).write_text("4711\n")


def test_trainings_that_died_are_found_once_the_newest_first(tmp_path):
    for name in ("2026-01-01 vae", "2026-01-02 softmax", "2026-01-03 stopped"):
        with new_writer(tmp_path / name) as run_writer:
            write_epochs(run_writer, [0, 1])
    for name in ("2026-01-01 vae", "2026-01-02 softmax"):
        died(tmp_path / name)
    (tmp_path / "holiday.jpg").write_bytes(b"")
    found, complaints = take_interrupted(tmp_path)
    assert complaints == []
    assert [run.folder.name for run in found] == ["2026-01-02 softmax", "2026-01-01 vae"]
    assert (found[0].name, found[0].epoch, found[0].epochs) == ("First try", 1, CONFIGURATION.training.epochs)
    assert take_interrupted(tmp_path) == ([], [])
    assert take_interrupted(tmp_path / "nowhere") == ([], [])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of a file that is not closed
def test_trainings_that_cannot_be_resumed_are_not_offered(tmp_path):
    with new_writer(tmp_path / "complete") as run_writer:
        write_epochs(run_writer, range(CONFIGURATION.training.epochs + 1))
    died(tmp_path / "complete")
    new_writer(tmp_path / "half begun")  # and no epoch: it is killed
    gc.collect()
    died(tmp_path / "half begun")
    with new_writer(tmp_path / "still trains") as run_writer:
        write_epochs(run_writer, [0])
        assert take_interrupted(tmp_path) == ([], [])
    assert layout.manifest_path(tmp_path / "half begun").is_file()
