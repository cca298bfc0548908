"""A processor that TensorFlow would abort on is reported as one message."""

import platform
import sys

import pytest

from cadl_gui.system.processor import bfloat16_refusal, processor_complaint, processor_name

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() != "x86_64",
    reason="reads what Linux on x86-64 tells of its processor",
)


@pytest.mark.parametrize("flags", ["fpu sse sse2 ssse3 sse4_2", "fpu sse2 avx512f_like"])
def test_a_processor_without_avx_is_named_as_the_reason(processor, flags):
    processor(flags)
    assert "AVX" in processor_complaint()


@pytest.mark.parametrize("flags", ["fpu sse2 avx avx2", "avx"])
def test_with_avx_there_is_nothing_to_say(processor, flags):
    processor(flags)
    assert processor_complaint() == ""


@pytest.mark.parametrize("path", ["none", "."], ids=["no file", "a folder"])
def test_without_information_from_the_system_nothing_is_reported(tmp_path, monkeypatch, path):
    monkeypatch.setenv("CADL_CPU_INFO", str(tmp_path / path))
    assert processor_complaint() == ""
    assert "this system does not tell" in bfloat16_refusal()


@pytest.mark.parametrize(
    ("flags", "offered"),
    [
        ("fpu avx2 avx512_bf16 amx_bf16 amx_tile", True),
        ("fpu avx2 avx512_bf16 avx512_vnni", True),
        ("fpu avx2 avx512_vnni", False),
        ("fpu", False),
    ],
)
def test_bfloat16_is_offered_where_the_processor_has_instructions_for_it(processor, flags, offered):
    processor(flags)
    expected = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."
    assert bfloat16_refusal() == ("" if offered else expected)


def test_the_processor_has_the_name_of_its_model(processor):
    processor("avx", model="Xeon: fast")
    assert processor_name() == "Xeon: fast"
    processor("avx", model="")
    assert processor_name() == (platform.processor() or platform.machine())
