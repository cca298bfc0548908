"""What a frozen graph can be asked in the window: the one function that it is."""

from typing import Any, NoReturn

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.graph import Graph
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.requests import Classify, Decode, Encode, NetworkRequest, Reconstruct
from cadl_gui.domain.snapshot import Weights
from cadl_gui.inference.graph.graph_function import GraphFunction


class GraphNetwork:
    """Stands where `StatelessNetwork` stands for networks of ours; its weights are constants of the graph.

    Args:
        graph: that is asked.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._function = GraphFunction(graph)

    def respond(self, weights: Weights, request: NetworkRequest[Any]) -> Any:  # noqa: ARG002 - it has none
        """Answer; what comes is told by the request's docstring.

        Raises:
            CadlError: if the graph has no such answer.
        """
        name = self._graph.about.name
        match request:
            case Classify() | Reconstruct() | Encode() if type(request).__name__.lower() == name:
                return self._function(request.images)
            case Decode() if name == "decode":
                return self._function(request.latents)
        raise CadlError(f"This run is a frozen graph: it can only {name}.")

    def operations(self) -> tuple[Operation, ...]:
        """Every operation of its graph."""
        return tuple(Operation(each.name, each.kind, "") for each in self._graph.operations)

    def peaks(self, *_: Any) -> NoReturn:
        """It has no units.

        Raises:
            CadlError: always.
        """
        raise CadlError("A frozen graph has no layers to look into.")
