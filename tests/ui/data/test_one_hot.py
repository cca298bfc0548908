"""A label one-hot, and why."""

import re

import pytest
from PySide6.QtCore import QPoint
from seen import reported_at

from cadl_gui.ui.data.one_hot_text import why_one_hot
from cadl_gui.ui.data.one_hot_view import OneHotView

pytestmark = pytest.mark.gui

DIGITS = tuple("0123456789")
ANIMALS = ("bird", "cat", "deer", "dog")


@pytest.fixture
def view(show, theme):
    return show(OneHotView(theme, empty_text="No labels."), 300, 100)


def told(view):
    """What the pointer reads from left to right, each once."""
    words = (reported_at(view, QPoint(x, 10)) for x in range(1, view.width(), 3))
    return [text for text in dict.fromkeys(words) if text]


def test_an_8_read_as_0_is_the_lectures_example():
    assert "mistaking 8 for 0 would count as 8, for 7 only as 1" in why_one_hot(8, DIGITS)


@pytest.mark.parametrize("n", [4, 10, 1000])
def test_each_difference_is_right_and_one_is_larger(n):
    for label in range(n):
        found = re.search(
            r"mistaking (\d+) for (\d+) would count as (\d+), for (\d+) only as 1",
            why_one_hot(label, tuple(map(str, range(n)))),
        )
        of, far, apart, near = map(int, found.groups())
        assert of == label
        assert abs(far - label) == apart > abs(near - label) == 1
        assert max(far, near) < n


@pytest.mark.parametrize(
    ("label", "words"), [(0, "for “deer” would count as 2, for “cat” only as 1"), (1, "those 2 apart")]
)
def test_of_three_classes_the_middle_one_is_as_far_from_both(label, words):
    assert words in why_one_hot(label, ("bird", "cat", "deer"))


def test_classes_are_called_by_their_names_and_a_single_one_cannot_be_mistaken():
    text = why_one_hot(0, ANIMALS)
    assert "mistaking “bird” for “dog” would count as 3, for “cat” only as 1" in text
    assert "“" + 23 * "a" + "…”" in why_one_hot(0, ("a" * 100, *ANIMALS))
    assert "differ by 1" in why_one_hot(1, ("x", "y"))
    assert "only one class" in why_one_hot(0, ("cat",))


def test_one_hot_vector_has_a_1_for_the_label_and_a_0_for_all_others(view):
    view.set_label(3, DIGITS)
    assert told(view) == [f"class {i} of 10 · {int(i == 3)}" for i in range(10)]
    assert view.accessibleDescription() == "class 3 of 10 · 1; every other class is 0"


def test_the_cell_of_the_label_has_its_colour_and_the_others_have_none(view, theme):
    view.set_label(3, DIGITS)
    image, cell = view.grab().toImage(), view.width() / 10
    colours = [image.pixelColor(round((i + 0.15) * cell), 6).name() for i in range(10)]
    assert colours[3] == theme.label_colours("light")[3].lower()
    assert {colour for i, colour in enumerate(colours) if i != 3} == {theme.colours.plot.lower()}


@pytest.mark.parametrize("label", [0, 1, 2, 9, 500, 997, 998, 999])
def test_of_a_thousand_classes_the_first_the_last_and_the_label_are_there(view, label):
    names = tuple(f"a long name {i}" for i in range(1000))
    view.set_label(label, names)
    texts = told(view)
    numbers = [int(text.split()[1]) for text in texts]
    assert numbers == sorted(set(numbers))
    assert {0, label, 999} <= set(numbers)
    assert 8 <= len(numbers) < 25
    assert [text.endswith("· 1") for text in texts] == [number == label for number in numbers]


@pytest.mark.parametrize("n", [1, 2, 14, 15, 16, 29])
def test_every_class_that_fits_has_a_cell(view, n):
    view.set_label(n - 1, tuple(str(i) for i in range(n)))
    numbers = [int(text.split()[1]) for text in told(view)]
    assert numbers[-1] == n - 1
    assert numbers == list(range(n)) or n > 15


def test_long_names_take_room_below_which_is_the_same_for_every_label(view):
    view.set_label(3, DIGITS)
    short = view.sizeHint().height()
    names = ("airplane", *DIGITS[1:])
    heights = set()
    for label in range(10):
        view.set_label(label, names)
        heights.add(view.sizeHint().height())
    assert len(heights) == 1
    assert heights.pop() > short + 20
    image = view.render_image(1.0)
    view.set_label(9, ("airplaen", *DIGITS[1:]))
    assert view.render_image(1.0) != image, "the last letters are there, too"


def test_without_a_label_it_says_so(view):
    view.set_label(3, DIGITS)
    view.set_label(None, ())
    assert view.accessibleDescription() == "No labels."
    assert told(view) == []
