"""A run's history as records: one JSON object each, one a line in `history.jsonl`.

    {"kind": "learning_rate", "step": 0, "rate": 0.001}       from this step on
    {"kind": "steps", "first_step": 0, "losses": [0.11, …], "metrics": {"kl_loss": […]}}   of these steps
    {"kind": "steps", "first_step": 0, "float32": "zczMPQ…", "metrics": {"kl_loss": "…"}}  the same as base64
                                                                                      of little-endian float32
    {"kind": "epoch", "epoch": 1, "metrics": {…}, "images_per_second": 16000.0}
    {"kind": "note", "epoch": 1, "step": 0, "about": "units", "sentence": "…", "suggestion": ["dropout", 0.2]}

The lines of an epoch's steps come before the line of the epoch, which is written when all else of that epoch
is safely on disk.
"""

import base64
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.configuration import checked
from cadl_gui.core.errors import CheckpointError, ConfigurationError
from cadl_gui.core.health import HealthNote, Suggestion
from cadl_gui.core.history import EpochRecord, History
from cadl_gui.core.position import Position
from cadl_gui.core.whole_file import read_whole, require_file

Record = dict[str, Any]

_MOST_BYTES = 2**28
"""A history of 10,000 epochs fits."""


def learning_rate_record(step: int, rate: float) -> Record:
    """From this step on the rate was another."""
    return {"kind": "learning_rate", "step": step, "rate": rate}


def steps_record(first_step: int, metrics: Mapping[str, NDArray[np.float32]]) -> Record:
    """Metrics of consecutive steps; nine digits name every float32 exactly."""
    others = {name: _digits(values) for name, values in metrics.items() if name != "loss"}
    losses = _digits(metrics["loss"])
    return {"kind": "steps", "first_step": first_step, "losses": losses, "metrics": others}


def note_record(note: HealthNote) -> Record:
    """Something was not well."""
    suggestion = note.suggestion
    return {
        "kind": "note",
        "epoch": note.position.epoch,
        "step": note.position.step,
        "about": note.kind,
        "sentence": note.sentence,
        "suggestion": None if suggestion is None else [suggestion.field, suggestion.value],
    }


def epoch_record(record: EpochRecord) -> Record:
    """An epoch is complete."""
    return {
        "kind": "epoch",
        "epoch": record.epoch,
        "metrics": dict(record.metrics),
        "images_per_second": record.images_per_second,
    }


def history_to_records(history: History) -> list[Record]:
    """A whole history, as few records as possible, for a checkpoint."""
    rates = [learning_rate_record(step, rate) for step, rate in history.learning_rates]
    epochs = [epoch_record(record) for record in history.epochs]
    return [*rates, _packed_steps_record(history), *epochs, *map(note_record, history.notes)]


def history_from_records(records: Any, steps_per_epoch: int, path: Path) -> History:
    """Replay records that are not trusted, and may not even be a list.

    Raises:
        CheckpointError: if they are no history.
    """
    if not isinstance(records, list):
        raise CheckpointError(f"“{path}” is damaged: its history does not fit together.")
    history = History(steps_per_epoch)
    for record in records:
        replay(record, history, path)
    return history


def replay(record: Any, history: History, path: Path) -> None:
    """Let a history become what a record, which is not trusted, says.

    Raises:
        CheckpointError: if the record does not fit it.
    """
    try:
        _replay(record, history)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, ConfigurationError) as error:
        raise CheckpointError(f"“{path}” is damaged: its history does not fit together.") from error


def read_records(path: Path, first_byte: int = 0) -> tuple[list[Record], int]:
    """Read `history.jsonl`, also while it is being written: an unfinished last line is left out.

    Args:
        path: of the file.
        first_byte: where to begin, at the start of a line.

    Returns:
        What its lines say, and the byte behind the last of them, from which to read on.

    Raises:
        CheckpointError: if it is damaged.
        OSError: if it cannot be read.
    """
    require_file(path, _MOST_BYTES)
    with path.open("rb") as file:
        file.seek(first_byte)
        lines = file.read().split(b"\n")[:-1]
    return _parse(lines, path), first_byte + sum(len(line) + 1 for line in lines)


def cut_history(path: Path, epoch: int) -> None:
    """Remove all that was written after the line of an epoch.

    Raises:
        CheckpointError: if it is damaged, or knows no such epoch.
        OSError: if it cannot be changed.
    """
    end = 0
    lines = _whole_lines(path)
    for line, record in zip(lines, _parse(lines, path), strict=True):
        end += len(line) + 1
        if record.get("kind") == "epoch" and record.get("epoch") == epoch:
            with path.open("r+b") as file:
                file.truncate(end)
            return
    raise CheckpointError(f"“{path}” is damaged: epoch {epoch} is missing.")


def _packed_steps_record(history: History) -> Record:
    """The losses of all steps, in a form that takes no time: a checkpoint writes them all at every epoch."""
    others = {name: _packed(values) for name, values in history.step_metrics.items() if name != "loss"}
    return {"kind": "steps", "first_step": 0, "float32": _packed(history.step_losses), "metrics": others}


def _packed(values: NDArray[np.float32]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def _digits(values: NDArray[np.float32]) -> list[float]:
    return [float(f"{value:.9g}") for value in values]


def _whole_lines(path: Path) -> list[bytes]:
    return read_whole(path, _MOST_BYTES).split(b"\n")[:-1]


def _parse(lines: Iterable[bytes], path: Path) -> list[Record]:
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"“{path}” is damaged: a line of the history cannot be read.") from error


def _replay(record: Record, history: History) -> None:
    match record["kind"]:
        case "learning_rate":
            history.add_learning_rate(int(record["step"]), _finite(record["rate"]))
        case "steps":
            if record["first_step"] != history.n_steps:
                raise ValueError(f"Expected step {history.n_steps}. Received: {record['first_step']}")
            losses = record["float32"] if "float32" in record else record["losses"]
            metrics = {"loss": losses, **record.get("metrics", {})}
            history.add_steps({str(name): _numbers(values) for name, values in metrics.items()})
        case "epoch":
            expected = history.epochs[-1].epoch + 1 if history.epochs else 0
            if record["epoch"] != expected:
                raise ValueError(f"Expected epoch {expected}. Received: {record['epoch']}")
            metrics = {str(name): _finite(value) for name, value in record["metrics"].items()}
            history.add_epoch(EpochRecord(expected, metrics, _finite(record["images_per_second"])))
        case "note":
            history.add_note(_note(record))
        case kind:
            raise ValueError(f"Expected learning_rate, steps, epoch or note. Received: kind={kind!r:.100}")


def _note(record: Record) -> HealthNote:
    suggestion = None
    if record["suggestion"] is not None:
        field, value = record["suggestion"]
        suggestion = Suggestion(field, checked(field, value))
    position = Position(int(record["epoch"]), int(record["step"]))
    return HealthNote(position, str(record["about"]), str(record["sentence"])[:1000], suggestion)


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
