"""Reads hints about a network from the graph beside a TensorFlow 1 checkpoint. The graph is never built."""

from pathlib import Path
from typing import Any

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.images import ImageShape
from cadl_gui.interop.course.matched_model import GraphHints, flat_image
from cadl_gui.system.file_limits import LARGEST_SIDE, MOST_CHANNELS, MOST_COURSE_GRAPH_BYTES
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

_FIRST_LAYER = "encoder/0/"
_ACTIVATIONS = {
    "Relu": "relu",
    "Elu": "elu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "LeakyRelu": "leaky_relu",
    "Abs": "leaky_relu",  # the course's lrelu
}


def read_hints(path: Path) -> GraphHints:
    """Read the hints in a graph; they are empty if the file does not exist.

    Raises:
        CheckpointError: if the file cannot be read, or is damaged.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

    if not path.is_file():
        return GraphHints()
    says = _("is damaged. Without it the checkpoint may open")
    with telling(path, CheckpointError, (DecodeError, ValueError), says):
        nodes = MetaGraphDef.FromString(read_whole(path, MOST_COURSE_GRAPH_BYTES)).graph_def.node
        activations = [_ACTIVATIONS[node.op] for node in nodes if _is_activation(node)]
        placeholders = [node for node in nodes if node.op == "Placeholder"]
    images = (_image_shape(node) for node in placeholders)
    return GraphHints(
        activation=activations[0] if activations else "",
        image_shape=next((shape for shape in images if shape is not None), None),
    )


def _is_activation(node: Any) -> bool:
    return node.op in _ACTIVATIONS and node.name.startswith(_FIRST_LAYER)


def _image_shape(placeholder: Any) -> ImageShape | None:
    """Return (height, width, channels) if a placeholder takes images, flattened or not; otherwise None."""
    match [int(dimension.size) for dimension in placeholder.attr["shape"].shape.dim]:
        case [_, int(n_pixels)] if 0 < n_pixels <= LARGEST_SIDE**2:
            return flat_image(n_pixels, GraphHints())
        case [_, int(height), int(width), int(channels)] if min(height, width, channels) > 0:
            is_plausible = max(height, width) <= LARGEST_SIDE and channels <= MOST_CHANNELS
            return (height, width, channels) if is_plausible else None
    return None
