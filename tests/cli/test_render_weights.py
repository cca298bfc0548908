"""`cadl render` of weights, kernels, activations and the lecture's montage, of the runs that ship."""

import json

import numpy as np
import pytest
from PIL import Image

from cadl_gui.cli import main

pytestmark = pytest.mark.tf


def render(capsys, tmp_path, what, *options, name="softmax", ending="png"):
    out = tmp_path / f"out.{ending}"
    status = main(["render", name, "--what", what, "-o", str(out), "--json", *options])
    return status, out, capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "what", "options"),
    [
        ("softmax", "weights", ()),
        ("conv-classifier", "kernels", ("--layer", "encoder_2", "--colours", "grey", "--sorted")),
        ("conv-classifier", "montage", ()),
        ("vae", "activations", ("--example", "3")),
    ],
)
def test_pictures(capsys, tmp_path, name, what, options):
    status, out, told = render(capsys, tmp_path, what, *options, name=name)
    assert status == 0, told.err
    about = json.loads(told.out)
    with Image.open(out) as opened:
        image = np.asarray(opened.convert("RGB"))
    assert image.shape[:2] == (about["height"], about["width"])
    assert image.std() > 5, "something is to be seen"


def test_a_film_goes_through_the_epochs(capsys, tmp_path):
    status, out, told = render(capsys, tmp_path, "weights", ending="gif")
    assert status == 0, told.err
    with Image.open(out) as film:
        assert film.n_frames > 5


@pytest.mark.parametrize(
    ("what", "options", "sentence"),
    [
        ("weights", ("--layer", "nonsense"), "no layer “nonsense”"),
        ("kernels", (), "no kernels"),
        ("weights", ("--epoch", "99"), "keeps no epoch 99"),
        ("activations", ("--image", "missing.png"), "missing.png"),
    ],
)
def test_mistakes_are_told_in_a_sentence(capsys, tmp_path, what, options, sentence):
    status, out, told = render(capsys, tmp_path, what, *options)
    assert status == 2
    assert sentence in told.err
    assert not out.exists()
