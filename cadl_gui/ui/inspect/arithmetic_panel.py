"""The step-by-step computation of a unit, at an adjustable speed."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.arithmetic import UnitComputation
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.action_button import ActionButton, tool_button
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import column_in, label, named, row_of
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.inspect.arithmetic_view import ArithmeticView
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Steps per second."""

_MOST_TICKS_PER_SECOND = 50
_EMPTY = _("The arithmetic of a convolution or of a dense unit appears here, pixel by pixel.")


class ArithmeticPanel(QWidget):
    """Contains the view, Play and Pause, single steps, and the speed. It pauses while it is hidden.

    Args:
        theme: Colours and type.
        jobs: Runs the jobs that write image files.
        view: Has the speed.

    Attributes:
        action_set: The actions of `ROWS`, in order.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._stage = theme.stage
        self._work: UnitComputation | None = None
        self._step = 0
        self._view = named(ArithmeticView(theme, empty_text=_EMPTY), "unitArithmetic")
        self._panel = FigurePanel(self._view, theme, jobs, _("Step by step"))
        self.setFocusProxy(self._panel)
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._timer = Timer(self, self._on_tick, repeats=True)
        self._lay_out()
        Chosen(self._speed, view, "inspect", "speed")
        view.bind(self, lambda: view.value.inspect.speed, self._show_speed)
        self._view.step_pointed.connect(self._on_pointed)
        self._view.step_chosen.connect(self._on_chosen)

    @property
    def step(self) -> int:
        """The current step."""
        return self._step

    @property
    def has_work(self) -> bool:
        """Whether a computation is shown."""
        return self._work is not None

    def add_layers(self, layers: ActionSet) -> None:
        """Add buttons that choose the layer: in present mode, the row of layers has no room."""
        for action in layers:
            button = ActionButton(action, flat=True)
            self._layers.addWidget(button)
            self._stage.put(When.PRESENTING, button)

    @property
    def walks(self) -> bool:
        """Whether the steps are played, even if the pointer holds them for now."""
        return self.action_set["walk"].isChecked()

    def walk(self, walks: bool) -> None:
        """Play the steps, or pause."""
        self.action_set.refresh()
        if walks:
            self._timer.start()
        else:
            self._timer.stop()

    def go(self, by: int) -> None:
        """Move by a number of steps, negative for back, and pause."""
        self.action_set["walk"].setChecked(False)
        self._move(by)

    def set_work(self, work: UnitComputation | None, title: str = "", note: str = "") -> None:
        """Show the computation of a unit.

        Args:
            work: The computation; None empties the view. Within a layer, the current step is retained;
                else it is the first one that meets ink.
            note: Note at the right of the title.
        """
        before, self._work = self._work, work
        if work is None:
            self._step = 0
        elif before is None or work.layer != before.layer:
            self._step = work.first_step
        self._panel.set_title(title or _("Step by step"))
        self._panel.set_note(note)
        self.action_set.refresh()
        self._view.set_step(work, self._step)

    def _lay_out(self) -> None:
        self._layers = QHBoxLayout()
        caption = label(_("Steps"), secondary=True)
        self._speed = named(JumpSlider(), "walkSpeedSlider", says=_("Steps a second"))
        self._speed.setRange(0, len(_SPEEDS) - 1)
        self._speed.setFixedWidth(120)
        self._speed_text = label()
        self._speed_text.setMinimumWidth(self._speed_text.fontMetrics().horizontalAdvance(_("500 a second")))
        buttons = map(tool_button, self.action_set)
        speed = caption, self._speed, self._speed_text
        row = row_of(GAP_SMALL_PX, *buttons, self._layers, None, *speed)
        self._stage.put(When.AT_A_DESK, self._speed_text)
        column_in(self, GAP_SMALL_PX, (self._panel, 1), row)

    def _show_speed(self) -> None:
        speed = _SPEEDS[self._speed.value()]
        self._speed.setToolTip(_("{speed} steps a second").format(speed=speed))
        self._speed_text.setText(_("{speed} a second").format(speed=speed))
        self._timer.setInterval(round(1000 / min(speed, _MOST_TICKS_PER_SECOND)))

    @Slot()
    def _on_tick(self) -> None:
        if self.isVisible():
            self._move(max(1, _SPEEDS[self._speed.value()] // _MOST_TICKS_PER_SECOND))

    def _move(self, by: int) -> None:
        if self._work is not None:
            self._step = (self._step + by) % self._work.n_steps
            self._view.set_step(self._work, self._step)

    @Slot(int)
    def _on_chosen(self, step: int) -> None:
        self._step = step

    @Slot(int)
    def _on_pointed(self, step: int) -> None:
        """Pause while the pointer selects another step."""
        if self._work is None:
            return
        if step >= 0:
            self._timer.stop()
            self._view.set_step(self._work, step)
        elif self.walks and not self._timer.isActive():
            self._timer.start()
        elif step < 0:
            self._view.set_step(self._work, self._step)


ROWS: tuple[ActionRow[ArithmeticPanel], ...] = (
    ActionRow(key="walk", menu="Inspect", text="Play the steps", shortcuts=("P",), icon="player-play",
              help="Walk through the unit's arithmetic, or pause.", toggle=ArithmeticPanel.walk,
              enabled=lambda host: host.has_work,
              shown_icon=lambda host: "player-pause" if host.walks else "player-play"),
    ActionRow(key="stepBack", menu="Inspect", text="Previous step", shortcuts=(",",), icon="chevron-left",
              help="Go back one step of the arithmetic.", callback=lambda host: host.go(-1),
              enabled=lambda host: host.has_work),
    ActionRow(key="stepForward", menu="Inspect", text="Next step", shortcuts=(".",), icon="chevron-right",
              help="Go forward one step of the arithmetic.", callback=lambda host: host.go(1),
              enabled=lambda host: host.has_work),
)  # fmt: skip
