"""A checkpoint of the course opens as a run with one position, and answers requests."""

import course_graphs
import numpy as np
import pytest

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.domain.training_requests import OpenFile, SaveCheckpoint
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.saved.backend import Training

pytestmark = pytest.mark.tf


def opened(path):
    """The run, and an inference service for it."""
    event = Training().open(OpenFile("course", path))
    answers = InferenceService()
    answers.register(event.description)
    answers.update("course", event.snapshot, True)
    return event, answers


def test_a_variational_one_encodes_decodes_and_reconstructs(tmp_path):
    images = load_mnist().as_floats(slice(5))
    run = course_graphs.save(
        tmp_path / "vae.ckpt-400", lambda: course_graphs.framework(convolutional=False, variational=True)
    )
    event, answers = opened(tmp_path / "vae.ckpt-400.index")
    assert event.recorded == (event.snapshot.position,)
    assert (event.description.name, event.description.config.model.latent_dim) == ("vae.ckpt-400", 2)
    assert event.description.examples.shape == (100, 28, 28, 1)
    flat = images.reshape(5, -1)
    latent = run("z_mean", x=flat)
    decoded = run("y", z=latent, x=flat).reshape(images.shape)
    for request, expected in (
        (Encode("course", event.snapshot.position, images), latent),
        (Decode("course", event.snapshot.position, latent), decoded),
        (Reconstruct("course", None, images), decoded),
    ):
        np.testing.assert_allclose(answers.respond(request)[1], expected, atol=1e-5)


def test_a_classifier_answers_and_is_saved_as_one_of_ours(tmp_path):
    images = load_mnist().as_floats(slice(5))
    run = course_graphs.save(tmp_path / "model.ckpt", course_graphs.conv_classifier)
    event, answers = opened(tmp_path / "model.ckpt")
    _, probabilities = answers.respond(Classify("course", None, images))
    np.testing.assert_allclose(probabilities, run("y", x=images.reshape(5, -1)), atol=1e-5)
    path = tmp_path / "ours.keras"
    Training().save(SaveCheckpoint(event.description, event.history, event.snapshot, path))
    saved = open_checkpoint(path)
    assert saved.position == event.snapshot.position
    np.testing.assert_allclose(saved.model(images), probabilities, atol=1e-6)
