"""Answers requests with the single function of a frozen graph."""

from typing import Any, NoReturn

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.graph import Graph
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.requests import NetworkRequest
from cadl_gui.domain.snapshot import Weights
from cadl_gui.inference.graph.graph_function import GraphFunction
from cadl_gui.system.words import _


class GraphNetwork:
    """Counterpart of `StatelessNetwork` for frozen graphs, whose weights are constants of the graph.

    Args:
        graph: graph to compute.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._function = GraphFunction(graph)

    def release(self) -> None:
        """Nothing to do: the function goes with this object."""

    def respond(self, weights: Weights, request: NetworkRequest[Any]) -> Any:  # noqa: ARG002 - it has none
        """Answer a request.

        Args:
            weights: not used.
            request: the request; its docstring describes the answer.

        Raises:
            CadlError: if the graph does not support the request or cannot be computed.
        """
        about = self._graph.about
        if type(request) is not about.request:
            raise CadlError(_("This run is a frozen graph: it can only {name}.").format(name=about.name))
        return self._function(getattr(request, about.takes))

    def find_evidence(self, *_asked: Any) -> NoReturn:
        """Not supported: the graph cannot be differentiated.

        Raises:
            CadlError: always.
        """
        raise CadlError(
            _("This run is a frozen graph: it can only {name}.").format(name=self._graph.about.name)
        )

    def operations(self) -> tuple[Operation, ...]:
        """The operations of the graph."""
        return tuple(Operation(each.name, each.kind, "") for each in self._graph.operations)

    def peaks(self, *_asked: Any) -> NoReturn:
        """Not supported: the layers of a frozen graph are not known.

        Raises:
            CadlError: always.
        """
        raise CadlError(_("A frozen graph has no layers to look into."))
