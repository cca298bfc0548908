"""Commands that ask a run folder answer without the seconds that TensorFlow's import takes."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

_PROGRAM = """
import sys
from cadl_gui.cli import main
status = main(sys.argv[1:])
heavy = {"tensorflow", "keras", "PySide6"} & sys.modules.keys()
sys.exit(f"imported: {heavy}" if heavy else status)
"""


@pytest.fixture
def seven(tmp_path):
    """An image file of a 7."""
    pixels = np.zeros((60, 50), np.uint8)
    pixels[5:12, 5:45] = pixels[12:55, 38:45] = 255
    Image.fromarray(pixels).save(tmp_path / "seven.png")
    return str(tmp_path / "seven.png")


def printed(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def size_of(file):
    with Image.open(file) as image:
        return image.size


def test_a_digit_is_classified(seven):
    assert printed("classify", "conv-classifier", seven).split()[1] == "7"


def test_a_digit_is_encoded(seven):
    assert len(printed("encode", "vae", seven).split()[1].split(",")) == 2


def test_a_latent_vector_is_decoded(tmp_path):
    printed("decode", "vae", "--z", "0,0", "-o", str(tmp_path / "decoded.png"))
    assert size_of(tmp_path / "decoded.png") == (28, 28)


def test_a_digit_is_reconstructed(tmp_path, seven):
    text = printed("reconstruct", "autoencoder", seven, "-o", str(tmp_path / "pair.png"))
    assert float(text.split()[-1]) < 0.03
    assert size_of(tmp_path / "pair.png") == (56, 28)
