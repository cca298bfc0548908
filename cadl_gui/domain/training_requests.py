"""What the training thread is asked for: frozen dataclasses that go down to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cadl_gui.domain.branching import Branch
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.exports import FormatName
from cadl_gui.domain.history import History
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot


@dataclass(frozen=True)
class TrainingRequest:
    """Start a training, or continue with one.

    Attributes:
        run_id: how the program will call the run.
        name: what people call it.
        config: what to train. With `resume`, what the run was when it was last seen: its folder knows
            better, and counts.
        folder: run folder to write into; None keeps the run in memory.
        resume: continue with the run in `folder` from its last complete epoch, as that run is.
        asked: with `resume`, values of fields that were asked for: `epochs`, the total, may be another than
            the run's, the learning rate has to be the one that it continues with, and others its own.
        branch: begin where another run was, with a fresh optimiser; None begins untrained, or resumes.
        deterministic: ask TensorFlow for deterministic kernels throughout the process.
    """

    run_id: str
    name: str
    config: RunConfig
    folder: Path | None = None
    resume: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)
    branch: Branch | None = None
    deterministic: bool = False


@dataclass(frozen=True)
class StepBudget:
    """How far a training may go before it gives the thread back.

    A turn also ends at the end of an epoch and at every position whose weights are recorded.

    Attributes:
        seconds: about how long; a turn ends with the step during which they are over.
        max_steps: at most so many steps, or None. A turn with a limit always ends with a `SnapshotTaken`,
            others publish live weights at most 10 times a second. 0 ends the training where it is: its
            newest weights come as a recorded `SnapshotTaken`, unless they are recorded already, and then
            `TrainingEnded`.
        learning_rate: for every step of the turn.
    """

    seconds: float
    max_steps: int | None
    learning_rate: float


@dataclass(frozen=True, eq=False)
class SaveCheckpoint:
    """Write a run at a position as a `.keras` file.

    Attributes:
        description: of the run.
        history: what it recorded up to now; a copy that nobody changes.
        snapshot: the weights.
        path: where to; replaced only once the new file is whole.
    """

    description: RunDescription
    history: History
    snapshot: Snapshot
    path: Path


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """Write a run at a position as a file that other programs load.

    Attributes:
        description: of the run.
        snapshot: the weights.
        made: name of the format.
        function: name of the one to export; "" takes those that the format takes where none is named.
        path: where to; see `cadl_gui.domain.exports`.
    """

    description: RunDescription
    snapshot: Snapshot
    made: FormatName
    function: str
    path: Path


@dataclass(frozen=True)
class OpenFile:
    """Open a `.keras` checkpoint or a run folder as the run `run_id`.

    Attributes:
        run_id: how the program will call it.
        path: of it.
        is_own: whether it lies among the user's own runs: then paths that it names may be looked up.
    """

    run_id: str
    path: Path
    is_own: bool = False


@dataclass(frozen=True)
class RenameRun:
    """Write the new name of a run into its folder."""

    folder: Path
    name: str
