"""`cadl train --log-tensorboard`, and `cadl export --format tensorboard`."""

import json

import pytest
from idx_files import write_idx_folder
from tensorboard_logs import read_by_tensorboard

from cadl_gui.cli import main
from cadl_gui.domain.errors import ExportError
from cadl_gui.training.tensorboard_log import TensorBoardLog

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture
def command(tmp_path):
    """A short training on a tiny dataset, into the folder `run`."""
    folder = write_idx_folder(tmp_path / "idx")
    return [
        "train", "lecture-softmax", "--dataset", str(folder), "--batch-size", "50",
        "--run", str(tmp_path / "run"), "--json",
    ]  # fmt: skip


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_training_and_its_resumption_are_one_log(command, tmp_path, capsys):
    log = ["--log-tensorboard", str(tmp_path / "log")]
    assert main([*command, "--epochs", "1", *log]) == 0
    assert main([*command, "--epochs", "3", "--resume", *log]) == 0
    printed = {line["epoch"]: line["loss"] for line in lines(capsys) if "epoch" in line}
    seen = read_by_tensorboard(tmp_path / "log")
    assert dict(seen.scalars["epoch/loss"]) == pytest.approx(printed)
    assert [step for step, _ in seen.scalars["epoch/loss"]] == [1, 2, 3]
    assert [step for step, _ in seen.images["confusion"]] == [0, 1, 2, 3]


def test_a_stored_run_is_exported_at_all_epochs_or_at_one(tmp_path, capsys):
    dataset, run = write_idx_folder(tmp_path / "idx"), str(tmp_path / "run")
    assert main(["train", "vae", "--dataset", str(dataset), "--epochs", "3", "--run", run, "--json"]) == 0
    export = ["export", run, "--format", "tensorboard", "--json", "-o"]
    assert main([*export, str(tmp_path / "all")]) == 0
    assert main([*export, str(tmp_path / "one"), "--epoch", "0"]) == 0
    every, one = lines(capsys)[-2:]
    assert every["epochs"] == [0, 1, 2, 3]
    assert one == {"output": str(tmp_path / "one"), "format": "tensorboard", "epochs": [0]}
    seen = read_by_tensorboard(tmp_path / "all")
    assert [step for step, _ in seen.images["examples/reconstruction"]] == every["epochs"]
    assert seen.projector.embeddings[0].sprite.image_path == "sprite.png"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "lecture-softmax", "--log-tensorboard", "."], "is not empty"),
        (["train", "lecture-softmax", "--log-tensorboard", "/nowhere/log"], "There is no folder “/nowhere”"),
        (["train", "lecture-softmax", "--log-tensorboard", "something"], "is not empty"),
        (["train", "lecture-softmax", "--run", "x", "--log-tensorboard", "x/"], "two outputs at once"),
        (["train", "lecture-softmax", "-o", "x.keras", "--log-tensorboard", "./x.keras"], "two outputs"),
        (["train", "lecture-softmax", "--run", "x.keras", "-o", "x.keras"], "two outputs at once"),
        (["branch", "softmax", "--run", "x.keras", "-o", "x.keras"], "two outputs at once"),
        (["train", "lecture-softmax", "--log-tensorboard", "log of \udce9"], "names in UTF-8 only"),
        (["export", "vae", "--format", "tensorboard", "-o", "."], "is not empty"),
        (
            ["export", "vae", "--format", "tensorboard", "-o", "x", "--epoch", "77"],
            "no snapshot for epoch 77",
        ),
        (["export", "vae", "--format", "tensorboard", "-o", "x", "--function", "encode"], "no functions"),
    ],
)
def test_log_reports_a_user_s_mistake_in_one_message_with_status_2(
    tmp_path, monkeypatch, arguments, message, capsys
):
    (tmp_path / "something").touch()
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["something"]


def test_a_training_goes_on_without_a_log_that_cannot_be_written(command, tmp_path, capsys, monkeypatch):
    """The disk becomes full in the second epoch; that is printed, and the status says so in the end."""

    def add(log, snapshot):
        if snapshot.position.epoch == 2:
            raise OSError(28, "No space left on device")
        original(log, snapshot)

    original = TensorBoardLog.add_snapshot
    monkeypatch.setattr(TensorBoardLog, "add_snapshot", add)
    log = tmp_path / "log"
    assert main([*command, "--epochs", "3", "--log-tensorboard", str(log)]) == ExportError.exit_status
    printed = capsys.readouterr()
    assert [json.loads(line).get("epoch") for line in printed.out.splitlines()] == [1, 2, 3, None]
    first, last = printed.err.splitlines()
    assert first == f"“{log}” cannot be written: No space left on device. The training goes on without a log."
    assert last == f"The log in “{log}” lacks the last epochs."
    assert [step for step, _ in read_by_tensorboard(log).images["confusion"]] == [0, 1]
