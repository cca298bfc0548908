"""The view goes along where points walk to a grid, and back to where it was."""

from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane


class ViewAnimation:
    """Moves the view from where it is to another one; gives way as soon as the hand moves it.

    Args:
        plane: whose view is moved.
    """

    def __init__(self, plane: LatentPlane) -> None:
        self._plane = plane
        self._from = self._put = plane.view
        self._to: ViewBox | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether the view is still where the last walk has put it."""
        return self._plane.view == self._put

    def begin(self, to: ViewBox) -> None:
        """Set out for a part of the plane."""
        self._from = self._put = self._plane.view
        self._to = to

    def go(self, progress: float) -> None:
        """Show what is in view on the way: at 0 what was, from 1 on what is to be."""
        if self._to is None:
            return
        if not self.is_untouched:
            self._to = None
            return
        self._plane.set_view(self._to if progress >= 1 else self._from.on_the_way_to(self._to, progress))
        self._put = self._plane.view
        if progress >= 1:
            self._to = None
