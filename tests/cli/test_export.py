"""`cadl export`, `encode`, `decode` and `reconstruct`."""

import json

import numpy as np
import pytest
from page_script import data_block
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf


@pytest.fixture
def digit(tmp_path):
    """A slanted bright stroke on black, (28, 28)."""
    image_path = np.zeros((28, 28), np.uint8)
    for row in range(4, 24):
        image_path[row, 18 - row // 3 : 21 - row // 3] = 255
    Image.fromarray(image_path).save(tmp_path / "digit.png")
    return tmp_path / "digit.png"


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def pixels(path):
    return np.asarray(Image.open(path), np.float32) / 255


def test_an_export_reports_what_it_was_compared_with(tmp_path, capsys):
    path = tmp_path / "softmax"
    assert main(["export", "softmax", "--format", "savedmodel", "-o", str(path), "--json"]) == 0
    (reported,) = lines(capsys)
    assert reported["output"] == str(path)
    assert reported["functions"] == ["classify"]
    assert reported["compared"] == 100
    assert reported["largest_difference"] < 1e-4
    assert path.is_dir()


def test_every_recorded_epoch_can_be_exported(tmp_path, digit, capsys):
    def reconstruction(*which):
        assert main(["reconstruct", "vae", str(digit), "-o", str(tmp_path / "x.png"), *which]) == 0
        return pixels(tmp_path / "x.png")

    untrained, last = reconstruction("--epoch", "0"), reconstruction()
    assert np.abs(untrained - last).max() > 0.2
    assert main(["export", "vae", "--format", "pb", "--epoch", "0", "-o", str(tmp_path / "x.pb")]) == 0
    assert main(["reconstruct", str(tmp_path / "x.pb"), str(digit), "-o", str(tmp_path / "x.png")]) == 0
    np.testing.assert_allclose(pixels(tmp_path / "x.png"), untrained, atol=1.5 / 255)


def test_a_web_page_has_the_networks_in_the_order_given_at_the_epoch_asked_for(tmp_path, capsys):
    path = tmp_path / "page.html"
    arguments = ["export", "--format", "html", "-o", str(path), "--json"]
    assert main([*arguments, "softmax", "conv-autoencoder"]) == 0
    assert lines(capsys)[0] | {"largest_difference": 0, "loader": ""} == {
        "output": str(path), "format": "html", "functions": ["classify", "reconstruct", "encode", "decode"],
        "loader": "", "compared": 100, "largest_difference": 0,
    }  # fmt: skip
    networks = [["softmax", "epoch 30"], ["conv-autoencoder", "epoch 10"]]
    assert named_in(path) == networks
    assert main([*arguments, "conv-autoencoder", "--epoch", "2"]) == 0
    assert named_in(path) == [["conv-autoencoder", "epoch 2"]]


def named_in(path):
    """Name and position of each network of a page."""
    model = json.loads(data_block(path.read_text(encoding="utf-8"), "model"))
    return [[about["name"], about["position"]] for about in model["networks"]]


def test_encoding_and_decoding_are_the_network_s_own(tmp_path, digit, capsys):
    network = open_path(shipped_run("vae")).network()
    assert main(["encode", "vae", str(digit), "--raw", "--json"]) == 0
    (encoded,) = lines(capsys)
    expected = network.encode(pixels(digit)[None, ..., None]).numpy()[0]
    np.testing.assert_allclose(encoded["z"], expected, rtol=1e-4)
    output = tmp_path / "decoded.png"
    z = ",".join(str(number) for number in encoded["z"])
    assert main(["decode", "vae", "--z", z, "-o", str(output)]) == 0
    np.testing.assert_allclose(pixels(output), network.decode(expected[None]).numpy()[0, ..., 0], atol=3e-3)


def test_negative_numbers_are_no_options(tmp_path, capsys):
    output = tmp_path / "decoded.png"
    assert main(["decode", "vae", "--z", "-1.2,-.5", "--z", "1,2", "-o", str(output), "--json"]) == 0
    (reported,) = lines(capsys)
    np.testing.assert_allclose(reported["z"], [[-1.2, -0.5], [1, 2]], rtol=1e-6)
    assert pixels(output).shape == (28, 56)


def test_pixels_are_enlarged(tmp_path):
    output = tmp_path / "decoded.png"
    assert main(["decode", "vae", "--z", "0,0", "-o", str(output), "--scale", "3"]) == 0
    assert pixels(output).shape == (84, 84)


def test_reconstructions_stand_beside_what_they_are_of(tmp_path, digit, capsys):
    output = tmp_path / "pair.png"
    arguments = ["reconstruct", "autoencoder", str(digit), str(digit), "--raw", "-o", str(output), "--json"]
    assert main(arguments) == 0
    reported = lines(capsys)
    pairs = pixels(output)
    assert pairs.shape == (56, 56)
    np.testing.assert_allclose(pairs[:28, :28], pixels(digit), atol=1e-6)
    error = np.square(pairs[:28, 28:] - pairs[:28, :28]).mean()
    assert [line["squared_error"] for line in reported] == pytest.approx([error] * 2, rel=0.01)


def test_an_image_that_memory_cannot_hold_is_one_message(tmp_path, monkeypatch, capsys):
    def too_large(*_, **__):
        raise MemoryError

    monkeypatch.setattr("PIL.Image.fromarray", too_large)
    output = tmp_path / "x.png"
    assert main(["decode", "vae", "--z", "0,0", "--scale", "64", "-o", str(output)]) == 1
    assert capsys.readouterr().err == "There is not enough memory for this.\n"
    assert not output.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "softmax", "--format", "pb", "-o", "x.onnx"], "has to end in .pb"),
        (["export", "softmax", "--format", "pb", "-o", "/nowhere/x.pb"], "There is no folder “/nowhere”"),
        (["export", "softmax", "--format", "savedmodel", "-o", "."], "is not empty"),
        (["export", "softmax", "--format", "savedmodel", "-o", "\udce9"], "names in UTF-8 only"),
        (["export", "softmax", "--format", "pb", "--function", "encode", "-o", "x.pb"], "cannot encode"),
        (
            ["export", "softmax", "--format", "pb", "--epoch", "77", "-o", "x.pb"],
            "has no snapshot for epoch 77",
        ),
        (["export", "/nowhere.keras", "--format", "pb", "-o", "x.pb"], "/nowhere.keras"),
        (
            ["export", "vae", "softmax", "--format", "pb", "-o", "x.pb"],
            "Only a web page has several networks",
        ),
        (["export", "vae", "--format", "html", "--function", "encode", "-o", "x.html"], "has all functions"),
        (["export", "vae", "--format", "html", "--epoch", "77", "-o", "x.html"], "no snapshot for epoch 77"),
        (["decode", "vae", "--z", "-1", "-o", "x.png"], "has 2 numbers; the text has 1"),
        (["decode", "softmax", "--z", "-1,2", "-o", "x.png"], "cannot decode; what it can: classify"),
        (["decode", "vae", "--z", "-1,2", "-o", "x.jpg"], "has to end in .png"),
        (["decode", "vae", "--z", "-1,2", "--scale", "1000", "-o", "x.png"], "--scale lies between"),
        (["encode", "vae", "/nowhere.png"], "There is no file “/nowhere.png”."),
        (["encode", "conv-classifier", "x.png"], "cannot encode; what it can: classify"),
        (["reconstruct", "vae", "x.png", "-o", "/nowhere/x.png"], "There is no folder “/nowhere”"),
    ],
)
def test_export_reports_a_user_s_mistake_in_one_message_with_status_2(
    tmp_path, monkeypatch, arguments, message, capsys
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "something").touch()
    monkeypatch.chdir(tmp_path / "folder")
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["something"]
