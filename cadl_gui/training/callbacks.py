"""Callbacks of the training loop: health checks and snapshot retention."""

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    SnapshotsDropped,
    SnapshotTaken,
    StepsTaken,
    TrainingStarted,
)
from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.metrics import best_epoch
from cadl_gui.domain.snapshot_retention import positions_to_retain
from cadl_gui.domain.training_requests import StepBudget
from cadl_gui.training.evaluation import N_EARLY_ARTIFACTS
from cadl_gui.training.health import HealthChecks, Ranges
from cadl_gui.training.train_state import TrainState


class Callback:
    """Receives the events of one training before they are emitted, and may change them."""

    def on_turn(self, budget: StepBudget) -> None:
        """Called before each turn, including one without steps."""

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Called with the events of a turn or of the start; the network's state is that of the last event.

        Returns:
            The events to pass on instead.
        """
        return events


class Diagnostics(Callback):
    """Inserts health notes after the first batches and before the end of an epoch; see `HealthChecks`.

    Args:
        start: initial state of the training.
        dataset: dataset of the run; activations are computed on some of its validation images.
    """

    def __init__(self, start: TrainState, dataset: ImageStore) -> None:
        n_classes = len(dataset.class_names) if start.config.model.is_classifier else 0
        self._checks = HealthChecks(start.config, n_classes, len(start.split.validation))
        self._steps_per_epoch = start.history.steps_per_epoch
        self._noted = {note.kind for note in start.history.notes}
        self._evaluation = start.compiled.evaluation
        self._dataset = dataset
        self._which = start.split.validation[:N_EARLY_ARTIFACTS]
        self._past = list(start.history.epochs)
        if start.completes is not None:
            self._past.append(start.completes[1])

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Check the network at the end of each epoch; notes from before the start are not repeated."""
        if isinstance(events[0], TrainingStarted) and self._past:
            self._checks.catch_up(self._past, self._ranges(), self._noted)
            return events
        reported: list[Event] = []
        for event in events:
            if isinstance(event, EpochCompleted):
                notes = self._checks.after_epoch(event.record, self._ranges())
                reported += [HealthNoted(event.run_id, note) for note in notes]
            reported.append(event)
            if isinstance(event, StepsTaken):
                reported += [HealthNoted(event.run_id, note) for note in self._after_steps(event)]
        return tuple(reported)

    def _after_steps(self, event: StepsTaken) -> list[HealthNote]:
        epoch, step = event.position
        n_steps = epoch * self._steps_per_epoch + step
        return self._checks.after_steps(event.metrics["loss"], event.position, n_steps, event.learning_rate)

    def _ranges(self) -> Ranges:
        return self._evaluation.ranges(self._dataset.images[self._which])


class Retention(Callback):
    """Drops snapshots of long runs after the end of an epoch; see `domain.snapshot_retention`.

    Args:
        start: initial state of the training.
    """

    def __init__(self, start: TrainState) -> None:
        self._config = start.config
        self._epochs = list(start.history.epochs)
        self._recorded = list(start.recorded)

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Track the recorded positions, and append `SnapshotsDropped` to completed epochs."""
        reported: list[Event] = []
        for event in events:
            reported.append(event)
            match event:
                case SnapshotTaken(recorded=True):
                    self._recorded.append(event.snapshot.position)
                case EpochCompleted():
                    self._epochs.append(event.record)
                    reported += self._retain(event.run_id)
        return tuple(reported)

    def _retain(self, run_id: str) -> list[SnapshotsDropped]:
        retained = positions_to_retain(self._recorded, best_epoch(self._config, self._epochs))
        dropped = tuple(position for position in self._recorded if position not in set(retained))
        self._recorded = list(retained)
        return [SnapshotsDropped(run_id, dropped)] if dropped else []
