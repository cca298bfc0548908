"""The confusions shown are those of the run and the position shown, whatever was shown before."""

import pytest
from asking import ask, watch
from fakes import artifacts
from PySide6.QtWidgets import QLabel
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.ui.train.confusion_fetcher import ConfusionFetcher

pytestmark = pytest.mark.gui
PAGES = "seen"

SOFTMAX, VAE = (preset(name).config.replace(epochs=epochs) for name, epochs in (("softmax", 2), ("vae", 3)))


@pytest.fixture
def partly(facts):
    """With a learning rate of 7, nothing is recorded within the first epoch."""

    def recorded(config, done):
        is_within = 0 < done < 1 / config.training.epochs
        return None if config.training.learning_rate == 7 and is_within else artifacts(config, done)

    facts.artifacts = recorded


@pytest.fixture
def shown(find):
    """How many of 1,000 are right, the accuracy, and how many mistakes are shown; None for what is not."""

    def shown():
        confusion, mistakes = find("confusionView").confusion, find("mistakesView").mistakes
        line = find("accuracyLabel", QLabel)
        return (
            None if confusion is None else int(confusion.trace()),
            line.text() if line.isVisible() and line.text() else None,
            None if mistakes is None else len(mistakes.labels),
        )

    return shown


@pytest.fixture
def captions(find):
    """The runs and positions that are said to be shown, over the images."""

    def captions():
        labels = [label for label in find("trainTab").findChildren(QLabel) if label.isVisible()]
        texts = {label.accessibleName() or label.text() for label in labels}
        return {text for text in texts if text[1:4] == " · "}

    return captions


NOTHING = None, None, None


def of(right):
    return right, f"{right / 10:.1f} %", 25


def test_a_classifier_shown_again_after_another_run_has_its_confusion_again(
    qtbot, window, engine, shown, captions
):
    """After an autoencoder, the matrix, the accuracy and the mistakes of the classifier before were empty."""
    configs = SOFTMAX, VAE, SOFTMAX.replace(epochs=4)
    first, vae, second = (train(qtbot, engine, config) for config in configs)
    for run, epoch, right in (
        (first, None, 1000), (vae, None, None), (first, None, 1000), (second, 1, 325), (first, 1, 550),
        (second, 1, 325), (second, 0, 100), (vae, 1, None), (second, 1, 325), (second, 2, 550),
        (first, 1, 550), (first, 0, 100),
    ):  # fmt: skip
        engine.view.show_run(run)
        if epoch is not None:
            engine.view.show(Position(epoch))
        qtbot.waitUntil(lambda right=right: shown() == (NOTHING if right is None else of(right)))
        where = {f"{run.letter} · {engine.view.position}"}
        if right is not None:
            assert captions() == where
        else:  # until the other position is reconstructed, images stay, and what is said of them
            qtbot.waitUntil(lambda where=where: captions() <= where)


def test_what_was_not_recorded_is_said_and_the_accuracy_of_before_goes(
    qtbot, partly, window, find, engine, shown, captions
):
    """Above an empty matrix stood the accuracy of the epoch before."""
    train(qtbot, engine, SOFTMAX.replace(learning_rate=7))
    for position, right in (
        (Position(2), 1000), (Position(0, 2), None), (Position(1), 550), (Position(0, 1), None),
        (UNTRAINED, 100),
    ):  # fmt: skip
        engine.view.show(position)
        qtbot.waitUntil(lambda right=right: shown() == (NOTHING if right is None else of(right)))
        assert captions() == (set() if right is None else {f"A · {position}"})
        words = find("confusionView").accessibleDescription()
        assert words.startswith("No confusion matrix was recorded") == (right is None)


@pytest.mark.parametrize("epochs", [0, 2])
def test_of_a_bent_network_nothing_is_measured_which_the_empty_figures_say(
    qtbot, window, find, engine, shown, captions, epochs
):
    """They were white, and the captions named the epoch."""
    run = train(qtbot, engine, SOFTMAX)
    right = (100, 550, 1000)[epochs]
    engine.view.show(Position(epochs))
    qtbot.waitUntil(lambda: shown() == of(right))
    for bends, figures in ((scaled((), Part("encoder_1", 3), 0.0), NOTHING), ((), of(right))) * 2:
        engine.bending.bend(run.run_id, bends)
        qtbot.waitUntil(lambda figures=figures: shown() == figures)
        assert captions() == (set() if bends else {f"A · {Position(epochs)}"})
        for view in map(find, ("confusionView", "mistakesView")):
            assert ("Not measured for a modified network." in view.accessibleDescription()) == bool(bends)


def test_behind_another_page_nothing_is_asked_and_then_what_is_shown_by_then(
    qtbot, window, find, engine, shown, monkeypatch
):
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX.replace(epochs=4))
    qtbot.waitUntil(lambda: shown() == of(1000))
    asked = watch(engine, monkeypatch)
    for run, epoch, right in ((first, 1, 550), (second, 1, 325), (second, 4, 1000)):
        find("tabs").setCurrentWidget(find("dataTab"))
        engine.view.show_run(run)
        for passed in (0, 2, epoch):
            engine.view.show(Position(passed))
        ask(qtbot, engine, FetchSnapshot(run.run_id, None))
        assert not [ticket for ticket in asked if isinstance(ticket.client.parent(), ConfusionFetcher)]
        find("tabs").setCurrentWidget(find("trainTab"))
        qtbot.waitUntil(lambda right=right: shown() == of(right))
        assert len([ticket for ticket in asked if isinstance(ticket.client.parent(), ConfusionFetcher)]) == 1
        asked.clear()
