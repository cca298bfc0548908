"""Which precision a run gets, by what the processor offers."""

import re

import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.precision import measured_text, require_offered, why_unmeasured, withheld_choices
from cadl_gui.domain.presets import PRESETS

REFUSAL = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."


@pytest.mark.parametrize(
    ("refusal", "n_replicas", "deterministic", "reason"),
    [("", 1, False, "^$"), ("", 2, False, "share each batch"), ("", 1, True, "A deterministic training"),
     (REFUSAL, 2, True, f"^{REFUSAL}$")],
)  # fmt: skip
def test_auto_measures_nothing_where_that_could_not_be_or_would_differ(
    refusal, n_replicas, deterministic, reason
):
    assert re.search(reason, why_unmeasured(refusal, n_replicas=n_replicas, deterministic=deterministic))


@pytest.mark.parametrize(
    ("coarse", "chosen", "told"),
    [(0.00612, "bfloat16", "took 6.12 ms in bfloat16 and 7 ms in float32."),
     (0.008, "float32", "took 8 ms in bfloat16 and 7 ms in float32."),
     (0.0069, "float32", "took 6.9 ms in bfloat16, 7 ms in float32: no clear difference.")],
)  # fmt: skip
def test_a_measurement_is_told_in_a_sentence(coarse, chosen, told):
    assert told in measured_text({"float32": 0.007, "bfloat16": coarse}, chosen)


@pytest.mark.parametrize(("device", "withheld"), [("", {"bfloat16": REFUSAL}), ("CPU", {"bfloat16": REFUSAL}),
                                                  ("GPU", {})])  # fmt: skip
def test_what_the_processor_lacks_a_gpu_offers(device, withheld, processor):
    processor("avx avx2")
    assert withheld_choices("precision", device) == withheld
    assert withheld_choices("initializer", device) == {}


def test_bfloat16_is_refused_with_the_reason():
    config = RunConfig.of(preset="test", precision="bfloat16")
    with pytest.raises(ConfigurationError, match=REFUSAL) as refused:
        require_offered(config, REFUSAL)
    assert refused.value.field == "precision"


def test_every_preset_is_float32_so_that_its_numbers_stay():
    assert {about.config.training.precision for about in PRESETS.values()} == {"float32"}


def test_a_file_that_names_no_precision_is_of_a_run_in_float32():
    values = RunConfig.of(preset="test", precision="bfloat16").to_json()
    del values["precision"]
    assert RunConfig.from_json(values).training.precision == "float32"
