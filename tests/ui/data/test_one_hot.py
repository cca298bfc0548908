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


def plain(text):
    """Without what only keeps a line together."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


@pytest.fixture
def view(show, theme):
    return show(OneHotView(theme, empty_text="No labels."), 300, 100)


def told(view):
    """What the pointer reads from left to right, each once."""
    words = (reported_at(view, QPoint(x, 10)) for x in range(1, view.width(), 3))
    return [text for text in dict.fromkeys(words) if text]


def test_an_8_read_as_0_is_the_lectures_example():
    text = plain(why_one_hot(8, DIGITS))
    assert "reading 8 as 0 would be |0 − 8| = 8 wrong, as 7 only |7 − 8| = 1" in text


@pytest.mark.parametrize("names", [DIGITS, ANIMALS, tuple(map(str, range(1000))), tuple("abc"), ("x", "y")])
def test_each_difference_is_right_and_one_is_larger(names):
    for label in range(len(names)):
        found = re.findall(r"\|(\d+) − (\d+)\| = (\d+)", plain(why_one_hot(label, names)))
        assert found
        assert all(abs(int(first) - int(second)) == int(apart) for first, second, apart in found)
        if len(names) > 3:
            (far, of, _), (near, also_of, apart) = found
            assert int(of) == int(also_of) == label
            assert abs(int(far) - label) > int(apart) == 1
            assert max(int(far), int(near)) < len(names)


def test_classes_are_called_by_their_names():
    text = plain(why_one_hot(0, ANIMALS))
    assert "reading “bird” as “dog” would be |3 − 0| = 3 wrong, as “cat” only |1 − 0| = 1" in text
    assert "“" + 23 * "a" + "…”" in why_one_hot(0, ("a" * 100, *ANIMALS))


def test_single_class_cannot_be_mistaken():
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


def test_without_a_label_it_says_so(view):
    view.set_label(3, DIGITS)
    view.set_label(None, ())
    assert view.accessibleDescription() == "No labels."
    assert told(view) == []
