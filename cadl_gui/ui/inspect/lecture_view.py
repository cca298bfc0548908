"""All kernels of a convolution, as shown in the lecture."""

from collections.abc import Iterator

from cadl_gui.domain.formatting import number_text
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.lecture_montage import (
    kernel_pixel,
    lecture_montage,
    lowest_and_highest,
    stretched,
)
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.figures.colour_legend import stretched_legend
from cadl_gui.ui.figures.figure_item import Item, pixels_item
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme


class LectureView(FigureView):
    """Shows the lecture's montage of kernels, and a legend below it."""

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._own: LayerWeights | None = None
        self._is_first = False

    def set_kernels(self, own: LayerWeights | None, *, is_first: bool = False) -> None:
        """Show a convolution; see `lecture_montage`. None empties the view."""
        self._own, self._is_first = own, is_first
        self._refresh()

    def _items(self, ratio: float) -> Iterator[Item]:
        own = self._own
        if own is None:
            return
        numbers = lecture_montage(own, is_first=self._is_first)
        # Without *Ink on paper*, since coloured weights are not a dataset image.
        image = array_image(stretched(numbers, self._theme.colour_map))

        def tell(x: int, y: int) -> str:
            found = kernel_pixel(own.layer, x, y)
            if found is None:
                return ""
            source = (
                _(" · input {source}").format(source=found.source) if own.layer.input_shape[-1] > 1 else ""
            )
            value = number_text(float(numbers[y, x]))
            return _("unit {unit}{source} · x {x}, y {y} · {value}").format(
                unit=found.unit, source=source, x=found.x, y=found.y, value=value
            )

        place = self._fitting(image, ratio, below=self._legend_height, is_centred=False)
        yield pixels_item(place, image, tell)
        yield self._legend_item(stretched_legend(self._below(place), *lowest_and_highest(numbers)))
