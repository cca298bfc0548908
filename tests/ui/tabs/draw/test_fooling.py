"""A few pixels make the classifier answer another class."""

import time

import numpy as np
import pytest
import trained
from hand import draw_stroke
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QToolButton
from seen import painted_anew

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify
from cadl_gui.ui.draw import fooling
from cadl_gui.ui.draw.tab import DrawTab

pytestmark = pytest.mark.gui

CORNERS = ((0, 0), (0, 27), (27, 0))
SHARES = (0.1, 0.3, 0.45, 0.8)
"""Probability of class 1 by the number of bright corners; the rest is class 0."""


@pytest.fixture
def pause_ms():
    return 0


@pytest.fixture
def tab(shown, monkeypatch, pause_ms):
    monkeypatch.setattr(fooling, "PAUSE_MS", pause_ms)
    return shown(DrawTab)


@pytest.fixture
def train(qtbot, engine, tab):
    return lambda name: trained.train(qtbot, engine, preset(name).config.replace(epochs=2))


@pytest.fixture
def corners_count(facts):
    """Lets classifiers answer 1 once three corners are bright."""

    def value_of(request, snapshot, answer=facts.value_of):
        if not isinstance(request, Classify):
            return answer(request, snapshot)
        n_bright = sum(np.rint(request.images[:, row, column, 0]).astype(int) for row, column in CORNERS)
        probabilities = np.zeros((len(request.images), 10), np.float32)
        probabilities[:, 1] = np.array(SHARES)[n_bright]
        probabilities[:, 0] = 1 - probabilities[:, 1]
        return probabilities

    facts.value_of = value_of


@pytest.fixture
def ready(qtbot, find, train, corners_count):
    """Draws and opens the section, with the button to press."""

    def ready():
        train("softmax")
        draw_stroke(find("digitCanvas"))
        qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "0")
        find("foolPanelButton", QPushButton).click()
        qtbot.waitUntil(find("foolButton", QPushButton).isEnabled)

    return ready


@pytest.fixture
def fool(find, ready):
    """Draws, opens the section, and starts; with a target, the class of this number."""

    def fool(target=None):
        ready()
        if target is not None:
            find("foolTargetCombo", QComboBox).setCurrentIndex(1 + target)
        find("foolButton", QPushButton).click()

    return fool


@pytest.fixture
def changed(tab, find):
    """Returns the pixels that the network gets otherwise than they were drawn."""

    def changed():
        seen, drawn = find("inputPreview").images[0, ..., 0], find("digitCanvas")
        assert drawn is not None
        return {(row, column) for row, column in CORNERS if seen[row, column] == 1}

    return changed


def test_three_pixels_are_found_and_counted_and_one_undo_brings_the_drawing_back(
    engine, qtbot, find, fool, changed
):
    """Meanwhile, the canvas shows what the network sees: beside “1”, it showed a clean 0."""

    def on_canvas():
        canvas = find("digitCanvas")
        image, pixel = painted_anew(canvas), canvas.width() / 28
        places = (
            ((column + 0.5) * pixel, (row + 0.5) * pixel) for row, column in ((0, 0), (27, 0), (14, 27))
        )
        return [image.pixelColor(int(x), int(y)).name() for x, y in places]

    fool()
    answer = find("predictionLabel", QLabel)
    qtbot.waitUntil(lambda: answer.text() == "1")
    qtbot.waitUntil(lambda: find("foolButton", QPushButton).text() == "Flip pixels")
    assert changed() == set(CORNERS)
    assert on_canvas() == ["#ffffff", "#ffffff", "#000000"]
    view, title = find("flipsView"), find("foolPanelButton", QPushButton)
    qtbot.waitUntil(lambda: view.accessibleDescription() == "0, 90.0 % → 1, 80.0 %, 3 pixels changed")
    find("evidencePanelButton", QPushButton).click()
    assert title.text() == "Fool it · 3", "also while another section is open"
    engine.view.undo()
    qtbot.waitUntil(lambda: (answer.text(), title.text()) == ("0", "Fool it"))
    assert changed() == set()
    assert on_canvas() == ["#000000"] * 3
    assert not find("digitCanvas").drawing.is_blank
    qtbot.waitUntil(lambda: view.accessibleDescription() == "0, 90.0 %")
    engine.view.redo()
    qtbot.waitUntil(lambda: answer.text() == "1")


@pytest.mark.parametrize("pause_ms", [150])
def test_a_class_can_watch_each_pixel(qtbot, engine, find, fool):
    """All were there at once."""
    seen = {}
    engine.view.bind(
        find("foolButton"),
        lambda: len(engine.view.drawing.drawing.flips),
        lambda: seen.setdefault(len(engine.view.drawing.drawing.flips), time.monotonic()),
    )
    fool()
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "1")
    assert {1, 2, 3} <= {*seen}
    assert min(seen[2] - seen[1], seen[3] - seen[2]) >= 0.14


def test_another_network_says_what_it_makes_of_the_drawing_before_and_after(qtbot, find, fool, train, facts):
    """It said of the drawing before what the network had said that was fooled."""
    fool()
    view = find("flipsView")
    qtbot.waitUntil(lambda: view.accessibleDescription() == "0, 90.0 % → 1, 80.0 %, 3 pixels changed")

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        return np.roll(value, 5, axis=1) if isinstance(request, Classify) else value

    facts.value_of = value_of
    train("lecture-softmax")
    qtbot.waitUntil(lambda: view.accessibleDescription() == "5, 90.0 % → 6, 80.0 %, 3 pixels changed")


def test_flipping_pixels_moves_nothing_under_the_hand(qtbot, tab, find, ready):
    """The text above the button lost a line, and the count moved the buttons at its right."""
    ready()
    buttons = [each for each in tab.findChildren(QPushButton) if each.objectName().endswith("PanelButton")]
    below = [find("foolButton", QPushButton), find("foolTargetCombo", QComboBox)]
    assert find("foolTargetCombo").parentWidget().findChild(QLabel).text() == "Make it"

    def places():
        return {each.objectName(): each.mapTo(tab, QPoint()) for each in (*buttons, *below)}

    before = places()
    assert before["nearestPanelButton"] != before["foolPanelButton"]
    find("foolButton", QPushButton).click()
    view, title = find("flipsView"), find("foolPanelButton", QPushButton)
    qtbot.waitUntil(lambda: "3 pixels changed" in view.accessibleDescription())
    qtbot.waitUntil(lambda: title.width() >= title.sizeHint().width())
    assert title.text() == "Fool it · 3"
    assert places() == before
    source = find("answeringRunLabel", QLabel)
    qtbot.waitUntil(lambda: source.text().endswith("softmax · epoch 2 · 3 pixels changed"))


def test_search_gives_up_says_so_can_be_stopped_and_succeeds_with_its_last_pixel(
    qtbot, engine, tab, find, fool, facts
):
    fool(target=5)
    button = find("foolButton", QPushButton)
    assert button.text() == "Stop"
    qtbot.waitUntil(lambda: "pixel" in find("flipsView").accessibleDescription())
    button.click()
    assert button.text() == "Flip pixels"
    stopped = find("inputPreview").images.copy()
    wait_until_idle(engine, tab)
    np.testing.assert_array_equal(find("inputPreview").images, stopped)
    button.click()
    qtbot.waitUntil(lambda: button.text() == "Flip pixels")
    assert "60 pixels changed" in find("flipsView").accessibleDescription()
    about = next(label for label in tab.findChildren(QLabel, "sectionText") if label.isVisible())
    assert about.text() == "Not fooled after 60 pixels. Undo restores your drawing."
    engine.view.undo()
    unflipped = engine.view.drawing.unflipped

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        if isinstance(request, Classify):
            n_flipped = np.abs(request.images - unflipped).sum(axis=(1, 2, 3))
            value[n_flipped > 59] = np.eye(10, dtype=np.float32)[5]
        return value

    facts.value_of = value_of
    qtbot.waitUntil(button.isEnabled)
    button.click()
    qtbot.waitUntil(lambda: button.text() == "Flip pixels")
    assert about.text() == "60 pixels changed. Undo restores your drawing."


def test_each_search_begins_anew_is_undone_by_itself_and_ends_where_the_timeline_moves(
    qtbot, engine, tab, find, fool, facts
):
    """Of a second search, the first undo took back both, and it tried what was best for the first."""
    corners = {CORNERS: 1}

    def value_of(request, snapshot, answer=facts.value_of):
        if not isinstance(request, Classify):
            return answer(request, snapshot)
        probabilities = np.full((len(request.images), 10), 0.001, np.float32)
        for number, image in enumerate(np.rint(request.images[..., 0])):
            for pixels, label in corners.items():
                n_bright = sum(image[pixel] for pixel in pixels)
                probabilities[number, label] = label * n_bright / len(pixels)
            probabilities[number, 0] = 0.6
        return probabilities / probabilities.sum(1, keepdims=True)

    facts.value_of = value_of
    fool(target=1)
    button, target = find("foolButton", QPushButton), find("foolTargetCombo", QComboBox)

    def flips():
        return set(find("digitCanvas").drawing.flips)

    qtbot.waitUntil(lambda: button.text() == "Flip pixels" and len(flips()) == 2)
    first = flips()
    assert first < set(CORNERS)
    corners[(14, 3),] = 2
    target.setCurrentIndex(3)
    for _ in range(2):
        wait_until_idle(engine, tab)  # what the answer is by now
        button.click()
        qtbot.waitUntil(lambda: button.text() == "Flip pixels")
        assert flips() == {*first, (14, 3)}
        engine.view.undo()
        assert flips() == first
    engine.view.undo()
    assert flips() == set()
    target.setCurrentIndex(6)
    wait_until_idle(engine, tab)
    button.click()
    assert button.text() == "Stop"
    engine.view.show(Position(1))
    assert button.text() == "Flip pixels"


def test_a_class_that_is_the_answer_already_is_no_target(qtbot, tab, find, ready):
    """It made another class of the drawing than the one that the box went on naming."""
    ready()
    button, target = find("foolButton", QPushButton), find("foolTargetCombo", QComboBox)
    already = "It says 0 already: choose another class."
    for number, is_offered in ((1, False), (2, True), (1, False), (0, True)):
        target.setCurrentIndex(number)
        assert button.isEnabled() is is_offered
        assert (button.toolTip() == already) is not is_offered
        texts = [label.text() for label in tab.findChildren(QLabel, "sectionText")]
        assert (already in texts) is not is_offered
    button.click()
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "1")
    target.setCurrentIndex(2)
    qtbot.waitUntil(lambda: button.toolTip() == already.replace("0", "1"))
    assert not button.isEnabled()


def test_the_pen_stops_it_and_draws_on_the_clean_drawing(qtbot, find, fool):
    fool(target=5)
    qtbot.waitUntil(lambda: "pixel" in find("flipsView").accessibleDescription())
    QTest.mouseClick(find("digitCanvas"), Qt.MouseButton.LeftButton)
    assert find("foolButton", QPushButton).text() == "Flip pixels"
    qtbot.waitUntil(lambda: find("flipsView").accessibleDescription() == "0, 90.0 %")


def test_without_a_drawing_or_a_classifier_it_cannot_start(qtbot, tab, find, train, corners_count):
    train("autoencoder")
    find("foolPanelButton", QPushButton).click()
    button = find("foolButton", QPushButton)
    texts = [label.text() for label in tab.findChildren(QLabel, "sectionText") if label.isVisible()]
    assert "needs a digit classifier" in texts[0]
    draw_stroke(find("digitCanvas"))
    assert not button.isEnabled()
    train("softmax")
    qtbot.waitUntil(button.isEnabled)
    find("clearButton", QToolButton).click()
    assert not button.isEnabled()


def test_weights_that_give_no_numbers_end_it(qtbot, engine, tab, find, fool, facts):
    def value_of(request, snapshot, answer=facts.value_of):
        if isinstance(request, Classify) and len(request.images) > 1:
            raise CadlError("Not a number.")
        return answer(request, snapshot)

    reported = []
    engine.notifications.unanswered.connect(reported.append)
    facts.value_of = value_of
    fool()
    qtbot.waitUntil(lambda: bool(reported))
    assert reported == ["Not a number."]
    assert find("foolButton", QPushButton).text() == "Flip pixels"


def test_undoing_a_stroke_over_changed_pixels_brings_them_back(engine, qtbot, find, fool, changed):
    """They were lost, and the next undo did nothing that could be seen."""
    fool()
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "1")
    canvas = find("digitCanvas")
    drawn = canvas.drawing
    draw_stroke(canvas)
    assert changed() == set()
    engine.view.undo()
    assert canvas.drawing is drawn
    assert changed() == set(CORNERS)
    engine.view.undo()
    assert changed() == set()
    assert canvas.drawing.strokes == drawn.strokes


def test_the_answer_before_is_about_the_drawing_with_the_noise_that_is_set(qtbot, find, fool, facts):
    """It stayed that about the drawing without noise."""
    fool()
    view = find("flipsView")
    qtbot.waitUntil(lambda: view.accessibleDescription() == "0, 90.0 % → 1, 80.0 %, 3 pixels changed")

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        return np.roll(value, 5, axis=1) if isinstance(request, Classify) else value

    facts.value_of = value_of
    find("noiseSlider").setValue(1)
    qtbot.waitUntil(lambda: view.accessibleDescription() == "5, 90.0 % → 6, 80.0 %, 3 pixels changed")


@pytest.mark.parametrize("what", ["pen", "noise"])
def test_another_image_stops_it_before_the_first_pixel_is_found(qtbot, find, fool, what):
    """It went on with the image before, and inverted pixels that it had chosen for that one."""
    fool(target=5)
    button = find("foolButton", QPushButton)
    assert button.text() == "Stop"
    if what == "pen":
        QTest.mouseClick(find("digitCanvas"), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    else:
        find("noiseSlider").setValue(30)
    assert button.text() == "Flip pixels"


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_every_network_is_shown_the_drawing_again_after_undo_and_another_tab(
    qtbot, engine, tab, find, train, fool, turns
):
    """Once, four networks still showed the image with the flipped pixels."""
    for name in ("autoencoder", "vae", "conv-autoencoder"):
        train(name)
    fool()
    qtbot.waitUntil(lambda: find("foolButton", QPushButton).text() == "Flip pixels")
    wait_until_idle(engine, tab)
    cards = find("modelCards")

    def images():
        return [
            card.image for card in cards.cards if card.image is not None and card.image.shape == (28, 28, 1)
        ]

    assert len(images()) == 3
    assert all(image[0, 0] == 255 for image in images()), "the fooled image"
    engine.view.undo()
    for _ in range(turns):
        QApplication.processEvents()
    tab.hide()
    wait_until_idle(engine, tab)
    tab.show()
    qtbot.waitUntil(lambda: [int(image[0, 0, 0]) for image in images()] == [0, 0, 0])
