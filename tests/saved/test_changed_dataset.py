"""A dataset that has changed since a run was trained on it is reported when the run is evaluated."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from checkpoints import FAMILIES, POSITION, SHAPE, history, manifest, save
from idx_files import write_idx, write_idx_folder

from cadl_gui.cli import main
from cadl_gui.datasets.sources.arrays import write_examples
from cadl_gui.domain.errors import DatasetError
from cadl_gui.models import build
from cadl_gui.runs.checkpoint import save_checkpoint
from cadl_gui.saved.file_evaluation import evaluate_file

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A dataset and a checkpoint that was trained on it."""
    folder = tmp_path_factory.mktemp("changed")
    dataset = write_idx_folder(folder / "idx")
    options = ["--dataset", str(dataset), "--batch-size", "50", "--epochs", "1", "--set", "layers=4"]
    assert main(["train", "lecture-autoencoder", *options, "-o", str(folder / "x.keras")]) == 0
    return dataset, folder / "x.keras"


def test_figures_of_a_changed_dataset_come_with_a_message(trained, tmp_path):
    """Training and test images have been exchanged; the message says what that may mean."""
    dataset, checkpoint = trained
    assert evaluate_file(checkpoint, str(dataset)).notes == ()
    shutil.copytree(dataset, tmp_path / "before")
    try:
        write_idx(dataset / "t10k-images-idx3-ubyte.gz", np.zeros((100, 28, 28), np.uint8))
        (note,) = evaluate_file(checkpoint, str(dataset)).notes
    finally:
        shutil.copytree(tmp_path / "before", dataset, dirs_exist_ok=True)
    assert note == (
        f"“{dataset}” is no longer what this run was trained on: "
        "it may have learned from the images that it is tested with."
    )


def test_another_dataset_than_its_own_needs_none(trained, tmp_path):
    _, checkpoint = trained
    other = write_idx_folder(tmp_path / "other")
    write_idx(other / "t10k-images-idx3-ubyte.gz", np.ones((100, 28, 28), np.uint8))
    assert evaluate_file(checkpoint, str(other)).notes == ()


@pytest.mark.parametrize("labels", [None, np.arange(200) % 5], ids=["no classes", "one too many"])
def test_images_of_other_classes_are_not_measured_with(tmp_path, labels):
    save(tmp_path / "x.keras", config=FAMILIES["classifier"])
    arrays = {} if labels is None else {"labels": labels}
    np.savez(tmp_path / "x.npz", images=np.zeros((200, *SHAPE), np.uint8), **arrays)
    with pytest.raises(DatasetError, match=r"x\.keras” distinguishes 4 classes; x\.npz has others"):
        evaluate_file(tmp_path / "x.keras", str(tmp_path / "x.npz"))


@pytest.mark.parametrize(
    ("names", "are_others"), [(("cat", "dog", "ship", "frog"), True), (tuple("0123"), False)]
)
def test_classes_of_other_names_are_not_measured_with(tmp_path, names, are_others):
    """A cat would count as a mistake of a network whose class 0 is the dog."""
    config = FAMILIES["classifier"]
    about = replace(manifest(config), class_names=("dog", "cat", "ship", "frog"))
    model = build(config, SHAPE, 4)
    save_checkpoint(tmp_path / "x.keras", model, manifest=about, history=history(), position=POSITION)
    images = np.zeros((200, *SHAPE), np.uint8)
    write_examples(tmp_path / "x.npz", images, np.arange(200) % 4)
    with np.load(tmp_path / "x.npz") as arrays:
        np.savez(tmp_path / "x.npz", **arrays, class_names=np.array(names))
    if are_others:
        with pytest.raises(
            DatasetError, match=r"distinguishes dog, cat, ship…; the classes of x.npz are cat, dog"
        ):
            evaluate_file(tmp_path / "x.keras", str(tmp_path / "x.npz"))
    else:
        assert evaluate_file(tmp_path / "x.keras", str(tmp_path / "x.npz")).metrics.keys() >= {
            "loss",
            "accuracy",
        }
