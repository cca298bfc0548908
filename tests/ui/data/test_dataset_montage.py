"""The montage of a dataset: what it shows where, and what wheel, drag, click and keys do."""

import json
from random import Random

import numpy as np
import pytest
from hand import leave, wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from seen import colours_of, reported_at

from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.view import View
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.montage.tiles import TILE_PX, cell_side, cells_of, rendered_tile
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.montage_marks import part_colours
from cadl_gui.ui.figures.pixel_image import rgba_pixels

pytestmark = pytest.mark.gui

N, SIDE = 400, 8
RING = 4
"""Pixels around the images, for the ring of the chosen one."""


def grey_of(number):
    """The i-th image is uniformly this grey, and its first pixel is black."""
    return 55 + number // 2


IMAGES = (
    np.full((N, SIDE, SIDE, 1), 0, np.uint8) + (55 + np.arange(N) // 2).astype(np.uint8)[:, None, None, None]
)
IMAGES[:, 0, 0] = 0
LABELS = np.arange(N) % 4
PARTS = (np.arange(N) >= 300).astype(np.uint8) + (np.arange(N) >= 350)


def description(**others):
    names = tuple(f"digits/{i}.png" for i in range(N))
    about = {"class_names": ("0", "1", "2", "3"), "labels": LABELS, "parts": PARTS.astype(np.uint8)}
    about |= {"image_shape": (SIDE, SIDE, 1), "file_names": names}
    return DatasetDescription(name="Greys", **about | others)


def serve(view):
    """Give the view the tiles that it lacks, until it lacks none."""
    grid = view.grid
    while missing := view.missing_tiles():
        for tile in missing:
            side = cell_side(tile.span, SIDE)
            step = SIDE // side
            tiles = [
                rendered_tile(
                    cells_of(tile, grid.cells), lambda which, step=step: IMAGES[which, ::step, ::step]
                )
            ]
            view.add_tiles(grid, [tile], tiles)


@pytest.fixture
def view(qtbot, theme):
    view = DatasetMontage(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(20 * 16 + 2 * RING, 20 * 16 + 2 * RING)
    view.show()
    return view


@pytest.fixture
def shown(view):
    """All images in their order, 20 by 20, 16 pixels each."""
    view.set_images(description(), np.arange(N, dtype=np.int32), by_class=False)
    serve(view)
    return view


def middle_of(number):
    """The middle of an image in the whole montage."""
    return QPoint(RING + 16 * (number % 20) + 8, RING + 16 * (number // 20) + 8)


def pixels(view):
    return rgba_pixels(view.grab().toImage())[..., :3]


def drag(view, start, to):
    """Press, move and release with the left button."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, place, button, buttons in (
        (QEvent.Type.MouseButtonPress, start, left, left),
        (QEvent.Type.MouseMove, to, none, left),
        (QEvent.Type.MouseButtonRelease, to, left, none),
    ):
        at = QPointF(place)
        modifiers = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, buttons, modifiers))


def test_images_so_many_that_they_look_like_noise_begin_with_the_first_in_their_own_size(view, qtbot):
    view.set_images(description(), np.arange(N, dtype=np.int32), by_class=False)
    view.resize(4 * 20 + 2 * RING, 4 * 20 + 2 * RING)
    view.set_images(description(), np.arange(N, dtype=np.int32), by_class=False)
    serve(view)
    seen = pixels(view)
    assert (seen[RING + 4, RING + 4] == grey_of(0)).all()
    assert (seen[RING + 4, RING + SIDE + 4] == grey_of(1)).all(), "not 8 pixels wide"
    qtbot.keyClick(view, Qt.Key.Key_0)
    serve(view)
    assert (pixels(view)[RING + 78, RING + 78] == grey_of(N - 1)).all(), "the last is not seen"


def test_images_begin_with_the_first_whatever_is_chosen_and_stay_under_a_click(view, qtbot):
    view.resize(4 * 20 + 2 * RING, 4 * 20 + 2 * RING)
    view.choose(150)
    view.set_images(description(), np.arange(N, dtype=np.int32)[::-1], by_class=False, subject="backwards")
    for chosen in (None, 394, 397):
        if chosen is not None:
            at = QPoint(RING + 4 + SIDE * (N - 1 - chosen), RING + 4)
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
            assert view.chosen == chosen
        serve(view)
        assert reported_at(view, QPointF(RING + 4, RING + 4)).startswith("image 399 "), (
            "the first is elsewhere"
        )


def test_every_image_is_in_its_place(shown):
    seen = pixels(shown)
    for number in range(N):
        place = middle_of(number)
        assert (seen[place.y(), place.x()] == grey_of(number)).all(), number


def test_the_order_is_the_one_given(view):
    view.set_images(description(), np.arange(N, dtype=np.int32)[::-1], by_class=False)
    serve(view)
    assert reported_at(view, middle_of(0)).startswith("image 399 ")
    assert (pixels(view)[middle_of(0).y(), middle_of(0).x()] == grey_of(399)).all()


def test_before_the_fine_tiles_come_the_coarse_ones_show(view):
    view.set_images(description(), np.arange(N, dtype=np.int32).repeat(10), by_class=False)
    coarse = view.missing_tiles()[0]
    pixels_of = rendered_tile(cells_of(coarse, view.grid.cells), lambda which: IMAGES[which, 1:2, 1:2])
    view.add_tiles(view.grid, [coarse], [pixels_of])
    view.zoom(4, QPointF(view.rect().bottomRight()) - QPointF(RING + 1, RING + 1))
    assert len({(tile.row, tile.column) for tile in view.missing_tiles()}) > 1, "finer ones are still to come"
    seen = pixels(view)
    for place in (QPoint(x, y) for x in (20, 150, 300) for y in (20, 150, 300)):
        number = int(reported_at(view, place).split()[1])
        assert abs(int(seen[place.y(), place.x(), 0]) - grey_of(number)) <= 4


def test_pointing_says_number_label_name_part_and_value(shown):
    assert reported_at(shown, middle_of(301)) == "image 301 · label 1 · digits/301.png · validation"
    shown.zoom(4, QPointF(RING, RING))
    serve(shown)
    assert (
        reported_at(shown, QPoint(RING + 65, RING + 1))
        == "image 1 · label 1 · digits/1.png · training · x 0, y 0 · 0.00"
    )
    assert reported_at(shown, QPoint(RING + 73, RING + 1)).endswith(f"x 1, y 0 · {grey_of(1) / 255:.2f}")
    leave(shown)


def test_wheel_zooms_the_montage_about_the_pointer(shown):
    place = middle_of(210)
    for _ in range(10):
        wheel(shown, place, 120)
        assert reported_at(shown, place).startswith("image 210 ")
    before = reported_at(shown, QPoint(RING + 1, RING + 1))
    assert not before.startswith("image 0 "), "the corner is no longer in view"
    for _ in range(20):
        wheel(shown, place, -120)
    assert reported_at(shown, middle_of(0)).startswith("image 0 ")
    assert reported_at(shown, middle_of(399)).startswith("image 399 ")


def test_a_drag_moves_the_images_and_chooses_none(qtbot, shown):
    shown.zoom(4, QPointF(shown.rect().center()))
    start = shown.rect().center()
    number = reported_at(shown, start)
    with qtbot.assertNotEmitted(shown.image_chosen):
        drag(shown, start, start + QPoint(64, -64))
    assert reported_at(shown, start + QPoint(64, -64)) == number
    assert reported_at(shown, start) != number


def test_a_click_of_an_unsteady_hand_chooses_an_image_and_moves_none(qtbot, shown):
    shown.zoom(4, QPointF(shown.rect().center()))
    start, before = shown.rect().center(), pixels(shown)
    with qtbot.waitSignal(shown.image_chosen):
        drag(shown, start, start + QPoint(5, 3))
    shown.choose(None)
    assert np.array_equal(pixels(shown), before)


def test_a_click_chooses_the_image_under_it(qtbot, shown, theme):
    with qtbot.waitSignal(shown.image_chosen) as chosen:
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle_of(57))
    assert chosen.args == [57]
    assert shown.chosen == 57
    image = shown.grab().toImage()
    ring, elsewhere = middle_of(57) - QPoint(9, 0), middle_of(157) - QPoint(9, 0)
    assert image.pixelColor(ring).name() == theme.colours.accent.lower()
    assert image.pixelColor(elsewhere).name() != theme.colours.accent.lower()


def test_keys_walk_and_jump(qtbot, shown):
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle_of(57))
    keys = Qt.Key
    for key, number in (
        (keys.Key_Right, 58), (keys.Key_Down, 78), (keys.Key_Left, 77), (keys.Key_Up, 57),
        (keys.Key_End, 399), (keys.Key_Right, 399), (keys.Key_Home, 0), (keys.Key_Up, 0), (keys.Key_Left, 0),
    ):  # fmt: skip
        with qtbot.waitSignal(shown.image_chosen) as chosen:
            qtbot.keyClick(shown, key)
        assert chosen.args == [number]


def test_walking_scrolls_the_chosen_image_into_view(qtbot, shown):
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle_of(0))
    shown.zoom(8, QPointF(RING, RING))
    qtbot.keyClick(shown, Qt.Key.Key_End)
    assert reported_at(shown, QPoint(shown.width() - RING - 20, shown.height() - RING - 20)).startswith(
        "image 399 "
    )


def test_plus_and_minus_zoom_about_the_chosen_image_and_0_shows_all(qtbot, shown):
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle_of(210))
    for _ in range(4):
        qtbot.keyClick(shown, Qt.Key.Key_Plus)
    assert reported_at(shown, middle_of(210)).startswith("image 210 ")
    assert not reported_at(shown, middle_of(0)).startswith("image 0 ")
    qtbot.keyClick(shown, Qt.Key.Key_Minus)
    qtbot.keyClick(shown, Qt.Key.Key_0)
    assert reported_at(shown, middle_of(0)).startswith("image 0 ")


def test_the_largest_zoom_shows_the_value_of_each_pixel(shown):
    shown.zoom(1000, QPointF(middle_of(210)))
    serve(shown)
    colours = {tuple(colour) for colour in pixels(shown).reshape(-1, 3).tolist()}
    assert len(colours) > 10, "type has many shades, plain squares have two"


def test_rows_by_class_have_the_class_at_their_left(view, theme):
    order = np.argsort(LABELS, kind="stable").astype(np.int32)
    view.set_images(description(), order, by_class=True)
    serve(view)
    assert [rows.label for rows in view.grid.classes] == [0, 1, 2, 3]
    colours = colours_of(view.grab().toImage().copy(0, 0, 30, view.height()))
    for label in range(4):
        assert theme.label_colours("light")[label].lower() in colours


def test_the_split_shows_as_colours_with_a_legend(shown, theme):
    before = shown.grab().toImage()
    shown.set_parts_shown(True)
    serve(shown)
    after = shown.grab().toImage()
    names = colours_of(after)
    for colour in part_colours(theme):
        assert colour.lower() in names
    shown.set_parts_shown(False)
    serve(shown)
    assert shown.grab().toImage() == before


def test_ink_on_paper_inverts_the_images_but_not_the_values(shown, theme):
    shown.zoom(4, QPointF(RING, RING))
    serve(shown)
    place = QPoint(RING + 65 + 30, RING + 30)
    value = reported_at(shown, place)
    theme.set_inverted(True)
    assert (pixels(shown)[place.y(), place.x()] == 255 - grey_of(1)).all()
    assert reported_at(shown, place) == value


def test_tiles_of_an_earlier_order_are_dropped(shown):
    old, tile = shown.grid, rendered_tile(np.zeros((20, 20), np.int32), lambda which: IMAGES[which])
    shown.set_images(description(), np.arange(N, dtype=np.int32)[::-1], by_class=False)
    missing = shown.missing_tiles()
    shown.add_tiles(old, missing[:1], [tile])
    assert shown.missing_tiles() == missing


def test_all_images_at_once_are_asked_for_first(view):
    view.set_images(description(), np.arange(N, dtype=np.int32), by_class=False)
    assert view.missing_tiles()[0].span == TILE_PX


def test_a_message_takes_the_place_of_the_images(shown):
    shown.show_message("The file is gone.")
    assert shown.accessibleDescription() == "The file is gone."
    assert shown.grid is None
    assert reported_at(shown, middle_of(0)) == ""
    assert shown.missing_tiles() == []
    QTest.keyClick(shown, Qt.Key.Key_End)
    assert shown.chosen is None


def test_a_resized_view_arranges_its_images_anew_and_keeps_the_choice(qtbot, shown):
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle_of(57))
    shown.resize(700, 200)
    qtbot.waitUntil(lambda: shown.grid.n_columns > 30)
    assert shown.chosen == 57


def test_a_larger_view_of_images_that_are_zoomed_asks_for_those_it_shows_more(qtbot, shown):
    shown.zoom(4, QPointF(shown.rect().center()))
    serve(shown)
    with qtbot.waitSignal(shown.tiles_wanted):
        shown.resize(3 * shown.width(), shown.height())
    serve(shown)
    assert not shown.missing_tiles()


def test_the_same_dataset_in_another_order_keeps_it(qtbot, view):
    about = description()
    view.set_images(about, np.arange(N, dtype=np.int32), by_class=False)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(57))
    view.set_images(about, np.arange(N, dtype=np.int32)[::-1], by_class=False)
    assert view.chosen == 57


def test_a_montage_that_is_zoomed_into_stays_in_place_when_resized_until_it_is_zoomed_out(qtbot, shown):
    shown.zoom(8, QPointF(RING, RING))
    shown.resize(700, 200)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in shown.findChildren(QTimer)))
    assert shown.grid.n_columns == 20
    qtbot.keyClick(shown, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: shown.grid.n_columns > 30)


@pytest.mark.parametrize(("height", "width"), [(24, 8), (6, 30)])
def test_images_that_are_no_squares_fill_the_view_and_are_where_they_are_pointed_at(
    qtbot, view, height, width
):
    view.set_images(description(image_shape=(height, width, 1)), np.arange(N, dtype=np.int32), by_class=False)
    view.zoom(0)
    across, down = view.grid.n_columns * width, view.grid.n_rows * height
    assert 0.8 < across / down < 1.25, "as the view is"
    scale = 320 / max(across, down)
    for number in (0, 5, 199, N - 1):
        row, column = divmod(number, view.grid.n_columns)
        x, y = RING + scale * width * (column + 0.5), RING + scale * height * (row + 0.5)
        assert reported_at(view, QPoint(round(x), round(y))).startswith(f"image {number} ")
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(RING + 1, RING + 1))
    view.zoom(6, QPointF(RING, RING))
    for key, number, corner in (
        (Qt.Key.Key_End, N - 1, None),
        (Qt.Key.Key_Home, 0, QPoint(RING + 1, RING + 1)),
        (Qt.Key.Key_End, N - 1, None),
    ):
        qtbot.keyClick(view, key)
        seen = {reported_at(view, QPoint(x, y)) for x in range(8, 320, 13) for y in range(8, 320, 13)}
        assert any(text.startswith(f"image {number} ") for text in seen)
        if corner is not None:
            assert reported_at(view, corner).startswith(f"image {number} ")


@pytest.mark.parametrize(("n", "is_whole"), [(200, True), (400, False)])
def test_montage_opens_with_no_column_cut_off_unless_images_were_too_small_to_recognise(view, n, is_whole):
    view.set_images(description(image_shape=(64, 64, 1)), np.arange(n, dtype=np.int32), by_class=False)
    at_the_right = reported_at(view, QPoint(view.width() - RING - 6, RING + 6))
    assert (f"/{view.grid.n_columns - 1}.png" in at_the_right) == is_whole


def test_for_a_class_digits_are_large_and_none_is_cut_off(view, theme):
    """They were 28 pixels large, and the column at the right was cut in half."""
    theme.set_present(True)
    view.set_images(description(image_shape=(28, 28, 1)), np.arange(5000, dtype=np.int32), by_class=False)
    row = [reported_at(view, QPoint(x, RING + 6)) for x in range(RING + 1, view.width() - RING - 1, 2)]
    widths = [2 * row.count(text) for text in dict.fromkeys(row)]
    assert min(widths) >= 60
    assert max(widths) - min(widths) <= 4


ORDERS = {
    "all": np.arange(N, dtype=np.int32),
    "some": np.arange(N, dtype=np.int32)[::-3],
    "by class": np.argsort(LABELS, kind="stable").astype(np.int32),
}


def show(view, order):
    view.set_images(description(), ORDERS[order], by_class=order == "by class", subject=order)


def settled(qtbot, view):
    """What is painted once it has been arranged, and all tiles are there."""
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in view.findChildren(QTimer)))
    serve(view)
    return view.render_image(1.0)


def montage(qtbot, theme, state, size):
    view = DatasetMontage(theme, empty_text="", view=state)
    qtbot.addWidget(view)
    view.resize(size)
    view.show()
    return view


HANDS = {
    "wheel": lambda view, random, place: wheel(view, place, random.choice((120, 360, -240))),
    "drag": lambda view, _, place: drag(view, place, place + QPoint(37, -53)),
    "key": lambda view, random, _: QTest.keyClick(
        view, random.choice((Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Plus, Qt.Key.Key_0))
    ),
}
OTHERS = {
    "size": lambda view, random: view.resize(random.randrange(200, 600), random.randrange(200, 500)),
    "hide": lambda view, _: view.setVisible(view.isHidden()),
    **{order: lambda view, _, order=order: show(view, order) for order in ORDERS},
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_every_walk_images_are_zoomed_as_at_the_next_start(qtbot, theme, seed):
    """Of three orders, each with its own zoom; a size, an order or a hidden page writes none."""
    state, random, order = ViewState(), Random(seed), "all"
    view = montage(qtbot, theme, state, QSize(330, 270))
    show(view, order)
    for step in range(24):
        place, zooms = QPoint(random.randrange(20, 300), random.randrange(20, 250)), state.value.figure.zooms
        name = random.choice((*HANDS, "wheel", *OTHERS))
        if name in HANDS:
            HANDS[name](view, random, place)
        else:
            OTHERS[name](view, random)
            assert state.value.figure.zooms is zooms
        order = name if name in ORDERS else order
        if step % 6 == 5:
            again = ViewState()
            again.change(**vars(View.from_json(json.loads(json.dumps(state.value.to_json())), pytest.fail)))
            fresh = montage(qtbot, theme, again, view.size())
            show(fresh, order)
            fresh.choose(view.chosen)
            view.show()
            assert settled(qtbot, fresh) == settled(qtbot, view)


def test_each_order_has_its_own_zoom_and_that_of_another_time_comes_back(shown):
    places = QPoint(RING + 9, RING + 41), QPoint(233, 187)
    show(shown, "all")
    for notches in (3, 2):
        wheel(shown, places[1], notches * 120)
    zoomed = [reported_at(shown, place) for place in places]
    show(shown, "some")
    usual = [reported_at(shown, place) for place in places]
    wheel(shown, places[0], 600)
    other = [reported_at(shown, place) for place in places]
    show(shown, "all")
    assert [reported_at(shown, place) for place in places] == zoomed
    show(shown, "some")
    assert [reported_at(shown, place) for place in places] == other != usual
