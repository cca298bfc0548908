"""Writes the log of a run for TensorBoard while it trains.

It is written by the code that exports the log of a stored run. An epoch is one record, so a kill leaves all
or nothing of it. A resumed training adds the epochs that it trains to a log that was begun.
"""

import copy
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.domain.events import EpochCompleted, Event, SnapshotTaken, StepsTaken, TrainingStarted
from cadl_gui.domain.exports import TENSORBOARD
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training.tensorboard_log import TensorBoardLog

if TYPE_CHECKING:
    from cadl_gui.domain.snapshot import Snapshot


class TrainingLog:
    """Adds a training to a log, epoch by epoch, from its events.

    Args:
        folder: folder of the log; it is created once the training has started.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log: TensorBoardLog | None = None
        self._history = History(1)
        self._snapshot: Snapshot | None = None

    def on_events(self, events: tuple[Event, ...]) -> None:
        """Add events.

        Raises:
            UserError: if the folder holds something else than a log.
            ExportError: if the log cannot be written.
        """
        with as_one_message(TENSORBOARD, self._folder):
            for event in events:
                self._add(event)

    def close(self) -> None:
        """Close the log.

        Raises:
            ExportError: if the rest of it cannot be written.
        """
        log, self._log = self._log, None
        if log is not None:
            with as_one_message(TENSORBOARD, self._folder):
                log.close()

    def _add(self, event: Event) -> None:
        match event:
            case TrainingStarted():
                self._begin(event)
            case StepsTaken():
                self._history.add_learning_rate(self._history.n_steps, event.learning_rate)
                self._history.add_steps(event.metrics)
            case SnapshotTaken(recorded=True):
                self._snapshot = event.snapshot
            case EpochCompleted():
                self._history.add_epoch(event.record)
                self._add_epoch(event.record.epoch)

    def _begin(self, event: TrainingStarted) -> None:
        """Begin the log. A new one of a resumed training has the earlier epochs, too."""
        self._history, source = copy.deepcopy(event.history), event.description.source
        self._log = TensorBoardLog(self._folder, event.description)
        if self._log.is_continued:
            return
        for record in self._history.epochs:
            self._log.add_metrics(self._history, record.epoch)
        for position in event.recorded:
            if position.step == 0 and source is not None:
                self._log.add_snapshot(read_snapshot(source, position))
        self._log.flush()

    def _add_epoch(self, epoch: int) -> None:
        assert self._log is not None, "TrainingStarted comes first"
        self._log.add_metrics(self._history, epoch)
        if self._snapshot is not None and self._snapshot.position == Position(epoch):
            self._log.add_snapshot(self._snapshot)
        self._log.flush()
