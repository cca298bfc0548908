"""The animation of the view when points move to a grid and back."""

from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane


class ViewAnimation:
    """Moves the view to another one; stops as soon as the user moves the view.

    Args:
        plane: The plane whose view is moved.
    """

    def __init__(self, plane: LatentPlane) -> None:
        self._plane = plane
        self._from = self._put = plane.view
        self._to: ViewBox | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether the view is still where the animation has put it."""
        return self._plane.view == self._put

    def begin(self, to: ViewBox) -> None:
        """Start moving to a part of the plane."""
        self._from = self._put = self._plane.view
        self._to = to

    def go(self, progress: float) -> None:
        """Show the view at a progress: 0 is the start, 1 and above the target."""
        if self._to is None:
            return
        if not self.is_untouched:
            self._to = None
            return
        self._plane.set_view(self._to if progress >= 1 else self._from.on_the_way_to(self._to, progress))
        self._put = self._plane.view
        if progress >= 1:
            self._to = None
