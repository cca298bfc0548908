"""Makes the summaries that TensorBoard's dashboards of scalars, images and histograms show.

`tf.summary.scalar` and its like are in TensorBoard, which this program does not need: they are a tensor and
the name of a dashboard.
"""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework.summary_pb2 import DATA_CLASS_BLOB_SEQUENCE as BLOBS
from tensorflow.core.framework.summary_pb2 import DATA_CLASS_SCALAR as SCALAR
from tensorflow.core.framework.summary_pb2 import DATA_CLASS_TENSOR as TENSOR
from tensorflow.core.framework.summary_pb2 import Summary, SummaryMetadata

Summarised = Any
"""A `Summary.Value`: a tag, a tensor, and the dashboard that shows it."""

_N_BUCKETS = 30
"""As many as `tf.summary.histogram` has."""


def scalar(tag: str, value: float) -> Summarised:
    """Summarise a number."""
    return _summarised("scalars", SCALAR, tag, tf.make_tensor_proto(value, tf.float32))


def image(tag: str, pixels: NDArray[np.uint8], about: str = "") -> Summarised:
    """Summarise an image.

    Args:
        pixels: (height, width, 1 or 3) uint8.
        about: description, as Markdown.
    """
    height, width, _ = pixels.shape
    png = tf.io.encode_png(pixels).numpy()
    tensor = tf.make_tensor_proto([str(width).encode(), str(height).encode(), png], tf.string)
    return _summarised("images", BLOBS, tag, tensor, about)


def histogram(tag: str, values: NDArray[Any]) -> Summarised:
    """Summarise how numbers are distributed; those that are not finite are left out."""
    finite = np.asarray(values, np.float64).ravel()
    finite = finite[np.isfinite(finite)]
    tensor = tf.make_tensor_proto(_buckets(finite), tf.float64)
    return _summarised("histograms", TENSOR, tag, tensor)


def _buckets(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 3): left edge, right edge, and number of values of each bucket."""
    if not len(values):
        return np.zeros((0, 3))
    if values.min() == values.max():
        return np.array([[values[0], values[0], len(values)]])
    counts, edges = np.histogram(values, bins=_N_BUCKETS)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)


def _summarised(dashboard: str, data_class: int, tag: str, tensor: Any, about: str = "") -> Summarised:
    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=dashboard),
        data_class=data_class,
        summary_description=about,
    )
    return Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
