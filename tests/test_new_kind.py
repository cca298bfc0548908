"""A new kind of network is a row, a forward pass and a class: here, all of them are in this file.

Its latent vectors are of zeros and ones. While it learns, they are of numbers between.
"""

import keras
import numpy as np
import pytest
from keras import ops
from PySide6.QtWidgets import QCheckBox, QComboBox

from cadl_gui.cli import main
from cadl_gui.domain.comparison import has_effect
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.families import Family, family_of
from cadl_gui.domain.forward_pass import ForwardPass
from cadl_gui.domain.kinds import AUTOENCODER, KINDS, Kind
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import preset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.view_state import ViewState
from cadl_gui.models import Autoencoder
from cadl_gui.models.build import NETWORKS
from cadl_gui.models.network import Pass
from cadl_gui.saved.opened import open_path
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.configuration_form import ConfigurationForm

IMAGES = np.random.default_rng(0).random((150, 6, 5, 1), np.float32)


class BinaryPass(ForwardPass):
    """Each number of a latent vector is 1 if it is positive, else 0."""

    def encode(self, images):
        return 0.5 + 0.5 * self.ops.sign(super().encode(images))


@keras.saving.register_keras_serializable(package="cadl_gui")
class BinaryAutoencoder(Autoencoder):
    """Learns with a sigmoid in place of the step, which has no slope."""

    def compute_metrics(self, images, labels, key, *, training):
        functions = self.functions(Pass(training, key))
        latents = ops.sigmoid(functions.logits(images)) if training else functions.encode(images)
        difference = functions.outputs(latents) - self.mean_subtraction(images)
        return {"loss": ops.mean(ops.square(difference), axis=(1, 2, 3))}


@pytest.fixture(autouse=True)
def binary(monkeypatch):
    """Registers the kind."""
    about = AUTOENCODER.metric, AUTOENCODER.best, AUTOENCODER.text, AUTOENCODER.loss, AUTOENCODER.help
    kind = Kind("a binary autoencoder", AUTOENCODER.functions, *about, BinaryPass)
    monkeypatch.setitem(KINDS, "binary-autoencoder", kind)
    monkeypatch.setitem(NETWORKS, kind, BinaryAutoencoder)
    return kind


@pytest.fixture
def settings(tmp_path):
    np.savez(tmp_path / "noise.npz", x=IMAGES)
    values = ["model=binary-autoencoder", "layers=7", "tied=off", "batch_size=10"]
    values += ["activation=linear", "output_activation=linear"]
    return [
        *(option for value in values for option in ("--set", value)),
        *("--dataset", str(tmp_path / "noise.npz"), "--run", str(tmp_path / "run")),
    ]


@pytest.mark.gui
def test_the_window_offers_a_new_kind_with_the_fields_of_autoencoders(qtbot):
    datasets = OpenedDatasets((), DatasetLibrary(), BackgroundJobs(), ViewState())
    form = ConfigurationForm(Theme("light"), datasets)
    qtbot.addWidget(form)
    form.show_next(NextRun.of(preset("lecture-autoencoder").config))
    form.findChild(QComboBox, "modelCombo").setCurrentText("binary-autoencoder")
    form.findChild(QCheckBox, "tiedCheck").setChecked(False)
    config = form.checked.trainable
    assert (config.model.model, config.model.tied) == ("binary-autoencoder", False)
    assert [name for name in ("latent_dim", "denoising", "variational") if has_effect(name, config)] == [
        "latent_dim",
        "denoising",
    ]
    assert family_of(config) is Family.RECONSTRUCT


@pytest.mark.tf
def test_new_kind_is_trained_saved_resumed_and_answers_the_same_in_numpy(settings, binary, tmp_path):
    assert main(["train", "lecture-autoencoder", "--epochs", "2", *settings]) == 0
    saved = tmp_path / "saved.keras"
    assert main(["train", *settings[-2:], "--resume", "--epochs", "4", "-o", str(saved)]) == 0
    run, checkpoint = open_path(tmp_path / "run"), open_path(saved)
    assert run.manifest.config.model.kind is binary
    losses = [epoch.metrics["val_loss"] for epoch in run.history.epochs]
    assert len(losses) == 5
    assert losses[-1] < losses[0]
    network = checkpoint.network()
    assert isinstance(network, BinaryAutoencoder)
    codes = run.ask("encode", IMAGES)
    assert np.unique(codes).tolist() == [0, 1]
    np.testing.assert_array_equal(network.encode(IMAGES), codes)
    np.testing.assert_array_equal(checkpoint.ask("encode", IMAGES), codes)
    painted = run.ask("decode", codes)
    for answer in (run.ask("reconstruct", IMAGES), checkpoint.ask("reconstruct", IMAGES), network(IMAGES)):
        np.testing.assert_allclose(answer, painted, atol=1e-5)
