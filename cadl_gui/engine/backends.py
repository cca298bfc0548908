"""Protocols for what the engine needs from TensorFlow; interface tests implement them in NumPy.

`app` passes factories to the engine. Each is called once, inside the thread that will own its result; that
for training imports TensorFlow there, the others need NumPy only. Until then, a `RunReader` reads what it
can.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from cadl_gui.domain.events import Event, RunOpened
from cadl_gui.domain.exports import Exported, ExportedLog, ExportStage
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Request
from cadl_gui.domain.run import InterruptedRun, RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import (
    ExportRequest,
    LogRequest,
    OpenFile,
    PageRequest,
    RenameRun,
    SaveCheckpoint,
    StepBudget,
    TrainingRequest,
)
from cadl_gui.system.niceness import Niceness

TrainingLoop = Generator[tuple[Event, ...], StepBudget, None]
"""Started with `next`, then driven by sending budgets; see `cadl_gui.domain.events` for what it yields."""


class TrainingBackend(Protocol):
    """Builds, trains, evaluates and saves runs. Owned by the training thread."""

    def start_device(self, niceness: Niceness) -> str:
        """Start the computing threads, and return the device.

        Returns:
            "CPU" or "GPU".
        """

    def train(self, request: TrainingRequest) -> TrainingLoop:
        """Start or resume a training."""

    def open(self, request: OpenFile) -> RunOpened:
        """Read a checkpoint or a run folder."""

    def follow(self, request: OpenFile) -> Iterator[tuple[Event, ...]]:
        """Yield the events that another process has added to a run folder since the last step."""

    def interrupted(self, folder: Path) -> tuple[list[InterruptedRun], list[str]]:
        """Return the runs in a folder whose training died, and a sentence for each that cannot be resumed."""

    def rename(self, request: RenameRun) -> None:
        """Write a run's new name to its folder."""

    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""

    def export(self, request: ExportRequest) -> Generator[ExportStage, None, Exported]:
        """Write an export, yielding before each stage; closing the generator removes unfinished files."""

    def export_page(self, request: PageRequest) -> Generator[ExportStage, None, Exported]:
        """Write a web page of several networks, as `export` does."""

    def export_log(self, request: LogRequest) -> Generator[ExportStage, None, ExportedLog]:
        """Write a log for TensorBoard, as `export` does."""


Answering = Generator[None, None, tuple[Position | None, Any]]
"""Computes an answer in parts; returns the position of the weights used, and the value."""


class AnsweringBackend(Protocol):
    """Answers requests. Owned by the thread that it answers in."""

    def respond_in_parts(self, request: Request[Any]) -> Answering:
        """Compute an answer; yield wherever other requests may go first.

        Returns:
            The position of the weights used, or None, and the value.
        """


class InferenceBackend(AnsweringBackend, Protocol):
    """Answers requests about snapshots. Owned by the inference thread.

    It raises `NotYetError` for what only TensorFlow can answer, until `complete` and while it is traced.
    """

    def complete(self, on_answerable: Callable[[], object]) -> None:
        """Answer everything from now on: TensorFlow is loaded.

        Args:
            on_answerable: called in any thread when something that had to wait can be answered.
        """

    def close(self) -> None:
        """Prepare no more answers; `on_answerable` is not called any more."""

    def register(self, description: RunDescription) -> None:
        """Register a run before its first snapshot arrives."""

    def update(self, run_id: str, snapshot: Snapshot, recorded: bool) -> None:
        """Store weights that may be requested.

        Args:
            recorded: whether they belong to a recorded position.
        """

    def return_to(self, run_id: str, position: Position) -> None:
        """Let the weights of a recorded position be the run's newest again: its training failed after it.

        Raises:
            CadlError: if they are not stored.
        """

    def drop(self, run_id: str, positions: Sequence[Position]) -> None:
        """Drop weights that are no longer retained."""

    def unregister(self, run_id: str) -> None:
        """Drop a run and its snapshots."""


RunReader = Callable[[OpenFile], RunOpened | None]
"""Reads a file in the training thread before TensorFlow is loaded; None for one that waits for it."""

TrainingFactory = Callable[[], TrainingBackend]
InferenceFactory = Callable[[], InferenceBackend]
AnsweringFactory = Callable[[], AnsweringBackend]
