"""The recipe for a colour map: one file, and it is in the window, on the command line and in its help."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cadl_gui
from cadl_gui.imaging.weights.colour_map import N_COLOURS

PACKAGE = Path(cadl_gui.__file__).parent
RESOURCES = PACKAGE.parent / "resources"

WINDOW = """
from PySide6.QtWidgets import QApplication, QComboBox
from cadl_gui.ui.inspect.inspect_bar import InspectBar
from cadl_gui.ui.theme.theme import Theme

application = QApplication([])
combo = InspectBar(Theme("light")).findChild(QComboBox, "colormapCombo")
print([combo.itemText(i) for i in range(combo.count())])
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy of the program with one more colour map: negative numbers are blue, zero and the rest green."""
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(PACKAGE, folder / "cadl_gui", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "resources").mkdir()
    for path in RESOURCES.iterdir():
        if path.name != "colour_maps":
            (folder / "resources" / path.name).symlink_to(path)
    shutil.copytree(RESOURCES / "colour_maps", folder / "resources" / "colour_maps")
    half = N_COLOURS // 2
    lines = ["#0000FF"] * half + ["#00FF00"] * (N_COLOURS - half)
    (folder / "resources" / "colour_maps" / "ocean.txt").write_text("\n".join(lines) + "\n")
    return folder


def run(program, *arguments):
    """Run Python on the copy."""
    environment = {**os.environ, "PYTHONPATH": str(program)}
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=program,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_window_offers_it(program):
    assert "'ocean'" in run(program, "-c", WINDOW)


def test_the_help_names_it(program):
    assert "ocean" in run(program, "-m", "cadl_gui.cli", "render", "--help")


@pytest.mark.tf
def test_the_command_line_paints_in_it(program, tmp_path):
    picture = tmp_path / "weights.png"
    shipped = str(program / "resources" / "pretrained" / "lecture-softmax")
    arguments = ("render", shipped, "--what", "weights", "--colours", "ocean", "-o", str(picture))
    run(program, "-m", "cadl_gui.cli", *arguments)
    colours = np.unique(np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3), axis=0).tolist()
    assert [0, 0, 255] in colours
    assert [0, 255, 0] in colours
