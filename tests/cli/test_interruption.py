"""Ctrl+C at any moment: one line, status 130, and trained epochs are kept. Uses separate processes."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from idx_files import write_idx_folder

from cadl_gui.domain.position import Position
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot

pytestmark = [
    pytest.mark.usefixtures("interruptible"),
    pytest.mark.slow,
    pytest.mark.tf,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no way to press Ctrl+C in one process only"),
]

PRESS = """
import atexit, os, signal, sys

number = int(sys.argv.pop(1))

def press(event, arguments, left=[sys.argv.pop(1)]):
    if event == "import" and arguments[0] in left:
        left.clear()
        os.kill(os.getpid(), number)

sys.addaudithook(press)
if sys.argv[1] == "exit":
    atexit.register(os.kill, os.getpid(), number)
    del sys.argv[1]
from cadl_gui.cli import main
sys.exit(main())
"""
"""Runs the command line, and sends a signal when the import of a module starts, or at the very end."""


def command(*arguments):
    return [sys.executable, "-c", "import sys; from cadl_gui.cli import main; sys.exit(main())", *arguments]


def pressed(moment, *arguments, number=signal.SIGINT):
    at_exit = ["exit"] if moment == "exit" else []
    return subprocess.run(
        [sys.executable, "-c", PRESS, str(int(number)), moment, *at_exit, *arguments],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Options for a training that starts quickly."""
    folder = write_idx_folder(tmp_path_factory.mktemp("data") / "idx")
    return ["lecture-autoencoder", "--dataset", str(folder), "--batch-size", "50", "--set", "layers=9"]


@pytest.mark.parametrize(
    "moment",
    ["argparse", "cadl_gui.cli.command_line", "numpy", "cadl_gui.cli.train", "tensorflow", "h5py"],
)
def test_while_it_starts_there_is_one_line_and_no_folder(small, tmp_path, moment):
    """The first seconds are mostly imports, so the signal is sent during one."""
    done = pressed(moment, "train", *small, "--run", str(tmp_path / "run"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
@pytest.mark.parametrize("moment", ["tensorflow", "cadl_gui.saved.file_evaluation"])
def test_other_commands_end_with_one_line_too(moment, number):
    done = pressed(moment, "evaluate", "softmax", number=number)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_a_training_stops_and_keeps_what_it_has(small, tmp_path, number):
    """The last epoch is on disk; the line says where, and how to resume."""
    run, file = tmp_path / "run", tmp_path / "kept.keras"
    with subprocess.Popen(
        command("train", *small, "--epochs", "9000", "--run", str(run), "-o", str(file)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        lines = [process.stdout.readline() for _ in range(4)]  # title, room, two epochs
        process.send_signal(number)
        _, error = process.communicate(timeout=300)
    assert lines[-1].startswith("epoch   2")
    assert process.returncode == 130
    (line,) = error.splitlines()
    assert line.startswith("Stopped, at epoch ")
    stored = read_run(run)
    assert str(stored.recorded[-1]) in line
    last = Position(stored.recorded[-1].epoch)
    assert (
        f"{last} is kept in “{run}” and “{file}”, and `cadl train --run DIR --resume` resumes from there"
        in line
    )
    resumed = subprocess.run(
        command("train", "--run", str(run), "--resume", "--epochs", str(last.epoch + 1)), check=False
    )
    assert resumed.returncode == 0
    assert read_run(run).history.epochs[-1].epoch == last.epoch + 1


def test_a_checkpoint_does_not_hold_the_history_of_an_epoch_that_was_not_completed(small, tmp_path):
    run, file = tmp_path / "run", tmp_path / "kept.keras"
    slow = ["--batch-size", "1", "--set", "layers=1500,750,64"]  # an epoch takes seconds
    with subprocess.Popen(
        command("train", *small[:-4], *slow, "--epochs", "9000", "--run", str(run), "-o", str(file)),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        while not process.stdout.readline().startswith("epoch   1"):
            pass
        time.sleep(0.5)  # into the second epoch
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    stopped = read_run(run).recorded[-1]
    assert stopped.step > 0, "it stopped between two epochs"
    history = open_checkpoint(file).history
    assert len(history.step_losses) == stopped.epoch * history.steps_per_epoch


def test_before_the_first_epoch_the_untrained_network_is_retained(small, tmp_path):
    done = pressed("cadl_gui.training.recorded", "train", *small, "--run", str(tmp_path / "run"))
    assert done.returncode == 130
    assert len(done.stderr.splitlines()) == 1
    stored = read_run(tmp_path / "run")
    assert stored.recorded == (Position(0),)
    weights = read_snapshot(stored.folder, Position(0)).weights
    assert weights
    assert all(np.isfinite(array).all() for array in weights.values())


def test_at_the_end_the_checkpoint_is_written_all_the_same(small, tmp_path):
    file = tmp_path / "kept.keras"
    done = pressed("cadl_gui.saved.file_evaluation", "train", *small, "--epochs", "1", "-o", str(file))
    assert done.returncode == 130
    assert done.stderr == f"Stopped, all epochs trained; epoch 1 is kept in “{file}”.\n"
    assert file.exists()


def test_when_all_is_done_it_is_too_late(tmp_path):
    """While the interpreter shuts down, nothing is printed any more."""
    done = pressed("exit", "info", "softmax")
    assert (done.returncode, done.stderr) == (0, "")
