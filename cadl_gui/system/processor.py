"""Checks that the processor can run TensorFlow, which otherwise ends the process, and what it is fast at."""

import platform
import sys
from pathlib import Path

_LINUX_CPU_INFO = Path("/proc/cpuinfo")
_BFLOAT16_FLAGS = ("amx_bf16", "avx512_bf16")
"""Intel’s Xeons since Sapphire Rapids (2023), AMD’s processors since Zen 4 (2022)."""

_WINDOWS_AVX_FEATURE = 39
_WINDOWS_BUILD_THAT_KNOWS_AVX = 19041


def processor_complaint(cpu_info: Path = _LINUX_CPU_INFO) -> str:
    """Return a sentence if the processor lacks the AVX instructions that TensorFlow requires, or "".

    Args:
        cpu_info: Linux's file of processor information.
    """
    if platform.machine().lower() not in {"x86_64", "amd64"} or _has_avx(cpu_info):
        return ""
    return "TensorFlow needs a processor with AVX instructions (2011 or later); this one has none."


def bfloat16_refusal(cpu_info: Path = _LINUX_CPU_INFO) -> str:
    """Return a sentence if the processor has no instructions that make bfloat16 worth while, or "".

    Args:
        cpu_info: Linux's file of processor information.
    """
    flags = _flags(cpu_info)
    if not flags.isdisjoint(_BFLOAT16_FLAGS):
        return ""
    reason = "this processor has neither" if flags else "this system does not tell of its processor"
    return f"bfloat16 needs the instructions {' or '.join(_BFLOAT16_FLAGS)}; {reason}."


def processor_name(cpu_info: Path = _LINUX_CPU_INFO) -> str:
    """Return the model name of the processor, as far as the system provides it.

    Args:
        cpu_info: Linux's file of processor information.
    """
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _has_avx(cpu_info: Path) -> bool:
    """Whether the processor has AVX; also True if that cannot be determined."""
    if sys.platform == "win32":
        import ctypes

        if sys.getwindowsversion().build < _WINDOWS_BUILD_THAT_KNOWS_AVX:
            return True
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_WINDOWS_AVX_FEATURE))
    flags = _flags(cpu_info)
    return not flags or "avx" in flags


def _flags(cpu_info: Path) -> frozenset[str]:
    """Return the processor's flags on Linux; empty if the system does not provide them."""
    try:
        with cpu_info.open(encoding="utf-8", errors="replace") as lines:
            first = next((line for line in lines if line.startswith("flags")), "")
    except OSError:
        return frozenset()
    return frozenset(first.partition(":")[2].split())
