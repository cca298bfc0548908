"""Training actions of the Run menu: start, pause, step, stop, train again."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.racing import race_choices, racer_name
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.run_text import display_name, resuming
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.dataset_opening import DatasetOpening
from cadl_gui.ui.window.race_dialog import RaceDialog
from cadl_gui.ui.window.window_part import WindowPart

_LOADING = _("TensorFlow is loading – you can choose a preset meanwhile.")


class TrainingActions(WindowPart):
    """Carries out the training actions, and decides which are enabled and which run they act on.

    Args:
        window: window that gets the actions; the parent.
        engine: does the training.
        theme: for icons.
        datasets: offers to prepare the dataset of a new run.

    Attributes:
        action_set: the actions of this module's rows, in order.
        training: the engine's part that trains.
    """

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        datasets: DatasetOpening,
    ) -> None:
        super().__init__(window)
        self._datasets = datasets
        self._engine = engine
        self.training = engine.training
        self._theme = theme
        self._racers: set[str] = set()
        self.action_set = ActionSet(ROWS, self, theme, window)
        # The window refreshes the actions when anything but the next run changes.
        view, opened = engine.view, engine.opened_datasets
        view.bind(self, lambda: (view.value.next, opened.n_seen), self.action_set.refresh)
        engine.runs.added.connect(self._on_added)

    # Actions.

    def race(self) -> None:
        """Ask for a field and its values, then train a run for each of them."""
        run, config = self._engine.view.run, self.next
        if config is None:
            return
        shown = None if run is None or run.description.is_graph else run.description.config
        choices = race_choices(config, shown, "" if run is None else display_name(run))
        dialog = RaceDialog(self.window, self._theme, choices)
        dialog.begun.connect(self._on_race)
        dialog.open()

    @Slot(str, object)
    def _on_race(self, name: str, configs: Sequence[RunConfig]) -> None:
        self._datasets.begin(configs[0].data.dataset, partial(self._begin_race, name, configs))

    def _begin_race(self, name: str, configs: Sequence[RunConfig]) -> None:
        """Train the runs of a race by turns, and compare no others."""
        for run in self._engine.view.compared:
            self._engine.view.compare(run, on=False)
        for config in configs:
            run_id = self.training.train(config, alongside=True, name=racer_name(config, name))
            self._racers.add(run_id)

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        """Compare a run that races."""
        if run.run_id in self._racers:
            self._racers.remove(run.run_id)
            self._engine.view.compare(run, on=True)

    def pause_or_resume(self) -> None:
        """Pause the current training or resume it; where none is under way, resume the run shown."""
        if self.is_paused:
            self.training.resume()
        elif (run := self.resumable) is not None:
            self._engine.notifications.show_status(self.resume_tip)
            resume = partial(self.training.resume_run, run)
            self._datasets.begin(run.description.config.data.dataset, resume)
        else:
            self.training.pause()

    def step(self) -> None:
        """Train one batch, of a new run if nothing is being trained, then pause."""
        if self.training.run is None:
            self.begin(steps=True)
        else:
            self.training.step()

    def begin(self, *, alongside: bool = False, steps: bool = False) -> None:
        """Start a run with the settings as they are now, unless it is first offered to prepare its dataset.

        Args:
            alongside: whether it takes turns with the running trainings.
            steps: whether it takes one step, then waits.
        """
        if (config := self.next) is None:
            return

        def begin() -> None:
            self.training.train(config, alongside=alongside, paused=steps)
            if steps:
                self.training.step()

        self._datasets.begin(config.data.dataset, begin)

    def train_again(self) -> None:
        """Train the run in training, or else the run shown, again from its initial weights."""
        run = self.training.run or self._engine.view.run
        if run is not None:
            again = partial(self.training.train_again, run=run)
            self._datasets.begin(run.description.config.data.dataset, again)

    @property
    def transport(self) -> Sequence[QAction]:
        """The actions that control a training under way."""
        return [self.action_set[key] for key in ("pause", "step", "stop")]

    # Conditions.

    @property
    def next(self) -> RunConfig | None:
        """The configuration of the next run; None if anything is wrong with it."""
        return self._engine.check_next().trainable

    @property
    def is_busy(self) -> bool:
        """Whether a run is being trained or is paused."""
        return self.training.state in {TrainingState.TRAINING, TrainingState.PAUSED}

    @property
    def is_paused(self) -> bool:
        """Whether the current training is paused."""
        return self.training.state is TrainingState.PAUSED

    @property
    def would_resume(self) -> bool:
        """Whether the verb is Resume: the current training is paused, or the run shown was stopped."""
        return self.is_paused or self.resumable is not None

    @property
    def can_train(self) -> bool:
        """Whether a run can be started while no other is being trained."""
        return self.training.state is TrainingState.IDLE and self.next is not None

    @property
    def resumable(self) -> Run | None:
        """The run shown, if it was stopped and can be resumed."""
        shown = self._engine.view.run if self.training.state is TrainingState.IDLE else None
        return shown if shown is not None and shown.can_resume else None

    @property
    def can_train_again(self) -> bool:
        """Whether there is a run to train again."""
        if self.is_busy:
            return True
        shown = self._engine.view.run
        is_network = shown is not None and not shown.description.is_graph
        return is_network and self.training.state is TrainingState.IDLE

    # Texts and the runs that they are about.

    @property
    def other(self) -> Run | None:
        """The run being trained while another one is shown."""
        trained = self.training.run
        return None if trained is self._engine.view.run else trained

    @property
    def why_not_train(self) -> str:
        """Why no run can be started."""
        match self.training.state:
            case TrainingState.LOADING:
                return _LOADING
            case TrainingState.UNAVAILABLE:
                return _("TensorFlow could not be loaded.")
            case TrainingState.STARTING:
                return _("The training is starting.")
        if (trained := self.training.run) is not None:
            return _("{run} is training: stop it first, or use Run → Train alongside.").format(
                run=display_name(trained)
            )
        return self._engine.check_next().error

    @property
    def why_not_pause(self) -> str:
        """Why nothing can be paused, resumed or stopped."""
        shown = self._engine.view.run
        if shown is not None and shown.writer:
            return _("{run} is trained by another process ({writer}): pause or stop it there.").format(
                run=display_name(shown), writer=shown.writer
            )
        if self.training.state is TrainingState.LOADING:
            return _LOADING
        return _("Nothing is training.")

    @property
    def why_not_resume(self) -> str:
        """Why the run shown can be neither paused nor resumed."""
        shown = self._engine.view.run
        if self.training.state is TrainingState.IDLE and shown is not None and not shown.writer:
            return _("Only a run stopped before its last epoch and stored in a folder can be resumed.")
        return self.why_not_pause

    @property
    def resume_tip(self) -> str:
        """Where the run shown would resume, if it was stopped."""
        return "" if (run := self.resumable) is None else f"{display_name(run)} {resuming(run)}."


ROWS: tuple[ActionRow[TrainingActions], ...] = (
    ActionRow(
        key="train", menu="Run", text="Train", shortcuts=("Ctrl+Return",), icon="player-play",
        help="Train a new run with the settings of the form.",
        callback=lambda host: host.begin(),
        enabled=lambda host: host.can_train,
        why_not=lambda host: host.why_not_train,
    ),
    ActionRow(
        key="trainAlongside", menu="Run", text="Train alongside", shortcuts=("Ctrl+Alt+Return",),
        help="Train a new run with the settings of the form; running trainings take turns with it.",
        callback=lambda host: host.begin(alongside=True),
        enabled=lambda host: host.is_busy and host.next is not None,
    ),
    ActionRow(
        key="race", menu="Run", text="Race values…",
        help="Compare two or three values of one setting: a run is trained for each, by turns, on one plot.",
        callback=TrainingActions.race,
        enabled=lambda host: host.training.can_begin and host.next is not None,
        why_not=lambda host: host.why_not_train,
    ),
    ActionRow(
        key="pause", menu="Run", text="Pause", shortcuts=("Ctrl+P",), icon="player-pause",
        help="Pause training, or resume it; a stopped run resumes, too.",
        callback=TrainingActions.pause_or_resume,
        enabled=lambda host: host.is_busy or host.resumable is not None,
        why_not=lambda host: host.why_not_resume,
        label=lambda host: _("Resume") if host.would_resume else _("Pause"),
        shown_icon=lambda host: "player-play" if host.would_resume else "player-pause",
        about=lambda host: host.other,
        tip=lambda host: host.resume_tip,
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
        key="stop", menu="Run", text="Stop", shortcuts=("Ctrl+Shift+.",), icon="player-stop",
        help="End the training and keep its newest weights.",
        callback=lambda host: host.training.stop(),
        enabled=lambda host: host.is_busy,
        why_not=lambda host: host.why_not_pause,
        about=lambda host: host.other,
    ),
    ActionRow(
        key="stopAll", menu="Run", text="Stop all",
        help="End all trainings, as those of a race, and keep their newest weights.",
        callback=lambda host: host.training.stop_all(),
        enabled=lambda host: host.training.n_under_way > 1,
        why_not=lambda _host: _("Only one run at most is training."),
    ),
    ActionRow(
        key="rewind", menu="Run", text="Train again", shortcuts=("Ctrl+Shift+N",), icon="player-skip-back",
        help="Train this run again, from the same initial weights with the same settings; both are kept.",
        callback=TrainingActions.train_again,
        enabled=lambda host: host.can_train_again,
        why_not=lambda _host: _("There is no run to train again yet."),
        about=lambda host: host.other,
    ),
)  # fmt: skip
"""The training actions, in the order of the Run menu."""
