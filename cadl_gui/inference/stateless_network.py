"""The stateless functions of one architecture, traced on first use."""

import re
from collections.abc import Generator, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.buildable import check_network
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
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
from cadl_gui.inference.graph_operations import graph_operations, network_graph
from cadl_gui.inference.questions import QUESTIONS
from cadl_gui.inference.stateless import StatelessFunction, WeightTensors, stateless
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.models import Network, build_for_inference
from cadl_gui.models.network import INFERENCE
from cadl_gui.models.release import take_apart
from cadl_gui.system.file_limits import MOST_ACTIVATIONS_AT_ONCE
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends

_LABELS_AT_ONCE = 2
"""Labels per part: all ten take a convolutional network two frames' time while another network trains."""


class StatelessNetwork:
    """Answers requests for networks of one architecture; the weights are an argument.

    Args:
        config: configuration of the model.
        image_shape: (height, width, channels).
        n_classes: number of classes.
        functions: cache of traced functions to share with other networks; by default a separate one.
        at_once: most activations that are computed at once.
    """

    def __init__(
        self,
        config: ModelConfig,
        image_shape: ImageShape,
        n_classes: int,
        functions: TracedFunctions | None = None,
        at_once: int = MOST_ACTIVATIONS_AT_ONCE,
    ) -> None:
        self._at_once = at_once
        self._config = config
        self._image_shape = image_shape
        self._n_classes = n_classes
        self._functions = TracedFunctions() if functions is None else functions
        self._bent: tuple[Weights, Bends, Weights] = (NO_WEIGHTS, (), NO_WEIGHTS)

    def release(self) -> None:
        """Free the network, which can no longer be asked."""
        if "_network" in vars(self):
            take_apart(self._network)

    def respond(self, weights: Weights, request: NetworkRequest[Any]) -> Any:
        """Answer a request with the given weights.

        Args:
            request: the request; its docstring describes the answer.

        Raises:
            CadlError: if this kind of network does not support the request, or the answer is not finite.
                Activations, and images decoded from them, may be non-finite: their images show where.
            ConfigurationError: if the network would not fit into memory.
        """
        if isinstance(request, DecodeActivations):
            spec = self._spec
            painting = (spec.encoder[-1], *spec.decoder[:-1]) if spec.decoder else ()
            self._check_layer(request.layer, painting)
        return self._finished(request, self._ask(weights, request, _array_of(request)))

    def find_evidence(self, weights: Weights, request: FindEvidence) -> Generator[None, None, Evidence]:
        """Attribute the logit of each label to the pixels, two labels at a time.

        Yields:
            None after each part, so that other requests can be answered in between.

        Raises:
            CadlError: if the network is not a classifier, or its logits or contributions are not finite.
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
        """Largest activation of each unit of the requested layer on each image.

        Args:
            request: names the layer.
            images: (n, height, width, channels) float32 in [0, 1].

        Returns:
            (n, units) float32.

        Raises:
            CadlError: if there is no such layer.
        """
        self._check_layer(request.layer, self._spec.layers)
        peaks: NDArray[np.float32] = self._finished(request, self._ask(weights, request, images))
        return peaks

    def operations(self) -> tuple[Operation, ...]:
        """The operations of the network's graph."""
        return self._functions.get(self, "operations", lambda: graph_operations(self._network))

    def graph(self) -> Any:
        """The network's graph, a `GraphDef`."""
        return network_graph(self._network).as_graph_def()

    @staticmethod
    def _check_layer(name: str, layers: Iterable[LayerSpec]) -> None:
        if all(layer.name != name for layer in layers):
            raise CadlError(_("This network has no layer “{name}” that could be asked.").format(name=name))

    def _ask(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute in batches whose activations fit into memory."""
        first, *others = inputs
        if isinstance(request, FindEvidence) or len(first) <= self._n_at_once:  # it has one image
            return self._asked(weights, request, *inputs)
        parts = (first[i : i + self._n_at_once] for i in range(0, len(first), self._n_at_once))
        answers = np.concatenate([self._asked(weights, request, part, *others) for part in parts])
        answers.flags.writeable = False
        return answers

    @cached_property
    def _n_at_once(self) -> int:
        return max(1, self._at_once // self._spec.n_activations)

    def _asked(
        self, weights: Weights, request: NetworkRequest[Any], *inputs: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Compute with the request's bends: bent kernels change the weights, bent units the function."""
        if not request.bends:
            return self._function(request)(weights, *inputs)
        spec = self._spec
        learned, bends, _ = self._bent
        if learned is not weights or bends != request.bends:
            self._bent = weights, request.bends, bent_kernels(spec, weights, request.bends)
        units = unit_bends(spec, request.bends)
        return self._function(request)(self._bent[2], *units, *inputs)

    def _function(self, request: NetworkRequest[Any]) -> StatelessFunction:
        """The function for a class of request; without bends, one that does not spend time on them."""
        key = type(request), getattr(request, "layer", ""), bool(request.bends)
        return self._functions.get(self, key, partial(self._traced, *key))

    @cached_property
    def _spec(self) -> ModelSpec:
        return check_network(self._config, self._image_shape, self._n_classes)

    @cached_property
    def _network(self) -> Network:
        """Built where its first function is traced, perhaps in another thread, and not used before."""
        return build_for_inference(self._config, self._image_shape, self._n_classes)

    @cached_property
    def _tensors(self) -> WeightTensors:
        return WeightTensors(self._network)

    def _traced(self, kind: type[NetworkRequest[Any]], layer: str, bends: bool) -> StatelessFunction:
        network, question = self._network, QUESTIONS[kind]
        if not isinstance(network, question.of):
            asked = re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()
            raise CadlError(
                _("This run is {name}: it cannot {asked}.").format(name=self._config.kind.name, asked=asked)
            )
        about = (network, layer) if layer else (network,)
        function, arguments = partial(question.compute, *about), question.takes(*about)
        if not bends:
            return stateless(self._tensors, partial(function, options=INFERENCE), *arguments)

        def bent(order: Any, factors: Any, *inputs: Any) -> Any:
            return function(*inputs, options=with_bent_units(network.spec, order, factors))

        return stateless(self._tensors, bent, *unit_bends_signature(network.spec), *arguments)

    def _finished(self, request: NetworkRequest[Any], computed: NDArray[np.float32]) -> Any:
        return QUESTIONS[type(request)].finish(self._network, computed)


def _array_of(request: NetworkRequest[Any]) -> NDArray[np.float32]:
    """The input of a request: its only field that is an array."""
    arrays = [value for value in vars(request).values() if isinstance(value, np.ndarray)]
    if len(arrays) != 1:
        raise TypeError(
            f"Expected a request with one array. Received: {type(request).__name__} with {len(arrays)}"
        )
    return arrays[0]
