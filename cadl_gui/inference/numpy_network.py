"""Answers the most frequent requests in NumPy: any before TensorFlow is loaded, later one image.

TensorFlow's import takes seconds, so the window starts without it; and a training occupies its threads. A
layer is a dozen lines of NumPy, equal to TensorFlow's to five digits and tested with every preset; ONNX would
need a graph for each function and architecture.
"""

from collections.abc import Iterable
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.buildable import check_network
from cadl_gui.domain.errors import NOT_FINITE, CadlError, NotYetError
from cadl_gui.domain.forward_pass import ForwardPass
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import ModelSpec, Shape
from cadl_gui.domain.requests import EncodeGaussian, NetworkRequest
from cadl_gui.domain.snapshot import Weights
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, kernel_path, layer_weights
from cadl_gui.inference.numpy_layers import layer_output, softmax
from cadl_gui.system.words import _

_Array = NDArray[np.float32]
_OPS = SimpleNamespace(**vars(np) | {"softmax": softmax})

MOST_NUMBERS_AT_ONCE = 2**24
"""Activations of all images that are computed at once: 67 MB."""


class NumpyNetwork:
    """Counterpart of `StatelessNetwork` that needs no TensorFlow, and nothing to be traced.

    It classifies, encodes, decodes and reconstructs without bends. What else a network can be asked waits.

    Args:
        config: configuration of the model.
        image_shape: (height, width, channels).
        n_classes: number of classes.
        at_once: most activations that are computed at once.
    """

    def __init__(
        self,
        config: ModelConfig,
        image_shape: ImageShape,
        n_classes: int,
        at_once: int = MOST_NUMBERS_AT_ONCE,
    ) -> None:
        self._at_once = at_once
        self._config = config
        self._image_shape = image_shape
        self._n_classes = n_classes

    def respond(self, weights: Weights, request: NetworkRequest[Any], most: int | None = None) -> _Array:
        """Answer a request with the given weights.

        Args:
            request: the request; its docstring describes the answer.
            most: most images; None for any number.

        Raises:
            NotYetError: if only TensorFlow can answer it, or there are more images.
            CadlError: if weights or inputs are those of another network, or the answer is not finite.
            ConfigurationError: if the network would not fit into memory.
        """
        inputs, shape, function = self._asked(request)
        if most is not None and len(inputs) > most:
            raise NotYetError
        if inputs.shape[1:] != shape:
            raise CadlError(_("The input's shape does not match this network."))
        compute = getattr(self._pass(self._checked(weights)), function)
        n = max(1, self._at_once // self._spec.n_activations)
        # Weights of a training that has diverged overflow, which the answer shows.
        with np.errstate(all="ignore"):
            parts = [compute(inputs[i : i + n]) for i in range(0, max(1, len(inputs)), n)]
        answer = np.concatenate(parts)
        if not np.isfinite(answer).all():
            raise CadlError(NOT_FINITE)
        answer.flags.writeable = False
        return answer

    def _asked(self, request: NetworkRequest[Any]) -> tuple[_Array, Shape, str]:
        """The input of a request, the shape that it should have for one image, and the function's name."""
        if not request.bends:
            for about in self._config.kind.functions:
                if type(request) is about.request:
                    shape = self._image_shape if about.takes == "images" else (self._spec.latent_dim,)
                    return getattr(request, about.takes), shape, about.name
            if isinstance(request, EncodeGaussian) and self._config.is_variational:
                return request.images, self._image_shape, "encode_gaussian"
        raise NotYetError

    def _pass(self, weights: Weights) -> ForwardPass:
        mean, layers, config = weights[MEAN_PATH], layer_weights(self._spec, weights), self._config
        return config.kind.forward_pass(
            self._spec,
            _OPS,
            lambda layer, given: layer_output(layers[layer.name], given),
            lambda images: images - mean,
            lambda outputs: outputs if config.is_bernoulli else outputs + mean,
        )

    @cached_property
    def _spec(self) -> ModelSpec:
        return check_network(self._config, self._image_shape, self._n_classes)

    def _checked(self, weights: Weights) -> Weights:
        expected = dict(_shapes(self._spec, self._image_shape))
        given = {path: array.shape for path, array in weights.items() if array.dtype == np.float32}
        if given != expected or len(given) != len(weights):
            raise CadlError(_("These weights belong to another network: the file of the run is damaged."))
        return weights


def _shapes(spec: ModelSpec, image_shape: ImageShape) -> Iterable[tuple[str, Shape]]:
    """Paths and shapes of all variables of a network."""
    yield MEAN_PATH, image_shape
    for layer in spec.layers:
        if not layer.tied_to:
            yield kernel_path(layer), layer.kernel_shape
        if layer.use_bias:
            yield f"{layer.name}/linear/bias", (layer.n_units,)
        if layer.batch_normalisation:
            for name in ("gamma", "beta", "moving_mean", "moving_variance"):
                yield f"{layer.name}/batch_normalisation/{name}", (layer.n_units,)
