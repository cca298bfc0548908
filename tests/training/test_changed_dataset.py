"""A dataset that was changed since a run was trained on it is noticed where the run is tested with it."""

import shutil

import numpy as np
import pytest
from idx_files import write_idx, write_idx_folder

from cadl_gui.cli import main
from cadl_gui.training.measure import measure

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A dataset and a checkpoint that was trained on it."""
    folder = tmp_path_factory.mktemp("changed")
    dataset = write_idx_folder(folder / "idx")
    options = ["--dataset", str(dataset), "--batch-size", "50", "--epochs", "1", "--set", "layers=4"]
    assert main(["train", "lecture-autoencoder", *options, "-o", str(folder / "x.keras")]) == 0
    return dataset, folder / "x.keras"


def test_its_figures_come_with_a_sentence(trained, tmp_path):
    """Training and test pictures have changed places; the sentence says what that may mean."""
    dataset, checkpoint = trained
    assert measure(checkpoint, str(dataset)).notes == ()
    shutil.copytree(dataset, tmp_path / "before")
    try:
        write_idx(dataset / "t10k-images-idx3-ubyte.gz", np.zeros((100, 28, 28), np.uint8))
        (note,) = measure(checkpoint, str(dataset)).notes
    finally:
        shutil.copytree(tmp_path / "before", dataset, dirs_exist_ok=True)
    assert note == (
        f"“{dataset}” is no longer what this run was trained on: "
        "it may have learned from the pictures that it is tested with."
    )


def test_another_dataset_than_its_own_needs_none(trained, tmp_path):
    _, checkpoint = trained
    other = write_idx_folder(tmp_path / "other")
    write_idx(other / "t10k-images-idx3-ubyte.gz", np.ones((100, 28, 28), np.uint8))
    assert measure(checkpoint, str(other)).notes == ()
