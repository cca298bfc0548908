"""The files of TensorBoard's projector: vectors, names and images in the same order."""

import numpy as np
import pytest
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector import ProjectorConfig

from cadl_gui.interop.tensorboard.projector import Projector

pytestmark = pytest.mark.tf

LATENTS = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float16)
LABELS = np.array([0, 1, 2, 0, 1, 2, 1])
IMAGES = np.arange(7, dtype=np.uint8)[:, None, None, None] * np.full((1, 5, 4, 1), 30, np.uint8)


def configured(folder):
    config = text_format.Parse((folder / "projector_config.pbtxt").read_text(), ProjectorConfig())
    (embedding,) = config.embeddings
    return embedding


def test_tensorboard_reads_vectors_names_and_images(tmp_path):
    Projector(tmp_path, ("zero", "one\tor\nso", "two"), IMAGES).write("epoch 3", LATENTS, LABELS)
    about = configured(tmp_path)
    assert about.tensor_name == "epoch 3"
    np.testing.assert_allclose(np.loadtxt(tmp_path / about.tensor_path, delimiter="\t"), LATENTS, rtol=1e-3)
    title, *names = (tmp_path / about.metadata_path).read_text().splitlines()
    assert title == "image\tclass"
    assert names == [f"{i}\t{('zero', 'one or so', 'two')[label]}" for i, label in enumerate(LABELS)]
    sprite = np.asarray(Image.open(tmp_path / about.sprite.image_path))
    assert list(about.sprite.single_image_dim) == [4, 5]
    assert sprite.shape == (15, 12)
    assert sprite[::5, ::4].ravel().tolist() == [0, 30, 60, 90, 120, 150, 180, 0, 0]


def test_latents_of_a_plane_lie_in_space_which_the_projector_shows(tmp_path):
    """With two columns, its page showed no point: “Total variance described: NaN %”."""
    Projector(tmp_path, ("a", "b", "c")).write("epoch 1", LATENTS[:, :2], LABELS)
    vectors = np.loadtxt(tmp_path / "latents.tsv", delimiter="\t")
    np.testing.assert_allclose(vectors[:, :2], LATENTS[:, :2], rtol=1e-3)
    np.testing.assert_array_equal(vectors[:, 2], np.zeros(len(LATENTS)))


def test_later_vectors_take_the_place_of_earlier_ones(tmp_path):
    projector = Projector(tmp_path, ("a", "b", "c"), IMAGES)
    projector.write("epoch 1", LATENTS, LABELS)
    files = sorted(tmp_path.iterdir())
    projector.write("epoch 2", LATENTS + 1, LABELS)
    assert sorted(tmp_path.iterdir()) == files
    assert configured(tmp_path).tensor_name == "epoch 2"
    np.testing.assert_allclose(np.loadtxt(tmp_path / "latents.tsv"), LATENTS + 1, rtol=1e-3)


def test_points_without_labels_and_images_have_numbers(tmp_path):
    Projector(tmp_path, ()).write("epoch 1", LATENTS)
    about = configured(tmp_path)
    assert not about.HasField("sprite")
    assert (tmp_path / about.metadata_path).read_text().split() == list("0123456")


def test_large_images_are_made_small_enough_for_a_browser(tmp_path):
    Projector(tmp_path, (), np.zeros((5, 3000, 2000, 3), np.uint8)).write("x", LATENTS[:5])
    about = configured(tmp_path)
    assert list(about.sprite.single_image_dim) == [1000, 1500]
    assert np.asarray(Image.open(tmp_path / about.sprite.image_path)).shape == (3000, 3000, 3)
