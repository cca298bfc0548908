"""One export after another, whatever became of the one before."""

import dataclasses

import pytest

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.exports import Exported
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.training_requests import earlier_positions
from cadl_gui.engine.training_status import TrainingState


@pytest.fixture
def run(qtbot, engine):
    """A run of three epochs that is in memory only."""
    engine.training.train(preset("lecture-autoencoder").config.replace(epochs=3))
    qtbot.waitUntil(lambda: len(engine.runs) == 1 and engine.training.state is TrainingState.IDLE)
    return engine.runs[0]


@pytest.fixture
def ends(engine):
    """How each export ended, in order."""
    heard, exporting = [], engine.exporting
    exporting.finished.connect(lambda exported: heard.append(exported.path.name))
    exporting.failed.connect(lambda *_: heard.append("failed"))
    exporting.cancelled.connect(lambda: heard.append("cancelled"))
    return heard


def test_an_export_succeeds_fails_and_is_cancelled_in_any_order(qtbot, engine, run, ends, tmp_path):
    exporting = engine.exporting

    def export(name, epoch):
        assert not exporting.is_busy
        exporting.start(run, Position(epoch), "onnx", "", tmp_path / name)
        assert exporting.is_busy

    def ended(*expected):
        qtbot.waitUntil(lambda: len(ends) == len(expected))
        assert (ends, exporting.is_busy) == ([*expected], False)

    export("bad", 1)
    ended("failed")
    with qtbot.waitSignal(exporting.progressed):
        export("slow", 1)
    exporting.cancel()
    ended("failed", "cancelled")
    export("first", 1)
    ended("failed", "cancelled", "first")
    export("fetched", 2)
    exporting.cancel()  # before its weights are there
    ended("failed", "cancelled", "first", "cancelled")
    export("second", 2)
    ended("failed", "cancelled", "first", "cancelled", "second")
    exporting.cancel()
    assert len(ends) == 5, "there was nothing to cancel"
    written = {path.name: path.read_text().split(None, 1)[1] for path in tmp_path.iterdir()}
    assert written == {"first": str(Position(1)), "second": str(Position(2))}


def test_a_log_of_a_run_in_memory_has_the_weights_of_each_epoch_also_the_second_time(
    qtbot, engine, run, ends, tmp_path
):
    for name, epochs in (("three", (0, 1, 3)), ("two", (2, 3))):
        engine.exporting.start_log(run, [Position(epoch) for epoch in epochs], tmp_path / name)
        qtbot.waitUntil(lambda name=name: ends[-1:] == [name])
        assert (tmp_path / name).read_text() == f"{[*epochs]} {[*epochs]} [0, 1, 2, 3]"
    assert not engine.exporting.is_busy


def test_a_page_has_the_weights_of_each_run_also_the_second_time(qtbot, engine, run, ends, tmp_path):
    engine.training.train(preset("lecture-softmax").config.replace(epochs=2))
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.IDLE)
    other = engine.runs[1]
    names = [each.description.name for each in (run, other)]
    for name, shown, epochs in (("a", [(run, Position(1)), (other, None)], "12"), ("b", [(run, None)], "3")):
        engine.exporting.start_page(shown, tmp_path / name)
        qtbot.waitUntil(lambda name=name: ends[-1:] == [name])
        held = []
        for (each, _), called, epoch in zip(shown, names, epochs, strict=False):
            earlier = earlier_positions(each.recorded, Position(int(epoch)))
            assert earlier[0] == UNTRAINED
            held.append(f"{called} {' → '.join(map(str, [*earlier, Position(int(epoch))]))}")
        assert (tmp_path / name).read_text() == "; ".join(held)
    engine.exporting.start_page([(run, None)], tmp_path / "bad")
    qtbot.waitUntil(lambda: ends[-1:] == ["failed"])
    assert not engine.exporting.is_busy


def test_a_run_that_is_bent_meanwhile_is_refused_and_then_exported(qtbot, engine, run, ends, tmp_path):
    engine.bending.bend(run.run_id, scaled((), Part("latent", 0), 0.0))
    engine.exporting.start(run, UNTRAINED, "pb", "", tmp_path / "bent")
    assert (ends, engine.exporting.is_busy) == (["failed"], False)
    engine.exporting.start_log(run, [UNTRAINED], tmp_path / "bent log")
    engine.exporting.start_page([(run, UNTRAINED)], tmp_path / "bent page")
    assert (ends, engine.exporting.is_busy) == (["failed"] * 3, False)
    engine.bending.bend(run.run_id, ())
    with qtbot.waitSignal(engine.exporting.finished) as exported:
        engine.exporting.start(run, UNTRAINED, "pb", "", tmp_path / "straight")
    assert isinstance(exported.args[0], Exported)
    assert [path.name for path in tmp_path.iterdir()] == ["straight"]


def test_a_log_of_a_run_on_disk_reads_its_weights_there(qtbot, engine, run, ends, tmp_path):
    run.description = dataclasses.replace(run.description, source=tmp_path)
    engine.exporting.start_log(run, [Position(epoch) for epoch in (0, 1, 3)], tmp_path / "log")
    qtbot.waitUntil(lambda: ends == ["log"])
    assert (tmp_path / "log").read_text() == "[0, 1, 3] [] [0, 1, 2, 3]"


def test_the_program_ends_in_the_middle_of_an_export(qtbot, engine, run, tmp_path):
    with qtbot.waitSignal(engine.exporting.progressed):
        engine.exporting.start(run, Position(1), "onnx", "", tmp_path / "slow")
    assert engine.exporting.is_busy
    assert engine.shut_down(60_000)
    assert not engine.is_running
    assert not list(tmp_path.glob("slow*"))
