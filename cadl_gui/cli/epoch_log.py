"""The log of a training on the command line, for TensorBoard, written while it trains.

It is written by the code that exports the log of a stored run. An epoch is one record, so a kill leaves all
or nothing of it. A resumed training adds the epochs that it trains to a log that was begun.
"""

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cadl_gui.cli.output import printable
from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.events import EpochCompleted, Event, SnapshotTaken, StepsTaken, TrainingStarted
from cadl_gui.domain.exports import TENSORBOARD
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.domain.snapshot import Snapshot
    from cadl_gui.training.tensorboard_log import TensorBoardLog


class EpochLog:
    """Logs the epochs of a training. If the log can no longer be written, the training goes on without it.

    Args:
        folder: folder of the log, which is created once the training has started; None for no log.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._log: TensorBoardLog | None = None
        self._history = History(1)
        self._snapshot: Snapshot | None = None
        self._is_incomplete = False

    def begin(self, events: tuple[Event, ...]) -> None:
        """Begin or continue the log by the first events of a training.

        Raises:
            UserError: if the folder holds something else than a log.
            ExportError: if the log cannot be written.
        """
        if self._folder is not None:
            with as_one_message(TENSORBOARD, self._folder):
                for event in events:
                    self._add(event)

    def add(self, events: tuple[Event, ...]) -> None:
        """Add further events; a failure is printed."""
        if self._log is not None:
            with self._going_on(_("{failure} The training goes on without a log.")):
                for event in events:
                    self._add(event)

    def close(self) -> None:
        """Close the log; a failure is printed."""
        if self._log is not None:
            with self._going_on("{failure}"):
                self._log.close()

    def require_complete(self) -> None:
        """Check that all epochs were logged.

        Raises:
            ExportError: if the log ended early.
        """
        if self._is_incomplete:
            raise ExportError(_("The log in “{folder}” lacks the last epochs.").format(folder=self._folder))

    @contextmanager
    def _going_on(self, about: str) -> Iterator[None]:
        assert self._folder is not None, "there is a log"
        try:
            with as_one_message(TENSORBOARD, self._folder):
                yield
        except ExportError as failure:
            print(printable(about.format(failure=failure)), file=sys.stderr)
            self._log, self._is_incomplete = None, True

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
        from cadl_gui.runs.snapshots import read_snapshot
        from cadl_gui.training.tensorboard_log import TensorBoardLog

        assert self._folder is not None, "there is a log"
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
