"""Frozen graphs, SavedModels and ONNX files on the command line."""

import json
import os

import numpy as np
import pytest
from hostile_graphs import SIDE, lecture_graph
from PIL import Image

from cadl_gui.cli import main

pytestmark = pytest.mark.tf


@pytest.fixture
def image_path(tmp_path):
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:7, 6:21] = 255
    pixels[7:24, 17:20] = 255
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    return str(tmp_path / "picture.png")


@pytest.fixture
def exported(tmp_path):
    """Exports a shipped run, and returns the path."""

    def exported(preset, made, name, *more):
        path = str(tmp_path / name)
        assert main(["export", preset, "--format", made, "-o", path, *more]) == 0
        return path

    return exported


def lines(capsys, *arguments):
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_graph_classifies_as_its_run_does(exported, image_path, capsys):
    path = exported("softmax", "pb", "a.pb")
    (mine,) = lines(capsys, "classify", "softmax", image_path)
    (theirs,) = lines(capsys, "classify", path, image_path)
    assert theirs["label"] == mine["label"]
    np.testing.assert_allclose(theirs["probabilities"], mine["probabilities"], rtol=1e-3, atol=1e-6)


def test_a_graph_reconstructs_encodes_and_decodes(exported, image_path, capsys, tmp_path):
    output = tmp_path / "x.png"
    path = exported("vae", "pb", "r.pb")
    (theirs,) = lines(capsys, "reconstruct", path, image_path, "-o", str(output))
    (mine,) = lines(capsys, "reconstruct", "vae", image_path, "-o", str(output))
    assert theirs["squared_error"] == pytest.approx(mine["squared_error"], rel=1e-3)
    (latent,) = lines(capsys, "encode", exported("vae", "pb", "e.pb", "--function", "encode"), image_path)
    assert latent["z"] == pytest.approx(lines(capsys, "encode", "vae", image_path)[0]["z"], rel=1e-3)
    decoder = exported("vae", "pb", "d.pb", "--function", "decode")
    assert main(["decode", decoder, "--z", "-1,2", "-o", str(output)]) == 0
    with Image.open(output) as image:
        assert image.size == (28, 28)


def test_a_graph_of_the_lecture_s_kind_is_reported_of(tmp_path, capsys):
    (tmp_path / "a.pb").write_bytes(lecture_graph().SerializeToString())
    (reported,) = lines(capsys, "info", str(tmp_path / "a.pb"))
    assert reported["kind"] == "frozen graph"
    assert reported["functions"] == [
        {
            "name": "classify",
            "inputs": {"images": [None, SIDE * SIDE]},
            "outputs": {"probabilities": [None, 10]},
        }
    ]
    assert reported["parameters"] == 18 + 180 + 10


@pytest.mark.parametrize(
    ("made", "name", "functions"),
    [("savedmodel", "a", ["decode", "encode", "reconstruct", "serving_default"]), ("onnx", "a.ONNX", [""])],
)
def test_what_is_in_an_export_is_reported(exported, capsys, made, name, functions):
    (reported,) = lines(capsys, "info", exported("vae", made, name))
    assert [function["name"] for function in reported["functions"]] == functions
    last = reported["functions"][-1]
    assert last["inputs"] == {"images": [None, 28, 28, 1]}
    assert last["outputs"] == {"reconstructions": [None, 28, 28, 1]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["classify", "a.pb", "x.png"], "damaged, or no frozen graph at all"),
        (["info", "A.PB"], "damaged, or no frozen graph at all"),
        (["info", "b.pb"], "cannot be read: No such file"),
        (["info", "a.onnx"], "damaged, or no export at all"),
        (["info", "pipe.onnx"], "a pipe or a device"),
        (["info", "saved"], "damaged, or no export at all"),
        (["info", "saved/saved_model.pb"], "damaged, or no export at all"),
        (["classify", "saved", "x.png"], "is a SavedModel, for other programs"),
        (["evaluate", "saved/saved_model.pb"], "only frozen graphs (.pb) open here"),
        (["evaluate", "B.ONNX"], "is an ONNX file, for other programs"),
        (["classify", "real.pb", "x.png", "--epoch", "3"], "has no epochs"),
        (["evaluate", "real.pb"], "a checkpoint or run is needed"),
        (["export", "real.pb", "--format", "onnx", "-o", "b.onnx"], "a checkpoint or run is needed"),
    ],
)
def test_graph_files_report_a_user_s_mistake_in_one_message_with_status_2(
    tmp_path, monkeypatch, arguments, message, capsys
):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.onnx")
    (tmp_path / "saved").mkdir()
    for name in ("a.pb", "A.PB", "a.onnx", "B.ONNX", "saved/saved_model.pb"):
        (tmp_path / name).write_bytes(b"no model at all")
    (tmp_path / "real.pb").write_bytes(lecture_graph().SerializeToString())
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
