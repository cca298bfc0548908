"""Pins, path and feedback: what moves the handle besides the hand."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.spread import LatentSpread
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.latent.drift import Drift
from cadl_gui.ui.latent.feedback import Feedback
from cadl_gui.ui.latent.path_player import PathPlayer
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.pin_mixer import PinMixer
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.placed_drawing import PlacedDrawing
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.suited_run import SuitedRun
from cadl_gui.ui.theme.theme import Theme

_TRAIL_PLACES = 32
_PLAYABLE = 2
"""From so many places on a movement can be played: until then each one counts."""


class LatentPlay(QObject):
    """Does what the tab's actions say, with paths, player, drift, feedback and mixer.

    Args:
        engine: that decodes, and whose timeline a path through epochs moves.
        shown: with which weights.
        place: what is moved.
        paths: pins and path.
        plane: where they are shown.
        theme: for icons.
        page: the tab, whose menu lists the actions.

    Attributes:
        action_set: the rows of this file, in order.
        paths: pins and path.
        player: plays the path.
        feedback: moves the handle by what is decoded there.
        drift: moves it where data lie.
        placed: the drawing of the Draw tab.

    Signals:
        told: (str) a sentence: how a feedback went.
        failed: (str) a sentence: why a drawing has no place.
    """

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        shown: SuitedRun,
        place: LatentPlace,
        paths: LatentPaths,
        plane: LatentPlane,
        theme: Theme,
        page: QWidget,
    ) -> None:
        super().__init__(plane)
        self._engine = engine
        self._shown = shown
        self._place = place
        self.paths = paths
        self._plane = plane
        self._is_hidden = False
        self.player = PathPlayer(self)
        self.feedback = Feedback(engine, self)
        self.drift = Drift(self)
        self.placed = PlacedDrawing(engine, shown, self)
        self._mixer: PinMixer | None = None
        self.action_set = ActionSet((*PATH_ROWS, *PIN_ROWS), self, theme, page)
        self._connect()
        self.action_set.refresh()

    def _connect(self) -> None:
        self.paths.changed.connect(self.show_marks)
        self.paths.recorded.connect(self._show_trail)
        self._place.plane_changed.connect(self.show_marks)
        self.player.stepped.connect(self._on_stepped)
        self.player.playing_changed.connect(self.action_set.refresh)
        self.drift.moved.connect(self._place.set_code)
        self.feedback.moved.connect(self._on_fed_back)
        self.feedback.ended.connect(self._on_settled)
        self.placed.landed.connect(self._on_landed)
        self.placed.way_changed.connect(self.show_marks)
        self.placed.failed.connect(self.failed)

    @property
    def can_play(self) -> bool:
        """Whether there are two places to go between."""
        return len(self.paths.movement if self.paths.kind == "movement" else self.paths.codes) > 1

    def enter(self, run_id: str, n_latents: int) -> None:
        """Begin in the middle of the space of another run, with the pins that were set for it."""
        self.stop()
        self._close_mixer()
        self.placed.forget()
        self.paths.leave()
        self._place.enter(n_latents)
        self.paths.enter(run_id)

    def set_spread(self, spread: LatentSpread) -> None:
        """Where data lie, and so where the handle drifts."""
        self.drift.set_spread(spread)

    def set_hidden(self, hidden: bool) -> None:
        """Show no marks where places mean nothing."""
        self._is_hidden = hidden
        self.show_marks()

    @Slot()
    def stop(self) -> None:
        """The hand has taken the handle."""
        if self.player.is_playing or self.feedback.is_running or self.drift.is_drifting:
            self.player.stop()
            self.feedback.stop()
            self.drift.stop()
            self.action_set.refresh()

    def toggle_play(self) -> None:
        """Play the path, or stop."""
        path = self.paths.path()
        was_playing = self.player.is_playing
        self.stop()
        if path is not None and not was_playing:
            self.player.play(path)

    def toggle_feedback(self) -> None:
        """Feed pictures back until they settle, or stop."""
        decoder = self._shown.weights
        was_running = self.feedback.is_running
        self.stop()
        if decoder is not None and not was_running:
            self.feedback.start(decoder, self._place.code)
        self.action_set.refresh()

    def toggle_drift(self) -> None:
        """Let the handle wander, or stop."""
        was_drifting = self.drift.is_drifting
        self.stop()
        if not was_drifting:
            self.drift.start(self._place.code)
        self.action_set.refresh()

    def mix(self) -> None:
        """Show how much of each pin is in the mixture, and move the handle there."""
        self._close_mixer()
        self.stop()
        mixer = self._mixer = PinMixer(self.paths.codes, self._plane)
        mixer.mixed.connect(self._place.set_code)
        mixer.finished.connect(self._forget_mixer)
        mixer.show()

    def _close_mixer(self) -> None:
        if self._mixer is not None:
            self._mixer.close()

    @Slot()
    def _forget_mixer(self) -> None:
        self._mixer = None

    def clear(self) -> None:
        """Take all pins, the trail and the way of the drawing away."""
        self.placed.forget()
        self.paths.clear()

    @Slot(object, int)
    def _on_landed(self, code: NDArray[np.float32], epoch: int) -> None:
        self.stop()
        self.paths.pin(code, epoch)
        self._place.set_code(code)

    @Slot()
    def show_marks(self) -> None:
        """Pins, path and trail where they fall onto the plane."""
        axes, path = self._place.axes, self.paths.path()
        codes = np.array([] if self._is_hidden else self.paths.codes).reshape(-1, self._place.n_latents)
        shows_path = path is not None and path.kind != "movement" and not self._is_hidden
        self._plane.set_pins(axes.to_plane(codes))
        way = self.placed.way
        self._plane.set_way([] if self._is_hidden or not len(way) else axes.to_plane(way))
        self._plane.set_path(axes.to_plane(path.frames()) if path is not None and shows_path else [])
        self._show_trail()
        self.action_set.refresh()

    @Slot()
    def _show_trail(self) -> None:
        trail = [] if self._is_hidden else self.paths.movement[-_TRAIL_PLACES:]
        codes = np.array(trail).reshape(-1, self._place.n_latents)
        self._plane.set_trail(self._place.axes.to_plane(codes))
        if len(codes) <= _PLAYABLE:
            self.action_set.refresh()

    @Slot(object, object)
    def _on_stepped(self, code: NDArray[np.float32], epoch: int | None) -> None:
        if epoch is not None and self._shown.is_current:
            self._engine.view.show(Position(epoch))
        self._place.set_code(code)

    @Slot(object)
    def _on_fed_back(self, code: NDArray[np.float32]) -> None:
        self._place.set_code(code)
        self.paths.record(code)

    @Slot(str)
    def _on_settled(self, sentence: str) -> None:
        self.action_set.refresh()
        self.told.emit(sentence)


PATH_ROWS: tuple[ActionRow[LatentPlay], ...] = (
    ActionRow(key="placeDrawing", menu="Latent", text="Place drawing", shortcuts=("D",),
              help="Set a pin where the digit of the Draw tab is encoded, and show its way over the epochs.",
              callback=lambda host: host.placed.place()),
    ActionRow(key="playPath", menu="Latent", text="Play path", shortcuts=("L",),
              help="Move the handle along the path, or stop.", callback=LatentPlay.toggle_play,
              enabled=lambda host: host.can_play, why_not=lambda host: host.paths.what_is_missing,
              label=lambda host: "Stop" if host.player.is_playing else "Play path"),
    ActionRow(key="loopPath", menu="Latent", text="Loop", shortcuts=("Shift+L",),
              help="Begin again at the end of the path.", toggle=lambda host, on: host.player.set_loops(on)),
)  # fmt: skip
PIN_ROWS: tuple[ActionRow[LatentPlay], ...] = (
    ActionRow(key="clearPins", menu="Latent", text="Clear", shortcuts=("Shift+Del",),
              help="Take all pins and the trail away.", callback=LatentPlay.clear,
              enabled=lambda host: bool(host.paths.codes or host.paths.movement)),
    ActionRow(key="mixPins", menu="Latent", text="Mix pins…", shortcuts=("M",),
              help="Move the handle to a mixture of all pins.", callback=LatentPlay.mix,
              enabled=lambda host: len(host.paths.codes) > 1),
    ActionRow(key="feedBack", menu="Latent", text="Feed back", shortcuts=("B",), checkable=True,
              help="Encode what is decoded, again and again, until it settles.",
              callback=LatentPlay.toggle_feedback, checked=lambda host: host.feedback.is_running),
    ActionRow(key="drift", menu="Latent", text="Drift", shortcuts=("W",), checkable=True,
              help="Let the handle wander slowly where data lie.", callback=LatentPlay.toggle_drift,
              checked=lambda host: host.drift.is_drifting),
)  # fmt: skip
"""Apart from the others because undo and redo stand between them."""
