"""One text names a dataset and how it is prepared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.preparing_options import PreparingOptions, dataset_text, split_dataset_text

OPTIONS = st.builds(
    PreparingOptions,
    size=st.integers(0, 512),
    grey=st.booleans(),
    crop_factor=st.sampled_from([1.0, 0.8]),
    background=st.sampled_from(["white", "black"]),
    labels=st.text(st.sampled_from("a,=:%é+/"), max_size=5),
)


@given(st.text(st.sampled_from("a/:=,size1 é"), min_size=1), OPTIONS)
def test_path_and_options_come_back_from_the_text(path, options):
    text = dataset_text(path, options)
    found, again = split_dataset_text(text)
    assert found == path
    if options.changed:
        assert again == options


def test_options_at_their_defaults_are_left_out():
    assert dataset_text("photos", PreparingOptions()) == "photos"
    assert dataset_text("photos", PreparingOptions(size=32, grey=True)) == "photos:size=32,grey=on"


@pytest.mark.parametrize(
    "path", ["what:", "what:=3", "a:b=3", ":size=3", "photos:size=3,b=4", "a:size", "C:/a"]
)
def test_a_colon_in_a_path_stays_there(path):
    assert split_dataset_text(path) == (path, PreparingOptions())


def test_a_path_that_looks_like_one_with_options_is_told_apart():
    for path in ("a:size=3", "a:size=9999"):
        assert split_dataset_text(dataset_text(path, PreparingOptions())) == (path, PreparingOptions())


def test_a_value_that_is_not_valid_is_named():
    with pytest.raises(ConfigurationError, match="Size lies between 0 and 512"):
        split_dataset_text("photos:size=9999")
