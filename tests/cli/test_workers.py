"""`cadl train` as several processes of this machine."""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext

import pytest
from idx_files import write_idx_folder
from ports import free_ports
from tensorboard_logs import read_by_tensorboard

from cadl_gui.cli import main
from cadl_gui.cli.train_workers import chief_of, help_the_chief
from cadl_gui.domain.errors import DatasetError, UserError
from cadl_gui.domain.meeting import Greeting
from cadl_gui.domain.workers import Workers, tf_config
from cadl_gui.runs.reader import read_run
from cadl_gui.system.versions import program_versions
from cadl_gui.training.sharing import Alone
from cadl_gui.training.team.chief import Chief
from cadl_gui.training.team.helper import Helper

pytestmark = pytest.mark.tf

PATIENCE = 120.0

ALONE = """
import sys
from cadl_gui.cli import main
status = main(sys.argv[1:])
OF_SEVERAL = "cadl_gui.training.team", "cadl_gui.training.helping", "cadl_gui.domain.meeting"
OF_THE_WINDOW = "PySide6", "shiboken6", "cadl_gui.app", "cadl_gui.ui", "cadl_gui.engine"
imported = [name for name in sys.modules if name.startswith(OF_SEVERAL + OF_THE_WINDOW)]
sys.exit(f"imported: {imported}" if imported else status)
"""


class Processes:
    """Starts workers, and reads what they say."""

    def __init__(self, tmp_path):
        self._output = tmp_path / "said"
        self._output.mkdir()
        self.addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))
        self.processes = []

    def start(self, *arguments):
        """Start all with the same arguments."""
        self.processes = [self._started(index, arguments) for index in range(len(self.addresses))]

    def _started(self, index, arguments):
        with self._path(index, "out").open("w") as out, self._path(index, "err").open("w") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "cadl_gui.cli", "train", *arguments, "--json"],
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
    error = workers.error(0)
    assert error == (
        f"Worker 1 ({workers.addresses[1]}) has ended. The run in “{tmp_path / 'run'}” is kept up to its "
        "last complete epoch; to resume it, add --resume to the same commands.\n"
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


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyboardInterrupt(), "It was interrupted."),
        (MemoryError("no more memory"), "It failed (no more memory)."),
    ],
)
def test_how_the_chief_ends_is_told_to_the_others(monkeypatch, error, reason):
    told = []
    monkeypatch.setattr(Chief, "gather", lambda *_: None)
    monkeypatch.setattr(Chief, "fail", lambda _, reason: told.append(reason))
    arguments = argparse.Namespace(resume=False, deterministic=False, wait=1.0, json=True)
    workers = Workers(("a:1", "b:1"), 0)
    with pytest.raises(type(error)), chief_of(arguments, workers, {}):
        raise error
    assert told == [reason]


class StoppedElsewhere(Alone):
    """A chief at another worker of which Ctrl+C was pressed."""

    stop_asked = True

    def close(self):
        """Nobody has to be told."""


def test_ctrl_c_at_another_worker_stops_the_chief_like_its_own(command, monkeypatch, capsys):
    monkeypatch.setenv("TF_CONFIG", tf_config(("127.0.0.1:1", "127.0.0.1:2"), 0))
    monkeypatch.setattr("cadl_gui.cli.train.chief_of", lambda *_: nullcontext(StoppedElsewhere()))
    assert main(["train", *command, "--epochs", "1000"]) == 130
    assert capsys.readouterr().err.startswith("Stopped")


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
    other = become(0)
    helper = pool.submit(Helper, other, Greeting.of(other, {}, {}), 15.0, print)
    assert main(["train", *(option.format(folder=tmp_path) for option in options)]) == status
    said, refused = capsys.readouterr()
    assert part in refused
    assert str(helper.exception()) + "\n" == f"The chief ({other.addresses[0]}) ended: {refused}"
    assert said.startswith(f"Notifying worker 1 ({other.addresses[1]}) (up to 30 s): ")


@pytest.mark.slow
def test_what_another_worker_refuses_ends_the_chief_too(of_two, capsys):
    become, pool = of_two
    other = become(1)
    chief = pool.submit(Chief(other, Greeting.of(other, {}, {}), print).gather, 15.0)
    assert main(["train", "--epochs", "3"]) == 2
    refused = capsys.readouterr().err
    assert refused.startswith("Name a preset to train")
    assert str(chief.exception()) + "\n" == f"Worker 1 ({other.addresses[1]}): {refused}"


@pytest.mark.slow
def test_a_worker_that_does_not_fit_ends_also_those_that_come_later():
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(3))
    chief, first, second = (Workers(addresses, index) for index in range(3))

    def come(workers, asked, after=None):
        if after is not None:
            wait([after])
        Helper(workers, Greeting.of(workers, program_versions(), asked), 15.0, print).task()

    given = argparse.Namespace(resume=False, deterministic=False, wait=15.0, json=True)
    with ThreadPoolExecutor(2) as pool:
        differs = pool.submit(come, first, {"epochs": 4})
        later = pool.submit(come, second, {}, differs)
        with pytest.raises(UserError, match="is asked for Epochs 4") as refused, chief_of(given, chief, {}):
            pass
    for ended in (differs, later):
        assert str(ended.exception()) == f"The chief ({addresses[0]}) ended: {refused.value}"


@pytest.mark.slow
def test_a_worker_with_another_dataset(command, of_two, tmp_path, capsys):
    become, pool = of_two
    other = become(0)
    folder = str(write_idx_folder(tmp_path / "other", seed=5))
    given = argparse.Namespace(resume=False, deterministic=False, wait=15.0, json=True)
    asked = {"preset": command[0], "batch_size": 50, "dataset": folder}
    helper = pool.submit(help_the_chief, given, other, asked)
    assert main(["train", *command]) == 2
    reason = f"“{folder}” of worker 1 ({other.addresses[1]}) is not what the chief trains on (idx)."
    assert isinstance(helper.exception(), DatasetError)
    assert str(helper.exception()) == reason
    assert capsys.readouterr().err == f"Worker 1 ({other.addresses[1]}): {reason}\n"


@pytest.mark.slow
@pytest.mark.parametrize("index", [0, 1])
def test_who_refuses_does_not_wait_longer_than_asked(index, of_two, capsys):
    become, _ = of_two
    become(index)
    assert main(["train", "--epochs", "3", "--wait", "0.1"]) == 2
    assert capsys.readouterr().err.startswith("Name a preset to train")


@pytest.mark.slow
def test_ctrl_c_ends_the_telling_and_not_the_reason(of_two, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    become, _ = of_two
    become(0)
    monkeypatch.setattr("cadl_gui.training.team.refusal.tell_others", interrupted)
    assert main(["train", "--epochs", "3"]) == 2
    assert capsys.readouterr().err.startswith("Name a preset to train")


def test_a_tf_config_that_is_not_understood(command, monkeypatch, capsys):
    monkeypatch.setenv("TF_CONFIG", "{")
    assert main(["train", *command]) == 2
    assert capsys.readouterr().err.startswith("TF_CONFIG is not understood")
