"""`cadl train` as several processes of this machine."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
from idx_files import write_idx_folder
from ports import free_ports
from tensorboard_logs import read_by_tensorboard

from cadl_gui.cli import main
from cadl_gui.cli.interruption import Stopping
from cadl_gui.domain.workers import Workers, tf_config
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.training.team.meeting import Meeting

pytestmark = [pytest.mark.tf, pytest.mark.usefixtures("interruptible")]

PATIENCE = 120.0

ALONE = """
import sys
from cadl_gui.cli import main
status = main(sys.argv[1:])
OF_SEVERAL = ("cadl_gui.training.team",)
OF_THE_WINDOW = "PySide6", "shiboken6", "cadl_gui.app", "cadl_gui.ui", "cadl_gui.engine"
imported = [name for name in sys.modules if name.startswith(OF_SEVERAL + OF_THE_WINDOW)]
sys.exit(f"imported: {imported}" if imported else status)
"""


SMALL_FILES = sys.executable, "-c", (
    "import os, resource, signal, sys\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    "os.execv(sys.argv[1], sys.argv[1:])"
)  # fmt: skip
"""Starts a process that cannot write a checkpoint, as on a full disk."""


class Processes:
    """Starts workers, and reads what they say."""

    def __init__(self, tmp_path):
        self._output = tmp_path / "said"
        self._output.mkdir()
        self.addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))
        self.processes = []

    def start(self, *arguments, others=(), prefix=(), only=None):
        """Start all with the same arguments, the others with more; `prefix` starts the chief."""
        indices = range(len(self.addresses)) if only is None else [only]
        self.processes = [
            self._started(index, [*arguments, *(others if index else ())], () if index else prefix)
            for index in indices
        ]

    def _started(self, index, arguments, prefix):
        with self._path(index, "out").open("w") as out, self._path(index, "err").open("w") as err:
            return subprocess.Popen(
                [*prefix, sys.executable, "-m", "cadl_gui.cli", "train", *arguments, "--json"],
                env={
                    **os.environ,
                    "TF_CPP_MIN_LOG_LEVEL": "3",
                    "TF_CONFIG": tf_config(self.addresses, index),
                },
                stdout=out,
                stderr=err,
            )

    def _path(self, index, kind):
        return self._output / f"{index}.{kind}"

    def lines(self, index):
        complete, _, _ = self._path(index, "out").read_text().rpartition("\n")
        return [json.loads(line) for line in complete.splitlines()]

    def error(self, index):
        return self._path(index, "err").read_text()

    def wait_for_epoch(self, epoch):
        deadline = time.monotonic() + PATIENCE
        while not any(line.get("epoch") == epoch for line in self.lines(0)):
            assert time.monotonic() < deadline, self.error(0)
            assert self.processes[0].poll() is None, self.error(0)
            time.sleep(0.05)

    def end(self, seconds=PATIENCE):
        return [process.wait(seconds) for process in self.processes]

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def workers(tmp_path):
    workers = Processes(tmp_path)
    yield workers
    workers.close()


@pytest.fixture
def command(tmp_path):
    folder = write_idx_folder(tmp_path / "idx")
    return ["lecture-conv-autoencoder", "--dataset", str(folder), "--batch-size", "50"]


def losses(lines):
    return {line["epoch"]: (line["loss"], line["val_loss"]) for line in lines if "epoch" in line}


@pytest.mark.slow
def test_a_killed_worker_ends_the_training_which_is_resumed(command, workers, tmp_path, capsys):
    """The resumed run ends like one that a single process trained without a break; its log has all epochs."""
    run = ["--run", str(tmp_path / "run"), "--log-tensorboard", str(tmp_path / "log")]
    workers.start(*command, "--epochs", "1000", *run)
    workers.wait_for_epoch(2)
    os.kill(workers.processes[1].pid, signal.SIGKILL)
    assert workers.end(60) == [1, -signal.SIGKILL]
    assert workers.error(0) == (
        f"Worker 1 ({workers.addresses[1]}) has ended, or cannot be reached any more. The run in "
        f"“{tmp_path / 'run'}” is kept up to its last complete epoch; to resume it, add --resume to the same "
        "commands.\n"
    )
    kept = losses(workers.lines(0))
    last = max(kept) + 2
    workers.start(*command, "--epochs", str(last), *run, "--resume")
    assert workers.end() == [0, 0], workers.error(0) + workers.error(1)
    *_, end = workers.lines(0)
    kept |= losses(workers.lines(0))
    assert list(kept) == list(range(1, last + 1))
    assert losses(workers.lines(1)) == {}
    logged = dict(read_by_tensorboard(tmp_path / "log").scalars["epoch/val_loss"])
    assert [logged[epoch] for epoch in kept] == pytest.approx([val_loss for _, val_loss in kept.values()])
    assert main(["train", *command, "--epochs", str(last), "--json"]) == 0
    alone = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for epoch, values in losses(alone).items():
        assert kept[epoch] == pytest.approx(values, rel=1e-4)
    assert end["test"]["loss"] == pytest.approx(alone[-1]["test"]["loss"], rel=1e-4)


@pytest.mark.slow
def test_a_process_without_other_workers_imports_nothing_of_them_nor_of_the_window(command):
    done = subprocess.run(
        [sys.executable, "-c", ALONE, "train", *command, "--epochs", "1"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "epoch   1" in done.stdout


@pytest.mark.parametrize("option", ["--print-workers", "--print"])
def test_the_command_line_of_each_machine_is_printed(command, option, tmp_path, capsys):
    hosts = ["a.example:2222", "b.example:2222"]
    run = ["--run", str(tmp_path / "my run")]
    assert main(["train", *command, option, *hosts, *run, "--epochs", "3"]) == 0
    caution, about_a, a, about_b, b = capsys.readouterr().out.splitlines()
    assert caution.startswith("# Whoever can reach the ports of the workers can read and write your files: ")
    assert about_a == "# on a.example, the chief, which writes the run"
    assert about_b == "# on b.example"
    for index, line in enumerate((a, b)):
        config, *words = shlex.split(line)
        assert config == f"TF_CONFIG={tf_config(tuple(hosts), index)}"
        assert words == ["cadl", "train", *command, *run, "--epochs", "3"]


def test_the_help_says_what_strangers_can_do_and_how_to_keep_them_out(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "whoever can reach the ports of the workers can read and write your files" in said
    assert "by a firewall, a private network or an ssh tunnel" in said


@pytest.mark.slow
@pytest.mark.parametrize("index", [0, 1], ids=["chief", "other"])
def test_each_worker_says_so_when_it_starts(index, of_two, capsys):
    become, _ = of_two
    become(index)
    assert main(["train", "vae", "--wait", "0.1"]) == 1
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("Whoever can reach the ports of the workers can read and write your files: ")


@pytest.mark.parametrize(
    ("hosts", "message"),
    [
        (["a:1"], "at least two workers"),
        (["a:1", "b"], "“b” is not an address"),
        (["a:1", "a:1"], "address of two workers"),
    ],
)
def test_addresses_that_cannot_be(hosts, message, capsys):
    assert main(["train", "vae", "--print-workers", *hosts]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_two_workers_that_resume_have_the_weights_of_two_without_a_break(command, workers, tmp_path):
    """Bit for bit, with those of the optimiser, wherever the break is."""
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    workers.start(*command, "--epochs", "1000", "--run", str(broken))
    workers.wait_for_epoch(2)
    workers.processes[0].send_signal(signal.SIGINT)
    assert workers.end() == [130, 0]
    last = read_run(broken).history.epochs[-1].epoch + 2
    workers.start("--epochs", str(last), "--run", str(broken), "--resume")
    assert workers.end() == [0, 0], workers.error(0)
    workers.start(*command, "--epochs", str(last), "--run", str(whole))
    assert workers.end() == [0, 0], workers.error(0)
    networks = (open_checkpoint(run / f"checkpoint-{last:04}.keras").model for run in (broken, whole))
    for one, other in zip(*([*n.variables, *n.optimizer.variables] for n in networks), strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


@pytest.mark.slow
def test_a_killed_chief_ends_the_others(command, workers, tmp_path):
    run = tmp_path / "run"
    workers.start(*command, "--epochs", "1000", "--run", str(run))
    workers.wait_for_epoch(2)
    os.kill(workers.processes[0].pid, signal.SIGKILL)
    assert workers.end(60) == [-signal.SIGKILL, 1]
    assert workers.error(1) == (
        f"The chief ({workers.addresses[0]}) has ended, or cannot be reached any more.\n"
    )
    assert read_run(run).history.epochs[-1].epoch >= 2


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no such signal there")
def test_a_frozen_worker_is_not_waited_for(command, workers):
    """As after a failure of its machine: its connections stay open."""
    workers.start(*command, "--epochs", "1000")
    workers.wait_for_epoch(1)
    workers.processes[1].send_signal(signal.SIGSTOP)
    assert workers.processes[0].wait(60) == 1
    assert workers.error(0).startswith(f"Worker 1 ({workers.addresses[1]}) has ended, or cannot be reached")
    workers.processes[1].send_signal(signal.SIGCONT)
    assert workers.processes[1].wait(60) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_chief_that_cannot_write_ends_the_others_with_the_reason(command, workers, tmp_path):
    run = tmp_path / "run"
    workers.start(*command, "--epochs", "1000", "--run", str(run), prefix=SMALL_FILES)
    assert workers.end(60) == [1, 1]
    assert workers.error(0).startswith(f"The run cannot be written to “{run}”")
    assert workers.error(1) == f"The chief ({workers.addresses[0]}) has ended: it cannot write the run.\n"


@pytest.mark.slow
def test_a_loss_that_becomes_infinite_ends_all_with_the_same_sentence(command, workers):
    workers.start(*command, "--epochs", "1000", "--learning-rate", "1e9")
    assert workers.end(60) == [1, 1]
    assert workers.error(0).startswith("Training stopped: the loss became infinite at batch ")
    assert workers.error(1) == workers.error(0)


REFUSED = {
    "a run folder that is not empty": (["vae", "--run", "{folder}"], 1, "is not empty"),
    "a checkpoint in no folder": (["vae", "-o", "{folder}/none/vae.keras"], 2, "There is no folder"),
    "a log that is not empty": (["vae", "--log-tensorboard", "{folder}"], 2, "is not empty"),
    "a run that is not there": (["--run", "{folder}/none", "--resume"], 2, "Name a preset"),
    "no run folder": (["vae", "--resume"], 2, "--resume needs the run folder"),
    "no dataset": (["vae", "--dataset", "{folder}/none"], 2, "There is no"),
    "no preset": (["--epochs", "3"], 2, "Name a preset"),
    "an unknown preset": (["vea"], 2, "vea"),
    "an unknown field": (["vae", "--set", "epoch=1"], 2, "epoch"),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize(("index", "statuses"), [(0, [130, 0]), (1, [130, 130])], ids=["chief", "other"])
def test_sigterm_at_either_of_two_stops_both_like_ctrl_c(command, workers, tmp_path, index, statuses):
    """TensorFlow’s server takes SIGTERM for itself; Slurm and systems that shut down send it."""
    run = tmp_path / "run"
    workers.start(*command, "--epochs", "9000", "--run", str(run))
    workers.wait_for_epoch(2)
    workers.processes[index].send_signal(signal.SIGTERM)
    assert workers.end() == statuses
    (line,) = workers.error(0).splitlines()
    assert line.startswith("Stopped, at epoch ")
    stored = read_run(run)
    assert stored.history.epochs[-1].epoch >= 2
    assert f"is kept in “{run}”" in line
    assert workers.error(1) == ("" if index == 0 else "Stopped; the chief says what is kept.\n")


@pytest.fixture
def of_two(monkeypatch):
    """Two workers; this process becomes one of them, and a thread the other."""
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))

    def become(index):
        monkeypatch.setenv("TF_CONFIG", tf_config(addresses, index))
        return Workers(addresses, 1 - index)

    with ThreadPoolExecutor(1) as pool:
        yield become, pool


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_what_the_chief_refuses_ends_the_others_too(case, of_two, tmp_path, capsys):
    options, status, part = REFUSED[case]
    (tmp_path / "file").touch()
    become, pool = of_two
    with closing(Meeting(become(0), 15.0)) as other:
        coming = pool.submit(other.come, {})
        assert main(["train", *(option.format(folder=tmp_path) for option in options)]) == status
        said, refused = capsys.readouterr()
        assert part in refused
        chief = other.workers.addresses[0]
        assert str(coming.exception()) + "\n" == f"The chief ({chief}) ended: {refused}"
    assert said.startswith("Telling the other workers, for 30 s at most: ")


@pytest.mark.slow
def test_what_another_worker_refuses_ends_the_chief_too(of_two, capsys):
    become, pool = of_two
    other = become(1)
    chief = pool.submit(Meeting(other, 15.0).hold, {})
    assert main(["train", "--epochs", "3"]) == 2
    refused = capsys.readouterr().err
    assert refused.startswith("Name a preset to train")
    assert str(chief.exception()) + "\n" == f"Worker 1 ({other.addresses[1]}): {refused}"


@pytest.mark.slow
def test_workers_that_were_started_otherwise_end_with_the_same_reason(command, workers, tmp_path):
    """Here, with other images; whatever else may differ: `test_meeting.py`."""
    folder = write_idx_folder(tmp_path / "other", seed=5)
    workers.start(*command, "--epochs", "1000", others=["--dataset", str(folder)])
    assert workers.end(60) == [2, 2]
    reason = f"“{folder}” is not what the chief trains on (idx).\n"
    assert workers.error(1) == reason
    assert workers.error(0) == f"Worker 1 ({workers.addresses[1]}): {reason}"


def can_connect(host, port):
    try:
        socket.create_connection((host, port)).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("index", [0, 1])
def test_ctrl_c_ends_a_worker_that_waits_for_the_others(command, workers, tmp_path, index):
    workers.start(*command, "--epochs", "3", only=index)
    host, _, port = workers.addresses[0].rpartition(":")
    if index == 0:
        deadline = time.monotonic() + PATIENCE
        while not can_connect(host, int(port)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    else:
        with socket.create_server((host, int(port))) as server:
            server.settimeout(PATIENCE)
            server.accept()[0].close()
    workers.processes[0].send_signal(signal.SIGINT)
    assert workers.end(30) == [130]
    assert workers.error(index) == "Interrupted.\n"


@pytest.mark.slow
@pytest.mark.parametrize("index", [0, 1])
def test_who_refuses_does_not_wait_longer_than_asked(index, of_two, capsys):
    become, _ = of_two
    become(index)
    assert main(["train", "--epochs", "3", "--wait", "0.1"]) == 2
    assert capsys.readouterr().err.startswith("Name a preset to train")


def test_ctrl_c_is_only_noted_while_tensorflow_connects():
    """However often: TensorFlow would take the exception for a failure of its own."""
    stopping = Stopping()
    with stopping.noting(raises=False):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
    assert stopping.asked


def test_a_tf_config_that_is_not_understood(command, monkeypatch, capsys):
    monkeypatch.setenv("TF_CONFIG", "{")
    assert main(["train", *command]) == 2
    assert capsys.readouterr().err.startswith("TF_CONFIG is not understood")
