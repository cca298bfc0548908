"""Reads and writes a run's history as records: JSON objects, one on each line of `history.jsonl`.

    {"kind": "format", "format": 1}                           in the first line
    {"kind": "learning_rate", "step": 0, "rate": 0.001}       from this step on
    {"kind": "steps", "first_step": 0, "metrics": {"loss": [0.11, …], …}}         of these steps
    {"kind": "steps", "first_step": 0, "metrics": {"loss": "zczMPQ…", …}}         the same as base64 of
                                                                                  little-endian float32
    {"kind": "epoch", "epoch": 1, "metrics": {…}, "images_per_second": 16000.0}
    {"kind": "note", "epoch": 1, "step": 0, "about": "units", "message": "…", "suggestion": ["dropout", 0.2]}

The lines of an epoch's steps precede the line of the epoch, which is written once everything else of that
epoch is safely on disk.
"""

import base64
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sized
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.configuration import validate
from cadl_gui.domain.errors import CheckpointError, ConfigurationError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.runs.manifest import parse_json, validated_position
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.file_limits import (
    MOST_HISTORY_BYTES,
    MOST_HISTORY_LINES,
    MOST_LINE_BYTES,
    MOST_METRICS,
    MOST_NAME_CHARACTERS,
    MOST_RECORDS,
    megabytes,
)
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _

Record = dict[str, Any]

_MOST_DIGITS_TOGETHER = 100_000
"""Numbers in one record of steps: a line of 1.5 MB at most, and a quarter of what is read of one."""

_STEPS_PACKED_TOGETHER = 2**18
"""Steps in one packed record; its line takes about 1.5 MB for each metric."""


def format_record() -> Record:
    """Return the first record of a history, which states its format."""
    return {"kind": "format", "format": FORMAT}


def learning_rate_record(step: int, rate: float) -> Record:
    """Return the record of a learning rate that applies from a step on."""
    return {"kind": "learning_rate", "step": step, "rate": rate}


def steps_record(first_step: int, metrics: Mapping[str, NDArray[np.float32]]) -> Record:
    """Return the record of consecutive steps' metrics; nine digits represent every float32 exactly.

    Args:
        first_step: number of the first of these steps, counted from the start of the run.
        metrics: (n_steps,) values by metric name, "loss" among them.
    """
    digits = {name: _digits(values) for name, values in metrics.items()}
    return {"kind": "steps", "first_step": first_step, "metrics": digits}


def extend_steps(record: Record, metrics: Mapping[str, NDArray[np.float32]]) -> bool:
    """Add the steps that follow to a record that `steps_record` returned, if it is one and has room for them.

    Args:
        record: the record, extended in place.
        metrics: (n_steps,) values by the names that the record has.

    Returns:
        Whether they were added.
    """
    if record["kind"] != "steps" or isinstance(record["metrics"]["loss"], str):
        return False
    n_steps = len(record["metrics"]["loss"]) + len(metrics["loss"])
    if n_steps * len(metrics) > _MOST_DIGITS_TOGETHER:
        return False
    for name, values in metrics.items():
        record["metrics"][name].extend(_digits(values))
    return True


def note_record(note: HealthNote) -> Record:
    """Return the record of a health note."""
    suggestion = note.suggestion
    return {
        "kind": "note",
        "epoch": note.position.epoch,
        "step": note.position.step,
        "about": note.kind,
        "message": note.message,
        "suggestion": None if suggestion is None else [suggestion.field, suggestion.value],
    }


def epoch_record(record: EpochRecord) -> Record:
    """Return the record of a completed epoch."""
    return {
        "kind": "epoch",
        "epoch": record.epoch,
        "metrics": dict(record.metrics),
        "images_per_second": record.images_per_second,
    }


def history_to_records(history: History) -> list[Record]:
    """Return the records of a whole history, as few as possible."""
    rates = [learning_rate_record(step, rate) for step, rate in history.learning_rates]
    epochs = [epoch_record(record) for record in history.epochs]
    return [
        format_record(),
        *rates,
        *_packed_steps_records(history),
        *epochs,
        *map(note_record, history.notes),
    ]


def history_from_records(
    records: Iterable[Any], steps_per_epoch: int, path: Path, most_records: int = MOST_RECORDS
) -> History:
    """Rebuild a history from untrusted records.

    Args:
        records: parsed JSON values, in order.
        steps_per_epoch: batches of one epoch.
        most_records: how many there may be of each kind.

    Raises:
        CheckpointError: if they do not form a history.
    """
    history = History(steps_per_epoch)
    for record in records:
        replay(record, history, path, most_records)
    return history


def replay(record: Any, history: History, path: Path, most_records: int = MOST_RECORDS) -> None:
    """Apply an untrusted record to a history.

    Args:
        history: the history to extend in place.
        most_records: how many records of each kind a history may have.

    Raises:
        CheckpointError: if the record is invalid or does not follow on from the history.
    """
    try:
        if record["kind"] == "format":
            require_format(record["format"], f"“{path}”", CheckpointError)
        else:
            _replay(record, history, most_records)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, ConfigurationError) as error:
        raise CheckpointError(
            _("“{path}” is damaged: its history does not fit together.").format(path=path)
        ) from error


def read_records(path: Path, first_byte: int = 0) -> Iterator[tuple[Record, int]]:
    """Read `history.jsonl` line by line, even while it is being written: an unfinished last line is skipped.

    Args:
        first_byte: offset to start at, which must be the start of a line.

    Yields:
        The record of each line, and the offset of the next line.

    Raises:
        CheckpointError: if the file is damaged, or far longer than any history.
        OSError: if it cannot be read.
    """
    require_file(path, MOST_HISTORY_BYTES)
    end = first_byte
    with path.open("rb") as file:
        file.seek(first_byte)
        for _line in range(MOST_HISTORY_LINES):
            line = file.readline(MOST_LINE_BYTES + 1)
            if len(line) > MOST_LINE_BYTES:
                raise CheckpointError(
                    _("“{path}” has a line that is too long: at most {most_line_bytes} are read.").format(
                        path=path, most_line_bytes=megabytes(MOST_LINE_BYTES)
                    )
                )
            if not line.endswith(b"\n"):
                return
            end += len(line)
            yield parse_json(line, path, _("a line of the history cannot be read")), end
    raise CheckpointError(
        _("“{path}” is too long: at most {most_history_lines:,} lines are read.").format(
            path=path, most_history_lines=MOST_HISTORY_LINES
        )
    )


def cut_history(path: Path, epoch: int, then: Iterable[Record] = ()) -> None:
    """Atomically replace everything after the line of an epoch.

    Args:
        epoch: the epoch whose line is the last one to retain.
        then: records to append after it.

    Raises:
        CheckpointError: if the file is damaged, or has no such epoch.
        OSError: if it cannot be changed.
    """
    for record, end in read_records(path):
        if record.get("kind") == "epoch" and record.get("epoch") == epoch:
            with path.open("rb") as file, atomic_write(path) as beside:
                beside.write_bytes(file.read(end) + "".join(map(to_line, then)).encode())
            return
    raise CheckpointError(_("“{path}” is damaged: epoch {epoch} is missing.").format(path=path, epoch=epoch))


def to_line(record: Record) -> str:
    """Return a record as a line of the file, with its line break."""
    return f"{json.dumps(record, allow_nan=False)}\n"


def _packed_steps_records(history: History) -> Iterator[Record]:
    """Yield the metrics of all steps as base64, which is fast to write and to read."""
    for first in range(0, history.n_steps, _STEPS_PACKED_TOGETHER):
        part = slice(first, first + _STEPS_PACKED_TOGETHER)
        metrics = {name: _packed(values[part]) for name, values in history.step_metrics.items()}
        yield {"kind": "steps", "first_step": first, "metrics": metrics}


def _packed(values: NDArray[np.float32]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def _digits(values: NDArray[np.float32]) -> list[float]:
    return [float(f"{value:.9g}") for value in values]


def _replay(record: Record, history: History, most: int) -> None:
    match record["kind"]:
        case "learning_rate":
            _check_room(history.learning_rates, most)
            history.add_learning_rate(int(record["step"]), _finite(record["rate"]))
        case "steps":
            if record["first_step"] != history.n_steps:
                raise ValueError(f"Expected step {history.n_steps}. Received: {record['first_step']}")
            metrics = record["metrics"]
            _check_names(metrics)
            history.add_steps({str(name): _numbers(values) for name, values in metrics.items()})
        case "epoch":
            expected = history.epochs[-1].epoch + 1 if history.epochs else 0
            if record["epoch"] != expected:
                raise ValueError(f"Expected epoch {expected}. Received: {record['epoch']}")
            _check_room(history.epochs, most)
            _check_names(record["metrics"])
            metrics = {str(name): _finite(value) for name, value in record["metrics"].items()}
            history.add_epoch(EpochRecord(expected, metrics, _finite(record["images_per_second"])))
        case "note":
            _check_room(history.notes, most)
            history.add_note(_note(record))
        case kind:
            raise ValueError(f"Expected learning_rate, steps, epoch or note. Received: kind={kind!r:.100}")


def _check_room(entries: Sized, most: int) -> None:
    if len(entries) >= most:
        raise ValueError(f"Expected at most {most} of a kind. Received: more")


def _check_names(metrics: Mapping[str, Any]) -> None:
    if len(metrics) > MOST_METRICS or any(len(name) > MOST_NAME_CHARACTERS for name in metrics):
        raise ValueError(f"Expected at most {MOST_METRICS} metrics with short names. Received: others")


def _note(record: Record) -> HealthNote:
    suggestion = None
    if record["suggestion"] is not None:
        field, value = record["suggestion"]
        suggestion = Suggestion(field, validate(field, value))
    position = validated_position(record["epoch"], record["step"])
    return HealthNote(position, str(record["about"]), str(record["message"])[:1000], suggestion)


def _numbers(values: str | list[float]) -> NDArray[np.float32]:
    if isinstance(values, str):
        numbers = np.frombuffer(base64.b64decode(values, validate=True), "<f4")
    else:
        numbers = np.array([_finite(value) for value in values])
    with np.errstate(over="ignore"):
        single = numbers.astype(np.float32)
    if not np.isfinite(single).all():
        raise ValueError("Expected finite numbers. Received: others")
    return single


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"Expected a number. Received: {value!r:.100}")
    return float(value)
