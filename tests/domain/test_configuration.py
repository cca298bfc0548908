"""Configurations are validated, and are unchanged by being written and read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.branching import BRANCH_FIELDS, branched
from cadl_gui.domain.comparison import differences
from cadl_gui.domain.configuration import ALL_FIELDS, FIELDS, RunConfig, as_text, parse, validate
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.model_config import ACTIVATIONS, ModelConfig
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.domain.training_config import TrainingConfig

dense = st.builds(
    RunConfig.of,
    preset=st.sampled_from(sorted(PRESETS)),
    epochs=st.integers(1, 10_000),
    batch_size=st.integers(1, 10_000),
    learning_rate=st.floats(1e-9, 1e9),
    seed=st.integers(0, 2**31 - 1),
    layers=st.lists(st.integers(1, 8192), min_size=1, max_size=6),
    activation=st.sampled_from(ACTIVATIONS),
    use_bias=st.booleans(),
)


@given(dense)
def test_a_configuration_survives_json(config):
    written = json.loads(json.dumps(config.to_json()))
    assert written.keys() == FIELDS.keys()
    assert RunConfig.from_json(written) == config


def test_a_field_has_a_name_of_its_own():
    names = [name for part in (ModelConfig, DataConfig, TrainingConfig) for name in fields_of(part)]
    assert len(names) == len(set(names)) == len(ALL_FIELDS) - 1


def test_a_field_that_there_is_not_cannot_be_replaced():
    with pytest.raises(ConfigurationError, match="does not know the field “cls”"):
        preset("vae").config.replace(cls=1)


@given(dense)
def test_what_is_shown_can_be_typed_again(config):
    for name in FIELDS:
        value = config.value(name)
        again = parse(name, as_text(name, value))
        assert again == (pytest.approx(value, rel=1e-9) if FIELDS[name].kind == "float" else value)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("epochs", "0", "Epochs lies between 1 and 10,000."),
        ("epochs", "ten", "Epochs is a whole number; “ten” is not."),
        ("epochs", "", "Epochs is a whole number; the field is empty."),
        ("learning_rate", " ", "Learning rate is a number; the field is empty."),
        ("epochs", "2.5", "Epochs is a whole number; “2.5” is not."),
        ("learning_rate", "-1", "Learning rate lies between 1e-09 and 1e+09."),
        ("learning_rate", "nan", "Learning rate is a number."),
        ("layers", "512, x", "Layers is a whole number; “x” is not."),
        ("layers", "512, 0", "Layers lies between 1 and 8,192."),
        ("activation", "magic", "Activation is one of relu, leaky_relu, elu, tanh, sigmoid, linear."),
        ("use_bias", "maybe", "Biases is either on or off."),
    ],
)
def test_bad_text_is_a_message_that_names_the_field(field, text, message):
    with pytest.raises(ConfigurationError) as error:
        parse(field, text)
    assert str(error.value) == message
    assert error.value.field == field


def test_an_unknown_field_lists_those_there_are():
    with pytest.raises(ConfigurationError, match=r"There is no field “speed”. Fields: preset, model, conv"):
        parse("speed", "1")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("layers", "512", "Layers is a list of numbers, such as 512, 256."),
        ("layers", {}, "Layers is a list of numbers, such as 512, 256."),
        ("layers", [1] * 33, "Layers is a list of numbers, such as 512, 256."),
        ("layers", None, "Layers is a list of numbers, such as 512, 256."),
        ("use_bias", 1, "Biases is either on or off."),
        ("activation", 1, "Activation is one of relu, leaky_relu, elu, tanh, sigmoid, linear."),
        ("dataset", "x" * 4097, "Dataset must not be longer than 4,096 characters."),
        ("dataset", " ", "Dataset must not be empty."),
    ],
)
def test_a_value_of_another_kind_is_a_message_that_names_the_field(field, value, message):
    """As in a file that was written by someone else."""
    with pytest.raises(ConfigurationError) as error:
        RunConfig.from_json({"preset": "a", field: value})
    assert (error.value.field, str(error.value)) == (field, message)


@pytest.mark.parametrize("value", [True, "5", None, [5], float("inf")])
def test_numbers_are_numbers(value):
    with pytest.raises(ConfigurationError):
        validate("epochs", value)


def test_a_convolution_needs_a_kernel_size_for_every_layer():
    with pytest.raises(ConfigurationError, match="one number for each of the 3 layers") as error:
        preset("lecture-conv-autoencoder").config.replace(kernel_sizes=(4, 4))
    assert error.value.field == "kernel_sizes"


@pytest.mark.parametrize("values", [{}, {"preset": "a", "speed": 1}, {"preset": "a", "layers": []}])
def test_a_file_with_impossible_values_is_refused(values):
    with pytest.raises(ConfigurationError):
        RunConfig.from_json(values)


def test_the_lecture_presets_are_the_lecture_s():
    dense = preset("lecture-autoencoder").config
    network, training = dense.model, dense.training
    assert network.layers == (512, 256, 128, 64)
    assert (training.batch_size, training.epochs, training.learning_rate) == (100, 5, 1e-3)
    assert (network.activation, network.output_activation, network.use_bias) == ("relu", "relu", False)
    assert (network.subtract_mean, training.initial_stddev) == (True, 0.02)
    conv = preset("lecture-conv-autoencoder").config.model
    assert (conv.layers, conv.kernel_sizes, conv.strides) == ((16, 16, 16), (4, 4, 4), (2, 2, 2))


def test_an_unknown_preset_lists_those_there_are():
    with pytest.raises(ConfigurationError, match=r"There is no preset “vae2”\. Presets: lecture-autoencoder"):
        preset("vae2")


@pytest.mark.parametrize("field", ["epochs", "learning_rate"])
def test_a_number_that_no_float_can_hold_is_refused(field):
    """JSON's whole numbers can have any length."""
    with pytest.raises(ConfigurationError, match="lies between"):
        RunConfig.of(preset="test", **{field: 10**400})


def test_field_that_is_no_longer_offered_stays_in_the_runs_that_have_it():
    config = preset("conv-classifier").config
    old = RunConfig.from_json(config.to_json() | {"handwriting_variants": 0.2})
    assert RunConfig.from_json(old.to_json()) == old == branched(old, 3, {"epochs": old.training.epochs})
    assert [(each.label, each.values) for each in differences([old, config])] == [
        ("Handwriting variants", ("0.2", "0"))
    ]
    assert "handwriting_variants" not in {*FIELDS, *BRANCH_FIELDS, *config.to_json()}
    with pytest.raises(ConfigurationError, match="There is no field “handwriting_variants”"):
        parse("handwriting_variants", "0.2")
    reported = []
    assert (
        NextRun.of(old).read.config == NextRun.from_json(old.to_json(), reported.append).read.config == config
    )
    assert reported == []
