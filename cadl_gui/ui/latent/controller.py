"""The controller that handles user input on the latent plane."""

from PySide6.QtCore import QObject, Slot

from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.grid_animation import GridAnimation
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.tab_run import TabRun


class LatentController(QObject):
    """Moves the cursor with the handle, records the drag, and sets pins.

    On a grid, where places have no meaning, the handle selects the latent vector of the digit there.

    Args:
        shown: Supplies the epoch of pins.
        cursor: The cursor to move; the controller's parent.
        paths: Records drags and pins.
        animation: Stopped when the user moves the handle.
        plane_controller: Supplies the digits' latent vectors.
        grid_animation: Supplies the digits' places; its plane has the handle.
    """

    def __init__(
        self,
        shown: TabRun,
        cursor: LatentCursor,
        paths: LatentPaths,
        animation: LatentAnimation,
        plane_controller: PlaneController,
        grid_animation: GridAnimation,
    ) -> None:
        super().__init__(cursor)
        self._shown = shown
        self._cursor = cursor
        self._paths = paths
        self._animation = animation
        self._plane_controller = plane_controller
        self._grid_animation = grid_animation
        self._plane = grid_animation.plane
        cursor.moved.connect(self.show_handle)
        self._plane.handle_moved.connect(self._on_handle_moved)
        self._plane.digit_requested.connect(self._on_digit_requested)

    @Slot()
    def show_handle(self) -> None:
        """Move the handle to the latent vector; on a grid it stays where the user has put it."""
        if not self._grid_animation.is_grid:
            self._plane.set_handle(*self._cursor.handle)

    def pin(self) -> None:
        """Set a pin at the handle, for the epoch shown."""
        run = self._shown.run
        if run is not None:
            self._paths.pin(self._cursor.latent, (self._shown.position or run.newest).epoch)

    def snap(self) -> None:
        """Move the handle to the nearest encoded image."""
        self._on_digit_requested(*self._plane.handle)

    @Slot(float, float)
    def _on_handle_moved(self, z0: float, z1: float) -> None:
        self._animation.stop()
        if self._grid_animation.is_grid:
            self._take_digit(z0, z1)
            return
        self._cursor.move_on_plane(z0, z1)
        self._paths.record(self._cursor.latent)

    @Slot(float, float)
    def _on_digit_requested(self, z0: float, z1: float) -> None:
        self._animation.stop()
        index = self._take_digit(z0, z1)
        if index is None:
            return
        if self._grid_animation.is_grid:
            self._plane.set_handle(*self._plane.points.places[index].tolist())
        else:
            self._paths.record(self._cursor.latent)
        self._plane.hover(index)

    def _take_digit(self, z0: float, z1: float) -> int | None:
        """Move the cursor to the digit nearest to a point, and return its index; None without digits."""
        index = self._grid_animation.nearest(z0, z1)
        if index is not None:
            self._cursor.move_to(self._plane_controller.latents[index])
        return index


ROWS: tuple[ActionRow[LatentController], ...] = (
    ActionRow(key="pin", menu="Latent", text="Pin", shortcuts=("P",),
              help="Set a pin where the handle is, at the epoch shown.", callback=LatentController.pin),
    ActionRow(key="snap", menu="Latent", text="Snap to an image", shortcuts=("N",),
              help="Put the handle exactly where the nearest test image is encoded.",
              callback=LatentController.snap),
)  # fmt: skip
