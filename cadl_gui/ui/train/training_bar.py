"""The row of the run that is shown: its name, its progress, its verbs and the speed."""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import column_in, label, named, row_in
from cadl_gui.ui.progress_text import progress_text, speed_text
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX, UNLIMITED_PX

_BUTTONS = ("pause", "step", "stop", "stopAll", "rewind")
_NO_RUN, _STARTING = _("No run yet"), _("New run")


class TrainingBar(QWidget):
    """Names the run shown, its progress and what can be done with it, and sets the speed of training.

    Args:
        engine: The engine whose training speed is shown and set.
        theme: Colours, and what stands there with Details or in present mode.
        actions: The window's actions, by key.
    """

    def __init__(self, engine: Engine, theme: Theme, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._engine = engine
        self._theme = theme
        self._buttons = {key: ActionButton(actions[key]) for key in _BUTTONS}
        named(self._buttons["pause"], "", primary=True)
        self._lay_out()
        self._buttons["stopAll"].setVisible(actions["stopAll"].isEnabled())
        actions["stopAll"].enabledChanged.connect(self._buttons["stopAll"].setVisible)
        engine.view.bind(self, self._what_to_name, self._on_run_changed)
        engine.view.bind(self, lambda: engine.training.status, self._let_focus_go)

    def refresh_progress(self) -> None:
        """Show the progress of the run shown; called by the owner's display timer."""
        is_starting, view = self._engine.training.state is TrainingState.STARTING, self._engine.view
        run, shown = None if is_starting else view.run, None if view.is_live else view.position
        at = None if run is None or self._engine.training.trains(run) else shown
        self._progress.setValue(0 if run is None else round(1000 * run.fraction_at(at)))
        text = progress_text(run, self._engine.training, details=self._theme.details, shown=shown)
        if text == self._progress_label.text():
            return
        self._progress_label.setText(text)
        # Otherwise the whole window would be laid out anew for each text: Qt does so if a label's size may
        # change. While something trains, it only grows; at rest, a shorter text would keep that width.
        if self._engine.training.state is TrainingState.IDLE:
            self._progress_label.setMinimumSize(0, 0)
        self._progress_label.setFixedSize(self._progress_label.sizeHint())  # at least the least size

    def _lay_out(self) -> None:
        self._title = named(QLabel(), "runTitle", textRole="section")
        self._progress_label = label("", "progressLabel", secondary=True)
        # As high as it is once its size is fixed.
        self._progress_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._progress = named(QProgressBar(), "epochProgress", says=_("Training progress"))
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._names, verbs = QWidget(), QWidget()
        row_in(self._names, GAP_SMALL_PX, self._title, self._progress_label, None)
        row_in(verbs, GAP_SMALL_PX, *self._buttons.values(), None, self._speed_controls())
        column_in(self, UNIT_PX, self._names, verbs, self._progress)
        self._theme.stage.put(When.AT_A_DESK, self._names, self._progress, self._speed_label)
        self._theme.stage.put(When.DETAILS, self._buttons["step"], self._buttons["rewind"])

    def _speed_controls(self) -> QWidget:
        self._speed_label = label()
        self._speed_label.setMinimumWidth(
            self._speed_label.fontMetrics().horizontalAdvance(_("200 batches a second"))
        )
        tip = _("From one batch a second, to watch, to as fast as the machine can")
        self._speed_slider = named(JumpSlider(), "speedSlider", tip, says=_("Speed of training"))
        self._speed_slider.setRange(0, len(TRAINING_SPEEDS) - 1)
        self._speed_slider.setValue(TRAINING_SPEEDS.index(self._engine.training.speed))
        self._speed_slider.setFixedWidth(140)
        self._speed_slider.valueChanged.connect(self._on_speed)
        self._on_speed(self._speed_slider.value())
        speed = QWidget()
        row_in(speed, GAP_SMALL_PX, label(_("Speed"), secondary=True), self._speed_slider, self._speed_label)
        return speed

    @Slot(int)
    def _on_speed(self, value: int) -> None:
        self._speed_label.setText(speed_text(TRAINING_SPEEDS[value]))
        self._engine.training.set_speed(TRAINING_SPEEDS[value])

    def _what_to_name(self) -> tuple[object, ...]:
        engine = self._engine
        return engine.view.run, engine.runs.descriptions, engine.training.status, self._theme.look

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._engine.view.run
        if self._engine.training.state is TrainingState.STARTING:
            self._title.setText(_STARTING)
        elif run is None:
            self._title.setText(_NO_RUN)
        else:
            colour = self._theme.run_colour(run.letter)
            name = escape(run.description.name)
            self._title.setText(f'<span style="color:{colour}">{run.letter}</span> {name}')
        self._progress_label.setMinimumSize(0, 0)
        self._progress_label.setMaximumSize(UNLIMITED_PX, UNLIMITED_PX)

    def _let_focus_go(self) -> None:
        """Take the focus off the verbs once nothing trains: pressed again, each would train something.

        A press under way would be lost with it; only Train again still means what it meant.
        """
        if self._engine.training.state is TrainingState.IDLE:
            for key, button in self._buttons.items():
                if key != "rewind" or not button.isDown():
                    button.let_focus_go()
