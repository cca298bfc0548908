"""Layers of a network in NumPy, as `cadl_gui.models.layers` computes them outside training."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cadl_gui.domain.layer_arithmetic import BATCH_NORMALISATION_EPSILON, same_padding
from cadl_gui.domain.model_spec import Shape
from cadl_gui.imaging.weights.layer_weights import LayerWeights, Normalisation

_Array = NDArray[np.float32]

_EPSILON = np.float32(BATCH_NORMALISATION_EPSILON)
"""Keras adds it to the variance in batch normalisation."""

_LEAK = np.float32(0.2)
"""Slope of Keras's leaky ReLU below zero."""

ACTIVATIONS: Mapping[str, Callable[[_Array], _Array]] = {
    "linear": lambda given: given,
    "relu": lambda given: np.maximum(given, 0),
    "leaky_relu": lambda given: np.maximum(given, _LEAK * given),
    "elu": lambda given: np.where(given > 0, given, np.expm1(np.minimum(given, 0))),
    "tanh": np.tanh,
    "sigmoid": lambda given: np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * given)),
}
"""Activation functions by name."""


def layer_output(own: LayerWeights, inputs: _Array) -> _Array:
    """Output of a layer after its activation.

    Args:
        inputs: (n, *input_shape) float32.

    Returns:
        (n, *output_shape) float32.
    """
    layer = own.layer
    match layer.kind:
        case "dense":
            outputs = inputs.reshape(len(inputs), own.kernel.shape[0]) @ own.kernel
        case "convolution":
            outputs = convolution(inputs, own.kernel, layer.stride)
        case _:
            outputs = transposed_convolution(inputs, own.kernel, layer.stride, layer.output_shape)
    if own.bias is not None:
        outputs = outputs + own.bias
    if own.normalisation is not None:
        outputs = _normalised(outputs, own.normalisation)
    activations = ACTIVATIONS[layer.activation](outputs)
    return activations.reshape(len(inputs), *layer.output_shape)


def softmax(logits: _Array) -> _Array:
    """Probabilities from logits, both (n, n_classes) float32."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: _Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def convolution(images: _Array, kernel: _Array, stride: int) -> _Array:
    """Slide kernels over images that are padded with zeros; TensorFlow's padding `SAME`.

    Args:
        images: (n, height, width, channels).
        kernel: (side, side, channels, filters).
        stride: distance between two positions of a kernel, in pixels.

    Returns:
        (n, ⌈height / stride⌉, ⌈width / stride⌉, filters).
    """
    n, height, width, channels = images.shape
    side, _, _, filters = kernel.shape
    rows, columns = -(-height // stride), -(-width // stride)
    down, right = same_padding(height, side, stride), same_padding(width, side, stride)
    padded = np.zeros((n, height + sum(down), width + sum(right), channels), np.float32)
    padded[:, down[0] : down[0] + height, right[0] : right[0] + width] = images
    windows = sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
    outputs = np.empty((n, rows * columns, filters), np.float32)
    # One image at a time: all at once would take as much memory as the kernels have pixels.
    for seen, output in zip(windows, outputs, strict=True):
        patches = seen.transpose(0, 1, 3, 4, 2).reshape(rows * columns, side * side * channels)
        np.matmul(patches, kernel.reshape(side * side * channels, filters), out=output)
    return outputs.reshape(n, rows, columns, filters)


def transposed_convolution(inputs: _Array, kernel: _Array, stride: int, shape: Shape) -> _Array:
    """Paint kernels where a convolution of the images would have seen them: `tf.nn.conv2d_transpose`.

    Args:
        inputs: (n, rows, columns, filters), how strongly each kernel is painted.
        kernel: (side, side, channels, filters).
        stride: distance between two positions of a kernel, in pixels.
        shape: (height, width, channels) of the images.

    Returns:
        (n, height, width, channels).
    """
    n, rows, columns, _ = inputs.shape
    height, width, channels = shape
    side = kernel.shape[0]
    (above, below), (left, right) = same_padding(height, side, stride), same_padding(width, side, stride)
    padded = np.zeros((n, above + height + below, left + width + right, channels), np.float32)
    for row in range(side):
        for column in range(side):
            down = slice(row, row + stride * (rows - 1) + 1, stride)
            across = slice(column, column + stride * (columns - 1) + 1, stride)
            padded[:, down, across] += inputs @ kernel[row, column].T
    return padded[:, above : above + height, left : left + width]


def _normalised(given: _Array, by: Normalisation) -> _Array:
    """Batch normalisation with the moving statistics."""
    factor = by.gamma / np.sqrt(by.variance + _EPSILON)
    normalised: _Array = given * factor + (by.beta - by.mean * factor)
    return normalised
