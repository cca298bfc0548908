"""Settings for other programs have no effect here, and are not changed."""

import json
import os
import subprocess
import sys

import pytest

from cadl_gui.system.library_settings import own_library_settings

pytestmark = pytest.mark.slow

THEIRS = {"floatx": "float16", "epsilon": 1e-7, "backend": "jax", "image_data_format": "channels_first"}


def test_the_users_keras_home_is_kept_and_the_backend_is_not(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", "theirs")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    own_library_settings(tmp_path)
    assert (os.environ["KERAS_HOME"], os.environ["KERAS_BACKEND"]) == ("theirs", "tensorflow")
    monkeypatch.delenv("KERAS_HOME")
    own_library_settings(tmp_path)
    assert os.environ["KERAS_HOME"] == str(tmp_path)


@pytest.mark.parametrize(("chosen", "expected"), [(None, "true"), ("false", "false")])
def test_memory_of_a_gpu_is_taken_as_it_is_needed_unless_the_user_decided(
    monkeypatch, tmp_path, chosen, expected
):
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", chosen or "")
    if chosen is None:
        monkeypatch.delenv("TF_FORCE_GPU_ALLOW_GROWTH")
    own_library_settings(tmp_path)
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == expected


IN_THE_PROGRAM = {
    "the command line": "from cadl_gui.cli.tensorflow_import import import_tensorflow; import_tensorflow()",
    "the window": "from PySide6.QtCore import QTimer; from cadl_gui import app; "
    "app.show_window([], app.runs_folder(), attend=lambda window, engine: engine.view.bind("
    "engine, lambda: engine.is_ready, lambda: engine.is_ready and QTimer.singleShot(0, window.close)))",
}


@pytest.mark.tf
@pytest.mark.parametrize("begin", IN_THE_PROGRAM.values(), ids=IN_THE_PROGRAM)
def test_networks_are_built_whatever_the_user_set_for_other_programs(tmp_path, monkeypatch, begin):
    home = tmp_path / "user"
    settings = home / ".keras" / "keras.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(THEIRS))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("KERAS_HOME", "KERAS_BACKEND"):
        monkeypatch.delenv(name)
    reported = (
        "import keras; print(keras.config.backend(), keras.config.floatx(), keras.config.image_data_format())"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{begin}; {reported}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["tensorflow", "float32", "channels_last"]
    assert json.loads(settings.read_text()) == THEIRS
    assert [path.name for path in home.iterdir()] == [".keras"]
