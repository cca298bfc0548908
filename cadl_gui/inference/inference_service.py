"""The inference backend, which the inference thread owns; it answers requests from published snapshots."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import Load, load_if_asked_for
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import CadlError, NotYetError
from cadl_gui.domain.graph import Graph
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    Answer,
    Classify,
    ComputeErrors,
    ComputeQuantiles,
    Encode,
    EncodeGaussian,
    FetchPosteriors,
    FetchSnapshot,
    FetchTestImage,
    FetchTrainingImages,
    FindEvidence,
    FindNearest,
    FindTopActivations,
    ListOperations,
    NetworkRequest,
    Reconstruct,
    Request,
    RunImagesRequest,
)
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.domain.top_activations import TopActivations, top_activations
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.imaging.weights.bent_weights import changes_latents
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.imaging.weights.quantiles import weight_quantiles
from cadl_gui.inference.example_errors import cross_entropies, mean_squared_errors
from cadl_gui.inference.latent_neighbour_index import LatentNeighbourIndex
from cadl_gui.inference.neighbour_index import PART_SIZES, NeighbourIndex, PartSizes
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.inference.snapshot_cache import SnapshotCache
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.runs.layout import has_snapshot
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.system.stages import result_of
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends
    from cadl_gui.inference.graph.graph_network import GraphNetwork
    from cadl_gui.inference.stateless_network import StatelessNetwork

CACHE_BYTES = 512 * 2**20

QUICK_MULTIPLICATIONS = 2**25
"""Work for one image that takes NumPy 2 ms: that of `conv-classifier`, and a third more."""

_Graph = tuple[ModelConfig, ImageShape, int] | Graph
"""Key of a network's graph: its configuration and shapes, or a frozen graph itself."""

_Network: TypeAlias = "StatelessNetwork | GraphNetwork"


class InferenceService:
    """Computes with the weights of the open runs, independently of networks in training.

    Runs of the same architecture share one traced network and differ only in their snapshots.

    Args:
        cache_bytes: memory limit for recorded snapshots that can be read from disk again.
        has_tensorflow: whether TensorFlow may be imported; if not, all is computed in NumPy until `complete`.
        load: opens the datasets of runs.
        part_sizes: how many images are searched per request.
        quick_multiplications: up to how many multiplications one image is computed in NumPy.
    """

    def __init__(
        self,
        cache_bytes: int = CACHE_BYTES,
        *,
        has_tensorflow: bool = True,
        load: Load = load_if_asked_for,
        part_sizes: PartSizes = PART_SIZES,
        quick_multiplications: int = QUICK_MULTIPLICATIONS,
    ) -> None:
        self._load, self._part_sizes = load, part_sizes
        self._quick_multiplications = quick_multiplications
        self._has_tensorflow = has_tensorflow
        self._snapshots = SnapshotCache(cache_bytes, read_snapshot, has_snapshot)
        self._runs: dict[str, RunDescription] = {}
        self._networks: dict[_Graph, _Network] = {}
        self._numpy_networks: dict[_Graph, NumpyNetwork] = {}
        self._functions = TracedFunctions()
        self._compared: dict[tuple[DataConfig, int], NeighbourIndex] = {}
        self._coded: tuple[tuple[str, Position, Bends], Weights, LatentNeighbourIndex] | None = None

    def register(self, description: RunDescription) -> None:
        """Add a run before its first snapshot; its network is traced at the first request."""
        self._runs[description.run_id] = description
        self._snapshots.add_run(description.run_id, description.source)

    def complete(self, on_answerable: Callable[[], object]) -> None:
        """Answer all requests from now on, and trace functions in a thread of their own."""
        self._has_tensorflow = True
        self._functions.trace_behind(on_answerable)

    def close(self) -> None:
        """End that thread."""
        self._functions.close()

    def update(self, run_id: str, snapshot: Snapshot, recorded: bool) -> None:
        """Add a snapshot of a run.

        Args:
            run_id: a registered run.
            snapshot: its newest weights.
            recorded: whether the weights are retained when newer ones arrive.
        """
        self._snapshots.add(run_id, snapshot, recorded=recorded)

    def return_to(self, run_id: str, position: Position) -> None:
        """Let recorded weights be a run's newest again; see `SnapshotCache.return_to`."""
        self._snapshots.return_to(run_id, position)

    def drop(self, run_id: str, positions: Sequence[Position]) -> None:
        """Drop snapshots that are no longer retained."""
        self._snapshots.drop(run_id, positions)

    def unregister(self, run_id: str) -> None:
        """Remove a run and its snapshots, and its network and images if no other run needs them."""
        self._snapshots.forget(run_id)
        about = self._runs.pop(run_id, None)
        graph = None if about is None else _graph_of(about)
        if graph is not None and graph not in map(_graph_of, self._runs.values()):
            self._numpy_networks.pop(graph, None)
            network = self._networks.pop(graph, None)
            if network is not None:
                self._functions.forget(network)
                network.release()
        if self._coded is not None and self._coded[0][0] == run_id:
            self._coded = None
        needed = {_images_key(about.config) for about in self._runs.values()}
        self._compared = {key: images for key, images in self._compared.items() if key in needed}

    def respond(self, request: Request[Answer]) -> tuple[Position | None, Answer]:
        """Answer a request without interruption; see `respond_in_parts`."""
        return result_of(self.respond_in_parts(request))

    def respond_in_parts(self, request: Request[Any]) -> Generator[None, None, tuple[Position | None, Any]]:
        """Answer a request, yielding where other requests may be answered in between.

        Yields:
            None between the parts of a long computation; most requests have one part and never yield.

        Returns:
            The position of the weights that were used, or None, and the answer.

        Raises:
            NotYetError: if only TensorFlow can answer it, before `complete` or before it is traced.
            CadlError: if the run is not open, the weights at the position are not available, or the request
                cannot be answered for this run.
            TypeError: if the request is of an unknown class.
        """
        if not isinstance(request, NetworkRequest | RunImagesRequest):
            raise TypeError(f"Expected a known request. Received: {request!r}")
        if request.run_id not in self._runs:
            raise CadlError(_("This run is not open."))
        if isinstance(request, RunImagesRequest):
            return None, self._of_dataset(request)
        snapshot = self._snapshots.get(request.run_id, request.position)
        if isinstance(request, FindEvidence):
            network = self._network_of(request.run_id)
            return snapshot.position, (yield from network.find_evidence(snapshot.weights, request))
        return snapshot.position, self._value(snapshot, request)

    def _compute(self, weights: Weights, request: NetworkRequest[Any]) -> Any:
        graph = _graph_of(self._runs[request.run_id])
        if not isinstance(graph, Graph):
            if graph not in self._numpy_networks:
                self._numpy_networks[graph] = NumpyNetwork(*graph)
            # TensorFlow would compute one image, too, by threads that a training occupies for tens of
            # milliseconds (`tests/benchmarks/latent_drag.py`).
            work = self._runs[request.run_id].spec.n_multiplications
            most = int(work <= self._quick_multiplications) if self._has_tensorflow else None
            with suppress(NotYetError):
                return self._numpy_networks[graph].respond(weights, request, most)
        return self._network_of(request.run_id).respond(weights, request)

    def _network_of(self, run_id: str) -> _Network:
        graph = _graph_of(self._runs[run_id])
        if graph not in self._networks:
            self._networks[graph] = self._made(graph)
        return self._networks[graph]

    def _made(self, graph: _Graph) -> _Network:
        if isinstance(graph, Graph):
            from cadl_gui.inference.graph.graph_network import GraphNetwork

            return GraphNetwork(graph)
        if not self._has_tensorflow:
            raise NotYetError
        from cadl_gui.inference.stateless_network import StatelessNetwork

        return StatelessNetwork(*graph, self._functions)

    def _of_dataset(self, request: RunImagesRequest[Any]) -> NDArray[np.uint8]:
        match request:
            case FetchTestImage():
                others = self._images_like_those_of(request) if request.is_new_to_all else ()
                return self._images_of(request).test_image(request.number, others)
            case FetchTrainingImages():
                return self._images_of(request).training_images(request.numbers)
        raise TypeError(f"Expected a known request. Received: {request!r}")

    def _value(self, snapshot: Snapshot, request: NetworkRequest[Any]) -> Any:
        value: Any
        match request:
            case FetchSnapshot():
                value = self._fetched(request, snapshot)
            case FindNearest():
                value = self._nearest(request, snapshot)
            case FindTopActivations():
                value = self._find_top_activations(snapshot, request)
            case ComputeErrors():
                value = self._errors(snapshot, request)
            case ComputeQuantiles():
                value = self._weight_quantiles(snapshot, request)
            case ListOperations():
                value = self._network_of(request.run_id).operations()
            case FetchPosteriors():
                value = self._posteriors(snapshot, request)
            case _:
                value = self._compute(snapshot.weights, request)
        return value

    def _find_top_activations(self, snapshot: Snapshot, request: FindTopActivations) -> TopActivations:
        first, images, n = self._images_of(request).training_part(request.part)
        peaks = self._network_of(request.run_id).peaks(snapshot.weights, request, images)
        return top_activations(peaks, first, n)

    def _errors(self, snapshot: Snapshot, request: ComputeErrors) -> NDArray[np.float32]:
        images, labels = self._images_of(request).examples(request.numbers)
        about = request.run_id, request.position, images
        if not self._runs[request.run_id].config.model.is_classifier:
            made = self._compute(snapshot.weights, Reconstruct(*about, bends=request.bends))
            return _read_only(mean_squared_errors(made, images))
        if labels is None:
            raise CadlError(_("The images have no labels, so a classifier's errors are unknown."))
        probabilities = self._compute(snapshot.weights, Classify(*about, bends=request.bends))
        errors = cross_entropies(probabilities, labels)
        if request.predicted is not None:
            errors[probabilities.argmax(1) != request.predicted] = -1
        return _read_only(errors)

    def _weight_quantiles(self, snapshot: Snapshot, request: ComputeQuantiles) -> WeightQuantiles:
        spec = self._spec_of(request)
        own = layer_weights(spec, snapshot.weights).get(request.layer)
        if own is None:
            raise CadlError(_("This network has no layer “{layer}”.").format(layer=request.layer))
        return weight_quantiles(own, in_colour=request.in_colour and spec.has_colours(own.layer))

    def _fetched(self, request: NetworkRequest[Any], snapshot: Snapshot) -> Snapshot:
        """The snapshot, without artifacts if a bend invalidates them."""
        if not request.bends:
            return snapshot
        is_untrue = changes_latents(self._spec_of(request), request.bends)
        return replace(snapshot, artifacts=None) if is_untrue else snapshot

    def _spec_of(self, request: NetworkRequest[Any]) -> ModelSpec:
        about = self._runs[request.run_id]
        if about.is_graph:
            raise CadlError(_("A frozen graph has no layers to look into."))
        return about.spec

    def _nearest(self, request: FindNearest, snapshot: Snapshot) -> NearestImages:
        compared = self._latents_of(request, snapshot) if request.by_latent else self._images_of(request)
        return compared.nearest(request.image, request.part)

    def _latents_of(self, request: FindNearest, snapshot: Snapshot) -> LatentNeighbourIndex:
        """Latent index for the requested weights; only the index of the last weights is retained."""
        key = request.run_id, snapshot.position, request.bends
        if self._coded is None or self._coded[0] != key or self._coded[1] is not snapshot.weights:

            def encode(images: NDArray[np.float32]) -> NDArray[np.float32]:
                question = Encode(request.run_id, request.position, images, bends=request.bends)
                latents: NDArray[np.float32] = self._compute(snapshot.weights, question)
                return latents

            self._coded = key, snapshot.weights, LatentNeighbourIndex(self._images_of(request), encode)
        return self._coded[2]

    def _posteriors(self, snapshot: Snapshot, request: FetchPosteriors) -> NDArray[np.float32]:
        """Posteriors of the test images whose latents are in the artifacts, in the same order."""
        images = self._images_of(request).test_images(request.first, request.n)
        asked = EncodeGaussian(request.run_id, request.position, images, bends=request.bends)
        posteriors: NDArray[np.float32] = self._compute(snapshot.weights, asked)
        return posteriors

    def _images_of(self, request: NetworkRequest[Any] | RunImagesRequest[Any]) -> NeighbourIndex:
        """The dataset of a run, loaded on first use and shared by runs with the same split.

        A dataset whose files have changed is reloaded, so that runs are compared with its current contents.

        Raises:
            DatasetError: if the dataset is not available, has images of another shape than the network takes,
                or is no longer the one that the run was trained on.
        """
        about = self._runs[request.run_id]
        images = self._images_for(about.config)
        images.require_shape(about.image_shape)
        images.require_unchanged(about.config.data, about.dataset_fingerprint)
        return images

    def _images_like_those_of(self, request: FetchTestImage) -> Iterable[NeighbourIndex]:
        """Indices of all open runs with the same dataset as this one, which may split it differently."""
        dataset = self._runs[request.run_id].config.data.dataset
        alike = (about.config for about in self._runs.values() if about.config.data.dataset == dataset)
        return {id(images): images for images in map(self._images_for, alike)}.values()

    def _images_for(self, config: RunConfig) -> NeighbourIndex:
        key = _images_key(config)
        if key not in self._compared or not self._compared[key].are_current:
            self._compared[key] = NeighbourIndex(config, self._load, self._part_sizes)
        return self._compared[key]


def _read_only(array: NDArray[np.float32]) -> NDArray[np.float32]:
    array.flags.writeable = False
    return array


def _images_key(config: RunConfig) -> tuple[DataConfig, int]:
    """Key of a run's training and test images."""
    return replace(config.data, split_seed=-1), config.seed_of_split


def _graph_of(description: RunDescription) -> _Graph:
    return description.graph or (description.config.model, description.image_shape, description.n_classes)
