"""A drawing as networks see it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import BLANK, Drawing
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.run import RunDescription
from cadl_gui.imaging.drawing.noise import corrupted
from cadl_gui.imaging.drawing.normalisation import RAW_SIDE, Normalisation, normalise_drawing, shrunk

_NOISE_SEED = 28


@dataclass(frozen=True, eq=False)
class Seen:
    """A drawing, and the image that networks get of it.

    Images are float32 in [0, 1], read-only, of the form's shape; None while the canvas is empty or shows no
    ink.

    Attributes:
        form: the form of the image.
        drawing: the drawing.
        stages: steps of the normalisation of ink; None of other drawings.
        clean: the image before noise.
        unflipped: the same with noise.
        image: the same with noise and inverted pixels, as networks get it.
    """

    form: DrawingForm = INK
    drawing: Drawing = BLANK
    stages: Normalisation | None = None
    clean: NDArray[np.float32] | None = None
    unflipped: NDArray[np.float32] | None = None
    image: NDArray[np.float32] | None = None

    def suits(self, about: RunDescription) -> bool:
        """Return whether a run takes images of this form."""
        return not self.form.refusal(about)


def see(
    form: DrawingForm,
    drawing: Drawing,
    raster: Callable[[int], NDArray[np.float32]],
    *,
    is_normalised: bool,
    noise: float,
    corruption: str,
) -> Seen:
    """Make the image that networks get of a drawing.

    Args:
        raster: returns it with so many pixels along its longer side: (side, side) of ink, otherwise
            (height, width, 3).
        is_normalised: whether ink is normalised as MNIST's digits were; other drawings are only reduced.
        noise: amount of corruption in [0, 1].
        corruption: kind of noise, one of `CORRUPTIONS`.
    """
    stages, clean = None, None
    if form.is_ink:
        raw = raster(RAW_SIDE)
        stages = normalise_drawing(drawing, raw=raw) if is_normalised else shrunk(raw)
        clean = None if stages.is_empty else stages.centred.reshape(form.shape)
    elif not drawing.is_blank:
        clean = np.ascontiguousarray(raster(form.longer_side)[..., : form.shape[2]])
    if clean is None:
        return Seen(form, drawing, stages)
    image = unflipped = clean
    if noise:
        # A fixed seed hits the same pixels throughout a stroke: flickering noise would hide the drawing.
        image = unflipped = corrupted(clean, corruption, noise, np.random.default_rng(_NOISE_SEED))
    if drawing.flips:
        image, (rows, columns) = unflipped.copy(), np.array(sorted(drawing.flips)).T
        image[rows, columns] = 1 - image[rows, columns]
    for array in (clean, unflipped, image):
        array.flags.writeable = False
    return Seen(form, drawing, stages, clean, unflipped, image)
