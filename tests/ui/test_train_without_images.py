"""The Train tab with a run whose dataset is missing, or comes with the run from elsewhere."""

from dataclasses import replace

import pytest
import trained
from fakes import FakeInference, FakeTraining, continued
from PySide6.QtWidgets import QLabel

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

VAE, AUTOENCODER = (preset(name).config.replace(epochs=1) for name in ("vae", "autoencoder"))


class ForgetfulTraining(FakeTraining):
    """Runs of variational networks come without images."""

    def train(self, request):
        """Train as usual, but let the description of such a run have no images."""
        turns = super().train(request)
        started, *others = next(turns)
        if request.config.model.is_variational:
            started = replace(started, description=replace(started.description, examples=None))
        budget = yield (started, *others)
        yield from continued(turns, budget)


@pytest.fixture
def backends():
    return ForgetfulTraining(), FakeInference()


def captions(find):
    """The texts of the tab's visible labels."""
    return {label.text() for label in find("trainTab").findChildren(QLabel) if label.isVisible()}


def test_a_run_without_images_says_so_and_is_not_captioned_with_another(qtbot, window, engine, find):
    images, made = find("inputMontage"), find("reconstructionMontage")
    assert images.accessibleDescription().startswith("Press Train.")
    trained.train(qtbot, engine, AUTOENCODER)
    qtbot.waitUntil(lambda: "A · epoch 1" in captions(find))
    trained.train(qtbot, engine, VAE)
    qtbot.waitUntil(lambda: images.images is None)
    assert images.accessibleDescription().startswith("The images of this run are not at hand")
    assert made.accessibleDescription() == ""
    assert "A · epoch 1" not in captions(find)
