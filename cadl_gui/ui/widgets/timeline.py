"""The bar along the bottom: transport buttons, the epochs of the run shown, and *Live*."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.epoch_slider import EpochSlider
from cadl_gui.ui.widgets.epoch_track import TimelineContent

EPOCHS_PER_SECOND = (1, 4, 12)
_LEAST_EPOCHS, _LEAST_STEPS = 20, 2000
"""Space is always reserved for at least these, so that most runs have timelines of the same length."""


class Timeline(QWidget):
    """Shows and sets the view state: which epoch of which run the window shows.

    Dragging detaches the view from training, which continues; *Back to live* reattaches it.

    Args:
        engine: The engine whose view state is shown and set.
        theme: Icons and sizes.
        transport: The actions that pause, step and stop training, which have buttons here, too.
        window: The parent; its menu lists the timeline's own actions.

    Attributes:
        action_set: The actions of `ROWS`, in order.
    """

    def __init__(self, engine: Engine, theme: Theme, transport: Sequence[QAction], window: QWidget) -> None:
        super().__init__(window)
        self._engine = engine
        self._theme = theme
        self.action_set = ActionSet(ROWS, self, theme, window)
        self._slider = EpochSlider(theme)
        self._position_label = QLabel("No run yet")
        self._batch_label = QLabel()
        set_style_property(self._batch_label, "secondary", True)
        self._live_button = QPushButton()
        self._live_button.setObjectName("liveButton")
        policy = self._live_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._live_button.setSizePolicy(policy)
        self._rate_button = QToolButton()
        self._rate_button.setObjectName("epochRateButton")
        self._rate_button.setToolTip("Epochs a second while replaying")
        self._play_icon, self._pause_icon = icon("repeat", theme), icon("player-pause", theme)
        self._rate = EPOCHS_PER_SECOND[1]
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._play_on)
        self._lay_out(transport)
        self._connect()
        self._restyle()
        self._refresh()

    @property
    def is_playing(self) -> bool:
        """Whether the epochs are being replayed."""
        return self._clock.isActive()

    def step(self, by: int) -> None:
        """Move by a number of recorded positions; back if negative."""
        self._engine.view.step(by)

    def show_untrained(self) -> None:
        """Show epoch 0."""
        self._engine.view.show(UNTRAINED)

    def go_live(self) -> None:
        """Show the newest weights, whatever they become."""
        self._engine.view.go_live()

    @Slot()
    def toggle_play(self) -> None:
        """Replay the recorded epochs from here (or from the start, at the end), or stop replaying."""
        view = self._engine.view
        if self.is_playing:
            self._clock.stop()
        elif view.run is not None and len(view.run.recorded) > 1:
            if view.is_live or view.run.is_at_end(view.position):
                view.show(view.run.recorded[0])
            self._clock.start(round(1000 / self._rate))
        self._refresh_play()

    def _lay_out(self, transport: Sequence[QAction]) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.setSpacing(GAP_SMALL_PX)
        self._play_button = QToolButton()
        self._play_button.setObjectName("epochPlayButton")
        self._play_button.setAccessibleName("Replay training")
        self._play_button.setToolTip(self.action_set["play"].toolTip())
        layout.addWidget(self._play_button)
        layout.addWidget(self._rate_button)
        self._transport = []
        for action in transport:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(f"timeline{action.objectName().removesuffix('Action').capitalize()}Button")
            layout.addWidget(button)
            self._transport.append(button)
        layout.addWidget(self._slider, stretch=1)
        layout.addSpacing(GAP_PX - GAP_SMALL_PX)
        layout.addWidget(self._position_label)
        layout.addWidget(self._batch_label)
        layout.addWidget(self._live_button)
        self._end = layout

    def add_at_end(self, widget: QWidget) -> None:
        """Add a widget at the right end."""
        self._end.addWidget(widget)

    def _connect(self) -> None:
        view = self._engine.view
        view.run_changed.connect(self._refresh)
        view.position_changed.connect(self._refresh_position)
        view.live_changed.connect(self._refresh_position)
        self._engine.runs.changed.connect(self._on_run_changed)
        self._engine.training.state_changed.connect(self._refresh)
        self._slider.chosen.connect(self._on_chosen)
        self._slider.stepped.connect(view.step)
        self._play_button.clicked.connect(self.toggle_play)
        self._rate_button.clicked.connect(self._next_rate)
        self._live_button.clicked.connect(view.go_live)
        self._theme.changed.connect(self._restyle)

    @Slot(object)
    def _on_run_changed(self, run: Run) -> None:
        if run is self._engine.view.run:
            self._refresh()

    @Slot(object)
    def _on_chosen(self, position: Position) -> None:
        self._clock.stop()
        self._engine.view.show(position)
        self._refresh_play()

    @Slot()
    def _next_rate(self) -> None:
        rates = EPOCHS_PER_SECOND
        self._rate = rates[(rates.index(self._rate) + 1) % len(rates)]
        if self.is_playing:
            self._clock.start(round(1000 / self._rate))
        self._refresh_play()

    @Slot()
    def _play_on(self) -> None:
        view = self._engine.view
        if view.run is None or len(view.run.recorded) < 2:
            self._clock.stop()
        elif view.run.is_at_end(view.position):
            view.show(view.run.recorded[0])
        else:
            view.step(1)
        self._refresh_play()

    @Slot()
    def _refresh(self) -> None:
        run = self._engine.view.run
        self._slider.setEnabled(run is not None and not run.description.is_graph)
        if run is not None:
            steps = run.description.steps_per_epoch
            n_epochs = max(run.description.config.training.epochs, run.newest.epoch)
            trained_to = run.newest.epoch + run.newest.step / steps
            self._slider.show_run(
                TimelineContent(
                    n_epochs,
                    tuple(run.recorded),
                    trained_to,
                    run.best_epoch,
                    run.best_text,
                    tuple(run.history.notes),
                    run.history.levels("val_loss"),
                )
            )
        self._reserve()
        self._refresh_position()
        self._refresh_play()

    @Slot()
    def _refresh_position(self) -> None:
        view = self._engine.view
        run, position = view.run, view.position
        trains = run is not None and (self._engine.training.trains(run) or bool(run.writer))
        # There is nothing to return to while the newest weights of a run not in training are shown.
        self._live_button.setVisible(run is not None and (trains or not view.is_live))
        set_style_property(self._live_button, "highlighted", view.is_live and trains)
        self._live_button.setText(
            "● Live" if view.is_live and trains else "Back to live" if trains else "Newest"
        )
        self._live_button.setToolTip(self.action_set["live"].toolTip())
        set_style_property(self._live_button, "flat", view.is_live)
        if run is None:
            self._position_label.setText("No run yet")
            self._batch_label.clear()
            return
        self._slider.show_position(
            position, epochs=position.epoch + position.step / run.description.steps_per_epoch
        )
        self._position_label.setText(
            "No epochs" if run.description.is_graph else self._position_text(run, position)
        )
        self._batch_label.setText(f"batch {position.step}" if position.step else "")
        self._slider.setAccessibleDescription(str(position))

    def _position_text(self, run: Run, position: Position) -> str:
        """Return the epoch that a position is in, or at the end of, and the number of epochs."""
        if self._theme.present and position.step and position.epoch == 0:
            return f"Batch {position.step}"  # where most happens, and present mode hides the batch label
        return position.in_epoch(run.description.config.training.epochs).capitalize()

    def _refresh_play(self) -> None:
        run = self._engine.view.run
        self._play_button.setEnabled(run is not None and len(run.recorded) > 1)
        self._play_button.setIcon(self._pause_icon if self.is_playing else self._play_icon)
        self._rate_button.setText(f"{self._rate}/s")
        busy = self._engine.training.state in {TrainingState.TRAINING, TrainingState.PAUSED}
        for button in self._transport:
            button.setVisible(busy)

    def _reserve(self) -> None:
        """Reserve the width of the longest texts, so that the slider keeps its length while numbers grow.

        The widths come from the theme's metrics: for a while after a change of type, a label still reports
        its previous size.
        """
        metrics, run = QFontMetrics(self._theme.font("body")), self._engine.view.run
        epochs, steps = _LEAST_EPOCHS, _LEAST_STEPS
        if run is not None:
            epochs = max(epochs, run.description.config.training.epochs, run.newest.epoch)
            steps = max(steps, run.description.steps_per_epoch)
        self._position_label.setFixedWidth(metrics.horizontalAdvance(f"Epoch {epochs} of {epochs}"))
        self._batch_label.setFixedWidth(metrics.horizontalAdvance(f"batch {steps}"))
        self._live_button.setMinimumWidth(metrics.horizontalAdvance("Back to live") + 2 * PAGE_MARGIN_PX)

    @Slot()
    def _restyle(self) -> None:
        sizes = self._theme.sizes
        self.setFixedHeight(sizes.timeline)
        self._slider.setFixedHeight(sizes.timeline)
        self._reserve()
        self._batch_label.setVisible(not self._theme.present)
        self._rate_button.setVisible(not self._theme.present)
        self._refresh_position()
        self._refresh_play()


ROWS: tuple[ActionRow[Timeline], ...] = (
    ActionRow(
        key="back", menu="Timeline", text="Back", shortcuts=("Alt+Left",),
        help="Show the recorded epoch, or early batch, before this one.",
        callback=lambda host: host.step(-1),
    ),
    ActionRow(
        key="forward", menu="Timeline", text="Forward", shortcuts=("Alt+Right",),
        help="Show the recorded epoch, or early batch, after this one.",
        callback=lambda host: host.step(1),
    ),
    ActionRow(
        key="first", menu="Timeline", text="Untrained network", shortcuts=("Alt+Home",),
        help="Show epoch 0.",
        callback=Timeline.show_untrained,
    ),
    ActionRow(
        key="live", menu="Timeline", text="Back to live", shortcuts=("Alt+End",), icon="player-skip-forward",
        help="Show the latest weights and follow training.",
        callback=Timeline.go_live,
    ),
    ActionRow(
        key="play", menu="Timeline", text="Replay training", shortcuts=("Ctrl+Space",),
        icon="player-play",
        help="Play through the recorded epochs, or stop.",
        callback=Timeline.toggle_play,
    ),
)  # fmt: skip
