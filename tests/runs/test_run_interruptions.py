"""Whatever happens to the writer of a run folder, the last complete epoch and others' files remain."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from reported_runs import CONFIGURATION, assert_holds_epochs, new_writer, steps, write_epochs

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.position import Position
from cadl_gui.runs import claim, layout, writer
from cadl_gui.runs.lock import RunLock
from cadl_gui.runs.reader import read_manifest, read_run
from cadl_gui.runs.writer import rename_run

pytestmark = pytest.mark.usefixtures("checkpoints_without_keras")


class Killed(BaseException):
    """The process is gone; no code that would clean up runs any more."""


def kill_before_operation(monkeypatch, number):
    """Kill the process before its n-th change on disk."""
    left = iter(range(number))

    def dying(change):
        def guarded(*arguments, **options):
            if next(left, None) is None:
                raise Killed
            return change(*arguments, **options)

        return guarded

    changes = ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (os, "fsync"), (RunLock, "write"))
    for owner, name in changes:
        monkeypatch.setattr(owner, name, dying(getattr(owner, name)))


def write_until_killed(folder, monkeypatch, number):
    """Returns the last reported epoch, -1 if there is none, and whether the process completed."""
    last_reported = -1
    with monkeypatch.context() as patch:
        kill_before_operation(patch, number)
        try:
            run_writer = new_writer(folder)
            for epoch in range(3):
                write_epochs(run_writer, [epoch])
                last_reported = epoch
        except Killed:
            alive = False
        else:
            alive = True
    run_writer = None
    gc.collect()  # the operating system closes what the process had open
    return last_reported, alive


def complete_epoch(folder):
    try:
        checkpoint = read_run(folder).checkpoint
    except CheckpointError:  # the kill came before there was a run
        return -1
    return -1 if checkpoint is None else layout.checkpoint_epoch(checkpoint)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of files that are not closed
@pytest.mark.parametrize("resume", [False, True], ids=["begun again", "resumed"])
def test_a_kill_at_any_instant_leaves_the_last_complete_epoch_and_no_dead_end(tmp_path, monkeypatch, resume):
    """Killed before each change on disk in turn: reported epochs remain, and the run can be resumed.

    Until an epoch was reported, it can also be started again with the same command.
    """
    number, alive = 0, False
    while not alive:
        folder = tmp_path / str(number)
        folder.mkdir()
        last_reported, alive = write_until_killed(folder, monkeypatch, number)
        last = complete_epoch(folder)
        assert last in (last_reported, last_reported + 1)
        with new_writer(folder, resume=resume or last >= 0) as run_writer:
            assert list(layout.checkpoint_epochs(folder)) == ([] if last < 0 else [last])
            write_epochs(run_writer, range(last + 1, 3))
        assert_holds_epochs(folder, last=2)
        assert not list(folder.rglob(".part-*"))
        number += 1
    assert number > 30


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0])
        with pytest.raises(RecordingError, match=rf"Another training \(process {os.getpid()}\)"):
            new_writer(tmp_path, resume=True)
    new_writer(tmp_path, resume=True).close()


def test_a_writer_that_cannot_write_its_last_losses_releases_the_run(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    run_writer = new_writer(tmp_path)
    write_epochs(run_writer, [0])
    run_writer.write(steps(Position(0, 2), 2))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RecordingError, match="No space left on device"):
            run_writer.close()
    new_writer(tmp_path, resume=True).close()
    assert_holds_epochs(tmp_path, last=0)


HOLD = """
import pathlib, sys
from cadl_gui.runs.lock import RunLock

lock = RunLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_releases_its_run(tmp_path):
    path = layout.lock_path(tmp_path)
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecordingError, match=rf"process {other.pid}\) is writing"):
            RunLock(path)
        other.kill()
        other.wait()
        RunLock(path).release()


@pytest.mark.parametrize("occupant", ["run.json", "holiday.jpg"])
def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, occupant):
    (tmp_path / occupant).write_text("mine")
    with pytest.raises(RecordingError, match="is not empty"):
        new_writer(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [occupant]


def test_a_folder_that_another_training_takes_at_that_moment_is_left_to_it(tmp_path, monkeypatch):
    """It was still empty when it was checked; the two runs would be mixed."""

    def lock_late(path):
        with monkeypatch.context() as patch:
            patch.setattr(claim, "RunLock", RunLock)
            with new_writer(tmp_path / "run") as other:
                write_epochs(other, [0])
        return RunLock(path)

    monkeypatch.setattr(claim, "RunLock", lock_late)
    with pytest.raises(RecordingError, match="is not empty"):
        new_writer(tmp_path / "run")
    assert_holds_epochs(tmp_path / "run", last=0)


def test_a_folder_without_a_run_is_not_resumed(tmp_path):
    (tmp_path / "holiday.jpg").write_text("mine")
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(CheckpointError, match="is not a run folder"):
            new_writer(folder, resume=True)
        assert not layout.lock_path(folder).exists()


def test_a_run_that_never_began_leaves_nothing_behind(tmp_path):
    """Closed before its first epoch was complete, its folder is removed, unless it existed before."""
    (tmp_path / "mine").mkdir()
    for name in ("mine", "new"):
        new_writer(tmp_path / name).close()
    assert list(tmp_path.rglob("*")) == [tmp_path / "mine"]


def test_what_was_not_begun_here_is_not_taken_for_half_begun(tmp_path):
    """A process died while writing here, and someone put a file beside; that file is theirs."""
    folder = tmp_path / "run"
    folder.mkdir()
    layout.lock_path(folder).write_text("4194305\n")
    (folder / "holiday.jpg").write_text("mine")
    with pytest.raises(RecordingError, match="is not empty"):
        new_writer(folder)
    with pytest.raises(CheckpointError, match="is not a run folder"):
        new_writer(folder, resume=True)
    assert sorted(path.name for path in folder.iterdir()) == ["holiday.jpg", "run.lock"]
    assert layout.lock_path(folder).read_text() == "4194305\n"


@pytest.mark.parametrize(
    "options",
    [{"config": CONFIGURATION.replace(seed=2)}, {"fingerprint": "beef"}],
    ids=["seed", "dataset"],
)
def test_another_run_cannot_resume_in_this_folder(tmp_path, options):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    with pytest.raises(RecordingError, match="holds another run"):
        new_writer(tmp_path, resume=True, **options)
    assert_holds_epochs(tmp_path, last=1)
    new_writer(tmp_path, resume=True).close()


def test_a_run_without_a_complete_epoch_is_not_resumed(tmp_path):
    """Such as the shipped runs: they have no checkpoint, and none of their files is changed."""
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    (tmp_path / "checkpoint-0001.keras").unlink()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CheckpointError, match="branch from an epoch instead"):
        new_writer(tmp_path, resume=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_that_cannot_be_written_is_reported_in_a_message(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match=r"cannot be written to .*: Not a directory"):
        new_writer(tmp_path / "file" / "run")


def test_a_full_disk_is_reported_and_leaves_the_epoch_before(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", full)
            with pytest.raises(RecordingError, match="No space left on device"):
                write_epochs(run_writer, [2])
    stored = read_run(tmp_path)
    assert [epoch.epoch for epoch in stored.history.epochs] == [0, 1]
    assert stored.checkpoint == tmp_path / "checkpoint-0001.keras"
    new_writer(tmp_path, resume=True).close()
    assert_holds_epochs(tmp_path, last=1)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
def test_a_loss_of_power_undoes_nothing_that_was_reported(tmp_path, monkeypatch):
    """All files and their names are on disk before an epoch is reported."""
    waiting = set()

    def made(change, owner):
        def noted(path, *arguments, **options):
            result = change(path, *arguments, **options)
            moved = arguments[0] if owner == "replace" else path
            waiting.add(Path(moved).absolute().parent.resolve())
            return result

        return noted

    def sync(descriptor, fsync=os.fsync):
        fsync(descriptor)
        about = os.fstat(descriptor)
        waiting.difference_update({path for path in waiting if os.path.samestat(path.stat(), about)})

    for name in ("replace", "mkdir", "hardlink_to", "touch"):
        monkeypatch.setattr(Path, name, made(getattr(Path, name), name))
    monkeypatch.setattr(os, "fsync", sync)
    with new_writer(tmp_path / "runs" / "first") as run_writer:
        for epoch in range(3):
            write_epochs(run_writer, [epoch])
            assert waiting == set()
    history = layout.history_path(tmp_path / "runs" / "first")
    assert history.exists()


def test_no_other_process_changes_the_manifest_between_reading_and_writing(tmp_path, monkeypatch):
    """If two processes rename a run at once, the second waits, and its change is not lost."""
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    refusals = []

    def read_slowly(folder):
        manifest = read_manifest(folder)
        if not refusals:
            refusals.append(None)
            with pytest.raises(RecordingError) as refusals[0]:
                rename_run(folder, "Theirs", tries=1)
        return manifest

    monkeypatch.setattr(writer, "read_manifest", read_slowly)
    rename_run(tmp_path, "Mine")
    assert refusals[0] is not None
    assert read_run(tmp_path).name == "Mine"
    rename_run(tmp_path, "Theirs")
    assert read_run(tmp_path).name == "Theirs"
    assert not layout.manifest_lock_path(tmp_path).exists()
