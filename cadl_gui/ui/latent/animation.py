"""What moves the handle: the hand, path playback, drift and re-encoding; and the pins that it sets."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.view import View
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.drift import DriftPath
from cadl_gui.imaging.latent.motions import PathMotion
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.drawing_trajectory import DrawingTrajectory
from cadl_gui.ui.latent.fixed_point_iteration import FixedPointIteration
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.pin_mixer import PinMixer
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

_TRAIL_PLACES, _DRIFT_FRAME_MS = 32, 33
_PLAYABLE = 2
"""Number of recorded places from which a drag can be played; up to it, actions refresh at each place."""


class LatentAnimation(QObject):
    """Implements the tab's actions with handle, paths, player, drift, feedback and mixer.

    On a grid, where places have no meaning, the handle selects the latent vector of the digit there.

    Args:
        engine: Decodes; a path through epochs moves its timeline.
        theme: Icons.
        page: The tab, whose menu lists the actions; once it is left, nothing plays on.
        shown: The run and weights that decode.
        cursor: The cursor that is moved.
        paths: Pins and path.
        controller: Fills the plane that shows them, and has the digits' latent vectors.

    Attributes:
        action_set: The actions of `HAND_ROWS`, `PATH_ROWS` and `PIN_ROWS`, in order.
        paths: Pins and path.
        view: What is wished to be shown.
        moves: What moves the handle now: “path”, “drift” or “reencode”; "" for nothing but the hand.
        placed: The drawing of the Draw tab.

    Signals:
        taken: Something else is to move the handle, or nothing.
        moved_along: (float or None) Where the handle is on the path, in [0, 1]; None where it is elsewhere.
    """

    taken = Signal()
    moved_along = Signal(object)

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        page: TabPage,
        shown: TabRun,
        cursor: LatentCursor,
        paths: LatentPaths,
        controller: PlaneController,
    ) -> None:
        super().__init__(controller.plane)
        self._engine = engine
        self.view = engine.view
        self._shown = shown
        self._cursor = cursor
        self.paths = paths
        self._controller = controller
        self._plane = controller.plane
        self._plays_shown = False
        self.moves = ""
        self._motions = controller.motions
        self._random = np.random.default_rng()
        self._asked: View | None = None
        self._speed, self._loops = 1.0, False
        self._path: PathMotion | None = None
        self._frame = -1
        self._feedback = FixedPointIteration(engine, self)
        self.placed = DrawingTrajectory(engine, shown, self)
        self.action_set = ActionSet((*HAND_ROWS, *PATH_ROWS, *PIN_ROWS), self, theme, page)
        self._connect()
        page.visibility_changed.connect(self._on_visibility)
        self.view.bind(page, lambda: self.view.value.latent.to_place, self._place_image)
        self.action_set.refresh()

    def _connect(self) -> None:
        self._plane.handle_moved.connect(self._on_handle_moved)
        self._plane.digit_requested.connect(self._on_digit_requested)
        view = self._engine.view
        view.bind(self._plane, lambda: view.value.latent.is_grid, self.show_marks)
        view.bind(self._plane, lambda: view.drawing, self.placed.follow_drawing)
        self.paths.changed.connect(self._on_path_changed)
        self.paths.recorded.connect(self._show_trail)
        self._cursor.plane_changed.connect(self.show_marks)
        self._cursor.moved.connect(self._on_moved)
        self._motions.stopped.connect(self._on_stopped)
        self._feedback.moved.connect(self._on_fed_back)
        self._feedback.ended.connect(self._on_settled)
        self.placed.landed.connect(self._on_landed)
        self.placed.trajectory_changed.connect(self.show_marks)
        self._shown.position_changed.connect(self.show_marks)

    @property
    def can_play(self) -> bool:
        """Whether there are at least two places to interpolate between."""
        return len(self.paths.movement if self.paths.kind == "movement" else self.paths.latents) > 1

    def enter(self, run: Run, latent_dim: int) -> None:
        """Switch to another run, at its own place and with its own pins."""
        self._halt()
        self._close_mixer()
        self.placed.forget()
        self.paths.leave()
        key = self._engine.runs.key(run)
        self._cursor.enter(key, latent_dim)
        self.paths.enter(key, latent_dim)

    def pin(self) -> None:
        """Set a pin at the handle, for the epoch shown."""
        run = self._shown.run
        if run is not None:
            self.paths.pin(self._cursor.latent, (self._shown.position or run.newest).epoch)

    def snap(self) -> None:
        """Move the handle to the nearest encoded image."""
        self._on_digit_requested(*self._plane.handle)

    @Slot(float, float)
    def _on_handle_moved(self, z0: float, z1: float) -> None:
        self._halt()
        if self._controller.is_grid:
            self._take_digit(z0, z1)
            return
        self._cursor.move_on_plane(z0, z1)
        self.paths.record(self._cursor.latent)

    @Slot(float, float)
    def _on_digit_requested(self, z0: float, z1: float) -> None:
        self._halt()
        index = self._take_digit(z0, z1)
        if index is None:
            return
        if self._controller.is_grid:
            self._plane.set_handle(*self._plane.points.places[index].tolist())
        else:
            self.paths.record(self._cursor.latent)
        self._plane.hover(index)

    def _take_digit(self, z0: float, z1: float) -> int | None:
        """Move the cursor to the digit nearest to a point, and return its index; None without digits."""
        index = self._controller.nearest(z0, z1)
        if index is not None:
            self._cursor.move_to(self._controller.latents[index])
        return index

    @Slot()
    def stop(self) -> None:
        """Stop all animations, since the user has taken the handle: where it is now, it is to be."""
        if self._halt():
            self._cursor.move_to(self._cursor.latent)
        self.taken.emit()

    def _halt(self) -> bool:
        """Stop all animations, and return whether there were any."""
        was_moving = bool(self.moves)
        self._feedback.stop()
        self._motions.stop("handle")
        return was_moving

    @Slot()
    def _on_stopped(self) -> None:
        """Note that a path has ended, or that the drift was stopped."""
        if self.moves in {"path", "drift"} and not self._motions.is_moving("handle"):
            self.moves = ""
            self.action_set.refresh()

    @Slot(bool)
    def _on_visibility(self, visible: bool) -> None:
        """Stop when the tab is left: a path through epochs would move the timeline of the others."""
        if not visible:
            self._halt()

    def toggle_play(self) -> None:
        """Play the path, or stop."""
        path, was_playing = self.paths.path(), self.moves == "path"
        self.stop()
        if path is not None and not was_playing:
            self.moves, self._plays_shown, self._frame = "path", True, -1
            self._path = PathMotion.of(path, loops=self._loops)
            self._motions.start("handle", self._path, self._show_frame, speed=self._speed)
            self.action_set.refresh()

    def set_speed(self, speed: float) -> None:
        """Set the speed of the path, relative to its own."""
        self._speed = speed
        self.set_loops(self._loops)

    def set_loops(self, loops: bool) -> None:
        """Set whether the path begins again at its end."""
        self._loops = loops
        if self._path is not None and self.moves == "path":
            self._path = replace(self._path, loops=loops)
            self._motions.change("handle", self._path, self._speed)

    def _show_frame(self, frame: int) -> None:
        path = self._path
        if path is not None and frame != self._frame:
            self._frame = frame
            share = frame / max(1, len(path.frames) - 1) if self._plays_shown else None
            epoch = None if path.epochs is None else int(path.epochs[frame])
            self._go_to(path.frames[frame], epoch, share)

    def go_along(self, share: float) -> None:
        """Stop, and move the handle to a place on the path, in [0, 1]."""
        path = self.paths.path()
        if path is not None:
            self.stop()
            frame = round(share * (path.n_frames - 1))
            epochs = path.frame_epochs()
            self._cursor.move_to(path.frames()[frame])
            self._go_to(path.frames()[frame], None if epochs is None else int(epochs[frame]), share)

    def toggle_feedback(self) -> None:
        """Re-encode until it converges, or stop."""
        decoder, was_running = self._shown.weights, self.moves == "reencode"
        self.stop()
        if decoder is not None and not was_running:
            self.moves = "reencode"
            self._feedback.start(decoder, self._cursor.latent)
        self.action_set.refresh()

    def toggle_drift(self) -> None:
        """Let the handle drift, or stop."""
        was_drifting = self.moves == "drift"
        self.stop()
        if not was_drifting:
            self.moves = "drift"
            data, here = self._cursor.statistics, self._cursor.latent
            means, deviations = (0 * here, 0 * here + 1) if data is None else (data.means, data.deviations)
            drift = DriftPath.of(here, means, deviations, self._random)
            self._motions.start("handle", drift, self._cursor.show, frame_ms=_DRIFT_FRAME_MS)
        self.action_set.refresh()

    def mix(self) -> None:
        """Open the mixer, which moves the handle to a weighted mean of the pins."""
        self._close_mixer()
        self.stop()
        mixer = PinMixer(self.paths.latents, self._plane)
        mixer.mixed.connect(self._cursor.move_to)
        mixer.show()

    def _close_mixer(self) -> None:
        for mixer in self._plane.findChildren(PinMixer):
            mixer.close()

    def clear(self) -> None:
        """Clear all pins, the trail and the drawing's trajectory."""
        self.placed.forget()
        self.paths.clear()

    def place_drawing(self) -> None:
        """Mark where the drawing is encoded, and move the handle there."""
        self.stop()
        self._asked = self.view.value
        self.placed.place()

    def _place_image(self) -> None:
        """Do so with an image of a dataset, which is pinned, too: several can be compared."""
        self._asked = self.view.value
        if self._asked.latent.to_place is not None:
            self.placed.place_image(*self._asked.latent.to_place)

    def is_as(self, asked: View | None) -> bool:
        """Return whether an answer may act for the hand that asked: it has done nothing since."""
        return asked is self.view.value and not self.moves

    @Slot(object, int)
    def _on_landed(self, latent: NDArray[np.float32] | None, epoch: int) -> None:
        is_wished, is_sent = self.is_as(self._asked), self.view.value.latent.to_place is not None
        self.view.change(latent=replace(self.view.value.latent, to_place=None))
        if is_wished and latent is not None:
            if is_sent:
                self.paths.pin(latent, epoch)
            self._cursor.move_to(latent)

    @Slot()
    def show_marks(self) -> None:
        """Show pins, path, trajectory and trail, projected onto the plane; a grid has none of them."""
        axes, is_hidden = self._cursor.axes, self._controller.is_grid
        path = None if is_hidden else self.paths.path()
        latents = np.array([] if is_hidden else self.paths.latents).reshape(-1, self._cursor.latent_dim)
        self._plane.set_pins(axes.to_plane(latents))
        trajectory = self.placed.trajectory
        self._plane.set_trajectory(
            [] if is_hidden or not len(trajectory) else axes.to_plane(trajectory),
            self.placed.names,
            self.placed.here,
        )
        self._plane.set_path([] if path is None else axes.to_plane(path.frames()))
        self._show_trail()
        self.action_set.refresh()

    @Slot()
    def _show_trail(self) -> None:
        trail = [] if self._controller.is_grid else self.paths.trail(_TRAIL_PLACES)
        latents = np.array(trail).reshape(-1, self._cursor.latent_dim)
        self._plane.set_trail(self._cursor.axes.to_plane(latents))
        if len(latents) <= _PLAYABLE:
            self.action_set.refresh()

    def _go_to(self, latent: NDArray[np.float32], epoch: int | None, share: float | None) -> None:
        if epoch is not None and self._shown.is_current:
            self.view.show(Position(epoch))
        self._cursor.show(latent)
        self.moved_along.emit(share)

    @Slot()
    def _on_path_changed(self) -> None:
        """Take the handle off the path: it, and what is still being played, went along the one before."""
        self._plays_shown = False
        self._on_moved()
        self.show_marks()

    @Slot()
    def _on_moved(self) -> None:
        self.moved_along.emit(None)

    @Slot(object)
    def _on_fed_back(self, latent: NDArray[np.float32]) -> None:
        self._cursor.show(latent)
        self.paths.record(latent)

    @Slot(str)
    def _on_settled(self, message: str) -> None:
        self.moves = ""
        self.action_set.refresh()
        self._engine.notifications.show_status(message)


HAND_ROWS: tuple[ActionRow[LatentAnimation], ...] = (
    ActionRow(key="pin", menu="Latent", text="Pin", shortcuts=("P",),
              help="Set a pin where the handle is, at the epoch shown.", callback=LatentAnimation.pin),
    ActionRow(key="snap", menu="Latent", text="Snap to an image", shortcuts=("N",),
              help="Put the handle exactly where the nearest test image is encoded.",
              callback=LatentAnimation.snap),
)  # fmt: skip
PATH_ROWS: tuple[ActionRow[LatentAnimation], ...] = (
    ActionRow(key="placeDrawing", menu="Latent", text="Place drawing", shortcuts=("D",),
              help="Show where your drawing is encoded; a dotted line shows where it was after each epoch.",
              callback=LatentAnimation.place_drawing),
    ActionRow(key="playPath", menu="Latent", text="Play path", shortcuts=("L",),
              help="Move the handle along the path, or stop.", callback=LatentAnimation.toggle_play,
              enabled=lambda host: host.can_play, why_not=lambda host: host.paths.unavailable_reason,
              label=lambda host: _("Stop") if host.moves == "path" else _("Play path")),
    ActionRow(key="loopPath", menu="Latent", text="Loop", shortcuts=("Shift+L",),
              help="Begin again at the end of the path.", toggle=LatentAnimation.set_loops),
)  # fmt: skip
PIN_ROWS: tuple[ActionRow[LatentAnimation], ...] = (
    ActionRow(key="clearPins", menu="Latent", text="Clear", shortcuts=("Shift+Del",),
              help="Clear pins, trail and the mark of your drawing.", callback=LatentAnimation.clear,
              enabled=lambda host: bool(host.paths.latents or host.paths.movement or host.placed.names)),
    ActionRow(key="mixPins", menu="Latent", text="Mix pins…", shortcuts=("M",),
              help="Move the handle to a mixture of all pins.", callback=LatentAnimation.mix,
              enabled=lambda host: len(host.paths.latents) > 1),
    ActionRow(key="reencode", menu="Latent", text="Encode again", shortcuts=("B",), checkable=True,
              help="Decode and encode again and again, until it converges.",
              callback=LatentAnimation.toggle_feedback, checked=lambda host: host.moves == "reencode"),
    ActionRow(key="drift", menu="Latent", text="Drift", shortcuts=("W",), checkable=True,
              help="Move the handle slowly from image to image.", callback=LatentAnimation.toggle_drift,
              checked=lambda host: host.moves == "drift"),
)  # fmt: skip
