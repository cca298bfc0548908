"""Versions of the libraries that are installed, or packed into the app."""

import importlib.metadata


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
