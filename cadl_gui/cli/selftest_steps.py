"""What a self-test does with the window, step by step.

To add one: a function that uses the hand and yields conditions to wait for, and a line in `steps`.
"""

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QLabel

from cadl_gui.cli.selftest_exports import export_steps
from cadl_gui.cli.selftest_hand import Hand, Waiting
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.cli.selftest_tour import decodes_the_plane, goes_back_to_train, reads_a_seven
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.imaging.latent.assignment import assign_to_grid
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.versions import installed_version
from cadl_gui.ui.theme.tokens import FONT_FAMILY
from cadl_gui.ui.widgets.picture_view import PictureView

_LEVEL = 1 / 255
_AUTOENCODER, _CLASSIFIER = "autoencoder", "softmax"


def steps() -> list[Step]:
    """All of them, in order; each goes on from what those before it left."""
    return [
        Step("find the fonts that ship", _finds_fonts),
        Step("show what is installed", _opens_about),
        Step("assign points to a grid", _solves_an_assignment),
        Step("load TensorFlow", _loads_tensorflow),
        Step("ask the runs that ship", _asks_shipped_runs),
        Step("draw a 7, and it is read", reads_a_seven),
        Step("drag through the latent plane", decodes_the_plane),
        Step("go back to Train", goes_back_to_train),
        Step(f"train {_AUTOENCODER}", _trains),
        Step("pause, take one step", _pauses_and_steps),
        Step("move the timeline and come back", _moves_the_timeline),
        Step("stop and keep", _stops_and_keeps),
        Step("save a checkpoint", _saves),
        Step("open it: the same network", _opens),
        Step("encode and decode", _encodes_and_decodes),
        *export_steps(),
        Step(f"train and evaluate {_CLASSIFIER}", _trains_a_classifier),
        Step("classify", _classifies),
    ]


def _finds_fonts(hand: Hand) -> Waiting:
    yield hand.window.isVisible
    family = QFontInfo(hand.window.font()).family()
    _check(family == FONT_FAMILY, f"the window is set in {family}")


def _opens_about(hand: Hand) -> Waiting:
    hand.trigger("about")
    yield lambda: hand.find("aboutBox").isVisible()
    text = " ".join(label.text() for label in hand.find("aboutBox").findChildren(QLabel))
    _check(installed_version("tensorflow") in text, "the version of TensorFlow is not known")
    hand.find("aboutBox").close()


def _solves_an_assignment(hand: Hand) -> Waiting:
    yield hand.window.isVisible
    points = np.random.default_rng(0).normal(size=(100, 2))
    cells = assign_to_grid(points)
    _check(sorted(cells) == list(range(100)), "two points got the same cell")


def _loads_tensorflow(hand: Hand) -> Waiting:
    yield lambda: hand.engine.is_ready


def _asks_shipped_runs(hand: Hand) -> Waiting:
    shipped = shipped_runs()
    yield lambda: len(hand.engine.runs) == len(shipped)
    for run in hand.engine.runs:
        answer = yield from _ask_about_examples(hand, run)
        _check(_in_unit_interval(answer), f"{run.description.name} answers with other numbers than in [0, 1]")


def _trains(hand: Hand) -> Waiting:
    n_runs = len(hand.engine.runs)
    hand.choose("presetCombo", _AUTOENCODER)
    hand.set_number("epochsSpin", 20)
    hand.click("trainButton")
    yield lambda: len(hand.engine.runs) > n_runs and hand.engine.runs[-1].newest >= Position(0, 5)
    losses = hand.engine.runs[-1].history.step_losses
    _check(len(losses) > 0 and bool(np.isfinite(losses).all()), "the loss is not finite")


def _pauses_and_steps(hand: Hand) -> Waiting:
    run = _newest(hand)
    hand.click("pauseButton")
    yield lambda: hand.engine.training.state is TrainingState.PAUSED
    before = run.newest
    hand.click("stepButton")
    yield lambda: run.newest > before


def _moves_the_timeline(hand: Hand) -> Waiting:
    run, view = _newest(hand), hand.engine.view
    untrained = yield from hand.answer(Reconstruct(run.run_id, UNTRAINED, _examples(run)))
    newest = yield from _ask_about_examples(hand, run)
    _check(not np.allclose(untrained, newest, atol=_LEVEL), "training has changed no picture")
    hand.click("epochSlider", QPoint(1, hand.find("epochSlider").height() // 2))
    _check(view.position == UNTRAINED and not view.follows, f"the timeline went to {view.position}")
    yield lambda: _montage_shows(hand, untrained)
    hand.click("liveButton")
    _check(view.follows, "the timeline did not come back")
    # The step taken last may not have been told yet when the newest weights were asked about.
    while not _montage_shows(hand, newest):
        newest = yield from _ask_about_examples(hand, run)


def _stops_and_keeps(hand: Hand) -> Waiting:
    run = _newest(hand)
    hand.click("stopButton")
    yield lambda: hand.engine.training.state is TrainingState.IDLE
    _check(run.state is RunState.STOPPED, f"the run is {run.state.value}")
    source = run.description.source
    _check(source is not None and source.is_dir(), "the run was not kept on disk")


def _saves(hand: Hand) -> Waiting:
    path = hand.folder / "Prüfung ✓.keras"
    hand.engine.runs.save(_newest(hand), path)
    yield lambda: path in hand.saved
    _check(path.stat().st_size > 0, "the file is empty")


def _opens(hand: Hand) -> Waiting:
    original, n_runs = _newest(hand), len(hand.engine.runs)
    hand.engine.runs.open(hand.saved[-1])
    yield lambda: len(hand.engine.runs) > n_runs
    opened = _newest(hand)
    _check(opened.newest == original.newest, f"saved at {original.newest}, it opens at {opened.newest}")
    expected = yield from _ask_about_examples(hand, original)
    answer = yield from _ask_about_examples(hand, opened)
    _check(np.allclose(answer, expected, atol=1e-6), "it answers otherwise than the network that was saved")


def _encodes_and_decodes(hand: Hand) -> Waiting:
    run = _newest(hand)
    codes = yield from hand.answer(Encode(run.run_id, None, _examples(run)))
    pictures = yield from hand.answer(Decode(run.run_id, None, codes))
    expected = yield from _ask_about_examples(hand, run)
    _check(np.allclose(pictures, expected, atol=1e-5), "decoding what was encoded is not the reconstruction")


def _trains_a_classifier(hand: Hand) -> Waiting:
    n_runs = len(hand.engine.runs)
    hand.choose("presetCombo", _CLASSIFIER)
    hand.set_number("epochsSpin", 1)
    hand.click("trainButton")
    yield lambda: len(hand.engine.runs) > n_runs and hand.engine.runs[-1].state is RunState.COMPLETE
    accuracy = _newest(hand).history.epochs[-1].metrics["val_accuracy"]
    _check(accuracy > 0.8, f"it learned to read {accuracy:.0%} only")


def _classifies(hand: Hand) -> Waiting:
    from cadl_gui.datasets.load import load

    probabilities = yield from _ask_about_examples(hand, _newest(hand))
    labels = load("mnist").labels
    assert labels is not None, "MNIST has labels"
    share = float((probabilities.argmax(axis=1) == labels[: len(probabilities)]).mean())
    _check(share > 0.7, f"it reads {share:.0%} only of the first hundred digits")


def _newest(hand: Hand) -> Run:
    return hand.engine.runs[-1]


def _examples(run: Run) -> Any:
    examples = run.description.examples
    _check(examples is not None, "MNIST was not found")
    return examples


def _ask_about_examples(hand: Hand, run: Run) -> Waiting:
    """What a network makes of the first hundred pictures: their reconstructions, or probabilities."""
    question = Classify if run.description.config.model.is_classifier else Reconstruct
    return (yield from hand.answer(question(run.run_id, None, _examples(run))))


def _montage_shows(hand: Hand, pictures: Any) -> bool:
    """Whether the montage of reconstructions shows these, to one of the 255 levels of its bytes."""
    montage = hand.find("reconstructionMontage")
    assert isinstance(montage, PictureView), "reconstructionMontage shows pictures"
    shown = montage.pictures
    return shown is not None and np.allclose(shown / 255, pictures, atol=_LEVEL)


def _in_unit_interval(values: Any) -> bool:
    return bool(np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1)


def _check(holds: bool, sentence: str) -> None:
    """Fail the step unless something holds.

    Raises:
        CadlError: with what is wrong.
    """
    if not holds:
        raise CadlError(sentence)
