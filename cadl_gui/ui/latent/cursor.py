"""The place of the handle in latent space, and the plane through it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.view import Axes, Square
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.latent_statistics import LatentStatistics
from cadl_gui.system.file_limits import LARGEST_LATENT

_USUAL: Axes = ("components", 0, 1)
_MOST_COMPONENTS = 16


class LatentCursor(QObject):
    """Where the handle is: at z of the view, or where something moves it for the moment.

    The view has z, the choice of axes and the part of the plane of each run; what is of another space there,
    as a file may have it, counts as not chosen. What moves by itself does not change the view.

    Attributes:
        statistics: How the encoded images spread; None if there are none.

    Signals:
        moved: The vector, or its coordinates on the plane, changed.
        plane_changed: The plane changed, which invalidates everything decoded for it.
    """

    moved = Signal()
    plane_changed = Signal()

    def __init__(self, view: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._key = ""
        self._axes: LatentAxes
        self._latent: NDArray[np.float32]
        self._usual: NDArray[np.float32]
        self.statistics: LatentStatistics | None
        self._enter_space(2)
        view.bind(self, self._wished_z, self._go_to_wished)
        view.bind(self, self._wished_axes, self._lay_plane)

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

    @property
    def choice(self) -> Axes:
        """The chosen axes, or the usual where there are not as many."""
        kind, first, second = self._wished_axes() or _USUAL
        return (kind, first, second) if max(first, second) < self.n_axes(kind) else _USUAL

    def n_axes(self, kind: str) -> int:
        """Return between how many axes of a kind one can choose; 0 if there is no such kind."""
        n_components = max(2, min(len(self._data) or self.latent_dim, self.latent_dim, _MOST_COMPONENTS))
        return {"components": n_components, "latents": self.latent_dim}.get(kind, 0)

    @property
    def box(self) -> Square | None:
        """The chosen part of the plane; None where it is fitted."""
        return self._view.value.chosen(self._key).box

    def enter(self, key: str, latent_dim: int) -> None:
        """Go to the place of a run, which has this key in the view, in its space of `latent_dim` ≥ 2."""
        self._key = key
        self._enter_space(latent_dim)
        self.plane_changed.emit()
        self.moved.emit()

    def change(self, **parts: Any) -> None:
        """Change what is chosen for the run; see `RunView`."""
        self._view.change(of_run=self._view.value.with_run(self._key, **parts))

    def set_data(self, latents: NDArray[np.float32]) -> None:
        """Set the latent vectors of the encoded images, (n, d); the chosen axes may be their components."""
        self._data = latents
        self.statistics = LatentStatistics.of(latents) if len(latents) else None
        if self.statistics is None or self.latent_dim == 2:
            self.plane_changed.emit()
            return
        is_unmoved, self._usual = self._latent is self._usual, _read_only(self.statistics.means)
        if is_unmoved:
            self._latent = self._usual
        self._lay_plane()

    def move_on_plane(self, z0: float, z1: float) -> None:
        """Move to a point of the plane."""
        self.move_to(self._axes.to_z((z0, z1)))

    @Slot(object)
    def move_to(self, latent: ArrayLike) -> None:
        """Move to a latent vector, (d,), which becomes z of the view; to none that is not finite."""
        vector = np.asarray(latent, np.float32)
        if np.isfinite(vector).all():
            z = tuple(np.clip(vector, -LARGEST_LATENT, LARGEST_LATENT).tolist())
            if z != self._wished_z():
                self.change(z=z)
            else:  # something else has moved the handle
                self._go_to_wished()

    @Slot(object)
    def show(self, latent: ArrayLike) -> None:
        """Show the handle at a latent vector, (d,), and leave z of the view as it is.

        If it is not on the plane, the plane is shifted to it.
        """
        vector = _read_only(latent)
        if np.array_equal(vector, self._latent):
            return
        on_plane = vector if self.latent_dim == 2 else self._axes.to_z(self._axes.to_plane(vector))
        self._latent = vector
        self.moved.emit()
        if np.abs(on_plane - vector).max() > 1e-4 * max(1.0, float(np.abs(vector).max())):
            self._axes = self._axes.with_base(vector)
            self.plane_changed.emit()

    def _enter_space(self, latent_dim: int) -> None:
        self._data = np.empty((0, latent_dim), np.float32)
        self._usual = _read_only(np.zeros(latent_dim))
        self.statistics = None
        self._latent = self._wished()
        self._axes = LatentAxes.of_dimensions(latent_dim).with_base(self._latent)

    def _wished_z(self) -> tuple[float, ...]:
        return self._view.value.chosen(self._key).z

    def _wished_axes(self) -> Axes | None:
        return self._view.value.chosen(self._key).axes

    def _wished(self) -> NDArray[np.float32]:
        z = self._wished_z()
        return _read_only(z) if len(z) == len(self._usual) else self._usual

    def _go_to_wished(self) -> None:
        self.show(self._wished())

    def _lay_plane(self) -> None:
        """Lay the plane through the unchanged vector along the chosen axes, once there are data."""
        if len(self._data) > 1 and self.latent_dim > 2:
            kind, first, second = self.choice
            if kind == "components":
                axes = LatentAxes.of_components(self._data, first, second)
            else:
                axes = LatentAxes.of_dimensions(self.latent_dim, first, second)
            self._axes = axes.with_base(self._latent)
        self.plane_changed.emit()
        self.moved.emit()


def _read_only(latent: ArrayLike) -> NDArray[np.float32]:
    vector = np.array(latent, np.float32)
    vector.flags.writeable = False
    return vector
