"""What the rounding of floats depends on: the processor and the libraries."""

import os
import platform
from pathlib import Path
from typing import Any

from cadl_gui.system.versions import installed_version

_LIBRARIES = ("tensorflow", "keras", "numpy", "h5py", "pillow")
_CPU_INFO = Path("/proc/cpuinfo")
_ABOUT = ("model name", "cpu family", "model", "stepping", "cache size", "flags")


def environment() -> dict[str, Any]:
    """The processor and the versions of the libraries."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "libraries": {name: installed_version(name) for name in _LIBRARIES},
        "processor": _processor(),
    }


def _processor() -> dict[str, str]:
    """Linux's description of the first processor; elsewhere only its name."""
    if not _CPU_INFO.exists():
        return {"model name": platform.processor()}
    first = _CPU_INFO.read_text(encoding="utf-8").split("\n\n")[0]
    reported = dict(line.partition("\t")[::2] for line in first.splitlines())
    reported = {name: value.strip(" \t:") for name, value in reported.items()}
    return {name: reported[name] for name in _ABOUT if name in reported}
