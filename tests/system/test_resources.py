"""Resources are found in a checkout, in a wheel and in the packaged app."""

import sys

from cadl_gui.system.resources import resource_path


def test_mnist_is_found():
    assert resource_path("mnist.h5").is_file()


def test_the_packaged_app_is_looked_at_first(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "mnist.h5").touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource_path("mnist.h5") == tmp_path / "resources" / "mnist.h5"


def test_what_is_missing_has_a_path_to_name():
    assert resource_path("nothing.h5").name == "nothing.h5"
