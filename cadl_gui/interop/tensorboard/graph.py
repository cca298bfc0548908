"""Names the operations of a network's graph by its layers, as TensorBoard groups them."""

from collections.abc import Iterable
from typing import Any


def named_by_layers(graph: Any, scopes: Iterable[str], variables: Iterable[str]) -> Any:
    """Rename the operations of a traced network, in place: `encoder_1_1/linear_1/MatMul` is of `encoder_1`.

    Args:
        graph: `GraphDef` of the network, in which Keras has numbered the scopes of layers, and placeholders
            have the names of variables with underscores.
        scopes: names of layers and their parts.
        variables: paths of the variables, such as `encoder_1/linear/kernel`.

    Returns:
        The same `GraphDef`.
    """
    paths = {path.replace("/", "_"): path for path in variables}
    own = {f"{scope}_1": scope for scope in scopes}

    def renamed(name: str) -> str:
        return paths.get(name) or "/".join(own.get(part, part) for part in name.split("/"))

    for node in graph.node:
        node.name = renamed(node.name)
        for i, source in enumerate(node.input):
            name, colon, port = source.partition(":")
            mark = "^" if name.startswith("^") else ""
            node.input[i] = f"{mark}{renamed(name.removeprefix('^'))}{colon}{port}"
    return graph
