"""The class guesses before the network's answer is shown, and its guesses stand beside it afterwards."""

from dataclasses import replace

import pytest
from hand import draw_stroke
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from seen import colours_of

from cadl_gui.domain.presets import preset
from cadl_gui.ui.draw.tab import DrawTab

pytestmark = pytest.mark.gui


@pytest.fixture
def tab(shown):
    return shown(DrawTab)


@pytest.fixture
def canvas(find, train):
    train(preset("softmax").config.replace(epochs=1))
    draw_stroke(find("digitCanvas"))
    return find("digitCanvas")


@pytest.fixture
def guesses(engine):
    return lambda: engine.view.value.draw.guesses


def test_keys_count_guesses_while_the_answer_is_covered_and_they_stand_beside_it_then(
    qtbot, tab, find, engine, canvas, guesses
):
    bars, answer = find("probabilityBars"), tab.findChild(QLabel, "predictionLabel")
    qtbot.waitUntil(lambda: bars.answer is not None)
    labelled = find("labelledLabel", QLabel).text()
    for keys, left in (("7712", (7, 7, 1)), ("305", (3, 0))):
        QTest.keyClick(canvas, "C")
        assert guesses() == (), "those about the answer before are forgotten"
        assert bars.text_at(bars.height() // 2) == "", "a tip gives nothing away"
        assert not find("modelCards").isVisible()
        assert not find("seenPanelButton").isVisible()
        assert tab.childAt(answer.mapTo(tab, answer.rect().center())) is not answer
        QTest.keyClicks(canvas, keys)
        QTest.keyClick(canvas, Qt.Key.Key_Backspace)
        assert guesses() == left
        assert find("clearButton", QToolButton).text() == "Take back a guess"
        assert find("clearButton").toolTip().startswith("Take back the last guess.")
        assert bars.accessibleDescription() == f"{len(left)} guesses."
        tab.hide()
        tab.show()
        assert guesses() == left
        QTest.keyClick(canvas, "C")
        assert guesses() == left
        assert find("modelCards").isVisible()
        assert find("seenPanelButton").isVisible()
        assert tab.childAt(answer.mapTo(tab, answer.rect().center())) is answer
        assert bars.accessibleDescription().startswith("Answer ")
        assert find("clearButton", QToolButton).text() == "Clear"
        assert find("clearButton").toolTip().startswith("Empty the canvas")
    assert find("labelledLabel", QLabel).text() == labelled, "none is a correction"
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert canvas.drawing.is_blank, "the key clears again"
    assert guesses() == ()


def test_another_drawing_has_not_been_guessed_yet_and_undo_brings_its_guesses_back(
    qtbot, engine, canvas, guesses
):
    QTest.keyClick(canvas, "C")
    QTest.keyClicks(canvas, "88")
    draw_stroke(canvas)
    assert guesses() == ()
    engine.view.undo()
    assert guesses() == (8, 8)


def test_guesses_stay_beside_the_drawing_when_a_network_is_fooled_with_it(engine, canvas, guesses):
    """They vanished with the first pixel that was flipped, although the class saw the same digit."""
    view = engine.view
    for flips in ({(3, 4)}, {(3, 4), (5, 9)}, ()):
        view.change(draw=replace(view.value.draw, guesses=(8, 3)))
        drawing = replace(view.drawing.drawing, flips=frozenset(flips))
        view.change(draw=view.value.draw.with_sheet(view.drawing.form, drawing))
        assert guesses() == (8, 3)


def test_a_bar_is_as_long_as_the_share_of_guesses(qtbot, find, canvas):
    bars = find("probabilityBars")
    QTest.keyClick(canvas, "C")
    inked = []
    for keys in ("3", "335", "5"):
        QTest.keyClicks(canvas, keys)
        image, header = bars.grab().toImage(), find("linearButton").height() + 4
        row = (image.height() - header) // 10
        middle = header + 3 * row + row // 2
        columns = range(image.width())
        inked.append(sum(len(colours_of(image.copy(x, middle - row // 4 - 2, 1, 3))) > 1 for x in columns))
    assert inked[0] > inked[1] > inked[2] > 0
    assert inked[2] < 0.7 * inked[0], "three of five"


def test_present_mode_has_a_button_beside_the_answer(qtbot, tab, find, engine, theme, canvas):
    button = find("coverButton", QToolButton)
    assert not button.isVisible()
    theme.set_present(True)
    for covered in (True, False):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert engine.view.value.is_guessing is covered
        middle = button.mapTo(tab, button.rect().center())
        assert tab.childAt(middle) is button, "it is not covered"
    theme.set_present(False)
    assert not button.isVisible()


def test_a_click_on_the_curtain_and_the_key_in_a_figure_do_the_same(qtbot, tab, find, engine, canvas):
    find("modelCards").setFocus()
    QTest.keyClick(find("modelCards"), "C")
    assert engine.view.value.is_guessing
    answer = find("predictionLabel").parentWidget()
    qtbot.mouseClick(
        tab.childAt(answer.mapTo(tab, QPoint(9, answer.height() // 2))), Qt.MouseButton.LeftButton
    )
    assert not engine.view.value.is_guessing
