"""The files that 0.1.0 wrote open with the same content, for good; they are never made again.

`expected.json` holds what 0.1.0 read back from them. A change that makes this test fail makes the files of
users unreadable: read both, and state a later format in the files that are written from then on.
"""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings

from cadl_gui.datasets.load import load
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import View
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.work_store import WorkStore

pytestmark = pytest.mark.slow

FILES = Path(__file__).parent / "fixtures" / "0.1.0"
EXPECTED = json.loads((FILES / "expected.json").read_text(encoding="utf-8"))


def digests(arrays):
    return {
        name: hashlib.sha256(
            f"{array.dtype}{array.shape}".encode() + np.ascontiguousarray(array).tobytes()
        ).hexdigest()
        for name, array in sorted(arrays.items())
    }


@pytest.fixture
def asked():
    """The test digits that 0.1.0 encoded."""
    return load("mnist").as_floats(slice(60_000, 60_004))


def test_a_run():
    """Its description, configuration, history, weights and evaluation artifacts."""
    run = read_run(FILES / "run")
    described = run.uuid, run.created, list(run.class_names)
    assert described == (EXPECTED["uuid"], EXPECTED["created"], EXPECTED["class_names"])
    values = run.config.to_json()
    values.setdefault("handwriting_variants", run.config.value("handwriting_variants"))  # not written if 0
    assert {name: values[name] for name in EXPECTED["configuration"]} == EXPECTED["configuration"]
    assert [{"epoch": record.epoch, **record.metrics} for record in run.history.epochs] == EXPECTED["epochs"]
    assert [list(rate) for rate in run.history.learning_rates] == EXPECTED["learning_rates"]
    assert digests(run.history.step_metrics) == EXPECTED["steps"]
    snapshots = {str(position): read_snapshot(run.folder, position) for position in run.recorded}
    assert {where: digests(each.weights) for where, each in snapshots.items()} == EXPECTED["weights"]
    artifacts = {
        where: digests({"latents": each.artifacts.latents, "labels": each.artifacts.labels})
        for where, each in snapshots.items()
    }
    assert artifacts == EXPECTED["latents"]


@pytest.mark.tf
def test_a_run_is_resumed(tmp_path):
    from cadl_gui.cli import main

    shutil.copytree(FILES / "run", tmp_path / "run")
    assert main(["train", "--run", str(tmp_path / "run"), "--resume", "--epochs", "3"]) == 0
    run = read_run(tmp_path / "run")
    assert (run.recorded[-1], run.uuid) == (Position(3), EXPECTED["uuid"])
    assert run.history.epochs[-1].metrics["val_loss"] < EXPECTED["epochs"][-1]["val_loss"]
    earlier = [str(position) for position in run.recorded[:-1]]
    assert earlier == list(EXPECTED["weights"])
    for position in run.recorded[:-1]:
        assert digests(read_snapshot(run.folder, position).weights) == EXPECTED["weights"][str(position)]


@pytest.mark.tf
@pytest.mark.parametrize("name", EXPECTED["checkpoints"])
def test_a_checkpoint(name):
    """Networks of several kinds, with their optimisers."""
    from cadl_gui.runs.checkpoint import open_checkpoint

    opened = open_checkpoint(FILES / name)
    variables = (*opened.model.variables, *opened.model.optimizer.variables)
    assert EXPECTED["checkpoints"][name] == {
        "uuid": opened.checkpoint_uuid,
        "run": opened.uuid,
        "position": list(opened.position),
        "n_steps": opened.history.n_steps,
        "variables": digests({variable.path: variable.value.numpy() for variable in variables}),
    }


@pytest.mark.tf
def test_exports(asked):
    import onnxruntime
    import tensorflow as tf

    from cadl_gui.saved.opened import open_path

    expected = EXPECTED["encoded"]
    np.testing.assert_allclose(open_path(FILES / "encode.pb").ask("encode", asked), expected, atol=1e-4)
    encode = tf.saved_model.load(str(FILES / "savedmodel")).signatures["encode"]
    np.testing.assert_allclose(encode(images=tf.constant(asked))["latents"], expected, atol=1e-4)
    session = onnxruntime.InferenceSession(str(FILES / "encode.onnx"))
    np.testing.assert_allclose(session.run(["latents"], {"images": asked})[0], expected, atol=1e-4)


def test_a_path():
    assert LatentPath.load(FILES / "path.json") == LatentPath(
        pins=((0.5, -1.0), (1.0, 2.0), (-0.25, 0.0)),
        kind="smooth",
        epochs=(0, 1, 2),
        n_frames=12,
        frames_per_second=8,
    )


def test_an_image():
    with Image.open(FILES / "decoded.png") as image:
        assert np.asarray(image).ravel().tolist() == [i % 251 for i in range(28 * 28)]


def test_labelled_examples():
    drawings = load(str(FILES / "drawings.npz"))
    np.testing.assert_array_equal(drawings.images[:], load("mnist").images[60_000:60_003])
    assert drawings.labels.tolist() == [7, 2, 1]


def test_drawings_pins_and_view_of_the_last_session(qapp, tmp_path):
    shutil.copytree(FILES / "work", tmp_path / "work")
    store = WorkStore(BackgroundJobs(), tmp_path / "work", qapp)
    first = Stroke((Point(0.25, 0.5, 1.0), Point(0.75, 0.125, 0.5)), 0.1)
    erased = Stroke((Point(0.5, 0.5, 1.0),), 0.05, True)
    assert Drawing.from_json(store.load("drawing-28x28x1-dark"), is_ink=True).strokes == (first, erased)
    pins = {"shipped:vae": [[0.5, -0.25, 3], [1.5, 2.0, 140]]}
    assert store.load("pins") == {"kind": "spherical", "runs": pins}
    assert View.from_json(store.load("view"), pytest.fail) == View(
        runs=("/tmp/0.1.0/run",),
        run="shipped:vae",
        at=Position(2, 5),
        compared=("shipped:vae", "/tmp/0.1.0/run"),
        tab="latentTab",
        next=NextRun.of(preset("conv-vae").config.replace(epochs=7, latent_dim=3)),
    )


@pytest.fixture
def settings_file(qapp, tmp_path):
    """Copies the settings to where this process reads the user's."""
    before = QSettings.defaultFormat(), qapp.organizationName(), qapp.applicationName()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    qapp.setOrganizationName("cadl")
    qapp.setApplicationName("settings")
    (tmp_path / "cadl").mkdir()
    shutil.copyfile(FILES / "settings.ini", tmp_path / "cadl" / "settings.ini")
    yield
    QSettings.setDefaultFormat(before[0])
    qapp.setOrganizationName(before[1])
    qapp.setApplicationName(before[2])


@pytest.mark.usefixtures("settings_file")
def test_settings():
    settings = Settings()
    assert (settings.caution, settings.theme_mode, settings.reduce_motion) == ("", "dark", True)
    assert (settings.brush, settings.replay_rate) == (13, 8)
    assert settings.recent == ["/tmp/0.1.0/saved.keras"]


@pytest.mark.usefixtures("settings_file")
def test_later_settings_are_reported_and_left_as_they_are():
    QSettings().setValue("format", 7)
    settings = Settings()
    assert settings.caution.startswith("Your settings were written by a newer CADL (format 7)")
    assert str(QSettings().value("format")) == "7"
