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


def opened_without_artifacts(training, monkeypatch, *, has_images):
    """Let each file be a trained classifier without evaluation artifacts."""
    usual = training.open

    def open_file(request):
        event = usual(request)
        examples = event.description.examples if has_images else None
        softmax = replace(event.description, config=preset("softmax").config, examples=examples)
        return replace(event, description=softmax)

    monkeypatch.setattr(training, "open", open_file)


@pytest.mark.parametrize(
    ("has_images", "said"),
    [(False, "The images of this run are not at hand"), (True, "What it confuses was not recorded")],
)
def test_of_a_trained_classifier_nothing_is_awaited_from_a_first_batch(
    qtbot, window, engine, backends, find, monkeypatch, tmp_path, has_images, said
):
    confusion, mistakes = find("confusionView"), find("mistakesView")
    assert "first batch" in confusion.accessibleDescription()
    opened_without_artifacts(backends[0], monkeypatch, has_images=has_images)
    path = tmp_path / "mine.keras"
    path.touch()
    engine.runs.open(path)
    qtbot.waitUntil(lambda: confusion.accessibleDescription().startswith(said))
    assert mistakes.accessibleDescription() == ""
    trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    qtbot.waitUntil(lambda: mistakes.mistakes is not None)
