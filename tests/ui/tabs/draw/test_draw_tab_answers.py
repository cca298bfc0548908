"""What the Draw tab shows of runs on images that are not ink: classes, reconstructions, refusals, labels."""

import numpy as np
import pytest
from geometry import cut_off, texts
from hand import draw_stroke
from photographs import AUTOENCODER, CLASSIFIER, MNIST, NAMES, name_classes
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLabel, QListView, QToolButton

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui


def test_an_autoencoder_answers_with_the_reconstruction(qtbot, find, train, canvas, seen):
    train(AUTOENCODER)
    draw_stroke(canvas)
    shown = find("drawingReconstruction")
    drawn = find("inputPreview").images[0]
    # The first answer may be about the beginning of the stroke.
    qtbot.waitUntil(lambda: shown.images is not None and np.abs(shown.images[0] - drawn).max() < 0.01)
    assert shown.isVisible()
    assert not find("probabilityBars").isVisible()
    assert find("predictionLabel", QLabel).text() == "Reconstruction"
    assert "emoji-autoencoder · epoch 2" in find("answeringRunLabel", QLabel).text()
    find("clearButton", QToolButton).click()
    assert shown.images is None
    assert find("predictionLabel", QLabel).text() == "No drawing yet."


def test_a_classifier_answers_with_the_names_of_classes(qtbot, find, train, canvas):
    train(CLASSIFIER)
    draw_stroke(canvas)
    bars = find("probabilityBars")
    qtbot.waitUntil(lambda: bars.answer is not None)
    assert bars.isVisible()
    answer = NAMES[bars.answer]
    assert find("predictionLabel", QLabel).text() == answer
    runner_up = find("runnerUpLabel", QLabel).text().removeprefix("2nd: ").partition(" · ")[0]
    assert runner_up in NAMES
    assert bars.accessibleDescription().startswith(f"Answer {answer}, ")
    assert f"; runner-up {runner_up}, " in bars.accessibleDescription()
    assert any(bars.text_at(y).startswith(f"{NAMES[-1]}: p = ") for y in range(bars.height()))
    assert not find("noDigitHint").isVisible(), "a photograph is blamed for being no digit"
    qtbot.waitUntil(lambda: len(find("modelCards").cards) == 1)
    (card,) = find("modelCards").cards
    assert card.answer == answer
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10 and len(find("evidenceCards").cards) == 10)
    assert [card.lines[0] for card in find("nearestCards").cards[:3]] == list(NAMES[:3])
    for card, name in zip(find("evidenceCards").cards, NAMES, strict=True):
        assert card.lines[0] == name, "a name shares its line"


def test_of_a_long_name_of_the_runner_up_the_probability_is_seen(qtbot, tab, find, train, canvas, facts):
    name_classes(facts, [f"lesser yellow-headed vulture of the southern plains {i}" for i in range(10)])
    train(CLASSIFIER)
    draw_stroke(canvas)
    label = find("runnerUpLabel", QLabel)
    qtbot.waitUntil(lambda: label.isVisible() and "vulture" in label.text())
    tab.resize(1024, 600)
    qtbot.waitUntil(lambda: tab.width() == 1024 and label.width() < 400)
    assert not cut_off([text for text in texts(tab) if text.widget is label], tab)


def test_runs_that_cannot_take_the_drawing_say_why_in_their_cards(qtbot, engine, find, train, canvas):
    mnist, photographs = train(MNIST), train(AUTOENCODER)
    draw_stroke(canvas)
    qtbot.waitUntil(lambda: len(find("modelCards").cards) == 2)
    answering, refusing = find("modelCards").cards
    assert (answering.run, answering.refusal) == (photographs.letter, "")
    assert refusing.run == mnist.letter
    assert refusing.refusal == "Needs grey images (28×28)."
    assert refusing.refusal in find("modelCards").accessibleDescription()
    engine.view.show_run(mnist)
    draw_stroke(canvas)
    qtbot.waitUntil(lambda: len(find("modelCards").cards) == 2)
    answering, refusing = find("modelCards").cards
    assert answering.run == mnist.letter
    assert (refusing.run, refusing.refusal) == (
        photographs.letter,
        "Needs colour images (48×64).",
    )


def test_runs_that_cannot_take_the_drawing_for_the_same_reason_share_a_card(qtbot, find, train, canvas):
    refusing = [train(MNIST), train(MNIST)]
    answering = train(AUTOENCODER)
    draw_stroke(canvas)
    qtbot.waitUntil(lambda: len(find("modelCards").cards) == 2)
    first, card = find("modelCards").cards
    assert (first.run, card.run) == (answering.letter, "")
    assert card.lines == (f"{refusing[0].letter}, {refusing[1].letter}",)
    assert card.refusal == "Needs grey images (28×28)."


def test_a_number_key_corrects_the_answer_with_the_name_of_a_class(
    qtbot, engine, tab, find, train, canvas, seen, tmp_path, file_dialogs
):
    mnist, photographs = train(MNIST), train(CLASSIFIER)
    panel = find("labelledLabel", QLabel)
    assert panel.text() == "Drawings are saved automatically.", "there is no drawing yet"
    draw_stroke(canvas)
    assert panel.text() == "Is the answer wrong? Type the right class: 0–9."
    QTest.keySequence(canvas, "3")
    assert panel.text() == f"1 corrected image ({NAMES[3]})."
    picture = seen()
    engine.view.show_run(mnist)
    assert panel.text() == "Drawings are saved automatically.", "a digit has the label of a photograph"
    draw_stroke(canvas)
    assert panel.text().startswith("Is the answer wrong?")
    QTest.keySequence(canvas, "7")
    assert panel.text().startswith("1 corrected image (7).")
    for name, run in (("digits", mnist), ("photographs", photographs)):
        engine.view.show_run(run)
        file_dialogs.answer(tmp_path / f"{name}.npz")
        find("saveExamplesButton").click()
        qtbot.waitUntil(lambda name=name: (tmp_path / f"{name}.npz").exists())
    assert np.load(tmp_path / "digits.npz")["labels"].tolist() == [7]
    saved = np.load(tmp_path / "photographs.npz")
    np.testing.assert_array_equal(saved["images"], [picture])
    assert saved["labels"].tolist() == [3]


@pytest.mark.parametrize(("n_classes", "keys"), [(0, ""), (2, "0 or 1"), (3, "0–2")])
def test_only_classes_that_there_are_can_be_labels(tab, find, train, canvas, facts, n_classes, keys):
    name_classes(facts, NAMES[:n_classes])
    train(AUTOENCODER)
    draw_stroke(canvas)
    QTest.keySequence(canvas, "3")
    assert not tab.labelling.examples
    assert find("labelledLabel").isVisible() == (n_classes > 0)
    if n_classes:
        assert find("labelledLabel", QLabel).text() == f"Type the image's class: {keys}."


def test_a_class_without_a_number_key_can_be_chosen_by_keys(tab, find, train, canvas, facts):
    names = ("ball", "barn", "boat", "cloud", "cup", "door", "egg", "fern", "gate", "hill", "lamp", "moon")
    name_classes(facts, names)
    train(AUTOENCODER)
    panel = find("labelledLabel", QLabel)
    draw_stroke(canvas)
    assert panel.text() == "Type the image's class: 0–9, or L for another."
    find("clearButton").click()
    assert panel.text() == "Drawings are saved automatically."
    QTest.keySequence(canvas, "l")
    assert tab.findChild(QInputDialog) is None, "there is nothing to label"
    draw_stroke(canvas)
    QTest.keySequence(canvas, "l")
    choice = tab.findChild(QInputDialog).findChild(QListView)
    assert choice.currentIndex().data() == "lamp", "the first without a number key"
    QTest.keyClicks(choice, "mo")
    QTest.keyClick(choice, Qt.Key.Key_Return)
    assert panel.text().startswith("1 corrected image (moon).")
    assert [each.label for each in tab.labelling.examples] == [names.index("moon")]


def test_where_each_class_has_a_number_key_none_is_asked_for(tab, find, train, canvas):
    train(CLASSIFIER)
    draw_stroke(canvas)
    QTest.keySequence(canvas, "l")
    assert tab.findChild(QInputDialog) is None
    assert find("chooseClassAction", QAction).toolTip() == "Each class of the run shown has a number key."


def test_a_dot_is_no_digit_but_may_be_something_else(qtbot, find, train, canvas, facts):
    name_classes(facts, NAMES)
    train(MNIST)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() in NAMES)
    assert not find("noDigitHint").isVisible()


def test_the_nearest_are_compared_by_networks_that_take_the_drawing(engine, find, train):
    find("nearestPanelButton").click()
    combo = find("nearestCombo")
    photographs = train(AUTOENCODER)
    assert [combo.itemText(i) for i in range(combo.count())] == [
        "Pixels",
        "Latent space of A · emoji-autoencoder",
    ]
    train(preset("autoencoder").config.replace(epochs=2))
    assert [combo.itemText(i) for i in range(combo.count())] == [
        "Pixels",
        "Latent space of B · autoencoder",
    ]
    engine.view.show_run(photographs)
    assert combo.itemText(1) == "Latent space of A · emoji-autoencoder"


@pytest.mark.parametrize("panel", ["nearest", "evidence"])
def test_names_in_cards_take_no_room_from_other_parts(qtbot, find, train, canvas, panel):
    cards = find(f"{panel}Cards")
    train(CLASSIFIER)
    before = cards.minimumSizeHint()
    draw_stroke(canvas)
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    assert cards.minimumSizeHint() == before


def test_in_present_mode_a_reconstruction_is_large(qtbot, find, theme, train, canvas, tab):
    train(AUTOENCODER)
    draw_stroke(canvas)
    shown = find("drawingReconstruction")
    qtbot.waitUntil(lambda: shown.images is not None)
    theme.set_present(True)
    tab.resize(1024, 623)
    qtbot.waitUntil(lambda: find("answeringRunLabel").height() >= theme.sizes.body)
    assert shown.isVisible()
    assert shown.height() > 200
    train(CLASSIFIER)
    qtbot.waitUntil(lambda: not shown.isVisible())
    place = find("modelCards").mapTo(tab, QPoint(0, 0))
    assert place.y() < 0.45 * tab.height(), "the room of the reconstruction stays empty"
