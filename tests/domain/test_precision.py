"""Which precision a run gets, by what the processor offers."""

import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.precision import require_offered, with_precision_chosen, withheld_choices
from cadl_gui.domain.presets import PRESETS

REFUSAL = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."


@pytest.mark.parametrize(
    ("asked", "refusal", "chosen"),
    [("float32", "", "float32"), ("bfloat16", "", "bfloat16"), ("auto", "", "bfloat16"),
     ("float32", REFUSAL, "float32"), ("auto", REFUSAL, "float32")],
)  # fmt: skip
def test_auto_is_bfloat16_where_that_is_offered(asked, refusal, chosen):
    config = RunConfig.of(preset="test", precision=asked)
    require_offered(config, refusal)
    assert with_precision_chosen(config, refusal) == config.replace(precision=chosen)


@pytest.mark.parametrize(
    ("preset", "chosen"),
    [("softmax", "float32"), ("lecture-conv-classifier", "bfloat16"), ("vae", "bfloat16")],
)
def test_auto_is_float32_for_softmax_regression_which_is_slower_in_bfloat16(preset, chosen):
    config = PRESETS[preset].config.replace(precision="auto")
    assert with_precision_chosen(config, "").training.precision == chosen
    with_hidden = config.replace(n_hidden=64) if preset == "softmax" else config
    assert with_precision_chosen(with_hidden, "").training.precision == "bfloat16", (
        "that has more than one product"
    )


def test_auto_is_float32_on_a_gpu():
    config = RunConfig.of(preset="test", precision="auto")
    assert with_precision_chosen(config, "", on_gpu=True).training.precision == "float32"


@pytest.mark.parametrize(("device", "withheld"), [("", {"bfloat16": REFUSAL}), ("CPU", {"bfloat16": REFUSAL}),
                                                  ("GPU", {})])  # fmt: skip
def test_what_the_processor_lacks_a_gpu_offers(device, withheld, processor):
    processor("avx avx2")
    assert withheld_choices("precision", device) == withheld
    assert withheld_choices("initializer", device) == {}


def test_bfloat16_is_refused_with_the_reason():
    config = RunConfig.of(preset="test", precision="bfloat16")
    for check in (require_offered, with_precision_chosen):
        with pytest.raises(ConfigurationError, match=REFUSAL) as refused:
            check(config, REFUSAL)
        assert refused.value.field == "precision"


def test_every_preset_is_float32_so_that_its_numbers_stay():
    assert {about.config.training.precision for about in PRESETS.values()} == {"float32"}


def test_a_file_that_names_no_precision_is_of_a_run_in_float32():
    values = RunConfig.of(preset="test", precision="bfloat16").to_json()
    del values["precision"]
    assert RunConfig.from_json(values).training.precision == "float32"
