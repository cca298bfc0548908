"""Pins, path and feedback: what moves the handle besides the hand."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from cadl_gui.domain.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.spread import LatentSpread
from cadl_gui.ui.latent.drift import Drift
from cadl_gui.ui.latent.feedback import Feedback
from cadl_gui.ui.latent.path_player import PathPlayer
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.pin_mixer import PinMixer
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.placed_drawing import PlacedDrawing
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.suited_run import SuitedRun

_TRAIL_PLACES = 32
_PLAYABLE = 2
"""From so many places on a movement can be played: until then each one counts."""
_PLAYS = "Move the handle along the path (L)"


class LatentPlay(QObject):
    """Does what the tab's actions say, with paths, player, drift, feedback and mixer.

    Args:
        engine: that decodes, and whose timeline a path through epochs moves.
        shown: with which weights.
        place: what is moved.
        paths: pins and path.
        plane: where they are shown.
        actions: of the Latent tab, by key.

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
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(plane)
        self._engine = engine
        self._shown = shown
        self._place = place
        self._paths = paths
        self._plane = plane
        self._actions = actions
        self._is_hidden = False
        self.player = PathPlayer(self)
        self._feedback = Feedback(engine, self)
        self._drift = Drift(self)
        self._placed = PlacedDrawing(engine, shown, self)
        self._mixer: PinMixer | None = None
        self._connect()
        self._refresh_actions()

    def _connect(self) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "pin": self.pin,
            "placeDrawing": self._placed.place,
            "clearPins": self._clear,
            "playPath": self.toggle_play,
            "mixPins": self.mix,
            "feedBack": self.toggle_feedback,
            "drift": self.toggle_drift,
        }
        for key, deed in deeds.items():
            self._actions[key].triggered.connect(deed)
        self._actions["loopPath"].toggled.connect(self.player.set_loops)
        self._paths.changed.connect(self.show_marks)
        self._paths.recorded.connect(self._show_trail)
        self._place.plane_changed.connect(self.show_marks)
        self.player.stepped.connect(self._on_stepped)
        self.player.playing_changed.connect(self._refresh_actions)
        self._drift.moved.connect(self._place.set_code)
        self._feedback.moved.connect(self._on_fed_back)
        self._feedback.ended.connect(self._on_settled)
        self._placed.landed.connect(self._on_landed)
        self._placed.way_changed.connect(self.show_marks)
        self._placed.failed.connect(self.failed)

    def enter(self, run_id: str, n_latents: int) -> None:
        """Begin in the middle of the space of another run, with the pins that were set for it."""
        self.stop()
        self._close_mixer()
        self._placed.forget()
        self._paths.leave()
        self._place.enter(n_latents)
        self._paths.enter(run_id)

    def set_spread(self, spread: LatentSpread) -> None:
        """Where data lie, and so where the handle drifts."""
        self._drift.set_spread(spread)

    def set_hidden(self, hidden: bool) -> None:
        """Show no marks where places mean nothing."""
        self._is_hidden = hidden
        self.show_marks()

    @Slot()
    def stop(self) -> None:
        """The hand has taken the handle."""
        if self.player.is_playing or self._feedback.is_running or self._drift.is_drifting:
            self.player.stop()
            self._feedback.stop()
            self._drift.stop()
            self._refresh_actions()

    @Slot()
    def pin(self) -> None:
        """Set a pin at the handle, and at the epoch that is shown."""
        run = self._shown.run
        if run is not None:
            self._paths.pin(self._place.code, (self._shown.position or run.newest).epoch)

    @Slot()
    def toggle_play(self) -> None:
        """Play the path, or stop."""
        path = self._paths.path()
        was_playing = self.player.is_playing
        self.stop()
        if path is not None and not was_playing:
            self.player.play(path)

    @Slot()
    def toggle_feedback(self) -> None:
        """Feed pictures back until they settle, or stop."""
        decoder = self._shown.weights
        was_running = self._feedback.is_running
        self.stop()
        if decoder is not None and not was_running:
            self._feedback.start(decoder, self._place.code)
        self._refresh_actions()

    @Slot()
    def toggle_drift(self) -> None:
        """Let the handle wander, or stop."""
        was_drifting = self._drift.is_drifting
        self.stop()
        if not was_drifting:
            self._drift.start(self._place.code)
        self._refresh_actions()

    @Slot()
    def mix(self) -> None:
        """Show how much of each pin is in the mixture, and move the handle there."""
        self._close_mixer()
        self.stop()
        mixer = self._mixer = PinMixer(self._paths.codes, self._plane)
        mixer.mixed.connect(self._place.set_code)
        mixer.finished.connect(self._forget_mixer)
        mixer.show()

    def _close_mixer(self) -> None:
        if self._mixer is not None:
            self._mixer.close()

    @Slot()
    def _forget_mixer(self) -> None:
        self._mixer = None

    @Slot()
    def _clear(self) -> None:
        self._placed.forget()
        self._paths.clear()

    @Slot(object, int)
    def _on_landed(self, code: NDArray[np.float32], epoch: int) -> None:
        self.stop()
        self._paths.pin(code, epoch)
        self._place.set_code(code)

    @Slot()
    def show_marks(self) -> None:
        """Pins, path and trail where they fall onto the plane."""
        axes, path = self._place.axes, self._paths.path()
        codes = np.array([] if self._is_hidden else self._paths.codes).reshape(-1, self._place.n_latents)
        shows_path = path is not None and path.kind != "movement" and not self._is_hidden
        self._plane.set_pins(axes.to_plane(codes))
        way = self._placed.way
        self._plane.set_way([] if self._is_hidden or not len(way) else axes.to_plane(way))
        self._plane.set_path(axes.to_plane(path.frames()) if path is not None and shows_path else [])
        self._show_trail()
        self._refresh_actions()

    @Slot()
    def _show_trail(self) -> None:
        trail = [] if self._is_hidden else self._paths.movement[-_TRAIL_PLACES:]
        codes = np.array(trail).reshape(-1, self._place.n_latents)
        self._plane.set_trail(self._place.axes.to_plane(codes))
        if len(codes) <= _PLAYABLE:
            self._refresh_actions()

    @Slot(object, object)
    def _on_stepped(self, code: NDArray[np.float32], epoch: int | None) -> None:
        if epoch is not None and self._shown.is_current:
            self._engine.view.show(Position(epoch))
        self._place.set_code(code)

    @Slot(object)
    def _on_fed_back(self, code: NDArray[np.float32]) -> None:
        self._place.set_code(code)
        self._paths.record(code)

    @Slot(str)
    def _on_settled(self, sentence: str) -> None:
        self._refresh_actions()
        self.told.emit(sentence)

    @Slot()
    def _refresh_actions(self) -> None:
        actions, paths = self._actions, self._paths
        is_movement = paths.kind == "movement"
        can_play = len(paths.movement if is_movement else paths.codes) > 1
        actions["clearPins"].setEnabled(bool(paths.codes or paths.movement))
        actions["mixPins"].setEnabled(len(paths.codes) > 1)
        actions["playPath"].setEnabled(can_play)
        actions["playPath"].setText("Stop" if self.player.is_playing else "Play path")
        actions["playPath"].setToolTip(_PLAYS if can_play else paths.what_is_missing)
        actions["feedBack"].setChecked(self._feedback.is_running)
        actions["drift"].setChecked(self._drift.is_drifting)
