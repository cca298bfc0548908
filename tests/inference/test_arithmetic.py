"""The step-by-step arithmetic gives Keras's results in all layers, units and positions."""

import numpy as np
import pytest
from described import described
from oracles import ACTIVATIONS

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeActivations
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.imaging.weights.arithmetic import UnitComputation, normalised
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (7, 6, 1)
TIED = RunConfig.of(
    preset="test", convolutional=True, layers=(3, 2), kernel_sizes=(4, 3), strides=(2, 2), tied=True,
    activation="relu",
)  # fmt: skip
FREE = RunConfig.of(
    preset="test", convolutional=True, layers=(2, 3), kernel_sizes=(5, 3), strides=(2, 1), latent_dim=2,
    tied=False, use_bias=True, batch_normalisation=True, activation="leaky_relu",
)  # fmt: skip
CLASSIFIER = FREE.replace(model="classifier", latent_dim=0, n_hidden=4)


def inspected(config: RunConfig) -> InspectedNetwork:
    """A network with random weights, and Keras's activations for a random image."""
    n_classes = 3 if config.model.is_classifier else 0
    network = build(config, SHAPE, n_classes)
    random = np.random.default_rng(4)
    for variable in network.variables:
        variable.assign(random.uniform(-0.5, 0.7, variable.shape) + ("variance" in variable.path))
    weights = network.weights_by_path
    answers = InferenceService()
    names = numbered(n_classes)
    about = described("run", config, SHAPE, class_names=names)
    answers.register(about)
    answers.update("run", Snapshot(Position(1), weights), True)
    image = random.uniform(size=(1, *SHAPE)).astype(np.float32)
    _, given = answers.respond(ComputeActivations("run", None, image))
    found = InspectedNetwork(network.spec)
    found.take_weights(weights, ())
    found.take_activations(image[0], given)
    return found


def sum_of(work: UnitComputation, step: int) -> float:
    """The sum of a step's products; the last step of a dense unit has all of them."""
    return float(np.nansum(work.at(step).rows[1][2 if work.layer.kind != "dense" else 0].values))


@pytest.mark.parametrize("config", [TIED, FREE, CLASSIFIER], ids=["tied", "free", "classifier"])
def test_every_step_comes_to_what_keras_gives(config):
    network = inspected(config)
    kinds = set()
    for layer in network.spec.layers:
        kinds.add(layer.kind)
        own = network.weights[layer.name]
        sources = range(1 if layer.kind == "dense" else layer.input_shape[-1])
        for unit in range(layer.output_shape[-1]):
            works = [network.work_of(layer, unit, source, ()) for source in sources]
            if works[0] is None:
                assert layer.kind == "dense", "only a dense layer that gives an image has no sum to show"
                continue
            given = network.maps[layer.name].maps[unit]
            for place in range(given.size):
                step = place if layer.kind != "dense" else works[0].n_steps - 1
                total = sum(sum_of(work, step) for work in works)
                total += 0.0 if own.bias is None else float(own.bias[unit])
                if own.normalisation is not None:
                    total = normalised(total, own.normalisation, unit)
                value = float(ACTIVATIONS[layer.activation](total))
                assert value == pytest.approx(float(given.flat[place]), rel=1e-5, abs=1e-5)
    assert "convolution" in kinds
    assert config.model.is_classifier or "transposed convolution" in kinds
