"""The runs that ship give what they gave: renderings, answers, measurements, and a resumed run's weights."""

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
    """In a process of its own: which threads TensorFlow computes in depends on what was computed before."""
    told = subprocess.run(
        [sys.executable, Path(__file__).with_name("golden")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert told.returncode == 0, told.stdout + told.stderr


OUTPUTS = {"render a": {"frames": 1, "sha256": "00"}, "evaluate a": [{"test": {"loss": 0.5}}]}


@pytest.fixture
def picture(tmp_path):
    picture = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("RGB")
    picture.save(tmp_path / "a.png")
    return picture


@pytest.mark.parametrize("exactly", [True, False])
def test_what_is_the_same_is_no_difference(tmp_path, picture, exactly):
    assert differences(OUTPUTS, OUTPUTS, {"a": picture}, tmp_path, exactly=exactly) == []


@pytest.mark.parametrize(
    ("now", "exactly", "told"),
    [
        ({"frames": 2, "sha256": "00"}, False, ["render a frames: 1 became 2"]),
        ({"frames": 1, "sha256": "01"}, True, ["render a sha256: '00' became '01'"]),
        ({"frames": 1, "sha256": "01"}, False, []),
        ({"sha256": "00"}, False, ["render a frames: only committed"]),
    ],
)
def test_another_rendering_is_told(tmp_path, picture, now, exactly, told):
    changed = {**OUTPUTS, "render a": now}
    assert differences(changed, OUTPUTS, {"a": picture}, tmp_path, exactly=exactly) == told


@pytest.mark.parametrize(
    ("loss", "exactly", "is_told"), [(0.500001, True, True), (0.500001, False, False), (0.51, False, True)]
)
def test_another_number_is_told_beyond_its_limit(tmp_path, picture, loss, exactly, is_told):
    changed = {**OUTPUTS, "evaluate a": [{"test": {"loss": loss}}]}
    assert bool(differences(changed, OUTPUTS, {"a": picture}, tmp_path, exactly=exactly)) == is_told


def test_another_picture_is_told_wherever_it_is_compared(tmp_path, picture):
    (told,) = differences(OUTPUTS, OUTPUTS, {"a": picture.rotate(180)}, tmp_path, exactly=False)
    assert told.startswith("picture a: pixels are off by up to 255 levels")
    (told,) = differences(OUTPUTS, OUTPUTS, {}, tmp_path, exactly=False)
    assert told == "picture a: only committed"
