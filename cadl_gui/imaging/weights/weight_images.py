"""The weights of a layer as small images: one per unit, or one per kernel."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import grid_shape
from cadl_gui.domain.model_spec import LayerSpec, Shape
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.system.words import _

_NARROWEST = 4
"""Largest ratio of width to height of a full rectangle; beyond it, a square with empty cells is used."""


@dataclass(frozen=True, eq=False)
class WeightImages:
    """Images of one size: one per unit of a dense layer, or one per pair of channels of a convolution.

    Attributes:
        layer: the layer.
        patches: (inputs, units, channels, height, width) float32. For a convolution, channels is 1; for a
            dense layer, inputs is 1 and channels is that of the layer's spatial input or output, or the
            number of its inputs if neither is spatial. Of images in colour it is 3: red, green and blue.
        is_spatial: whether neighbouring pixels are neighbours in the layer's input or output.
        paints: whether an image shows what a unit of the *previous* layer adds to the output, rather than
            how a unit weights its input.
        about: a sentence that describes the images.
        is_colour: whether the images are in colour.
        input_names: names of the input channels if these are colours, else ().
        class_names: names of the units if these are classes, else ().
    """

    layer: LayerSpec
    patches: NDArray[np.float32]
    is_spatial: bool
    paints: bool
    about: str
    is_colour: bool = False
    input_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()

    def input_name(self, source: int) -> str:
        """Name of an input channel, such as "input 3" or "red"."""
        return self.input_names[source] if self.input_names else _("input {source}").format(source=source)

    @property
    def n_inputs(self) -> int:
        """Number of images per unit."""
        return int(self.patches.shape[0])

    @property
    def n_units(self) -> int:
        """Number of units or output channels."""
        return int(self.patches.shape[1])

    def norms(self) -> NDArray[np.float64]:
        """Euclidean norm of each image, (inputs, units); infinite if a weight is not finite."""
        squares = np.square(self.patches, dtype=np.float64).sum(axis=(2, 3, 4))
        norms: NDArray[np.float64] = np.sqrt(np.nan_to_num(squares, nan=np.inf))
        return norms

    def tiles(self) -> NDArray[np.float32]:
        """The images, channels side by side, (inputs, units, height, width); 0 where `is_empty`.

        Those in colour are (inputs, units, height, width, 3).
        """
        return self.patches.transpose(0, 1, 3, 4, 2) if self.is_colour else _side_by_side(self.patches)

    def tile(self, source: int, unit: int) -> NDArray[np.float32]:
        """One of the images, (height, width), or (height, width, 3) in colour."""
        one = self.patches[source : source + 1, unit : unit + 1]
        image: NDArray[np.float32] = (
            one[0, 0].transpose(1, 2, 0) if self.is_colour else _side_by_side(one)[0, 0]
        )
        return image

    def place_text(self, x: int, y: int) -> str:
        """Describe a pixel of an image, such as "x 3, y 5", "map 2 · x 3, y 5" or "input 17"."""
        *_units, channels, height, width = self.patches.shape
        if self.is_colour:
            return f"x {x}, y {y}"
        columns = _rectangle(channels)[1]
        channel = y // height * columns + x // width
        if not self.is_spatial:
            return _("input {channel}").format(channel=channel)
        where = f"x {x % width}, y {y % height}"
        if channels == 1:
            return where
        number = _("map {channel}").format(channel=channel)
        return f"{self.input_names[channel] if self.input_names else number} · {where}"

    def is_empty(self) -> NDArray[np.bool_]:
        """Mask of pixels without a weight, (height, width)."""
        *_units, channels, height, width = self.patches.shape
        if self.is_colour:
            return np.zeros((height, width), np.bool_)
        rows, columns = _rectangle(channels)
        empty = np.arange(rows * columns).reshape(rows, columns) >= channels
        return np.repeat(np.repeat(empty, height, axis=0), width, axis=1)


def corresponding_tile(before: WeightImages, tile: int, now: WeightImages) -> int:
    """Index of the image of the same weights, after red, green and blue became one image or three.

    Args:
        before: images of a layer.
        tile: index of one of them, input * units + unit.
        now: images of the same layer.
    """
    if before.is_colour == now.is_colour:
        return tile
    source, unit = divmod(tile, before.n_units)
    if before.is_colour:
        is_of_input = now.n_inputs == before.n_units and before.paints
        return unit * now.n_units if is_of_input and not now.paints else unit
    return source if now.paints and not before.paints else unit


def values_text(values: NDArray[np.float32]) -> str:
    """Return the weight of a pixel as text, or the three of one in colour, such as "R 0.1, G −0.2, B 0"."""
    if values.ndim == 0:
        return number_text(float(values))
    return ", ".join(f"{name} {number_text(float(value))}" for name, value in zip("RGB", values, strict=True))


def weight_images(weights: LayerWeights, *, in_colour: bool = False) -> WeightImages:
    """Convert a layer's kernel to images of its columns, rows or convolution kernels, depending on the layer.

    Args:
        in_colour: whether to make images in colour, of a layer that weights or paints red, green and blue.

    Lecture, *Fully Connected Network*: `W_arr[:, col_i].reshape((28, 28))`; *Convolutional Networks*:
    `montage_filters(W1)`.
    """
    images = _weight_images(weights, in_colour=in_colour)
    return replace(images, input_names=weights.input_names, class_names=weights.class_names)


def _weight_images(weights: LayerWeights, *, in_colour: bool) -> WeightImages:
    layer, kernel = weights.layer, weights.kernel
    if layer.kind != "dense":
        return _colour_kernels(layer, kernel) if in_colour else _kernels(layer, kernel)
    if len(layer.input_shape) == 3:
        about = _("Each unit's weights, laid out as the {of} that it looks at.").format(
            of=_of(layer.input_shape, in_colour)
        )
        return WeightImages(layer, _placed(kernel.T, layer.input_shape), True, False, about, in_colour)
    if len(layer.output_shape) == 3:
        shape = _of(layer.output_shape, in_colour)
        about = _(
            "The weights of each unit of the layer before, laid out as the {shape} that it paints."
        ).format(shape=shape)
        return WeightImages(layer, _placed(kernel, layer.output_shape), True, True, about, in_colour)
    n, units = kernel.shape
    about = _(
        "Each unit's weights, laid out row by row: its {n:,} inputs are units, "
        "which have no position in an image."
    ).format(n=n)
    return WeightImages(layer, kernel.T.reshape(1, units, n, 1, 1), False, False, about)


def _kernels(layer: LayerSpec, kernel: NDArray[np.float32]) -> WeightImages:
    """A convolution's kernel is (side, side, in, out), a transposed one's (side, side, out, in)."""
    order = (2, 3, 0, 1) if layer.kind == "convolution" else (3, 2, 0, 1)
    patches = kernel.transpose(order)[:, :, np.newaxis]
    inputs, units = patches.shape[:2]
    if inputs > 1 and units > 1:
        about = _(
            "Kernels of {kernel_size}×{kernel_size}: a row for each input channel, a column for each unit."
        ).format(kernel_size=layer.kernel_size)
    elif units == 1:
        about = _(
            "Kernels of {kernel_size}×{kernel_size}, one for each of the {inputs} input channels."
        ).format(kernel_size=layer.kernel_size, inputs=inputs)
    else:
        about = _("Kernels of {kernel_size}×{kernel_size}, one for each of the {units} units.").format(
            kernel_size=layer.kernel_size, units=units
        )
    return WeightImages(layer, patches, True, False, about)


def _colour_kernels(layer: LayerSpec, kernel: NDArray[np.float32]) -> WeightImages:
    """Kernels over the three colours: of each unit, or of each input that paints an image."""
    paints = layer.kind == "transposed convolution"
    # (side, side, colours, units) or, of a transposed convolution, (side, side, colours, inputs).
    patches = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)[np.newaxis])
    whose = _("units of the layer before, as it paints") if paints else _("units, as it looks at")
    size = f"{layer.kernel_size}×{layer.kernel_size}"
    about = _("Kernels of {size} in colour, one for each of the {second} {whose} the image.").format(
        size=size, second=patches.shape[1], whose=whose
    )
    return WeightImages(layer, patches, True, paints, about, True)


def _placed(vectors: NDArray[np.float32], shape: Shape) -> NDArray[np.float32]:
    """Reshape (units, n) to (1, units, channels, height, width), where n is height * width * channels."""
    height, width, channels = shape
    placed = vectors.reshape(1, len(vectors), height, width, channels).transpose(0, 1, 4, 2, 3)
    return np.ascontiguousarray(placed)  # later computations iterate image by image


def _side_by_side(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Arrange the channels of (inputs, units, channels, height, width) in a rectangle."""
    inputs, units, channels, height, width = patches.shape
    rows, columns = _rectangle(channels)
    padded = np.zeros((inputs, units, rows * columns, height, width), np.float32)
    padded[:, :, :channels] = patches
    across = padded.reshape(inputs, units, rows, columns, height, width).swapaxes(3, 4)
    return across.reshape(inputs, units, rows * height, columns * width)


def _of(shape: Shape, in_colour: bool) -> str:
    height, width, channels = shape
    if in_colour:
        return _("{height}×{width} image in colour").format(height=height, width=width)
    return (
        _("{height}×{width} image").format(height=height, width=width)
        if channels == 1
        else _("{channels} maps of {height}×{width}").format(channels=channels, height=height, width=width)
    )


def _rectangle(n: int) -> tuple[int, int]:
    """Rows and columns for `n` cells, without empty cells unless that is too narrow."""
    rows = next(rows for rows in range(math.isqrt(n), 0, -1) if n % rows == 0)
    return (rows, n // rows) if n <= _NARROWEST * rows * rows else grid_shape(n)
