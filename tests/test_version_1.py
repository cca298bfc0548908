"""Files of version 1 open with the same content: see `fixtures/version_1/make.py`."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings

from cadl_gui.datasets.load import load
from cadl_gui.domain.configuration import current_name
from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.bookmark import Bookmark
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.system.png_text import text_of
from cadl_gui.ui.settings import Settings

pytestmark = pytest.mark.slow

FILES = Path(__file__).parent / "fixtures" / "version_1"
REPORTED = json.loads((FILES / "told.json").read_text(encoding="utf-8"))
MOST_BYTES = 3_000_000


def digest(*arrays):
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype}{array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


@pytest.fixture
def asked():
    """The test digits that the original export was evaluated on."""
    n = len(REPORTED["encoded"])
    return load("mnist").as_floats(slice(60_000, 60_000 + n))


SINCE_VERSION_1 = {
    "split_seed": -1, "validation_fraction": 0.1, "test_fraction": 0.1, "precision": "float32",
}  # fmt: skip
"""Fields that did not exist, with the values that correspond to version 1."""


def test_files_of_version_1_are_few_bytes():
    assert sum(path.stat().st_size for path in FILES.rglob("*") if path.is_file()) <= MOST_BYTES


def test_a_run_has_its_configuration_history_weights_and_latents():
    run, reported = read_run(FILES / "run"), REPORTED["run"]
    now = {current_name(name): value for name, value in reported["configuration"].items()} | SINCE_VERSION_1
    assert run.config.to_flat_json() == now
    assert [{"epoch": record.epoch, **record.metrics} for record in run.history.epochs] == reported["epochs"]
    assert {name: digest(values) for name, values in run.history.step_metrics.items()} == reported["steps"]
    snapshots = {str(position): read_snapshot(run.folder, position) for position in run.recorded}
    assert {where: digest(*each.weights.values()) for where, each in snapshots.items()} == reported["weights"]
    assert {where: digest(each.artifacts.latents) for where, each in snapshots.items()} == reported["latents"]


@pytest.mark.tf
def test_run_of_version_1_is_resumed(tmp_path):
    from cadl_gui.cli import main

    folder = tmp_path / "run"
    shutil.copytree(FILES / "run", folder)
    assert (
        main(["train", "vae", "--run", str(folder), "--resume", *_options_of(folder), "--epochs", "3"]) == 0
    )
    run = read_run(folder)
    assert run.recorded[-1] == Position(3)
    assert run.history.epochs[-1].metrics["val_loss"] < REPORTED["run"]["epochs"][-1]["val_loss"]
    for position in run.recorded[:-1]:
        weights = read_snapshot(folder, position).weights.values()
        assert digest(*weights) == REPORTED["run"]["weights"][str(position)]


@pytest.mark.tf
def test_a_resumed_run_keeps_its_randomness_and_reports_that_libraries_are_others(tmp_path, capsys):
    from cadl_gui.cli import main

    folder = tmp_path / "run"
    shutil.copytree(FILES / "run", folder)
    path = folder / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"keras": "', '"keras": "0.'), encoding="utf-8")
    assert main(["train", "--run", str(folder), "--resume", "--epochs", "2"]) == 0
    reported = capsys.readouterr().out
    assert re.search(
        r"This run was trained with .*Keras 0\.3\S+; with .*Keras 3\S+ its numbers may", reported
    )
    assert read_run(folder).randomness == 1
    assert main(["train", "--run", str(folder), "--resume", "--epochs", "2"]) == 0
    assert "its numbers may" not in capsys.readouterr().out


@pytest.mark.tf
def test_randomness_of_version_1_draws_what_it_drew():
    """The initial weights, bit for bit."""
    from cadl_gui.models import build

    run = read_run(FILES / "run")
    first = build(run.config, run.image_shape, run.n_classes, run.randomness).weights_by_path
    assert digest(*first.values()) == REPORTED["run"]["weights"][str(Position(0))]


def _options_of(folder):
    """Options that version 1 had to be given again."""
    config = read_run(folder).config
    return [
        f"--set=layers={','.join(map(str, config.model.layers))}",
        f"--set=schedule={config.training.schedule}",
        f"--set=batch_size={config.training.batch_size}",
    ]


@pytest.mark.tf
@pytest.mark.parametrize("name", REPORTED["checkpoints"])
def test_a_checkpoint_has_its_weights(name):
    """Networks of all kinds; their variables are stored by index."""
    from cadl_gui.training.stored import open_network

    network, _ = open_network(FILES / name)
    assert digest(*(variable.numpy() for variable in network.variables)) == REPORTED["checkpoints"][name]


def test_a_path_leads_where_it_led():
    path, reported = LatentPath.load(FILES / "path.json"), REPORTED["path"]
    assert path.kind == reported["kind"]
    assert [list(pin) for pin in path.pins] == reported["pins"]
    assert list(path.epochs) == reported["epochs"]
    assert (path.n_frames, path.frames_per_second) == (reported["n_frames"], reported["frames_per_second"])


def test_an_image_has_its_pixels_and_a_bookmark():
    with Image.open(FILES / "decoded.png") as image:
        assert digest(np.asarray(image)) == REPORTED["picture"]["pixels"]
    place = Bookmark.from_text(text_of(FILES / "decoded.png")["cadl"])
    assert place == Bookmark(model="vae 2", seed=1, position=Position(2), latent=(1.25, 0.0))


def test_drawings_are_as_they_were_drawn_and_corrected():
    drawings = load(str(FILES / "drawings.npz"))
    assert digest(drawings.images[:]) == REPORTED["drawings"]["images"]
    assert drawings.labels.tolist() == REPORTED["drawings"]["labels"]


@pytest.fixture
def settings_of_version_1(qapp, tmp_path, monkeypatch):
    """Copies the settings file to where this process reads the user's."""
    before = QSettings.defaultFormat(), qapp.organizationName(), qapp.applicationName()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    qapp.setOrganizationName("version_1")
    qapp.setApplicationName("cadl_gui")
    (tmp_path / "version_1").mkdir()
    shutil.copyfile(FILES / "settings" / "cadl_gui.conf", tmp_path / "version_1" / "cadl_gui.ini")
    yield Settings()
    QSettings.setDefaultFormat(before[0])
    qapp.setOrganizationName(before[1])
    qapp.setApplicationName(before[2])


def test_settings_are_remembered(settings_of_version_1):
    reported = dict(REPORTED["settings"])
    for is_stored_otherwise in ("folder", "preset", "open_runs", "shown_run", "tab"):
        del reported[is_stored_otherwise]
    assert {name: getattr(settings_of_version_1, name) for name in reported} == reported
    assert settings_of_version_1.geometry is not None


def test_settings_say_their_version_from_now_on(settings_of_version_1):
    assert settings_of_version_1.caution == ""
    assert str(QSettings().value("format")) == "1"


def test_settings_of_a_newer_version_are_reported_and_left_as_they_are(settings_of_version_1):
    QSettings().setValue("format", 7)
    settings = Settings()
    assert settings.caution.startswith(
        "Your settings were written by a newer version of the program (format 7)"
    )
    assert str(QSettings().value("format")) == "7"


@pytest.mark.tf
def test_a_frozen_graph_answers_here(asked):
    from cadl_gui.training.stored import open_functions

    answers = open_functions(FILES / "encode.pb").ask("encode", asked)
    np.testing.assert_allclose(answers, REPORTED["encoded"], atol=1e-4)


@pytest.mark.tf
def test_a_saved_model_and_onnx_answer_a_stranger(asked):
    import onnxruntime
    import tensorflow as tf

    encode = tf.saved_model.load(str(FILES / "savedmodel")).signatures["encode"]
    np.testing.assert_allclose(encode(pictures=tf.constant(asked))["codes"], REPORTED["encoded"], atol=1e-4)
    session = onnxruntime.InferenceSession(str(FILES / "encode.onnx"))
    np.testing.assert_allclose(session.run(None, {"pictures": asked})[0], REPORTED["encoded"], atol=1e-4)
