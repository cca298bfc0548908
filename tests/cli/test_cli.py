"""The command line end to end, as scripts use it."""

import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from idx_files import write_idx, write_idx_folder
from oracles import squared_error
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.datasets.preparing.cache import prepared_datasets
from cadl_gui.domain.errors import RecordingError
from cadl_gui.domain.presets import PRESETS
from cadl_gui.runs.reader import read_manifest
from cadl_gui.runs.writer import RunWriter
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf


@pytest.fixture
def idx_folder(tmp_path):
    """A tiny dataset of random images."""
    return write_idx_folder(tmp_path / "idx")


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_presets_are_listed_for_programs(capsys):
    assert main(["presets", "--json"]) == 0
    listed = lines(capsys)
    assert [preset["preset"] for preset in listed] == list(PRESETS)
    assert listed[0]["fields"]["batch_size"] == 100


def test_presets_are_a_line_each_and_one_that_is_named_shows_its_fields(capsys):
    assert main(["presets"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == list(PRESETS)
    assert main(["presets", "vae"]) == 0
    title, *fields = capsys.readouterr().out.splitlines()
    assert title in said
    assert {tuple(line.split()[:2]) for line in fields} >= {("beta", "1"), ("latent_dim", "2")}
    (beta,) = (line for line in fields if line.startswith("beta "))
    assert beta.endswith("  Weight of the KL divergence in the loss.")
    assert main(["presets", "vea"]) == 2
    assert "There is no preset “vea”." in capsys.readouterr().err


def test_presets_whose_images_do_not_ship_say_what_to_open_instead_of_mnist(capsys):
    assert main(["presets", "film-vae"]) == 0
    film = capsys.readouterr().out
    assert "mnist" not in film
    assert f"\n{PRESETS['film-vae'].to_open}\n" in film
    assert main(["presets", "--json"]) == 0
    fields = {preset["preset"]: preset["fields"] for preset in lines(capsys)}
    assert "dataset" not in fields["cifar-classifier"]
    assert fields["emoji-vae"]["dataset"] == "emoji"


def test_too_few_images_for_a_batch_of_the_preset_are_trained_in_smaller_ones_unless_a_size_is_asked_for(
    tmp_path, capsys
):
    """The window fits the batch size to the dataset; here, a folder of 42 photographs was refused."""
    images = np.random.default_rng(0).integers(0, 256, (42, 28, 28, 1), np.uint8)
    np.savez(tmp_path / "few.npz", images=images, labels=np.arange(42) % 3)
    command = ["train", "vae", "--dataset", str(tmp_path / "few.npz"), "--epochs", "1", "--run"]
    assert main([*command, str(tmp_path / "fitted")]) == 0
    assert "Batch size: 4 instead of 200, since there are 35 images to train with." in capsys.readouterr().err
    assert read_manifest(tmp_path / "fitted").config.training.batch_size == 4
    assert main([*command, str(tmp_path / "asked"), "--batch-size", "17"]) == 0
    assert "Batch size" not in capsys.readouterr().err
    assert read_manifest(tmp_path / "asked").config.training.batch_size == 17
    assert main([*command, str(tmp_path / "refused"), "--batch-size", "200"]) == 2
    assert "use a batch size of at most 35" in capsys.readouterr().err


def test_training_resuming_and_evaluating(idx_folder, tmp_path, capsys):
    """A resumed run ends like one that was never interrupted."""
    common = [
        "train",
        "lecture-conv-autoencoder",
        "--dataset",
        str(idx_folder),
        "--batch-size",
        "50",
        "--json",
    ]
    whole, parts = tmp_path / "whole.keras", tmp_path / "parts.keras"
    assert main([*common, "--epochs", "3", "-o", str(whole)]) == 0
    *epochs, last = lines(capsys)
    assert [line["epoch"] for line in epochs] == [1, 2, 3]
    assert {"epoch", "loss", "val_loss", "images_per_second", "precision"} == set(epochs[0])
    assert last["checkpoint"] == str(whole)
    run = tmp_path / "run"
    assert main([*common, "--epochs", "1", "--run", str(run)]) == 0
    assert main([*common, "--epochs", "3", "--run", str(run), "--resume", "-o", str(parts)]) == 0
    resumed = lines(capsys)
    assert [line.get("epoch") for line in resumed] == [1, None, 2, 3, None]
    assert resumed[-1]["test"] == last["test"]
    assert resumed[3]["loss"] == epochs[2]["loss"]
    assert main(["evaluate", str(parts), "--json"]) == 0
    assert lines(capsys) == [{"test": last["test"]}]
    assert main(["evaluate", str(run), "--json"]) == 0
    assert lines(capsys) == [{"test": last["test"]}]
    assert main(["evaluate", str(run), "--epoch", "1", "--json"]) == 0
    assert lines(capsys) == [{"test": resumed[1]["test"]}]
    assert resumed[1]["test"] != last["test"]
    assert main(["info", str(parts), "--json"]) == 0
    (about,) = lines(capsys)
    assert about["positions"] == [[3, 0]]
    assert about["configuration"]["dataset"] == str(idx_folder)


def test_a_network_is_measured_on_another_dataset(idx_folder, tmp_path, capsys):
    """By default, on the dataset of the run. It need not be large enough to train with."""
    checkpoint, other = tmp_path / "a.keras", tmp_path / "other"
    common = ["--epochs", "1", "--batch-size", "50", "--set", "layers=9", "--dataset", str(idx_folder)]
    assert main(["train", "lecture-autoencoder", *common, "-o", str(checkpoint)]) == 0
    other.mkdir()
    bright = np.random.default_rng(1).integers(200, 256, (40, 28, 28), dtype=np.uint8)
    write_idx(other / "train-images-idx3-ubyte.gz", np.zeros((10, 28, 28), np.uint8))
    write_idx(other / "t10k-images-idx3-ubyte.gz", bright)
    capsys.readouterr()
    assert main(["evaluate", str(checkpoint), "--dataset", str(other), "--json"]) == 0
    (measured,) = lines(capsys)
    network = open_path(checkpoint).network()
    expected = squared_error(network, bright[..., np.newaxis] / np.float32(255)).mean()
    assert measured["test"]["loss"] == pytest.approx(expected, rel=1e-4)


def test_a_run_is_resumed_by_its_folder_alone_and_not_as_another(idx_folder, tmp_path, capsys):
    """No option has to be repeated; one that contradicts the run is refused before training."""
    run = str(tmp_path / "run")
    common = ["--dataset", str(idx_folder), "--batch-size", "50", "--learning-rate", "0.01", "--epochs", "1"]
    assert main(["train", "lecture-autoencoder", *common, "--set", "layers=4", "--run", run]) == 0
    capsys.readouterr()
    assert main(["train", "vae", "--run", run, "--resume"]) == 2
    assert "is resumed with Preset lecture-autoencoder, not vae" in capsys.readouterr().err
    assert main(["train", "--run", run, "--resume", "--learning-rate", "0.1"]) == 2
    assert "is resumed with Learning rate 0.01, not 0.1" in capsys.readouterr().err
    assert main(["train", "--run", run, "--resume", "--epochs", "2", "--json"]) == 0
    assert [line.get("epoch") for line in lines(capsys)] == [2, None]


def test_a_run_and_a_checkpoint_are_branched(idx_folder, tmp_path, capsys):
    """From an earlier epoch of a folder with another learning rate, and from the only epoch of a file."""
    run, file = tmp_path / "run", tmp_path / "a.keras"
    common = ["--epochs", "2", "--dataset", str(idx_folder), "--batch-size", "50", "--json"]
    assert main(["train", "lecture-autoencoder", *common, "--run", str(run), "-o", str(file)]) == 0
    trained = lines(capsys)
    branch = ["branch", str(run), "--epoch", "1", "--learning-rate", "0.01", "--epochs", "3", "--json"]
    assert main([*branch, "--run", str(tmp_path / "branch")]) == 0
    branched = lines(capsys)
    assert [line.get("epoch") for line in branched] == [1, 2, 3, None]
    assert branched[0]["val_loss"] == trained[0]["val_loss"]
    assert branched[1]["loss"] != trained[1]["loss"]
    assert main(["info", str(tmp_path / "branch"), "--json"]) == 0
    (about,) = lines(capsys)
    assert about["branched_from"] == "lecture-autoencoder, epoch 1"
    assert [0, 5] in about["positions"]
    assert main(["branch", str(file), "--run", str(tmp_path / "other"), "--epochs", "3", "--json"]) == 0
    assert [line.get("epoch") for line in lines(capsys)] == [2, 3, None]
    assert main(["branch", str(run), "--run", str(run)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert main(["branch", str(run), "--run", str(tmp_path / "no"), "--set", "layers=3"]) == 2
    assert "A branch cannot change Layers" in capsys.readouterr().err


OUTPUTS = [
    ["train", "lecture-softmax", "-o", "{}.keras"],
    ["branch", "softmax", "--run", "run", "-o", "{}.keras"],
    ["import-tf", "model.ckpt", "-o", "{}.keras"],
    ["decode", "vae", "--z", "0,0", "-o", "{}.png"],
    ["reconstruct", "vae", "x.png", "-o", "{}.png"],
    ["reinterpret", "vae", "--dataset", "mnist", "-o", "{}.mp4"],
    ["render", "vae", "--what", "manifold", "-o", "{}.gif"],
    ["export", "softmax", "--format", "onnx", "-o", "{}.onnx"],
    ["export", "softmax", "--format", "savedmodel", "-o", "{}"],
]
"""Every command that writes a file or folder that the user names."""


@pytest.mark.parametrize(
    "arguments", [each for each in OUTPUTS if "savedmodel" not in each], ids=lambda each: each[0]
)
@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_no_command_replaces_a_pipe_or_a_file_of_a_run(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    own = shutil.copytree(shipped_run("softmax"), "other")
    suffix = arguments[-1].removeprefix("{}")
    for name in ("pipe", "other/checkpoint-0001"):
        path = tmp_path / f"{name}{suffix}"
        os.mkfifo(path) if name == "pipe" else path.write_text("trained")
        assert main([argument.format(name) for argument in arguments]) == 2
        message = "It is a pipe or a device" if name == "pipe" else "“other” is the folder of a run"
        assert f"“{name}{suffix}” cannot be written: {message}" in capsys.readouterr().err
    assert (tmp_path / f"pipe{suffix}").is_fifo()
    assert (tmp_path / own / f"checkpoint-0001{suffix}").read_text() == "trained"


@pytest.mark.parametrize("arguments", OUTPUTS, ids=lambda arguments: arguments[0])
def test_what_cannot_be_written_is_reported_before_hours_of_work(
    tmp_path, monkeypatch, processor, capsys, arguments
):
    """A name that is too long, and a disk that refuses to be written to; TensorFlow would not be imported."""
    processor("no AVX")

    def too_early():
        raise AssertionError("it began to work")

    monkeypatch.setattr("cadl_gui.saved.opened.open_path", too_early)
    monkeypatch.chdir(tmp_path)
    named = [argument.format("x" * 300) for argument in arguments]
    assert main(named) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"“{named[-1]}” cannot be written: File name too long.\n"

    def read_only(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.touch", read_only)
    assert main([argument.format("x") for argument in arguments]) == 2
    assert "cannot be written: Read-only file system." in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_of_the_checkpoint_s_name_is_reported_before_hours_of_training(tmp_path, capsys):
    (tmp_path / "x.keras").mkdir()
    assert main(["train", "lecture-softmax", "-o", str(tmp_path / "x.keras")]) == 2
    assert "cannot be written: Is a directory." in capsys.readouterr().err


def test_a_run_folder_that_is_not_empty_is_reported_before_tensorflow_is_imported(
    tmp_path, capsys, processor
):
    processor("no AVX")
    (tmp_path / "holiday.jpg").write_text("mine")
    assert main(["train", "lecture-softmax", "--run", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "nonsense"], "There is no preset “nonsense”."),
        (["train", "lecture-autoencoder", "--epochs", "0"], "Epochs lies between 1 and 10,000."),
        (["train", "lecture-autoencoder", "--learning-rate", "-1"], "Learning rate lies between"),
        (["train", "lecture-autoencoder", "--seed", "x"], "Seed is a whole number; “x” is not."),
        (["train", "lecture-autoencoder", "--set", "layers"], "--set expects FIELD=VALUE"),
        (["train", "lecture-autoencoder", "--set", "speed=1"], "There is no field “speed”."),
        (["train", "vae", "--set", "latent_dim=-1"], "Latent dimensions lies between"),
        (["train", "lecture-autoencoder", "--resume"], "--resume needs the run folder"),
        (["train", "lecture-autoencoder", "-o", "x.h5"], "“x.h5” has to end in .keras."),
        (["train", "lecture-autoencoder", "-o", "/nowhere/x.keras"], "There is no folder “/nowhere”"),
        (["train", "lecture-autoencoder", "--dataset", "/nowhere"], "/nowhere"),
        (["train", "celeb-vae"], "Open photographs of faces"),
        (["train", "cifar-classifier"], "Its path is an option: --dataset PATH."),
        (["evaluate", "/nowhere.keras"], "/nowhere.keras"),
        (["info", "/nowhere.keras"], "/nowhere.keras"),
    ],
)
def test_a_user_s_mistake_is_one_message_and_status_2(arguments, message, capsys):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["decode", "vae", "--z=--", "-o", "x.png"],
        ["decode", "vae", "--z", "0,0", "-o=--"],
        ["decode", "vae", "--z", "0,0", "-o--"],
        ["train", "vae", "--seed=--"],
        ["train", "vae", "--set=--"],
        ["train", "vae", "--print-workers=--"],
        ["export", "vae", "--format=--", "-o", "x.onnx"],
    ],
    ids=lambda arguments: next(each for each in arguments if each.endswith("--")),
)
def test_an_option_whose_value_is_two_dashes_is_one_message_and_status_2(arguments, capsys):
    option = next(each for each in arguments if each.endswith("--"))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    *_, message = capsys.readouterr().err.splitlines()
    assert message == f"cadl: error: argument {option[:-2].rstrip('=')}: “--” is not a value"


def test_after_two_dashes_names_are_names(tmp_path, capsys):
    assert main(["info", "--", "--z=--"]) == 2
    assert "“--z=--”" in capsys.readouterr().err


def test_bfloat16_without_a_processor_for_it_is_one_message_before_the_work(
    tmp_path, processor, gpus, capsys
):
    processor("avx avx2")
    gpus()
    (tmp_path / "photos").mkdir()
    for name in "abc":
        Image.new("L", (28, 28)).save(tmp_path / "photos" / f"{name}.png")
    arguments = ["train", "vae", "--dataset", str(tmp_path / "photos"), "--run", str(tmp_path / "run")]
    assert main([*arguments, "--set", "precision=bfloat16"]) == 2
    printed = capsys.readouterr()
    sentence = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."
    assert (printed.out, printed.err) == ("", f"{sentence}\n")
    assert not (tmp_path / "run").exists()
    assert prepared_datasets() == []


def test_bfloat16_is_computed_where_only_a_gpu_can(idx_folder, tmp_path, processor, gpus, capsys):
    """What TensorFlow finds counts, not the processor."""
    processor("avx avx2")
    gpus({"compute_capability": (8, 0)})
    command = ["train", "lecture-autoencoder", "--set", "layers=9", "--dataset", str(idx_folder)]
    assert main([*command, "--epochs", "1", "--batch-size", "50", "--set", "precision=bfloat16"]) == 0
    assert " in bfloat16" in capsys.readouterr().out


def test_auto_says_what_it_chose_and_why(idx_folder, tmp_path, processor, gpus, capsys):
    processor("avx avx2")
    gpus()
    run, command = tmp_path / "run", ["train", "lecture-autoencoder", "--set", "precision=auto"]
    arguments = ["--dataset", str(idx_folder), "--epochs", "1", "--batch-size", "50", "--run", str(run)]
    assert main([*command, *arguments]) == main(["info", str(run)]) == 0
    told = "Precision auto chose float32. bfloat16 needs the instructions amx_bf16 or avx512_bf16"
    assert capsys.readouterr().out.count(told) == 2


def test_what_it_takes_and_does_is_reported_before_the_first_epoch(idx_folder, tmp_path, capsys, monkeypatch):
    run = tmp_path / "run"
    arguments = ["train", "lecture-autoencoder", "--set", "layers=9", "--dataset", str(idx_folder)]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main([*arguments, "--epochs", "1", "--batch-size", "50", "--run", str(run)]) == 0
    printed = capsys.readouterr()
    stages = [line.split()[0] for line in printed.err.splitlines()]
    assert stages == ["Loading", "Preparing", "Building", "Compiling", "Measuring", "Recording"]
    title, takes, epoch, *_ = printed.out.splitlines()
    assert title.startswith("lecture-autoencoder on ")
    assert title.endswith(", 1 epoch, seed 1")
    assert epoch.startswith("epoch   1 ")
    assert epoch.endswith(" images/s in float32")
    amount, unit = re.fullmatch(r"takes about ([\d.]+) (kB|MB) on disk, .* in memory", takes).groups()
    on_disk = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
    assert on_disk / 3 < float(amount) * {"kB": 1e3, "MB": 1e6}[unit] < 3 * on_disk


def test_an_epoch_that_is_not_on_disk_is_not_reported(idx_folder, tmp_path, capsys, monkeypatch):
    """The disk is full in the second epoch: the first is reported, then an error; resumed, the second."""

    def full(self, model, position):
        if position.epoch == 2:
            raise RecordingError("“run” cannot be written: No space left on device.")
        write(self, model, position)

    arguments = ["train", "lecture-autoencoder", "--dataset", str(idx_folder), "--batch-size", "50", "--json"]
    arguments += ["--run", str(tmp_path / "run"), "--set", "layers=9", "--epochs"]
    write = RunWriter.write_checkpoint
    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "write_checkpoint", full)
        assert main([*arguments, "3"]) == 1
    printed = capsys.readouterr()
    assert [json.loads(line)["epoch"] for line in printed.out.splitlines()] == [1]
    assert "No space left on device" in printed.err
    assert main([*arguments, "2", "--resume"]) == 0
    assert [line.get("epoch") for line in lines(capsys)] == [2, None]


def test_a_folder_that_is_removed_in_mid_run_is_one_message(idx_folder, tmp_path, capsys, monkeypatch):
    write, folder = RunWriter.write_checkpoint, tmp_path / "run"

    def remove(self, model, position):
        write(self, model, position)
        shutil.rmtree(folder)

    monkeypatch.setattr(RunWriter, "write_checkpoint", remove)
    arguments = ["train", "lecture-autoencoder", "--dataset", str(idx_folder), "--batch-size", "50"]
    assert main([*arguments, "--set", "layers=9", "--run", str(folder)]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert str(folder) in message
    assert not folder.exists()


def test_an_infinite_loss_is_status_1_and_keeps_what_was_learned(idx_folder, capsys):
    arguments = ["train", "lecture-autoencoder", "--dataset", str(idx_folder), "--batch-size", "50"]
    assert main([*arguments, "--learning-rate", "1e6"]) == 1
    assert "the loss became infinite at batch" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "auto"])
def test_deterministic_training_repeats_itself(idx_folder, processor, precision, tmp_path):
    """In a separate process, because the option affects the whole process; on a processor that has it.

    `auto` measures nothing, which could come out differently each time, and says so.
    """
    processor("avx amx_bf16")
    program = "from cadl_gui.cli import main; raise SystemExit(main() or main())"
    command = [sys.executable, "-c", program, "train", "--set", f"precision={precision}"]
    command += [
        "lecture-conv-autoencoder",
        "--dataset",
        str(idx_folder),
        "--batch-size",
        "50",
        "--epochs",
        "1",
        "-o",
        str(tmp_path / "a.keras"),
    ]
    done = subprocess.run([*command, "--deterministic", "--json"], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    epochs = [line for line in lines if line.get("epoch") == 1]
    assert [epoch["precision"] for epoch in epochs] == [precision.replace("auto", "float32")] * 2
    reason = "A deterministic training chooses nothing by measurement." if precision == "auto" else ""
    assert open_path(tmp_path / "a.keras").manifest.precision_reason == reason
    first, second = [(epoch["loss"], epoch["val_loss"]) for epoch in epochs]
    assert first == second
    assert lines[len(lines) // 2 - 1]["test"] == lines[-1]["test"]


def test_standard_error_is_for_errors_only(tmp_path):
    """Messages that TensorFlow prints when it is imported are suppressed."""
    command = [sys.executable, "-c", "from cadl_gui.cli import main; raise SystemExit(main())"]
    done = subprocess.run(
        [*command, "evaluate", str(tmp_path / "none.keras")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
