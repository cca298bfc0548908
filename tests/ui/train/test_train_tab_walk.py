"""From run to run and back, Train has the figures, notes and curves of the run and the position shown."""

import pytest
from plots import axis
from PySide6.QtWidgets import QLabel
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui
PAGES = "seen"

EPOCHS = {"softmax": 2, "lecture-autoencoder": 4, "vae": 3}


def test_every_walk_through_runs_shows_what_is_of_the_run_and_until_it_is_there_nothing_of_another(
    qtbot, window, find, engine
):
    runs = {
        name: train(qtbot, engine, preset(name).config.replace(epochs=epochs))
        for name, epochs in EPOCHS.items()
    }
    confusion, mistakes, output = (find(f"{name}") for name in _FIGURES)
    accuracy, plot = find("accuracyLabel", QLabel), find("lossPlot")

    losses = {
        "vae": {"lower is better · cost of describing an image"},
        "lecture-autoencoder": {"lower is better · squared error per pixel"},
    }

    def all_notes():
        return {
            note.accessibleName() for note in window.findChildren(QLabel, "stageNote") if note.isVisible()
        } - {""}

    def notes():
        return all_notes() - set().union(*losses.values())

    for name, epoch in (
        ("softmax", 1), ("vae", 1), ("softmax", 2), ("lecture-autoencoder", 3), ("lecture-autoencoder", 1),
        ("softmax", 1),
    ):  # fmt: skip
        run = runs[name]
        if engine.view.run is not run:
            engine.view.show_run(run)
            assert confusion.confusion is mistakes.mistakes is None
            assert accuracy.text() == ""
            assert notes() <= {f"{run.letter} · epoch {EPOCHS[name]}"}
            assert name != "softmax" or output.images is None
        engine.view.show(Position(epoch))
        whose = f"{run.letter} · epoch {epoch}"
        is_classifier = name == "softmax"
        assert (confusion.isVisible(), output.isVisible()) == (is_classifier, not is_classifier)
        if is_classifier:
            n_right = 100 + 450 * epoch
            qtbot.waitUntil(
                lambda n=n_right: confusion.confusion is not None and confusion.confusion.trace() == n
            )
            assert accuracy.text() == f"{n_right / 10:.1f} %"
            assert mistakes.mistakes is not None
        else:
            brightness = pytest.approx(0.495 * epoch / EPOCHS[name], abs=0.01)
            qtbot.waitUntil(
                lambda wanted=brightness: output.images is not None and output.images.mean() / 255 == wanted
            )
            assert confusion.confusion is None
        qtbot.waitUntil(lambda whose=whose: whose in notes())
        wanted = "% correct" if is_classifier else "loss"
        qtbot.waitUntil(lambda wanted=wanted: wanted in axis(plot, "left").labelText)
        qtbot.waitUntil(lambda whose=whose, name=name: all_notes() == {whose} | losses.get(name, set()))
        assert find("logAxisCheck").isEnabled() != is_classifier
        assert find("accuracyCheck").isVisible() == is_classifier
        assert find("klCheck").isVisible() == (name == "vae")
    for name in ("vae", "softmax", "lecture-autoencoder", "vae"):  # whose images are remembered by now
        engine.view.show_run(runs[name])
        qtbot.waitUntil(lambda name=name: (output.images is None) == (name == "softmax"))
        qtbot.waitUntil(lambda name=name: notes() == {f"{runs[name].letter} · epoch {EPOCHS[name]}"})


_FIGURES = "confusionView", "mistakesView", "reconstructionMontage"
