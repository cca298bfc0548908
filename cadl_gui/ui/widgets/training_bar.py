"""The five verbs of training and its speed."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.pace import PACES
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.progress_text import pace_text
from cadl_gui.ui.run_text import called, continuing
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm
from cadl_gui.ui.widgets.icon import icon

_ACTS_ON_TRAINING = {"pause", "step", "stop", "rewind"}
_LOADING = "TensorFlow is loading – you can choose a preset meanwhile."


class TrainingBar(QWidget):
    """Train (or Pause, in its place), Step, Stop and keep, Continue, Rewind, and the speed.

    Buttons show what their action is; the actions are enabled here, since here it is known what can be done.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        actions: dict[str, QAction],
        form: ConfigurationForm,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._theme = theme
        self._actions = actions
        self._form = form
        self._shown_writer = ""
        self._buttons = {
            key: self._button(key) for key in ("train", "pause", "step", "stop", "continue", "rewind", "form")
        }
        for key in ("train", "pause"):
            set_style_property(self._buttons[key], "primary", value=True)
        self._helps = {key: actions[key].toolTip() for key in self._buttons}
        self._pause_icon, self._resume_icon = icon("player-pause", theme), icon("player-play", theme)
        self._lay_out()
        engine.training.state_changed.connect(self._refresh)
        engine.view.run_changed.connect(self._refresh)
        engine.runs.changed.connect(self._on_run_moved)
        form.changed.connect(self._refresh)
        form.edited.connect(self._on_edited)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _button(self, key: str) -> QPushButton:
        action = self._actions[key]
        button = QPushButton(action.text())
        button.setObjectName(f"{key}Button")
        button.setCheckable(action.isCheckable())
        button.setChecked(action.isChecked())
        # A click has toggled the button before the action answers, which then tells how it stands.
        button.clicked.connect(action.trigger)
        action.toggled.connect(button.setChecked)
        return button

    def _lay_out(self) -> None:
        self._buttons["form"].setText("Settings")
        set_style_property(self._buttons["form"], "quiet", value=True)
        self._speed_label = QLabel()
        self._speed_label.setMinimumWidth(
            self._speed_label.fontMetrics().horizontalAdvance("200 batches a second")
        )
        self._speed_slider = QSlider(Qt.Orientation.Horizontal)
        self._speed_slider.setObjectName("speedSlider")
        self._speed_slider.setAccessibleName("Speed of training")
        self._speed_slider.setToolTip("From one batch a second, to watch, to as fast as the machine can")
        self._speed_slider.setRange(0, len(PACES) - 1)
        self._speed_slider.setValue(PACES.index(self._engine.training.pace))
        self._speed_slider.setFixedWidth(140)
        self._speed_slider.valueChanged.connect(self._on_speed)
        self._on_speed(self._speed_slider.value())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self._speed_caption = QLabel("Speed")
        set_style_property(self._speed_caption, "secondary", value=True)
        row.addWidget(self._speed_caption)
        row.addWidget(self._speed_slider)
        row.addWidget(self._speed_label)

    @Slot(int)
    def _on_speed(self, value: int) -> None:
        self._speed_label.setText(pace_text(PACES[value]))
        self._engine.training.set_pace(PACES[value])

    @Slot(str)
    def _on_edited(self, name: str) -> None:
        """A training follows the learning rate that is typed; another preset is meant for the next run."""
        if name == "learning_rate" and self._engine.training.run is not None and self._form.is_valid():
            self._engine.training.set_learning_rate(self._form.config().training.learning_rate)

    @Slot(object)
    def _on_run_moved(self, run: Run) -> None:
        """Another process may have begun or ended to train the run that is shown."""
        if run is self._engine.view.run and run.writer != self._shown_writer:
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        shown = self._engine.view.run
        self._shown_writer = "" if shown is None else shown.writer
        state = self._engine.training.state
        busy = state in {TrainingState.TRAINING, TrainingState.PAUSED}
        gone, there = ("train", "pause") if busy else ("pause", "train")
        had_focus = self._buttons[gone].hasFocus()
        self._buttons[there].show()
        if had_focus:
            # The two share a place; the focus would else wander on to the next button.
            self._buttons[there].setFocus()
        self._buttons[gone].hide()
        paused = state is TrainingState.PAUSED
        self._actions["pause"].setIcon(self._resume_icon if paused else self._pause_icon)
        target = self._other_training
        self._name("pause", "Resume" if paused else "Pause", target)
        self._name("step", "Step", target)
        self._name("stop", "Stop and keep", target)
        at_rest = None if busy else shown
        self._name("continue", "Continue", at_rest)
        self._name("rewind", "Rewind", target or at_rest)
        has_run = busy or (shown is not None and not shown.description.is_graph)
        self._enable("train", on=state is TrainingState.IDLE and self._form.is_valid(), why=self._why_not())
        self._actions["trainBeside"].setEnabled(busy and self._form.is_valid())
        nothing = self._nothing_trains()
        self._enable("pause", on=busy, why=nothing)
        can_step = busy or (state is TrainingState.IDLE and self._form.is_valid())
        self._enable("step", on=can_step, why=self._why_not())
        self._enable("stop", on=busy, why=nothing)
        can_continue = state is TrainingState.IDLE and shown is not None and shown.can_continue
        tip = f"{called(shown)} {continuing(shown)}." if can_continue and shown is not None else ""
        self._enable("continue", on=can_continue, why=self._why_not_continued(), tip=tip)
        can_rewind = has_run and (busy or state is TrainingState.IDLE)
        tip = "" if at_rest is None else f"{called(at_rest)}: {self._helps['rewind']}"
        self._enable("rewind", on=can_rewind, why="There is no run to rewind yet.", tip=tip)
        for widget in (self._speed_caption, self._speed_slider, self._speed_label):
            widget.setVisible(not self._theme.present)

    @property
    def _other_training(self) -> Run | None:
        """The run that trains, where it is not the one that is shown: verbs then say whom they act on."""
        trained = self._engine.training.run
        return None if trained is self._engine.view.run else trained

    def _name(self, key: str, verb: str, target: Run | None) -> None:
        text = verb if target is None else f"{verb} {target.letter}"
        self._actions[key].setText(text)
        self._buttons[key].setText(text)

    def _nothing_trains(self) -> str:
        shown = self._engine.view.run
        if shown is None or not shown.writer:
            return "Nothing is training."
        return f"{called(shown)} is trained by another process ({shown.writer}): pause or stop it there."

    def _why_not_continued(self) -> str:
        shown, trained = self._engine.view.run, self._engine.training.run
        if shown is not None and shown.can_continue and trained is not None:
            return f"{called(trained)} is training: stop it first."
        return "Only a run that was stopped before its last epoch, and is kept in a folder, goes on."

    def _why_not(self) -> str:
        match self._engine.training.state:
            case TrainingState.LOADING:
                return _LOADING
            case TrainingState.UNAVAILABLE:
                return "TensorFlow could not be loaded."
            case TrainingState.STARTING:
                return "The training is starting."
        return self._form.error_sentence()

    def _enable(self, key: str, *, on: bool, why: str, tip: str = "") -> None:
        """Enable an action and its button; a disabled one says why. `tip` is told in place of its help."""
        self._actions[key].setEnabled(on)
        self._buttons[key].setEnabled(on)
        tip = (tip or self._helps[key]) if on or not why else why
        if on and self._other_training is not None and key in _ACTS_ON_TRAINING:
            tip = f"{called(self._other_training)}: {tip}"
        self._actions[key].setToolTip(tip)
        self._buttons[key].setToolTip(tip)
