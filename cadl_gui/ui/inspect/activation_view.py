"""The activations of one unit for one image."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.colour_map import activation_colour_map, colour_indices
from cadl_gui.ui.figures.colour_legend import activation_legend
from cadl_gui.ui.figures.figure_item import Item, Pen, pixels_item
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme


class ActivationView(FigureView):
    """Shows the unit's activation map, or its single activation."""

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._values: NDArray[np.float32] | None = None
        self._limit = 0.0
        self._least = np.float32(0)

    @property
    def values(self) -> NDArray[np.float32] | None:
        """The activations shown, (height, width), or None."""
        return self._values

    def set_activation(
        self, values: NDArray[np.float32] | None, limit: float = 0.0, *, has_negative: bool = False
    ) -> None:
        """Show one unit's activations.

        Args:
            values: (height, width); (1, 1) for a single number; None empties the view.
            limit: Absolute value mapped to the end of the colour scale.
            has_negative: Whether the scale reaches below zero, for other units of the layer.
        """
        self._values, self._limit = values, limit
        self._least = np.float32(-1 if has_negative else 0)
        self._refresh()

    def _items(self, ratio: float) -> Iterator[Item]:
        values = self._values
        if values is None:
            return
        theme, seen = self._theme, np.append(values, self._least)
        colours = activation_colour_map(seen, theme.colour_map, is_dark=theme.is_dark)
        image = self._coloured_image(colour_indices(values, self._limit), colours=colours)
        place = self._fitting(image, ratio, below=self._legend_height)

        def tell(x: int, y: int) -> str:
            where = f"x {x}, y {y} · " if values.size > 1 else ""
            return f"{where}{number_text(float(values[y, x]))}"

        def write(pen: Pen) -> None:
            if values.size == 1:
                pen.painter.setFont(pen.theme.font("value"))
                pen.painter.setPen(ink_on(image.pixelColor(0, 0)))
                number = number_text(float(values[0, 0]), digits=2)
                pen.painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)

        yield pixels_item(place, image, tell, write)
        yield self._legend_item(activation_legend(self._below(place), self._limit, colours))
