"""The operations of a network's graph, as the lecture prints them."""

from typing import NamedTuple


class Operation(NamedTuple):
    """One of `[op.name for op in g.get_operations()]` (lecture, *Inspecting the Network*).

    Attributes:
        name: unique within the graph, such as `encoder_1/conv2d/convolution`.
        kind: type of the operation, such as `Conv2D`.
        shape: shape of the output, such as "? × 14 × 14 × 32"; "" if there is no output.
    """

    name: str
    kind: str
    shape: str
