"""Pins, path and feedback: what moves the handle besides the hand."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from cadl_gui.core.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.latent.decoder import Decoder
from cadl_gui.ui.latent.feedback import Feedback
from cadl_gui.ui.latent.path_bar import LatentPathBar
from cadl_gui.ui.latent.path_player import PathPlayer
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.suited_run import SuitedRun

if TYPE_CHECKING:
    from collections.abc import Callable

_TRAIL_PLACES = 32
_NO_PATH = {
    True: "Drag the handle first: its movement is played.",
    False: "Set two pins first: the path leads from one to the other.",
}


class LatentPlay(QObject):
    """Connects the bar's buttons, and their keys, with paths, player and feedback.

    Args:
        engine: that decodes, and whose timeline a path through epochs moves.
        shown: with which weights.
        place: what is moved.
        paths: pins and path.
        plane: where they are shown.

    Signals:
        told: (str) a sentence: how a feedback went.
    """

    told = Signal(str)

    def __init__(
        self, engine: Engine, shown: SuitedRun, place: LatentPlace, paths: LatentPaths, plane: LatentPlane
    ) -> None:
        super().__init__(plane)
        self._engine = engine
        self._shown = shown
        self._place = place
        self._paths = paths
        self._plane = plane
        self._bar: LatentPathBar | None = None
        self._is_hidden = False
        self._player = PathPlayer(self)
        self._feedback = Feedback(engine, self)
        paths.changed.connect(self.show_marks)
        paths.recorded.connect(self._show_trail)
        place.plane_changed.connect(self.show_marks)
        self._player.stepped.connect(self._on_stepped)
        self._player.playing_changed.connect(self._refresh_buttons)
        self._feedback.moved.connect(self._on_fed_back)
        self._feedback.ended.connect(self._on_settled)

    def attach(self, bar: LatentPathBar, page: QWidget) -> None:
        """Do what the bar's buttons say, and its keys wherever the focus is on the page."""
        self._bar = bar
        deeds: tuple[tuple[QPushButton, str, Callable[[], None]], ...] = (
            (bar.pin, "P", self.pin),
            (bar.undo, "Ctrl+Z", self._paths.undo),
            (bar.redo, "Ctrl+Shift+Z", self._paths.redo),
            (bar.clear, "", self._paths.clear),
            (bar.play, "L", self.toggle_play),
            (bar.feed_back, "B", self.toggle_feedback),
        )
        for button, key, deed in deeds:
            button.clicked.connect(deed)
            if key:
                shortcut = QShortcut(QKeySequence(key), page)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(button.click)
        bar.loop.toggled.connect(self._player.set_loops)
        bar.kind_chosen.connect(self._paths.set_kind)
        bar.speed_chosen.connect(self._player.set_speed)
        self._refresh_buttons()

    def begin(self) -> None:
        """Another space is shown: forget everything."""
        self.stop()
        self._paths.begin()

    def set_hidden(self, hidden: bool) -> None:
        """Show no marks where places mean nothing."""
        self._is_hidden = hidden
        self.show_marks()

    @Slot()
    def stop(self) -> None:
        """The hand has taken the handle."""
        self._player.stop()
        self._feedback.stop()

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
        if self._player.is_playing:
            self._player.stop()
        elif path is not None:
            self._feedback.stop()
            self._player.play(path)

    @Slot()
    def toggle_feedback(self) -> None:
        """Feed pictures back until they settle, or stop."""
        decoder = Decoder.of(self._shown)
        if self._feedback.is_running:
            self._feedback.stop()
        elif decoder is not None:
            self._player.stop()
            self._feedback.start(decoder, self._place.code)
        self._refresh_buttons()

    @Slot()
    def show_marks(self) -> None:
        """Pins, path and trail where they fall onto the plane."""
        axes, path = self._place.axes, self._paths.path()
        codes = np.array([] if self._is_hidden else self._paths.codes).reshape(-1, self._place.n_latents)
        shows_path = path is not None and path.kind != "movement" and not self._is_hidden
        self._plane.set_pins(axes.to_plane(codes))
        self._plane.set_path(axes.to_plane(path.frames()) if path is not None and shows_path else [])
        self._show_trail()

    @Slot()
    def _show_trail(self) -> None:
        trail = [] if self._is_hidden else self._paths.movement[-_TRAIL_PLACES:]
        codes = np.array(trail).reshape(-1, self._place.n_latents)
        self._plane.set_trail(self._place.axes.to_plane(codes))
        self._refresh_buttons()

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
        self._refresh_buttons()
        self.told.emit(sentence)

    @Slot()
    def _refresh_buttons(self) -> None:
        bar = self._bar
        if bar is None:
            return
        is_movement = self._paths.kind == "movement"
        can_play = len(self._paths.movement if is_movement else self._paths.codes) > 1
        bar.show_kind(self._paths.kind)
        bar.undo.setEnabled(self._paths.can_undo)
        bar.redo.setEnabled(self._paths.can_redo)
        bar.clear.setEnabled(bool(self._paths.codes or self._paths.movement))
        bar.play.setEnabled(can_play)
        bar.play.setText("Stop" if self._player.is_playing else "Play path")
        bar.play.setToolTip("Move the handle along the path (L)" if can_play else _NO_PATH[is_movement])
        bar.feed_back.setChecked(self._feedback.is_running)
