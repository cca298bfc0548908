"""Checks that the processor can run TensorFlow, which otherwise ends the process, and what it is fast at.

Linux tells of it in `/proc/cpuinfo`; tests name another file in the environment variable `CADL_CPU_INFO`.
"""

import os
import platform
import sys
from pathlib import Path

from cadl_gui.system.words import _

_BFLOAT16_FLAGS = ("amx_bf16", "avx512_bf16")
"""Intel’s Xeons since Sapphire Rapids (2023), AMD’s processors since Zen 4 (2022)."""

_WINDOWS_AVX_FEATURE = 39
_WINDOWS_BUILD_THAT_KNOWS_AVX = 19041


def processor_complaint() -> str:
    """Return a sentence if the processor lacks the AVX instructions that TensorFlow requires, or ""."""
    if platform.machine().lower() not in {"x86_64", "amd64"} or _has_avx():
        return ""
    return _("TensorFlow needs a processor with AVX instructions (2011 or later); this one has none.")


def bfloat16_refusal() -> str:
    """Return a sentence if the processor has no instructions that make bfloat16 worth while, or ""."""
    flags = _flags()
    if not flags.isdisjoint(_BFLOAT16_FLAGS):
        return ""
    reason = _("this processor has neither") if flags else _("this system does not tell of its processor")
    return _("bfloat16 needs the instructions {names}; {reason}.").format(
        names=_(" or ").join(_BFLOAT16_FLAGS), reason=reason
    )


def processor_name() -> str:
    """Return the model name of the processor, as far as the system provides it."""
    return _told("model name") or platform.processor() or platform.machine()


def _has_avx() -> bool:
    """Whether the processor has AVX; also True if that cannot be determined."""
    if sys.platform == "win32":
        import ctypes

        if sys.getwindowsversion().build < _WINDOWS_BUILD_THAT_KNOWS_AVX:
            return True
        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_WINDOWS_AVX_FEATURE))
    flags = _flags()
    return not flags or "avx" in flags


def _flags() -> frozenset[str]:
    return frozenset(_told("flags").split())


def _told(field: str) -> str:
    """Return what Linux tells of the first processor; "" if the system does not provide it."""
    try:
        path = Path(os.environ.get("CADL_CPU_INFO", "/proc/cpuinfo"))
        with path.open(encoding="utf-8", errors="replace") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith(field)), "")
    except OSError:
        return ""
