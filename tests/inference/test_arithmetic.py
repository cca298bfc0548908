"""The arithmetic that is shown step by step comes to what Keras gives, in every layer, unit and place."""

import numpy as np
import pytest
from oracles import ACTIVATIONS

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FollowThrough
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.imaging.weights.arithmetic import UnitAtWork, normalised
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.inference.answers import Answers
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
    """A network of random weights with a random picture, followed by Keras."""
    n_labels = 3 if config.model.is_classifier else 0
    network = build(config, SHAPE, n_labels)
    random = np.random.default_rng(4)
    for variable in network.variables:
        variable.assign(random.uniform(-0.5, 0.7, variable.shape) + ("variance" in variable.path))
    weights = network.weights_by_path
    answers = Answers()
    names = numbered(n_labels)
    about = RunDescription("run", "test", config, SHAPE, 4, "random", None, None, "", class_names=names)
    answers.describe(about)
    answers.publish("run", Snapshot(Position(1), weights), True)
    picture = random.uniform(size=(1, *SHAPE)).astype(np.float32)
    _, given = answers.answer(FollowThrough("run", None, picture))
    found = InspectedNetwork(network.architecture)
    found.take_weights(weights, ())
    found.take_activations(picture[0], given)
    return found


def sum_of(work: UnitAtWork, step: int) -> float:
    """The products of a step, added up; a dense unit's last step has them all."""
    return float(np.nansum(work.at(step).rows[1][2 if work.layer.kind != "dense" else 0].values))


@pytest.mark.parametrize("config", [TIED, FREE, CLASSIFIER], ids=["tied", "free", "classifier"])
def test_every_step_comes_to_what_keras_gives(config):
    network = inspected(config)
    kinds = set()
    for layer in network.architecture.layers:
        kinds.add(layer.kind)
        own = network.weights[layer.name]
        sources = range(1 if layer.kind == "dense" else layer.input_shape[-1])
        for unit in range(layer.output_shape[-1]):
            works = [network.work_of(layer, unit, source, ()) for source in sources]
            if works[0] is None:
                assert layer.kind == "dense", "only a dense layer that gives a picture has no sum to show"
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
