"""An enlarged weight image of a unit."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices, signed_rgb
from cadl_gui.imaging.weights.weight_images import WeightImages, values_text
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.figures.colour_legend import symmetric_legend
from cadl_gui.ui.figures.figure_item import Item, Pen, pixels_item
from cadl_gui.ui.figures.figure_pixels import paint_numbers
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme


class UnitView(FigureView):
    """Shows the weights of one unit or kernel, with their numbers where these fit into the pixels."""

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._images: WeightImages | None = None
        self._values = np.zeros((1, 1), np.float32)
        self._limit = 0.0

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The weights shown, (height, width), or (height, width, 3) in colour; or None."""
        return None if self._images is None else self._values

    def set_unit(self, images: WeightImages | None, tile: int = 0, limit: float = 0.0) -> None:
        """Show one weight image.

        Args:
            images: Weight images of the layer; None empties the view.
            tile: Index of the image, input * units + unit.
            limit: Absolute value mapped to the end of the colour scale.
        """
        self._images, self._limit = images, limit
        if images is not None:
            source, unit = divmod(tile, images.n_units)
            self._values = images.tile(source, unit)
        self._refresh()

    def _items(self, ratio: float) -> Iterator[Item]:
        images, values = self._images, self._values
        if images is None:
            return
        is_empty, is_finite = images.is_empty(), bool(np.isfinite(values).all())
        if images.is_colour:
            image = array_image(signed_rgb(values, self._limit))
        else:
            indices = colour_indices(values, self._limit)
            indices[is_empty] = EMPTY
            image = self._coloured_image(indices)

        def tell(x: int, y: int) -> str:
            return "" if is_empty[y, x] else f"{images.place_text(x, y)} · {values_text(values[y, x])}"

        def write(pen: Pen) -> None:
            if not images.is_colour:
                paint_numbers(pen.painter, place, image, values, is_empty, pen.theme)

        place = self._fitting(image, ratio, below=self._legend_height)
        yield pixels_item(place, image, tell, write)
        yield self._legend_item(
            symmetric_legend(
                self._below(place),
                self._limit,
                is_exceeded=True,
                has_not_finite=not is_finite,
                in_colour=images.is_colour,
            )
        )
