"""Datasets are prepared, looked into, listed and removed on the command line."""

import json
import shlex
import sys

import numpy as np
import pytest
from idx_files import write_idx_folder
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.datasets.load import load
from cadl_gui.datasets.preparing.cache import prepared_datasets


@pytest.fixture
def folder(tmp_path):
    """Forty small photographs in two classes, and one that is none."""
    random = np.random.default_rng(0)
    for number in range(40):
        path = tmp_path / "photos" / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (12, 9, 3), np.uint8)).save(path)
    (tmp_path / "photos" / "cat" / "text.jpg").write_text("no image")
    return tmp_path / "photos"


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_prepared_with_a_report(folder, capsys):
    assert main(["data", "prepare", str(folder), "--size", "16", "--grey"]) == 0
    out, err = capsys.readouterr()
    assert "Preparing “" in err
    assert "41 images of 16×16, 2 classes, 10 kB" in err
    assert out.startswith("40 images opened, 1 skipped: “cat/text.jpg” (none of PNG")
    assert f"--dataset {folder}:size=16,grey=on" in out
    assert main(["data", "prepare", f"{folder}:size=16", "--grey", "--json"]) == 0
    [values] = lines(capsys)
    assert (values["images"], values["image_shape"]) == (40, [16, 16, 1])
    assert values["dataset"] == f"{folder}:size=16,grey=on"
    assert values["report"]["summary"].startswith("40 images opened, 1 skipped")


def test_what_is_said_to_train_with_can_be_copied_whatever_the_folder_is_called(folder, capsys):
    named = folder.rename(folder.with_name("My photos & “more”"))
    assert main(["data", "prepare", str(named), "--size", "16"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("train it with ")]
    if sys.platform == "win32":
        assert f'"{named}:size=16"' in line
    else:
        assert shlex.split(line)[-2:] == ["--dataset", f"{named}:size=16"]


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_CACHE_HOME is looked at on Linux only")
def test_dataset_that_would_be_gone_at_once_is_not_prepared(folder, tmp_path, monkeypatch, capsys):
    """As for a user whose home folder does not exist. A training prepares it for itself."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert main(["data", "prepare", str(folder), "--size", "16"]) == 2
    printed = capsys.readouterr()
    cache = tmp_path / "file" / "cadl_gui"
    assert printed.err == f"Nothing that is prepared would be kept: “{cache}” cannot be created.\n"
    assert printed.out == ""


def test_info_tells_what_is_there_before_and_after(folder, capsys):
    assert main(["data", "info", str(folder)]) == 0
    before = capsys.readouterr().out
    assert "41 images of 64×64 in colour, 2 classes" in before
    assert "classes  cat, dog" in before
    assert "not prepared yet; takes 504 kB" in before
    main(["data", "prepare", str(folder)])
    capsys.readouterr()
    assert main(["data", "info", str(folder), "--json"]) == 0
    [values] = lines(capsys)
    assert values["class_names"] == ["cat", "dog"]
    assert values["prepared"]["report"]["opened"] == 40


def test_what_is_opened_as_it_is_has_nothing_to_prepare(tmp_path, capsys):
    idx = str(write_idx_folder(tmp_path / "idx"))
    for dataset in ("mnist", idx):
        assert main(["data", "info", dataset]) == 0
        assert "opened as it is" in capsys.readouterr().out
        assert main(["data", "prepare", dataset]) == 0
        assert "nothing to prepare" in capsys.readouterr().out
    for dataset, kind in ((idx, "IDX"), ("mnist", "MNIST")):
        assert main(["train", "softmax", "--dataset", f"{dataset}:size=20"]) == 2
        assert f"is opened as it is: there are no options for {kind} files" in capsys.readouterr().err


def test_prepared_datasets_are_listed_and_removed(folder, capsys):
    for size in ("8", "16", "24"):
        main(["data", "prepare", str(folder), "--size", size])
    capsys.readouterr()
    assert main(["data", "list", "--json"]) == 0
    listed = lines(capsys)
    assert [each["dataset"] for each in listed] == [f"{folder}:size={size}" for size in (8, 16, 24)]
    assert all(each["current"] and each["bytes"] > 0 for each in listed)
    (folder / "cat" / "text.jpg").unlink()
    assert main(["data", "list"]) == 0
    out = capsys.readouterr().out
    assert out.count("no longer as its files are") == 3
    assert "3 datasets, " in out
    assert main(["data", "remove", "--oldest", "1"]) == 0
    assert "size=8" in capsys.readouterr().out
    assert main(["data", "remove", f"{folder}:size=24"]) == 0
    assert [each.options.size for each in prepared_datasets()] == [16]
    assert main(["data", "remove", str(folder)]) == 0
    assert prepared_datasets() == []
    assert main(["data", "remove", str(folder)]) == 2
    assert "is not prepared; `cadl data list`" in capsys.readouterr().err


def test_what_ships_as_image_files_needs_no_preparing_but_can_be_looked_into_and_removed(capsys):
    assert main(["data", "info", "emoji"]) == 0
    out = capsys.readouterr().out
    assert "emoji: 1,906 images of 64×64 in colour, 9 classes" in out
    assert "not prepared yet" in out
    assert main(["data", "remove", "emoji"]) == 2
    load("emoji")
    capsys.readouterr()
    assert main(["data", "list"]) == 0
    assert capsys.readouterr().out.startswith("Emoji: 1,906 images, 24 MB\n1 dataset")
    assert main(["data", "remove", "emoji"]) == 0
    assert prepared_datasets() == []
    assert main(["data", "prepare", "emoji", "--size", "16"]) == 0
    assert "train it with --dataset emoji:size=16" in capsys.readouterr().out


def test_options_that_are_not_valid_are_named(folder, capsys):
    assert main(["data", "prepare", str(folder), "--crop-factor", "2"]) == 2
    assert "Crop factor lies between 0.05 and 1" in capsys.readouterr().err
    assert main(["train", "softmax", "--dataset", f"{folder}:size=abc"]) == 2
    assert (
        "photos:size=abc” has options that are not valid. Size is a whole number" in capsys.readouterr().err
    )


@pytest.mark.parametrize("command", ["info", "prepare"])
def test_options_that_have_no_effect_are_refused(folder, capsys, command):
    """The same images would be kept again under another name, or another question be answered."""
    assert main(["data", command, str(folder), "--size", "8", "--every", "2"]) == 2
    assert (
        "photos” has no option every: for image files there are size, crop_factor" in capsys.readouterr().err
    )
    assert main(["data", command, "mnist", "--size", "10"]) == 2
    assert "“mnist” is opened as it is: there are no options for MNIST files" in capsys.readouterr().err
    assert prepared_datasets() == []


def test_a_dataset_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["data", "prepare", str(tmp_path / "none")]) == 2
    assert f"There is no dataset “{tmp_path / 'none'}”" in capsys.readouterr().err


@pytest.mark.tf
def test_a_training_prepares_what_is_not_prepared_and_remembers_how(folder, tmp_path, capsys):
    dataset = f"{folder}:size=8,grey=on"
    command = ["train", "autoencoder", "--dataset", dataset, "--batch-size", "8", "--epochs", "1"]
    run = ["--run", str(tmp_path / "run")]
    assert main([*command, *run, "--set", "layers=4", "--set", "latent_dim=2"]) == 0
    out, err = capsys.readouterr()
    assert "Preparing “" in err
    assert "40 images opened, 1 skipped" in err
    assert "on photos, 1 epoch" in out
    main(["data", "remove", "--all"])
    capsys.readouterr()
    assert main(["train", *run, "--resume", "--epochs", "2"]) == 0
    out, err = capsys.readouterr()
    assert "Preparing “" in err
    assert "epoch   2" in out
    assert main(["info", str(tmp_path / "run")]) == 0
    assert "images of 8×8×1" in capsys.readouterr().out


@pytest.mark.tf
def test_branching_and_evaluating_prepare_what_is_not_prepared(folder, tmp_path, capsys):
    """Progress goes to standard error; results, also as JSON, to standard output."""
    dataset, run = f"{folder}:size=8,grey=on", str(tmp_path / "run")
    command = ["train", "autoencoder", "--dataset", dataset, "--batch-size", "8", "--epochs", "1"]
    assert main([*command, "--run", run, "--set", "layers=4", "--set", "latent_dim=2"]) == 0
    for command in (
        ["branch", run, "--run", str(tmp_path / "branch"), "--epochs", "2", "--json"],
        ["evaluate", run, "--dataset", dataset, "--json"],
    ):
        main(["data", "remove", "--all"])
        capsys.readouterr()
        assert main(command) == 0
        out, err = capsys.readouterr()
        assert "Preparing “" in err
        assert "40 images opened, 1 skipped" in err
        assert all(json.loads(line) for line in out.splitlines())
        assert [each.dataset for each in prepared_datasets()] == [dataset]
        assert main(command if command[0] == "evaluate" else ["evaluate", run, "--dataset", dataset]) == 0
        assert "Preparing" not in capsys.readouterr().err
