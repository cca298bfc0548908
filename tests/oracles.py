"""Networks in NumPy: slow, obvious, in double precision, and independent of TensorFlow.

Weights are read from a network, everything else from its spec. Nothing here trains.
"""

import math

import numpy as np

from cadl_gui.domain.snapshot import freeze

_EPSILON = 1e-3
"""Added to the variance by Keras's batch normalisation."""

ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "linear": lambda x: x,
}


def learned(network):
    """Weights as after a training: biases, statistics and the mean image are no longer what they began as."""
    random = np.random.default_rng(7)
    weights = {path: array.copy() for path, array in network.weights_by_path.items()}
    for path, array in weights.items():
        if path.endswith("variance"):
            array[:] = random.uniform(0.1, 2, array.shape)
        elif not path.endswith("kernel"):
            array[:] = random.normal(0, 0.3, array.shape)
    return freeze(weights)


def convolved(images, kernel, stride):
    """SAME convolution of (n, rows, columns, in) with (side, side, in, out)."""
    n, height, width, _ = images.shape
    side = len(kernel)
    (top, bottom), (left, right) = padding(height, side, stride), padding(width, side, stride)
    padded = np.pad(np.float64(images), ((0, 0), (top, bottom), (left, right), (0, 0)))
    rows, columns = math.ceil(height / stride), math.ceil(width / stride)
    outputs = np.empty((n, rows, columns, kernel.shape[-1]))
    for i, j in np.ndindex(rows, columns):
        patch = padded[:, i * stride : i * stride + side, j * stride : j * stride + side]
        outputs[:, i, j] = np.tensordot(patch, kernel, axes=3)
    return outputs


def transposed(inputs, kernel, stride, shape):
    """Transposed convolution: add a kernel (side, side, out, in), weighted, where the convolution read."""
    height, width, channels = shape
    side = len(kernel)
    (top, bottom), (left, right) = padding(height, side, stride), padding(width, side, stride)
    canvas = np.zeros((len(inputs), top + height + bottom, left + width + right, channels))
    for i, j in np.ndindex(*inputs.shape[1:3]):
        stamp = np.tensordot(np.float64(inputs[:, i, j]), kernel, axes=([1], [3]))
        canvas[:, i * stride : i * stride + side, j * stride : j * stride + side] += stamp
    return canvas[:, top : top + height, left : left + width]


def padding(size, side, stride):
    """How much SAME padding is added before and after."""
    total = max((math.ceil(size / stride) - 1) * stride + side - size, 0)
    return total // 2, total - total // 2


def latents_of(network, images, bends=()):
    """The output of the encoder's last layer, (n, latent_dim): latent vectors, `z_mean` or logits."""
    hidden = images - network.mean_subtraction.mean.numpy()
    for layer in network.encoder_layers:
        hidden = _bent(layer, _layer(layer, hidden, layer), bends)
    return hidden.reshape(len(images), -1)


def outputs_of(network, latents, bends=()):
    """The decoder's outputs for latent vectors, before the mean image is added."""
    hidden = latents
    for layer, mirrored in zip(network.decoder_layers, reversed(network.encoder_layers), strict=True):
        owner = mirrored if network.config.tied else layer
        hidden = _bent(layer, _layer(layer, hidden, owner), bends)
    return hidden


def z_log_var_of(network, images):
    """Logarithms of the variances of a variational network's latents, (n, latent_dim)."""
    hidden = images - network.mean_subtraction.mean.numpy()
    for layer in network.encoder_layers[:-1]:
        hidden = _layer(layer, hidden, layer)
    return _layer(network.z_log_var_layer, hidden, network.z_log_var_layer).reshape(len(images), -1)


def answer_of(network, function, inputs):
    """The output of one of a network's functions: classify, reconstruct, encode or decode."""
    if function == "decode":
        outputs = outputs_of(network, inputs)
        if not network.config.is_bernoulli:
            outputs = outputs + network.mean_subtraction.mean.numpy()
        return np.clip(outputs, 0, 1)
    latents = latents_of(network, inputs)
    if function == "encode":
        return latents
    if function == "reconstruct":
        return answer_of(network, "decode", latents)
    exponentials = np.exp(latents - latents.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def squared_error(network, images):
    """The lecture's cost of each image: mean over its pixels."""
    outputs = outputs_of(network, latents_of(network, images))
    return np.mean((outputs - (images - network.mean_subtraction.mean.numpy())) ** 2, axis=(1, 2, 3))


def _bent(layer, given, bends):
    bent = given.copy()
    for bend in bends:
        if bend.part.layer == layer.spec.name:
            bent[..., bend.part.unit] = bend.factor * given[..., bend.origin.unit]
    return bent


def _layer(layer, inputs, owner):
    spec, kernel = layer.spec, owner.kernel.numpy()
    if spec.kind == "dense":
        matrix = kernel if owner is layer else kernel.T
        hidden = np.float64(inputs).reshape(len(inputs), -1) @ matrix
    elif spec.kind == "convolution":
        hidden = convolved(inputs.reshape(-1, *spec.input_shape), kernel, spec.stride)
    else:
        hidden = transposed(inputs.reshape(-1, *spec.input_shape), kernel, spec.stride, spec.output_shape)
    if spec.use_bias:
        hidden = hidden + layer.linear.bias.numpy()
    if spec.batch_normalisation:
        mean, variance, gamma, beta = (
            getattr(layer.batch_normalisation, name).numpy()
            for name in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        hidden = gamma * (hidden - mean) / np.sqrt(variance + _EPSILON) + beta
    return ACTIVATIONS[spec.activation](hidden).reshape(-1, *spec.output_shape)
