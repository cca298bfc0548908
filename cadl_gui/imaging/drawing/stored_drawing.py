"""Drawings as JSON values, so that the canvas can be restored at the next start."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.drawing.strokes import Drawing, Point, Stroke
from cadl_gui.system.file_limits import LARGEST_SIDE

_WIDEST = 2.0
"""Largest width of a stroke, in units of the canvas side; the widest brush has a fraction of it."""


_FARTHEST = 100.0
"""Largest coordinate of a point: a hand that leaves the canvas gets as far as the edge of the screen. Points
far beyond have no pixel that Qt could count, and end the process.
"""


def drawing_to_json(drawing: Drawing) -> dict[str, Any]:
    """JSON-serialisable values of a drawing; its points and pixels are stored exactly."""
    strokes = [
        {
            "points": _packed(np.array(stroke.points, np.float64)),
            "width": stroke.width,
            "erases": stroke.erases,
            "colour": list(stroke.colour),
        }
        for stroke in drawing.strokes
    ]
    image = drawing.image
    stored = None if image is None else {"shape": list(image.shape), "pixels": _packed(image)}
    return {"strokes": strokes, "image": stored}


def drawing_from_json(values: Any) -> Drawing:
    """Return the drawing that `drawing_to_json` stored.

    Raises:
        ValueError: if these are not the values of a drawing.
    """
    try:
        image = None if values["image"] is None else _image(values["image"])
        return Drawing(tuple(_stroke(each) for each in values["strokes"]), image)
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"This is not a drawing: {error!r:.100}") from error


def _stroke(values: Any) -> Stroke:
    numbers = _unpacked(values["points"], np.float64).reshape(-1, 3)
    width, colour = float(values["width"]), tuple(int(part) for part in values["colour"])
    is_near = bool((np.abs(numbers) <= _FARTHEST).all())  # NaN is not
    is_valid = len(numbers) and is_near and 0 < width <= _WIDEST
    if not is_valid or len(colour) != 3 or not all(0 <= part <= 255 for part in colour):
        raise ValueError("A stroke has no points, or a number out of range.")
    points = tuple(Point(x, y, min(max(pressure, 0.0), 1.0)) for x, y, pressure in numbers.tolist())
    return Stroke(points, width, values["erases"] is True, colour)


def _image(values: Any) -> NDArray[np.float32]:
    shape = tuple(int(side) for side in values["shape"])
    if len(shape) not in {2, 3} or shape[2:] not in {(), (3,)} or max(shape) > LARGEST_SIDE or min(shape) < 1:
        raise ValueError(f"An image cannot have the shape {shape!r:.60}.")
    image = _unpacked(values["pixels"], np.float32).reshape(shape)
    if not (np.isfinite(image).all() and image.min() >= 0 and image.max() <= 1):
        raise ValueError("A pixel is out of range.")
    return image


def _packed(numbers: NDArray[Any]) -> str:
    """Return numbers as text: JSON would need a value for each, and files are read with a limit on them."""
    little_endian = np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<"))
    return base64.b64encode(little_endian.tobytes()).decode("ascii")


def _unpacked(text: str, kind: type[np.floating[Any]]) -> NDArray[Any]:
    numbers = np.frombuffer(base64.b64decode(text, validate=True), np.dtype(kind).newbyteorder("<"))
    return numbers.astype(kind)
