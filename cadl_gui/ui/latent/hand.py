"""What the hand does with the handle."""

from PySide6.QtCore import QObject, Slot

from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.plane_feed import PlaneFeed
from cadl_gui.ui.latent.play import LatentPlay
from cadl_gui.ui.latent.point_walk import PointWalk
from cadl_gui.ui.suited_run import SuitedRun


class LatentHand(QObject):
    """Moves the place as the hand moves the handle, remembers the movement, and sets pins.

    On a grid, where places mean nothing, the handle takes the code of the digit that stands there.

    Args:
        shown: at which epoch pins are set.
        place: what is moved; the hand's parent.
        paths: remembers the movement, and the pins.
        play: stops moving the handle by itself.
        feed: knows the digits' codes.
        walk: knows where they stand; on its plane is the handle.
    """

    def __init__(
        self,
        shown: SuitedRun,
        place: LatentPlace,
        paths: LatentPaths,
        play: LatentPlay,
        feed: PlaneFeed,
        walk: PointWalk,
    ) -> None:
        super().__init__(place)
        self._shown = shown
        self._place = place
        self._paths = paths
        self._play = play
        self._feed = feed
        self._walk = walk
        self._plane = walk.plane
        place.moved.connect(self.show_handle)
        self._plane.handle_moved.connect(self._on_handle_moved)
        self._plane.digit_wanted.connect(self._on_digit_wanted)

    @Slot()
    def show_handle(self) -> None:
        """Put the handle where the code lies; on a grid it stays where the hand has put it."""
        if not self._walk.is_grid:
            self._plane.set_handle(*self._place.handle)

    def pin(self) -> None:
        """Set a pin at the handle, and at the epoch that is shown."""
        run = self._shown.run
        if run is not None:
            self._paths.pin(self._place.code, (self._shown.position or run.newest).epoch)

    def snap(self) -> None:
        """Put the handle exactly onto the digit nearest to it."""
        self._on_digit_wanted(*self._plane.handle)

    @Slot(float, float)
    def _on_handle_moved(self, z0: float, z1: float) -> None:
        self._play.stop()
        if self._walk.is_grid:
            self._take_digit(z0, z1)
            return
        self._place.move_on_plane(z0, z1)
        self._paths.record(self._place.code)

    @Slot(float, float)
    def _on_digit_wanted(self, z0: float, z1: float) -> None:
        self._play.stop()
        index = self._take_digit(z0, z1)
        if index is None:
            return
        if self._walk.is_grid:
            self._plane.set_handle(*self._plane.points.places[index].tolist())
        else:
            self._paths.record(self._place.code)
        self._plane.hover(index)

    def _take_digit(self, z0: float, z1: float) -> int | None:
        """Go to the code of the digit nearest to a place of the plane; None where there are no digits."""
        index = self._walk.nearest(z0, z1)
        if index is not None:
            self._place.set_code(self._feed.latents[index])
        return index


ROWS: tuple[ActionRow[LatentHand], ...] = (
    ActionRow(key="pin", menu="Latent", text="Pin", shortcuts=("P",),
              help="Set a pin where the handle is, at the epoch shown.", callback=LatentHand.pin),
    ActionRow(key="snap", menu="Latent", text="Snap to a digit", shortcuts=("N",),
              help="Put the handle exactly where the nearest digit is encoded.", callback=LatentHand.snap),
)  # fmt: skip
