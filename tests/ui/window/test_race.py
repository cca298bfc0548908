"""A race trains two or three runs that differ in one value, by turns, and draws them together."""

from itertools import count
from threading import Event

import pytest
from next_settings import set_next
from plots import lines, names
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import RunState
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=1)


@pytest.fixture
def dialog(qtbot, window, find, engine):
    set_next(engine, SOFTMAX)
    qtbot.waitUntil(find("raceButton").isEnabled)
    qtbot.mouseClick(find("raceButton"), Qt.MouseButton.LeftButton)
    return find("raceDialog")


def part(dialog, name):
    return dialog.findChild(object, name)


def test_a_race_is_one_button_and_its_curves_are_named_by_the_value(qtbot, window, find, engine, dialog):
    assert part(dialog, "raceFieldCombo").currentText() == "Learning rate"
    texts = [part(dialog, f"raceValue{i}Edit").text() for i in (1, 2, 3)]
    assert texts == ["0.0005", "0.005", "0.05"]
    qtbot.mouseClick(part(dialog, "raceBeginButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and engine.training.state is TrainingState.IDLE)
    assert [run.description.config for run in engine.runs] == [
        SOFTMAX.replace(learning_rate=rate) for rate in (0.0005, 0.005, 0.05)
    ]
    assert set(engine.view.compared) == set(engine.runs)
    wanted = {"A rate 0.0005", "B rate 0.005", "C rate 0.05"}
    qtbot.waitUntil(lambda: wanted <= names(find("lossPlot")).keys())


def test_the_field_proposes_values_and_a_bad_one_is_explained(qtbot, window, engine, dialog):
    combo, begin = part(dialog, "raceFieldCombo"), part(dialog, "raceBeginButton")
    combo.setCurrentText("Batch size")
    assert [part(dialog, f"raceValue{i}Edit").text() for i in (1, 2, 3)] == ["25", "100", "400"]
    assert begin.isEnabled()
    part(dialog, "raceValue1Edit").setText("many")
    assert not begin.isEnabled()
    assert "many" in part(dialog, "raceMessage").text()
    part(dialog, "raceValue1Edit").clear()
    assert begin.isEnabled(), "two are enough"
    assert "Two or three runs" in part(dialog, "raceMessage").text()
    qtbot.mouseClick(part(dialog, "raceCancelButton"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert len(engine.runs) == 0


def test_a_race_is_compared_with_no_earlier_run(qtbot, window, find, engine):
    before = train(qtbot, engine, SOFTMAX)
    engine.view.compare(before, on=True)
    find("raceButton").click()
    dialog = find("raceDialog")
    part(dialog, "raceBeginButton").click()
    qtbot.waitUntil(lambda: len(engine.runs) == 4 and engine.training.state is TrainingState.IDLE)
    assert before not in engine.view.compared
    assert len(engine.view.compared) == 3
    last = engine.runs[3]
    engine.view.compare(last, on=False)
    engine.runs.remove(last)
    engine.runs.restore_removed()
    assert engine.view.compared == tuple(engine.runs)[1:3], "it races no more"


def test_in_the_first_epoch_of_a_race_the_steps_are_drawn(qtbot, window, find, engine, dialog):
    find("speedSlider").setValue(2)
    part(dialog, "raceBeginButton").click()
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and all(run.history.n_steps > 2 for run in engine.runs))
    assert all(run.newest < Position(1) for run in engine.runs)
    qtbot.waitUntil(lambda: {"A rate 0.0005", "B rate 0.005"} <= names(find("lossPlot")).keys())
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: len([line for line in lines(plot) if len(line.getData()[0]) > 1]) == 3)
    for run in engine.runs:
        engine.training.stop(run=run)
    qtbot.waitUntil(lambda: not engine.training.runs)


def test_single_button_stops_a_whole_race(qtbot, window, find, engine, dialog):
    find("speedSlider").setValue(2)
    assert not find("stopAllButton").isVisible()
    part(dialog, "raceBeginButton").click()
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and all(run.history.n_steps > 2 for run in engine.runs))
    qtbot.waitUntil(lambda: find("stopAllButton").isVisible() and find("stopAllButton").isEnabled())
    qtbot.mouseClick(find("stopAllButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not engine.training.runs)
    assert all(run.history.n_steps for run in engine.runs)
    qtbot.waitUntil(lambda: not find("stopAllButton").isVisible())


def test_a_race_is_stopped_with_those_that_have_not_begun(
    qtbot, window, find, engine, backends, dialog, monkeypatch
):
    """They begin one after the other: the last one went on, and had to be stopped once it was listed."""
    training, may_begin = backends[0], Event()
    begin, n_begun = training.train, count(1)

    def train(request):
        if next(n_begun) == 3:
            assert may_begin.wait(60)
        yield from begin(request)

    monkeypatch.setattr(training, "train", train)
    find("speedSlider").setValue(0)
    part(dialog, "raceBeginButton").click()
    qtbot.waitUntil(lambda: len(engine.training.runs) == 2)
    find("stopAllButton").click()
    may_begin.set()
    qtbot.waitUntil(lambda: [run.state for run in engine.runs] == 3 * [RunState.STOPPED])
    assert engine.runs[2].history.n_steps == 0
    assert engine.training.state is TrainingState.IDLE


def test_what_is_raced_is_said_and_can_be_the_run_that_is_shown(qtbot, window, find, engine):
    """The form’s preset was raced, though another run was looked at."""
    shown = train(qtbot, engine, preset("vae").config.replace(epochs=1))
    set_next(engine, SOFTMAX)
    find("raceButton").click()
    dialog = find("raceDialog")
    what, field = part(dialog, "raceWhatCombo"), part(dialog, "raceFieldCombo")
    assert what.currentText() == "softmax (new run)"
    assert what.findText("conv-classifier") > 0, "of the same family"
    assert part(dialog, "raceValue3Edit").placeholderText() == "none"
    what.setCurrentText("A vae (run shown)")
    field.setCurrentText("β")
    part(dialog, "raceValue3Edit").clear()
    values = [float(part(dialog, f"raceValue{i}Edit").text()) for i in (1, 2)]
    qtbot.mouseClick(part(dialog, "raceBeginButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(engine.runs) == 3 and engine.training.state is TrainingState.IDLE)
    wanted = [shown.description.config.replace(beta=value) for value in values]
    assert [run.description.config for run in engine.runs][1:] == wanted


def test_no_button_moves_while_values_are_typed(qtbot, dialog):
    """The dialog grew by a line, and “Race” went from under the pointer."""
    combo, message, begin = (part(dialog, f"race{name}") for name in ("FieldCombo", "Message", "BeginButton"))
    qtbot.waitExposed(dialog)
    QApplication.processEvents()
    before = begin.geometry(), dialog.size()
    for field in range(combo.count()):
        combo.setCurrentIndex(field)
        for typed in ("", "many", "-1", "1" * 40, "0.5"):
            for i in (1, 2, 3):
                part(dialog, f"raceValue{i}Edit").setText(typed)
                QApplication.processEvents()
                assert (begin.geometry(), dialog.size()) == before, message.text()
                assert message.heightForWidth(message.width()) <= message.height(), message.text()
