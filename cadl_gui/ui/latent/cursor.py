"""The current latent vector, and the plane through it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.imaging.latent.axes import LatentAxes


class LatentCursor(QObject):
    """Holds the latent vector of the Latent tab and the plane that it lies on.

    Signals:
        moved: The vector, or its coordinates on the plane, changed.
        plane_changed: The plane changed, which invalidates everything decoded for it.
    """

    moved = Signal()
    plane_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._axes = LatentAxes.of_dimensions(2)
        self._latent = np.zeros(2, np.float32)
        self._latent.flags.writeable = False

    @property
    def axes(self) -> LatentAxes:
        """The plane."""
        return self._axes

    @property
    def latent(self) -> NDArray[np.float32]:
        """The latent vector, (d,), read-only."""
        return self._latent

    @property
    def latent_dim(self) -> int:
        """Its length d."""
        return len(self._latent)

    @property
    def handle(self) -> tuple[float, float]:
        """Coordinates of the vector on the plane."""
        z0, z1 = self._axes.to_plane(self._latent).tolist()
        return z0, z1

    def enter(self, latent_dim: int) -> None:
        """Start at the origin of a space of `latent_dim` ≥ 2 dimensions."""
        self._axes = LatentAxes.of_dimensions(latent_dim)
        self._set(np.zeros(latent_dim))
        self.plane_changed.emit()

    def set_axes(self, axes: LatentAxes) -> None:
        """Change the directions of the plane, which passes through the unchanged vector."""
        self._axes = axes.with_base(self._latent)
        self.plane_changed.emit()
        self.moved.emit()

    @Slot(float, float)
    def move_on_plane(self, z0: float, z1: float) -> None:
        """Move to a point of the plane."""
        self._set(self._axes.to_z((z0, z1)))

    @Slot(object)
    def set_latent(self, latent: ArrayLike) -> None:
        """Move to a latent vector, (d,); if it is not on the plane, the plane is shifted to it."""
        vector = np.asarray(latent, np.float32).reshape(self._latent.shape)
        if np.array_equal(vector, self._latent):
            return
        distance = np.abs(self._axes.to_z(self._axes.to_plane(vector)) - vector).max()
        self._set(vector)
        if distance > 1e-4 * max(1.0, float(np.abs(vector).max())):
            self._axes = self._axes.with_base(vector)
            self.plane_changed.emit()

    def _set(self, latent: ArrayLike) -> None:
        self._latent = np.array(latent, np.float32)
        self._latent.flags.writeable = False
        self.moved.emit()
