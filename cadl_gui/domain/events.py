"""Events emitted by training: frozen dataclasses with read-only arrays.

A training emits, in this order: `TrainingStarted`; any number of `StepsTaken` and `SnapshotTaken`; one
`EpochCompleted` after the steps of each epoch; finally `TrainingEnded` or `TrainingFailed`. `HealthNoted`,
`SnapshotsDropped` and `RecordingFailed` can occur at any time and do not end the training. A run that another
process trains emits the same events, except that it begins with `RunOpened`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class TrainingStarted:
    """The model has been built and its data loaded.

    Attributes:
        description: description of the run.
        history: what the run has recorded so far.
        recorded: positions whose weights are available.
        caution: how a resumed run may differ from an uninterrupted one, and what was moved out of its folder;
            or "".
    """

    description: RunDescription
    history: History
    recorded: tuple[Position, ...] = ()
    caution: str = ""

    @property
    def learning_rate(self) -> float:
        """Learning rate to start or resume with: the last one in the history, or else the configured one."""
        rates = self.history.learning_rates
        return rates[-1][1] if rates else self.description.config.training.learning_rate


@dataclass(frozen=True, eq=False)
class StepsTaken:
    """The optimiser has taken one or more steps.

    Attributes:
        run_id: id of the run.
        position: position after the last of these steps.
        metrics: metrics by name, including `loss`: the value before each step's update, (k,) float32,
            read-only.
        learning_rate: learning rate of these steps.
        images_per_second: training speed over the step budget that these steps belong to.
    """

    run_id: str
    position: Position
    metrics: Mapping[str, NDArray[np.float32]]
    learning_rate: float
    images_per_second: float


@dataclass(frozen=True, eq=False)
class SnapshotTaken:
    """New weights are available.

    Attributes:
        run_id: id of the run.
        snapshot: the weights.
        recorded: whether they are recorded on the timeline; otherwise they are only a live run's newest
            state.
    """

    run_id: str
    snapshot: Snapshot
    recorded: bool


@dataclass(frozen=True, eq=False)
class SnapshotsDropped:
    """Snapshots of a long run are no longer retained; see `cadl_gui.domain.snapshot_retention`."""

    run_id: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, eq=False)
class EpochCompleted:
    """An epoch has been completed: its `SnapshotTaken` came just before, and its files are on disk."""

    run_id: str
    record: EpochRecord


@dataclass(frozen=True, eq=False)
class HealthNoted:
    """A health check has found a problem; training continues."""

    run_id: str
    note: HealthNote


@dataclass(frozen=True, eq=False)
class RecordingFailed:
    """The run can no longer be written to disk; training continues in memory."""

    run_id: str
    message: str


@dataclass(frozen=True, eq=False)
class TrainingEnded:
    """The training has ended.

    Attributes:
        run_id: id of the run.
        position: position of the last weights.
        complete: whether all epochs were trained; False if the training was stopped early.
    """

    run_id: str
    position: Position
    complete: bool


@dataclass(frozen=True, eq=False)
class TrainingFailed:
    """The training has failed, or could not be started or resumed.

    Attributes:
        run_id: id of the run, or "" if no run was started.
        message: what happened and what is safe.
        details: the traceback, for the log and for *Details*.
        retained: the last position whose weights are retained, or None.
        suggestion: what to try instead, or None.
    """

    run_id: str
    message: str
    details: str = ""
    retained: Position | None = None
    suggestion: Suggestion | None = None


@dataclass(frozen=True, eq=False)
class RunOpened:
    """A run folder, a checkpoint or one of the course's notebooks has been opened.

    Attributes:
        description: description of the run.
        history: recorded history of the run.
        recorded: positions whose weights are available.
        snapshot: the last weights.
        writer: id of the process that is writing the run; "" if none is.
        notes: sentences on what was assumed or left out; empty if the file is complete.
    """

    description: RunDescription
    history: History
    recorded: tuple[Position, ...]
    snapshot: Snapshot
    writer: str = ""
    notes: tuple[str, ...] = ()


Event = (
    TrainingStarted
    | StepsTaken
    | SnapshotTaken
    | SnapshotsDropped
    | EpochCompleted
    | HealthNoted
    | RecordingFailed
    | TrainingEnded
    | TrainingFailed
    | RunOpened
)
