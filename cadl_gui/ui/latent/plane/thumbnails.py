"""Thumbnails of encoded images on the plane, tinted in the colour of their label."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from cadl_gui.domain.images import to_uint8
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.ui.array_image import rgb
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.pixels import rgb_image

_ROUNDS = 3


class LatentThumbnails:
    """Paints as many as fit without overlap; on a grid all of them, each as large as its cell.

    Scaled images are cached, so that points can be animated.
    """

    def __init__(self) -> None:
        self._images: NDArray[Any] | None = None
        self._look: tuple[str, tuple[str, ...]] = ("", ())
        self._side = 0
        self._pixels = np.empty((0, 1, 1, 1), np.uint8)
        self._inks: list[NDArray[np.uint32]] = []
        self._inked: dict[int, QImage] = {}
        self._scaled: dict[int, QImage] = {}

    def paint(
        self,
        painter: QPainter,
        canvas: LatentCanvas,
        points: LatentPoints,
        images: NDArray[Any],
        colours: tuple[str, ...],
        side: int,
    ) -> None:
        """Paint the visible thumbnails.

        Args:
            images: (n, height, width, 1 or 3) in [0, 1] or uint8.
            colours: Colours of the labels; a single one applies to all images.
            side: Side of a scattered thumbnail, in pixels of the canvas.
        """
        places = canvas.to_pixels(points.places)
        px_per_unit = canvas.width / canvas.box.width
        if points.is_on_grid:
            side = max(1, int(points.room * px_per_unit))
            indices: list[int] = np.flatnonzero(canvas.near(places, side)).tolist()
        else:
            indices = _beside_each_other(places, points.places * px_per_unit, side, canvas)
        self._set_look(images, (canvas.background_colour, colours), side)
        corners = np.rint(places[indices] - side / 2).astype(int).tolist()
        for index, (x, y) in zip(indices, corners, strict=True):
            image = self._scaled.get(index)
            if image is None:
                image = self._scaled[index] = self._image(points, index)
            painter.drawImage(x + (side - image.width()) // 2, y + (side - image.height()) // 2, image)

    def _set_look(self, images: NDArray[Any], look: tuple[str, tuple[str, ...]], side: int) -> None:
        """Clear the caches if the images, the background, the colours or the size changed."""
        if images is not self._images or look != self._look:
            self._images, self._look, self._pixels = images, look, _bytes(images)
            background_colour, colours = look
            self._inks = [_ink(background_colour, colour) for colour in colours]
            self._inked.clear()
            self._scaled.clear()
        if side != self._side:
            self._side = side
            self._scaled.clear()

    def _image(self, points: LatentPoints, index: int) -> QImage:
        image = self._inked.get(index)
        if image is None:
            label = 0 if points.labels is None else int(points.labels[index])
            image = self._inked[index] = self._ink_in(index, self._inks[label % len(self._inks)])
        is_small = self._side < NEAREST_FROM * image.width()
        modes = Qt.TransformationMode
        way = modes.SmoothTransformation if is_small else modes.FastTransformation
        return image.scaled(self._side, self._side, Qt.AspectRatioMode.KeepAspectRatio, way)

    def _ink_in(self, index: int, ink: NDArray[np.uint32]) -> QImage:
        """Tint a grey image with a colour on the background; colour images are unchanged."""
        pixels = self._pixels[index]
        height, width, channels = pixels.shape
        if channels == 3:
            return rgb_image(pixels)
        inked = ink[pixels[..., 0]]
        return QImage(inked.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _bytes(images: NDArray[Any]) -> NDArray[np.uint8]:
    return images if images.dtype == np.uint8 else to_uint8(images)


def _ink(background_colour: str, colour: str) -> NDArray[np.uint32]:
    """Return the table of colours for grey values, from background to colour: (256,) 0xffRRGGBB."""
    start, end = (rgb(name).astype(np.float32) for name in (background_colour, colour))
    share = np.linspace(0, 1, 256, dtype=np.float32)[:, np.newaxis]
    red, green, blue = np.rint(start + (end - start) * share).astype(np.uint32).T
    return np.asarray(np.uint32(0xFF000000) | red << 16 | green << 8 | blue, np.uint32)


def _beside_each_other(
    places: NDArray[np.float64], anchored: NDArray[np.float64], side: int, canvas: LatentCanvas
) -> list[int]:
    """Return the indices of points to paint whose squares do not overlap.

    The first point in each cell of a lattice fixed to the plane is a candidate; in a few rounds, a candidate
    yields to earlier ones that overlap it. Each choice depends on its surroundings only, and so does not
    change while the plane is panned.

    Args:
        places: (n, 2) in pixels of the canvas.
        anchored: (n, 2) the same, relative to the origin of the plane.
        side: Side of a square, in pixels.
    """
    cells = np.floor(anchored / side).astype(np.int64)
    _, firsts = np.unique(cells @ (1, 1 << 32), return_index=True)
    chosen = np.sort(firsts[canvas.near(places[firsts], 2 * (_ROUNDS + 1) * side)])
    squares = places[chosen]
    overlap = (np.abs(squares[:, np.newaxis] - squares) < side).all(2)
    in_question, retained = np.ones(len(chosen), np.bool_), np.zeros(len(chosen), np.bool_)
    for _ in range(_ROUNDS):
        first = in_question & ~np.tril(overlap & in_question, -1).any(1)
        retained |= first
        in_question &= ~overlap[:, first].any(1)
    indices: list[int] = chosen[retained & canvas.near(squares, side)].tolist()
    return indices
