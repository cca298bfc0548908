"""Networks are refused from the first one on that does not fit into memory, and at the field to change."""

import pytest

from cadl_gui.domain.buildable import MAX_BATCH_NUMBERS, MAX_PARAMETERS, check_buildable, check_network
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.system.file_limits import MOST_ACTIVATIONS


def network(n_units, **fields):
    return RunConfig.of(preset="test", layers=(n_units,), **fields)


@pytest.mark.parametrize(
    ("shape", "counted", "limit", "message"),
    [
        ((222, 300, 1), "n_parameters", MAX_PARAMETERS, "have 200,0..,... weights"),
        ((2, 4_194_300, 1), "n_activations", MOST_ACTIVATIONS, "becomes 16,777,2.. numbers"),
    ],
)
def test_largest_network_is_built_and_one_with_a_unit_more_refused(shape, counted, limit, message):
    one, two = (getattr(model_spec(network(n).model, shape, 4), counted) for n in (1, 2))
    most = 1 + (limit - one) // (two - one)
    assert limit - (two - one) < getattr(check_network(network(most).model, shape, 4), counted) <= limit
    with pytest.raises(ConfigurationError, match=message) as refused:
        check_network(network(most + 1).model, shape, 4)
    assert refused.value.field == "layers"


def test_largest_batch_is_trained_on_and_one_with_an_image_more_refused():
    n_activations = model_spec(network(7).model, (222, 300, 1), 4).n_activations
    most, rest = divmod(MAX_BATCH_NUMBERS, n_activations)
    assert rest
    assert check_buildable(network(7, batch_size=most), (222, 300, 1), 4).n_activations == n_activations
    with pytest.raises(ConfigurationError, match=r"takes 2\.0 GB .* at most 2 GB") as refused:
        check_buildable(network(7, batch_size=most + 1), (222, 300, 1), 4)
    assert refused.value.field == "batch_size"


def test_classifier_needs_two_classes_and_an_autoencoder_none():
    with pytest.raises(ConfigurationError, match="two different labels") as refused:
        check_network(network(3, model="classifier").model, (6, 5, 1), 1)
    assert refused.value.field == "model"
    assert check_network(network(3, model="classifier").model, (6, 5, 1), 2).latent_shape == (2,)
    check_network(network(3).model, (6, 5, 1), 0)
