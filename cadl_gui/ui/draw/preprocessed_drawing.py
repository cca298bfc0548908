"""The drawing as the networks see it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.run import RunDescription
from cadl_gui.imaging.drawing.noise import corrupted
from cadl_gui.imaging.drawing.normalisation import RAW_SIDE, Normalisation, normalise_drawing, shrunk
from cadl_gui.imaging.drawing.strokes import Drawing
from cadl_gui.ui.draw.digit_canvas import DigitCanvas

SHAPE = (28, 28, 1)
"""Shape of the image; networks for other shapes get no requests."""

_NOISE_SEED = 28


class PreprocessedDrawing(QObject):
    """Normalises the drawing on a canvas, unless that is switched off, and adds noise.

    Attributes:
        stages: steps of the normalisation; None before the first drawing.
        clean: (28, 28, 1) float32 in [0, 1], read-only, before noise; None while the canvas has no ink.
        seen: the same with noise, as the networks get it.

    Signals:
        changed: `seen` has changed, perhaps to None.
    """

    changed = Signal()

    def __init__(self, canvas: DigitCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._is_normalised = True
        self._noise = 0.0
        self._corruption = "masking"
        self.stages: Normalisation | None = None
        self.clean: NDArray[np.float32] | None = None
        self.seen: NDArray[np.float32] | None = None
        canvas.changed.connect(self._on_drawn)

    @property
    def drawing(self) -> Drawing:
        """The drawing on the canvas."""
        return self._canvas.drawing

    @property
    def is_normalised(self) -> bool:
        """Whether drawings are normalised like MNIST's digits."""
        return self._is_normalised

    @Slot(bool)
    def set_normalised(self, normalised: bool) -> None:
        """Normalise drawings like MNIST's digits, or use the whole canvas unchanged."""
        self._is_normalised = normalised
        self._on_drawn()

    @Slot(float)
    def set_noise(self, amount: float) -> None:
        """Set the amount of corruption in [0, 1], of the kind used to train denoising networks; 0 is none."""
        if amount != self._noise:
            self._noise = amount
            self._see()

    def set_corruption(self, kind: str) -> None:
        """Set the kind of noise, one of `CORRUPTIONS`."""
        if kind != self._corruption:
            self._corruption = kind
            self._see()

    @Slot()
    def _on_drawn(self) -> None:
        raw = self._canvas.raster(RAW_SIDE)
        stages = normalise_drawing(self.drawing, raw=raw) if self._is_normalised else shrunk(raw)
        self.stages = stages
        self.clean = None if stages.is_empty else _read_only(stages.centred.reshape(SHAPE))
        self._see()

    def _see(self) -> None:
        self.seen = self.clean
        if self.clean is not None and self._noise:
            # A fixed seed hits the same pixels throughout a stroke: flickering noise would hide the digit.
            random = np.random.default_rng(_NOISE_SEED)
            self.seen = _read_only(corrupted(self.clean, self._corruption, self._noise, random))
        self.changed.emit()


def takes_drawings(about: RunDescription) -> bool:
    """Return whether a network was trained on images that are similar to drawings, and of their size."""
    return about.is_ink_on_black and about.image_shape == SHAPE


def _read_only(image: NDArray[np.float32]) -> NDArray[np.float32]:
    image.flags.writeable = False
    return image
