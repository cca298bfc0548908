"""The arithmetic of one unit, one step after the other: how it comes to its numbers.

A convolution's kernel slides over what comes in and gives one number at each place; a dense unit has one
number, to which it adds a product for each of its inputs. Lecture, *Convolutional Networks*: "every location
in the image, depending on the stride I set when we perform the convolution, will be filtered".
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.architecture import Layer
from cadl_gui.core.weights.layer_weights import LayerWeights, Normalisation
from cadl_gui.core.weights.limits import largest
from cadl_gui.core.weights.tile_grid import PixelRect
from cadl_gui.core.weights.weight_pictures import weight_pictures

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
        is_walked: whether each of its pixels is a step; see `UnitAtWork.step_at`.
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
        words: the sum, line by line, such as "0.12 × 0.5 = 0.06".
    """

    rows: tuple[tuple[Panel, ...], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class UnitAtWork:
    """A unit, what it looks at, and what comes of it.

    Attributes:
        weights: of its layer, bent as they are.
        unit: its number.
        source: the input channel that is shown, of a convolution.
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
    def layer(self) -> Layer:
        """Its layer."""
        return self.weights.layer

    @property
    def n_steps(self) -> int:
        """Places of a kernel, or inputs of a dense unit."""
        return self.outputs.size if self.layer.kind == "convolution" else self.inputs.size

    def at(self, step: int) -> Arithmetic:
        """One step, from 0 on."""
        return self._convolved(step) if self.layer.kind == "convolution" else self._added_up(step)

    def step_at(self, x: int, y: int) -> int | None:
        """The step that a pixel of a walked panel stands for, if there is one."""
        if self.layer.kind == "convolution":
            return y * int(self.outputs.shape[1]) + x
        step = float(self._places[y, x])
        return None if math.isnan(step) else int(step)

    def _convolved(self, step: int) -> Arithmetic:
        row, column = divmod(step, self.outputs.shape[1])
        window, x, y = self._window(row, column)
        kernel = self.weights.kernel[..., self.unit]
        products = window * kernel
        own, side = self.source, self.layer.side
        done = np.arange(self.outputs.size).reshape(self.outputs.shape) <= step
        given = np.where(done, self.outputs, np.float32(np.nan))
        came, gives = largest(self.inputs), largest(self.outputs)
        rows = (
            (
                Panel(f"input {own}", self.inputs[..., own], came, PixelRect(x, y, side, side)),
                Panel(f"unit {self.unit}", given, gives, PixelRect(column, row, 1, 1), is_walked=True),
            ),
            (
                Panel("under the kernel", window[..., own], came),
                Panel("× kernel", kernel[..., own], largest(self.weights.kernel[..., self.unit])),
                Panel("= products", products[..., own], largest(products)),
            ),
        )
        total, part = _sum(products), _sum(products[..., own])
        words = f"x {column}, y {row} · sum {_number(part)}"
        if self.inputs.shape[-1] > 1:
            words += f" from this input, {_number(total)} from all {self.inputs.shape[-1]}"
        return Arithmetic(rows, (words, self._rest(total, float(self.outputs[row, column]))))

    def _window(self, row: int, column: int) -> tuple[NDArray[np.float32], int, int]:
        """What lies under the kernel, (side, side, channels), and its left and top edge; 0 beyond."""
        side, stride = self.layer.side, self.layer.stride
        height, width, channels = self.inputs.shape
        top = row * stride - _padding(height, side, stride)
        left = column * stride - _padding(width, side, stride)
        window = np.zeros((side, side, channels), np.float32)
        rows, columns = (
            slice(max(0, top), min(height, top + side)),
            slice(max(0, left), min(width, left + side)),
        )
        inside = self.inputs[rows, columns]
        window[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = inside
        return window, left, top

    def _added_up(self, step: int) -> Arithmetic:
        inputs, kernel = self.inputs.reshape(-1), self.weights.kernel[:, self.unit]
        products = inputs * kernel
        so_far = np.where(np.arange(len(products)) <= step, products, np.float32(np.nan))
        y, x = (int(i) for i in np.argwhere(self._places == step)[0])
        mark = PixelRect(x, y, 1, 1)
        rows = (
            (
                Panel("input", self._picture(inputs), largest(inputs), mark, is_walked=True),
                Panel("× weights", self._picture(kernel), largest(kernel), mark, is_walked=True),
            ),
            (
                Panel("= products so far", self._picture(so_far), largest(products), mark, is_walked=True),
                Panel(f"unit {self.unit}", self.outputs, largest(self.outputs)),
            ),
        )
        factors = f"{_number(inputs[step])} × {_number(kernel[step])} = {_number(products[step])}"
        so_far_text = f"sum so far {_number(_sum(products[: step + 1]))}"
        words = f"input {step:,} of {len(inputs):,} · {factors} · {so_far_text}"
        return Arithmetic(rows, (words, self._rest(_sum(products), float(self.outputs[0, 0]))))

    @cached_property
    def _places(self) -> NDArray[np.float32]:
        """Where the inputs of a dense unit lie in their picture: their numbers, nan where there is none."""
        return self._picture(np.arange(self.inputs.size, dtype=np.float32))

    def _picture(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """Numbers of inputs laid out as the column's picture is; nan where there is no input."""
        layer = replace(self.layer, output_shape=(1,))
        pictures = weight_pictures(LayerWeights(layer, column[:, np.newaxis], None))
        return np.where(pictures.is_empty(), np.float32(np.nan), pictures.tile(0, 0))

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
