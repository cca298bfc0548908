"""The arithmetic of one unit, one step after the other: how it comes to its numbers.

A convolution's kernel slides over what comes in and gives one number at each place. Of a transposed one every
pixel that comes in paints the whole kernel, so that a few of them meet in each pixel that is painted. A dense
unit has one number, to which it adds a product for each of its inputs. Lecture, *Convolutional Networks*:
"every location in the image, depending on the stride I set when we perform the convolution, will be
filtered".
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights, Normalisation
from cadl_gui.imaging.weights.limits import largest
from cadl_gui.imaging.weights.tile_grid import PixelRect
from cadl_gui.imaging.weights.weight_images import weight_images

_EPSILON = 1e-3
"""What Keras's batch normalisation adds to a variance."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Numbers with a title.

    Attributes:
        title: what they are.
        values: (height, width) float32; nan where there is none, or none yet.
        limit: what gets the outermost colour.
        mark: what the step is about, in pixels, or None; it may reach beyond the edges.
        is_walked: whether each of its pixels is a step; see `UnitComputation.step_at`.
    """

    title: str
    values: NDArray[np.float32]
    limit: float
    mark: PixelRect | None = None
    is_walked: bool = False


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """One step.

    Attributes:
        rows: what is multiplied with what, and what comes of it, row by row.
        text: the sum, line by line, such as "0.12 × 0.5 = 0.06".
    """

    rows: tuple[tuple[Panel, ...], ...]
    text: tuple[str, ...]


class _Met(NamedTuple):
    """Pixels of the input and the weights that they meet, (rows, columns, channels) each.

    Attributes:
        inputs: pixels.
        kernel: weights.
        there: (rows, columns), whether there is such a pair.
        mark: where the pixels are in the input, or None if there are none.
    """

    inputs: NDArray[np.float32]
    kernel: NDArray[np.float32]
    there: NDArray[np.bool_]
    mark: PixelRect | None

    def shown(self, values: NDArray[np.float32], channel: int) -> NDArray[np.float32]:
        """One channel of values of that shape; nan where there is no pair."""
        return np.where(self.there, values[..., channel], np.float32(np.nan))


@dataclass(frozen=True, eq=False)
class UnitComputation:
    """A unit, what it looks at, and what comes of it.

    Attributes:
        weights: of its layer, bent as they are.
        unit: its number.
        source: the input channel that is shown, of a convolution or a transposed one.
        inputs: what its layer gets, of shape `layer.input_shape`.
        outputs: what comes of it, (rows, columns), or (1, 1) of a dense layer.
        factor: what a bend multiplies with in the end.
    """

    weights: LayerWeights
    unit: int
    source: int
    inputs: NDArray[np.float32]
    outputs: NDArray[np.float32]
    factor: float = 1.0

    @property
    def layer(self) -> LayerSpec:
        """Its layer."""
        return self.weights.layer

    @property
    def n_steps(self) -> int:
        """Places of a kernel, painted pixels, or inputs of a dense unit."""
        return self.inputs.size if self.layer.kind == "dense" else self.outputs.size

    def at(self, step: int) -> Arithmetic:
        """One step, from 0 on."""
        return self._added_up(step) if self.layer.kind == "dense" else self._slid(step)

    def step_at(self, x: int, y: int) -> int | None:
        """The step that a pixel of a walked panel stands for, if there is one."""
        if self.layer.kind != "dense":
            return y * int(self.outputs.shape[1]) + x
        step = float(self._places[y, x])
        return None if math.isnan(step) else int(step)

    def _slid(self, step: int) -> Arithmetic:
        row, column = divmod(step, self.outputs.shape[1])
        if self.layer.kind == "convolution":
            title, met = "under the kernel", self._under_the_kernel(row, column)
        else:
            title, met = "inputs that paint it", self._painting(row, column)
        products = np.where(met.there[..., np.newaxis], met.inputs * met.kernel, np.float32(0))
        own = self.source
        done = np.arange(self.outputs.size).reshape(self.outputs.shape) <= step
        given = np.where(done, self.outputs, np.float32(np.nan))
        came, gives = largest(self.inputs), largest(self.outputs)
        rows = (
            (
                Panel(f"input {own}", self.inputs[..., own], came, met.mark),
                Panel(f"unit {self.unit}", given, gives, PixelRect(column, row, 1, 1), is_walked=True),
            ),
            (
                Panel(title, met.shown(met.inputs, own), came),
                Panel("× kernel", met.shown(met.kernel, own), largest(self._kernel)),
                Panel("= products", met.shown(products, own), largest(products)),
            ),
        )
        total, part = _sum(products), _sum(products[..., own])
        words = f"x {column}, y {row} · sum {_number(part)}"
        if self.inputs.shape[-1] > 1:
            words += f" from this input, {_number(total)} from all {self.inputs.shape[-1]}"
        return Arithmetic(rows, (words, self._rest(total, float(self.outputs[row, column]))))

    @property
    def _kernel(self) -> NDArray[np.float32]:
        """The unit's own, (side, side, channels that come in)."""
        kernel = self.weights.kernel
        return kernel[..., self.unit] if self.layer.kind == "convolution" else kernel[:, :, self.unit]

    def _under_the_kernel(self, row: int, column: int) -> _Met:
        """The part of the input over which the kernel lies; 0 beyond its edges."""
        side, stride = self.layer.kernel_size, self.layer.stride
        height, width, _ = self.inputs.shape
        top = row * stride - _padding(height, side, stride)
        left = column * stride - _padding(width, side, stride)
        rows, columns = np.arange(top, top + side), np.arange(left, left + side)
        inside = np.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
        inputs = self.inputs[np.ix_(rows % height, columns % width)]
        inputs = np.where(inside[..., np.newaxis], inputs, np.float32(0))
        return _Met(inputs, self._kernel, np.ones_like(inside), PixelRect(left, top, side, side))

    def _painting(self, row: int, column: int) -> _Met:
        """Pixels of the input that reach a painted one, with the weight that each of them paints there."""
        rows, down, is_row = self._reaching(row, 0)
        columns, right, is_column = self._reaching(column, 1)
        there = np.outer(is_row, is_column)
        mark = None
        if there.any():
            corner = int(columns[is_column][0]), int(rows[is_row][0])
            mark = PixelRect(*corner, int(is_column.sum()), int(is_row.sum()))
        return _Met(self.inputs[np.ix_(rows, columns)], self._kernel[np.ix_(down, right)], there, mark)

    def _reaching(
        self, place: int, axis: int
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """Along one axis: which pixels of the input reach a place, by which rows of their kernel, if at all.

        A pixel i paints the kernel's row `place + padding - i * stride`. There are as many for every place;
        some of them lie beyond the edge.
        """
        side, stride, size = self.layer.kernel_size, self.layer.stride, int(self.inputs.shape[axis])
        padded = place + _padding(int(self.outputs.shape[axis]), side, stride)
        pixels = padded // stride - np.arange(-(-side // stride))[::-1]
        rows = padded - pixels * stride
        reach = (pixels >= 0) & (pixels < size) & (rows < side)
        return np.clip(pixels, 0, size - 1), np.minimum(rows, side - 1), reach

    def _added_up(self, step: int) -> Arithmetic:
        inputs, kernel = self.inputs.reshape(-1), self.weights.kernel[:, self.unit]
        products = inputs * kernel
        so_far = np.where(np.arange(len(products)) <= step, products, np.float32(np.nan))
        y, x = (int(i) for i in np.argwhere(self._places == step)[0])
        mark = PixelRect(x, y, 1, 1)
        rows = (
            (
                Panel("input", self._image(inputs), largest(inputs), mark, is_walked=True),
                Panel("× weights", self._image(kernel), largest(kernel), mark, is_walked=True),
            ),
            (
                Panel("= products so far", self._image(so_far), largest(products), mark, is_walked=True),
                Panel(f"unit {self.unit}", self.outputs, largest(self.outputs)),
            ),
        )
        factors = f"{_number(inputs[step])} × {_number(kernel[step])} = {_number(products[step])}"
        so_far_text = f"so far {_number(_sum(products[: step + 1]))}"
        words = f"input {step:,} · {factors} · {so_far_text}"
        return Arithmetic(rows, (words, self._rest(_sum(products), float(self.outputs[0, 0]))))

    @cached_property
    def _places(self) -> NDArray[np.float32]:
        """Where the inputs of a dense unit lie in their image: their numbers, nan where there is none."""
        return self._image(np.arange(self.inputs.size, dtype=np.float32))

    def _image(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """Numbers of inputs laid out as the column's image is; nan where there is no input."""
        layer = replace(self.layer, output_shape=(1,))
        images = weight_images(LayerWeights(layer, column[:, np.newaxis], None))
        return np.where(images.is_empty(), np.float32(np.nan), images.tile(0, 0))

    def _rest(self, total: float, given: float) -> str:
        """What follows the sum of all products."""
        words = f"sum {_number(total)}"
        if self.weights.bias is not None:
            bias = float(self.weights.bias[self.unit])
            total += bias
            words += f" + bias {_number(bias)} = {_number(total)}"
        if self.weights.normalisation is not None:
            total = normalised(total, self.weights.normalisation, self.unit)
            words += f" → normalised {_number(total)}"
        name = "unchanged" if self.layer.activation == "linear" else self.layer.activation
        bent = "" if self.factor == 1 else f", bent × {_number(self.factor)}"
        return f"{words} → {name}{bent}: {_number(given)}"


def normalised(value: float, own: Normalisation, unit: int) -> float:
    """What batch normalisation makes of a number, with its moving averages."""
    root = np.sqrt(float(own.variance[unit]) + _EPSILON)
    return float(float(own.gamma[unit]) * (value - float(own.mean[unit])) / root + float(own.beta[unit]))


def _padding(size: int, side: int, stride: int) -> int:
    """SAME padding before the first pixel."""
    return max((-(-size // stride) - 1) * stride + side - size, 0) // 2


def _sum(values: NDArray[np.float32]) -> float:
    return float(values.sum(dtype=np.float64))


def _number(value: float) -> str:
    return f"{float(value) + 0.0:.3g}".replace("-", "−")
