"""`cadl classify` processes images as the Draw tab processes drawings."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.models import build
from cadl_gui.runs.manifest import Manifest
from cadl_gui.saved import opened

pytestmark = pytest.mark.tf

DIGITS = numbered(10)
SEVEN = np.zeros((60, 50), np.uint8)
SEVEN[5:12, 5:45] = 255
SEVEN[12:55, 38:45] = 255


@pytest.fixture
def opens(monkeypatch):
    """Makes every file open as a network with this configuration."""

    def opens(config, image_shape=(28, 28, 1), names=DIGITS, is_ink=True):
        network = build(config, image_shape, len(names))
        manifest = Manifest(
            name="x", config=config, image_shape=image_shape, steps_per_epoch=1, dataset_name="Noise",
            dataset_fingerprint="f00d", class_names=names,
            is_ink_on_black=image_shape[-1] == 1 if is_ink is None else is_ink,
        )  # fmt: skip
        snapshot = Snapshot(UNTRAINED, network.weights_by_path)
        made = opened.Opened(Path("x.keras"), manifest, History(1), (UNTRAINED,), snapshot, network)
        monkeypatch.setattr(opened, "open_path", lambda *_: made)
        return network

    return opens


@pytest.fixture
def softmax(opens):
    return opens(
        RunConfig.of(preset="test", model="classifier", layers=(), use_bias=True, initial_stddev=0.3)
    )


def answers(capsys, *arguments):
    assert main(["classify", "x.keras", *map(str, arguments), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def saved(tmp_path, name, array):
    Image.fromarray(array).save(tmp_path / name)
    return tmp_path / name


def test_a_line_for_each_image(softmax, tmp_path, capsys):
    one, two = saved(tmp_path, "1.png", SEVEN), saved(tmp_path, "2.png", SEVEN.T.copy())
    first, second = answers(capsys, one, two)
    assert (first["image"], second["image"]) == (str(one), str(two))
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert first["label"] == np.argmax(first["probabilities"])
    assert first["probabilities"] != second["probabilities"]


def test_names_that_begin_like_numbers_are_files(softmax, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, "-1.png", SEVEN).with_name("-2").hardlink_to("-1.png")
    assert main(["classify", "x.keras", "--json", "--", "-1.png", "-2"]) == 0
    assert [json.loads(line)["image"] for line in capsys.readouterr().out.splitlines()] == ["-1.png", "-2"]


def test_place_and_polarity_of_the_ink_make_no_difference(softmax, tmp_path, capsys):
    moved = np.zeros((200, 150), np.uint8)
    moved[130:190, 80:130] = SEVEN
    colours = np.stack([255 - moved] * 3, axis=2)
    paths = [
        saved(tmp_path, "plain.png", SEVEN),
        saved(tmp_path, "moved.png", moved),
        saved(tmp_path, "dark on light.png", colours),
    ]
    plain, *others = answers(capsys, *paths)
    for other in others:
        np.testing.assert_allclose(other["probabilities"], plain["probabilities"], atol=1e-5)


@pytest.mark.parametrize(
    "command",
    [["reconstruct", "vae", "scan.png"], ["render", "vae", "--what", "activations", "--image", "scan.png"]],
    ids=lambda command: command[0],
)
def test_no_image_is_overwritten_by_what_is_made_of_it(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    scan = saved(tmp_path, "scan.png", SEVEN)
    before = scan.read_bytes()
    assert main([*command, "-o", str(scan)]) == 2
    assert capsys.readouterr().err == f"“{scan}” is the input: choose another name.\n"
    assert scan.read_bytes() == before


@pytest.mark.parametrize("level", [0, 255])
def test_an_empty_page_is_no_digit(softmax, tmp_path, capsys, level):
    page = saved(tmp_path, "page.png", np.full((60, 50), level, np.uint8))
    empty, seven = answers(capsys, page, saved(tmp_path, "7.png", SEVEN))
    assert empty == {"image": str(page), "label": None, "class_name": None, "probabilities": None}
    assert seven["label"] == np.argmax(seven["probabilities"])
    assert main(["classify", "x.keras", str(page)]) == 0
    assert "blank image" in capsys.readouterr().out


def test_raw_images_reach_the_network_as_they_are(softmax, tmp_path, capsys):
    image_path = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    (answer,) = answers(capsys, "--raw", saved(tmp_path, "noise.png", image_path))
    expected = softmax(image_path[None, ..., None] / np.float32(255)).numpy()[0]
    np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-4)


def test_sixteen_bits_and_opacity_are_understood(softmax, tmp_path, capsys):
    deep = saved(tmp_path, "deep.png", SEVEN.astype(np.uint16) << 8)
    ink = np.zeros((*SEVEN.shape, 4), np.uint8)
    ink[..., 3] = SEVEN
    plain, *others = answers(
        capsys, saved(tmp_path, "plain.png", SEVEN), deep, saved(tmp_path, "ink.png", ink)
    )
    for other in others:
        np.testing.assert_allclose(other["probabilities"], plain["probabilities"], atol=1e-5)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda _: None, "no file"),
        (lambda path: path.write_text("no image"), "is not an image that can be opened"),
    ],
)
def test_what_is_no_image_is_reported_in_a_message(softmax, tmp_path, capsys, write, message):
    write(tmp_path / "x.png")
    assert main(["classify", "x.keras", str(tmp_path / "x.png")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_a_png_whose_text_unpacks_to_far_more_is_reported_in_a_message(softmax, tmp_path, capsys):
    whole = saved(tmp_path, "x.png", SEVEN).read_bytes()
    text = b"zTXtk\0\0" + zlib.compress(bytes(2**26))
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    (tmp_path / "x.png").write_bytes(whole[:33] + chunk + whole[33:])
    assert main(["classify", "x.keras", str(tmp_path / "x.png")]) == 2
    assert "cannot be read: it is damaged" in capsys.readouterr().err


def test_a_truncated_image_is_reported_in_a_message(softmax, tmp_path, capsys):
    whole = saved(tmp_path, "x.png", SEVEN)
    whole.write_bytes(whole.read_bytes()[:60])
    assert main(["classify", "x.keras", str(whole)]) == 2
    assert "read" in capsys.readouterr().err


def test_an_autoencoder_is_refused(opens, tmp_path, capsys):
    opens(RunConfig.of(preset="test"))
    assert main(["classify", "x.keras", str(saved(tmp_path, "x.png", SEVEN))]) == 2
    assert "cannot classify; what it can: reconstruct" in capsys.readouterr().err


@pytest.mark.parametrize(("shape", "is_ink"), [((8, 9, 3), False), ((8, 8, 3), True)])
def test_images_in_colour_are_fitted_to_the_network(opens, tmp_path, capsys, shape, is_ink):
    classifier = RunConfig.of(preset="test", model="classifier", layers=(), initial_stddev=0.3)
    network = opens(classifier, shape, is_ink=is_ink)
    colours = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    (answer,) = answers(capsys, saved(tmp_path, "x.png", colours))
    expected = network(colours[None] / np.float32(255)).numpy()[0]
    np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-4)


def test_classes_are_reported_by_their_names(opens, tmp_path, capsys):
    names = ("cat", "dog", "ship", "frog", "plane")
    opens(
        RunConfig.of(preset="test", model="classifier", layers=(), initial_stddev=0.3),
        (8, 8, 3),
        names,
        is_ink=False,
    )
    image_path = saved(tmp_path, "x.png", np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8))
    (answer,) = answers(capsys, image_path)
    assert answer["class_name"] == names[answer["label"]]
    assert main(["classify", "x.keras", str(image_path)]) == 0
    assert f"  {answer['class_name']}  " in capsys.readouterr().out


def test_grey_images_that_are_no_drawings_are_not_normalised(opens, tmp_path, capsys):
    """The bright parts of a photograph are not ink."""
    classifier = RunConfig.of(preset="test", model="classifier", layers=(), initial_stddev=0.3)
    network = opens(classifier, (8, 8, 1), is_ink=False)
    grey = np.random.default_rng(0).integers(100, 256, (8, 8), np.uint8)
    (answer,) = answers(capsys, saved(tmp_path, "x.png", grey))
    expected = network(grey[None, ..., None] / np.float32(255)).numpy()[0]
    np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-4)
