"""The drawing as the networks see it."""

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.noise import corrupted
from cadl_gui.imaging.drawing.normalisation import RAW_SIDE, Normalisation, normalise_drawing, shrunk
from cadl_gui.imaging.drawing.strokes import Drawing
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas

_NOISE_SEED = 28

Flips = frozenset[tuple[int, int]]
"""Rows and columns of inverted pixels."""


class PreprocessedDrawing(QObject):
    """Makes the image that networks get of the drawing on a canvas, and adds noise.

    Ink is normalised, unless that is switched off; other drawings are reduced to the size of the image.

    Args:
        canvas: has the drawing.
        view: what is wished of the image: whether it is normalised, and its noise.
        parent: parent object.

    Attributes:
        form: the form of the image.
        stages: steps of the normalisation of ink; None before the first drawing, and of other drawings.
        clean: the image before noise, float32 in [0, 1], read-only, of the form's shape; None while the
            canvas is empty or shows no ink.
        unflipped: the same with noise.
        seen: the same with noise and inverted pixels, as the networks get it.
        flips: the inverted pixels. Another drawing has none; with one that comes back, they come back.

    Signals:
        changed: `seen` has changed, perhaps to None.
    """

    changed = Signal()

    def __init__(self, canvas: DrawingCanvas, view: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._view = view
        self.form = canvas.form
        self._corruption = "masking"
        self.stages: Normalisation | None = None
        self.clean: NDArray[np.float32] | None = None
        self.seen: NDArray[np.float32] | None = None
        self.unflipped: NDArray[np.float32] | None = None
        self.flips: Flips = frozenset()
        self._flips_of: WeakKeyDictionary[Drawing, Flips] = WeakKeyDictionary()
        canvas.changed.connect(self._on_drawn)
        view.bind(self, lambda: view.value.draw.is_normalised, self._on_normalised)
        view.bind(self, lambda: view.value.draw.noise, self._see)

    @property
    def drawing(self) -> Drawing:
        """The drawing on the canvas."""
        return self._canvas.drawing

    @property
    def is_normalised(self) -> bool:
        """Whether drawings are normalised like MNIST's digits."""
        return self._view.value.draw.is_normalised

    def suits(self, run: Run) -> bool:
        """Return whether a run takes images of this form."""
        return not self.form.refusal(run.description)

    def _on_normalised(self) -> None:
        self._flips_of.clear()  # these were pixels of other images
        self._on_drawn()

    def set_flips(self, flips: Flips) -> None:
        """Set which pixels are inverted."""
        if flips != self.flips and self.clean is not None:
            self.flips = self._flips_of[self.drawing] = flips
            self._see()

    def set_corruption(self, kind: str) -> None:
        """Set the kind of noise, one of `CORRUPTIONS`."""
        if kind != self._corruption:
            self._corruption = kind
            self._see()

    @Slot()
    def _on_drawn(self) -> None:
        self.form = self._canvas.form
        self.flips = self._flips_of.get(self.drawing, frozenset())
        self.stages = self._normalised() if self.form.is_ink else None
        self.clean = self._without_noise()
        self._see()

    def _normalised(self) -> Normalisation:
        raw = self._canvas.raster(RAW_SIDE)
        return normalise_drawing(self.drawing, raw=raw) if self.is_normalised else shrunk(raw)

    def _without_noise(self) -> NDArray[np.float32] | None:
        form = self.form
        if self.stages is not None:
            return None if self.stages.is_empty else _read_only(self.stages.centred.reshape(form.shape))
        if self.drawing.is_blank:
            return None
        image = self._canvas.raster(form.longer_side)
        return _read_only(np.ascontiguousarray(image[..., : form.shape[2]]))

    def _see(self) -> None:
        self.seen, noise = self.clean, self._view.value.draw.noise
        if self.clean is not None and noise:
            # A fixed seed hits the same pixels throughout a stroke: flickering noise would hide the drawing.
            random = np.random.default_rng(_NOISE_SEED)
            self.seen = _read_only(corrupted(self.clean, self._corruption, noise / 100, random))
        self.unflipped = self.seen
        if self.seen is not None and self.flips:
            flipped, (rows, columns) = self.seen.copy(), np.array(sorted(self.flips)).T
            flipped[rows, columns] = 1 - flipped[rows, columns]
            self.seen = _read_only(flipped)
        self.changed.emit()


def _read_only(image: NDArray[np.float32]) -> NDArray[np.float32]:
    image.flags.writeable = False
    return image
