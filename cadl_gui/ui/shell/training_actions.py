"""Training actions of the Run menu: start, pause, step, stop, resume, repeat."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.racing import race_choices, racer_name
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.run_text import continuing, display_name
from cadl_gui.ui.shell.dataset_opening import DatasetOpening
from cadl_gui.ui.shell.race_dialog import RaceDialog
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm

_LOADING = "TensorFlow is loading – you can choose a preset meanwhile."


class TrainingActions(WindowPart):
    """Carries out the training actions, and decides which are enabled and which run they act on.

    Args:
        window: window that gets the actions; the parent.
        engine: does the training.
        theme: for icons.
        form: provides the settings of a new run.
        datasets: offers to prepare the dataset of a new run.

    Attributes:
        action_set: the actions of this module's rows, in order.

    Signals:
        status_message: (str) what else an action does, for the status bar.
    """

    status_message = Signal(str)

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        form: ConfigurationForm,
        datasets: DatasetOpening,
    ) -> None:
        super().__init__(window)
        self._datasets = datasets
        self._engine = engine
        self._theme = theme
        self._racers: set[str] = set()
        self._form = form
        self.action_set = ActionSet(ROWS, self, theme, window)
        self._pause_icon, self._resume_icon = icon("player-pause", theme), icon("player-play", theme)
        # The window refreshes the actions when anything but the form changes.
        form.changed.connect(self.action_set.refresh)
        form.edited.connect(self._on_edited)
        engine.training.state_changed.connect(self._update_pause_icon)
        engine.runs.added.connect(self._on_added)

    @Slot()
    def _update_pause_icon(self) -> None:
        self.action_set["pause"].setIcon(self._resume_icon if self.is_paused else self._pause_icon)

    @Slot(str)
    def _on_edited(self, name: str) -> None:
        """Apply a typed learning rate to the current training, too; other settings are for the next run."""
        if name == "learning_rate" and self._engine.training.run is not None and self._form.is_valid():
            self._engine.training.set_learning_rate(self._form.config().training.learning_rate)

    # Actions.

    def train(self) -> None:
        """Start a run with the form's settings."""
        self._begin()

    def train_beside(self) -> None:
        """Start another run beside the running trainings, which take turns with it."""
        self._begin(beside=True)

    def race(self) -> None:
        """Ask for a field and its values, then train a run for each of them."""
        run = self._engine.view.run
        shown = None if run is None or run.description.is_graph else run.description.config
        choices = race_choices(self._form.config(), shown, "" if run is None else display_name(run))
        dialog = RaceDialog(self.window, self._theme, choices)
        dialog.begun.connect(self._on_race)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(str, object)
    def _on_race(self, name: str, configs: Sequence[RunConfig]) -> None:
        self._datasets.begin(configs[0].data.dataset, partial(self._begin_race, name, configs))

    def _begin_race(self, name: str, configs: Sequence[RunConfig]) -> None:
        """Train the runs of a race beside each other, and compare no others."""
        self._form.submitted.emit()
        for run in self._engine.view.compared:
            self._engine.view.compare(run, on=False)
        for config in configs:
            run_id = self._engine.training.train(config, beside=True, name=racer_name(config, name))
            self._racers.add(run_id)

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Offer the run's dataset to the next one, and compare it if it races."""
        if not run.description.is_graph:
            self._form.datasets.offer(run.description.config.data.dataset)
        if run.run_id in self._racers:
            self._racers.remove(run.run_id)
            self._engine.view.compare(run, on=True)

    def pause_or_resume(self) -> None:
        """Pause the current training, or resume it."""
        if self.is_paused:
            self._engine.training.resume()
        else:
            self._engine.training.pause()

    def step(self) -> None:
        """Train one batch, of a new run if nothing is being trained, then pause."""
        if self._engine.training.run is None:
            self._begin(steps=True)
        else:
            self._engine.training.step()

    def _begin(self, *, beside: bool = False, steps: bool = False) -> None:
        """Start a run with the form as it is now, unless it is first offered to prepare its dataset.

        Args:
            beside: whether the trainings that are under way continue.
            steps: whether it takes one step, then waits.
        """
        config = self._form.config()

        def begin() -> None:
            self._form.submitted.emit()
            self._engine.training.train(config, beside=beside, paused=steps)
            if steps:
                self._engine.training.step()

        self._datasets.begin(config.data.dataset, begin)

    def stop(self) -> None:
        """End the current training and record its newest weights."""
        self._engine.training.stop()

    def stop_all(self) -> None:
        """End all trainings, as those of a race, also those that have not begun yet."""
        self._engine.training.stop_all()

    def repeat(self) -> None:
        """Start a fresh, untrained copy of the run that is being trained or, if none is, of the run shown."""
        run = self._engine.training.run or self._engine.view.run
        if run is not None:
            repeat = partial(self._engine.training.repeat, run=run)
            self._datasets.begin(run.description.config.data.dataset, repeat)

    def continue_run(self) -> None:
        """Resume the run shown."""
        if (run := self._engine.view.run) is not None:
            self.status_message.emit(f"{display_name(run)} {continuing(run)}.")
            resume = partial(self._engine.training.continue_run, run)
            self._datasets.begin(run.description.config.data.dataset, resume)

    @property
    def transport(self) -> Sequence[QAction]:
        """The actions that control a training under way."""
        return [self.action_set[key] for key in ("pause", "step", "stop")]

    # Conditions.

    @property
    def is_busy(self) -> bool:
        """Whether a run is being trained or is paused."""
        return self._engine.training.state in {TrainingState.TRAINING, TrainingState.PAUSED}

    @property
    def has_several(self) -> bool:
        """Whether several runs are trained by turns, or will be once they have started."""
        return self._engine.training.n_under_way > 1

    @property
    def is_paused(self) -> bool:
        """Whether the current training is paused."""
        return self._engine.training.state is TrainingState.PAUSED

    @property
    def can_train(self) -> bool:
        """Whether a run can be started while no other is being trained."""
        return self._engine.training.state is TrainingState.IDLE and self._form.is_valid()

    @property
    def can_train_beside(self) -> bool:
        """Whether a run can be started beside the current training."""
        return self.is_busy and self._form.is_valid()

    @property
    def can_race(self) -> bool:
        """Whether runs can be started together."""
        return self._engine.training.can_begin and self._form.is_valid()

    @property
    def resumable(self) -> Run | None:
        """The run shown, if it was stopped and can be resumed."""
        shown = self._engine.view.run if self._engine.training.state is TrainingState.IDLE else None
        return shown if shown is not None and shown.can_continue else None

    @property
    def can_repeat(self) -> bool:
        """Whether there is a run to start afresh."""
        if self.is_busy:
            return True
        shown = self._engine.view.run
        is_network = shown is not None and not shown.description.is_graph
        return is_network and self._engine.training.state is TrainingState.IDLE

    # Texts and the runs that they are about.

    @property
    def other(self) -> Run | None:
        """The run being trained while another one is shown."""
        trained = self._engine.training.run
        return None if trained is self._engine.view.run else trained

    @property
    def at_rest(self) -> Run | None:
        """The run shown while none is being trained."""
        return None if self.is_busy else self._engine.view.run

    @property
    def why_not_train(self) -> str:
        """Why no run can be started."""
        match self._engine.training.state:
            case TrainingState.LOADING:
                return _LOADING
            case TrainingState.UNAVAILABLE:
                return "TensorFlow could not be loaded."
            case TrainingState.STARTING:
                return "The training is starting."
        return self._form.error_message()

    @property
    def why_not_pause(self) -> str:
        """Why nothing can be paused or stopped."""
        shown = self._engine.view.run
        if shown is None or not shown.writer:
            return "Nothing is training."
        return (
            f"{display_name(shown)} is trained by another process ({shown.writer}): pause or stop it there."
        )

    @property
    def why_not_continue(self) -> str:
        """Why the run shown cannot be resumed."""
        shown, trained = self._engine.view.run, self._engine.training.run
        if shown is not None and shown.can_continue and trained is not None:
            return f"{display_name(trained)} is training: stop it first."
        return "Only a run that was stopped before its last epoch and is stored in a folder can be resumed."

    @property
    def continue_tip(self) -> str:
        """Where the run shown would resume."""
        return "" if (run := self.resumable) is None else f"{display_name(run)} {continuing(run)}."

    @property
    def continue_text(self) -> str:
        """What resuming is: before the end of the first epoch, nothing would be left of it."""
        return "Continue" if (run := self.resumable) is None or run.newest.epoch else "Restart"


ROWS: tuple[ActionRow[TrainingActions], ...] = (
    ActionRow(
        key="train", menu="Run", text="Train", shortcuts=("Ctrl+Return",), icon="player-play",
        help="Begin a new run with the settings of the form.",
        callback=TrainingActions.train,
        enabled=lambda host: host.can_train,
        why_not=lambda host: host.why_not_train,
    ),
    ActionRow(
        key="trainBeside", menu="Run", text="Train beside", shortcuts=("Ctrl+Alt+Return",),
        help="Begin a new run with the settings of the form; running trainings take turns with it.",
        callback=TrainingActions.train_beside,
        enabled=lambda host: host.can_train_beside,
    ),
    ActionRow(
        key="race", menu="Run", text="Race values…",
        help="Compare two or three values of one setting: a run is trained for each, by turns, on one plot.",
        callback=TrainingActions.race,
        enabled=lambda host: host.can_race,
        why_not=lambda host: host.why_not_train,
    ),
    ActionRow(
        key="pause", menu="Run", text="Pause", shortcuts=("Ctrl+P",), icon="player-pause",
        help="Pause or resume training.",
        callback=TrainingActions.pause_or_resume,
        enabled=lambda host: host.is_busy,
        why_not=lambda host: host.why_not_pause,
        label=lambda host: "Resume" if host.is_paused else "Pause",
        about=lambda host: host.other,
    ),
    ActionRow(
        key="step", menu="Run", text="Step", shortcuts=("Ctrl+.",), icon="player-track-next",
        help="Train one batch, then pause.",
        callback=TrainingActions.step,
        enabled=lambda host: host.is_busy or host.can_train,
        why_not=lambda host: host.why_not_train,
        about=lambda host: host.other,
    ),
    ActionRow(
        key="stop", menu="Run", text="Stop and keep", shortcuts=("Ctrl+Shift+.",), icon="player-stop",
        help="End the training and keep its newest weights.",
        callback=TrainingActions.stop,
        enabled=lambda host: host.is_busy,
        why_not=lambda host: host.why_not_pause,
        about=lambda host: host.other,
    ),
    ActionRow(
        key="stopAll", menu="Run", text="Stop all and keep",
        help="End all trainings, as those of a race, and keep their newest weights.",
        callback=TrainingActions.stop_all,
        enabled=lambda host: host.has_several,
        why_not=lambda _: "Only one run at most is training.",
    ),
    ActionRow(
        key="repeat", menu="Run", text="Repeat", shortcuts=("Ctrl+Shift+N",), icon="player-skip-back",
        help="Begin a new, untrained run with the settings and seed of this one, which is kept.",
        callback=TrainingActions.repeat,
        enabled=lambda host: host.can_repeat,
        why_not=lambda _: "There is no run to repeat yet.",
        about=lambda host: host.other or host.at_rest,
    ),
    ActionRow(
        key="continue", menu="Run", text="Continue", shortcuts=("Ctrl+Shift+Return",), separated=True,
        help="Resume from the last completed epoch.",
        callback=TrainingActions.continue_run, label=lambda host: host.continue_text,
        enabled=lambda host: host.resumable is not None,
        why_not=lambda host: host.why_not_continue,
        about=lambda host: host.at_rest,
        tip=lambda host: host.continue_tip,
    ),
)  # fmt: skip
"""The training actions, in the order of the Run menu."""
