"""What the engine needs from the TensorFlow side, as protocols; interface tests implement them in NumPy.

`app` hands the engine two factories. Each is called once, inside the thread that will own its result, and is
where TensorFlow gets imported.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from cadl_gui.domain.events import Event, RunOpened
from cadl_gui.domain.exports import Exported, ExportStage
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Request
from cadl_gui.domain.run import InterruptedRun, RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import (
    ExportRequest,
    OpenFile,
    RenameRun,
    SaveCheckpoint,
    StepBudget,
    TrainingRequest,
)

TrainingLoop = Generator[tuple[Event, ...], StepBudget, None]
"""Primed with `next`, then driven by sending turns; see `cadl_gui.domain.events` for what it yields."""


class TrainingBackend(Protocol):
    """Builds, trains, evaluates, saves. Owned by the training thread."""

    def start_device(self, niceness: int) -> str:
        """Start the threads that compute, those of the training so far behind others; "CPU" or "GPU"."""

    def train(self, request: TrainingRequest) -> TrainingLoop:
        """Begin or resume a training."""

    def open(self, request: OpenFile) -> RunOpened:
        """Read a checkpoint or a run folder."""

    def follow(self, request: OpenFile) -> Iterator[tuple[Event, ...]]:
        """Tell what a run folder gains while another process writes it, whenever it is asked."""

    def interrupted(self, folder: Path) -> list[InterruptedRun]:
        """Find the runs in a folder whose training died."""

    def rename(self, request: RenameRun) -> None:
        """Write a run's new name into its folder."""

    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""

    def export(self, request: ExportRequest) -> Generator[ExportStage, None, Exported]:
        """Write an export, stage by stage; closed, it leaves nothing behind."""


Answering = Generator[None, None, tuple[Position | None, Any]]
"""Computes an answer part by part."""


class InferenceBackend(Protocol):
    """Answers questions about snapshots. Owned by the inference thread."""

    def register(self, description: RunDescription) -> None:
        """Get to know a run before its first snapshot comes."""

    def update(self, run_id: str, snapshot: Snapshot, recorded: bool) -> None:
        """Take weights that may be asked about."""

    def drop(self, run_id: str, positions: Sequence[Position]) -> None:
        """Drop weights that are no longer kept."""

    def unregister(self, run_id: str) -> None:
        """Drop a run and its snapshots."""

    def respond_in_parts(self, request: Request[Any]) -> Answering:
        """Return the position of the weights used, and the value; yield where others may go first."""


TrainingFactory = Callable[[], TrainingBackend]
InferenceFactory = Callable[[], InferenceBackend]
