"""Runs are opened, removed, brought back and opened again, one after another and while others are read."""

from collections import defaultdict
from dataclasses import replace
from queue import SimpleQueue

import numpy as np
import pytest
from any_run import rendered
from fakes import STEPS_PER_EPOCH, FakeInference, FakeTraining, bright, description

from cadl_gui.domain.events import RunOpened, SnapshotTaken, StepsTaken, TrainingEnded
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.view import RunView
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_speed import TrainingSpeed
from cadl_gui.engine.training_status import TrainingState


class Following(FakeTraining):
    """Tells of a run in a folder what a test puts into its queue; None ends it."""

    def __init__(self):
        super().__init__()
        self.told = defaultdict(SimpleQueue)

    def follow(self, request):
        queue = self.told[request.path.name]
        while True:
            events = () if queue.empty() else queue.get()
            if events is None:
                return
            if isinstance(events, Exception):
                raise events
            yield events


UUID = "94b35532-9a50-4d58-a3aa-d2d297423d5e"


def history(*losses, speed=100.0):
    """A history of steps and epochs with these losses."""
    grown = History(STEPS_PER_EPOCH)
    grown.add_epoch(EpochRecord(0, {"val_loss": 2.0}))
    for epoch, loss in enumerate(losses, 1):
        grown.add_steps({"loss": np.full(STEPS_PER_EPOCH, loss, np.float32)})
        grown.add_epoch(EpochRecord(epoch, {"loss": loss, "val_loss": loss}, speed))
    return grown


class Copies(FakeTraining):
    """Folders and files hold the same run, with histories of their own."""

    def __init__(self, histories):
        super().__init__()
        self._histories = histories

    def open(self, request):
        about = replace(description(request.run_id, preset("vae").config, request.path, "mine"), uuid=UUID)
        recorded = tuple(Position(record.epoch) for record in self._histories[request.path.name].epochs)
        snapshot = Snapshot(recorded[-1], bright(0.5))
        return RunOpened(about, self._histories[request.path.name], recorded, snapshot)


@pytest.fixture
def backends(request):
    return Copies(request.param) if hasattr(request, "param") else Following(), FakeInference()


@pytest.fixture
def folder(tmp_path):
    def folder(name):
        (tmp_path / name).mkdir(exist_ok=True)
        return tmp_path / name

    return folder


def names(engine):
    return [run.description.source.name for run in engine.runs]


def shown(engine):
    return engine.view.run.description.source.name


def is_read(qtbot, engine, *expected):
    qtbot.waitUntil(lambda: names(engine) == [*expected])


def steps(run, n):
    """An event that moves a run to a batch of its third epoch."""
    position = Position(2, n)
    taken = StepsTaken(run.run_id, position, {"loss": np.ones(1, np.float32)}, 0.1, 1.0)
    return taken, SnapshotTaken(run.run_id, Snapshot(position, bright(0.5)), False)


def test_a_run_comes_back_by_its_own_folder_only_and_then_with_its_place(qtbot, engine, folder):
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    (first, second), told = engine.runs, []
    engine.view.turned.connect(told.append)
    engine.view.show_run(first)
    engine.view.show(UNTRAINED)
    engine.runs.remove(first)
    assert (engine.view.run, engine.view.shown.at) == (second, None), "at its own newest weights"
    engine.runs.open(folder("c"))
    assert len(engine.view.value.runs) == 2, "it would be opened again, although it is not read yet"
    is_read(qtbot, engine, "b", "c")
    assert engine.runs.open(folder("a")) == first.run_id
    assert told == [f"Undone: removal of {first.description.name}."]
    assert engine.runs[0] is engine.view.run is first
    assert engine.runs.open(folder("c")) == engine.runs[2].run_id
    is_read(qtbot, engine, "a", "b", "c")
    assert [run.letter for run in engine.runs] == ["A", "B", "C"]


def test_a_run_comes_back_to_the_comparison_if_it_was_in_it(qtbot, engine, folder):
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    first, second = engine.runs
    engine.view.compare(first, on=True)
    for run, compared in ((first, (first,)), (second, (first,)), (first, (first,))):
        engine.runs.remove(run)
        assert run not in engine.view.compared
        engine.runs.restore_removed()
        assert engine.view.compared == compared
    engine.view.compare(first, on=False)
    engine.runs.remove(first)
    engine.runs.restore_removed()
    assert engine.view.compared == ()


def test_a_run_comes_back_live_or_at_its_epoch_whatever_was_looked_at_meanwhile(qtbot, engine, folder):
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    _, second = engine.runs
    for at, meanwhile in ((None, Position(2)), (Position(2), None), (None, Position(2))):
        engine.view.change(run=engine.runs.key(second), at=at)
        engine.runs.remove(second)
        engine.view.change(at=meanwhile)
        engine.runs.restore_removed()
        assert (engine.view.run, engine.view.value.at) == (second, at)


def test_what_is_read_in_the_background_is_shown_only_if_it_is_asked_for_meanwhile(qtbot, engine, folder):
    engine.runs.open(folder("a"), show=False)
    is_read(qtbot, engine, "a")
    assert shown(engine) == "a", "there was no other"
    engine.runs.open(folder("b"), show=False)
    is_read(qtbot, engine, "a", "b")
    assert shown(engine) == "a"
    engine.runs.open(folder("c"), show=False)
    engine.runs.open(folder("c"))
    is_read(qtbot, engine, "a", "b", "c")
    assert shown(engine) == "c"
    engine.runs.open(folder("d"))
    engine.view.show_run(engine.runs[1])  # chosen meanwhile
    is_read(qtbot, engine, "a", "b", "c", "d")
    assert shown(engine) == "b"
    engine.runs.open(folder("e"))
    is_read(qtbot, engine, "a", "b", "c", "d", "e")
    assert shown(engine) == "e"


def test_a_folder_that_was_not_there_is_opened_and_trained_on_at_the_second_try(
    qtbot, engine, backends, tmp_path, folder
):
    training, _ = backends
    engine.training.set_speed(TrainingSpeed(1))
    with qtbot.waitSignal(engine.notifications.failed):
        engine.training.open_and_resume(tmp_path / "a")
    assert engine.runs.listed == ()
    engine.training.open_and_resume(folder("a"))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    engine.training.pause()
    engine.runs.open(folder("b"))
    is_read(qtbot, engine, "a", "b")
    assert [request.folder.name for request in training.requests] == ["a"], "b was only opened"
    engine.training.open_and_resume(folder("a"))  # it is under way
    engine.training.open_and_resume(folder("b"))
    qtbot.waitUntil(lambda: len(training.requests) == 2)
    assert [request.folder.name for request in training.requests] == ["a", "b"]
    assert len(engine.training.runs) == 2
    assert all(request.resume for request in training.requests)


def test_events_of_another_run_leave_the_view_where_it_is(qtbot, engine, folder):
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    other, run = engine.runs
    assert engine.view.run is run
    seen = rendered(engine.view)
    engine.runs.handle_events(steps(other, 3))
    assert not seen
    assert (other.newest, engine.view.position) == (Position(2, 3), Position(2))
    engine.runs.handle_events((*steps(other, 4), *steps(run, 5)))
    assert (other.newest, engine.view.position) == (Position(2, 4), Position(2, 5))


def test_a_run_that_was_forgotten_while_it_was_read_anew_stays_away(qtbot, engine, folder):
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    first, second = engine.runs
    late = RunOpened(first.description, first.history, (Position(1),), Snapshot(Position(1), bright(0.1)))
    engine.runs.remove(first)
    engine.runs.handle_events((late,))
    assert (tuple(engine.runs), first.newest) == ((second,), Position(1)), "it can come back, and is read"
    engine.runs.remove(second)
    engine.runs.handle_events((replace(late, snapshot=Snapshot(Position(2), bright(0.2))),))
    assert (tuple(engine.runs), first.newest) == ((), Position(1))


def copies(**histories):
    return pytest.mark.parametrize("backends", [histories], indirect=True)


@copies(a=history(1.0, 0.5), same=history(1.0, 0.5, speed=7.0), earlier=history(1.0))
def test_a_copy_of_an_open_run_is_that_run(qtbot, engine, folder):
    """Its folder was copied, perhaps some epochs ago: one row, which is shown."""
    warned = []
    engine.notifications.warned.connect(lambda message, _: warned.append(message))
    engine.runs.open(folder("a"))
    is_read(qtbot, engine, "a")
    first = engine.runs[0]
    for n, name in enumerate(("same", "earlier"), 1):
        engine.runs.open(folder(name))
        qtbot.waitUntil(lambda n=n: len(warned) == n)
        assert warned[-1] == f"“{folder(name)}” is a copy of “mine”, which is open; it is shown instead."
        assert (tuple(engine.runs.listed), engine.view.run) == ((first,), first)
        assert engine.view.value.run == engine.runs.key(first), "the copy is not wished any more"
        assert first.history.epochs[-1].epoch == 2


@copies(a=history(1.0, 0.5), b=history(1.0, 0.25), same=history(1.0, 0.5))
def test_a_copy_that_is_opened_again_at_the_start_leaves_the_view_alone(qtbot, engine, folder):
    warned = []
    for name in ("a", "b"):
        engine.runs.open(folder(name))
    is_read(qtbot, engine, "a", "b")
    engine.notifications.warned.connect(lambda message, _: warned.append(message))
    with qtbot.waitSignal(engine.runs.opening_failed):
        engine.runs.open(folder("same"), show=False)
    assert (names(engine), shown(engine), warned) == (["a", "b"], "b", [])


@copies(a=history(1.0, 0.5), b=history(1.0, 0.25), epochs=history(0.75, 0.5))
@pytest.mark.parametrize("other", ["b", "epochs"])
def test_copies_that_were_trained_differently_are_two_runs(qtbot, engine, folder, other):
    """The id is the same, the last or the first epoch is not."""
    warned = []
    engine.notifications.warned.connect(lambda message, _: warned.append(message))
    engine.runs.open(folder("a"))
    is_read(qtbot, engine, "a")
    engine.runs.open(folder(other))
    is_read(qtbot, engine, "a", other)
    assert shown(engine) == other
    assert [run.history.epochs[-1].metrics["loss"] for run in engine.runs] == [
        0.5,
        0.25 if other == "b" else 0.5,
    ]
    expected = f"“{folder(other)}” is a copy of “mine” that was trained differently since; both are shown."
    assert warned == [expected]


@copies(a=history(1.0), later=history(1.0, 0.5))
def test_a_copy_that_was_trained_further_is_shown_with_its_epochs(qtbot, engine, folder):
    engine.runs.open(folder("a"))
    is_read(qtbot, engine, "a")
    engine.runs.open(folder("later"))
    is_read(qtbot, engine, "a", "later")
    assert len(engine.view.run.history.epochs) == 3


@copies(**{"a": history(1.0, 0.5), "saved.keras": history(1.0)})
def test_a_checkpoint_of_an_open_run_is_shown_at_its_position(qtbot, engine, folder, tmp_path):
    engine.runs.open(folder("a"))
    (tmp_path / "saved.keras").touch()
    engine.runs.open(tmp_path / "saved.keras")
    is_read(qtbot, engine, "a", "saved.keras")


def test_each_run_of_another_process_is_followed_until_it_ends_fails_or_is_forgotten(
    qtbot, engine, backends, folder
):
    training, _ = backends
    training.writer = "7"
    for name in "abcd":
        engine.runs.open(folder(name))
    is_read(qtbot, engine, *"abcd")
    a, b, c, d = engine.runs

    def tells(run, *events):
        training.told[run.description.source.name].put(events)

    def moves(run, n):
        others = [other.newest for other in engine.runs if other is not run]
        tells(run, *steps(run, n))
        qtbot.waitUntil(lambda: run.newest == Position(2, n))
        assert [other.newest for other in engine.runs if other is not run] == others

    assert {run.state for run in engine.runs} == {RunState.FOLLOWED}
    moves(a, 1)
    moves(c, 2)
    tells(a, TrainingEnded(a.run_id, Position(2, 1), complete=False))
    training.told["a"].put(None)
    qtbot.waitUntil(lambda: a.state is RunState.STOPPED)
    moves(c, 3)
    with qtbot.waitSignal(engine.notifications.failed):
        training.told["b"].put(OSError("The share is gone."))
    assert (b.state, b.writer, c.state, c.writer) == (RunState.FAILED, "", RunState.FOLLOWED, "7")
    moves(c, 4)
    engine.runs.remove(c)
    tells(c, *steps(c, 5))
    qtbot.waitUntil(lambda: c.newest == Position(2, 5))  # it can come back
    engine.runs.remove(a)
    moves(d, 6)  # by then, the thread knows that c is forgotten
    training.told["c"].put(())
    moves(d, 7)
    moves(d, 8)
    assert not training.told["c"].empty()


@copies(a=history(1.0, 0.5), b=history(1.0, 0.25))
def test_a_run_is_named_in_the_view_by_its_uuid_wherever_it_lies_and_a_copy_by_another_key(
    qtbot, engine, folder
):
    """What was wished of it before it was read stays wished."""
    engine.runs.open(folder("a"))
    engine.view.change(of_run={engine.view.value.run: RunView((Position(1), None))})
    is_read(qtbot, engine, "a")
    key = f"id:{engine.runs[0].description.uuid}"
    wish = engine.view.value
    assert (wish.runs, wish.run, [*wish.of_run]) == ((key,), key, [key])
    engine.runs.open(folder("b"))
    is_read(qtbot, engine, "a", "b")
    wish, other = engine.view.value, engine.runs.key(engine.runs[1])
    assert other != key
    assert (wish.runs, wish.run, [*wish.of_run]) == ((key, other), other, [key])
