"""What web pages are tested with: networks, names that try to be more than names, and strokes of a hand."""

import numpy as np
from described import described
from oracles import learned

from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.web_page import PageNetwork
from cadl_gui.models import build_for_inference
from cadl_gui.saved.backend import Training
from cadl_gui.system.resources import shipped_run

HOSTILE = [
    "</script><script>alert(1)</script>",
    "\"'`${name}<!--",
    "\u202eמספר",
    "x" * 10_000,
    "]]>&lt;\u2028",
]


def page_network(config, shape=(13, 10, 3), name="Run", classes=("a", "b", "c")):
    """A network with weights as after a training."""
    weights = learned(build_for_inference(config.model, shape, len(classes)))
    about = described("id", config, shape, name=name, class_names=tuple(classes))
    return PageNetwork(about, Snapshot(Position(1), weights), None)


def shipped(*names):
    opened = [Training().open(OpenFile("", shipped_run(name))) for name in names]
    return [PageNetwork(each.description, each.snapshot, None) for each in opened]


def numpy_answer(network, request, weights=None):
    about = network.description
    asked = NumpyNetwork(about.config.model, about.image_shape, about.n_classes)
    return asked.respond(network.snapshot.weights if weights is None else weights, request)


def random_strokes(random):
    """One to three strokes of a hand: large and small, dots, and some beyond the edge of the canvas."""
    strokes, middle, size = [], random.uniform(0.1, 0.9, 2), random.choice([0.1, 0.4, 1.0])
    for _ in range(random.integers(1, 4)):
        n = random.choice([1, 2, 30])
        path = random.uniform(-0.4, 0.4, 2) + np.cumsum(
            random.normal(0, random.choice([0.002, 0.03]), (n, 2)), 0
        )
        pressures = random.uniform(0, 1, n) if random.random() < 0.5 else np.ones(n)
        strokes.append(np.column_stack([middle + size * path, pressures]).tolist())
    return strokes
