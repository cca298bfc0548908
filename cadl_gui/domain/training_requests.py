"""Requests to the training thread, as frozen dataclasses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cadl_gui.domain.branching import Branch
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.exports import FormatName
from cadl_gui.domain.history import History
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.system.words import _

_MOST_EARLIER = 10
"""Most earlier epochs of a run on a web page."""


def _ignore(stage: str) -> None:
    """Tell nobody about a stage."""


@dataclass(frozen=True)
class TrainingRequest:
    """Start or resume a training.

    Attributes:
        run_id: id of the run within the program.
        name: display name of the run.
        config: what to train. With `resume`, the last known configuration; the one in the run folder takes
            precedence.
        folder: run folder to write to; None keeps the run in memory.
        resume: resume the run in `folder` from its last completed epoch, with its own configuration.
        asked: with `resume`, explicitly requested field values. Only `epochs`, the total, may differ from
            the run's; `learning_rate` must be the one that the run resumes with.
        branch: start from a position of another run, with a fresh optimiser; None starts untrained, or
            resumes.
        deterministic: make TensorFlow use deterministic kernels, for the whole process.
        on_stage: called before each stage of the start with what is done next, such as “Preparing the
            images”; an exception that it raises ends the training.
    """

    run_id: str
    name: str
    config: RunConfig
    folder: Path | None = None
    resume: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)
    branch: Branch | None = None
    deterministic: bool = False
    on_stage: Callable[[str], None] = field(default=_ignore, compare=False)


@dataclass(frozen=True)
class StepBudget:
    """How long a training may run before it yields the thread.

    A turn also ends at the end of an epoch and at every position whose weights are recorded.

    Attributes:
        seconds: approximate duration; the turn ends after the step during which it elapses.
        max_steps: maximum number of steps, or None. A turn with a limit always ends with a `SnapshotTaken`;
            others publish live weights at most 10 times a second. 0 stops the training: its newest weights
            are emitted as a recorded `SnapshotTaken`, unless they are recorded already, followed by
            `TrainingEnded`.
        learning_rate: learning rate of every step of the turn.
    """

    seconds: float
    max_steps: int | None
    learning_rate: float


@dataclass(frozen=True, eq=False)
class SaveCheckpoint:
    """Write a run at a position as a `.keras` file.

    Attributes:
        description: description of the run.
        history: history of the run so far; a copy that is not modified.
        snapshot: weights to save.
        path: destination; replaced only once the new file is complete.
    """

    description: RunDescription
    history: History
    snapshot: Snapshot
    path: Path


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """Export a run at a position to a format that other programs can load.

    Attributes:
        description: description of the run.
        snapshot: weights to export.
        made: name of the export format.
        function: name of the function to export; "" for the format's default, see `Kind.functions_for`.
        path: destination; a file or folder, depending on the format.
    """

    description: RunDescription
    snapshot: Snapshot
    made: FormatName
    function: str
    path: Path


@dataclass(frozen=True, eq=False)
class PageRequest:
    """Export runs, each at a position, as one web page.

    Attributes:
        networks: descriptions of the runs, each with weights in order, of which the last are exported, and
            the others shown before them; at least one.
        path: destination; a file.
        lesson: has steps that the page shows; None for none.
    """

    networks: tuple[tuple[RunDescription, tuple[Snapshot, ...]], ...]
    path: Path
    lesson: PageLesson | None = None


def earlier_positions(
    recorded: Iterable[Position], last: Position, lesson: PageLesson | None = None
) -> list[Position]:
    """Choose the recorded positions that a web page has before its last one: ten, and those of a lesson."""
    before = [position for position in recorded if position < last]
    n = min(len(before), _MOST_EARLIER)
    chosen = {before[i * (len(before) - 1) // max(1, n - 1)] for i in range(n)}
    return sorted(chosen | ({*before} & lesson.positions if lesson else set()))


def page_refusal(about: RunDescription) -> str:
    """Return why a run cannot be on a web page, as a sentence; "" if it can."""
    return _("It is a frozen graph.") if about.is_graph else INK.refusal(about)


@dataclass(frozen=True, eq=False)
class LogRequest:
    """Export a run at some of its epochs to a folder that TensorBoard shows.

    Attributes:
        description: description of the run; snapshots are read from its source, if it is a folder.
        history: history of the run so far; a copy that is not modified.
        positions: recorded ends of epochs, in order.
        snapshots: the weights at the positions of a run that has no folder, else ().
        path: destination; a new or empty folder.
    """

    description: RunDescription
    history: History
    positions: tuple[Position, ...]
    snapshots: tuple[Snapshot, ...]
    path: Path


@dataclass(frozen=True)
class OpenFile:
    """Open a `.keras` checkpoint or a run folder as the run `run_id`.

    Attributes:
        run_id: id of the run within the program.
        path: path of the checkpoint or run folder.
        is_own: whether it is one of the user's own runs, so that paths named in it may be looked up.
    """

    run_id: str
    path: Path
    is_own: bool = False


@dataclass(frozen=True)
class RenameRun:
    """Write the new name of a run into its folder."""

    folder: Path
    name: str
