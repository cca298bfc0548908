"""The pure functions of one architecture, traced when they are first needed."""

from collections.abc import Generator, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import NDArray

from cadl_gui.core.architecture import Layer
from cadl_gui.core.configuration import ModelConfig
from cadl_gui.core.errors import NOT_FINITE, CadlError
from cadl_gui.core.evidence import Evidence
from cadl_gui.core.file_limits import MOST_ACTIVATIONS_AT_ONCE
from cadl_gui.core.images import PictureShape
from cadl_gui.core.operations import Operation
from cadl_gui.core.requests import (
    Classify,
    Decode,
    Encode,
    EncodeGaussian,
    Explain,
    FindExciting,
    FollowThrough,
    NetworkRequest,
    Paint,
    Reconstruct,
)
from cadl_gui.core.snapshot import NO_WEIGHTS, Weights
from cadl_gui.core.weights.bent_weights import bent_kernels
from cadl_gui.inference.activations import all_activations, peak_activations, split_activations
from cadl_gui.inference.bent_units import unit_bends, unit_bends_signature, with_bent_units
from cadl_gui.inference.contributions import contributions
from cadl_gui.inference.graph_operations import graph_operations
from cadl_gui.inference.pure import PureFunction, pure
from cadl_gui.models import Autoencoder, Classifier, Network, VariationalAutoencoder, build_for_inference
from cadl_gui.models.network import ASKED, Pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from cadl_gui.core.bends import Bends

_Argument: TypeAlias = tuple[int | None, ...] | tf.TensorSpec
"""Shape of float32 numbers, or all that is to be said of another argument."""

_LABELS = tf.TensorSpec((None,), tf.int32)

_EXPLAINED_AT_ONCE = 2
"""Labels: all ten take a convolutional network as long as two frames while another one trains."""


class PureNetwork:
    """What a network of one architecture can be asked.

    Args:
        config: of the network.
        picture_shape: (height, width, channels).
        n_labels: how many kinds of pictures there are.
    """

    def __init__(self, config: ModelConfig, picture_shape: PictureShape, n_labels: int) -> None:
        self._config = config
        self._picture_shape = picture_shape
        self._n_labels = n_labels
        self._functions: dict[tuple[type[NetworkRequest[Any]], str, bool], PureFunction] = {}
        self._bent: tuple[Weights, Bends, Weights] = (NO_WEIGHTS, (), NO_WEIGHTS)

    def answer(self, weights: Weights, request: NetworkRequest[Any]) -> Any:
        """Answer with given weights; what comes is told by the request's docstring.

        Raises:
            CadlError: if this kind of network has no such answer, or it is not made of finite numbers. What
                units do and paint is told in any case: pictures of them show where numbers end.
            ConfigurationError: if the network would not fit into memory.
        """
        match request:
            case FollowThrough():
                activations = self._ask(weights, request, request.pictures)
                return split_activations(self._network.architecture, activations)
            case Decode():
                inputs = request.codes
            case Paint():
                table = self._network.architecture
                painting = (table.encoder[-1], *table.decoder[:-1]) if table.decoder else ()
                self._check_layer(request.layer, painting)
                inputs = request.activations
            case Reconstruct() | Encode() | EncodeGaussian() | Classify():
                inputs = request.pictures
            case _:
                raise TypeError(f"Expected a request that a network can answer. Received: {request!r}")
        answer = self._ask(weights, request, inputs)
        if not isinstance(request, Paint):
            _check_finite(answer)
        return answer

    def explain(self, weights: Weights, request: Explain) -> Generator[None, None, Evidence]:
        """Which pixels speak for each label, two labels at a time; yields between them.

        Raises:
            CadlError: if it is no classifier, or its logits are not made of finite numbers.
        """
        parts = []
        for first in range(0, self._n_labels, _EXPLAINED_AT_ONCE):
            labels = np.arange(first, min(first + _EXPLAINED_AT_ONCE, self._n_labels), dtype=np.int32)
            parts.append(self._ask(weights, request, request.picture, labels))
            yield
        explained = np.concatenate(parts)
        _check_finite(explained)
        return Evidence(explained[:, :-1].reshape(-1, *request.picture.shape), explained[:, -1])

    def peaks(
        self, weights: Weights, request: FindExciting, pictures: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The largest activation of each unit on each of these pictures, (n, units)."""
        self._check_layer(request.layer, self._network.architecture.layers)
        return self._ask(weights, request, pictures)

    def operations(self) -> tuple[Operation, ...]:
        """Every operation of its graph."""
        return graph_operations(self._network)

    @staticmethod
    def _check_layer(name: str, layers: Iterable[Layer]) -> None:
        if all(layer.name != name for layer in layers):
            raise CadlError(f"This network has no layer “{name}” that could be asked.")

    def _ask(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute, as many inputs at once as fit into memory on their way through the network."""
        first, *others = inputs
        if isinstance(request, Explain) or len(first) <= self._n_at_once:  # it has one picture
            return self._asked(weights, request, *inputs)
        parts = (first[i : i + self._n_at_once] for i in range(0, len(first), self._n_at_once))
        answers = np.concatenate([self._asked(weights, request, part, *others) for part in parts])
        answers.flags.writeable = False
        return answers

    @cached_property
    def _n_at_once(self) -> int:
        return max(1, MOST_ACTIVATIONS_AT_ONCE // self._network.architecture.n_activations)

    def _asked(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute with the request's bends: kernels by other weights, units by another function."""
        if not request.bends:
            return self._function(request)(weights, *inputs)
        table = self._network.architecture
        learned, bends, _ = self._bent
        if learned is not weights or bends != request.bends:
            self._bent = weights, request.bends, bent_kernels(table, weights, request.bends)
        units = unit_bends(table, request.bends)
        return self._function(request)(self._bent[2], *units, *inputs)

    def _function(self, request: NetworkRequest[Any]) -> PureFunction:
        """For one kind of request; the plain one knows nothing of bends and costs nothing for them."""
        layer = request.layer if isinstance(request, Paint | FindExciting) else ""
        key = type(request), layer, bool(request.bends)
        if key not in self._functions:
            self._functions[key] = self._traced(*key)
        return self._functions[key]

    @cached_property
    def _network(self) -> Network:
        return build_for_inference(self._config, self._picture_shape, self._n_labels)

    def _traced(self, kind: type[NetworkRequest[Any]], layer: str, bends: bool) -> PureFunction:
        network, pictures = self._network, (None, *self._picture_shape)
        functions: dict[type[NetworkRequest[Any]], tuple[Callable[..., Any], *tuple[_Argument, ...]]] = {}
        if isinstance(network, Classifier):
            functions = {
                Classify: (network.call, pictures),
                Explain: (partial(contributions, network), self._picture_shape, _LABELS),
            }
        if isinstance(network, Autoencoder):
            functions = {
                Reconstruct: (network.call, pictures),
                Encode: (network.encode, pictures),
                Decode: (network.decode, (None, network.latent_dim)),
            }
            if kind is Paint:
                shapes = {own.name: own.output_shape for own in network.architecture.layers}
                functions[Paint] = (partial(network.decode_from, layer), (None, *shapes[layer]))
        if isinstance(network, VariationalAutoencoder):
            functions[EncodeGaussian] = (partial(_gaussians, network), pictures)
        functions[FollowThrough] = (partial(all_activations, network), pictures)
        functions[FindExciting] = (partial(peak_activations, network, layer), pictures)
        if kind not in functions:
            what = "a classifier" if Classify in functions else "an autoencoder"
            raise CadlError(f"This run is {what}: it cannot {kind.__name__.lower()}.")
        function, *arguments = functions[kind]
        if not bends:
            return pure(network, partial(function, way=ASKED), *arguments)

        def bent(order: Any, factors: Any, *inputs: Any) -> Any:
            return function(*inputs, way=with_bent_units(network.architecture, order, factors))

        return pure(network, bent, *unit_bends_signature(network.architecture), *arguments)


def _gaussians(network: VariationalAutoencoder, pictures: Any, way: Pass) -> Any:
    """Mean and standard deviation of each latent, (n, 2, latent_dim)."""
    z_mean, z_log_var = network.encode_distribution(pictures, way)
    return ops.stack([z_mean, ops.exp(0.5 * z_log_var)], axis=1)


def _check_finite(answer: NDArray[np.float32]) -> None:
    if not np.isfinite(answer).all():
        raise CadlError(NOT_FINITE)
