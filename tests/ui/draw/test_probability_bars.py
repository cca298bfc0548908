"""The bars show the classifier's probabilities."""

import numpy as np
import pytest
from hand import tip_at
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPalette, QTextDocumentFragment
from PySide6.QtWidgets import QToolButton
from seen import colours_of

from cadl_gui.pictures.label_colours import LABEL_COLOURS
from cadl_gui.ui.draw.probability_bars import ProbabilityBars
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, LIGHT

pytestmark = pytest.mark.gui


@pytest.fixture
def theme():
    return Theme("dark", details=True)


@pytest.fixture
def bars(qtbot, theme):
    chosen = []
    bars = ProbabilityBars(theme, chosen.append)
    bars.chosen = chosen
    qtbot.addWidget(bars)
    bars.resize(400, bars.sizeHint().height())
    bars.show()
    qtbot.waitExposed(bars)
    return bars


def surely(digit, p=0.9):
    """Probabilities: p for one digit; the others share the rest, the next one with a double share."""
    probabilities = np.full(10, (1 - p) / 10, np.float32)
    probabilities[(digit + 1) % 10] *= 2
    probabilities[digit] = p
    return probabilities


def coloured(bars, digit, mode="dark"):
    """Number of pixels along the middle of a row that have the digit's colour, without its badge."""
    image = bars.grab().toImage()
    row = middle_of(bars, digit)
    colour = QColor(LABEL_COLOURS[mode][digit])
    return sum(QColor(image.pixel(x, row)) == colour for x in range(30, image.width()))


def middle_of(bars, digit):
    """The vertical centre of a digit's row."""
    header = header_of(bars)
    row = (bars.height() - header) // 10
    return header + digit * row + row // 2


def header_of(bars):
    """The height of the choice of the scale and the headings, which stand there with Details."""
    button = bars.findChild(QToolButton, "linearButton")
    return button.height() + 4 if button.isVisible() else 0


def test_of_two_classes_the_scale_has_two_rows(bars, theme):
    """Its lines went on through the place of ten."""
    bars.set_classes(["circle", "square"])
    bars.set_probabilities(np.array([0.3, 0.7]))
    line, image = QColor(theme.colours.line), bars.grab().toImage()
    columns = range(image.width())
    lowest = max(y for y in range(image.height()) if any(image.pixelColor(x, y) == line for x in columns))
    assert lowest < header_of(bars) + 0.35 * (image.height() - header_of(bars))


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("digit", range(10))
def test_bars_are_as_long_as_their_probability_in_the_colour_of_their_digit(bars, theme, digit, mode):
    theme.set_mode(mode)
    bars.set_probabilities(np.eye(10)[digit])
    full = coloured(bars, digit, mode)
    assert full > 150
    bars.set_probabilities(surely(digit, 0.5))
    assert coloured(bars, digit, mode) == pytest.approx(full / 2, abs=2)
    other = "dark" if mode == "light" else "light"
    assert coloured(bars, digit, other) == 0, "no colour of the other theme stands out here"


def test_all_ten_classes_are_there_however_low_the_bars_are(bars):
    """On a projector beside a lesson, three were left, each time others."""
    for height in (bars.minimumSizeHint().height(), header_of(bars) + 10 * 15):
        bars.setFixedHeight(height)
        bars.set_probabilities(surely(8))
        row = (height - header_of(bars)) // 10
        rows = [bars.text_at(header_of(bars) + row * label + row // 2)[:1] for label in range(10)]
        assert rows == [str(label) for label in range(10)]
        image, colour = bars.grab().toImage(), QColor(LABEL_COLOURS["dark"][8])
        y = header_of(bars) + 8 * row + row // 2
        assert sum(QColor(image.pixel(x, y)) == colour for x in range(30, image.width())) > 100


def test_rows_are_as_high_as_other_controls(bars, theme):
    assert bars.sizeHint().height() == header_of(bars) + 10 * 28
    theme.set_present(True)
    assert bars.sizeHint().height() == header_of(bars) + 10 * 48


def test_without_details_there_are_only_percents_on_a_linear_scale(bars, theme):
    bars.findChild(QToolButton, "logarithmicButton").click()
    bars.set_probabilities(surely(3, 0.5))
    for details in (False, True, False):
        theme.set_details(details)
        half = coloured(bars, 3) < 0.6 * (bars.width() - 30)
        assert (header_of(bars) > 0, bars.is_logarithmic, half) == (details, details, not details)
        right = bars.grab().toImage().copy(bars.width() - 30, middle_of(bars, 3) - 8, 30, 16)
        assert QColor(DARK.text).name() in colours_of(right), "the number at the right edge"


def test_the_headings_do_not_overlap(bars, theme):
    """The first, “p”, ends before the second begins."""
    bars.resize(600, bars.sizeHint().height())
    image = bars.grab().toImage().copy(0, 0, 600, theme.sizes.caption)
    beside = bars.findChild(QToolButton, "logarithmicButton").geometry().right() + 1
    inked = [x for x in range(beside, 600) if len(colours_of(image.copy(x, 0, 1, image.height()))) > 1]
    caption = QFontMetrics(theme.font("caption"))
    short, long = caption.horizontalAdvance("p"), caption.horizontalAdvance("loss")
    assert 600 - inked[0] > short + long
    assert not any(inked[0] + short < x < 600 - long for x in inked)


@given(st.integers(0, 9))
def test_answer_and_runner_up_are_named(digit):
    bars = ProbabilityBars(Theme("light"), print)
    bars.set_probabilities(surely(digit))
    assert bars.answer == digit
    expected = f"Answer {digit}, 90.0 %; runner-up {(digit + 1) % 10}, 2.0 %."
    assert bars.accessibleDescription() == expected


def test_the_runner_up_may_be_improbable_as_probable_or_missing(bars):
    bars.set_probabilities(np.array([0.9997, 0.0003, *[0] * 8]))
    assert bars.accessibleDescription() == "Answer 0, 100.0 %; runner-up 1, < 0.1 %."
    bars.set_probabilities(np.full(10, 0.1))
    assert bars.accessibleDescription() == "Answer 0, 10.0 %; runner-up 1, 10.0 %."
    bars.set_classes(("cat",))
    bars.set_probabilities(np.ones(1))
    assert bars.accessibleDescription() == "Answer cat, 100.0 %."


def test_without_an_answer_there_is_none(bars):
    empty = bars.grab().toImage()
    bars.set_probabilities(surely(3))
    assert bars.grab().toImage() != empty
    bars.set_probabilities(None)
    assert bars.grab().toImage() == empty
    assert bars.answer is None
    assert bars.text_at(middle_of(bars, 3)) == ""


def test_a_row_reports_probability_and_cross_entropy(bars, theme):
    bars.set_probabilities(surely(3))
    assert bars.text_at(middle_of(bars, 3)).startswith("3: p = 0.900000.")
    assert bars.text_at(middle_of(bars, 3)).endswith("−log p = 0.11.")
    assert bars.text_at(5).startswith("p: how probable the network finds a class.")
    bars.set_probabilities(np.eye(10)[7])
    assert bars.text_at(middle_of(bars, 3)).endswith("−log p = ∞.")
    assert bars.text_at(middle_of(bars, 7)).endswith("−log p = 0.00.")
    theme.set_present(True)
    assert bars.text_at(middle_of(bars, 7)) == "7: p = 1.000000.", "a class is shown no formula"


@pytest.mark.parametrize(("mode", "colours"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("present", [True, False])
def test_in_every_mode_answer_and_runner_up_stand_out_in_its_colours(bars, theme, mode, colours, present):
    theme.set_mode(mode)
    theme.set_present(present)
    bars.setPalette(QPalette(QColor(colours.window)))
    bars.resize(600, bars.sizeHint().height())
    bars.set_probabilities(surely(3))
    header, row = header_of(bars), theme.sizes.control
    image = bars.grab().toImage()
    assert image.height() == header + 10 * row
    for digit in range(10):
        words = colours_of(image.copy(300, header + digit * row, 300, row))
        assert (QColor(colours.text).name() in words) == (digit in {3, 4})
        assert (QColor(colours.secondary).name() in words) == (digit not in {3, 4})


@pytest.mark.parametrize("shape", [(9,), (1, 10), ()])
def test_other_than_ten_numbers_are_refused(bars, shape):
    with pytest.raises(ValueError, match="Expected"):
        bars.set_probabilities(np.zeros(shape))


def test_classes_with_names_are_shown_and_read_by_name(bars, theme):
    names = ("cat", "dog", "a very long name of a class that does not fit into the widget")
    bars.set_classes(names)
    assert bars.answer is None
    bars.set_probabilities(np.array([0.2, 0.7, 0.1]))
    assert bars.accessibleDescription() == "Answer dog, 70.0 %; runner-up cat, 20.0 %."
    assert bars.text_at(middle_of(bars, 0)).startswith("cat: p = 0.2")
    assert bars.text_at(middle_of(bars, 3)) == ""
    dog = coloured(bars, 1)
    assert 3 < coloured(bars, 0) < dog, "a name takes the place of the bar"
    bars.set_classes(("a", "b", "c"))
    bars.set_probabilities(np.array([0.2, 0.7, 0.1]))
    assert coloured(bars, 1) > dog, "a long name leaves no less room than a short one"


def test_the_name_of_a_class_is_no_markup_in_its_tooltip(bars):
    """Of rich text, Qt would fetch the images."""
    bars.set_classes(("<img src='//host/x.png'>", "dog"))
    bars.set_probabilities(np.array([0.2, 0.8]))
    y = middle_of(bars, 0)
    tip = QTextDocumentFragment.fromHtml(tip_at(bars, 20, y)).toPlainText()
    assert tip == bars.text_at(y)


def test_of_many_classes_the_ten_most_probable_are_shown(bars):
    probabilities = np.zeros(100)
    probabilities[90:] = np.arange(1, 11) / 55
    bars.set_classes([f"class {i}" for i in range(100)])
    bars.set_probabilities(probabilities)
    assert bars.answer == 99
    assert "; runner-up class 98, " in bars.accessibleDescription()
    shown = [bars.text_at(middle_of(bars, row)).split(":")[0] for row in range(10)]
    assert shown == [f"class {i}" for i in range(99, 89, -1)]


@pytest.mark.parametrize("name", ["{:03}.Lesser yellow-headed vulture", "{}"])
def test_bars_of_many_classes_with_long_names_can_be_compared(bars, theme, name):
    """Names took all the room of the bars, and numbers of two digits did not fit their badges."""
    bars.set_classes([name.format(i) for i in range(120)])
    bars.resize(290, bars.height())
    bars.set_probabilities(np.eye(120)[103])
    image, grey = bars.grab().toImage(), theme.colours.secondary
    y = middle_of(bars, 0)
    inked = "".join("#" if image.pixelColor(x, y).name() == grey.lower() else " " for x in range(290))
    assert max(map(len, inked.split())) > 40
    rows = image.copy(0, middle_of(bars, 0) - 6, 16, 12)
    assert theme.colours.secondary.lower() not in colours_of(rows), "no badge"


def test_on_the_logarithmic_scale_bars_show_powers_of_ten(qtbot, bars):
    probabilities = np.array([1 - 1e-3 - 1e-6, 1e-3, 1e-6, 1e-13, *[0] * 6])
    bars.set_probabilities(probabilities)
    assert [coloured(bars, digit) > 3 for digit in range(4)] == [True, False, False, False]
    full = coloured(bars, 0)
    qtbot.mouseClick(bars.findChild(QToolButton, "logarithmicButton"), Qt.MouseButton.LeftButton)
    assert bars.chosen == [1]
    lengths = [coloured(bars, digit) for digit in range(5)]
    assert lengths == pytest.approx([full, 0.75 * full, 0.5 * full, 0, 0], abs=3)
    bars.set_logarithmic(False)
    assert coloured(bars, 1) <= 3


def test_a_power_of_ten_is_rounded_up_to_the_next(bars):
    """9.9999·10⁻⁵ was shown as 9·10⁻⁵."""
    bars.set_logarithmic(True)
    images = []
    for p in (9.9999e-5, 1e-4):
        bars.set_probabilities(np.array([1 - p, p, *[0] * 8]))
        images.append(bars.grab().toImage().copy(bars.width() - 100, 0, 100, bars.height()))  # the numbers
    assert images[0] == images[1]


def test_in_less_height_rows_move_together_and_all_ten_are_seen(bars, theme):
    bars.set_probabilities(surely(9))
    bars.resize(400, header_of(bars) + 10 * 16)
    assert bars.height() < header_of(bars) + 10 * theme.sizes.control
    assert coloured(bars, 9) > 100
    assert bars.text_at(middle_of(bars, 9)).startswith("9: p = 0.9")
