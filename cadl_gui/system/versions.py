"""Versions of the libraries that are installed, or packed into the app."""

import importlib.metadata
import platform
from collections.abc import Mapping

import cadl_gui

_LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
"""Those that a training computes with, by their names on PyPI."""


def installed_version(library: str) -> str:
    """Version of a library by its name on PyPI, or "" where it is not known.

    The packaged app is built with `tensorflow-cpu`, which stands for `tensorflow`.
    """
    for name in (library, f"{library}-cpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""


def program_versions() -> dict[str, str]:
    """Versions of Python, of this program and of the libraries that a training computes with."""
    libraries = {name: installed_version(name) for name in _LIBRARIES}
    known = {name: version for name, version in libraries.items() if version}
    return {"python": platform.python_version(), "cadl_gui": cadl_gui.__version__, **known}


def other_libraries(before: Mapping[str, str]) -> str:
    """A sentence about libraries that differ from those that trained a run so far; "" if none does.

    Args:
        before: as `program_versions` gave them; what is not named there is not compared.
    """
    now = program_versions()
    changed = [
        (label, before[name], now[name])
        for name, label in _LIBRARIES.items()
        if name in before and name in now and before[name] != now[name]
    ]
    if not changed:
        return ""
    then, today = (" and ".join(f"{label} {versions[i]}" for label, *versions in changed) for i in (0, 1))
    return f"This run was trained with {then}; with {today} its numbers may differ in their last digits."
