"""The pictures of what speaks for and against the two most probable classes."""

import numpy as np
import pytest
from seen import colours_of, reported_at

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.evidence import Evidence
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.system.glossary import glossary
from cadl_gui.ui.draw.cards import evidence_cards
from cadl_gui.ui.draw.evidence_view import EvidenceView

pytestmark = pytest.mark.gui

DIGITS = numbered(10)


@pytest.fixture
def view(show, theme):
    return show(EvidenceView(theme, empty_text="Nothing yet."), 900, 140)


def evidence(shape=(28, 28, 1), n=10):
    """The top half speaks for 7 and the lower half against it; for 4 it is the other way round."""
    contributions = np.zeros((n, *shape), np.float32)
    half = shape[0] // 2
    contributions[7 % n, :half], contributions[7 % n, half:] = 0.02, -0.01
    contributions[4 % n, :half], contributions[4 % n, half:] = -0.01, 0.005
    logits = contributions.sum(axis=(1, 2, 3)) - 2
    logits[7 % n], logits[4 % n] = 5, 3
    return Evidence(contributions, logits)


def show(view, found=None, names=DIGITS, ink=None):
    view.set_evidence(found or evidence(), names, "vik", ink)


def test_in_colour_the_strongest_pixel_of_all_classes_has_the_last_colour_and_no_other():
    """Colours ended at the strongest channel, though those of a pixel are added up."""
    contributions = np.zeros((2, 1, 3, 3), np.float32)
    contributions[0, 0, :2] = (1, 1, 1), (1, 0.5, 0)
    card, _ = evidence_cards(Evidence(contributions, np.zeros(2, np.float32)), "vik", DIGITS)
    strongest, half, nothing = card.image[0]
    assert strongest.tolist() == colour_map("vik")[-1].tolist()
    assert half.tolist() == colour_map("vik")[128 + 64].tolist()
    assert nothing.tolist() == colour_map("vik")[128].tolist()


def test_the_cards_of_all_classes_have_one_scale():
    contributions = np.zeros((2, 2, 3, 1), np.float32)
    contributions[0, 0, 1], contributions[1, 1, 2] = 1, -0.5
    cards = evidence_cards(Evidence(contributions, np.float32([2, 1])), "vik", DIGITS)
    strong, weak = (card.image[place] for card, place in zip(cards, ((0, 1), (1, 2)), strict=True))
    assert [strong.tolist(), weak.tolist()] == colour_map("vik")[[256, 64]].tolist()
    assert cards[0].lines == ("73.1 %", "Σ +1.0", "b +1.0", "= +2.0")
    assert cards[1].lines == ("26.9 %", "Σ −0.5", "b +1.5", "= +1.0")


def test_both_classes_and_their_difference_add_up(view):
    show(view)
    assert view.toolTip() == f"Logit: {glossary()['logit']}\nBias: {glossary()['bias']}"
    seven, four, difference = view.accessibleDescription().split("; ")
    assert seven.startswith("7 87.5 %: ")
    assert four.startswith("4 11.8 %: ")
    assert difference.startswith("7, not 4: ")
    numbers = []
    for block in (seven, four, difference):
        texts = block.split(": ")[1].split(", ")
        speaks_for, against, biases, total = (float(text.split(" ")[-1].replace("−", "-")) for text in texts)
        assert speaks_for + against + biases == pytest.approx(total, abs=0.11)
        numbers.append(total)
    assert numbers == pytest.approx([5, 3, 2], abs=0.05)
    assert reported_at(view, view.rect().center()).startswith("Score (logit): ")


def test_where_three_pictures_have_no_room_the_difference_has_it(view, theme):
    """As in the large type of present mode, in a narrow window."""
    show(view)
    view.resize(600, 160)
    in_columns = [view.grab().toImage().copy(x, 0, 1, 160) for x in (100, 300)]
    theme.set_present(True)
    show(view)
    large = view.grab().toImage()
    assert all(len(colours_of(column)) > 3 for column in in_columns)
    assert len(colours_of(large.copy(100, 0, 1, 160))) > 3
    view.resize(900, 160)
    assert view.grab().toImage().copy(0, 0, 160, 160) != large.copy(0, 0, 160, 160), "all three again"


@pytest.mark.parametrize(("other", "title"), [(9, "7, not 9"), (7, "7, not 4"), (None, "7, not 4")])
def test_the_answer_is_compared_with_any_other_class(view, other, title):
    view.set_evidence(evidence(), DIGITS, "vik", None, other)
    *_, second, difference = view.accessibleDescription().split("; ")
    assert second.startswith(title[-1])
    assert difference.startswith(f"{title}: ")


def test_what_speaks_for_it_is_red_and_what_speaks_against_it_is_blue(view):
    show(view)
    image = view.grab().toImage()
    above, below = image.pixelColor(60, 20), image.pixelColor(60, 110)
    assert above.red() > above.blue()
    assert below.blue() > below.red()
    beside = view.items()[2].rect
    column = (image.pixelColor(round(beside.left()) + 1, y) for y in range(view.height()))
    bars = [colour.red() > colour.blue() for colour in column if abs(colour.red() - colour.blue()) > 60]
    assert bars[-1], "the lowest bar is that of the score, which is positive"
    assert not all(bars), "and one above is that of what speaks against it"


def test_the_drawing_is_recognised_where_it_says_nothing(view):
    nothing = Evidence(np.zeros((10, 28, 28, 1), np.float32), np.zeros(10, np.float32))
    ink = np.zeros((28, 28), np.float32)
    show(view, nothing, ink=ink)
    blank = view.grab().toImage()
    ink[10:20, 10:20] = 1
    show(view, nothing, ink=ink)
    assert view.grab().toImage() != blank


def test_without_evidence_there_is_a_text(view):
    empty = view.grab().toImage()
    show(view)
    assert view.grab().toImage() != empty
    view.clear()
    assert view.grab().toImage() == empty
    assert view.accessibleDescription() == "Nothing yet."


@pytest.mark.parametrize("size", [(420, 56), (640, 120), (1600, 240)])
@pytest.mark.parametrize("present", [False, True])
def test_three_pictures_of_equal_size_fit_any_section(view, theme, size, present):
    theme.set_present(present)
    view.resize(*size)
    show(view)
    image = view.grab().toImage()
    third = size[0] // 3
    assert all(len(colours_of(image.copy(i * third, 0, third, size[1]))) > 3 for i in range(2))


@pytest.mark.parametrize("present", [False, True])
def test_in_a_page_to_itself_pictures_are_larger(view, theme, present):
    theme.set_present(present)
    show(view)
    sides = []
    for size in ((1060, 140), (1060, 500)):
        view.resize(*size)
        pictures = [item.rect for item in view.items() if item.image is not None]
        assert len(pictures) == 3
        sides.append(pictures[0].width())
        assert all(item.rect.bottom() <= size[1] for item in view.items())
    assert sides[1] > 1.5 * sides[0]


def test_a_class_alone_has_nothing_to_be_compared_with(view):
    show(view, evidence(n=1), ("cat",))
    assert view.accessibleDescription().startswith("cat 100.0 %: pixels for ")
    assert ";" not in view.accessibleDescription()


def test_coloured_images_of_any_size_are_shown(view):
    show(view, evidence((64, 64, 3)), tuple(f"class {i}" for i in range(10)))
    assert "class 7, not class 4" in view.accessibleDescription()
    assert len(colours_of(view.grab().toImage())) > 3
