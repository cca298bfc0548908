"""Answers what the hand asks, from published snapshots: the backend that the inference thread owns."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.sources.arrays import write_examples
from cadl_gui.domain.architecture import Architecture, architecture
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exciting import Exciting, most_exciting
from cadl_gui.domain.graph import Graph
from cadl_gui.domain.images import PictureShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.nearest import NearestPictures
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    Answer,
    DatasetRequest,
    Encode,
    EncodeGaussian,
    Explain,
    FetchPosteriors,
    FetchSnapshot,
    FetchTestPicture,
    FetchTrainingPictures,
    FindExciting,
    FindNearest,
    ListOperations,
    NetworkRequest,
    Request,
    SaveExamples,
    SurveyWeights,
)
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.domain.weight_survey import WeightSurvey
from cadl_gui.imaging.weights.bent_weights import changes_codes
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.imaging.weights.survey import survey
from cadl_gui.inference.compared_codes import ComparedCodes
from cadl_gui.inference.compared_pictures import ComparedPictures
from cadl_gui.inference.graph.graph_network import GraphNetwork
from cadl_gui.inference.pure_network import PureNetwork
from cadl_gui.inference.snapshot_cache import SnapshotCache
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.snapshots import read_snapshot

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends

CACHE_BYTES = 512 * 2**20

_Graph = tuple[ModelConfig, PictureShape, int] | Graph
"""What decides a network's graph, or a frozen graph itself."""

_Network = PureNetwork | GraphNetwork


class Answers:
    """Knows the open runs and computes with their weights, without ever touching a network that trains.

    Runs of the same architecture share one traced network; a run is only its snapshots.

    Args:
        cache_bytes: memory for recorded snapshots that could be read from disk again.
    """

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        self._snapshots = SnapshotCache(cache_bytes, read_snapshot, _is_on_disk)
        self._graphs: dict[str, _Graph] = {}
        self._networks: dict[_Graph, _Network] = {}
        self._functions = TracedFunctions()
        self._configs: dict[str, RunConfig] = {}
        self._fingerprints: dict[str, str] = {}
        self._compared: dict[tuple[DataConfig, int], ComparedPictures] = {}
        self._coded: tuple[tuple[str, Position, Bends], Weights, ComparedCodes] | None = None

    def describe(self, description: RunDescription) -> None:
        """Get to know a run before its first snapshot comes; its network is traced when it is first asked."""
        graph = description.graph or _graph_of(description)
        if graph not in self._networks:
            self._networks[graph] = (
                GraphNetwork(graph) if isinstance(graph, Graph) else PureNetwork(*graph, self._functions)
            )
        self._graphs[description.run_id] = graph
        self._configs[description.run_id] = description.config
        self._fingerprints[description.run_id] = description.dataset_fingerprint
        self._snapshots.add_run(description.run_id, description.source)

    def publish(self, run_id: str, snapshot: Snapshot, recorded: bool) -> None:
        """Take weights that may be asked about."""
        self._snapshots.add(run_id, snapshot, recorded=recorded)

    def drop(self, run_id: str, positions: Sequence[Position]) -> None:
        """Drop weights that are no longer kept."""
        self._snapshots.drop(run_id, positions)

    def forget(self, run_id: str) -> None:
        """Drop a run, its snapshots, and its network and pictures if no other run needs them."""
        self._snapshots.forget(run_id)
        self._configs.pop(run_id, None)
        self._fingerprints.pop(run_id, None)
        graph = self._graphs.pop(run_id, None)
        if graph is not None and graph not in self._graphs.values():
            self._functions.forget(self._networks.pop(graph))
        if self._coded is not None and self._coded[0][0] == run_id:
            self._coded = None
        needed = {_pictures_key(config) for config in self._configs.values()}
        self._compared = {key: pictures for key, pictures in self._compared.items() if key in needed}

    def answer(self, request: Request[Answer]) -> tuple[Position | None, Answer]:
        """Answer at once; see `answer_in_parts`."""
        parts = self.answer_in_parts(request)
        while True:
            try:
                next(parts)
            except StopIteration as end:
                position, value = end.value
                return position, value

    def answer_in_parts(self, request: Request[Any]) -> Generator[None, None, tuple[Position | None, Any]]:
        """Return the position of the weights that were used, if any were, and the value.

        Yields:
            Where another request may be answered first; most answers have no such place.

        Raises:
            CadlError: if the run, or the weights at the position, are not known.
        """
        if isinstance(request, SaveExamples):
            write_examples(request.path, request.images, request.labels)
            return None, request.path
        if not isinstance(request, NetworkRequest | DatasetRequest):
            raise TypeError(f"Expected a known request. Received: {request!r}")
        if request.run_id not in self._graphs:
            raise CadlError("This run is not open.")
        if isinstance(request, DatasetRequest):
            return None, self._of_dataset(request)
        network = self._networks[self._graphs[request.run_id]]
        snapshot = self._snapshots.get(request.run_id, request.position)
        if isinstance(request, Explain) and isinstance(network, PureNetwork):
            return snapshot.position, (yield from network.explain(snapshot.weights, request))
        return snapshot.position, self._value(network, snapshot, request)

    def _of_dataset(self, request: DatasetRequest[Any]) -> NDArray[np.uint8]:
        match request:
            case FetchTestPicture():
                others = self._pictures_like_those_of(request) if request.is_new_to_all else ()
                return self._pictures_of(request).test_picture(request.number, others)
            case FetchTrainingPictures():
                return self._pictures_of(request).training_pictures(request.numbers)
        raise TypeError(f"Expected a known request. Received: {request!r}")

    def _value(self, network: _Network, snapshot: Snapshot, request: NetworkRequest[Any]) -> Any:
        value: Any
        match request:
            case FetchSnapshot():
                value = self._fetched(request, snapshot)
            case FindNearest():
                value = self._nearest(request, snapshot)
            case FindExciting():
                value = self._find_exciting(network, snapshot, request)
            case SurveyWeights():
                value = self._survey(snapshot, request)
            case ListOperations():
                value = network.operations()
            case FetchPosteriors():
                value = self._posteriors(network, snapshot, request)
            case _:
                value = network.answer(snapshot.weights, request)
        return value

    def _find_exciting(self, network: _Network, snapshot: Snapshot, request: FindExciting) -> Exciting:
        first, pictures, n = self._pictures_of(request).training_part(request.part)
        peaks = network.peaks(snapshot.weights, request, pictures)
        return most_exciting(peaks, first, n)

    def _survey(self, snapshot: Snapshot, request: SurveyWeights) -> WeightSurvey:
        own = layer_weights(self._table_of(request), snapshot.weights)
        if request.layer not in own:
            raise CadlError(f"This network has no layer “{request.layer}”.")
        return survey(own[request.layer])

    def _fetched(self, request: NetworkRequest[Any], snapshot: Snapshot) -> Snapshot:
        """With the probes that a bend has not made untrue."""
        if not request.bends:
            return snapshot
        is_untrue = changes_codes(self._table_of(request), request.bends)
        return replace(snapshot, probes=None) if is_untrue else snapshot

    def _table_of(self, request: NetworkRequest[Any]) -> Architecture:
        graph = self._graphs[request.run_id]
        if isinstance(graph, Graph):
            raise CadlError("A frozen graph has no layers to look into.")
        return architecture(*graph)

    def _nearest(self, request: FindNearest, snapshot: Snapshot) -> NearestPictures:
        compared = self._codes_of(request, snapshot) if request.by_code else self._pictures_of(request)
        return compared.nearest(request.picture, request.part)

    def _codes_of(self, request: FindNearest, snapshot: Snapshot) -> ComparedCodes:
        """Of the weights that are asked about; those of others before are forgotten."""
        key = request.run_id, snapshot.position, request.bends
        if self._coded is None or self._coded[0] != key or self._coded[1] is not snapshot.weights:
            network = self._networks[self._graphs[request.run_id]]

            def encode(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
                question = Encode(request.run_id, request.position, pictures, bends=request.bends)
                codes: NDArray[np.float32] = network.answer(snapshot.weights, question)
                return codes

            self._coded = key, snapshot.weights, ComparedCodes(self._pictures_of(request), encode)
        return self._coded[2]

    def _posteriors(
        self, network: _Network, snapshot: Snapshot, request: FetchPosteriors
    ) -> NDArray[np.float32]:
        """Of the test pictures whose codes are in the probes, in the same order."""
        pictures = self._pictures_of(request).test_pictures(request.first, request.n)
        asked = EncodeGaussian(request.run_id, request.position, pictures, bends=request.bends)
        posteriors: NDArray[np.float32] = network.answer(snapshot.weights, asked)
        return posteriors

    def _pictures_of(self, request: NetworkRequest[Any] | DatasetRequest[Any]) -> ComparedPictures:
        """The dataset of a run, loaded when it is first asked for, shared by runs that split it alike.

        One whose files have changed is loaded anew, so that each run is compared with what is there now.

        Raises:
            DatasetError: if it is not at hand, or no longer what the run was trained on.
        """
        config = self._configs[request.run_id]
        pictures = self._pictures_for(config)
        pictures.require_unchanged(config.data, self._fingerprints[request.run_id])
        return pictures

    def _pictures_like_those_of(self, request: FetchTestPicture) -> Iterable[ComparedPictures]:
        """The same dataset as every open run splits it that has the same as this one."""
        dataset = self._configs[request.run_id].data.dataset
        alike = (about for about in self._configs.values() if about.data.dataset == dataset)
        return {id(pictures): pictures for pictures in map(self._pictures_for, alike)}.values()

    def _pictures_for(self, config: RunConfig) -> ComparedPictures:
        key = _pictures_key(config)
        if key not in self._compared or not self._compared[key].are_current:
            self._compared[key] = ComparedPictures(config)
        return self._compared[key]


def _pictures_key(config: RunConfig) -> tuple[DataConfig, int]:
    """What decides which pictures a run learned from, and which it is tested on."""
    return replace(config.data, split_seed=-1), config.seed_of_split


def _is_on_disk(source: Path, position: Position) -> bool:
    return snapshot_path(source, position).is_file()


def _graph_of(description: RunDescription) -> _Graph:
    return description.config.model, description.picture_shape, description.n_labels
