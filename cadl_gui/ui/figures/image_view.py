"""The widget for images: a single one, or many as a montage."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import grid_shape, montage, to_uint8
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, pixels_item
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.theme import Theme


class ImageView(FigureView):
    """Shows images undistorted: aspect ratio preserved, square corners, edges on device pixels.

    Args:
        is_centred: Whether the image is in the middle of the width, as in Spotlight, or at the left.
        tells_bytes: Whether the bytes of a pixel are told beside what networks see, a number in [0, 1].
    """

    def __init__(
        self, theme: Theme, *, empty_text: str, is_centred: bool = False, tells_bytes: bool = False
    ) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._is_centred, self._tells_bytes = is_centred, tells_bytes
        self._images: NDArray[Any] | None = None
        self._columns, self._white = 1, 1.0
        self._names: Sequence[str] = ()
        self._words = ""

    @property
    def images(self) -> NDArray[Any] | None:
        """The images shown, (n, height, width, channels), or None."""
        return self._images

    def set_image(self, image: NDArray[Any] | None, white: float = 1.0) -> None:
        """Show one image, (height, width, channels); None empties the view.

        Args:
            white: The number that is shown as white, for an image of floats.
        """
        self.set_images(None if image is None else image[np.newaxis], white=white)

    def set_images(
        self,
        images: NDArray[Any] | None,
        columns: int | None = None,
        *,
        names: Sequence[str] = (),
        words: str = "",
        white: float = 1.0,
    ) -> None:
        """Show images as a montage.

        Args:
            images: (n, height, width, 1 or 3) float in [0, 1], or uint8; None empties the view.
            columns: Images per row; by default the squarest grid.
            names: What they are called, instead of by their numbers, where there are several.
            words: Describes them; by default the size of a single one.

        Raises:
            ValueError: If the shape is a different one.
        """
        if images is not None and (images.ndim != 4 or images.shape[3] not in {1, 3}):
            raise ValueError(f"Expected (n, height, width, 1 or 3). Received: shape={images.shape}")
        self._images = images if images is not None and len(images) else None
        self._columns, self._names, self._words, self._white = columns or 0, names, words, white
        self._refresh()

    def _items(self, ratio: float) -> Iterator[Item]:
        images = self._images
        if images is None:
            return
        n, height, width, channels = images.shape
        columns = self._columns or grid_shape(n)[1]
        pixels, is_bytes = montage(images, columns=columns), images.dtype == np.uint8
        image = self._grey_or_rgb_image(pixels if is_bytes else to_uint8(pixels / self._white))
        colour = _("grey") if channels == 1 else _("in colour")
        words = self._words or (
            _("{height} rows of {width} pixels, {colour}").format(height=height, width=width, colour=colour)
            if n == 1
            else ""
        )

        def tell(x: int, y: int) -> str:
            i, x, y = y // height * columns + x // width, x % width, y % height
            if i >= n:
                return ""
            told = [f"x {x}, y {y}"]
            if n > 1:
                told.insert(0, self._names[i] if self._names else _("image {i}").format(i=i + 1))
            values = images[i, y, x].tolist()
            if is_bytes and self._tells_bytes:
                told.append(" ".join(map(str, values)))
            told.append(" ".join(f"{value / 255 if is_bytes else value:.2f}" for value in values))
            return " · ".join(told)

        place = self._fitting(image, ratio, is_centred=self._is_centred)
        yield pixels_item(place, image, tell)._replace(words=words)
