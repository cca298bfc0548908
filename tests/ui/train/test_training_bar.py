"""The bar names the run shown, its progress and its verbs, while others start, train, end and are removed."""

import pytest
from fakes import FakeInference
from held import HeldTraining, holding
from PySide6.QtWidgets import QLabel, QProgressBar, QSlider
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference

SHORT = preset("softmax").config.replace(epochs=2)
LONG = preset("lecture-autoencoder").config.replace(epochs=5)


@pytest.fixture
def bar(find, theme):
    """Title, progress in thousandths and progress as text."""

    def bar():
        title = find("runTitle", QLabel).text().replace("</span>", "").rpartition(">")[2]
        return title, find("epochProgress", QProgressBar).value(), find("progressLabel", QLabel).text()

    return bar


def waits(engine):
    return engine.training.state is TrainingState.PAUSED


def test_the_bar_is_about_the_run_shown_and_about_a_new_one_as_long_as_that_starts(
    qtbot, window, find, engine, backends, bar
):
    """The run before was said to be complete, with a full bar, while the next one was starting."""
    may_start = backends[0].may_start
    assert bar() == ("No run yet", 0, "")
    with holding(may_start):
        engine.training.train(LONG, paused=True)
        qtbot.waitUntil(lambda: bar() == ("New run", 0, "Starting…"))
    qtbot.waitUntil(lambda: bar() == ("A lecture-autoencoder", 0, "Untrained · paused"))
    for batch in (1, 2, 3):
        engine.training.step()
        text = f"Epoch 1 of 5 · batch {batch} of 10 · paused"
        qtbot.waitUntil(lambda batch=batch, text=text: bar()[1:] == (20 * batch, text))
    first = engine.training.run
    second = train(qtbot, engine, SHORT)
    qtbot.waitUntil(lambda: bar()[:2] == ("B softmax", 1000))
    assert bar()[2].startswith("Trained to epoch 2 of 2")
    engine.view.show_run(first)
    qtbot.waitUntil(lambda: bar() == ("A lecture-autoencoder", 60, "Stopped at epoch 1 of 5, batch 3"))
    engine.view.show_run(second)
    for cancels in (False, True):
        with holding(may_start):
            engine.training.train(SHORT.replace(epochs=3), paused=True)
            qtbot.waitUntil(lambda: bar() == ("New run", 0, "Starting…"))
            engine.view.show_run(first)
            assert bar()[0] == "New run"
            if cancels:
                engine.training.cancel_start()
                qtbot.waitUntil(lambda: bar()[:2] == ("A lecture-autoencoder", 60))
        if not cancels:
            qtbot.waitUntil(lambda: bar() == ("C softmax 2", 0, "Untrained · paused"))
            engine.training.stop()
            qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert [run.letter for run in engine.runs] == ["A", "B", "C"]


def test_a_run_that_is_renamed_or_removed_and_another_letter_change_the_title(
    qtbot, window, find, engine, theme, bar
):
    first, second = (train(qtbot, engine, SHORT) for _ in range(2))
    colours = {find("runTitle", QLabel).text().partition(">")[0]}
    engine.runs.rename(first, "not shown <b>")
    assert bar()[0] == "B softmax 2"
    engine.runs.rename(second, "two & <b>")
    assert find("runTitle", QLabel).text().endswith("B</span> two &amp; &lt;b&gt;")
    engine.view.change(tab="drawTab")
    engine.view.show_run(first)
    theme.set_mode("dark")  # it was named at once, and the next one not any more
    engine.view.show_run(second)
    engine.view.change(tab="trainTab")
    assert bar()[0] == "B two &amp; &lt;b&gt;"
    theme.set_mode("light")
    engine.runs.remove(second)
    assert find("runTitle", QLabel).text().endswith("A</span> not shown &lt;b&gt;")
    colours.add(find("runTitle", QLabel).text().partition(">")[0])
    assert colours == {f'<span style="color:{theme.run_colour(letter)}"' for letter in "AB"}
    engine.runs.remove(first)
    qtbot.waitUntil(lambda: bar() == ("No run yet", 0, ""))
    engine.runs.restore_removed()
    qtbot.waitUntil(lambda: bar()[:2] == ("A not shown &lt;b&gt;", 1000))


def test_each_speed_of_the_slider_is_said_and_trained_with(window, find, engine):
    slider = find("speedSlider", QSlider)
    (words,) = (label for label in slider.parentWidget().findChildren(QLabel) if label.text() != "Speed")
    assert slider.value() == slider.maximum() == len(TRAINING_SPEEDS) - 1
    assert words.text() == "Full speed"
    for number, text in (
        (0, "1 batch a second"),
        (slider.maximum(), "Full speed"),
        (1, "2 batches a second"),
    ):
        slider.setValue(number)
        assert (engine.training.speed, words.text()) == (TRAINING_SPEEDS[number], text)


def test_stop_all_is_there_for_several_and_present_mode_leaves_the_verbs(qtbot, window, find, engine, theme):
    engine.training.set_speed(TRAINING_SPEEDS[0])
    for _ in range(2):
        engine.training.train(LONG, paused=True)
        qtbot.waitUntil(lambda: waits(engine))
        assert not find("stopAllButton").isVisible()
        engine.training.train(LONG, paused=True, alongside=True)
        qtbot.waitUntil(lambda: len(engine.training.runs) == 2 and waits(engine))
        assert find("stopAllButton").isVisible()
        engine.training.stop_all()
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
        qtbot.waitUntil(lambda: not find("stopAllButton").isVisible())
    for present in (True, False):
        theme.set_present(present)
        names = ("runTitle", "epochProgress", "rewindButton", "speedSlider")
        assert [find(name).isVisible() for name in names] == [*3 * [not present], True]
