"""The pure functions of one architecture, traced when they are first needed."""

import re
from collections.abc import Generator, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.requests import (
    DecodeActivations,
    FindEvidence,
    FindTopActivations,
    NetworkRequest,
)
from cadl_gui.domain.snapshot import NO_WEIGHTS, Weights
from cadl_gui.imaging.weights.bent_weights import bent_kernels
from cadl_gui.inference.bent_units import unit_bends, unit_bends_signature, with_bent_units
from cadl_gui.inference.graph_operations import graph_operations
from cadl_gui.inference.questions import QUESTIONS
from cadl_gui.inference.stateless import StatelessFunction, WeightTensors, stateless
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.models import Classifier, Network, build_for_inference
from cadl_gui.models.network import ASKED
from cadl_gui.system.file_limits import MOST_ACTIVATIONS_AT_ONCE

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends

_LABELS_AT_ONCE = 2
"""Labels: all ten take a convolutional network as long as two frames while another one trains."""


class StatelessNetwork:
    """What a network of one architecture can be asked.

    Args:
        config: of the network.
        image_shape: (height, width, channels).
        n_classes: how many kinds of images there are.
        functions: of several networks, of which few are kept; by default of this one alone.
    """

    def __init__(
        self,
        config: ModelConfig,
        image_shape: ImageShape,
        n_classes: int,
        functions: TracedFunctions | None = None,
    ) -> None:
        self._config = config
        self._image_shape = image_shape
        self._n_classes = n_classes
        self._functions = TracedFunctions() if functions is None else functions
        self._bent: tuple[Weights, Bends, Weights] = (NO_WEIGHTS, (), NO_WEIGHTS)

    def respond(self, weights: Weights, request: NetworkRequest[Any]) -> Any:
        """Answer with given weights; what comes is told by the request's docstring.

        Raises:
            CadlError: if this kind of network has no such answer, or it is not made of finite numbers. What
                units do and paint is told in any case: images of them show where numbers end.
            ConfigurationError: if the network would not fit into memory.
        """
        if isinstance(request, DecodeActivations):
            spec = self._network.spec
            painting = (spec.encoder[-1], *spec.decoder[:-1]) if spec.decoder else ()
            self._check_layer(request.layer, painting)
        return self._finished(request, self._ask(weights, request, _array_of(request)))

    def find_evidence(self, weights: Weights, request: FindEvidence) -> Generator[None, None, Evidence]:
        """Which pixels speak for each label, two labels at a time; yields between them.

        Raises:
            CadlError: if it is no classifier, or its logits are not made of finite numbers.
        """
        parts = []
        for first in range(0, self._n_classes, _LABELS_AT_ONCE):
            labels = np.arange(first, min(first + _LABELS_AT_ONCE, self._n_classes), dtype=np.int32)
            parts.append(self._ask(weights, request, request.image, labels))
            yield
        explained = self._finished(request, np.concatenate(parts))
        return Evidence(explained[:, :-1].reshape(-1, *request.image.shape), explained[:, -1])

    def peaks(
        self, weights: Weights, request: FindTopActivations, images: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The largest activation of each unit on each of these images, (n, units)."""
        self._check_layer(request.layer, self._network.spec.layers)
        peaks: NDArray[np.float32] = self._finished(request, self._ask(weights, request, images))
        return peaks

    def operations(self) -> tuple[Operation, ...]:
        """Every operation of its graph."""
        return graph_operations(self._network)

    @staticmethod
    def _check_layer(name: str, layers: Iterable[LayerSpec]) -> None:
        if all(layer.name != name for layer in layers):
            raise CadlError(f"This network has no layer “{name}” that could be asked.")

    def _ask(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute, as many inputs at once as fit into memory on their way through the network."""
        first, *others = inputs
        if isinstance(request, FindEvidence) or len(first) <= self._n_at_once:  # it has one image
            return self._asked(weights, request, *inputs)
        parts = (first[i : i + self._n_at_once] for i in range(0, len(first), self._n_at_once))
        answers = np.concatenate([self._asked(weights, request, part, *others) for part in parts])
        answers.flags.writeable = False
        return answers

    @cached_property
    def _n_at_once(self) -> int:
        return max(1, MOST_ACTIVATIONS_AT_ONCE // self._network.spec.n_activations)

    def _asked(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute with the request's bends: kernels by other weights, units by another function."""
        if not request.bends:
            return self._function(request)(weights, *inputs)
        spec = self._network.spec
        learned, bends, _ = self._bent
        if learned is not weights or bends != request.bends:
            self._bent = weights, request.bends, bent_kernels(spec, weights, request.bends)
        units = unit_bends(spec, request.bends)
        return self._function(request)(self._bent[2], *units, *inputs)

    def _function(self, request: NetworkRequest[Any]) -> StatelessFunction:
        """For one kind of request; the plain one knows nothing of bends and costs nothing for them."""
        key = type(request), getattr(request, "layer", ""), bool(request.bends)
        return self._functions.get(self, key, partial(self._traced, *key))

    @cached_property
    def _network(self) -> Network:
        return build_for_inference(self._config, self._image_shape, self._n_classes)

    @cached_property
    def _tensors(self) -> WeightTensors:
        return WeightTensors(self._network)

    def _traced(self, kind: type[NetworkRequest[Any]], layer: str, bends: bool) -> StatelessFunction:
        network, question = self._network, QUESTIONS[kind]
        if not isinstance(network, question.of):
            what = "a classifier" if isinstance(network, Classifier) else "an autoencoder"
            asked = re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()
            raise CadlError(f"This run is {what}: it cannot {asked}.")
        about = (network, layer) if layer else (network,)
        function, arguments = partial(question.compute, *about), question.takes(*about)
        if not bends:
            return stateless(self._tensors, partial(function, way=ASKED), *arguments)

        def bent(order: Any, factors: Any, *inputs: Any) -> Any:
            return function(*inputs, way=with_bent_units(network.spec, order, factors))

        return stateless(self._tensors, bent, *unit_bends_signature(network.spec), *arguments)

    def _finished(self, request: NetworkRequest[Any], computed: NDArray[np.float32]) -> Any:
        return QUESTIONS[type(request)].finish(self._network, computed)


def _array_of(request: NetworkRequest[Any]) -> NDArray[np.float32]:
    """What a request brings to be computed with: the one of its fields that is an array."""
    (array,) = (value for value in vars(request).values() if isinstance(value, np.ndarray))
    return array
