"""A run that is still being written grows for those who follow it."""

import sys

import numpy as np
import pytest
from reported_runs import (
    CONFIGURATION,
    STEPS,
    completed,
    new_writer,
    record,
    reported,
    snapshot,
    steps,
    write_epochs,
)
from weights import assert_same_weights

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.events import (
    EpochCompleted,
    HealthNoted,
    SnapshotsDropped,
    SnapshotTaken,
    StepsTaken,
)
from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.runs import follower, layout
from cadl_gui.runs.follower import Follower
from cadl_gui.runs.lock import was_interrupted, writer_of
from cadl_gui.runs.reader import read_run

pytestmark = pytest.mark.usefixtures("checkpoints_without_keras")


@pytest.fixture
def writer(tmp_path):
    with new_writer(tmp_path / "run") as writer:
        write_epochs(writer, [0])
        yield writer


@pytest.fixture
def folder(writer, tmp_path):
    return tmp_path / "run"


def kinds(events):
    return [type(event) for event in events]


def test_follower_without_news_gets_no_events(folder):
    follower = Follower("run", read_run(folder))
    assert follower.news() == ()
    assert follower.news() == ()


def test_a_run_that_has_no_history_yet_is_followed_from_its_first_record(tmp_path):
    with new_writer(tmp_path / "run") as writer:
        follower = Follower("run", read_run(tmp_path / "run"))
        write_epochs(writer, [0])
        assert [event.record for event in follower.news() if isinstance(event, EpochCompleted)] == [record(0)]


def test_an_epoch_comes_with_its_losses_its_weights_and_its_record(writer, folder):
    follower = Follower("run", read_run(folder))
    write_epochs(writer, [1])
    events = follower.news()
    early, *_, taken, completed = events
    assert early.snapshot.position == Position(0, 1)
    assert_same_weights(early.snapshot.weights, snapshot(Position(0, 1)).weights)
    losses = np.concatenate([event.metrics["loss"] for event in events if isinstance(event, StepsTaken)])
    np.testing.assert_array_equal(losses, 1 / (1 + np.arange(STEPS, dtype=np.float32)))
    assert taken.snapshot.position == Position(1)
    assert completed.record == record(1)
    assert follower.news() == ()


def test_an_early_batch_is_visible_before_the_end_of_its_epoch(writer, folder):
    follower = Follower("run", read_run(folder))
    for event in reported(1)[:2]:
        writer.write(event)
    assert kinds(follower.news()) == [SnapshotTaken]


def test_weights_of_an_epoch_wait_for_its_record(writer, folder):
    follower = Follower("run", read_run(folder))
    for event in reported(1)[:-1]:
        writer.write(event)
    assert [event.snapshot.position for event in follower.news()] == [Position(0, 1)]
    writer.write_checkpoint(None, Position(1))
    writer.write(reported(1)[-1])
    assert kinds(follower.news())[-2:] == [SnapshotTaken, EpochCompleted]


def test_an_epoch_that_ends_while_earlier_weights_are_read_comes_with_its_weights(
    writer, folder, monkeypatch
):
    """Of a small dataset, an epoch takes no longer than reading the weights of its early batches."""
    reading = follower.read_snapshot_if_there
    *batches, last = [event for event in reported(1) if not isinstance(event, EpochCompleted)]

    def read_while_it_trains(*where):
        if not layout.checkpoint_path(folder, 1).exists():
            writer.write(last)
            writer.write_checkpoint(None, Position(1))
            writer.write(completed(1))
        return reading(*where)

    following = Follower("run", read_run(folder))
    for event in batches:
        writer.write(event)
    monkeypatch.setattr(follower, "read_snapshot_if_there", read_while_it_trains)
    events = following.news()
    taken = [event.snapshot.position for event in events if isinstance(event, SnapshotTaken)]
    assert taken == [Position(0, 1), Position(1)]
    assert kinds(events)[-2:] == [SnapshotTaken, EpochCompleted]
    assert following.news() == ()


def test_following_a_run_gives_the_same_as_reading_it(writer, folder):
    follower = Follower("run", read_run(folder))
    epochs, losses, recorded = [record(0)], [], {UNTRAINED}
    for epoch in range(1, 4):
        write_epochs(writer, [epoch])
        for event in follower.news():
            match event:
                case EpochCompleted():
                    epochs.append(event.record)
                case StepsTaken():
                    losses.append(event.metrics["loss"])
                case SnapshotTaken():
                    recorded.add(event.snapshot.position)
    stored = read_run(folder)
    assert epochs == stored.history.epochs
    np.testing.assert_array_equal(np.concatenate(losses), stored.history.step_losses)
    assert sorted(recorded) == list(stored.recorded)


def test_a_new_learning_rate_comes_with_its_steps(writer, folder):
    follower = Follower("run", read_run(folder))
    for event in (steps(Position(0, 2), 2, 1e-3), steps(Position(1), 2, 1e-4), completed(1)):
        writer.write(event)
    taken = [event for event in follower.news() if isinstance(event, StepsTaken)]
    assert [(event.position, event.learning_rate) for event in taken] == [
        (Position(0, 2), 1e-3),
        (Position(1), 1e-4),
    ]


def test_notes_and_dropped_positions_are_reported(writer, folder):
    follower = Follower("run", read_run(folder))
    note = HealthNote(Position(1), "gap", "It learns by heart.")
    writer.write(HealthNoted("run", note))
    write_epochs(writer, [1])
    writer.write(SnapshotsDropped("run", (Position(0, 1),)))
    events = follower.news()
    assert HealthNoted("run", note).note in [e.note for e in events if isinstance(e, HealthNoted)]
    assert Position(0, 1) not in {e.snapshot.position for e in events if isinstance(e, SnapshotTaken)}
    writer.write(SnapshotsDropped("run", (Position(1),)))
    (dropped,) = follower.news()
    assert dropped.positions == (Position(1),)


def test_an_epoch_whose_weights_were_dropped_after_they_were_listed_comes_without_them(
    writer, folder, monkeypatch
):
    """Of short epochs, the writer drops most: following the run ended with “is missing”."""
    follower = Follower("run", read_run(folder))
    write_epochs(writer, [1, 2])
    listed = layout.snapshot_positions(folder)
    writer.write(SnapshotsDropped("run", (Position(0, 1), Position(1))))
    with monkeypatch.context() as earlier:
        earlier.setattr(layout, "snapshot_positions", lambda _: listed)
        events = follower.news()
    assert [e.record.epoch for e in events if isinstance(e, EpochCompleted)] == [1, 2]
    assert [e.snapshot.position for e in events if isinstance(e, SnapshotTaken)] == [Position(2)]
    assert follower.news() == ()


def test_a_history_that_has_changed_has_to_be_read_again(writer, folder):
    """Resuming an interrupted run cuts off what comes after the last complete epoch."""
    write_epochs(writer, [1])
    writer.write(reported(2)[1])
    writer.close()
    follower = Follower("run", read_run(folder))
    with new_writer(folder, resume=True):
        assert follower.news() is None


def test_a_folder_that_is_gone_is_a_message_or_an_error_of_the_system(writer, folder):
    follower = Follower("run", read_run(folder))
    write_epochs(writer, [1])
    layout.snapshot_path(folder, Position(0, 1)).write_bytes(b"half")
    with pytest.raises(CheckpointError, match="damaged"):
        follower.news()


def test_the_writer_is_known_while_it_writes(writer, folder):
    import os

    assert writer_of(folder) == str(os.getpid())
    assert not was_interrupted(folder)
    writer.close()
    assert writer_of(folder) == ""
    assert not was_interrupted(folder)
    assert writer_of(folder.parent) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared lock")
def test_another_reader_is_not_taken_for_a_writer(writer, folder):
    """Two windows may look for a run's writer at the same moment; each holds the lock for an instant."""
    import fcntl

    writer.close()
    with layout.lock_path(folder).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert writer_of(folder) == ""


def test_a_writer_that_died_leaves_its_mark(writer, folder):
    mark = layout.lock_path(folder).read_bytes()
    writer.close()
    layout.lock_path(folder).write_bytes(mark)
    assert was_interrupted(folder)
    with new_writer(folder, config=CONFIGURATION, resume=True):
        pass
    assert not was_interrupted(folder)
