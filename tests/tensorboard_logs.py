"""Reads logs by TensorBoard's own readers."""

from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from PIL import Image
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.projector import ProjectorConfig


@dataclass
class ReadLog:
    """What TensorBoard finds in a folder.

    Attributes:
        scalars: [(step, value), …] by tag.
        images: [(step, pixels), …] by tag.
        histograms: [(step, buckets (n, 3)), …] by tag.
        graph: the `GraphDef`, or None.
        projector: the `ProjectorConfig`, or None.
    """

    scalars: dict = field(default_factory=dict)
    images: dict = field(default_factory=dict)
    histograms: dict = field(default_factory=dict)
    graph: object = None
    projector: object = None


def read_by_tensorboard(folder):
    """Read a log as TensorBoard's server does."""
    # 0: all of them, where the server takes a sample.
    events = event_accumulator.EventAccumulator(str(folder), {event_accumulator.TENSORS: 0})
    events.Reload()
    log = ReadLog(graph=events.Graph() if events.Tags()["graph"] else None)
    read = {
        "scalars": (log.scalars, float),
        "images": (log.images, _pixels),
        "histograms": (log.histograms, np.array),
    }
    for tag in events.Tags()["tensors"]:
        by_tag, convert = read[events.SummaryMetadata(tag).plugin_data.plugin_name]
        by_tag[tag] = [
            (each.step, convert(tf.make_ndarray(each.tensor_proto))) for each in events.Tensors(tag)
        ]
    config = folder / "projector_config.pbtxt"
    if config.exists():
        log.projector = text_format.Parse(config.read_text(), ProjectorConfig())
    return log


def steps_of(by_tag):
    """The steps by tag."""
    return {tag: [step for step, _ in found] for tag, found in by_tag.items()}


def _pixels(tensor):
    width, height, png = tensor
    pixels = np.asarray(Image.open(BytesIO(png)))
    assert pixels.shape[:2] == (int(height), int(width))
    return pixels
