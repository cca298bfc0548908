"""The confusion matrix emphasises mistakes, and shows each exact count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QFontMetricsF
from seen import hover_texts, reported_at

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.figures.figure import Figure
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.accuracy_line import right_text
from cadl_gui.ui.train.confusion_layout import confusion_layout
from cadl_gui.ui.train.confusion_view import ConfusionView

pytestmark = pytest.mark.gui

MATRIX = np.diag([583, 667, 571, 582, 552, 520, 582, 612, 557, 565]).astype(np.int64)
MATRIX[4, 9], MATRIX[4, 0], MATRIX[9, 4] = 21, 10, 1
"""Label 4 has 583 images; 32 of 5,823 images are wrong."""


@pytest.fixture
def theme(applied_theme):
    return applied_theme


@pytest.fixture
def view(show, theme):
    return show(ConfusionView(theme, empty_text="Press Train."), 440, 412)


def layout_of(view, theme, names=()):
    return confusion_layout(view.confusion, view.size(), theme, 1.0, names, coloured=True)


def place_of(view, theme, row, column, names=()):
    return layout_of(view, theme, names).cell_rect(row, column).center().toPoint()


def reported_everywhere(qtbot, view):
    """Everything the pointer reports on its way over the whole view."""
    said = hover_texts(view)
    for y in range(1, view.height(), 10):
        for x in range(1, view.width(), 10):
            qtbot.mouseMove(view, QPoint(x, y))
    return set(said)


def colour_of(view, theme, row, column):
    """The cell's colour, at its corner, where there is no text."""
    corner = layout_of(view, theme).cell_rect(row, column).topLeft().toPoint() + QPoint(1, 1)
    return QColor(view.grab().toImage().pixel(corner))


def grey_of(view, theme, row, column):
    return colour_of(view, theme, row, column).lightness()


def test_the_pointer_reads_a_cell(qtbot, view, theme):
    view.set_confusion(MATRIX)
    assert reported_at(view, QPoint(1, 1)) == ""
    assert reported_at(view, place_of(view, theme, 4, 9)) == "true 4, predicted 9: 21 of 583 (3.6 %)"
    assert reported_at(view, place_of(view, theme, 0, 0)) == "true 0, predicted 0: 583 of 583 (100.0 %)"


def test_the_count_of_a_cell_is_in_its_row_of_the_true_class(view, theme):
    view.set_confusion(MATRIX)
    image = view.grab().toImage()

    def ink(row, column):
        rect = layout_of(view, theme).cell_rect(row, column).toRect().adjusted(2, 2, -2, -2)
        cell = image.copy(rect)
        ground = cell.pixel(0, 0)
        return sum(cell.pixel(x, y) != ground for y in range(cell.height()) for x in range(cell.width()))

    assert ink(4, 9) > ink(9, 4) > 0, "21 and 1"


def test_a_resting_pointer_follows_the_epochs(qtbot, view, theme):
    view.set_confusion(MATRIX)
    qtbot.mouseMove(view, QPoint(1, 1))
    qtbot.mouseMove(view, place_of(view, theme, 4, 9))
    reported = hover_texts(view)
    view.set_confusion(np.ones_like(MATRIX))
    assert reported == ["true 4, predicted 9: 1 of 10 (10.0 %)"]


def test_a_label_without_images_has_no_share(qtbot, view, theme):
    matrix = MATRIX.copy()
    matrix[3] = 0
    view.set_confusion(matrix)
    assert reported_at(view, place_of(view, theme, 3, 5)) == "true 3, predicted 5: 0 of 0"


def test_confusion_matrix_says_in_words_what_it_shows(view):
    view.set_confusion(MATRIX)
    assert view.accessibleDescription() == (
        "99.5 % correct. 32 of its 5,823 validation images wrong. Most often 4 was predicted as 9: 21 times."
    )
    view.set_confusion(np.diag([5, 5]).astype(np.int64))
    assert view.accessibleDescription() == "10 of 10 correct. 0 of its 10 validation images wrong."


@pytest.mark.parametrize(
    ("right", "wrong", "text"), [(3, 1, "3 of 4"), (97, 2, "97 of 99"), (97, 3, "97.0 %")]
)
def test_the_accuracy_of_a_few_images_is_not_in_per_cent(right, wrong, text):
    assert right_text(np.array([[right, wrong], [0, 0]])) == text


def test_single_mistake_among_many_is_not_rounded_away(view):
    matrix = np.diag([50_000, 50_000]).astype(np.int64)
    matrix[0, 1] = 1
    view.set_confusion(matrix)
    assert view.accessibleDescription() == (
        "99.9 % correct. 1 of its 100,001 validation images wrong. Most often 0 was predicted as 1: 1 time."
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_right_has_its_label_s_colour_and_mistakes_are_grey(view, theme, mode):
    """A pale diagonal was read as “never right”."""
    theme.set_mode(mode)
    matrix = MATRIX.copy()
    matrix[7, 7], matrix[7, 1] = 0, 100
    view.set_confusion(matrix)
    bed = QColor(theme.colours.plot)
    wanted = [QColor(name) for name in theme.label_colours(theme.background)]
    assert colour_of(view, theme, 0, 0) == wanted[0], "all of them are right"
    assert colour_of(view, theme, 4, 4).hslHue() == pytest.approx(wanted[4].hslHue(), abs=4)
    assert colour_of(view, theme, 7, 7) == bed, "none is"
    mistakes = [colour_of(view, theme, *cell) for cell in ((4, 0), (4, 9), (7, 1))]
    assert all(colour.hslSaturation() < 40 for colour in mistakes)
    strengths = [abs(colour.lightness() - bed.lightness()) for colour in mistakes]
    assert 0 < strengths[0] < strengths[1] < strengths[2]
    assert colour_of(view, theme, 4, 1) == bed


def test_more_classes_than_colours_have_a_faint_diagonal(view, theme):
    matrix = np.diag([100] * 12).astype(np.int64)
    matrix[0, 1] = 4
    view.set_confusion(matrix)
    bed = QColor(theme.colours.plot).lightness()
    strengths = [abs(grey_of(view, theme, *cell) - bed) for cell in ((5, 5), (0, 1))]
    assert 0 < strengths[0] < strengths[1]


@given(
    n=st.integers(1, 50),
    width=st.integers(112, 1300),
    height=st.integers(112, 800),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0]),
    present=st.booleans(),
)
def test_cells_are_squares_of_device_pixels_inside_the_view(n, width, height, ratio, present):
    layout = confusion_layout(
        np.ones((n, n), np.int64), QSize(width, height), Theme("light", present=present), ratio
    )
    for length in (layout.cell, layout.grid.left(), layout.grid.top(), layout.grid.width()):
        assert length * ratio == pytest.approx(round(length * ratio))
    if layout.cell * ratio > 1:
        assert layout.grid.right() <= width + 1e-6
        assert layout.grid.bottom() <= height + 1e-6


@pytest.mark.parametrize(("side", "present"), [(300, False), (400, False), (400, True)])
def test_texts_of_the_confusion_matrix_are_not_cut_off(view, theme, side, present):
    """Beyond the last letter and the last cell, the background is visible again."""
    theme.set_present(present)
    view.resize(side, side)
    view.set_confusion(MATRIX)
    image = view.grab().toImage()
    window = QColor(theme.colours.window)
    assert all(image.pixelColor(side - 1, y) == window for y in range(side))
    assert layout_of(view, theme).grid.bottom() <= side


def test_counts_are_left_out_where_they_do_not_fit(view, theme):
    view.set_confusion(MATRIX)
    assert layout_of(view, theme).shows_right_counts
    view.resize(320, 290)
    small = layout_of(view, theme)
    assert small.count_font is not None
    assert not small.shows_right_counts
    view.set_confusion(np.full((50, 50), 123))
    assert layout_of(view, theme).count_font is None
    for present, (pixels, has_all) in ((True, (18, False)), (False, (13, True)), (True, (18, False))):
        theme.set_present(present)
        view.set_confusion(np.eye(10, dtype=np.int64) * 571 + 1)
        view.resize(600, 460 if present else 420)
        layout = layout_of(view, theme)
        assert layout.count_font.pixelSize() >= pixels
        assert layout.shows_right_counts is has_all


def test_fifty_labels_name_as_many_as_fit(view, theme):
    view.set_confusion(np.eye(50, dtype=np.int64))
    layout = layout_of(view, theme)
    assert layout.cell >= 5
    assert 1 < layout.head_step <= 10


def test_an_empty_view_says_what_to_do(view):
    empty = view.grab().toImage()
    assert view.render_image(1.0).size() == view.size()
    view.set_confusion(MATRIX)
    assert view.grab().toImage() != empty
    for nothing in (None, np.zeros((10, 10), np.int64)):
        view.set_confusion(nothing)
        assert view.grab().toImage() == empty
        assert view.confusion is None
        assert view.accessibleDescription() == "Press Train."


@pytest.mark.parametrize("shape", [(10,), (10, 9), (2, 2, 2)])
def test_what_is_no_confusion_matrix_is_refused(view, shape):
    with pytest.raises(ValueError, match="Expected"):
        view.set_confusion(np.ones(shape, np.int64))


def test_a_panel_takes_it_and_a_rendering_has_nothing_around_it(qtbot, theme):
    view = ConfusionView(theme, empty_text="Press Train.")
    assert isinstance(view, Figure)
    panel = FigurePanel(view, theme, BackgroundJobs(), "Confusion")
    qtbot.addWidget(panel)
    view.set_confusion(MATRIX)
    panel.resize(600, 440)
    panel.show()
    qtbot.waitExposed(panel)
    image = view.render_image(2.0)
    assert image.width() < 2 * view.width()
    layout = confusion_layout(MATRIX, view.size(), theme, 2.0)
    assert image.height() == 2 * layout.grid.bottom()


def test_classes_are_shown_by_name(qtbot, view, theme):
    names = ("disc", "square", "ring", "cross", "star", "bar", "moon", "dot", "wave", "leaf")
    view.set_confusion(MATRIX, class_names=names)
    place = place_of(view, theme, 4, 9, names)
    assert reported_at(view, place) == "true star, predicted leaf: 21 of 583 (3.6 %)"
    assert "Most often star was predicted as leaf: 21 times." in view.accessibleDescription()


EMOJI = ("Activities", "Animals & Nature", "Flags", "Food & Drink", "Objects", "People & Body",
         "Smileys & Emotion", "Symbols", "Travel & Places")  # fmt: skip


def test_names_stand_beside_the_cells_as_far_as_there_is_room(view, theme):
    """Other names are other pixels, and a view too narrow for them keeps room for the cells."""
    matrix = np.eye(9, dtype=np.int64)
    view.set_confusion(matrix, class_names=EMOJI)
    named = view.grab().toImage()
    view.set_confusion(matrix, class_names=(*EMOJI[:-1], "Travel & Planes"))
    assert view.grab().toImage() != named
    for side in (200, 300, 600):
        view.resize(side, side)
        grid = layout_of(view, theme, EMOJI).grid
        assert grid.right() <= side
        assert grid.bottom() <= side
        assert grid.width() > 0.3 * side


@pytest.mark.parametrize("present", [False, True])
def test_names_of_neighbouring_rows_do_not_touch(view, theme, present):
    """For a class, whose type is large, a y reached into the b below it."""
    theme.set_present(present)
    view.set_confusion(np.eye(30, dtype=np.int64))
    names = [f"{word} by jug" for word in ("flag", "quay", "body", "judge", "jolly") for _ in range(6)]
    text = QFontMetricsF(theme.font("caption")).tightBoundingRect("bdgjy")
    assert layout_of(view, theme, names).heads.least > text.height()


def test_the_pointer_reads_the_whole_name_of_a_row_and_of_a_column(qtbot, view):
    matrix = np.diag(np.full(9, 3)).astype(np.int64)
    matrix[6, 1] = 1
    matrix[2, 2] = 1
    long = "Smileys, emotion, and whatever else has a face on it"
    view.resize(260, 260)
    view.set_confusion(matrix, class_names=(*EMOJI[:6], long, *EMOJI[7:]))
    said = reported_everywhere(qtbot, view)
    assert f"true {long}: 3 of 4 right (75.0 %)" in said
    assert "predicted Animals & Nature: 4 images" in said
    assert f"predicted {EMOJI[2]}: 1 image" in said


def test_two_classes_of_numbers_alone_have_no_names_to_turn(view, theme):
    view.set_confusion(np.eye(2, dtype=np.int64), class_names=("0", "1"))
    assert not layout_of(view, theme, ("0", "1")).heads.has_names


@pytest.mark.parametrize("n", [100, 300])
def test_of_many_classes_the_most_confused_have_rows_and_the_others_one(qtbot, view, n):
    """Those that are confused with each other can be read among hundreds, and no image is left out."""
    matrix = np.diag(np.full(n, 8)).astype(np.int64)
    matrix[70, 90], matrix[90, 20], matrix[3, 4] = 6, 5, 4
    view.set_confusion(matrix, class_names=tuple(f"kind {i}" for i in range(n)))
    said = reported_everywhere(qtbot, view)
    assert "true kind 70, predicted kind 90: 6 of 14 (42.9 %)" in said
    assert "true kind 90, predicted kind 20: 5 of 13 (38.5 %)" in said
    others = {text for text in said if text.startswith("true ") and text.count(" others") == 2}
    assert len(others) == 1
    n_others = int(others.pop().split()[1])
    assert 0.5 * n < n_others < n - 5
    assert f"true {n_others} others: {8 * n_others:,} of {8 * n_others:,} right (100.0 %)" in said
    assert "Most often kind 70 was predicted as kind 90: 6 times." in view.accessibleDescription()


def test_mistakes_of_the_others_among_each_other_are_as_dark_as_any(view, theme):
    """The last cell, of classes without rows of their own, is not as faint as what is right."""
    right, wrong = np.diag(np.full(300, 4)), np.roll(np.diag(np.full(300, 4)), 1, axis=1)
    greys = []
    for matrix in (right, wrong):
        view.set_confusion(matrix.astype(np.int64), class_names=tuple(f"kind {i}" for i in range(300)))
        image = view.render_image(1.0)
        cells = [QColor(image.pixel(x, image.height() - 4)).lightness() for x in range(image.width())]
        greys.append(min(cells[image.width() // 2 :]))
    assert greys[1] < 0.5 * greys[0]
