"""Outputs for the shipped runs are unchanged: renderings, answers, metrics, and weights of a resumed run."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from golden.comparison import differences
from PIL import Image


@pytest.mark.tf
@pytest.mark.slow
def test_the_shipped_runs_give_what_they_gave():
    """In a separate process, because TensorFlow's threads depend on what was computed before."""
    reported = subprocess.run(
        [sys.executable, Path(__file__).with_name("golden")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert reported.returncode == 0, reported.stdout + reported.stderr


OUTPUTS = {"render a": {"frames": 1, "sha256": "00"}, "evaluate a": [{"test": {"loss": 0.5}}]}


@pytest.fixture
def image(tmp_path):
    image = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("RGB")
    image.save(tmp_path / "a.png")
    return image


@pytest.mark.parametrize("exactly", [True, False])
def test_what_is_the_same_is_no_difference(tmp_path, image, exactly):
    assert differences(OUTPUTS, OUTPUTS, {"a": image}, tmp_path, exactly=exactly) == []


@pytest.mark.parametrize(
    ("now", "exactly", "reported"),
    [
        ({"frames": 2, "sha256": "00"}, False, ["render a frames: 1 became 2"]),
        ({"frames": 1, "sha256": "01"}, True, ["render a sha256: '00' became '01'"]),
        ({"frames": 1, "sha256": "01"}, False, []),
        ({"sha256": "00"}, False, ["render a frames: only committed"]),
    ],
)
def test_another_rendering_is_reported(tmp_path, image, now, exactly, reported):
    changed = {**OUTPUTS, "render a": now}
    assert differences(changed, OUTPUTS, {"a": image}, tmp_path, exactly=exactly) == reported


@pytest.mark.parametrize(
    ("loss", "exactly", "is_reported"),
    [(0.500001, True, True), (0.500001, False, False), (0.51, False, True)],
)
def test_another_number_is_reported_beyond_its_limit(tmp_path, image, loss, exactly, is_reported):
    changed = {**OUTPUTS, "evaluate a": [{"test": {"loss": loss}}]}
    assert bool(differences(changed, OUTPUTS, {"a": image}, tmp_path, exactly=exactly)) == is_reported


def test_another_image_is_reported_wherever_it_is_compared(tmp_path, image):
    (reported,) = differences(OUTPUTS, OUTPUTS, {"a": image.rotate(180)}, tmp_path, exactly=False)
    assert reported.startswith("image a: pixels are off by up to 255 levels")
    (reported,) = differences(OUTPUTS, OUTPUTS, {}, tmp_path, exactly=False)
    assert reported == "image a: only committed"
