"""`cadl import-tf`, and other commands on its result."""

import json

import course_graphs
import keras
import numpy as np
import pytest
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.datasets.sources.mnist import load_mnist

pytestmark = pytest.mark.tf


@pytest.fixture
def checkpoint(tmp_path):
    course_graphs.save(tmp_path / "model.ckpt", course_graphs.softmax, n_steps=2)
    return tmp_path / "model.ckpt"


def test_an_imported_checkpoint_is_one_like_any_other(checkpoint, tmp_path, capsys):
    image_path = load_mnist().images[:1][0]
    Image.fromarray(image_path[..., 0]).save(tmp_path / "digit.png")
    output = str(tmp_path / "ours.keras")
    assert main(["import-tf", f"{checkpoint}.index", "-o", output, "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert (reported["preset"], reported["position"]) == ("lecture-softmax", [0, 2])
    assert reported["notes"] == [
        "Its optimiser’s 6 variables were left out: training starts with a reset one."
    ]
    assert main(["info", output, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "model.ckpt"
    expected = keras.saving.load_model(output)(image_path[np.newaxis] / np.float32(255))
    for file in (output, str(checkpoint)):
        assert main(["classify", file, str(tmp_path / "digit.png"), "--raw", "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        np.testing.assert_allclose(answer["probabilities"], expected[0], atol=1e-6)


def test_info_reports_what_would_be_imported(checkpoint, tmp_path, capsys):
    assert main(["info", str(checkpoint), "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert (reported["kind"], reported["name"]) == ("checkpoint of the course", "model.ckpt")
    assert (reported["configuration"]["preset"], reported["positions"]) == ("lecture-softmax", [[0, 2]])
    assert reported["notes"] == [
        "Its optimiser’s 6 variables were left out: training starts with a reset one."
    ]
    assert main(["info", str(checkpoint)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == reported["notes"][0]


def test_test_figures_of_what_was_trained_elsewhere_are_said_to_flatter_it(checkpoint, tmp_path, capsys):
    """The lecture trains on all of MNIST, or on most of it."""
    ours = str(tmp_path / "ours.keras")
    assert main(["import-tf", str(checkpoint), "-o", ours]) == 0
    capsys.readouterr()
    for file in (str(checkpoint), ours):
        assert main(["evaluate", file]) == 0
        figures, note = capsys.readouterr().out.splitlines()
        assert figures.startswith("test  loss")
        assert "the figures flatter it" in note
    assert main(["evaluate", ours, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == [note]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.h5"], "has to end in .keras"),
        (["-o", "out.keras", "--preset", "none"], "There is no preset “none”"),
        (["-o", "out.keras", "--preset", "vae"], "holds no vae; it looks like lecture-softmax"),
        (["-o", "out.keras", "--set", "activation=wild"], "Activation is one of"),
        (["-o", "out.keras", "--set", "layers=3"], "this network needs"),
    ],
)
def test_import_reports_mistakes_in_a_message(checkpoint, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert main(["import-tf", str(checkpoint), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.keras").exists()
