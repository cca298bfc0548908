"""What looks over a training's shoulder: the loop knows none of them, only that they are there."""

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
    """Is told of every turn of one training before anyone else is, and may add to what is told."""

    def on_turn(self, budget: StepBudget) -> None:
        """Called before a turn, also before one without steps."""

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Called with what happened in a turn, or at the start; the network is as it was at the last event.

        Returns:
            What is told instead.
        """
        return events


class Diagnostics(Callback):
    """Adds what is not well with the network, in front of the epoch's end; see `HealthChecks`.

    Args:
        start: of the training.
        dataset: some of its validation images show what the units do.
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
        """Look at the network where an epoch is complete; what the past told is not told again."""
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
    """Adds which snapshots of a long run are dropped, after the epoch's end; see `domain.snapshot_retention`.

    Args:
        start: of the training.
    """

    def __init__(self, start: TrainState) -> None:
        self._model_config = start.config.model
        self._epochs = list(start.history.epochs)
        self._recorded = list(start.recorded)

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Keep count of what is recorded, and thin it where an epoch is complete."""
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
