"""What the training side tells: frozen dataclasses with read-only arrays, in the order in which it happens.

A training yields, in this order: `TrainingStarted`; any number of `StepsTaken` and `SnapshotTaken`; after the
steps of each epoch one `EpochCompleted`; at last `TrainingEnded` or `TrainingFailed`. `HealthNoted`,
`SnapshotsDropped` and `RecordingFailed` can come at any time and end nothing. A run that another process
trains is told alike, except that it begins with `RunOpened`.
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
    """A model is built and its data are in memory.

    Attributes:
        description: what is trained.
        history: what a resumed run recorded before.
        recorded: positions whose weights can be asked for.
        caution: in one sentence, in what a resumed run may differ from one that was not interrupted; or "".
    """

    description: RunDescription
    history: History
    recorded: tuple[Position, ...] = ()
    caution: str = ""

    @property
    def learning_rate(self) -> float:
        """The rate to begin or continue with: the last one that the run was given."""
        rates = self.history.learning_rates
        return rates[-1][1] if rates else self.description.config.training.learning_rate


@dataclass(frozen=True, eq=False)
class StepsTaken:
    """One or more steps of the optimiser.

    Attributes:
        run_id: of the run.
        position: after the last of these steps.
        metrics: by name, `loss` among them: the value of each step before its update, (k,) float32,
            read-only.
        learning_rate: the rate that they were taken with.
        images_per_second: over the turn that these steps belong to.
    """

    run_id: str
    position: Position
    metrics: Mapping[str, NDArray[np.float32]]
    learning_rate: float
    images_per_second: float


@dataclass(frozen=True, eq=False)
class SnapshotTaken:
    """Weights to look at.

    Attributes:
        run_id: of the run.
        snapshot: the weights.
        recorded: whether they stay on the timeline; others are only the newest state of a live run.
    """

    run_id: str
    snapshot: Snapshot
    recorded: bool


@dataclass(frozen=True, eq=False)
class SnapshotsDropped:
    """Positions of a long run that are no longer kept; see `cadl_gui.domain.snapshot_retention`."""

    run_id: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, eq=False)
class EpochCompleted:
    """An epoch is over: its `SnapshotTaken` came just before, and its files are on disk."""

    run_id: str
    record: EpochRecord


@dataclass(frozen=True, eq=False)
class HealthNoted:
    """Something is not well; the training goes on."""

    run_id: str
    note: HealthNote


@dataclass(frozen=True, eq=False)
class RecordingFailed:
    """The run can no longer be written to disk; training goes on in memory."""

    run_id: str
    message: str


@dataclass(frozen=True, eq=False)
class TrainingEnded:
    """The training is over.

    Attributes:
        run_id: of the run.
        position: of the last weights.
        complete: whether all its epochs were trained, rather than stopped and kept.
    """

    run_id: str
    position: Position
    complete: bool


@dataclass(frozen=True, eq=False)
class TrainingFailed:
    """The training cannot go on.

    Attributes:
        run_id: of the run, or "" where none began.
        message: what happened and what is safe.
        details: the traceback, for the log and for *Details*.
        retained: the last position whose weights are kept, or None.
        suggestion: what to try instead, or None.
    """

    run_id: str
    message: str
    details: str = ""
    retained: Position | None = None
    suggestion: Suggestion | None = None


@dataclass(frozen=True, eq=False)
class RunOpened:
    """A run folder, a checkpoint or one of the course's notebooks has been read.

    Attributes:
        description: what it is.
        history: what it recorded.
        recorded: positions whose weights can be asked for.
        snapshot: the last weights.
        writer: number of the process that is writing it; "" if none is.
        notes: in plain words, what was assumed or left out; empty where a file says all that it should.
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
