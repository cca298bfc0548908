"""The Train tab with a run whose dataset is missing, or comes with the run from elsewhere."""

from dataclasses import replace

import pytest
import trained
from fakes import FakeInference, FakeTraining, continued
from idle import wait_until_idle
from menus import entry
from PySide6.QtWidgets import QLabel

from cadl_gui.domain.errors import CheckpointError
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
    labels = [label for label in find("trainTab").findChildren(QLabel) if label.isVisible()]
    return {label.accessibleName() or label.text() for label in labels}


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
    [(False, "The images of this run are not at hand"), (True, "No confusion matrix was recorded")],
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


@pytest.fixture
def opened_without_images(qtbot, window, engine, backends, find, tmp_path):
    """A folder whose run is open without its images, which have come to hand since."""
    folder, usual = tmp_path / "mine", backends[0].open
    folder.mkdir()

    def open_file(request):
        event = usual(request)
        return replace(event, description=replace(event.description, examples=None))

    backends[0].open = open_file
    engine.runs.open(folder)
    said = "The images of this run are not at hand"
    qtbot.waitUntil(lambda: find("inputMontage").accessibleDescription().startswith(said))
    backends[0].open = usual
    return folder


def test_a_run_that_is_opened_again_has_the_images_that_came_to_hand(
    qtbot, engine, find, opened_without_images
):
    """“Open the dataset in Data, then this run again” changed nothing, since its folder was open already."""
    engine.runs.open(opened_without_images)
    for figure in ("inputMontage", "reconstructionMontage"):
        qtbot.waitUntil(lambda figure=figure: find(figure).images is not None)
    assert len(engine.runs) == 1


def test_images_that_came_to_hand_are_shown_when_the_run_is_resumed(
    qtbot, window, find, opened_without_images
):
    """Its input stayed “not at hand” beside its output, until another run had been shown."""
    entry(window, "pause").trigger()
    qtbot.waitUntil(lambda: find("inputMontage").images is not None)


def test_a_run_that_can_no_longer_be_read_stays_when_it_is_opened_again(
    qtbot, engine, backends, find, opened_without_images
):
    def refuse(request):
        raise CheckpointError("“run.json” is damaged.")

    backends[0].open = refuse
    engine.runs.open(opened_without_images)
    qtbot.waitUntil(lambda: find("noticeSentence").text() == "“run.json” is damaged.")
    (run,) = engine.runs
    assert engine.view.run is run
    assert find("runList").model().rowCount() == 1


def test_what_changes_while_another_tab_is_shown_is_there_when_train_is_shown_again(
    qtbot, window, engine, find
):
    """Another run's confusion matrix arrived behind the tab, and was cleared when the tab was shown."""
    config = preset("softmax").config
    first = trained.train(qtbot, engine, config.replace(epochs=1))
    second = trained.train(qtbot, engine, config.replace(epochs=2))
    tabs, confusion = find("tabs"), find("confusionView")
    qtbot.waitUntil(lambda: confusion.confusion is not None)
    for run in (first, second, first):
        tabs.setCurrentWidget(find("drawTab"))
        engine.view.show_run(run)
        wait_until_idle(engine, window)
        tabs.setCurrentWidget(find("trainTab"))
        wait_until_idle(engine, window)
        assert confusion.confusion is not None
        assert f"epoch {run.newest.epoch}" in " ".join(captions(find))


def test_images_that_come_to_hand_while_another_tab_is_shown_are_there_when_train_is_shown_again(
    qtbot, engine, find, opened_without_images
):
    find("tabs").setCurrentWidget(find("drawTab"))
    engine.runs.open(opened_without_images)
    qtbot.waitUntil(lambda: engine.view.run.description.examples is not None)
    find("tabs").setCurrentWidget(find("trainTab"))
    for figure in ("inputMontage", "reconstructionMontage"):
        qtbot.waitUntil(lambda figure=figure: find(figure).images is not None)
