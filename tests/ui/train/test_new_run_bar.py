"""The head of the next run says what is wrong with it, and which training its learning rate also changes."""

import pytest
from fakes import FakeInference
from held import HeldTraining
from menus import entry
from next_settings import set_next
from PySide6.QtWidgets import QLabel
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference

LONG = preset("lecture-autoencoder").config.replace(epochs=5)


def begin(qtbot, engine, name, **how):
    n = len(engine.runs) + 1
    engine.training.train(LONG, paused=True, name=name, **how)
    qtbot.waitUntil(lambda: len(engine.runs) == n and engine.training.state is TrainingState.PAUSED)
    return engine.runs[-1]


def test_the_note_follows_the_form_the_trainings_and_the_run_shown(qtbot, window, find, engine):
    """It stayed after the training had ended, and named the former one when another run was shown."""
    engine.training.set_speed(TRAINING_SPEEDS[0])
    note, title, form = find("formNote", QLabel), find("formTitle", QLabel), entry(window, "form")
    also = "Changing the learning rate also affects {}."
    form.setChecked(True)
    assert (title.text(), note.text()) == ("Settings of the next run", "")
    first = begin(qtbot, engine, "first")
    assert note.text() == also.format("first")
    second = begin(qtbot, engine, "a name of thirty-three characters", alongside=True)
    assert note.text() == also.format("a name of thirty-three char…")
    engine.view.show_run(first)  # in the same state
    assert note.text() == also.format("first")
    engine.runs.rename(first, "renamed")
    assert note.text() == also.format("renamed")
    for shown, words in ((False, ""), (True, also.format("renamed"))):
        form.setChecked(shown)
        assert (title.text(), note.text()) == ("Settings of the next run" if shown else "Next run", words)
    set_next(engine, epochs="")
    assert "field is empty" in note.text()
    assert note.property("invalid") is True
    form.setChecked(False)
    assert "field is empty" in note.text(), "its field is hidden"
    set_next(engine, epochs="3")
    assert (note.text(), note.property("invalid")) == ("", False)
    form.setChecked(True)
    engine.training.stop(run=first)
    qtbot.waitUntil(lambda: engine.training.runs == [second])
    assert note.text() == also.format("a name of thirty-three char…")
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert note.text() == ""


@pytest.mark.usefixtures("window")
def test_how_long_a_training_takes_is_said_before_it(qtbot, engine, find):
    """It was said when it had run for a minute, and took forty; the fast way was not named."""
    note, config = find("formNote", QLabel), preset("conv-classifier").config.replace(epochs=1)
    takes = "On the computer that trained ours, it took about 54 s."
    set_next(engine, config)
    assert note.text() == ""
    train(qtbot, engine, config)
    assert note.text() == takes
    set_next(engine, labelled_examples="/my.npz")
    assert note.text() == f"Learns from “my.npz”, too. {takes} The preset softmax is much faster."
    set_next(engine, preset("softmax").config)
    assert note.text() == ""
