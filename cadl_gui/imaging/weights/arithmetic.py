"""The arithmetic of one unit, step by step.

A convolution's kernel slides over the input and gives one number at each position. In a transposed
convolution every input pixel adds the whole kernel to the output, so that several of them overlap in each
output pixel. A dense unit sums one product for each of its inputs. Lecture, *Convolutional Networks*:
"every location in the image, depending on the stride I set when we perform the convolution, will be
filtered".
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import unit_name
from cadl_gui.domain.layer_arithmetic import BATCH_NORMALISATION_EPSILON, same_padding
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights, Normalisation
from cadl_gui.imaging.weights.limits import largest
from cadl_gui.imaging.weights.tile_grid import PixelRect
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.system.words import _

_INK_SHARE = 0.5
"""Ink is at least this share of the largest input; beside a mean image, nothing is exactly 0."""


@dataclass(frozen=True, eq=False)
class Panel:
    """An array of numbers with a title.

    Attributes:
        title: title of the panel.
        values: (height, width) float32; NaN for cells without a number, or not computed yet.
        limit: absolute value that gets the outermost colour.
        mark: pixels that the step involves, or None; may extend beyond the edges.
        steps: (height, width), the step that each pixel stands for, NaN for none; None if no pixel does.
    """

    title: str
    values: NDArray[np.float32]
    limit: float
    mark: PixelRect | None = None
    steps: NDArray[np.float32] | None = None

    def step_at(self, x: int, y: int) -> int | None:
        """The step that a pixel stands for, or None."""
        return None if self.steps is None or math.isnan(self.steps[y, x]) else int(self.steps[y, x])


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """One step of the arithmetic.

    Attributes:
        rows: panels with the factors and results, row by row.
        text: the sum as text, line by line, such as "0.12 × 0.5 = 0.06".
    """

    rows: tuple[tuple[Panel, ...], ...]
    text: tuple[str, ...]


class _Met(NamedTuple):
    """Input pixels and the weights that they are multiplied by, (rows, columns, channels) each.

    Attributes:
        inputs: pixels.
        kernel: weights.
        there: (rows, columns), whether the pair exists.
        mark: the pixels' rectangle in the input, or None if there are none.
    """

    inputs: NDArray[np.float32]
    kernel: NDArray[np.float32]
    there: NDArray[np.bool_]
    mark: PixelRect | None

    def shown(self, values: NDArray[np.float32], channel: int) -> NDArray[np.float32]:
        """One channel of `values`, of the same shape as `inputs`; NaN where there is no pair."""
        return np.where(self.there, values[..., channel], np.float32(np.nan))


@dataclass(frozen=True, eq=False)
class UnitComputation:
    """The computation of one unit: its weights, inputs and outputs.

    Attributes:
        weights: weights of the layer, with bends of kernels applied.
        unit: index of the unit.
        source: index of the input channel to show, for a convolution or transposed convolution.
        inputs: input of the layer, of shape `layer.input_shape`.
        outputs: output of the unit, (rows, columns), or (1, 1) in a dense layer.
        factor: factor of the unit's bend, applied to the output.
    """

    weights: LayerWeights
    unit: int
    source: int
    inputs: NDArray[np.float32]
    outputs: NDArray[np.float32]
    factor: float = 1.0

    @property
    def unit_name(self) -> str:
        """What the unit is called, such as "unit 3" or "class 3"."""
        return unit_name(self.weights.class_names, self.unit)

    @property
    def layer(self) -> LayerSpec:
        """The layer of the unit."""
        return self.weights.layer

    @property
    def n_steps(self) -> int:
        """Number of kernel positions, of output pixels, or of a dense unit's inputs."""
        return self.inputs.size if self.layer.kind == "dense" else self.outputs.size

    @property
    def first_step(self) -> int:
        """The first step that meets ink, an input of at least half the largest; 0 if there is none."""
        sizes = np.abs(np.nan_to_num(self.inputs, posinf=0, neginf=0))
        ink = sizes >= max(_INK_SHARE * float(sizes.max(initial=0.0)), np.finfo(np.float32).tiny)
        if self.layer.kind == "dense":
            return int(np.argmax(ink.reshape(-1)))
        down, right = self._involved(0), self._involved(1)
        meets = down @ ink.any(axis=-1).astype(np.float32) @ right.T > 0
        return int(np.argmax(meets))

    def at(self, step: int) -> Arithmetic:
        """The arithmetic of one step, in [0, n_steps - 1]."""
        return self._added_up(step) if self.layer.kind == "dense" else self._slid(step)

    def _slid(self, step: int) -> Arithmetic:
        row, column = divmod(step, self.outputs.shape[1])
        met = (self._under_the_kernel if self.layer.kind == "convolution" else self._painting)(row, column)
        products = np.where(met.there[..., np.newaxis], met.inputs * met.kernel, np.float32(0))
        own = self.source
        given = np.where(self._places <= step, self.outputs, np.float32(np.nan))
        came, gives = largest(self.inputs), largest(self.outputs)
        rows = (
            (
                Panel(self.weights.input_name(own), self.inputs[..., own], came, met.mark, self._nearest),
                Panel(self.unit_name, given, gives, PixelRect(column, row, 1, 1), self._places),
            ),
            (
                Panel("inputs", met.shown(met.inputs, own), came),
                Panel(_("× kernel"), met.shown(met.kernel, own), largest(self._kernel)),
                Panel(_("= products"), met.shown(products, own), largest(products)),
            ),
        )
        total, part = _sum(products), _sum(products[..., own])
        words = _("x {column}, y {row} · sum {number}").format(column=column, row=row, number=_number(part))
        if self.inputs.shape[-1] > 1:
            words += _(" from this input, {number} from all {last}").format(
                number=_number(total), last=self.inputs.shape[-1]
            )
        return Arithmetic(rows, (words, self._rest(total, float(self.outputs[row, column]))))

    @property
    def _kernel(self) -> NDArray[np.float32]:
        """Kernel of the unit, (side, side, input channels)."""
        kernel = self.weights.kernel
        return kernel[..., self.unit] if self.layer.kind == "convolution" else kernel[:, :, self.unit]

    def _under_the_kernel(self, row: int, column: int) -> _Met:
        """The part of the input under the kernel; 0 beyond its edges."""
        side, stride = self.layer.kernel_size, self.layer.stride
        height, width, _ = self.inputs.shape
        top = row * stride - same_padding(height, side, stride)[0]
        left = column * stride - same_padding(width, side, stride)[0]
        rows, columns = np.arange(top, top + side), np.arange(left, left + side)
        inside = np.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
        inputs = self.inputs[np.ix_(rows % height, columns % width)]
        inputs = np.where(inside[..., np.newaxis], inputs, np.float32(0))
        return _Met(inputs, self._kernel, np.ones_like(inside), PixelRect(left, top, side, side))

    def _painting(self, row: int, column: int) -> _Met:
        """Input pixels that contribute to an output pixel, each with its weight."""
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
        """Along one axis, input pixels that may contribute to an output position, kernel rows, and validity.

        Pixel i contributes through the kernel row `place + padding - i * stride`. The number of candidates is
        the same for every position; some of them lie beyond the edge and are marked invalid.
        """
        side, stride, size = self.layer.kernel_size, self.layer.stride, int(self.inputs.shape[axis])
        padded = place + same_padding(int(self.outputs.shape[axis]), side, stride)[0]
        pixels = padded // stride - np.arange(-(-side // stride))[::-1]
        rows = padded - pixels * stride
        reach = (pixels >= 0) & (pixels < size) & (rows < side)
        return np.clip(pixels, 0, size - 1), np.minimum(rows, side - 1), reach

    def _involved(self, axis: int) -> NDArray[np.float32]:
        """Along one axis, which input pixels each output pixel involves, (outputs, inputs), as 0 or 1."""
        offsets = self._offsets(axis)
        return ((offsets >= 0) & (offsets < self.layer.kernel_size)).astype(np.float32)

    @cached_property
    def _nearest(self) -> NDArray[np.float32]:
        """The step in whose kernel each input pixel is nearest to the middle, (rows, columns)."""
        middle = (self.layer.kernel_size - 1) / 2
        row, column = (np.abs(self._offsets(axis) - middle).argmin(axis=0) for axis in (0, 1))
        nearest: NDArray[np.float32] = np.add.outer(row * self.outputs.shape[1], column, dtype=np.float32)
        return nearest

    def _offsets(self, axis: int) -> NDArray[np.intp]:
        """Along one axis, where in the kernel of each output each input is, (outputs, inputs)."""
        side, stride = self.layer.kernel_size, self.layer.stride
        given, taken = (np.arange(int(values.shape[axis])) for values in (self.outputs, self.inputs))
        if self.layer.kind == "convolution":
            return taken - (given * stride - same_padding(len(taken), side, stride)[0])[:, np.newaxis]
        return given[:, np.newaxis] + same_padding(len(given), side, stride)[0] - taken * stride

    def _added_up(self, step: int) -> Arithmetic:
        inputs, kernel = self.inputs.reshape(-1), self.weights.kernel[:, self.unit]
        products = inputs * kernel
        so_far = np.where(np.arange(len(products)) <= step, products, np.float32(np.nan))
        y, x = (int(i) for i in np.argwhere(self._places == step)[0])
        mark = PixelRect(x, y, 1, 1)
        rows = (
            (
                Panel("input", self._image(inputs), largest(inputs), mark, self._places),
                Panel(_("× weights"), self._image(kernel), largest(kernel), mark, self._places),
            ),
            (
                Panel(_("= products so far"), self._image(so_far), largest(products), mark, self._places),
                Panel(self.unit_name, self.outputs, largest(self.outputs)),
            ),
        )
        factors = f"{_number(inputs[step])} × {_number(kernel[step])} = {_number(products[step])}"
        so_far_text = _("so far {number}").format(number=_number(_sum(products[: step + 1])))
        words = _("input {step:,} · {factors} · {so_far_text}").format(
            step=step, factors=factors, so_far_text=so_far_text
        )
        return Arithmetic(rows, (words, self._rest(_sum(products), float(self.outputs[0, 0]))))

    @cached_property
    def _places(self) -> NDArray[np.float32]:
        """The step of each output, or of each input of a dense unit in its image; NaN where there is none."""
        steps = np.arange(self.n_steps, dtype=np.float32)
        return self._image(steps) if self.layer.kind == "dense" else steps.reshape(self.outputs.shape)

    def _image(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """Arrange one number per input like the column's image; NaN where there is no input."""
        layer = replace(self.layer, output_shape=(1,))
        images = weight_images(LayerWeights(layer, column[:, np.newaxis], None))
        return np.where(images.is_empty(), np.float32(np.nan), images.tile(0, 0))

    def _rest(self, total: float, given: float) -> str:
        """Text of everything after the sum of all products: bias, normalisation, activation, bend."""
        words = _("sum {number}").format(number=_number(total))
        if self.weights.bias is not None:
            bias = float(self.weights.bias[self.unit])
            total += bias
            words += _(" + bias {number} = {number_2}").format(number=_number(bias), number_2=_number(total))
        if self.weights.normalisation is not None:
            total = normalised(total, self.weights.normalisation, self.unit)
            words += _(" → batch normalisation {number}").format(number=_number(total))
        name = "unchanged" if self.layer.activation == "linear" else self.layer.activation
        changed = (
            ""
            if self.factor == 1
            else _(", then × {number}").format(number=_number(self.factor))
            if self.factor
            else _(", then muted")
        )
        return f"{words} → {name}{changed}: {_number(given)}"


def normalised(value: float, own: Normalisation, unit: int) -> float:
    """Apply batch normalisation, with its moving averages, to a number."""
    root = np.sqrt(float(own.variance[unit]) + BATCH_NORMALISATION_EPSILON)
    return float(float(own.gamma[unit]) * (value - float(own.mean[unit])) / root + float(own.beta[unit]))


def _sum(values: NDArray[np.float32]) -> float:
    return float(values.sum(dtype=np.float64))


def _number(value: float) -> str:
    return f"{float(value) + 0.0:.3g}".replace("-", "−")
