"""Cards show the names of their runs, abbreviated if necessary, and completely as hover text."""

from dataclasses import replace

import numpy as np
import pytest
from hand import wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QImage, QPainter, QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QToolTip

from cadl_gui.ui.controls.name_lines import name_lines
from cadl_gui.ui.draw.card_grid import LEAST_SIDE_PX, scrolled_grid
from cadl_gui.ui.draw.image_cards import Card, ImageCards

pytestmark = pytest.mark.gui


@pytest.fixture
def cards(qtbot, theme):
    view = ImageCards(theme, empty_text="Nothing yet.", n_lines=3)
    qtbot.addWidget(view)
    view.resize(300, 160)
    view.show()
    qtbot.waitExposed(view)
    return view


def image(cards, name, line="epoch 3"):
    cards.set_cards([Card(None, (name, line), answer="7", run="A")])
    return cards.render_image(1.0)


@pytest.mark.parametrize(
    "name", ["denoising-autoencoder", "lecture-conv-classifier", "a long name of mine", "classificator"]
)
def test_a_long_name_is_shown_to_its_end(cards, name):
    assert image(cards, name) != image(cards, name[:-1]), "its last letter is seen"
    assert image(cards, name) != image(cards, name, "epoch 4"), "so is what stands below it"


def test_the_mark_is_where_it_is_said_from_the_left_and_from_the_top(cards):
    card = Card(np.full((20, 20, 3), (255, 0, 0), np.uint8), ("", "", ""))
    cards.set_cards([card])
    plain = cards.render_image(1.0)
    cards.set_cards([replace(card, place=(0.75, 0.25))])
    marked = cards.render_image(1.0)
    pixels = [(x, y) for x in range(plain.width()) for y in range(plain.height())]
    image = np.array([at for at in pixels if plain.pixelColor(*at).name() == "#ff0000"])
    mark = np.array([at for at in pixels if plain.pixel(*at) != marked.pixel(*at)])
    share = (mark.mean(axis=0) - image.min(axis=0)) / np.ptp(image, axis=0)
    assert share == pytest.approx((0.75, 0.25), abs=0.03)


def test_an_image_looks_the_same_beside_any_card(cards):
    """A badge left the painter smooth, and blended the edges of the images after it."""
    wide, pictures = np.full((10, 23, 1), 90, np.uint8), []
    for before in (None, Card(None, ("vae", "", ""), answer="7", run="A")):
        cards.set_cards([before, Card(wide, ("", "", ""))])
        whole = cards.render_image(1.0)
        pictures.append(whole.copy(whole.width() // 2, 0, whole.width() // 2, whole.height()))
    assert pictures[0] == pictures[1]


def test_a_short_name_takes_one_line(cards, theme):
    pixels = image(cards, "vae", "")
    third_line = pixels.copy(0, pixels.height() - theme.sizes.caption, pixels.width(), theme.sizes.caption)
    assert {third_line.pixel(x, 3) for x in range(third_line.width())} == {third_line.pixel(0, 0)}


def test_a_name_breaks_at_a_hyphen_and_never_inside_a_word(theme):
    """“autoenc”, and “oder” below it, were read as two names."""
    metrics = QFontMetrics(theme.font("caption"))
    room = metrics.horizontalAdvance("autoenco")
    assert name_lines("autoencoder", room, 2 * room, metrics) == ("", "autoencoder")
    assert name_lines("conv-autoencoder", room, 2 * room, metrics) == ("conv-", "autoencoder")
    first, second = name_lines("autoencoder", room - 20, room, metrics)
    assert not first
    assert second.startswith("au")
    assert second.endswith("er")
    assert "…" in second


def test_a_name_on_one_line_is_whole(theme):
    """“rate 0.00…” was cut off where it differed: Qt's rounded width is too small at times."""
    metrics = QFontMetrics(theme.font("caption"))
    needed = metrics.horizontalAdvance("rate 0.001")
    for name in ("rate 0.001", "rate 0.005", "rate 0.02", "autoencoder"):
        for width in range(needed - 20, needed + 20):
            head, *others = name_lines(name, width, 2 * width, metrics)
            assert others or metrics.elidedText(head, Qt.TextElideMode.ElideRight, width) == name


def test_of_a_name_for_which_there_is_hardly_any_room_the_beginning_is_read(theme):
    """In present mode, “co…er” and “s…x” told nothing."""
    metrics = QFontMetrics(theme.font("caption"))
    room = metrics.horizontalAdvance("soft…") + 2
    assert name_lines("softmax", 5, room, metrics) == ("", "soft…")
    assert name_lines("softmax", 5, 2 * room, metrics) == ("", "softmax")


def test_all_of_a_card_is_reported_beside_the_pointer(cards):
    name = "a name that is much too long for any card, however many lines it may take"
    image(cards, name)
    place = QPoint(20, 20)
    QApplication.sendEvent(cards, QHelpEvent(QEvent.Type.ToolTip, place, cards.mapToGlobal(place)))
    assert QToolTip.text() == f"A · 7 · {name} · epoch 3"


def test_a_card_that_is_still_to_come_has_its_place_and_one_of_the_drawing_before_is_pale(cards):
    """Cards changed size and place three times while answers came; a “1” stood there for a 7."""
    first, second = (Card(None, (name, "90 %"), answer=name[0], run="A") for name in ("vae", "softmax"))
    for known, unknown in ((first, second), (second, first)):
        cards.set_cards([known, unknown])
        whole = cards.render_image(1.0)
        half = whole.width() // 2
        cards.set_cards([known, None])
        assert cards.cards == (known,)
        assert cards.render_image(1.0).copy(0, 0, half, whole.height()) == whole.copy(
            0, 0, half, whole.height()
        )
        cards.set_cards([replace(known, is_old=True), unknown])
        pale = cards.render_image(1.0)
        right = half, 0, whole.width() - half, whole.height()
        assert pale.copy(*right) == whole.copy(*right)

        def contrast(image, width=half):
            shades = [image.pixelColor(x, y).lightness() for x in range(width) for y in range(image.height())]
            return max(shades) - min(shades)

        assert contrast(pale) < 0.5 * contrast(whole)


def test_the_name_of_a_run_is_no_markup_beside_the_pointer(cards):
    """Of rich text, Qt would fetch the images."""
    name = "<img src='//host/x.png'>"
    image(cards, name)
    place = QPoint(20, 20)
    QApplication.sendEvent(cards, QHelpEvent(QEvent.Type.ToolTip, place, cards.mapToGlobal(place)))
    assert QTextDocumentFragment.fromHtml(QToolTip.text()).toPlainText() == f"A · 7 · {name} · epoch 3"


def test_among_many_the_end_of_a_name_and_the_second_guess_are_seen(cards):
    def many(name, second):
        card = Card(None, (name, f"100 %, then {second}"), f"100 % › {second}", answer="7", run="A")
        cards.set_cards([card] * 11)
        return cards.render_image(1.0)

    cards.resize(735, 150)
    images = [many(*about) for about in (("lecture-conv-classifier", 4), ("lecture-conv-autoencoder", 4))]
    assert images[0] != images[1]
    assert images[0] != many("lecture-conv-classifier", 5)
    assert many("lecture-conv-classifier", 4) == images[0]


def test_why_there_is_no_answer_is_seen_to_its_end_on_the_smallest_card(cards):
    def refusal(sentence):
        cards.set_cards([Card(None, ("vae",), refusal=sentence, run="A")] * 7)
        return cards.render_image(1.0)

    cards.resize(720, cards.minimumSizeHint().height())
    sentence = "Needs grey images (28×28)."
    assert refusal(sentence) == refusal(sentence)
    assert refusal(sentence) != refusal(sentence[:-1]), "its end is not seen"
    assert refusal(sentence) != refusal(sentence[1:]), "its beginning is not seen"


def test_the_name_of_a_class_is_seen_in_place_of_a_digit(cards):
    def answer(name):
        cards.set_cards([Card(None, ("vae", "90 %"), answer=name, run="A")])
        return cards.render_image(1.0)

    assert answer("People & Body") != answer("People & Bod")
    assert answer("People & Body") != answer("eople & Body")


def test_a_large_digit_looks_the_same_whatever_was_written_before(cards, theme):
    """Qt shifted its outline by what the last letter of any size had been shifted by."""
    cards.resize(400, 400)
    cards.set_cards([Card(None, ("", "", ""), answer="7")])
    sheet, pictures = QImage(40, 40, QImage.Format.Format_RGB32), []
    for letter, x in zip("αβγδ", (0.0, 0.25, 0.5, 0.75), strict=True):
        painter = QPainter(sheet)
        painter.setFont(theme.font(23))
        painter.drawText(QPointF(x, 30), letter)
        painter.end()
        pictures.append(cards.render_image(1.0))
    assert all(picture == pictures[0] for picture in pictures)


@pytest.mark.parametrize("n", [1, 7, 13])
def test_of_a_refusal_the_beginning_is_seen_among_any_number_of_cards(cards, n):
    """It says what the network takes; its end alone, “64×64 in colour”, would say the opposite."""
    cards.resize(735, 110)
    seen = []
    for taken in ("28×28 in grey", "32×32 in grey"):
        card = Card(None, ("vae",), f"Needs {taken}.", refusal=f"Needs {taken}.", run="A")
        cards.set_cards([card] * n)
        seen.append(cards.render_image(1.0))
    assert seen[0] != seen[1]


def test_many_cards_are_scrolled_by_wheel_and_keys_and_saved_as_a_whole(qtbot, theme):
    view = ImageCards(theme, empty_text="Nothing yet.", n_lines=3, scrolls=True)
    qtbot.addWidget(view)
    view.resize(300, 360)
    view.show()
    qtbot.waitExposed(view)
    bar = view.findChild(QScrollBar)
    view.set_cards([Card(None, (f"run {i}",), answer=str(i % 10), run="A") for i in range(8)])
    assert not bar.isVisible(), "eight fit"
    view.set_cards([Card(None, (f"run {i}",), answer=str(i % 10), run="A") for i in range(30)])
    assert bar.isVisible()
    top, whole = view.grab().toImage(), view.render_image(1.0)
    wheel(view, QPoint(20, 20), -120)
    assert bar.value() > 0
    assert view.grab().toImage() != top
    assert view.render_image(1.0) == whole
    assert whole.height() > view.height()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    place = QPoint(20, view.height() - 20)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert QToolTip.text().startswith("A · ")
    view.set_cards(())
    assert not bar.isVisible()


@pytest.mark.parametrize("height", [110, 250, 282, 360, 501])
def test_scrolled_cards_are_not_cut_but_fewer(height):
    grid = scrolled_grid(9, 137, height, 56, 200)
    rows = height // grid.cell_height
    assert rows >= 1
    assert 0 <= height - rows * grid.cell_height < rows
    assert LEAST_SIDE_PX <= grid.side <= grid.cell_height - 56


def test_the_badge_of_a_seventh_run_is_hollow_as_in_the_list(cards, theme):
    def coloured(letter):
        cards.set_cards([Card(None, ("vae",), answer="7", run=letter)])
        picture, hue = cards.render_image(1.0), QColor(theme.run_colour(letter)).rgb()
        places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
        return sum(picture.pixel(x, y) == hue for x, y in places)

    assert theme.run_colour("G") == theme.run_colour("A")
    assert 0 < coloured("G") < 0.5 * coloured("A")


def test_six_cards_with_long_names_stand_in_rows_that_show_them(cards):
    """All in one row would be as large, but would cut the names."""
    cards.resize(560, 350)
    cards.set_cards([Card(None, ("denoising-autoencoder",), answer="7", run="A")] * 6)
    six = cards.render_image(1.0)
    assert six.height() > 250
