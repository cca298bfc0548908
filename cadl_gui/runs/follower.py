"""Follows a run folder that another process writes to, and reports additions as training events."""

import copy
from collections.abc import Iterator

from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    SnapshotsDropped,
    SnapshotTaken,
    StepsTaken,
)
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.history_file import read_records, replay
from cadl_gui.runs.reader import StoredRun
from cadl_gui.runs.snapshots import read_snapshot_if_there


class Follower:
    """Reads what has been added to a run folder since it was last read.

    Args:
        run_id: the run's identifier in the emitted events.
        run: the run as first read; what it holds is not reported again.
    """

    def __init__(self, run_id: str, run: StoredRun) -> None:
        self._run_id = run_id
        self._folder = run.folder
        self._path = layout.history_path(run.folder)
        self._history = copy.deepcopy(run.history)
        self._history_bytes = run.history_bytes
        self._recorded = set(run.recorded)

    def news(self) -> tuple[Event, ...] | None:
        """Return the events since the last call, in training order.

        Returns:
            The new events, possibly none; None if the recorded past has changed. That happens when an
            interrupted run is resumed, which discards everything beyond its last complete epoch. The caller
            must then read the run again and create a new `Follower`.

        Raises:
            CheckpointError: if a file is damaged or missing.
            OSError: if the folder cannot be read.
        """
        size = self._path.stat().st_size if self._path.exists() else 0
        if size < self._history_bytes:
            return None
        events = [*self._early(), *(self._reported() if size else ())]
        # Listed now: while weights were read, the writer went on, by a whole epoch if epochs are short.
        dropped = tuple(sorted(self._recorded.difference(layout.snapshot_positions(self._folder))))
        if dropped:
            self._recorded -= set(dropped)
            events.append(SnapshotsDropped(self._run_id, dropped))
        return tuple(events)

    def _early(self) -> Iterator[Event]:
        """Yield new snapshots taken within an epoch, which are on disk before the losses of that epoch."""
        for position in layout.snapshot_positions(self._folder):
            if position.step and position not in self._recorded:
                yield from self._snapshot(position)

    def _reported(self) -> Iterator[Event]:
        for record, end in read_records(self._path, self._history_bytes):
            self._history_bytes = end
            before = self._history.n_steps
            replay(record, self._history, self._path)
            match record["kind"]:
                case "steps":
                    yield self._steps(before)
                case "note":
                    yield HealthNoted(self._run_id, self._history.notes[-1])
                case "epoch":
                    yield from self._epoch()

    def _steps(self, before: int) -> StepsTaken:
        history = self._history
        position = Position(*divmod(history.n_steps, history.steps_per_epoch))
        metrics = {name: values[before:] for name, values in history.step_metrics.items()}
        rate = history.learning_rates[-1][1] if history.learning_rates else 0.0
        speed = history.epochs[-1].images_per_second if history.epochs else 0.0
        return StepsTaken(self._run_id, position, metrics, rate, speed)

    def _epoch(self) -> Iterator[Event]:
        record = self._history.epochs[-1]
        if Position(record.epoch) not in self._recorded:
            yield from self._snapshot(Position(record.epoch))
        yield EpochCompleted(self._run_id, record)

    def _snapshot(self, position: Position) -> Iterator[SnapshotTaken]:
        """Yield a snapshot that was listed; of short epochs, the writer may have dropped it since."""
        snapshot = read_snapshot_if_there(self._folder, position)
        if snapshot is not None:
            self._recorded.add(position)
            yield SnapshotTaken(self._run_id, snapshot, recorded=True)
