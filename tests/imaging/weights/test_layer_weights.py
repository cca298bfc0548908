"""The assignment of a snapshot's arrays to layers, compared with the real networks."""

import numpy as np
import pytest
from pairwise import pairs

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.snapshot import freeze
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, layer_weights

SHAPE = (7, 6, 2)
DENSE = RunConfig.of(preset="test", layers=(8, 5))
CONVOLUTIONAL = DENSE.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2), n_hidden=6
)
BASES = (
    DENSE,
    CONVOLUTIONAL,
    DENSE.replace(latent_dim=2, variational=True, tied=False, output_activation="sigmoid"),
    CONVOLUTIONAL.replace(latent_dim=3, variational=True, output_activation="sigmoid"),
    CONVOLUTIONAL.replace(model="classifier"),
    DENSE.replace(model="classifier", layers=(), n_hidden=0),
)
CONFIGURATIONS = [
    base.replace(tied=tied, use_bias=use_bias, batch_normalisation=normalised)
    for base, tied, use_bias, normalised in pairs(BASES, (False, True), (False, True), (False, True))
]


def network_and_weights(config, shape):
    """A real network with distinct values in all its variables."""
    from cadl_gui.models import build

    network = build(config, shape, 4)
    random = np.random.default_rng(1)
    for variable in network.variables:
        variable.assign(random.random(variable.shape))
    return network, network.weights_by_path


def check(config, shape):
    network, weights = network_and_weights(config, shape)
    own = layer_weights(network.spec, weights)
    assert list(own) == [layer.name for layer in network.spec.layers]
    blocks = (*network.encoder_layers, *network.decoder_layers, network.z_log_var_layer)
    for block in filter(None, blocks):
        found = own[block.spec.name]
        assert found.kernel.shape == block.spec.kernel_shape
        if not block.spec.tied_to:
            np.testing.assert_array_equal(found.kernel, block.kernel)
        if block.spec.use_bias:
            np.testing.assert_array_equal(found.bias, block.linear.bias)
        else:
            assert found.bias is None


@pytest.mark.tf
@pytest.mark.parametrize("config", CONFIGURATIONS, ids=range(len(CONFIGURATIONS)))
def test_every_layer_gets_its_own_kernel_and_bias(config):
    check(config, SHAPE)


@pytest.mark.tf
@pytest.mark.parametrize("name", PRESETS)
def test_arrays_are_assigned_to_layers_for_every_preset(name):
    check(PRESETS[name].config, (28, 28, 1))


def test_a_tied_layer_has_the_kernel_that_it_computes_with():
    """Dense kernels are transposed; those of convolutions are used as they are."""
    mean, kernel = np.zeros((2, 3, 1)), np.arange(12.0).reshape(6, 2)
    spec = model_spec(DENSE.replace(layers=(2,)).model, (2, 3, 1), 0)
    own = layer_weights(spec, freeze({MEAN_PATH: mean, "encoder_1/linear/kernel": kernel}))
    np.testing.assert_array_equal(own["decoder_1"].kernel, kernel.T)


@pytest.mark.parametrize("kernels", [{}, {"encoder_1/linear/kernel": np.zeros((6, 3))}])
def test_weights_of_another_network_are_refused_in_a_message(kernels):
    spec = model_spec(DENSE.replace(layers=(2,)).model, (2, 3, 1), 0)
    with pytest.raises(CadlError, match="not those of this run's network"):
        layer_weights(spec, freeze({MEAN_PATH: np.zeros((2, 3, 1)), **kernels}))
