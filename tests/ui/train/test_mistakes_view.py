"""The worst mistakes: exact images, complete captions."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from seen import hover_texts, part_told

from cadl_gui.domain.evaluation_artifacts import WorstMistakes
from cadl_gui.ui.figures.figure import Figure
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.train.mistakes_view import MistakesView

pytestmark = pytest.mark.gui


def mistakes(n, shape=(28, 28, 1)):
    """The i-th image shows i mod 10, predicted as the next digit with 99 - i %."""
    labels = np.arange(n, dtype=np.int64) % 10
    images = np.random.default_rng(n).integers(0, 256, (n, *shape), dtype=np.uint8)
    probabilities = 0.99 - np.arange(n, dtype=np.float32) / 100
    return WorstMistakes(images, labels, (labels + 1) % 10, probabilities)


@pytest.fixture
def theme(applied_theme):
    return applied_theme


@pytest.fixture
def view(show, theme):
    return show(MistakesView(theme, empty_text="Press Train."), 400, 400)


def reported_everywhere(qtbot, view):
    """All hover texts on the way over the whole view, in order, without repetitions."""
    said = hover_texts(view)
    for y in range(2, view.height(), 30):
        for x in range(2, view.width(), 30):
            qtbot.mouseMove(view, QPoint(x, y))
    return [text for text in dict.fromkeys(said) if text]


def test_the_pointer_reads_a_mistake_in_words(qtbot, view):
    view.set_mistakes(mistakes(3))
    said = reported_everywhere(qtbot, view)
    assert said == [
        "true 0, predicted 1 (99 %)",
        "true 1, predicted 2 (98 %)",
        "true 2, predicted 3 (97 %)",
    ]
    assert view.accessibleDescription() == "; ".join(said)


def test_a_pressed_pointer_outside_reads_no_mistake(qtbot, view):
    """Above the view it read the last mistakes, and far above there was an IndexError."""
    view.set_mistakes(mistakes(12))
    said = hover_texts(view)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    for x, y in ((50, -30), (50, -200), (50, -600), (-30, 50), (-250, 150), (50, 430)):
        qtbot.mouseMove(view, QPoint(x, y))
        assert said.pop() == "", (x, y)
    qtbot.mouseMove(view, QPoint(50, 50))
    assert said.pop() == "true 0, predicted 1 (99 %)"
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))


def test_a_clicked_mistake_is_chosen_by_its_classes(qtbot, view):
    view.set_mistakes(mistakes(7))
    for i in (5, 0, 6):
        label, answer = (int(each[i]) for each in (view.mistakes.labels, view.mistakes.answers))
        place = part_told(view, f"true {label}, predicted {answer} ")
        with qtbot.waitSignal(view.chosen) as chosen:
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.center())
        assert chosen.args == [label, answer]
    with qtbot.assertNotEmitted(view.chosen):
        qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=place.center())
        view.set_mistakes(None)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.center())


def test_mistakes_are_shown_in_the_order_in_which_they_are_recorded(qtbot, view):
    """The most confident first, as the evaluation sorts them."""
    view.set_mistakes(mistakes(3))
    assert [text[-6:] for text in reported_everywhere(qtbot, view)] == ["(99 %)", "(98 %)", "(97 %)"]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_equal_squares(view, inverted, channels, theme):
    """One image of 4×4 in 400 pixels minus its caption: hard edges, starting at the corner."""
    shown = mistakes(1, (4, 4, channels))
    theme.set_inverted(inverted)
    view.set_mistakes(shown)
    image = view.render_image(1.0)
    side = image.width() // 4
    wanted = 255 - shown.images[0] if inverted else shown.images[0]
    for row in range(4):
        for column in range(4):
            for inside in (1, side - 2):
                x, y = column * side + inside, row * side + inside
                pixel = QColor(image.pixel(x, y)).getRgb()[:3]
                assert pixel == tuple(np.broadcast_to(wanted[row, column], 3))


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("side", [300, 400, 900])
def test_captions_of_mistakes_are_not_cut_off(qtbot, view, theme, side, present):
    """Below the last caption, the background is visible again, whatever the size; the worst are shown."""
    theme.set_present(present)
    view.resize(side, side)
    view.set_mistakes(mistakes(25))
    image = view.grab().toImage()
    window = QColor(theme.colours.window)
    assert all(image.pixelColor(side - 1, i) == window for i in range(side))
    assert all(image.pixelColor(i, side - 1) == window for i in range(side))
    said = reported_everywhere(qtbot, view)
    assert said == view.accessibleDescription().split("; ")[: len(said)]
    assert said


def test_smaller_views_show_fewer(qtbot, view):
    view.set_mistakes(mistakes(25))
    counts = []
    for side in (600, 400, 300):
        view.resize(side, side)
        counts.append(len(reported_everywhere(qtbot, view)))
    assert counts[0] == 25
    assert counts == sorted(counts, reverse=True)
    assert counts[2] >= 6


def test_large_images_are_reduced_to_fit(qtbot, view):
    view.set_mistakes(mistakes(9, (218, 178, 3)))
    assert len(reported_everywhere(qtbot, view)) == 9
    assert view.render_image(1.0).height() <= 400


def test_without_mistakes_it_says_so(view):
    empty = view.grab().toImage()
    assert view.accessibleDescription() == "Press Train."
    view.set_mistakes(mistakes(0))
    assert view.accessibleDescription() == "No mistakes among the validation images."
    assert view.grab().toImage() != empty
    view.set_mistakes(mistakes(3))
    view.set_mistakes(None)
    assert view.accessibleDescription() == "Press Train."
    assert view.grab().toImage() == empty
    assert view.mistakes is None


def test_mistakes_fit_a_panel_and_are_rendered_without_a_margin(view):
    assert isinstance(view, Figure)
    view.set_mistakes(mistakes(2))
    image = view.render_image(2.0)
    assert image.devicePixelRatio() == 2.0
    assert image.width() <= 800
    assert QColor(image.pixel(0, 0)).lightness() == mistakes(2).images[0, 0, 0, 0]


def test_classes_are_shown_by_name_on_either_background(qtbot, view, theme):
    view.set_mistakes(mistakes(1), class_names=("disc", "square", *"abcdefgh"))
    theme.set_inverted(True)
    assert reported_everywhere(qtbot, view) == ["true disc, predicted square (99 %)"]


NAMES = ("Travel & Places", "Smileys & Emotion", "Food & Drink", "Animals & Nature", *"abcdef")


def test_names_of_classes_are_written_in_full_where_they_fit(view, theme):
    """Another name is another caption: it is not the number that is written."""
    view.set_mistakes(mistakes(4), class_names=NAMES)
    named = view.grab().toImage()
    view.set_mistakes(mistakes(4), class_names=("Travel & Planes", *NAMES[1:]))
    assert view.grab().toImage() != named


@pytest.mark.parametrize("side", [200, 300, 400, 900])
def test_no_name_is_cut_off(view, theme, side):
    view.resize(side, side)
    view.set_mistakes(mistakes(25, (64, 64, 3)), class_names=NAMES)
    image = view.grab().toImage()
    window = QColor(theme.colours.window)
    assert all(image.pixelColor(i, side - 1) == window for i in range(side))
    assert all(image.pixelColor(side - 1, i) == window for i in range(side))


@pytest.mark.parametrize("side_px", [32, 64])
def test_as_many_images_fit_beside_names_as_a_class_looks_at(qtbot, view, side_px):
    """In the room that a window of 1440×900 gives them, of small photographs and of emoji."""
    view.resize(441, 402)
    view.set_mistakes(mistakes(25, (side_px, side_px, 3)), class_names=NAMES)
    assert len(reported_everywhere(qtbot, view)) >= 20


def test_of_more_than_ten_classes_none_has_a_chip(view, theme):
    """A chip beside some names and none beside others would say that these differ."""
    view.set_mistakes(mistakes(1), class_names=tuple(f"kind {i}" for i in range(30)))
    image = view.render_image(1.0)
    below = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height() - 34, image.height())
    ]
    assert max(colour.saturation() for colour in below) < 60


@pytest.mark.parametrize(("names", "axis"), [(("cat", "deer", "dog"), 0), (tuple("012"), 1)])
def test_the_true_class_comes_before_the_predicted_one(view, theme, names, axis):
    """Above it where classes have names, else at its left; by the colours of both."""
    view.set_mistakes(mistakes(1), class_names=names)
    pixels = rgba_pixels(view.grab().toImage())[..., :3].astype(int)
    colours = [QColor(each).getRgb()[:3] for each in theme.label_colours(theme.background)[:2]]
    true, predicted = (np.nonzero((pixels == colour).all(axis=2))[axis] for colour in colours)
    assert true.max() < predicted.min()
