"""Versions of installed or packaged libraries."""

import platform
from collections.abc import Mapping

import cadl_gui
from cadl_gui.system.words import _

_LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
"""Libraries that training depends on, by their names on PyPI."""


def installed_version(library: str) -> str:
    """Version of a library by its name on PyPI, or "" if it is unknown.

    The packaged app contains `tensorflow-cpu`, which counts as `tensorflow`.
    """
    import importlib.metadata  # not earlier: the window is there sooner without it

    for name in (library, f"{library}-cpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""


def program_versions() -> dict[str, str]:
    """Versions of Python, of this program and of the libraries that training depends on."""
    libraries = {name: installed_version(name) for name in _LIBRARIES}
    known = {name: version for name, version in libraries.items() if version}
    return {"python": platform.python_version(), "cadl_gui": cadl_gui.__version__, **known}


def other_libraries(before: Mapping[str, str]) -> str:
    """Return a sentence if a run was trained with other library versions than the current ones, or "".

    Args:
        before: versions from `program_versions` when the run was trained; others are not compared.
    """
    now = program_versions()
    changed = [
        (label, before[name], now[name])
        for name, label in _LIBRARIES.items()
        if name in before and name in now and before[name] != now[name]
    ]
    if not changed:
        return ""
    then, today = (_(" and ").join(f"{label} {versions[i]}" for label, *versions in changed) for i in (0, 1))
    return _(
        "This run was trained with {then}; with {today} its numbers may differ in their last digits."
    ).format(then=then, today=today)
