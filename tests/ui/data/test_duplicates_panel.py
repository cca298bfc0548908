"""Near-duplicates are searched for, and shown side by side."""

import numpy as np
import pytest
from hand import wheel
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar
from seen import part_told

from cadl_gui.domain.dataset_answers import MOST_DUPLICATES, DuplicatePair, Duplicates
from cadl_gui.ui.data.duplicates_panel import DuplicatesPanel

pytestmark = pytest.mark.gui


def found(n, *, is_sample=False):
    """Image i in training and 100 + i in the test part, i of 255 apart."""
    pairs = (DuplicatePair(i, 100 + i, "training", "test", i / 255) for i in range(n))
    return Duplicates(tuple(pairs), is_sample)


@pytest.fixture
def panel(show, theme, jobs):
    """Its list `pressed` gets what was started and stopped."""
    pressed = []
    panel = DuplicatesPanel(theme, jobs, lambda: pressed.append("search"), lambda: pressed.append("cancel"))
    panel.pressed = pressed
    return show(panel)


@pytest.fixture
def asked(panel):
    """Answers with images that are as bright as their number, and tells for which it was asked."""
    asked = []

    def answer(numbers):
        asked.append(numbers)
        grey = np.array(numbers, np.uint8)[:, None, None, None]
        panel.set_images(numbers, np.broadcast_to(grey, (len(numbers), 28, 28, 1)))

    panel.images_wanted.connect(answer)
    return asked


def visible(panel, part_of):
    names = ("findDuplicatesButton", "duplicatesProgress", "cancelDuplicatesButton", "duplicatePairs")
    return [name for name in names if part_of(panel, name).isVisible()]


def shown_pairs(view):
    """The numbers of the first images, as a screen reader is told."""
    if not view.accessibleDescription().startswith("image"):
        return []
    return [int(text.split()[1]) for text in view.accessibleDescription().split("; ")]


def test_before_a_search_it_says_why_and_a_button_starts_it(panel, part_of):
    assert visible(panel, part_of) == ["findDuplicatesButton"]
    assert "makes the test too easy" in part_of(panel, "duplicatesLabel").text()
    QTest.mouseClick(part_of(panel, "findDuplicatesButton"), Qt.MouseButton.LeftButton)
    assert panel.pressed == ["search"]


def test_a_search_shows_its_progress_and_can_be_cancelled(panel, part_of):
    panel.set_progress(0.25)
    assert visible(panel, part_of) == ["duplicatesProgress", "cancelDuplicatesButton"]
    bar = part_of(panel, "duplicatesProgress")
    assert bar.value() / bar.maximum() == 0.25
    QTest.mouseClick(part_of(panel, "cancelDuplicatesButton"), Qt.MouseButton.LeftButton)
    assert panel.pressed == ["cancel"]
    panel.set_progress(None)
    assert visible(panel, part_of) == ["findDuplicatesButton"]


@pytest.mark.parametrize(
    ("duplicates", "begins"),
    [
        (found(0), "No two images of different parts look the same."),
        (found(1), "Two images in different parts look the same."),
        (found(7), "7 pairs of images in different parts look the same."),
        (found(MOST_DUPLICATES), "Many images in different parts look the same; these are the 1,000 nearest"),
    ],
)
def test_panel_tells_how_many_were_found_and_whether_some_may_be_missing(panel, part_of, duplicates, begins):
    panel.set_progress(0.9)
    panel.set_duplicates(duplicates)
    text = part_of(panel, "duplicatesLabel").text()
    assert text.startswith(begins)
    assert "sample" not in text
    assert visible(panel, part_of) == (["duplicatePairs"] if duplicates.pairs else [])
    panel.set_duplicates(Duplicates(duplicates.pairs, is_sample=True))
    assert "only a sample of 20,000 was compared" in part_of(panel, "duplicatesLabel").text()


def test_both_images_of_a_pair_are_beside_each_other(panel, part_of, asked):
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view = part_of(panel, "duplicatePairs")
    told = "image 1 (training) and image 101 (test) differ by 1 of 255"
    assert told in view.accessibleDescription()
    left = part_told(view, told)
    picture, y = view.grab().toImage(), left.center().y()
    greys = [picture.pixelColor(x, y).red() for x in (left.left() + 5, view.width() // 2 + 20)]
    assert greys == [1, 101]


def test_an_image_that_is_clicked_is_chosen(panel, part_of, asked):
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view, chosen = part_of(panel, "duplicatePairs"), []
    panel.image_chosen.connect(chosen.append)
    place = part_told(view, "image 1 ").center()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, place.y()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2 + 20, place.y()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().topRight())
    assert chosen == [1, 101]


def test_only_images_that_are_shown_are_asked_for_and_none_twice(panel, part_of, asked):
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view = part_of(panel, "duplicatePairs")
    n = len(shown_pairs(view))
    assert 2 <= n < 6
    assert {number for numbers in asked for number in numbers} == {i + j for i in range(n) for j in (0, 100)}
    wheel(view, view.rect().center(), -120)
    assert asked[-1] == (n, 100 + n)
    before = len(asked)
    wheel(view, view.rect().center(), 120)
    assert len(asked) == before


def test_images_that_are_on_their_way_are_not_asked_for_again(panel, part_of):
    asked = []
    panel.images_wanted.connect(asked.extend)
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view = part_of(panel, "duplicatePairs")
    for delta in (-120, -120, 120, 120):
        wheel(view, view.rect().center(), delta)
    assert len(asked) > 6
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("key", ["Down", "PageDown", "End"])
def test_keys_scroll_and_the_scroll_bar_follows(panel, part_of, asked, key):
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view = part_of(panel, "duplicatePairs")
    bar = view.findChild(QScrollBar)
    value = {"Down": bar.singleStep(), "PageDown": bar.pageStep(), "End": bar.maximum()}[key]
    QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
    assert bar.value() == value > 0
    if key == "End":
        assert shown_pairs(view)[-1] == 19
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert (bar.value(), shown_pairs(view)[0]) == (0, 0)


def test_a_search_of_another_dataset_forgets_the_images(panel, part_of, asked):
    panel.set_duplicates(found(1))
    panel.set_duplicates(None)
    assert visible(panel, part_of) == ["findDuplicatesButton"]
    before = len(asked)
    panel.set_duplicates(found(1))
    QApplication.processEvents()
    assert asked[before:] == [(0, 100)]


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1), (512, 512, 3), (4, 300, 1)])
def test_images_of_any_size_fit(panel, part_of, theme, present, shape):
    theme.set_present(present)
    panel.images_wanted.connect(
        lambda numbers: panel.set_images(numbers, np.full((len(numbers), *shape), 200, np.uint8))
    )
    panel.set_duplicates(found(20))
    QApplication.processEvents()
    view = part_of(panel, "duplicatePairs")
    assert panel.width() == 320
    assert shown_pairs(view)
    assert view.grab().toImage().pixelColor(1, 0).red() == 200


def test_ink_on_paper_turns_them_around(panel, part_of, theme, asked):
    panel.set_duplicates(found(1))
    QApplication.processEvents()
    theme.set_inverted(True)
    assert part_of(panel, "duplicatePairs").grab().toImage().pixelColor(5, 5).red() == 255


def test_of_very_many_pairs_those_shown_have_their_images_wherever_one_scrolls(panel, part_of, asked):
    """Images that are not shown make room for others, and are asked for again."""
    view, n = part_of(panel, "duplicatePairs"), 90
    panel.set_duplicates(found(n))
    QApplication.processEvents()
    for _ in range(2):
        panel.set_duplicates(found(n))
        for key in (Qt.Key.Key_End, Qt.Key.Key_Home, *[Qt.Key.Key_PageDown] * (n // 2), Qt.Key.Key_Home):
            QTest.keyClick(view, key)
            QApplication.processEvents()
            numbers = shown_pairs(view)
            picture = view.grab().toImage()
            for number in numbers[1:-1]:  # all of which are in view
                place = part_told(view, f"image {number} ", least=24)
                assert picture.pixelColor(place.left() + 9, place.center().y()).red() == number
            if key == Qt.Key.Key_End:
                assert numbers[-1] == n - 1
