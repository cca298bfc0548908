"""A run records the versions of the libraries that trained it."""

import importlib.metadata

import numpy as np

from cadl_gui.system.versions import installed_version


def test_a_library_is_known_by_its_name():
    assert installed_version("numpy") == np.__version__
    assert installed_version("no-such-library") == ""


def test_tensorflow_may_be_installed_for_processors_only(monkeypatch):
    def version(name):
        if name != "tensorflow-cpu":
            raise importlib.metadata.PackageNotFoundError(name)
        return "2.21.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert installed_version("tensorflow") == "2.21.0"
