"""Rasterises drawings in colour."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Colour, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.imaging.drawing.ink import Box, Ink, magnified, segment_coverage, to_bytes, to_float
from cadl_gui.imaging.drawing.resampling import box_size
from cadl_gui.imaging.drawing.scan import LUMA

_LONGEST_PX = 252
"""Longer side of a larger image beneath strokes: so many pixels of noise still fit into 256 kB."""


class Picture:
    """A raster in colour, with the proportions of a form, into which strokes are painted segment by segment.

    A stroke covers what is beneath it as one whole: where its segments overlap, the larger coverage counts.
    So a drawing looks the same whether it was painted while it was drawn or all at once.

    Args:
        height: height in pixels.
        width: width in pixels.
        background: value of the empty picture, which erasing restores.

    Attributes:
        pixels: (height, width, 3) uint8.
    """

    def __init__(self, height: int, width: int, background: int) -> None:
        self.pixels: NDArray[np.uint8] = np.full((height, width, 3), background, np.uint8)
        self._background = background
        self._beneath = self.pixels
        self._covered: NDArray[np.uint8] = np.zeros((height, width), np.uint8)

    def add_drawing(self, drawing: Drawing) -> None:
        """Paint the image, over everything, and all strokes of a drawing."""
        if drawing.image is not None:
            self.pixels[:] = to_bytes(magnified(to_float(drawing.image), *self.pixels.shape[:2]))
        for stroke in drawing.strokes:
            self.begin_stroke()
            for start, end in stroke.segments():
                self.add_segment(stroke, start, end)

    def begin_stroke(self) -> None:
        """Paint the segments that follow as a new stroke."""
        self._beneath = self.pixels.copy()
        self._covered[:] = 0

    def add_segment(self, stroke: Stroke, start: Point, end: Point) -> Box:
        """Paint one straight segment of a stroke, and return the pixels that may have changed."""
        height, width = self._covered.shape
        box, coverage = segment_coverage(stroke, start, end, (height, width), max(height, width))
        part = slice(box.top, box.bottom), slice(box.left, box.right)
        np.maximum(self._covered[part], coverage, out=self._covered[part])
        colour = (self._background,) * 3 if stroke.erases else stroke.colour
        covered = self._covered[part][..., np.newaxis] / np.float32(255)
        beneath = self._beneath[part].astype(np.float32)
        self.pixels[part] = np.rint(beneath + (np.array(colour, np.float32) - beneath) * covered)
        return box


def raster(form: DrawingForm, side: int) -> Ink | Picture:
    """Return an empty raster for drawings of a form, whose longer side has this many pixels."""
    if form.is_ink:
        return Ink(side)
    return Picture(*box_size(form.shape[:2], side), form.background)


def cropped(image: NDArray[np.float32], form: DrawingForm) -> NDArray[np.float32]:
    """Return the middle of an image, as large as possible in the proportions of a form.

    Args:
        image: (h, w, channels).

    Returns:
        A view of the image, (height, width, channels).
    """
    height, width = image.shape[:2]
    factor = min(height / form.shape[0], width / form.shape[1])
    rows = max(1, min(height, round(factor * form.shape[0])))
    columns = max(1, min(width, round(factor * form.shape[1])))
    top, left = (height - rows) // 2, (width - columns) // 2
    return image[top : top + rows, left : left + columns]


def beneath_strokes(image: NDArray[Any], form: DrawingForm) -> NDArray[np.uint8]:
    """Convert an image to what lies beneath the strokes of a drawing.

    It is reduced to 252 pixels along its longer side, or to those of the form if they are more: networks see
    no more of it, and so its file takes 256 kB at most, unless they do.

    Args:
        image: uint8, or float32 in [0, 1]: (h, w) or (h, w, 1), bright ink on black, if the form is ink;
            otherwise, see `as_picture`.

    Returns:
        The image for `Drawing.image`.
    """
    if form.is_ink:
        values = to_float(image) if image.dtype == np.uint8 else image.astype(np.float32)
        values = values.reshape(values.shape[:2])
    else:
        values = as_picture(image, form)
    longest = max(_LONGEST_PX, form.longer_side)
    if max(values.shape[:2]) > longest:
        values = magnified(values, *box_size(values.shape[:2], longest))
    return to_bytes(values)


def as_picture(image: NDArray[Any], form: DrawingForm) -> NDArray[np.float32]:
    """Convert an image to one in the proportions of a form that is not ink.

    Transparent parts show the form's background; where the form is grey, so is the result.

    Args:
        image: (h, w) or (h, w, 1, 3 or 4), uint8, or float in [0, 1].

    Returns:
        (height, width, 3) float32 in [0, 1], cropped to the form's proportions.
    """
    values = to_float(image) if image.dtype == np.uint8 else image.astype(np.float32)
    values = cropped(values.reshape(*values.shape[:2], -1), form)
    colours = values[..., :3]
    if values.shape[2] == 4:
        opacity = values[..., 3:]
        colours = colours * opacity + np.float32(form.background / 255) * (1 - opacity)
    if not form.is_coloured and colours.shape[2] == 3:
        colours = (colours @ LUMA)[..., np.newaxis]
    return np.broadcast_to(colours, (*colours.shape[:2], 3)).astype(np.float32)


def as_shade(colour: Colour, form: DrawingForm) -> Colour:
    """Return a colour as drawings of a form can show it: where they are grey, as bright as it is."""
    if form.is_coloured:
        return colour
    grey = round(float(np.array(colour, np.float32) @ LUMA))
    return grey, grey, grey
