"""What a training has learned is kept where the command line says, also if the training or its end fails."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from idx_files import write_idx_folder

from cadl_gui.cli import main
from cadl_gui.domain.errors import RecordingError
from cadl_gui.domain.position import Position
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.writer import RunWriter

pytestmark = pytest.mark.tf


@pytest.fixture
def command(tmp_path):
    """A training that starts quickly."""
    folder = write_idx_folder(tmp_path / "idx")
    small = ["--set", "layers=9", "--dataset", str(folder), "--batch-size", "50"]
    return ["train", "lecture-autoencoder", *small]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def at_epoch(monkeypatch):
    """Lets something happen when an epoch is written."""
    write = RunWriter.write_checkpoint

    def happen(epoch, what):
        def written(self, model, position):
            if position.epoch == epoch:
                what()
            write(self, model, position)

        monkeypatch.setattr(RunWriter, "write_checkpoint", written)

    return happen


def fail():
    raise RecordingError("The disk is full.")


@pytest.mark.parametrize("with_run", [False, True], ids=["file", "file and run"])
def test_a_training_that_fails_leaves_its_last_epoch_in_the_file(
    command, tmp_path, temporary, at_epoch, capsys, with_run
):
    at_epoch(3, fail)
    file = tmp_path / "a.keras"
    where = ["--run", str(tmp_path / "run")] if with_run else []
    assert main([*command, "--epochs", "5", "-o", str(file), *where]) == 1
    assert capsys.readouterr().err == f"The disk is full. Epoch 2 is kept in “{file}”.\n"
    assert open_checkpoint(file).position == Position(2)
    assert not list(temporary.rglob("run.json"))


def test_a_network_that_has_learned_nothing_is_not_kept(command, tmp_path, at_epoch, capsys):
    at_epoch(1, fail)
    assert main([*command, "-o", str(tmp_path / "a.keras")]) == 1
    assert capsys.readouterr().err == "The disk is full.\n"
    assert not (tmp_path / "a.keras").exists()


def test_a_file_that_cannot_be_written_at_the_end_costs_no_training(
    command, tmp_path, temporary, at_epoch, capsys
):
    """Its folder is gone, like a disk that was removed; the run is where the message says."""
    disk = tmp_path / "disk"
    disk.mkdir()
    at_epoch(2, lambda: shutil.rmtree(disk))
    assert main([*command, "--epochs", "2", "-o", str(disk / "a.keras")]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"“{disk / 'a.keras'}” cannot be written: ")
    (kept,) = re.findall("The run is kept in “(.+)”", message)
    assert main(["train", "--run", kept, "--resume", "-o", str(tmp_path / "b.keras")]) == 0
    assert open_checkpoint(tmp_path / "b.keras").position == Position(2)


def test_a_training_that_fails_is_kept_if_its_file_cannot_be_written_either(
    command, tmp_path, temporary, at_epoch, capsys
):
    """As where one disk holds both: what was learned was removed with the temporary folder."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def lose_disk():
        shutil.rmtree(disk)
        fail()

    at_epoch(3, lose_disk)
    assert main([*command, "--epochs", "5", "-o", str(disk / "a.keras")]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"The disk is full. “{disk / 'a.keras'}” cannot be written: ")
    (kept,) = re.findall("The run is kept in “(.+)”", message)
    assert read_run(Path(kept)).checkpoint.name == "checkpoint-0002.keras"


def test_temporary_files_are_removed(command, tmp_path, temporary):
    assert main([*command, "--epochs", "1", "-o", str(tmp_path / "a.keras")]) == 0
    assert not list(temporary.rglob("run.json"))
