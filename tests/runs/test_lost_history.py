"""A run whose history other programs removed or shortened is reported, and none of its files is touched."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from reported_runs import assert_holds_epochs, new_writer, reported, write_epochs

from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.interrupted import take_interrupted
from cadl_gui.runs.reader import read_run

pytestmark = [
    pytest.mark.usefixtures("checkpoints_without_keras"),
    pytest.mark.filterwarnings(
        "ignore::pytest.PytestUnraisableExceptionWarning"
    ),  # of what a kill leaves open
]


def link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("on a disk that is not connected"))


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def keep_lines(n: int) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:n]))

    return cut


def return_to_epoch_0(path: Path) -> None:
    """Like a synchronised folder that has an old version of this file."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[: 1 + next(i for i, line in enumerate(lines) if '"epoch": 0' in line)]))


DAMAGE = {
    "removed": (Path.unlink, "is missing"),
    "emptied": (keep_lines(0), "has no epoch"),
    "cut": (keep_lines(1), "has no epoch"),
    "linked": (link_to_nothing, "is a link to nothing"),
    "a folder": (replace_by_folder, r"cannot be read \(Is a directory\)"),
    "older": (return_to_epoch_0, "ends with epoch 0"),
}


def files_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.stat().st_size}


@pytest.fixture(params=DAMAGE)
def lost(request, tmp_path):
    """A run that was killed after epoch 2, whose history is then damaged, and what is said of it."""
    damage, lack = DAMAGE[request.param]
    folder = tmp_path / "2026-01-02 vae"
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0, 1, 2])
    layout.lock_path(folder).write_text("4194305\n")
    damage(layout.history_path(folder))
    return folder, lack


def assert_message(message, lack):
    assert f"history.jsonl {lack.replace(chr(92), '')}" in message
    assert "the checkpoint of epoch 2 and 4 snapshots" in message
    assert "restore history.jsonl from a backup, or open “checkpoint-0002.keras” in it." in message


def test_the_search_for_interrupted_runs_reports_it_once_after_those_that_can_be_resumed(lost):
    folder, lack = lost
    before = files_in(folder)
    with new_writer(folder.with_name("2026-01-01 other")) as other:
        write_epochs(other, [0, 1])
    layout.lock_path(folder.with_name("2026-01-01 other")).write_text("4194305\n")
    (found,), none_yet = take_interrupted(folder.parent)
    assert (found.folder.name, none_yet) == ("2026-01-01 other", [])
    assert files_in(folder) == before
    none_left, (complaint,) = take_interrupted(folder.parent)
    assert_message(complaint, lack)
    assert none_left == []
    before.pop(layout.lock_path(folder))
    assert files_in(folder) == before
    assert take_interrupted(folder.parent) == ([], [])


def test_folder_is_taken_by_neither_a_new_training_nor_a_resumed_one(lost):
    folder, lack = lost
    before = files_in(folder)
    for _ in range(2):
        with pytest.raises(RecordingError) as refused:
            new_writer(folder)
        assert_message(str(refused.value), lack)
        with pytest.raises(CheckpointError) as unresumed:
            new_writer(folder, resume=True)
        assert_message(str(unresumed.value), lack)
        assert files_in(folder) == before


def test_epochs_whose_checkpoint_was_removed_are_not_discarded_by_resuming(tmp_path):
    """An older checkpoint came back, as from a backup; the weights of epoch 2 are in its snapshot only."""
    folder = tmp_path / "vae"
    with new_writer(folder) as run_writer:
        write_epochs(run_writer, [0, 1, 2])
    layout.checkpoint_path(folder, 2).rename(layout.checkpoint_path(folder, 1))
    layout.lock_path(folder).write_text("4194305\n")
    before = files_in(folder)
    message = (
        "has 2 epochs, but could be resumed only after epoch 1, because checkpoint-0002.keras is missing"
    )
    for _ in range(2):
        with pytest.raises(CheckpointError, match=message):
            new_writer(folder, resume=True)
        assert files_in(folder) == before
    assert read_run(folder).history.epochs[-1].epoch == 2
    (complaint,) = take_interrupted(tmp_path)[1]
    assert message in complaint


def test_an_early_batch_is_work_too(tmp_path):
    """Killed in its first epoch, it has a checkpoint of the untrained network and one snapshot beyond it."""
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    layout.checkpoint_path(tmp_path, 1).rename(layout.checkpoint_path(tmp_path, 0))
    (layout.snapshots_folder(tmp_path) / "epoch-0001-batch-0000.h5").unlink()
    layout.history_path(tmp_path).unlink()
    layout.lock_path(tmp_path).write_text("4194305\n")
    before = files_in(tmp_path)
    with pytest.raises(CheckpointError, match=r"the checkpoint of epoch 0 and 2 snapshots: restore"):
        new_writer(tmp_path, resume=True)
    assert files_in(tmp_path) == before


def test_files_one_epoch_ahead_are_those_of_a_kill(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    lines = layout.history_path(tmp_path).read_text().splitlines(keepends=True)
    layout.history_path(tmp_path).write_text("".join(lines[:-1]))
    layout.checkpoint_path(tmp_path, 0).write_text("not removed yet")
    assert read_run(tmp_path).checkpoint == layout.checkpoint_path(tmp_path, 0)


def test_what_a_training_without_an_epoch_left_is_moved_next_to_the_new_one(tmp_path):
    """It is told where; a second time, another place is found."""
    folder = tmp_path / "vae"
    for number in range(2):
        run_writer = new_writer(folder, resume=bool(number), name=f"Try {number}")
        write_epochs_until_killed(run_writer)
        del run_writer
        gc.collect()
        layout.lock_path(folder).write_text("4194305\n")
    with new_writer(folder) as last:
        write_epochs(last, [0, 1])
    assert_holds_epochs(folder, last=1)
    for name, kept in (("vae.removed", "Try 0"), ("vae.removed-2", "Try 1")):
        assert f'"{kept}"' in layout.manifest_path(tmp_path / name).read_text()
        assert (tmp_path / name / "snapshots" / "epoch-0000-batch-0000.h5").is_file()
        assert layout.checkpoint_path(tmp_path / name, 0).is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vae", "vae.removed", "vae.removed-2"]


def write_epochs_until_killed(run_writer):
    """Write what precedes the line of epoch 0."""
    run_writer.write(reported(0)[0])
    run_writer.write_checkpoint(None, Position(0))


def test_another_programs_file_among_snapshots_is_not_taken_for_the_remains_of_a_training(tmp_path):
    folder = tmp_path / "vae"
    new_writer(folder)
    gc.collect()
    (layout.snapshots_folder(folder) / "epoch-0000 (conflicted copy).h5").write_text("mine")
    layout.lock_path(folder).write_text("4194305\n")
    before = files_in(tmp_path)
    with pytest.raises(RecordingError, match="is not empty"):
        new_writer(folder)
    assert files_in(tmp_path) == before


def test_a_resumed_training_removes_its_own_temporary_files_only(tmp_path):
    with new_writer(tmp_path) as run_writer:
        write_epochs(run_writer, [0, 1])
    (tmp_path / ".part-0123abcd-run.json").write_text("half")
    (layout.snapshots_folder(tmp_path) / ".part-89abcdef-epoch-0002-batch-0000.h5").write_text("half")
    (tmp_path / ".part-two of my notes").write_text("mine")
    with new_writer(tmp_path, resume=True) as run_writer:
        write_epochs(run_writer, [2])
    assert_holds_epochs(tmp_path, last=2)
    assert [path.name for path in tmp_path.rglob(".part-*")] == [".part-two of my notes"]


def test_a_training_that_is_given_up_leaves_files_of_others(tmp_path):
    """They came while it prepared its images, and it had no epoch."""
    folder = tmp_path / "vae"
    run_writer = new_writer(folder)
    (folder / "notes.txt").write_text("mine")
    (layout.snapshots_folder(folder) / "photo.jpg").write_text("mine")
    run_writer.close()
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert left == ["notes.txt", "snapshots", "snapshots/photo.jpg"]
