"""A history is read exactly, even from a file whose writer was killed in the middle of a line."""

import json
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.runs.history_file import (
    cut_history,
    epoch_record,
    history_from_records,
    history_to_records,
    learning_rate_record,
    note_record,
    read_records,
    replay,
    steps_record,
    to_line,
)
from cadl_gui.system.file_limits import MOST_CHECKPOINT_TEXT_BYTES, MOST_HISTORY_BYTES, MOST_STEP_METRICS

finite = st.floats(allow_nan=False, allow_infinity=False)
losses = hnp.arrays(
    np.float32, st.integers(0, 50), elements=st.floats(width=32, allow_infinity=False, allow_nan=False)
)


suggestions = st.sampled_from(
    [Suggestion("beta", 0.5), Suggestion("activation", "leaky_relu"), Suggestion("layers", (8, 4)), None]
)
notes = st.builds(
    HealthNote,
    position=st.builds(Position, st.integers(0, 99), st.integers(0, 99)),
    kind=st.sampled_from(["collapse", "units", "gap"]),
    message=st.text(max_size=30),
    suggestion=suggestions,
)


@st.composite
def histories(draw):
    history = History(steps_per_epoch=draw(st.integers(1, 100)))
    for step in range(draw(st.integers(0, 3))):
        history.add_learning_rate(step, draw(finite))
    values = draw(losses)
    others = draw(st.lists(st.sampled_from(["accuracy", "kl_loss", "reconstruction_loss"]), unique=True))
    history.add_steps({"loss": values} | {name: values[::-1].copy() for name in others})
    for epoch in range(draw(st.integers(0, 4))):
        metrics = draw(st.dictionaries(st.text(max_size=5), finite, max_size=3))
        history.add_epoch(EpochRecord(epoch, metrics, draw(finite)))
    for note in draw(st.lists(notes, max_size=3)):
        history.add_note(note)
    return history


def read_history(path, steps_per_epoch):
    lines = list(read_records(path))
    records, n_bytes = [record for record, _ in lines], lines[-1][1] if lines else 0
    assert n_bytes == path.read_bytes().rfind(b"\n") + 1
    return history_from_records(records, steps_per_epoch, path)


def assert_same(one, other):
    assert one.steps_per_epoch == other.steps_per_epoch
    assert one.epochs == other.epochs
    assert one.learning_rates == other.learning_rates
    assert one.notes == other.notes
    assert one.n_steps == other.n_steps
    if one.n_steps:
        assert set(one.step_metrics) == set(other.step_metrics)
    for name, values in one.step_metrics.items():
        np.testing.assert_array_equal(values, other.step_metrics[name])


@given(history=histories())
def test_a_history_comes_back_exactly(tmp_path_factory, history):
    records = json.loads(json.dumps(history_to_records(history), allow_nan=False))
    assert_same(
        history_from_records(records, history.steps_per_epoch, tmp_path_factory.getbasetemp()), history
    )


def test_the_largest_history_that_is_recorded_can_be_read_again():
    """In a run folder, whose digits are longest for small negative numbers, and in a checkpoint."""
    values = np.full(10_000, -1.23456789e-30, np.float32)
    in_folder = len(to_line(steps_record(0, {"loss": values}))) / len(values)
    history = History(steps_per_epoch=10)
    history.add_steps({"loss": values})
    in_checkpoint = len(json.dumps(history_to_records(history))) / len(values)
    assert in_folder * MOST_STEP_METRICS < MOST_HISTORY_BYTES
    assert in_checkpoint * MOST_STEP_METRICS < MOST_CHECKPOINT_TEXT_BYTES


@given(losses=losses)
def test_losses_survive_their_nine_digits(tmp_path_factory, losses):
    record = steps_record(0, {"loss": losses, "kl_loss": losses[::-1]})
    lines = [json.loads(json.dumps(record, allow_nan=False))]
    read = history_from_records(lines, 1, tmp_path_factory.getbasetemp())
    np.testing.assert_array_equal(read.step_losses, losses)
    np.testing.assert_array_equal(read.step_metrics["kl_loss"], losses[::-1])


def test_a_history_from_before_there_were_metrics_and_notes_still_opens(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_text(
        '{"kind": "learning_rate", "step": 0, "rate": 0.001}\n'
        '{"kind": "steps", "first_step": 0, "metrics": {"loss": [0.5, 0.25]}}\n'
        '{"kind": "steps", "first_step": 2, "metrics": {"loss": "AAAAPg=="}}\n'
        '{"kind": "epoch", "epoch": 0, "metrics": {"val_loss": 0.4}, "images_per_second": 9.0}\n'
    )
    history = read_history(path, 3)
    assert history.step_losses.tolist() == [0.5, 0.25, 0.125]
    assert list(history.step_metrics) == ["loss"]
    assert history.notes == []


LINES = [
    epoch_record(EpochRecord(0, {"val_loss": 0.5})),
    learning_rate_record(0, 1e-3),
    steps_record(0, {"loss": np.array([0.4, 0.3], np.float32)}),
    epoch_record(EpochRecord(1, {"loss": 0.35, "val_loss": 0.3}, 100.0)),
    steps_record(2, {"loss": np.array([0.2], np.float32)}),
    learning_rate_record(3, 1e-4),
    steps_record(3, {"loss": np.array([0.1], np.float32)}),
    note_record(HealthNote(Position(2), "gap", "It learns by heart.", Suggestion("dropout", 0.2))),
    epoch_record(EpochRecord(2, {"loss": 0.15, "val_loss": 0.2}, 100.0)),
]
WHOLE = b"".join(json.dumps(line).encode() + b"\n" for line in LINES)


@given(cut=st.integers(0, len(WHOLE)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_anywhere_reads_as_far_as_its_lines_are_whole(tmp_path, cut):
    path = tmp_path / "history.jsonl"
    path.write_bytes(WHOLE[:cut])
    whole_lines = LINES[: WHOLE[:cut].count(b"\n")]
    assert_same(read_history(path, 2), history_from_records(whole_lines, 2, path))


def test_cutting_after_an_epoch_leaves_what_led_to_it(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_bytes(WHOLE + b'{"kind": "ste')
    cut_history(path, 1)
    assert path.read_bytes() == b"".join(WHOLE.splitlines(keepends=True)[:4])
    assert read_history(path, 2).n_steps == 2


def test_cutting_after_an_epoch_that_is_not_there(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_bytes(WHOLE)
    with pytest.raises(CheckpointError, match="epoch 3 is missing"):
        cut_history(path, 3)
    assert path.read_bytes() == WHOLE


NOTE = b'{"kind": "note", "epoch": 1, "step": 0, "about": "gap", "message": "x"'


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[" * 100_000,
        b"[]",
        b'{"kind": "song"}',
        b'{"kind": "steps", "first_step": 5, "metrics": {"loss": []}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": ["many"]}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [NaN]}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [1e300]}}',
        b'{"kind": "steps", "first_step": 0}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [1.0], "kl_loss": [1.0, 2.0]}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": [1.0], "kl_loss": [NaN]}}',
        b'{"kind": "steps", "first_step": 0, "metrics": [1.0]}',
        NOTE + b"}",
        NOTE + b', "suggestion": ["beta"]}',
        NOTE + b', "suggestion": ["beta", -1]}',
        NOTE + b', "suggestion": ["speed", 1]}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": "AAA="}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": "AACAfw=="}}',
        b'{"kind": "steps", "first_step": 0, "metrics": {"loss": "!"}}',
        b'{"kind": "epoch", "epoch": 7, "metrics": {}, "images_per_second": 1.0}',
        b'{"kind": "epoch", "epoch": 0, "metrics": {"loss": true}, "images_per_second": 1.0}',
        b'{"kind": "epoch", "epoch": 0, "metrics": [], "images_per_second": 1.0}',
        b'{"kind": "learning_rate", "step": "first", "rate": 1.0}',
        b'{"kind": "learning_rate", "step": 0, "rate": Infinity}',
    ],
)
def test_a_whole_line_that_makes_no_sense_is_damage(tmp_path, line):
    path = tmp_path / "history.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(CheckpointError, match=r"history\.jsonl.* is damaged"):
        read_history(path, 2)


@given(
    json_value=st.recursive(
        st.none() | st.booleans() | finite | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["kind", "epoch", "steps", "metrics"]), inner, max_size=3)
        ),
    )
)
def test_no_record_is_anything_but_history_or_damage(tmp_path_factory, json_value):
    path = tmp_path_factory.getbasetemp()
    with pytest.raises(CheckpointError):
        history_from_records([json_value], 2, path)


def test_lines_are_read_one_by_one_so_that_the_first_that_makes_no_sense_is_the_last(tmp_path):
    """8e7 lines of `{}` took 4.5 GB."""
    path = tmp_path / "history.jsonl"
    path.write_bytes(b"{}\n" * 2**21)
    tracemalloc.start()
    with pytest.raises(CheckpointError, match="does not fit together"):
        history_from_records((record for record, _ in read_records(path)), 2, path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_a_line_that_is_far_too_long_is_not_parsed(tmp_path):
    """A line of 250 MB froze the window for 18 seconds."""
    path = tmp_path / "history.jsonl"
    with path.open("wb") as file:
        file.write(b'{"kind": "')
        file.truncate(2**24 + 10)
    with pytest.raises(CheckpointError, match="a line that is too long: at most 17 MB are read"):
        list(read_records(path))


def test_a_line_for_each_turn_is_read_of_a_run_of_many_hours(tmp_path):
    """As they were once written: a million lines were read of the history of a run of 28 hours."""
    path = tmp_path / "history.jsonl"
    path.write_text('{"kind": "steps", "first_step": 0, "metrics": {"loss": []}}\n' * 1_000_001)
    assert sum(1 for _ in read_records(path)) == 1_000_001


def test_a_line_of_very_many_values_is_not_parsed(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_bytes(b"[" + b"{}," * 600_000 + b"{}]\n")
    with pytest.raises(CheckpointError, match="holds more than 400,000 values"):
        list(read_records(path))


@pytest.mark.parametrize("kind", ["epochs", "notes", "learning_rates"])
def test_records_of_each_kind_are_limited(tmp_path, kind):
    made = {
        "epochs": lambda i: epoch_record(EpochRecord(i, {}, 1.0)),
        "notes": lambda i: note_record(HealthNote(Position(i), "gap", "It is far away.")),
        "learning_rates": lambda i: learning_rate_record(i, 1.0 + i % 2),
    }[kind]
    records = [made(i) for i in range(4)]
    assert len(getattr(history_from_records(records[:3], 2, tmp_path, 3), kind)) == 3
    with pytest.raises(CheckpointError, match="does not fit together"):
        history_from_records(records, 2, tmp_path, 3)


def test_number_of_records_of_each_kind_is_limited(tmp_path):
    rates = [learning_rate_record(step, 1.0 + step % 2) for step in range(100_001)]
    assert len(history_from_records(rates[:-1], 2, tmp_path).learning_rates) == 100_000
    with pytest.raises(CheckpointError, match="does not fit together"):
        history_from_records(rates, 2, tmp_path)


def test_a_record_of_very_many_metrics_is_damage(tmp_path):
    """Each metric takes memory for a thousand steps."""
    record = steps_record(0, {"loss": np.zeros(1, np.float32)})
    record["metrics"] = {f"metric {i}": [0.0] for i in range(100)}
    with pytest.raises(CheckpointError, match="does not fit together"):
        replay(record, History(2), tmp_path)


def test_the_steps_of_a_long_run_are_written_in_parts_and_come_back(tmp_path):
    history = History(1000)
    history.add_steps({"loss": np.arange(600_000, dtype=np.float32)})
    records = history_to_records(history)
    assert max(len(json.dumps(record)) for record in records) < 2**21
    assert len(records) < 10
    assert_same(history_from_records(records, 1000, tmp_path), history)
