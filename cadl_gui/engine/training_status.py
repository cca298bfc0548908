"""The state of the trainings under way: run, learning rate and speed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject

from cadl_gui.engine.run import Run
from cadl_gui.engine.run_registry import RunRegistry
from cadl_gui.engine.training_speed import FULL_SPEED, TrainingSpeed
from cadl_gui.engine.view_state import ViewState


class TrainingState(Enum):
    """State of training, which decides what the transport controls offer."""

    LOADING = auto()
    UNAVAILABLE = auto()
    IDLE = auto()
    STARTING = auto()
    TRAINING = auto()
    PAUSED = auto()


@dataclass(eq=False)
class Training:
    """A training under way.

    Attributes:
        run_id: id of its run, which is listed once the training has started.
        name: name that its run begins with.
        folder: folder of the run; None if it stays in memory.
        learning_rate: learning rate of its next turn.
        starts_paused: whether it waits at its first position.
        state: STARTING, TRAINING or PAUSED.
        n_pausing: pause requests that the training thread has not handled yet.
        stage: what is done while it is STARTING, such as “Preparing the images”; "" at first.
    """

    run_id: str
    name: str
    folder: Path | None
    learning_rate: float
    starts_paused: bool
    state: TrainingState = TrainingState.STARTING
    n_pausing: int = 0
    stage: str = ""

    @property
    def reported_state(self) -> TrainingState:
        """The state as shown to the user; see `TrainingStatus.reported_state`."""
        return TrainingState.TRAINING if self.n_pausing > 0 else self.state


class TrainingStatus(QObject):
    """Tracks which trainings are under way, their state and speed, and which of them is the current one.

    The current training is that of the run shown; if that run is not being trained, it is the one that was
    started last.

    Args:
        runs: the runs of the window.
        view: knows which run is shown.
    """

    def __init__(self, runs: RunRegistry, view: ViewState) -> None:
        super().__init__()
        self._runs = runs
        self._view = view
        self._loaded = TrainingState.LOADING
        self._trainings: dict[str, Training] = {}
        self._learning_rate = 0.0
        self._speed = FULL_SPEED

    @property
    def state(self) -> TrainingState:
        """The state of the current training, or of the backend while there is none."""
        training = self._current
        return self._loaded if training is None else training.state

    @property
    def status(self) -> tuple[TrainingState, str]:
        """The state, and the id of the current training; "" if there is none."""
        training = self._current
        return (self._loaded, "") if training is None else (training.state, training.run_id)

    @property
    def reported_state(self) -> TrainingState:
        """The state shown to the user: paused only once `Run` has received the last turn under way."""
        training = self._current
        return self._loaded if training is None else training.reported_state

    def is_reported_paused(self, run: Run) -> bool:
        """Return whether a run's training is shown as paused; see `reported_state`."""
        training = self._trainings.get(run.run_id)
        return training is not None and training.reported_state is TrainingState.PAUSED

    @property
    def is_ready(self) -> bool:
        """Whether TensorFlow is loaded."""
        return self._loaded is TrainingState.IDLE

    @property
    def can_begin(self) -> bool:
        """Whether a training can be started, replacing the current one if there is one."""
        return self.is_ready and self.state is not TrainingState.STARTING

    @property
    def run(self) -> Run | None:
        """The run of the current training, also while paused; None if there is none or it is starting."""
        training = self._current
        return None if training is None else self._runs.find(training.run_id)

    @property
    def runs(self) -> Sequence[Run]:
        """All runs being trained, including paused ones, in the order in which they were started."""
        return [run for run_id in self._trainings if (run := self._runs.find(run_id)) is not None]

    @property
    def n_under_way(self) -> int:
        """Number of trainings under way, including paused ones and those that are starting."""
        return len(self._trainings)

    @property
    def is_idle(self) -> bool:
        """Whether no training takes turns: each is paused, or there is none."""
        return all(each.reported_state is TrainingState.PAUSED for each in self._trainings.values())

    def trains(self, run: Run | None) -> bool:
        """Return whether a run is being trained, including while it is paused or starting."""
        return run is not None and run.run_id in self._trainings

    @property
    def starting(self) -> Training | None:
        """The current training while it is starting; None otherwise."""
        training = self._current
        return training if training is not None and training.state is TrainingState.STARTING else None

    @property
    def stage(self) -> str:
        """What the current training does while it starts, such as “Preparing the images”; "" otherwise."""
        return "" if self.starting is None else self.starting.stage

    @property
    def learning_rate(self) -> float:
        """Learning rate of the current training, or of the last one started."""
        training = self._current
        return self._learning_rate if training is None else training.learning_rate

    @property
    def speed(self) -> TrainingSpeed:
        """The speed set for all trainings."""
        return self._speed

    def images_per_second(self, run: Run) -> float:
        """Return the rate at which a run is trained, in images per second.

        This is the speed of its turns divided among the running trainings, limited by `speed`.
        """
        running = [each for each in self._trainings.values() if each.state is TrainingState.TRAINING]
        speed = run.images_per_second / max(1, len(running))
        if self._speed.batches_per_second is None:
            return speed
        return min(speed, self._speed.batches_per_second * run.description.config.training.batch_size)

    def set_loaded(self, *, is_there: bool) -> None:
        """Record whether TensorFlow was loaded or failed to load."""
        self._loaded = TrainingState.IDLE if is_there else TrainingState.UNAVAILABLE
        self._view.ask()

    @property
    def _current(self) -> Training | None:
        shown = "" if self._view.run is None else self._view.run.run_id
        newest = next(reversed(self._trainings.values()), None)
        return self._trainings.get(shown, newest)

    def _training_of(self, run: Run | None) -> Training | None:
        return self._current if run is None else self._trainings.get(run.run_id)

    def _end(self, run_id: str) -> None:
        if self._trainings.pop(run_id, None) is not None:
            self._view.ask()
