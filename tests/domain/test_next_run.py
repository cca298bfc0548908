"""The next run is texts: what is typed, chosen, stored and trained are functions of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.families import Family, family_of
from cadl_gui.domain.next_run import NextRun, check
from cadl_gui.domain.presets import PRESETS, preset

FIRST = next(iter(PRESETS.values())).config
MNIST = Preview(70_000, (28, 28, 1), tuple("0123456789"), n_test=10_000)
FEW = Preview(26, (8, 6, 3), ("left", "right"))
FEWER = Preview(10, (6, 8, 1), ("left", "right"))
KNOWN = {"mnist": MNIST, "emoji": Preview(1906, (64, 64, 3), tuple("abc")), "/few": FEW, "/fewer": FEWER}
preview_of = KNOWN.get

NAMES = st.sampled_from(sorted(PRESETS))
TYPED = st.sampled_from(["", " ", "1", "12", "-3", "0.1", "1e", "64, 32", "nonsense", "é" * 90])
FREE = [name for name, about in FIELDS.items() if about.kind not in {"bool", "choice"} and name != "preset"]
EDITS = st.dictionaries(st.sampled_from(FREE), TYPED, max_size=4)
RUNS = st.builds(lambda name, texts: NextRun.of(preset(name).config).replace(**texts), NAMES, EDITS)
DATASETS = st.sampled_from(["mnist", "emoji", "/few", "/fewer", "/unknown"])


def never(error):
    raise AssertionError(error)


def opened(run, dataset):
    return run.with_dataset(dataset, preview_of(dataset), before=preview_of(run["dataset"]))


def test_at_first_it_is_the_first_preset():
    assert NextRun().read == (FIRST, {})
    assert NextRun() == NextRun.of(FIRST)


@given(NAMES)
def test_the_texts_of_a_configuration_are_read_as_it(name):
    config = preset(name).config.replace(seed=77, learning_rate=3e-9, dataset="/data/digits:size=8")
    assert check(NextRun.of(config)) == (config, {})


@given(RUNS)
def test_whatever_is_typed_comes_back_as_it_stood(typed):
    back = NextRun.from_json(json.loads(json.dumps(typed.to_json())), never)
    assert back == typed
    assert hash(back) == hash(typed)


@given(RUNS)
def test_every_text_that_is_wrong_is_named_with_its_field(typed):
    config, errors = check(typed, MNIST)
    assert (config is None) <= bool(errors)
    assert set(errors) <= set(FIELDS)
    assert all(sentence.endswith((".", ")")) for sentence in errors.values())
    if not errors:
        assert typed.read.config == config == NextRun.of(config).read.config


@given(NAMES)
def test_values_as_in_the_file_of_a_run_are_read_like_texts(name):
    config = preset(name).config.replace(epochs=7)
    values = json.loads(json.dumps(config.to_json()))
    assert NextRun.from_json(values, never) == NextRun.of(config)
    assert NextRun.from_json(None, never) == NextRun()


@pytest.mark.parametrize(
    ("field", "damage", "why"),
    [
        ("epochs", "x" * 40_000, "too long"),
        ("epochs", [3], "whole number"),
        ("tied", "perhaps", "on or off"),
        ("schedule", "sometimes", "constant"),
        ("layers", None, "list of numbers"),
        ("of another version", "1", "no field"),
    ],
)
def test_a_damaged_field_is_the_presets_and_reported_and_the_others_hold(field, damage, why):
    errors = []
    typed = NextRun.of(preset("vae").config).replace(seed="", batch_size="30")
    assert NextRun.from_json(typed.to_json() | {field: damage}, errors.append) == typed
    assert [why in str(error) for error in errors] == [True]


@pytest.mark.parametrize("damage", [[], "vae", {}, {"epochs": "3"}, {"preset": 3}, {"preset": "no-preset"}])
def test_what_names_no_preset_is_no_next_run(damage):
    with pytest.raises(ValueError, match="names no preset"):
        NextRun.from_json(damage, never)


def test_a_field_without_effect_takes_its_default_whatever_stands_in_it():
    typed = NextRun().replace(kernel_sizes="nonsense")
    assert not typed.is_applicable("kernel_sizes")
    assert typed.read == (FIRST, {})
    assert list(typed.replace(convolutional="on").read.errors) == ["kernel_sizes"]


@pytest.mark.parametrize(
    ("name", "texts", "hidden"),
    [
        ("lecture-softmax", {}, {"n_hidden", "latent_dim", "activation"}),
        ("lecture-softmax", {"layers": "64"}, {"n_hidden", "latent_dim"}),
        ("lecture-softmax", {"n_hidden": "64"}, {"latent_dim"}),
        ("lecture-conv-classifier", {}, {"latent_dim"}),
        ("lecture-autoencoder", {}, {"n_hidden", "latent_dim"}),
        ("lecture-autoencoder", {"latent_dim": "3"}, {"n_hidden"}),
        ("lecture-autoencoder", {"variational": "on"}, set()),
        ("lecture-conv-autoencoder", {}, set()),
    ],
)
def test_a_field_that_does_nothing_or_what_layers_do_is_not_shown(name, texts, hidden):
    """In the lecture's autoencoder, “Latent dimensions 0” stood beside a picture that said 64."""
    next_run = NextRun.of(preset(name).config).replace(**texts)
    asked = {"layers", "n_hidden", "latent_dim", "activation", "use_bias"}
    assert {field for field in asked if not next_run.is_shown(field)} == hidden


def test_all_errors_are_told_in_the_order_of_the_fields():
    found = NextRun().replace(seed="1.5", epochs="", dataset="").read
    assert list(found.errors) == ["dataset", "epochs", "seed"]
    assert "field is empty" in found.errors["epochs"]
    assert found.error == found.errors["dataset"]
    assert (found.config, found.trainable) == (None, None)


def test_what_cannot_be_trained_on_its_images_says_so():
    classifier = NextRun.of(preset("softmax").config).replace(dataset="/faces", batch_size="23")
    assert check(classifier).trainable is not None, "nothing is known of the images"
    assert list(check(classifier, Preview(200, (8, 6, 1), ())).errors) == ["model"]
    assert check(classifier, FEW).error.endswith("at most 22 (2 recommended).")
    assert check(classifier, FEW).config is not None, "its network can be drawn"
    assert check(classifier.replace(batch_size="22"), FEW).errors == {}
    assert list(check(classifier, Preview(2, (8, 6, 1), ("a", "b"))).errors) == ["dataset"]
    refused = check(classifier.replace(precision="bfloat16"), FEW, "This processor has none.")
    assert refused.errors == {"precision": "This processor has none."}
    assert check(NextRun.of(preset("celeb-vae").config)).errors.keys() == {"dataset"}


def test_a_further_check_may_refuse_it():
    def further(config):
        if config.training.epochs < 3:
            raise ConfigurationError("epochs", "Three at least.")

    assert check(NextRun().replace(epochs="2"), further=further).errors == {"epochs": "Three at least."}
    assert check(NextRun().replace(epochs="3"), further=further).errors == {}


@given(RUNS, DATASETS, NAMES, NAMES)
def test_a_preset_takes_edits_back_but_leaves_images_and_examples_of_ones_own(typed, dataset, first, second):
    typed = opened(typed, dataset)
    once = typed.with_preset(first, preview_of)
    assert once == once.with_preset(first, preview_of)
    assert once["labelled_examples"] == typed["labelled_examples"]
    own, brought = PRESETS[first].config.data.dataset, PRESETS[typed["preset"]].config.data.dataset
    assert once["dataset"] == (own if own != "mnist" or dataset == brought else dataset)
    fitted = {"/few": "2", "/fewer": "1"}.get(once["dataset"])
    batch_size = fitted or str(PRESETS[first].config.training.batch_size)
    expected = NextRun.of(PRESETS[first].config).replace(
        dataset=once["dataset"], labelled_examples=typed["labelled_examples"], batch_size=batch_size
    )
    assert once == expected
    twice = once.with_preset(second, preview_of)
    assert twice["dataset"] == once["dataset"] or own != "mnist" or second.startswith("emoji")


@given(NAMES, st.lists(DATASETS, min_size=2, max_size=5))
def test_a_batch_size_of_the_preset_follows_the_images_and_a_typed_one_stays(name, datasets):
    run, typed = (
        NextRun().with_preset(name, preview_of),
        NextRun.of(preset(name).config).replace(batch_size="77"),
    )
    own = run["batch_size"]
    for dataset in datasets:
        run, typed = opened(run, dataset), opened(typed, dataset)
        assert run["batch_size"] == {"/few": "2", "/fewer": "1"}.get(dataset, own)
        assert (typed["batch_size"], typed["dataset"]) == ("77", dataset)


@given(RUNS, st.sampled_from(Family))
def test_a_family_chooses_its_first_preset_unless_one_of_it_is_chosen(typed, family):
    chosen = typed.of_family(family, preview_of)
    assert chosen.family is family
    if typed["preset"] in family.presets:
        assert chosen == typed, "edits stay"
    else:
        assert chosen == typed.with_preset(family.first_preset, preview_of)
    assert chosen.of_family(family, preview_of) == chosen


def test_a_preset_edited_until_it_is_of_another_family_is_filled_in_anew():
    edited = NextRun().replace(denoising="on")
    assert edited.family is Family.DENOISE
    assert edited.of_family(Family.RECONSTRUCT, preview_of) == NextRun()
    unreadable = edited.replace(epochs="")
    assert unreadable.family is Family.RECONSTRUCT, "that of its preset"
    assert NextRun.of(RunConfig.of(preset="from-elsewhere")).replace(epochs="").family is None


@given(RUNS)
def test_the_dataset_is_known_whatever_else_is_typed(typed):
    config = typed.replace(epochs="", layers="x").dataset_config
    if config is None:
        assert set(typed.read.errors) or not typed.is_applicable("labelled_repeats")
    else:
        assert config.data.dataset == typed["dataset"].strip()
        assert str(config.training.seed) == typed["seed"].strip(), "it splits the images"
    assert typed.replace(validation_fraction="0.7").dataset_config is None


@given(NAMES)
def test_the_family_of_a_preset_is_its_own(name):
    assert NextRun.of(preset(name).config).family is family_of(preset(name).config)
