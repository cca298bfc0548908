"""A run as the window sees it."""

import dataclasses
from bisect import bisect_right, insort
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    RecordingFailed,
    RunOpened,
    SnapshotsDropped,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingFailed,
    TrainingStarted,
)
from cadl_gui.domain.health import FAILED, HealthNote
from cadl_gui.domain.history import History
from cadl_gui.domain.metrics import best_epoch
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.system.words import _


class RunState(Enum):
    """The state of a run."""

    TRAINING = "training"
    STOPPED = "stopped"
    COMPLETE = "complete"
    FAILED = "failed"
    OPENED = "opened"
    FOLLOWED = _("trained by another process")


@dataclass(eq=False)
class Run:
    """One training, from its configuration to its last epoch; changed only by the engine.

    Attributes:
        letter: its badge: "A" for the first run of the window, "B" for the next, "AA" for the 25th.
        description: name, configuration and origin.
        history: losses, epochs and notes so far; grows during training.
        recorded: positions whose weights can be shown, in order.
        newest: position of its newest weights.
        state: whether it is training, stopped, complete and so on.
        images_per_second: training speed lately, in whole turns.
        writer: number of the other process that trains it; "" if none does.
        lacks_epochs: whether its folder lacks the newest epochs, because they could not be written.
    """

    letter: str
    description: RunDescription
    history: History
    recorded: list[Position] = field(default_factory=list)
    newest: Position = UNTRAINED
    state: RunState = RunState.TRAINING
    images_per_second: float = 0.0
    writer: str = ""
    lacks_epochs: bool = False

    @property
    def run_id(self) -> str:
        """The run's id within the program."""
        return self.description.run_id

    @property
    def weights(self) -> tuple[Position, int]:
        """What is another value once it has newer weights, or retains others."""
        return self.newest, len(self.recorded)

    def is_at(self, folder: Path) -> bool:
        """Return whether the run is read from this folder."""
        source = self.description.source
        return source is not None and source.resolve() == folder.resolve()

    def retained_near(self, position: Position) -> Position | None:
        """Return the last showable position up to this one, else the first one; None if there is none."""
        return self.retained_until(position) or (self.recorded[0] if self.recorded else None)

    def is_at_end(self, position: Position) -> bool:
        """Return whether no later position can be shown."""
        return not self.recorded or position >= self.recorded[-1]

    def retained_until(self, position: Position) -> Position | None:
        """Return the last position up to this one whose weights can be shown; None if there is none."""
        n = bisect_right(self.recorded, position)
        return self.recorded[n - 1] if n else None

    def apply(self, event: Event) -> None:
        """Update the run from an event of its training."""
        match event:
            case StepsTaken():
                self.history.add_learning_rate(self.history.n_steps, event.learning_rate)
                self.history.add_steps(event.metrics)
                self.images_per_second = event.images_per_second
            case SnapshotTaken():
                self.newest = event.snapshot.position
                if event.recorded and self.newest not in self.recorded:
                    insort(self.recorded, self.newest)
            case SnapshotsDropped():
                self.recorded = [retained for retained in self.recorded if retained not in event.positions]
            case EpochCompleted():
                self.history.add_epoch(event.record)
            case RecordingFailed():
                self.lacks_epochs = True
            case HealthNoted():
                self.history.add_note(event.note)
            case TrainingEnded() | TrainingFailed():
                self._end(event)

    def _end(self, event: TrainingEnded | TrainingFailed) -> None:
        if isinstance(event, TrainingEnded):
            self.writer = ""
            stopped = RunState.STOPPED if self.failure is None else RunState.FAILED
            self.state = RunState.COMPLETE if event.complete else stopped
        elif self.state in {RunState.TRAINING, RunState.FOLLOWED}:  # else it could not be resumed
            self.writer = ""
            self.state = RunState.FAILED
            self.newest = self.newest if event.retained is None else event.retained
            if event.suggestion is not None:
                self.history.add_note(HealthNote(self.newest, FAILED, event.message, event.suggestion))

    def resume(self, event: TrainingStarted) -> None:
        """Reset the run to the state in which its training starts or resumes; its name stays."""
        name = self.description.name
        self.description, self.history = dataclasses.replace(event.description, name=name), event.history
        self.recorded = list(event.recorded)
        self.newest = event.recorded[-1] if event.recorded else UNTRAINED
        self.state = RunState.TRAINING
        self.lacks_epochs = False

    def reopen(self, event: RunOpened) -> None:
        """Replace the run's contents by those read from its folder; its name stays."""
        name = self.description.name
        self.description, self.history = dataclasses.replace(event.description, name=name), event.history
        self.recorded, self.newest = list(event.recorded), event.snapshot.position
        self.writer, self.lacks_epochs = event.writer, False
        self.state = RunState.FOLLOWED if event.writer else RunState.OPENED
        if not event.writer and self.failure is not None:
            self.state = RunState.FAILED

    @property
    def failure(self) -> HealthNote | None:
        """What ended the training; None if nothing did, or the run has been trained further since."""
        last = self.history.notes[-1] if self.history.notes else None
        is_last = last is not None and last.kind == FAILED and last.position >= self.newest
        return last if is_last else None

    @property
    def can_resume(self) -> bool:
        """Whether the run is unfinished and at rest, and has a folder from which it can be resumed.

        One whose folder lacks epochs would lose them.
        """
        source, epochs = self.description.source, self.description.config.training.epochs
        at_rest = self.state not in {RunState.TRAINING, RunState.FOLLOWED}
        unfinished = self.newest.epoch < epochs and at_rest
        return unfinished and not self.lacks_epochs and source is not None and source.is_dir()

    @property
    def best_epoch(self) -> int | None:
        """The trained epoch with the best validation metric among those whose weights are retained.

        Shipped runs and checkpoints have more epochs in their history than can be shown.
        """
        retained = {position.epoch for position in self.recorded if position.step == 0}
        records = [record for record in self.history.epochs if record.epoch in retained]
        return best_epoch(self.description.config, records)

    @property
    def best_text(self) -> str:
        """The validation metric of `best_epoch`, with its name; "" if there is none."""
        return "" if self.best_epoch is None else self.quality_text(self.best_epoch)

    def quality_text(self, epoch: int) -> str:
        """Return the validation metric of an epoch, with its name; "" if none is recorded."""
        kind = self.description.config.model.kind
        values = (record.metrics.get(kind.metric) for record in self.history.epochs if record.epoch == epoch)
        value = next(values, None)
        return "" if value is None else kind.text(value)

    def fraction_at(self, position: Position | None = None) -> float:
        """Return the share of the configured training that is done at a position, by default the newest."""
        at = position or self.newest
        total = self.description.config.training.epochs * self.description.steps_per_epoch
        done = at.epoch * self.description.steps_per_epoch + at.step
        return min(1.0, done / total)
