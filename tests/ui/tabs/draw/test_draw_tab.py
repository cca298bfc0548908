"""The Draw tab on fake networks, by mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest
import trained
from asking import watch
from fakes import nearest_of_part
from geometry import cut_off, texts
from hand import choose_entry
from idle import wait_until_idle
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, FetchTestImage, FindEvidence, FindNearest, Reconstruct
from cadl_gui.domain.view import DrawView, TrainView
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.draw.nearest_search import NearestSearch
from cadl_gui.ui.draw.tab import DrawTab

pytestmark = pytest.mark.gui

SEVEN = ((0.25, 0.2), (0.75, 0.2), (0.45, 0.85))


@pytest.fixture
def tab(shown):
    return shown(DrawTab)


@pytest.fixture
def draw(find):
    """Draws a stroke with the left button, in units of the canvas side."""

    def draw(points=SEVEN):
        canvas = find("digitCanvas")
        send(canvas, QEvent.Type.MouseButtonPress, points[0])
        for point in points[1:]:
            send(canvas, QEvent.Type.MouseMove, point)
        send(canvas, QEvent.Type.MouseButtonRelease, points[-1])

    return draw


def send(canvas, kind, point):
    place = QPointF(point[0] * canvas.width(), point[1] * canvas.height())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, place, canvas.mapToGlobal(place), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, event)


@pytest.fixture
def train(qtbot, engine, tab):
    def train(name, **changes):
        return trained.train(qtbot, engine, preset(name).config.replace(epochs=2, **changes))

    return train


def test_an_empty_canvas_shows_a_hint_and_classifies_nothing(find, train):
    assert "No run is open" in find("predictionLabel", QLabel).text()
    train("conv-classifier")
    assert find("predictionLabel", QLabel).text() == "No drawing yet."
    assert find("probabilityBars").answer is None


def test_a_drawing_is_classified_with_the_second_digit_and_the_run(qtbot, find, train, draw):
    train("conv-classifier")
    draw()
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "0")
    assert find("probabilityBars").answer == 0
    assert find("runnerUpLabel", QLabel).text().startswith("2nd: ")
    assert "conv-classifier · epoch 2" in find("answeringRunLabel", QLabel).text()


def test_a_name_is_no_markup(qtbot, find, train, draw, engine):
    """Of “rate<0.01”, only “rate” was seen, and no epoch after it."""
    train("conv-classifier")
    engine.runs.rename(engine.runs[-1], "rate<0.01")
    draw()
    qtbot.waitUntil(lambda: find("predictionLabel", QLabel).text() == "0")
    seen = QTextDocument()
    seen.setHtml(find("answeringRunLabel", QLabel).text())
    assert seen.toPlainText().endswith("rate<0.01 · epoch 2")


def test_the_preview_is_what_the_network_sees(find, train, draw):
    draw()
    seen = find("inputPreview").images
    assert seen.shape == (1, 28, 28, 1)
    rows, columns = np.nonzero(seen[0, ..., 0])
    assert max(np.ptp(rows), np.ptp(columns)) == 19
    find("normaliseCheck", QCheckBox).setChecked(False)
    rows = np.nonzero(find("inputPreview").images[0, ..., 0])[0]
    assert rows.max() - rows.min() in range(19, 24)
    assert abs(rows.mean() - 28 * 0.45) < 4


def test_noise_hides_pixels_and_leaves_the_clean_image(find, draw):
    draw()
    clean = find("inputPreview").images[0].copy()
    find("noiseSlider", QSlider).setValue(50)
    noisy = find("inputPreview").images[0]
    hit = (noisy == 0) & (clean > 0)
    assert 0.2 < hit.sum() / (clean > 0).sum() < 0.8
    np.testing.assert_array_equal(noisy[~hit], clean[~hit])
    find("noiseSlider", QSlider).setValue(0)
    np.testing.assert_array_equal(find("inputPreview").images[0], clean)


def test_every_run_says_what_it_makes_of_the_drawing(qtbot, find, train, draw):
    for name in ("autoencoder", "softmax", "vae"):
        train(name)
    draw()
    cards = find("modelCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 4)
    reconstructing, classifying, variational, place = cards.cards
    assert [card.run for card in cards.cards] == ["A", "B", "C", "C"]
    assert [card.lines[0] for card in cards.cards] == ["autoencoder", "softmax", "vae", "its place"]
    assert "−0.0" not in place.lines[1], "a zero with a sign"
    np.testing.assert_array_equal(
        reconstructing.image, np.rint(find("inputPreview").images[0] * 255).astype(np.uint8)
    )
    assert classifying.answer == "0"
    assert classifying.image is None
    mean = find("inputPreview").images.mean()
    assert variational.image.shape == (28, 28, 1)
    assert place.lines[1] == f"{mean:.1f}, 1.0"
    assert place.image.shape == (192, 192, 3)


def test_every_run_is_requested_at_the_position_of_the_timeline(qtbot, engine, find, train, draw):
    for name in ("autoencoder", "denoising-autoencoder"):
        train(name)
    draw()
    cards = find("modelCards")
    qtbot.waitUntil(lambda: [card.lines[1] for card in cards.cards] == ["epoch 2", "epoch 2"])
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: [card.lines[1] for card in cards.cards] == ["epoch 1", "epoch 1"])
    engine.view.go_live()
    qtbot.waitUntil(lambda: [card.lines[1] for card in cards.cards] == ["epoch 2", "epoch 2"])


def test_the_nearest_of_all_parts_are_shown(qtbot, find, train, draw):
    for name in ("autoencoder", "softmax", "vae"):
        train(name)
    draw()
    cards = find("nearestCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    assert [card.label for card in cards.cards[:4]] == [0, 1, 2, 0]
    assert [card.lines[-1] for card in cards.cards[:4]] == ["0.00", "1.00", "2.00", "3.00"]


def test_the_nearest_are_those_that_the_run_learned_from_that_answers(
    qtbot, engine, find, train, draw, monkeypatch
):
    first, second = train("softmax"), train("softmax")
    tickets = watch(engine, monkeypatch)

    def asked():
        requests = [ticket.request for ticket in tickets]
        return [(asked.run_id, asked.part) for asked in requests if isinstance(asked, FindNearest)]

    draw()
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10)
    engine.view.show_run(first)
    qtbot.waitUntil(lambda: len(asked()) == 6)
    assert asked() == [(run.run_id, part) for run in (second, first) for part in range(3)]


def test_no_training_images_of_another_run_stay_where_those_of_this_one_are_not_at_hand(
    qtbot, engine, tab, find, train, draw, facts
):
    """As where its dataset has been moved; the images of the run before stayed, and told what is no digit."""
    without, _ = train("softmax"), train("softmax")

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        if not isinstance(request, FindNearest):
            return value
        if request.run_id == without.run_id:
            raise CadlError("The dataset is not at hand.")
        return replace(value, distances=value.distances + 20)

    facts.value_of = value_of
    draw()
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10)
    assert find("noDigitHint").isVisible(), "it is far from all digits"
    with qtbot.waitSignal(engine.notifications.unanswered) as failed:
        engine.view.show_run(without)
    assert failed.args == ["The dataset is not at hand."]
    assert not find("nearestCards").cards
    qtbot.waitUntil(lambda: find("probabilityBars").answer is not None)
    assert not find("noDigitHint").isVisible()


def test_an_answer_from_before_another_run_was_shown_is_not_mixed_in(engine, train):
    first, second = train("softmax"), train("softmax")
    seen = np.zeros((28, 28, 1), np.float32)
    search = NearestSearch()
    search.restart()
    _, late = search.question(first, engine.view, seen)
    search.restart()
    search.question(second, engine.view, seen)
    assert search.handle(late, nearest_of_part(2, by_latent=False)) is None  # its last part
    run, next_one = search.question(second, engine.view, seen)
    assert (run, next_one.part) == (second, 0)


def test_the_nearest_are_compared_by_the_latent_that_is_chosen(qtbot, engine, find, train, draw):
    train("softmax")
    vae = train("vae")
    draw()
    find("nearestPanelButton").click()
    cards, combo = find("nearestCards"), find("nearestCombo")
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    assert [combo.itemText(i) for i in range(combo.count())] == ["Pixels", "Latent space of B · vae"]
    combo.setCurrentIndex(1)
    # The fake's digits are at the distance of their part, and in latents half as far again.
    qtbot.waitUntil(lambda: cards.cards[0].lines[-1] == "0.50")
    draw()
    qtbot.waitUntil(lambda: cards.cards[0].lines[-1] == "0.50")
    engine.runs.remove(vae)
    assert combo.count() == 1
    qtbot.waitUntil(lambda: cards.cards[0].lines[-1] == "0.00")


@pytest.mark.parametrize(
    ("move", "distance"),
    [
        (lambda engine, _: engine.view.show(Position(1)), "1.50"),
        (lambda engine, run: engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 3), 0.0)), "12.50"),
    ],
    ids=["timeline", "bend"],
)
def test_the_nearest_in_latent_space_are_those_of_the_weights_shown(
    qtbot, engine, find, train, draw, facts, move, distance
):
    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        if not isinstance(request, FindNearest) or not request.by_latent:
            return value
        return replace(value, distances=value.distances + snapshot.position.epoch + 10 * len(request.bends))

    facts.value_of = value_of
    vae = train("vae")
    draw()
    cards = find("nearestCards")
    find("nearestPanelButton").click()
    find("nearestCombo").setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(cards.cards) and cards.cards[0].lines[-1] == "2.50")
    move(engine, vae)
    qtbot.waitUntil(lambda: cards.cards[0].lines[-1] == distance)
    draw()
    qtbot.waitUntil(lambda: len(cards.cards) == 10 and cards.cards[0].lines[-1] == distance)


def test_evidence_adds_up_to_the_logit(qtbot, find, train, draw):
    train("softmax")
    draw()
    cards = find("evidenceCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    for card in cards.cards:
        total, bias, logit = (float(line[2:].replace("−", "-")) for line in card.lines[1:])
        assert total + bias == pytest.approx(logit, abs=0.11)


def test_why_is_said_again_where_the_drawing_was_explained_before(qtbot, engine, find, train, draw):
    """It stayed empty: that the answer was known was remembered, but not the answer."""
    first, second = train("softmax"), train("softmax")
    draw()
    cards = find("evidenceCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    for run in (first, second):
        engine.view.show_run(run)
        assert not cards.cards
        qtbot.waitUntil(lambda: len(cards.cards) == 10)


def test_why_is_said_in_pictures_and_words_and_all_classes_are_behind_a_click(qtbot, tab, find, train, draw):
    train("softmax")
    find("evidencePanelButton", QPushButton).click()
    two, cards = find("evidenceView"), find("evidenceCards")
    empty = two.accessibleDescription()
    assert empty.startswith("Which pixels")
    draw()
    qtbot.waitUntil(lambda: two.accessibleDescription() != empty)
    assert "0, not 1: " in two.accessibleDescription()
    text = next(label for label in tab.findChildren(QLabel, "sectionText") if label.isVisible())
    assert text.text().endswith("times as likely as 1.")
    choose_entry(find("otherClassCombo"), "7")
    assert "0, not 7: " in two.accessibleDescription()
    assert text.text().endswith("times as likely as 7.")
    assert two.isVisible()
    assert not cards.isVisible()
    find("allEvidenceButton", QPushButton).click()
    assert cards.isVisible()
    assert len(cards.cards) == 10
    find("clearButton", QToolButton).click()
    assert two.accessibleDescription() == empty
    assert text.text() == ""


@pytest.fixture
def asked_before(engine, monkeypatch):
    """Returns the runs and positions before the newest that were asked about."""
    tickets = watch(engine, monkeypatch)
    kinds = Classify | Reconstruct

    def asked():
        requests = [ticket.request for ticket in tickets if isinstance(ticket.request, kinds)]
        return [(request.run_id, request.position) for request in requests if request.position is not None]

    return asked


def test_every_network_says_what_it_answered_at_every_kept_epoch(
    qtbot, engine, find, train, draw, asked_before
):
    autoencoder, softmax = train("autoencoder"), train("softmax")
    find("historyPanelButton", QPushButton).click()
    draw()
    engine.view.go_live()  # newer weights, as beside a training
    assert asked_before() == [], "it asks while the pen moves"
    view = find("historyView")
    kept = [(run.run_id, position) for run in (softmax, autoencoder) for position in run.recorded]
    qtbot.waitUntil(lambda: asked_before() == kept)
    qtbot.waitUntil(lambda: view.accessibleDescription().startswith("B · softmax · 0 "))
    assert view.accessibleDescription().endswith("; A · autoencoder")
    place = view.place_of(1, 1).center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert engine.view.run is autoencoder
    assert engine.view.position == autoencoder.recorded[1]
    find("clearButton", QToolButton).click()
    qtbot.waitUntil(lambda: view.accessibleDescription().startswith("Each network's answer"))


def test_since_when_is_exact_where_not_every_kept_epoch_is_shown(qtbot, engine, find, draw, tab, facts):
    """Of more than fifteen positions some are shown; it named the first of these with the last answer."""

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        is_early = isinstance(request, Classify) and snapshot.position < Position(6)
        return np.roll(value, 3, axis=1) if is_early else value

    facts.value_of = value_of
    run = trained.train(qtbot, engine, preset("softmax").config.replace(epochs=20))
    assert len(run.recorded) > 15
    find("historyPanelButton", QPushButton).click()
    draw()
    view = find("historyView")
    qtbot.waitUntil(lambda: view.accessibleDescription() == "A · softmax · 0 since epoch 6")
    notes = [note.accessibleName() for note in tab.findChildren(QWidget, "stageNote")]
    assert [note for note in notes if "+ batches" in note]


def test_other_epochs_are_not_asked_about_while_their_section_is_closed(
    qtbot, engine, tab, find, train, draw, asked_before
):
    train("softmax")
    draw()
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10)
    wait_until_idle(engine, tab)
    assert asked_before() == []
    find("historyPanelButton", QPushButton).click()
    qtbot.waitUntil(lambda: len(asked_before()) > 1)


def test_a_run_that_is_trained_meanwhile_gets_its_row(qtbot, find, train, draw):
    train("softmax")
    find("historyPanelButton", QPushButton).click()
    draw()
    view = find("historyView")
    qtbot.waitUntil(lambda: view.accessibleDescription().startswith("A · softmax · 0 "))
    train("vae")
    qtbot.waitUntil(lambda: view.accessibleDescription().endswith("; B · vae"))


def test_clearing_takes_every_answer_away_and_undo_brings_them_back(qtbot, engine, tab, find, train, draw):
    train("softmax")
    draw()
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10)
    find("clearButton", QToolButton).click()
    assert find("predictionLabel", QLabel).text() == "No drawing yet."
    for name in ("modelCards", "nearestCards", "evidenceCards"):
        assert find(name).cards == ()
    wait_until_idle(engine, tab)
    assert find("probabilityBars").answer is None
    engine.view.undo()
    qtbot.waitUntil(lambda: find("probabilityBars").answer == 0)


def test_answer_that_is_on_its_way_does_not_come_back_after_clear(engine, tab, find, train, draw):
    train("softmax")
    for _ in range(2):
        draw()
        assert not engine.inference.is_idle
        find("clearButton", QToolButton).click()
        wait_until_idle(engine, tab)
        assert find("probabilityBars").answer is None


def test_a_doubtful_prediction_has_a_hint(qtbot, find, train, draw):
    train("conv-classifier")
    hint = find("noDigitHint")
    draw(((0.5, 0.5), (0.5, 0.5)))
    qtbot.waitUntil(lambda: find("probabilityBars").answer is not None)
    assert hint.isVisible()
    assert find("answeringRunLabel").isVisible(), "whose answer it is was left out for the hint"
    assert not find("runnerUpLabel").isVisible()
    find("clearButton", QToolButton).click()
    assert not hint.isVisible()
    draw()
    qtbot.waitUntil(lambda: find("probabilityBars").answer is not None)
    assert not hint.isVisible()


def test_an_untrained_network_is_said_to_guess_whatever_is_drawn(qtbot, engine, find, train, draw):
    """It used to say that a clean 4 does not look like a digit."""
    train("conv-classifier")
    draw()
    engine.view.show(Position(0))
    hint = find("noDigitHint", QLabel)
    qtbot.waitUntil(lambda: hint.isVisible() and hint.text() == "Untrained: it guesses.")
    engine.view.go_live()
    qtbot.waitUntil(lambda: not hint.isVisible())


def test_a_random_test_digit_comes_onto_the_canvas(qtbot, find, train):
    button = find("randomImageButton", QToolButton)
    assert not button.isEnabled()
    train("softmax")
    button.click()
    qtbot.waitUntil(lambda: find("probabilityBars").answer is not None)
    assert find("digitCanvas").drawing.image.shape == (28, 28)


def test_a_random_digit_is_requested_from_the_run_that_classifies(find, train, engine, monkeypatch):
    train("vae")
    classifier = train("softmax")
    asked = watch(engine, monkeypatch)
    find("randomImageButton", QToolButton).click()
    asked = [ticket.request for ticket in asked if isinstance(ticket.request, FetchTestImage)]
    assert [(request.run_id, request.is_new_to_all) for request in asked] == [(classifier.run_id, True)]


@pytest.mark.parametrize("focused", ["digitCanvas", "noiseSlider", "modelCards"])
def test_keys_act_wherever_the_focus_is_in_the_tab(tab, find, draw, focused):
    canvas, focus = find("digitCanvas"), find(focused)
    draw()
    focus.setFocus()
    brush = find("brushSizeSlider", QSlider).value()
    QTest.keySequence(focus, "]")
    assert find("brushSizeSlider", QSlider).value() == brush + 1
    QTest.keySequence(focus, "4")
    assert find("labelledLabel", QLabel).text().startswith("1 corrected image (4).")
    QTest.keySequence(focus, "Del")
    assert canvas.drawing.is_blank


def test_copying_goes_where_the_focus_is(tab, find, draw):
    draw()
    QApplication.clipboard().clear()
    find("digitCanvas").setFocus()
    QTest.keySequence(find("digitCanvas"), "Ctrl+C")
    assert QApplication.clipboard().image().width() == find("digitCanvas").width()
    find("modelCards").setFocus()
    QTest.keySequence(find("modelCards"), "Ctrl+C")
    assert QApplication.clipboard().image().width() != find("digitCanvas").width()


def test_an_image_that_cannot_be_opened_is_reported(qtbot, engine, tab, find, tmp_path):
    (tmp_path / "x.png").write_text("no image")
    with qtbot.waitSignal(engine.notifications.unanswered) as failed:
        find("digitCanvas").open_image(str(tmp_path / "x.png"))
    assert failed.args[0].startswith(f"“{tmp_path / 'x.png'}” is not an image that can be opened")


def test_a_large_photograph_turned_by_exif_is_taken_small_and_upright(qtbot, tab, find, tmp_path):
    pixels = np.full((3000, 2000), 230, np.uint8)
    pixels[1400:1600, 300:1700] = 20  # lies on its side in the file
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "x.jpg", exif=exif)
    find("digitCanvas").open_image(str(tmp_path / "x.jpg"))
    qtbot.waitUntil(lambda: not find("digitCanvas").drawing.is_blank)
    image = find("digitCanvas").drawing.image
    assert max(image.shape) <= 1024
    rows, columns = np.nonzero(image > 0.5)
    assert np.ptp(rows) > 5 * np.ptp(columns)


def test_single_section_is_open_at_a_time_and_the_same_one_next_time(tab, find, engine):
    assert find("normaliseCheck").isVisible()
    assert not find("evidenceView").isVisible()
    find("evidencePanelButton", QPushButton).click()
    assert find("evidenceView").isVisible()
    assert not find("normaliseCheck").isVisible()
    find("nearestPanelButton", QPushButton).click()
    assert find("nearestCards").isVisible()
    assert not find("evidenceView").isVisible()
    assert engine.view.value.draw == DrawView(section="nearest")


def test_the_section_of_the_last_session_is_open_or_the_first_if_there_is_no_such_one(shown, engine):
    engine.view.change(draw=DrawView(section="nearest"))
    tab = shown(DrawTab)
    assert tab.findChild(QWidget, "nearestCards").isVisible()
    assert tab.findChild(QPushButton, "nearestPanelButton").isChecked()
    engine.view.change(draw=DrawView(section="of another version"))
    assert shown(DrawTab).findChild(QWidget, "normaliseCheck").isVisible()


def test_no_part_of_the_tab_is_ever_a_window(tab):
    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == [tab]


def test_present_mode_shows_the_canvas_and_the_answer_with_its_bars(qtbot, tab, find, train, draw, theme):
    train("vae")
    train("softmax")
    draw()
    cards = find("modelCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 3)
    theme.set_present(True)
    QApplication.processEvents()  # shows what moved
    for name in ("digitCanvas", "predictionLabel", "probabilityBars", "seenPanelButton"):
        assert find(name).isVisible(), name
    for name in ("modelCards", "normaliseCheck", "nearestPanelButton"):
        assert not find(name).isVisible(), name
    theme.set_present(False)
    assert cards.isVisible()
    assert len(cards.cards) == 3


def test_present_mode_says_how_to_correct_the_drawing_shown_and_that_it_is_kept_and_a_stroke_moves_nothing(
    qtbot, tab, find, train, draw, theme, engine
):
    """“Kept as 4” and “Remove” stayed beside an empty canvas; nothing said that a key corrects."""
    train("softmax")
    theme.set_present(True)
    train("softmax")
    text, buttons = find("labelledLabel", QLabel), [find("trainWithExamplesButton"), find("takeBackButton")]
    canvas, bars = find("digitCanvas"), find("probabilityBars")

    def said():
        wait_until_idle(engine, tab)
        is_shown = {each.isVisible() for each in buttons}
        assert len(is_shown) == 1
        return text.text() if text.isVisible() else "", *is_shown

    for width, is_above, mine in ((1208, False, SEVEN), (1050, True, SEVEN[1:]), (1300, False, SEVEN)):
        tab.resize(width, 616)
        assert said() == ("", False)
        draw(mine)
        assert said() == ("Network wrong? Press 0–9.", False)
        QTest.keySequence(canvas, "4")
        assert said() == ("Kept as 4", True)
        assert all(each.width() >= each.sizeHint().width() for each in (text, *buttons))
        tops = [each.mapTo(tab, QPoint()).y() for each in (buttons[0], find("foolPanelButton"))]
        assert (tops[0] < tops[1]) is is_above
        place = bars.geometry()
        find("clearButton", QToolButton).click()
        assert (*said(), bars.geometry()) == ("", False, place)
        draw(SEVEN[:2])
        assert (*said(), bars.geometry()) == ("Network wrong? Press 0–9.", False, place)
        QTest.keySequence(canvas, "4")
        find("takeBackButton").click()
        assert said() == ("Network wrong? Press 0–9.", False)
        find("clearButton", QToolButton).click()
    assert not find("saveExamplesButton").isVisible()
    theme.set_present(False)
    assert text.text() == "3 corrected images (last: 4)."
    assert find("saveExamplesButton").isVisible()


def test_beside_a_lesson_on_a_projector_nothing_in_a_section_is_cut_off(
    tab, find, train, draw, theme, engine
):
    train("softmax")
    draw()
    theme.set_present(True)
    tab.resize(775, 576)
    sections = {"seen": "normaliseCheck", "evidence": "evidenceView", "nearest": "nearestCards"}
    for section, shown in [*sections.items()] * 2:
        engine.view.change(draw=replace(engine.view.value.draw, section=section))
        wait_until_idle(engine, tab)
        assert find(shown).isVisible()
        assert not cut_off(texts(tab), tab)
        buttons = [button for button in tab.findChildren(QPushButton) if button.isVisible()]
        assert all(button.width() >= button.sizeHint().width() for button in buttons)
        assert find("clearButton").isVisible(), "though the canvas is small"
        source = find("answeringRunLabel")
        assert source.y() + source.heightForWidth(source.width()) <= source.parentWidget().height()


def test_present_mode_shows_large_since_when_a_network_gives_its_answer(qtbot, tab, find, train, draw, theme):
    train("softmax")
    draw()
    theme.set_present(True)
    button, view = find("historyPanelButton", QPushButton), find("historyView")
    assert not view.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.accessibleDescription().startswith("A · softmax · "))
    QApplication.processEvents()  # lays out
    assert view.isVisible()
    canvas = find("digitCanvas")
    right_of_canvas = canvas.mapTo(tab, canvas.rect().topRight()).x()
    assert view.mapTo(tab, QPoint(0, 0)).x() > right_of_canvas, "beside the canvas"
    assert view.width() > 0.9 * (tab.width() - right_of_canvas), "all of the room beside it"
    assert button.width() < 0.5 * tab.width(), "a button, not a bar"
    assert view.place_of(0, 0).height() >= 60
    assert canvas.isVisible()
    bars = find("probabilityBars")
    assert not bars.isVisible(), "ten bars above it would be too small here"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not view.isVisible()
    assert bars.isVisible()
    for name, shown in (("evidence", "evidenceView"), ("fool", "flipsView"), ("evidence", "evidenceView")):
        qtbot.mouseClick(find(f"{name}PanelButton", QPushButton), Qt.MouseButton.LeftButton)
        assert find(shown).isVisible()
    theme.set_present(False)
    assert find("seenPanelButton", QPushButton).isChecked(), "the section of before is open"


def test_after_present_mode_everything_is_where_it_was(tab, find, theme):
    def places():
        names = ("digitCanvas", "clearButton", "probabilityBars", "modelCards", "seenPanelButton")
        return [QRect(find(name).mapTo(tab, QPoint(0, 0)), find(name).size()) for name in names]

    tab.resize(967, 618)
    QApplication.processEvents()  # lays out
    before = places()
    for present in (True, False):
        theme.set_present(present)
        QApplication.processEvents()  # shows what moved
    assert places() == before


def test_the_scale_of_the_bars_is_the_same_next_time(find, engine):
    assert not find("probabilityBars").is_logarithmic
    find("logarithmicButton", QToolButton).click()
    assert find("probabilityBars").is_logarithmic
    assert engine.view.value.draw.is_logarithmic
    for name in ("evidencePanelButton", "historyPanelButton"):
        find(name, QPushButton).click()
        assert find(name, QPushButton).isChecked()
        assert find("probabilityBars").is_logarithmic, "a section leaves the bars alone"
    find("linearButton", QToolButton).click()
    assert not find("probabilityBars").is_logarithmic
    assert not engine.view.value.draw.is_logarithmic


@pytest.mark.parametrize(
    ("p", "text"), [(0.997, "Sure"), (0.8, "Fairly sure"), (0.6, "Not sure"), (0.3, "Just")]
)
def test_how_sure_a_network_is_is_said_in_words(qtbot, find, train, draw, facts, p, text):
    def value_of(request, snapshot, answer=facts.value_of):
        probabilities = np.array([[p, *[(1 - p) / 9] * 9]], np.float32)
        return probabilities if isinstance(request, Classify) else answer(request, snapshot)

    facts.value_of = value_of
    train("softmax")
    draw()
    label = find("confidenceLabel", QLabel)
    qtbot.waitUntil(lambda: label.text().startswith(text))
    assert label.text().endswith(f"{100 * p:.1f}\N{NO-BREAK SPACE}%")
    find("clearButton", QToolButton).click()
    assert label.text() == ""


def test_noise_is_seen_beside_the_steps_and_only_if_there_is_any(find, draw):
    draw()
    assert not find("inputPreview").isVisible(), "the same image twice"
    find("noiseSlider", QSlider).setValue(30)
    assert find("inputPreview").isVisible()


def test_every_answer_to_an_image_with_noise_says_so_whatever_section_is_open(
    qtbot, engine, find, train, draw
):
    """A clean 7 was “Sure · 99.3 %”, and a lesson had left half of its pixels out."""
    draw()
    find("evidencePanelButton").click()
    for preset_name, name in (("autoencoder", "predictionLabel"), *[("softmax", "confidenceLabel")] * 2):
        train(preset_name)
        for noise in (50, 7, 0):
            engine.view.change(draw=replace(engine.view.value.draw, noise=noise))
            said = f"at {noise} % noise" if noise else ("%", "Reconstruction")
            text = find(name, QLabel).text
            qtbot.waitUntil(lambda t=text, s=said: t().replace("\N{NO-BREAK SPACE}", " ").endswith(s))


@pytest.mark.parametrize("size", [(1208, 748), (968, 616), (720, 480)])
def test_the_noise_slider_stays_under_the_pointer_that_drags_it(find, tab, draw, size):
    """The noisy image came in before the slider, which jumped away and ended anywhere."""
    tab.resize(*size)
    draw()
    QApplication.processEvents()  # lays out
    slider = find("noiseSlider", QSlider)
    start = slider.mapToGlobal(QPoint(slider.width() // 4, slider.height() // 2))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(slider, left, none, slider.mapFromGlobal(start))
    for dx in (20, 40, slider.width() // 2):
        QApplication.processEvents()  # lays out what has come
        QTest.mouseMove(slider, slider.mapFromGlobal(start + QPoint(dx, 0)))
    QTest.mouseRelease(slider, left, none, slider.mapFromGlobal(start + QPoint(slider.width() // 2, 0)))
    QApplication.processEvents()
    assert slider.value() == pytest.approx(75, abs=3)
    assert slider.mapToGlobal(QPoint(slider.width() // 4, slider.height() // 2)) == start


@pytest.mark.parametrize("size", [(1208, 748), (968, 616), (1688, 928), (720, 480)])
@pytest.mark.parametrize("present", [False, True])
def test_canvas_answer_networks_and_section_do_not_overlap_at_any_size(tab, find, theme, size, present):
    theme.set_present(present)
    tab.resize(*size)
    QApplication.processEvents()  # lays out

    def place(name):
        return QRect(find(name).mapTo(tab, QPoint(0, 0)), find(name).size())

    names = ("digitCanvas", "clearButton", "predictionLabel", "probabilityBars")
    canvas, brush, answer, bars = map(place, names)
    assert canvas.width() == canvas.height() >= 196
    assert canvas.bottom() < brush.top()
    assert canvas.right() < answer.left()
    assert canvas.right() < bars.left()
    assert not answer.intersects(bars)
    if present:
        return
    cards, buttons = place("modelCards"), place("seenPanelButton")
    assert bars.right() < cards.left()
    assert max(brush.bottom(), bars.bottom(), cards.bottom()) < buttons.top()
    assert tab.rect().contains(cards)


@pytest.mark.parametrize(("width", "offers_all"), [(1208, True), (840, False)])
def test_the_brush_has_room_to_be_moved(tab, find, width, offers_all):
    tab.resize(width, 560 if width < 1000 else 748)
    QApplication.processEvents()
    assert find("brushSizeSlider").width() >= 60
    assert find("copyButton").isVisible() == offers_all
    assert find("clearButton").isVisible()


def test_key_corrects_an_answer_and_labelled_drawings_can_be_saved(
    qtbot, engine, find, train, draw, tmp_path, file_dialogs
):
    train("softmax")
    canvas, panel = find("digitCanvas"), find("labelledLabel", QLabel)
    canvas.setFocus()
    QTest.keySequence(canvas, "7")
    assert panel.text() == "Drawings are saved automatically.", "there is nothing to teach on an empty canvas"
    draw()
    seen = find("inputPreview").images[0].copy()
    QTest.keySequence(canvas, "7")
    QTest.keySequence(canvas, "1")
    assert panel.text() == "2 corrected images (last: 1)."
    find("takeBackButton", QPushButton).click()
    assert panel.text().startswith("1 corrected image (7).")
    engine.view.undo()
    assert panel.text().startswith("2 corrected images (last: 1).")
    engine.view.undo()
    assert panel.text().startswith("1 corrected image (7).")
    path = tmp_path / "x.npz"
    file_dialogs.answer(path)
    find("saveExamplesButton", QPushButton).click()
    qtbot.waitUntil(path.exists)
    saved = np.load(path)
    np.testing.assert_array_equal(saved["images"], [np.rint(seen * 255)])
    assert saved["labels"].tolist() == [7]


def examples_of_next(engine):
    """The labels that the next run learns from."""
    with np.load(engine.view.value.next["labelled_examples"]) as saved:
        return saved["labels"].tolist()


def test_the_next_run_learns_from_all_that_was_corrected_until_the_button_is_pressed(
    qtbot, find, engine, draw
):
    """It asked for a file first, then scrolled the settings, and trained only after a third press."""
    view, train, paths = engine.view, find("trainWithExamplesButton", QPushButton), []
    for labels in ([7], [7, 1]):
        draw()
        QTest.keySequence(find("digitCanvas"), str(labels[-1]))
        view.change(tab="drawTab", train=TrainView(form=False))
        train.click()
        qtbot.waitUntil(lambda: view.value.tab == "trainTab")
        config = engine.check_next().trainable
        assert (view.value.train.form, config.preset) == (True, "lecture-softmax")
        assert examples_of_next(engine) == labels
        paths.append(config.data.labelled_examples)
    assert paths[0] != paths[1], "a run may have learned from the file of before"
    view.change(tab="drawTab", next=view.value.next.replace(labelled_examples=""))
    train.click()
    assert view.value.next["labelled_examples"] == paths[1], "nothing was corrected since"


def test_the_classifier_that_was_wrong_is_the_one_that_learns_from_examples(qtbot, find, engine, train, draw):
    """A new softmax was prepared, since that had been trained last, and the other one remained wrong."""
    view, usual = engine.view, NextRun.of(preset("conv-classifier").config.replace(seed=5))
    wrong = trained.train(qtbot, engine, preset("conv-classifier").config.replace(seed=5, epochs=12))
    latest, edited = NextRun.of(train("softmax").description.config), usual.replace(epochs="7")
    view.show_run(wrong)
    for n, (chosen, expected) in enumerate(((latest, usual), (edited, edited)), 1):
        view.change(tab="drawTab", next=chosen)
        draw()
        QTest.keySequence(find("digitCanvas"), str(n))
        find("trainWithExamplesButton", QPushButton).click()
        qtbot.waitUntil(lambda: view.value.tab == "trainTab")
        path = view.value.next["labelled_examples"]
        assert view.value.next == expected.replace(labelled_examples=path)
        assert examples_of_next(engine) == [1, 2][:n]


def test_to_train_on_examples_keeps_a_classifier_that_was_chosen_and_edited(qtbot, find, engine, draw):
    """The first classifier was filled in, and the one that had been chosen and edited was gone."""
    view = engine.view
    chosen = preset("conv-classifier").config.replace(epochs=7, seed=5)
    for n, (config, expected) in enumerate(
        ((chosen, chosen), (preset("vae").config.replace(epochs=7), preset("lecture-softmax").config)), 1
    ):
        view.change(next=NextRun.of(config))
        draw()
        QTest.keySequence(find("digitCanvas"), str(n))
        view.change(next=view.value.next.replace(labelled_examples="/of before.h5"))
        view.change(tab="drawTab", train=TrainView(form=False))
        find("trainWithExamplesButton", QPushButton).click()
        qtbot.waitUntil(lambda: view.value.tab == "trainTab")
        assert view.value.train.form
        path = view.value.next["labelled_examples"]
        assert view.value.next == NextRun.of(expected.replace(labelled_examples=path))
        assert examples_of_next(engine) == [1, 2][:n]


def test_what_is_labelled_takes_no_room_from_what_is_seen(tab, find, draw):
    tab.resize(1150, 748)
    QApplication.processEvents()  # lays out
    strip, label = find("normalisationStrip"), find("labelledLabel", QLabel)
    assert label.height() <= 2 * label.fontMetrics().lineSpacing() + 1
    before = strip.width()
    draw()
    QTest.keySequence(find("digitCanvas"), "7")
    QApplication.processEvents()
    assert find("trainWithExamplesButton").isVisible()
    assert strip.width() == before


def test_flipped_pixels_are_in_what_networks_see(tab, find, engine, draw):
    draw()
    view, strip = engine.view, find("normalisationStrip")
    for flips in ({(0, 0), (27, 3)}, {(1, 20)}):
        pictures = []
        for pixels in (frozenset(), frozenset(flips)):
            sheet = replace(view.value.draw.sheet(INK), flips=pixels)
            view.change(draw=view.value.draw.with_sheet(INK, sheet))
            pictures.append(strip.grab().toImage())
        changed = [
            x
            for x in range(strip.width())
            if any(pictures[0].pixel(x, y) != pictures[1].pixel(x, y) for y in range(strip.height()))
        ]
        assert changed
        assert min(changed) > strip.width() / 2, "the steps before are as they were"


def test_examples_that_cannot_be_saved_stay(qtbot, engine, tab, find, draw, tmp_path, file_dialogs):
    draw()
    QTest.keySequence(find("digitCanvas"), "7")
    file_dialogs.answer(tmp_path / "no" / "x.h5")
    with qtbot.waitSignal(engine.notifications.unanswered) as failed:
        find("saveExamplesButton", QPushButton).click()
    assert "No such file" in failed.args[0]
    assert find("labelledLabel", QLabel).text().startswith("1 corrected image (7).")


def test_noise_is_not_labelled(find, train, draw, tab):
    draw()
    clean = find("inputPreview").images[0].copy()
    find("noiseSlider", QSlider).setValue(60)
    QTest.keySequence(find("digitCanvas"), "7")
    np.testing.assert_array_equal(tab.labelling.examples[0].image, np.rint(clean * 255))


def test_evidence_takes_the_colours_of_the_theme(qtbot, find, train, draw, theme):
    train("softmax")
    draw()
    find("evidencePanelButton", QPushButton).click()
    cards = find("evidenceCards")
    qtbot.waitUntil(lambda: len(cards.cards) == 10)
    light = cards.cards[0].image[0, 0]
    theme.set_mode("dark")
    dark = cards.cards[0].image[0, 0]
    assert light.min() > 200
    assert dark.max() < 60


def test_a_training_that_moves_on_does_not_keep_the_nearest_digits_away(qtbot, engine, find, train, draw):
    train("softmax")
    engine.training.train(preset("vae").config.replace(epochs=10_000))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    draw()
    qtbot.waitUntil(lambda: len(find("nearestCards").cards) == 10 and len(find("modelCards").cards) == 3)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


def test_weights_that_give_no_numbers_have_no_answer_and_others_do(
    qtbot, engine, tab, find, train, draw, facts
):
    def value_of(request, snapshot, answer=facts.value_of):
        if snapshot.position == Position(2) and isinstance(request, Classify | FindEvidence):
            raise CadlError("Not a number.")
        return answer(request, snapshot)

    facts.value_of = value_of
    reported = []
    engine.notifications.unanswered.connect(reported.append)
    train("softmax")
    engine.view.show(Position(1))
    draw()
    qtbot.waitUntil(lambda: len(find("evidenceCards").cards) == 10)
    engine.view.go_live()
    qtbot.waitUntil(lambda: not find("evidenceCards").cards and not find("modelCards").cards)
    assert find("predictionLabel", QLabel).text() == "No prediction."
    assert find("probabilityBars").answer is None
    assert "softmax: Not a number." in reported
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: len(find("evidenceCards").cards) == 10 and len(find("modelCards").cards) == 1)
    assert find("predictionLabel", QLabel).text() == "0"


def test_of_equal_probabilities_everybody_names_the_same_one(qtbot, find, train, draw, facts):
    def value_of(request, snapshot, answer=facts.value_of):
        is_asked = isinstance(request, Classify)
        return np.full((1, 10), 0.1, np.float32) if is_asked else answer(request, snapshot)

    facts.value_of = value_of
    train("softmax")
    draw()
    qtbot.waitUntil(lambda: len(find("modelCards").cards) == 1)
    first = find("probabilityBars").answer
    assert find("predictionLabel", QLabel).text() == find("modelCards").cards[0].answer == str(first)
    second = find("runnerUpLabel", QLabel).text().removeprefix("2nd: ").partition(" ")[0]
    assert f"; runner-up {second}, " in find("probabilityBars").accessibleDescription()
