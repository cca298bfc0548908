"""The answers at every kept epoch, as they are painted, said and clicked."""

import fakes
import numpy as np
import pytest
from any_run import ViewOfAnyRun
from geometry import cut_off, texts
from hand import point_at, tip_at, wheel
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from seen import hover_texts, reported_at

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.controls.spotlight import FILLS_PAGE
from cadl_gui.ui.draw.drawing_history import RunHistory
from cadl_gui.ui.draw.history_view import HistoryView, brief, since_text

pytestmark = pytest.mark.gui

POSITIONS = (UNTRAINED, Position(0, 5), Position(1), Position(2))


def history(*labels, name="softmax", letter="A"):
    """A classifier that answers these labels, surer and surer; None where no answer has come."""
    run = Run(letter, fakes.description(letter, preset(name).config), History(10), list(POSITIONS))
    answers = [None if label is None else sure_of(label, 0.4 + 0.15 * i) for i, label in enumerate(labels)]
    return RunHistory(run, POSITIONS[: len(labels)], tuple(answers))


def sure_of(label, p):
    probabilities = np.full(10, (1 - p) / 9, np.float32)
    probabilities[label] = p
    return probabilities


@pytest.fixture
def view(qtbot, theme):
    view = HistoryView(theme, ViewState(), empty_text="Nothing yet.")
    qtbot.addWidget(view)
    view.resize(800, 160)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((3, 7, 7, 7), "7 since epoch 1, batch 5"),
        ((7, 3, 7, 7), "7 since epoch 1"),
        ((3, 3, 3, 7), "7 since epoch 2"),
        ((7, 7, 7, 7), "7 from the start"),
        ((3, None, 7, 7), ""),
    ],
)
def test_epoch_since_which_the_answer_is_the_last_one_is_said(view, labels, text):
    assert since_text(history(*labels)) == text
    view.set_rows([history(*labels)])
    assert view.accessibleDescription() == f"A · softmax{' · ' if text else ''}{text}"


def test_in_present_mode_no_number_is_cut_off_and_the_last_answer_is_seen(qtbot, theme):
    """“+100” was read as “10” before a class, and the newest epoch was outside."""
    many = (
        UNTRAINED,
        *(Position(0, n) for n in (1, 2, 5, 10, 20, 50, 100, 200)),
        *map(Position, range(1, 6)),
    )
    run = Run("A", fakes.description("A", preset("softmax").config), History(10), list(many))
    theme.set_present(True)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 200)
    view = HistoryView(theme, ViewState(), empty_text="Nothing yet.")
    view.setParent(window)
    view.setGeometry(window.rect())
    window.show()
    view.set_rows([RunHistory(run, many, tuple(sure_of(4, 0.9) for _ in many))])
    assert view.place_of(0, len(many) - 1).right() <= view.width()
    shown = texts(window)
    assert {"+200", "+100", "5"} <= {text.words for text in shown}
    assert cut_off(shown, window) == []


@pytest.mark.parametrize(
    ("presents", "place", "page"), [(False, (979, 108), (914, 470)), (True, (1175, 154), (1057, 496))]
)
def test_spotlight_enlarges_answers_of_every_number_and_one_row_is_in_the_middle(
    qtbot, theme, presents, place, page
):
    """Beside the names, they became smaller on a page that is narrower than their place."""
    theme.set_present(presents)
    many = tuple(map(Position, range(11)))
    run = Run("A", fakes.description("A", preset("softmax").config), History(11), list(many))
    view = HistoryView(theme, ViewState(), empty_text="Nothing yet.")
    qtbot.addWidget(view)
    view.show()
    for n_rows, n_columns in ((1, 4), (6, 11), (1, 11), (3, 4)):
        view.setProperty(FILLS_PAGE, False)
        view.resize(*place)
        answers = tuple(sure_of(4, 0.9) for _ in range(n_columns))
        view.set_rows([RunHistory(run, many[:n_columns], answers)] * n_rows)
        before = view.place_of(0, 0).width()
        view.setProperty(FILLS_PAGE, True)
        view.resize(*page)
        assert view.place_of(0, 0).width() > before
        assert view.place_of(0, n_columns - 1).right() <= view.width()
        shown = texts(view)
        assert cut_off(shown, view) == []
        if n_rows == 1:
            assert "4 from the start" in {text.words for text in shown}
            bounds = [text.place for text in shown]
            above, below = min(r.top() for r in bounds), max(r.bottom() for r in bounds)
            assert abs(above - (view.height() - below)) <= theme.sizes.caption


def test_epochs_and_early_batches_are_told_apart():
    assert [brief(position) for position in POSITIONS] == ["0", "+5", "1", "2"]


def test_the_tool_tip_tells_what_a_number_of_batches_means(view):
    """“+1063” was read as an answer gained."""
    view.set_rows([history(7, 7, 7, 7)])
    batches, epochs = (view.place_of(0, column).center().toPoint() for column in (1, 2))
    assert tip_at(view, batches.x(), batches.y()) == "batch 5 of epoch 1"
    assert tip_at(view, epochs.x(), epochs.y()) == "epoch 1"


def test_a_surer_answer_has_more_colour(view):
    view.set_rows([history(7, 7, 7, 7)])
    image = view.grab().toImage()

    def share_of_colour(column):
        cell = view.place_of(0, column).toRect()
        x = cell.left() + 3
        return sum(image.pixelColor(x, y).saturation() > 40 for y in range(cell.top(), cell.bottom()))

    shares = [share_of_colour(column) for column in range(3)]
    assert 0 < shares[0] < shares[1] < shares[2]
    cell = view.place_of(0, 0).toRect()
    top, bottom = (
        image.pixelColor(cell.left() + 3, y).saturation() for y in (cell.top() + 3, cell.bottom() - 3)
    )
    assert top < 40 < bottom, "it is filled from below"


def test_a_frame_is_around_the_answer_of_the_position_shown(qtbot, theme):
    row = history(3, 7, 7, 7)
    state = ViewOfAnyRun(row.run)
    view = HistoryView(theme, state, empty_text="Nothing yet.")
    qtbot.addWidget(view)
    view.resize(800, 160)
    state.show_run(row.run)
    for number in (2, 0, 3, 1):
        state.show(POSITIONS[number])
        view.set_rows([row])
        image, cells = view.grab().toImage(), [view.place_of(0, column).toRect() for column in range(4)]
        edges = [image.pixelColor(cell.left() - 1, cell.center().y()).name() for cell in cells]
        assert [edge == theme.colours.accent.lower() for edge in edges] == [i == number for i in range(4)]


def test_an_answer_that_is_clicked_is_chosen(qtbot, view):
    rows = [history(3, 7, 7, 7), history(1, 1, 1, 1, letter="B")]
    view.set_rows(rows)
    for row, column in ((0, 2), (1, 1)):
        with qtbot.waitSignal(view.chosen) as chosen:
            place = view.place_of(row, column).center().toPoint()
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        assert chosen.args == [rows[row].run, POSITIONS[column]]
    with qtbot.assertNotEmitted(view.chosen):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().bottomRight())


def test_the_pointer_reads_the_answer(view):
    view.set_rows([history(3, 7, 7, 7)])
    text = reported_at(view, view.place_of(0, 1).center().toPoint())
    assert text == "A softmax · epoch 1, batch 5 · 7, 55.0 %"


def test_many_networks_are_scrolled(view):
    view.set_rows([history(3, 7, 7, 7, letter=letter) for letter in "ABCDEF"])
    assert view.place_of(0, 0).top() >= 0
    assert view.place_of(5, 0).top() > view.height()
    assert view.place_of(1, 0).bottom() < view.height(), "the second row is cut off"
    assert view.place_of(2, 0).top() > view.height(), "the third row begins in sight"
    assert view.render_image(1.0).height() > view.height()


def test_the_pointer_reads_what_scrolling_brings_under_it(qtbot, view):
    """The status bar described the answer that had been there before."""
    view.set_rows([history(3, 7, 7, 7, letter=letter) for letter in "ABCDEF"])
    said = hover_texts(view)
    place = view.place_of(0, 1).center().toPoint()
    point_at(view, place)
    view.render_image(1.0)
    wheel(view, place, -120 * 100)  # a page
    QTest.keyClick(view, Qt.Key.Key_End)
    assert [text[0] for text in said] == ["A", "C", "E"]


def test_reconstructions_are_shown_as_images(view):
    empty = view.grab().toImage()
    about = history(3, 7, 7, 7, name="autoencoder")
    images = tuple(np.full((28, 28, 1), i / 4, np.float32) for i in range(4))
    view.set_rows([RunHistory(about.run, POSITIONS, images)])
    image = view.grab().toImage()
    shades = [image.pixelColor(view.place_of(0, i).center().toPoint()).red() for i in range(4)]
    assert shades == [round(255 * i / 4) for i in range(4)]
    wide = tuple(np.ones((10, 20, 1), np.float32) for _ in range(4))
    view.set_rows([RunHistory(about.run, POSITIONS, wide)])
    image, cell = view.grab().toImage(), view.place_of(0, 0).toRect()
    assert image.pixelColor(cell.left() + 2, cell.center().y()).red() == 255
    assert image.pixelColor(cell.center().x(), cell.top() + 4) == empty.pixelColor(cell.center())
    view.set_rows([])
    assert view.grab().toImage() == empty
