"""Files of version 2 open with the same content: see `fixtures/version_2/make.py`."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from cadl_gui.domain.position import Position
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot

pytestmark = pytest.mark.slow

FILES = Path(__file__).parent / "fixtures" / "version_2"
REPORTED = json.loads((FILES / "told.json").read_text(encoding="utf-8"))
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def make():
    """The script that made them, which also reads them."""
    spec = importlib.util.spec_from_file_location("make_version_2", FILES / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_of_version_2_are_few_bytes():
    assert sum(path.stat().st_size for path in FILES.rglob("*") if path.is_file()) <= MOST_BYTES


@pytest.mark.tf
def test_runs_and_checkpoints_hold_what_they_held(make):
    """Weights by path, optimiser, latents, losses, learning rates and randomness."""
    assert json.loads(json.dumps(make.tell(FILES))) == REPORTED


@pytest.mark.tf
def test_run_of_version_2_is_resumed(tmp_path):
    from cadl_gui.cli import main

    folder = tmp_path / "run"
    shutil.copytree(FILES / "run", folder)
    assert main(["train", "--run", str(folder), "--resume", "--epochs", "3"]) == 0
    run = read_run(folder)
    assert (run.recorded[-1], run.randomness) == (Position(3), REPORTED["randomness"])
    assert run.history.epochs[-1].metrics["val_loss"] < REPORTED["epochs"][-1]["val_loss"]
    assert read_snapshot(folder, Position(3)).weights.keys() == REPORTED["weights"]["epoch 2"].keys()
