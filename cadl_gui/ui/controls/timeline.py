"""The bar along the bottom: replay, the epochs of the run shown, and *Live*."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.epoch_marks import epoch_ends, marks_of
from cadl_gui.ui.controls.epoch_scale import place_between
from cadl_gui.ui.controls.epoch_slider import EpochSlider
from cadl_gui.ui.controls.epoch_track import TimelineContent
from cadl_gui.ui.controls.name_lines import name_lines
from cadl_gui.ui.controls.parts import column_of, keep_room, label, named, push_button, row_in
from cadl_gui.ui.controls.replay import POSITIONS_PER_SECOND, Replay
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

_LONGEST_QUALITIES = _("loss 888888"), _("100.0 % correct")
_LONGEST_NAME = "E autoencoder-"
"""The longest line of the name of an included run."""

_LEAST_EPOCHS, _LEAST_STEPS = 20, 2000
"""Space is always reserved for at least these, so that most runs have timelines of the same length."""


class Timeline(QWidget):
    """Shows and sets the view state: which epoch of which run the window shows.

    Dragging detaches the view from training, which goes on; *Latest* reattaches it.

    In present mode, where badges are all that is left of the run list, it names the run shown on every tab.

    Args:
        engine: The engine whose view state is shown and set.
        theme: Icons and sizes.
        settings: Stores what is replayed, and how fast.
        transport: The actions that pause, step and stop training, which have buttons here while no tab has.
        window: The parent; its menu lists the timeline's own actions.

    Attributes:
        action_set: The actions of `ROWS`, in order.
        view: What is shown.
        replay: Shows one recorded position after the other.
        row: Its parts, from left to right.
    """

    def __init__(
        self, engine: Engine, theme: Theme, settings: Settings, transport: Sequence[QAction], window: QWidget
    ) -> None:
        super().__init__(window)
        # Otherwise Qt would paint all that is below whenever something on it changes.
        self.setAutoFillBackground(True)
        self._engine = engine
        self.view = engine.view
        self._theme = theme
        self.action_set = ActionSet(ROWS, self, theme, window)
        self._slider = EpochSlider(theme)
        self._name_label = named(QLabel(), "shownRunLabel")
        self._name_label.setTextFormat(Qt.TextFormat.RichText)
        self._position_label = label(_("No run yet"))
        self._batch_label = label(secondary=True)
        self._live_button = push_button("", "liveButton", slot=self.action_set["live"].trigger)
        keep_room(self._live_button)
        tip = _("How many positions the replay shows a second; click to change it")
        self._rate_button = named(QToolButton(), "epochRateButton", tip)
        self._play_icon, self._pause_icon = icon("player-play", theme), icon("player-pause", theme)
        self.replay = Replay(engine, settings, self)
        self._offers_transport = True
        self._lay_out(transport)
        self._connect()
        self._restyle()
        self._refresh()

    def show_first_epoch(self) -> None:
        """Show the first recorded epoch."""
        if ends := epoch_ends(self.view.run):
            self.view.show(ends[0])

    def show_best(self) -> None:
        """Show the epoch with the best validation metric."""
        run = self.view.run
        if run is not None and run.best_epoch is not None:
            self.view.show(Position(run.best_epoch))

    def replay_from_here(self) -> None:
        """Begin the span of the replay at the position shown, unless nothing is recorded after it."""
        run, here = self.view.run, self.view.position
        if run is not None and self.replay.can_play() and not run.is_at_end(here):
            end = self.replay.span(run)[1]
            self.replay.set_span(run, here, end if here < end else run.recorded[-1])

    def replay_to_here(self) -> None:
        """End the span of the replay at the position shown, unless nothing is recorded before it."""
        run, here = self.view.run, self.view.position
        if run is not None and self.replay.can_play() and here > run.recorded[0]:
            start = self.replay.span(run)[0]
            self.replay.set_span(run, start if start < here else run.recorded[0], here)

    def replay_all(self) -> None:
        """Replay the whole run."""
        run = self.view.run
        if run is not None and self.replay.can_play():
            self.replay.set_span(run, run.recorded[0], run.recorded[-1])

    def offer_transport(self, offered: bool) -> None:
        """Show or hide the buttons that pause, step and stop training, which a tab may have already."""
        if offered != self._offers_transport:
            self._offers_transport = offered
            self._refresh_play()

    def _lay_out(self, transport: Sequence[QAction]) -> None:
        tip = self.action_set["play"].toolTip()
        self._play_button = named(QToolButton(), "playButton", tip, says=_("Replay training"))
        self._play_button.setText(_("Replay"))
        self._play_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        parts = self._play_button, self._rate_button, self._name_label
        layout = self.row = row_in(self, GAP_SMALL_PX, *parts, margins=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0))
        self._theme.stage.put(When.AT_A_DESK, self._rate_button)
        self._theme.stage.put(When.PRESENTING, self._name_label)
        self._transport = []
        for action in transport:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(f"timeline{action.objectName().removesuffix('Action').capitalize()}Button")
            layout.addWidget(button)
            self._transport.append(button)
            if action.objectName() == "stepAction":
                self._theme.stage.put(When.DETAILS, button)
        layout.addWidget(self._slider, stretch=1)
        layout.addSpacing(GAP_PX - GAP_SMALL_PX)
        layout.addLayout(column_of(0, None, self._position_label, self._batch_label, None))
        layout.addWidget(self._live_button)

    def _connect(self) -> None:
        view, runs, training = self.view, self._engine.runs, self._engine.training
        runs.changed.connect(self._on_run_changed)
        self._slider.chosen.connect(view.show)
        self._slider.stepped.connect(view.step)
        self._slider.span_chosen.connect(self._on_span_chosen)
        self.replay.changed.connect(self._refresh)
        self._play_button.clicked.connect(self.replay.toggle)
        self._rate_button.clicked.connect(self.replay.next_rate)
        self._theme.changed.connect(self._restyle)
        view.bind(self, lambda: view.run, self._slider.let_go)
        view.bind(self, lambda: (view.run, runs.descriptions, training.status), self._refresh)
        view.bind(self, lambda: view.shown, self._refresh_position)

    @Slot(object)
    def _on_run_changed(self, run: Run) -> None:
        if run is self.view.run:
            self._refresh()

    @Slot(object, object)
    def _on_span_chosen(self, start: Position, end: Position) -> None:
        if (run := self.view.run) is not None:
            self.replay.set_span(run, start, end)

    @Slot()
    def _refresh(self) -> None:
        run = self.view.run
        self._slider.setEnabled(run is not None and not run.description.is_graph)
        if run is not None:
            steps = run.description.steps_per_epoch
            n_epochs = max(run.description.config.training.epochs, run.newest.epoch)
            # Of a network that is there to be used, it is no matter for a class how its training went.
            ships = self._engine.runs.key(run).startswith(SHIPPED)
            notes = () if ships and not self._theme.details else tuple(run.history.notes)
            self._slider.show_run(
                TimelineContent(
                    n_epochs,
                    tuple(run.recorded),
                    place_between(run.newest, steps),
                    run.best_epoch,
                    run.best_text,
                    notes,
                    run.history.levels("val_loss"),
                    marks_of(run, notes),
                    self.replay.span(run) if run.recorded else (UNTRAINED, UNTRAINED),
                )
            )
        self._reserve()
        self._show_name()
        self._refresh_position()
        self._refresh_play()

    def _refresh_position(self) -> None:
        view, training = self.view, self._engine.training
        run, position = view.run, view.position
        trains = run is not None and (training.trains(run) or bool(run.writer))
        # There is nothing to return to while the newest weights of a run not in training are shown.
        self._live_button.setVisible(run is not None and (trains or not view.is_live))
        moves = trains and not (training.run is run and training.state is TrainingState.PAUSED)
        set_style_property(self._live_button, "highlighted", view.is_live and moves)
        self._live_button.setText(_("● Live") if moves and view.is_live else _("Latest"))
        self._live_button.setToolTip(self.action_set["live"].toolTip())
        set_style_property(self._live_button, "flat", view.is_live)
        if run is None:
            self._position_label.setText(_("No run yet"))
            self._batch_label.clear()
            return
        self._slider.show_position(position, epochs=place_between(position, run.description.steps_per_epoch))
        self._position_label.setText(
            _("No epochs") if run.description.is_graph else self._position_text(run, position)
        )
        # What was measured does not hold for a bent network.
        is_bent = self._engine.bending.of(run.run_id)
        quality = "modified" if is_bent else run.quality_text(position.epoch)
        self._batch_label.setText(_("batch {step}").format(step=position.step) if position.step else quality)
        self._slider.setAccessibleDescription(str(position))

    def _show_name(self) -> None:
        """Name the run shown, on two lines if need be."""
        run, metrics = self.view.run, QFontMetrics(self._theme.font("body"))
        if run is None:
            self._name_label.clear()
            return
        letter, width = run.letter, self._name_label.maximumWidth()
        room, name = width - metrics.horizontalAdvance(f"{letter} "), run.description.name
        lines = name_lines(name, room, width, metrics, Qt.TextElideMode.ElideRight)
        colour = self._theme.run_colour(letter)
        self._name_label.setText(f'<b style="color:{colour}">{letter}</b> {"<br>".join(map(escape, lines))}')

    def _position_text(self, run: Run, position: Position) -> str:
        """Return the epoch that a position is in, or at the end of, and the number of epochs."""
        return position.in_epoch(run.description.config.training.epochs).capitalize()

    def _refresh_play(self) -> None:
        self._play_button.setEnabled(self.replay.can_play())
        shown = self._pause_icon if self.replay.is_playing else self._play_icon
        if shown.cacheKey() != self._play_button.icon().cacheKey():  # or Qt lays out the window each time
            self._play_button.setIcon(shown)
        self._rate_button.setText(_("Speed: {rate}/s").format(rate=self.replay.rate))
        busy = self._engine.training.state in {TrainingState.TRAINING, TrainingState.PAUSED}
        for button in self._transport:
            self._theme.stage.show(button, busy and self._offers_transport)

    def _reserve(self) -> None:
        """Reserve the width of the longest texts, so that the slider keeps its length while numbers grow.

        The widths come from the theme's metrics: for a while after a change of type, a label still reports
        its previous size.
        """
        metrics, run = QFontMetrics(self._theme.font("body")), self.view.run
        epochs, steps = _LEAST_EPOCHS, _LEAST_STEPS
        if run is not None:
            epochs = max(epochs, run.description.config.training.epochs, run.newest.epoch)
            steps = max(steps, run.description.steps_per_epoch)
        texts = (
            _("Epoch {epochs} of {epochs}").format(epochs=epochs),
            _("batch {steps}").format(steps=steps),
            *_LONGEST_QUALITIES,
        )
        width = max(metrics.horizontalAdvance(text) for text in texts)
        # Also the height: Qt lays out the window again for a text in a label whose size may change.
        self._position_label.setFixedSize(width, metrics.height())
        self._batch_label.setFixedSize(width, metrics.height())
        rates = (
            metrics.horizontalAdvance(_("Speed: {rate}/s").format(rate=rate)) for rate in POSITIONS_PER_SECOND
        )
        self._rate_button.setFixedWidth(max(rates) + 2 * GAP_SMALL_PX)
        self._name_label.setFixedSize(metrics.horizontalAdvance(_LONGEST_NAME), 2 * metrics.height())
        self._live_button.setMinimumWidth(metrics.horizontalAdvance(_("● Live")) + 2 * PAGE_MARGIN_PX)

    @Slot()
    def _restyle(self) -> None:
        sizes = self._theme.sizes
        self.setFixedHeight(sizes.timeline)
        self._slider.setFixedHeight(sizes.timeline)
        self._refresh()


ROWS: tuple[ActionRow[Timeline], ...] = (
    ActionRow(
        key="back", menu="Timeline", text="Back", shortcuts=("Alt+Left",),
        help="Show the recorded epoch, or early batch, before this one.",
        callback=lambda host: host.view.step(-1),
    ),
    ActionRow(
        key="forward", menu="Timeline", text="Forward", shortcuts=("Alt+Right",),
        help="Show the recorded epoch, or early batch, after this one.",
        callback=lambda host: host.view.step(1),
    ),
    ActionRow(
        key="first", menu="Timeline", text="Untrained network", shortcuts=("Alt+Home",),
        help="Show epoch 0.",
        callback=lambda host: host.view.show(UNTRAINED),
    ),
    ActionRow(
        key="firstEpoch", menu="Timeline", text="First epoch", shortcuts=("Alt+1",),
        help="Show the network after its first recorded epoch.",
        callback=Timeline.show_first_epoch,
    ),
    ActionRow(
        key="bestEpoch", menu="Timeline", text="Best epoch", shortcuts=("Alt+B",),
        help="Show the epoch with the best result on validation images.",
        callback=Timeline.show_best,
    ),
    ActionRow(
        key="live", menu="Timeline", text="Latest", shortcuts=("Alt+End",), icon="player-skip-forward",
        help="Show the latest weights and follow training.",
        callback=lambda host: host.view.go_live(),
    ),
    ActionRow(
        key="play", menu="Timeline", text="Replay training", shortcuts=("Ctrl+Space",),
        icon="player-play",
        help="Play through the recorded epochs, or stop.",
        callback=lambda host: host.replay.toggle(),
    ),
    ActionRow(
        key="replayFrom", menu="Timeline", text="Replay from here", shortcuts=("Alt+,",),
        help="Begin the replay at the epoch shown, each time that it starts again.",
        callback=Timeline.replay_from_here,
    ),
    ActionRow(
        key="replayTo", menu="Timeline", text="Replay to here", shortcuts=("Alt+.",),
        help="End the replay at the epoch shown.",
        callback=Timeline.replay_to_here,
    ),
    ActionRow(
        key="replayAll", menu="Timeline", text="Replay the whole run",
        help="Replay from the untrained network to the last epoch.",
        callback=Timeline.replay_all,
    ),
)  # fmt: skip
