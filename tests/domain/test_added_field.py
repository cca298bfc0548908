"""The recipe for a field: one line in its class adds it everywhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cadl_gui

PACKAGE = Path(cadl_gui.__file__).parent
OLD_RUN = Path(__file__).parents[1] / "fixtures" / "0.1.0" / "run"

MOMENTUM = '    momentum: float = field(0.9, kind="float", label="Momentum", help="Rolls on.", maximum=1)\n'
RESIDUAL = '    residual: bool = field(False, kind="bool", label="Residual", help="Adds what came in.")\n'

PROGRAM = """
import dataclasses, json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QCheckBox, QDoubleSpinBox
from cadl_gui.cli import main
from cadl_gui.cli.checkpoint_options import settings_of
from cadl_gui.domain.branching import BRANCH_FIELDS
from cadl_gui.domain.comparison import differences
from cadl_gui.domain.presets import preset
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.next_run import NextRun
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.view_state import ViewState
from cadl_gui.runs.manifest import manifest_from_json, manifest_to_json
from cadl_gui.runs.reader import read_manifest
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.configuration_form import ConfigurationForm
from types import SimpleNamespace

main(["presets", "vae"])
old = read_manifest(Path(sys.argv[1]))
settings = settings_of(SimpleNamespace(set=["momentum=0.5", "residual=on"]))
changed = old.config.replace(**settings)
written = json.loads(json.dumps(manifest_to_json(dataclasses.replace(old, config=changed))))
application = QApplication([])
datasets = OpenedDatasets((), DatasetLibrary(), BackgroundJobs(), ViewState())
form = ConfigurationForm(Theme("light"), datasets)
form.show_next(NextRun.of(preset("vae").config))
form.findChild(QDoubleSpinBox, "momentumSpin").setValue(0.25)
form.findChild(QCheckBox, "residualCheck").setChecked(True)
typed = form.checked.trainable
found = {
    "settings": settings,
    "of an old run": [old.config.training.momentum, old.config.model.residual],
    "written": [written["configuration"]["momentum"], written["configuration"]["residual"]],
    "read again": manifest_from_json(written, Path("run.json")).config == changed,
    "in the form": [typed.training.momentum, typed.model.residual],
    "branchable": [name for name in ("momentum", "residual") if name in BRANCH_FIELDS],
    "compared": [difference.label for difference in differences([old.config, changed])],
    "same network": [
        old.config.replace(**{name: value}).model == old.config.model for name, value in settings.items()
    ],
}
print(json.dumps(found))
"""


@pytest.fixture
def program(tmp_path):
    """A copy of the program with one more line in each of two classes."""
    changed = {}
    for owner, name, line in (
        ("TrainingConfig", "training_config.py", MOMENTUM),
        ("ModelConfig", "model_config.py", RESIDUAL),
    ):
        source = (PACKAGE / "domain" / name).read_text(encoding="utf-8")
        start = re.compile(rf'(class {owner}\(\w+\):\n    """.*?"""\n\n)', re.DOTALL)
        changed[name], n = start.subn(lambda found, line=line: found[1] + line, source)
        assert n == 1
    domain = tmp_path / "cadl_gui" / "domain"
    domain.mkdir(parents=True)
    for folder, copied in ((PACKAGE, domain.parent), (PACKAGE / "domain", domain)):
        for path in folder.iterdir():
            if path.name not in {"domain", *changed, "__pycache__"}:
                (copied / path.name).symlink_to(path, target_is_directory=path.is_dir())
    for name, source in changed.items():
        (domain / name).write_text(source, encoding="utf-8")
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    return tmp_path / "program.py"


@pytest.mark.gui
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_field_is_one_line(program):
    finished = subprocess.run(
        [sys.executable, str(program), str(OLD_RUN)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    *listed, found = finished.stdout.splitlines()
    assert f"{'momentum':22} {'0.9':16}  Rolls on." in listed
    assert json.loads(found) == {
        "settings": {"momentum": 0.5, "residual": True},
        "of an old run": [0.9, False],
        "written": [0.5, True],
        "read again": True,
        "in the form": [0.25, True],
        "branchable": ["momentum"],
        "compared": ["Residual", "Momentum"],
        "same network": [True, False],
    }
