"""CONTRIBUTING.md's recipes, followed in a copy of the program: a colour map, preset, rendering, loss.

Other recipes have their own tests: a tab (`test_new_tab.py`), a kind of dataset (`test_new_source.py`), a
figure (`ui/test_new_figure.py`), a request (`test_new_question.py`), a kind of network
(`test_new_kind.py`), and a field (`domain/test_added_field.py`).
"""

import json
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

pytestmark = pytest.mark.slow

PACKAGE = Path(cadl_gui.__file__).parent
RESOURCES = PACKAGE.parent / "resources"

PRESET = """
    Preset(line="One number in the middle.", config=RunConfig.of(preset="needle", layers=(8, 1))),
)
"""

RENDERING_FILE = '''
"""The first example, as it is reconstructed now."""

from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering


def first(run, arguments):
    """A film of one frame."""

    def compose(answers):
        return FrameSequence(frames=to_uint8(answers[0]), scale=2, frames_per_second=1)

    return Rendering([Reconstruct(run.run_id, None, run.description.examples[:1])], compose)
'''
RENDERING_LINE = '    "first": Renderer("the first example, reconstructed", first),\n'
BEFORE = '    "timeline": Renderer('

LOSS = """    "huber": lambda images, outputs: ops.where(
        ops.abs(outputs - images) < 1, ops.square(outputs - images), 2 * ops.abs(outputs - images) - 1
    ),
"""
GAUSSIAN = '    "gaussian": lambda images'

WINDOW = """
import json
from PySide6.QtWidgets import QApplication, QComboBox
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.view_state import ViewState
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.ui.inspect.inspect_bar import InspectBar
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.configuration_form import ConfigurationForm

application = QApplication([])
datasets = OpenedDatasets((), DatasetLibrary(), BackgroundJobs(), ViewState())
bar, form = InspectBar(Theme("light"), ViewState()), ConfigurationForm(Theme("light"), datasets)
combos = [bar.findChild(QComboBox, "colormapCombo")]
combos += [form.findChild(QComboBox, name) for name in ("presetCombo", "likelihoodCombo")]
print(json.dumps([[combo.itemText(i) for i in range(combo.count())] for combo in combos]))
"""


def with_line(path, before, added):
    """Replace a text that occurs once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, added), encoding="utf-8")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy with a colour map (negative numbers blue, others green), a preset, a rendering and a loss."""
    folder = tmp_path_factory.mktemp("program")
    package = shutil.copytree(PACKAGE, folder / "cadl_gui", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "resources").mkdir()
    for path in RESOURCES.iterdir():
        if path.name != "colour_maps":
            (folder / "resources" / path.name).symlink_to(path)
    maps = shutil.copytree(RESOURCES / "colour_maps", folder / "resources" / "colour_maps")
    half = N_COLOURS // 2
    lines = ["#0000FF"] * half + ["#00FF00"] * (N_COLOURS - half)
    (maps / "ocean.txt").write_text("\n".join(lines) + "\n")
    presets = package / "domain" / "presets.py"
    text = presets.read_text(encoding="utf-8")
    end = text.index("\n)\n", text.index("_OURS = ("))
    presets.write_text(text[:end] + PRESET + text[end + 3 :], encoding="utf-8")
    (package / "cli" / "render_first.py").write_text(RENDERING_FILE)
    render = package / "cli" / "render.py"
    with_line(render, BEFORE, RENDERING_LINE + BEFORE)
    with_line(render, "import Rendering\n", "import Rendering\nfrom cadl_gui.cli.render_first import first\n")
    with_line(package / "domain" / "model_config.py", '("bernoulli", ', '("bernoulli", "huber", ')
    with_line(package / "models" / "variational_autoencoder.py", GAUSSIAN, LOSS + GAUSSIAN)
    return folder


@pytest.fixture
def run(program, tmp_path):
    """Runs Python on the copy with a fresh profile; returns its output."""

    def run(*arguments):
        homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        environment = {**os.environ, **homes, "PYTHONPATH": str(program)}
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=program, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_window_offers_colour_map_preset_and_loss(run):
    colour_maps, presets, losses = json.loads(run("-c", WINDOW))
    assert "ocean" in colour_maps
    assert "needle" in presets
    assert "huber" in losses


def test_the_help_names_all_three(run):
    text = " ".join(run("-m", "cadl_gui.cli", "render", "--help").split())
    assert "ocean" in text
    assert "first: the first example, reconstructed." in text
    assert "One number in the middle." in run("-m", "cadl_gui.cli", "presets")


@pytest.mark.tf
def test_the_command_line_paints_in_the_colour_map(run, program, tmp_path):
    image = tmp_path / "weights.png"
    shipped = str(program / "resources" / "pretrained" / "softmax")
    run("-m", "cadl_gui.cli", "render", shipped, "--what", "weights", "--colours", "ocean", "-o", str(image))
    with Image.open(image) as opened:
        colours = np.unique(np.asarray(opened.convert("RGB")).reshape(-1, 3), axis=0).tolist()
    assert [0, 0, 255] in colours
    assert [0, 255, 0] in colours


@pytest.mark.slow
@pytest.mark.tf
def test_the_preset_is_trained_and_its_first_example_rendered(run, tmp_path):
    folder, image = str(tmp_path / "run"), tmp_path / "first.png"
    options = ("--set", "batch_size=2000", "--epochs", "1", "--run", folder)
    run("-m", "cadl_gui.cli", "train", "needle", *options)
    run("-m", "cadl_gui.cli", "render", folder, "--what", "first", "-o", str(image))
    with Image.open(image) as opened:
        assert opened.size == (56, 56)


@pytest.mark.tf
def test_the_loss_is_trained_with_saved_and_resumed_and_falls(run, program, tmp_path):
    images = np.random.default_rng(0).random((500, 7, 6), np.float32)
    np.savez(tmp_path / "noise.npz", x=np.where(images > 0.9, images, 0))
    settings = "likelihood=huber", "output_activation=linear", "layers=8", "batch_size=50"
    options = [option for setting in settings for option in ("--set", setting)]
    options += ["--dataset", str(tmp_path / "noise.npz"), "--run", str(tmp_path / "run")]
    run("-m", "cadl_gui.cli", "train", "vae", "--epochs", "2", *options)
    saved = str(tmp_path / "saved.keras")
    run("-m", "cadl_gui.cli", "train", "--run", options[-1], "--resume", "--epochs", "3", "-o", saved)
    measured = json.loads(run("-m", "cadl_gui.cli", "info", saved, "--json"))
    assert measured["configuration"]["likelihood"] == "huber"
    losses = [epoch["val_reconstruction_loss"] for epoch in measured["epochs"]]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    answer = run("-m", "cadl_gui.cli", "decode", saved, "--z", "0,0", "-o", str(tmp_path / "0.png"))
    assert "0.png" in answer
