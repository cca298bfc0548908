"""Pins in latent space, the recorded drag, and the path through them."""

import time
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.view import Pin
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.latent.latent_path import FRAMES_PER_SECOND, AnyKind, LatentPath, most_frames
from cadl_gui.imaging.latent.path import PATH_KINDS
from cadl_gui.system.file_limits import MOST_PIN_NUMBERS, MOST_PLACES
from cadl_gui.system.words import _

MOVEMENT: Final = "movement"
KINDS: tuple[AnyKind, ...] = (*PATH_KINDS, MOVEMENT)

_NO_MOVEMENT = _("Drag the handle first: its movement is played.")
_NO_PINS = _("Set two pins first: the path leads from one to the other.")
_REST_SECONDS = 1.0


class LatentPaths(QObject):
    """Holds the pins of every run, and the last drag.

    Each run has its own pins, since those of another space have no meaning on its plane. A pin records the
    epoch at which it was set: pins of different epochs make a path that leads through training as well. Pins
    and kind are in the view; the drag is of the moment, and *Save path…* keeps it. A new drag starts after a
    rest of one second.

    Signals:
        changed: The pins or the kind of path changed.
        recorded: The drag was extended or restarted.
    """

    changed = Signal()
    recorded = Signal()

    def __init__(self, view: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._key = ""
        self._n_numbers = 0
        self._movement: list[tuple[float, NDArray[np.float32]]] = []
        view.bind(self, self._chosen_now, self._tell)

    @property
    def latents(self) -> list[tuple[float, ...]]:
        """Latent vectors of the pins."""
        return [pin[:-1] for pin in self.pins]

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins of the current run; none if the view has pins of another space for it."""
        pins = self._view.value.chosen(self._key).pins
        return pins if all(len(pin) == self._n_numbers for pin in pins) else ()

    @property
    def movement(self) -> list[NDArray[np.float32]]:
        """Latent vectors of the drag, the newest last."""
        return self.trail(MOST_PLACES)

    def trail(self, n: int) -> list[NDArray[np.float32]]:
        """Return the `n` newest of them: each event of a drag shows a few of thousands."""
        return [latent for _, latent in self._movement[-n:]]

    @property
    def kind(self) -> AnyKind:
        """The kind of path; one of `KINDS`."""
        wished = self._view.value.latent.path_kind
        return next((kind for kind in KINDS if kind == wished), KINDS[0])

    @property
    def unavailable_reason(self) -> str:
        """A message saying what is needed for a path."""
        return _NO_MOVEMENT if self.kind == MOVEMENT else _NO_PINS

    def leave(self) -> None:
        """Show no pins, until a run is entered."""
        self._key, self._movement = "", []
        self.changed.emit()

    def enter(self, key: str, latent_dim: int) -> None:
        """Switch to the pins of a run, which has this key in the view."""
        self._key, self._n_numbers = key, latent_dim + 1
        self.changed.emit()

    def pin(self, latent: NDArray[np.float32], epoch: int) -> None:
        """Add a pin at a latent vector, (d,)."""
        self._change(_("pin"), (*self.pins, (*latent.tolist(), epoch)))

    def clear_pins(self) -> None:
        """Clear all pins, which can be undone; the recorded drag, which could not be, stays."""
        self._change(_("clearing of pins"), ())

    @Slot()
    def clear(self) -> None:
        """Clear all pins and the recorded drag."""
        self._movement = []
        self.clear_pins()
        self.changed.emit()
        self.recorded.emit()

    def set_kind(self, kind: AnyKind) -> None:
        """Set the kind of path, one of `KINDS`."""
        self._view.change(latent=replace(self._view.value.latent, path_kind=kind))

    def record(self, latent: NDArray[np.float32]) -> None:
        """Append a latent vector, (d,), to the drag."""
        now = time.monotonic()
        if self._movement and now - self._movement[-1][0] > _REST_SECONDS:
            self._movement = []
        self._movement.append((now, latent))
        del self._movement[: -min(MOST_PLACES, MOST_PIN_NUMBERS // len(latent))]
        self.recorded.emit()

    def path(self) -> LatentPath | None:
        """Return the path, or None with fewer than two places."""
        if self.kind == MOVEMENT:
            return self._path_of_movement()
        return None if len(self.pins) < 2 else LatentPath.through(self.pins, self.kind)

    def apply(self, path: LatentPath, epoch: int) -> None:
        """Add the pins of a saved path, or restore its drag, and take over its kind.

        Args:
            epoch: Epoch of the pins, if the path has none.
        """
        self.set_kind(path.kind)
        if path.kind == MOVEMENT:
            latents = [np.array(pin, np.float32) for pin in path.pins]
            self._movement = list(zip(path.times, latents, strict=True))
        else:
            epochs = path.epochs or (epoch,) * len(path.pins)
            added = ((*pin, at) for pin, at in zip(path.pins, epochs, strict=True))
            self._change(_("pins of a path"), (*self.pins, *added))
        self.changed.emit()

    def _change(self, what: str, pins: tuple[Pin, ...]) -> None:
        self._view.change(of_run=self._view.value.with_run(self._key, pins=pins), undo=what)

    def _chosen_now(self) -> tuple[AnyKind, tuple[Pin, ...]]:
        return self.kind, self.pins

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    def _path_of_movement(self) -> LatentPath | None:
        if len(self._movement) < 2:
            return None
        began = self._movement[0][0]
        times = tuple(at - began for at, _ in self._movement)
        latents = tuple(tuple(latent.tolist()) for latent in self.movement)
        return LatentPath(
            pins=latents,
            kind=MOVEMENT,
            n_frames=max(2, min(round(times[-1] * FRAMES_PER_SECOND) + 1, most_frames(len(latents[0])))),
            frames_per_second=FRAMES_PER_SECOND,
            times=times,
        )
