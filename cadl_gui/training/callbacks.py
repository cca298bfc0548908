"""Callbacks of the training loop: health checks and snapshot retention."""

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    SnapshotsDropped,
    SnapshotTaken,
    TrainingStarted,
)
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
    """Inserts health notes before the end of an epoch; see `HealthChecks`.

    Args:
        start: initial state of the training.
        dataset: dataset of the run; activations are computed on some of its validation images.
    """

    def __init__(self, start: TrainState, dataset: ImageStore) -> None:
        self._checks = HealthChecks(start.config)
        self._evaluation = start.compiled.evaluation
        self._dataset = dataset
        self._which = start.split.validation[:N_EARLY_ARTIFACTS]
        self._past = list(start.history.epochs)
        if start.completes is not None:
            self._past.append(start.completes[1])

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Check the network at the end of each epoch; notes from before the start are not repeated."""
        if isinstance(events[0], TrainingStarted) and self._past:
            self._checks.catch_up(self._past, self._ranges())
            return events
        reported: list[Event] = []
        for event in events:
            if isinstance(event, EpochCompleted):
                notes = self._checks.after_epoch(event.record, self._ranges())
                reported += [HealthNoted(event.run_id, note) for note in notes]
            reported.append(event)
        return tuple(reported)

    def _ranges(self) -> Ranges:
        return self._evaluation.ranges(self._dataset.images[self._which])


class Retention(Callback):
    """Drops snapshots of long runs after the end of an epoch; see `domain.snapshot_retention`.

    Args:
        start: initial state of the training.
    """

    def __init__(self, start: TrainState) -> None:
        self._model_config = start.config.model
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
        retained = positions_to_retain(self._recorded, best_epoch(self._model_config, self._epochs))
        dropped = tuple(position for position in self._recorded if position not in set(retained))
        self._recorded = list(retained)
        return [SnapshotsDropped(run_id, dropped)] if dropped else []
