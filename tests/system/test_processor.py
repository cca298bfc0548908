"""A processor that TensorFlow would abort on is reported as one message."""

import platform
import sys

import pytest

from cadl_gui.system.processor import bfloat16_refusal, processor_complaint

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() != "x86_64",
    reason="reads what Linux on x86-64 tells of its processor",
)


@pytest.fixture
def cpu_info(tmp_path):
    def write(flags):
        path = tmp_path / "cpuinfo"
        path.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t:\n")
        return path

    return write


def test_a_processor_without_avx_is_named_as_the_reason(cpu_info):
    assert "AVX" in processor_complaint(cpu_info("fpu sse sse2 ssse3 sse4_2"))


def test_a_newer_instruction_set_alone_does_not_count(cpu_info):
    assert "AVX" in processor_complaint(cpu_info("fpu sse2 avx512f_like"))


@pytest.mark.parametrize("flags", ["fpu sse2 avx avx2", "avx"])
def test_with_avx_there_is_nothing_to_say(cpu_info, flags):
    assert processor_complaint(cpu_info(flags)) == ""


def test_without_information_from_the_system_nothing_is_reported(tmp_path):
    assert processor_complaint(tmp_path / "none") == ""
    assert processor_complaint(tmp_path) == ""


@pytest.mark.parametrize(
    ("flags", "offered"),
    [
        ("fpu avx2 avx512_bf16 amx_bf16 amx_tile", True),
        ("fpu avx2 avx512_bf16 avx512_vnni", True),
        ("fpu avx2 avx512_vnni", False),
        ("fpu", False),
    ],
)
def test_bfloat16_is_offered_where_the_processor_has_instructions_for_it(cpu_info, flags, offered):
    refusal = bfloat16_refusal(cpu_info(flags))
    expected = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."
    assert refusal == ("" if offered else expected)


def test_bfloat16_is_not_offered_where_the_system_does_not_tell(tmp_path):
    assert "this system does not tell" in bfloat16_refusal(tmp_path / "none")
