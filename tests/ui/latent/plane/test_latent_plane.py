"""The latent plane with real clicks, drags, keys and wheel events."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from seen import on_screen, painted_anew

from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.tiles import Tile, finest_level, refinement
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.plane.class_pills import ClassPill, apart
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
BOX = ViewBox(-2, 2, -2, 2)
CENTRE = QPoint(200, 200)


@pytest.fixture
def theme(qapp):
    return Theme("light")


@pytest.fixture
def plane(qtbot, theme):
    """400×400 pixels for 4×4: one unit of z is 100 pixels."""
    plane = LatentPlane(theme)
    qtbot.addWidget(plane)
    plane.resize(400, 400)
    plane.show()
    qtbot.waitExposed(plane)
    plane.set_view(BOX)
    return plane


@pytest.fixture
def moves(plane):
    moves = []
    plane.handle_moved.connect(lambda *z: moves.append(z))
    return moves


@pytest.fixture
def clusters():
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 500)
    places = random.normal(size=(10, 2))[labels] + random.normal(size=(500, 2)) / 4
    return LatentPoints(places, labels, random.random((500, 8, 8, 1)))


def turn_wheel(plane, position, notches):
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    keys = Qt.KeyboardModifier.NoModifier
    where = QPointF(position)
    event = QWheelEvent(where, where, QPoint(), QPoint(0, 120 * notches), buttons, keys, phase, False)
    QApplication.sendEvent(plane, event)


def drag(qtbot, plane, button, start, *way):
    qtbot.mousePress(plane, button, pos=start)
    for position in way:
        qtbot.mouseMove(plane, position)
    qtbot.mouseRelease(plane, button, pos=way[-1])


def mouse_move(position, buttons, modifiers):
    """Move the pointer with modifier keys, which qtbot does not support."""
    where, none = QPointF(position), Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, where, where, none, buttons, modifiers)


def colour_at(plane, z0, z1):
    x, y = plane.to_widget((z0, z1))
    return QColor(plane.grab().toImage().pixel(round(x), round(y))).name().upper()


def pixels(plane):
    """The plane's pixels, (height, width, 4) int."""
    image = plane.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


# --- the handle


def test_of_two_classes_that_lie_on_one_another_both_digits_are_seen(plane, theme):
    plane.set_points(LatentPoints(np.array([[1.0, 1.0], [1.02, 1.02]]), np.array([4, 9])))
    image = plane.grab().toImage()
    colours = theme.label_colours("light")
    pixels = [image.pixelColor(x, y).name() for x in range(260, 340) for y in range(60, 140)]
    counts = [pixels.count(colours[label].lower()) for label in (4, 9)]
    alone = pixels_of_one(plane, theme, 4)
    assert min(counts) > alone / 2


def pixels_of_one(plane, theme, label):
    """Number of uncovered pixels in a digit's colour."""
    plane.set_points(LatentPoints(np.array([[1.0, 1.0]]), np.array([label])))
    image = plane.grab().toImage()
    colour = theme.label_colours("light")[label].lower()
    return sum(image.pixelColor(x, y).name() == colour for x in range(260, 340) for y in range(60, 140))


def test_a_press_takes_the_handle_there_and_a_drag_takes_it_along(qtbot, plane, moves):
    drag(qtbot, plane, LEFT, QPoint(300, 100), QPoint(320, 100), QPoint(350, 50))
    np.testing.assert_allclose(moves, [(1, 1), (1.2, 1), (1.5, 1.5)])
    assert plane.handle == moves[-1]


def test_with_ctrl_a_press_and_a_drag_ask_for_the_nearest_digit(qtbot, plane, moves):
    wanted = []
    plane.digit_requested.connect(lambda *z: wanted.append(z))
    qtbot.mousePress(plane, LEFT, CTRL, QPoint(300, 100))
    QApplication.sendEvent(plane, mouse_move(QPoint(350, 50), LEFT, CTRL))
    np.testing.assert_allclose(wanted, [(1, 1), (1.5, 1.5)])
    assert moves == []
    assert plane.handle == (0, 0)


def test_after_the_release_the_handle_stays(qtbot, plane, moves):
    drag(qtbot, plane, LEFT, CENTRE + QPoint(5, 5), QPoint(250, 250))
    count = len(moves)
    qtbot.mouseMove(plane, QPoint(10, 10))
    assert len(moves) == count


def test_in_hover_mode_the_handle_follows_the_pointer(qtbot, plane, moves):
    plane.set_hover_mode(True)
    qtbot.mouseMove(plane, QPoint(100, 300))
    np.testing.assert_allclose(moves, [(-1, -1)])


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_Left, None, (-0.08, 0)),
        (Qt.Key.Key_Up, None, (0, 0.08)),
        (Qt.Key.Key_Right, SHIFT, (0.01, 0)),
        (Qt.Key.Key_Down, CTRL, (0, -0.48)),
    ],
)
def test_arrows_move_the_handle(qtbot, plane, moves, key, modifier, expected):
    qtbot.keyClick(plane, key, modifier or Qt.KeyboardModifier.NoModifier)
    np.testing.assert_allclose(moves, [expected], atol=1e-9)


def test_the_view_follows_a_handle_that_keys_move_out_of_it(qtbot, plane, moves):
    for _ in range(10):
        qtbot.keyClick(plane, Qt.Key.Key_Right, CTRL)
    assert plane.handle[0] == pytest.approx(4.8)
    assert plane.view.z0_high == pytest.approx(4.8)
    assert plane.view.width == pytest.approx(4)


def test_a_handle_set_by_the_program_emits_nothing(plane, moves):
    plane.set_handle(1, -1)
    assert moves == []
    assert plane.handle == (1, -1)


def test_a_screen_reader_gets_z_and_the_answer(plane):
    plane.set_where("z₀ −0.412, z₁ 1.083")
    assert plane.accessibleDescription() == "z₀ −0.412, z₁ 1.083"
    plane.set_answer("1, 99.2 % sure")
    assert plane.accessibleDescription() == "z₀ −0.412, z₁ 1.083. 1, 99.2 % sure"


# --- the view


@pytest.mark.parametrize("button", [MIDDLE, RIGHT])
def test_the_other_buttons_pan_and_leave_the_handle(qtbot, plane, moves, button):
    drag(qtbot, plane, button, CENTRE, QPoint(250, 180), QPoint(300, 150))
    assert moves == []
    QApplication.sendEvent(plane, mouse_move(QPoint(20, 20), LEFT, Qt.KeyboardModifier.NoModifier))
    np.testing.assert_allclose(plane.view.centre, (-1, -0.5), atol=1e-9)
    assert plane.view.width == pytest.approx(4)


def test_the_wheel_zooms_about_the_pointer(plane):
    position = QPoint(300, 100)
    turn_wheel(plane, position, 2)
    assert plane.view.width == pytest.approx(4 / 1.2**2)
    np.testing.assert_allclose(plane.to_plane(QPointF(position)), (1, 1))
    turn_wheel(plane, position, -2)
    np.testing.assert_allclose(plane.view.centre, BOX.centre, atol=1e-9)


@pytest.mark.parametrize("button", [LEFT, MIDDLE, RIGHT])
def test_a_drag_ends_with_its_button_wherever_that_was_released(qtbot, plane, button):
    """After a dialog that opened meanwhile, and had the release, handle or plane followed the pointer."""
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    qtbot.mousePress(plane, button, pos=CENTRE)
    qtbot.mouseMove(plane, CENTRE + QPoint(30, 30))
    qtbot.mouseRelease(elsewhere, button)
    handle, view = plane.handle, plane.view
    qtbot.mouseMove(plane, CENTRE + QPoint(90, 0))
    assert (plane.handle, plane.view) == (handle, view)


def test_plus_and_minus_zoom_about_the_middle(qtbot, plane):
    qtbot.keyClick(plane, Qt.Key.Key_Plus)
    assert plane.view.width == pytest.approx(4 / 1.2)
    qtbot.keyClick(plane, Qt.Key.Key_Minus)
    assert plane.view.width == pytest.approx(4)


@pytest.mark.parametrize("gesture", ["double click", "home"])
def test_everything_is_shown_again(qtbot, plane, clusters, gesture):
    plane.set_home(ViewBox.around(clusters.places))
    if gesture == "home":
        qtbot.keyClick(plane, Qt.Key.Key_Home)
    else:
        qtbot.mouseDClick(plane, LEFT, pos=CENTRE)
        qtbot.mouseRelease(plane, LEFT, pos=CENTRE)
    assert plane.view == ViewBox.around(clusters.places).grown_to(1)


def test_everything_stays_in_view_in_another_size_until_another_view_is_chosen(qtbot, plane):
    plane.set_home(BOX)
    plane.fit()
    qtbot.keyClick(plane, Qt.Key.Key_Right)  # within the view, which stays
    for size in ((200, 400), (800, 400)):
        plane.resize(*size)
        assert plane.view == BOX.grown_to(size[0] / size[1])
    plane.zoom(2)
    plane.resize(400, 400)
    assert not plane.is_fitted
    assert plane.view.height == pytest.approx(2)


def test_each_change_of_the_view_is_reported_once(qtbot, plane):
    reported = []
    plane.view_changed.connect(reported.append)
    plane.set_view(BOX.panned(1, 0))
    plane.set_view(BOX.panned(1, 0))
    assert reported == [BOX.panned(1, 0)]


def test_a_wide_widget_shows_more_to_both_sides(qtbot, plane):
    plane.resize(800, 400)
    qtbot.waitUntil(lambda: plane.width() == 800)
    assert plane.view == ViewBox(-4, 4, -2, 2)
    plane.resize(400, 400)
    assert plane.view == BOX


def test_a_right_click_requests_the_menu_and_a_right_drag_does_not(qtbot, theme):
    asked = []

    class Host(QWidget):
        def contextMenuEvent(self, event):
            asked.append(event.pos())

    host = Host()
    qtbot.addWidget(host)
    plane = LatentPlane(theme)
    plane.setParent(host)
    plane.setGeometry(10, 20, 400, 400)
    host.show()
    qtbot.waitExposed(host)
    drag(qtbot, plane, RIGHT, CENTRE, QPoint(300, 300))
    on_press = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, CENTRE, plane.mapToGlobal(CENTRE))
    QApplication.sendEvent(plane, on_press)
    assert asked == []
    qtbot.mouseClick(plane, RIGHT, pos=CENTRE)
    assert asked == [CENTRE + QPoint(10, 20)]


# --- what is shown


def test_a_point_wears_its_labels_colour_for_the_bed(plane, theme):
    plane.set_points(LatentPoints(np.array([[1.0, 1.0]]), np.array([4])))
    plane.set_layer(LatentLayer.GLYPHS, shown=False)
    assert colour_at(plane, 1, 1) == theme.label_colours("light")[4]
    plane.add_tiles([Tile(-1, 0, 0)], np.zeros((1, 8, 8, 1)))
    assert colour_at(plane, 1, 1) == theme.label_colours("dark")[4]
    plane.set_layer(LatentLayer.POINTS, shown=False)
    assert colour_at(plane, 1, 1) == "#000000"


def test_a_class_wears_its_name_where_it_has_one(plane, theme):
    def ends_of_the_glyph():
        image = plane.grab().toImage()
        colour = theme.label_colours("light")[1].lower()
        inked = [x for x in range(image.width()) for y in range(image.height())
                 if image.pixelColor(x, y).name() == colour]  # fmt: skip
        return min(inked), max(inked)

    def width_of_the_glyph():
        left, right = ends_of_the_glyph()
        return right - left

    plane.set_points(LatentPoints(np.array([[1.0, 1.0]]), np.array([1])))
    plane.set_layer(LatentLayer.POINTS, shown=False)
    plane.set_class_names(("0", "1"))
    number = width_of_the_glyph()
    plane.set_class_names(("Animals", "Buildings"))
    plane.refresh()
    assert width_of_the_glyph() > 2 * number
    for place, side in ((-1.0, 100), (1.0, 300)):
        plane.set_points(LatentPoints(np.array([[place, 1.0]]), np.array([1])))
        assert sum(ends_of_the_glyph()) / 2 == pytest.approx(side, abs=5), "it goes with its points"


def test_the_theme_recolours_points(plane, theme):
    plane.set_points(LatentPoints(np.array([[1.0, 1.0]]), np.array([4])))
    plane.set_layer(LatentLayer.GLYPHS, shown=False)
    theme.set_mode("dark")
    assert colour_at(plane, 1, 1) == theme.label_colours("dark")[4]


def test_tiles_lie_where_they_were_decoded_and_fine_ones_over_coarse(plane):
    plane.add_tiles([Tile(-1, 0, 0)], np.full((1, 4, 4, 1), 1.0))
    plane.add_tiles([Tile(0, 1, 1)], np.full((1, 4, 4, 3), (1.0, 0.0, 0.0)))
    plane.set_layer(LatentLayer.POINTS, shown=False)
    assert plane.tiles == {Tile(-1, 0, 0), Tile(0, 1, 1)}
    assert colour_at(plane, 0.5, 0.5) == "#FFFFFF"
    assert colour_at(plane, 1.5, 1.5) == "#FF0000"
    assert colour_at(plane, -0.5, -0.5) == "#000000"
    plane.clear_manifold()
    assert colour_at(plane, 0.5, 0.5) == Theme("light").colours.plot


@pytest.mark.parametrize(("n_channels", "brightness"), [(1, 0.4), (3, 0.75)])
def test_beneath_points_images_are_dimmed_but_colours_remain(plane, theme, n_channels, brightness):
    """*Ink on paper* left the plane black, on sheets that say that it is white, too."""
    plane.add_tiles([Tile(-1, 0, 0)], np.ones((1, 4, 4, n_channels)))
    assert QColor(colour_at(plane, 1, 1)).red() == pytest.approx(brightness * 255, abs=2)
    assert colour_at(plane, -1, -1) == "#000000"
    theme.set_inverted(True)
    plane.add_tiles([Tile(-1, 0, -1)], np.ones((1, 4, 4, n_channels)))
    for z1 in (1, -1):
        assert QColor(colour_at(plane, 1, z1)).red() == pytest.approx((1 - brightness) * 255, abs=2)
    assert colour_at(plane, -1, -1) == "#FFFFFF"


def test_tile_pixels_are_squares_from_three_times_on_and_smooth_below(plane):
    plane.set_layer(LatentLayer.POINTS, shown=False)
    checks = np.indices((4, 4)).sum(0).reshape(1, 4, 4, 1) % 2
    plane.add_tiles([Tile(0, 0, 0)], checks.astype(np.float32))
    image = plane.grab().toImage()
    greys = {QColor(image.pixel(x, y)).red() for x in range(202, 298) for y in range(102, 180)}
    assert greys == {0, 255}
    plane.set_view(ViewBox(-20, 20, -20, 20))
    plane.add_tiles([Tile(-1, 0, 0)], np.kron(checks, np.ones((1, 4, 4, 1))).astype(np.float32))
    image = plane.grab().toImage()
    greys = {QColor(image.pixel(x, y)).red() for x in range(201, 219) for y in range(181, 199)}
    assert greys - {0, 255}


def test_the_classifiers_doubt_is_its_colours_faintness(plane, theme):
    labels, confidence = np.array([[3, 3], [5, 5]]), np.array([[1.0, 0.0], [0.5, 1.0]])
    plane.set_classifier_map(labels, confidence, BOX)
    plane.set_layer(LatentLayer.CLASSIFIER, shown=True)
    orange, white = QColor(theme.label_colours("light")[3]), 255
    sure = QColor(colour_at(plane, -1, 1))
    assert sure.green() == pytest.approx(white + 0.45 * (orange.green() - white), abs=2)
    assert colour_at(plane, 1, 1) == "#FFFFFF"


def test_a_line_is_drawn_where_the_answer_changes(plane, theme):
    plane.set_layer(LatentLayer.CLASSIFIER, shown=True)
    plane.set_classifier_map(np.array([[4, 4], [4, 4]]), np.zeros((2, 2)), BOX)
    assert colour_at(plane, 0, 1) == "#FFFFFF"
    plane.set_classifier_map(np.array([[4, 4, 9, 9]] * 2), np.zeros((2, 4)), BOX)
    column = [colour_at(plane, x, 0.2) for x in (-0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03)]
    assert min(QColor(colour).lightness() for colour in column) < 100


def test_empty_regions_can_be_faded_and_the_prior_shown(plane):
    plain = plane.grab().toImage()
    plane.set_density(np.ones((4, 4)), BOX)
    assert plane.grab().toImage() == plain
    plane.set_layer(LatentLayer.DENSITY, shown=True)
    faded = plane.grab().toImage()
    assert faded != plain
    plane.set_layer(LatentLayer.PRIOR, shown=True)
    assert plane.grab().toImage() != faded
    assert LatentLayer.PRIOR in plane.layers


@pytest.mark.parametrize(
    "layers",
    [
        {LatentLayer.POINTS, LatentLayer.GLYPHS},
        {LatentLayer.POINTS, LatentLayer.MANIFOLD, LatentLayer.PRIOR, LatentLayer.DENSITY},
        {LatentLayer.THUMBNAILS, LatentLayer.CLASSIFIER},
    ],
)
def test_panning_shows_what_a_repaint_would(qtbot, plane, clusters, layers):
    """Panning paints only strips; scaling may round a grey differently, no more."""
    plane.set_points(clusters)
    plane.set_classifier_map(np.arange(64).reshape(8, 8), np.full((8, 8), 0.8), BOX)
    plane.set_density(np.random.default_rng(0).random((8, 8)), BOX)
    tiles = list(refinement(ViewBox(-4, 4, -4, 4), finest_level(BOX, 400, 28), ()))
    plane.add_tiles(tiles, np.random.default_rng(1).random((len(tiles), 8, 8, 1)))
    for layer in LatentLayer:
        plane.set_layer(layer, shown=layer in layers)
    plane.grab()
    way = [QPoint(231, 190), QPoint(262, 240), QPoint(150, 150)]
    qtbot.mousePress(plane, MIDDLE, pos=CENTRE)
    for position in way:
        qtbot.mouseMove(plane, position)
        moved = pixels(plane)
        plane.refresh()
        assert np.abs(moved - pixels(plane)).max() <= 2
    qtbot.mouseRelease(plane, MIDDLE, pos=way[-1])


def test_thumbnails_are_those_of_their_points_and_do_not_overlap(plane):
    """Two distant points show their own images; of two close ones, only the first does."""
    places = np.array([[-1.0, 0.0], [1.0, 0.0], [1.02, 0.02]])
    images = np.stack([np.ones((4, 4, 3)) * colour for colour in ([1, 0, 0], [0, 1, 0], [0, 0, 1])])
    plane.set_points(LatentPoints(places, None, images))
    plane.set_layer(LatentLayer.POINTS, shown=False)
    plane.set_layer(LatentLayer.THUMBNAILS, shown=True)
    assert colour_at(plane, -1, 0) == "#FF0000"
    assert colour_at(plane, 1.06, 0.06) == "#00FF00"


def test_on_a_grid_every_thumbnail_fills_its_cell(plane):
    """Cells of 20 pixels, then of 40: smaller and larger than scattered thumbnails."""
    places = np.array([[-1.0, 0.0], [-0.8, 0.0], [-0.6, 0.0]])
    colours = ("#FF0000", "#00FF00", "#0000FF")
    images = np.stack([np.ones((4, 4, 3)) * colour for colour in ([1, 0, 0], [0, 1, 0], [0, 0, 1])])
    plane.set_layer(LatentLayer.POINTS, shown=False)
    plane.set_layer(LatentLayer.THUMBNAILS, shown=True)
    plane.set_points(LatentPoints(places, None, images, room=0.2))
    for view in (BOX, BOX.zoomed(2, -1, 0)):
        plane.set_view(view)
        for (z0, z1), colour in zip(places, colours, strict=True):
            assert colour_at(plane, z0, z1) == colour
            assert colour_at(plane, z0 + 0.08, z1 + 0.08) == colour
            assert colour_at(plane, z0, z1 + 0.12) not in colours


def test_images_that_are_no_squares_keep_their_proportions(plane):
    """Thumbnails and tiles are squares, to which a wide image was stretched."""
    for layer in LatentLayer:
        plane.set_layer(layer, shown=layer in {LatentLayer.THUMBNAILS, LatentLayer.MANIFOLD})
    red = np.zeros((1, 2, 4, 3))
    red[..., 0] = 1
    plane.set_points(LatentPoints(np.array([[-1.0, -1.0]]), None, red, room=1.0))
    assert [colour_at(plane, *place) for place in ((-1, -1), (-0.6, -1))] == ["#FF0000"] * 2
    assert colour_at(plane, -1, -0.6) != "#FF0000"
    plane.set_points(LatentPoints(np.empty((0, 2))))
    plane.set_layer(LatentLayer.THUMBNAILS, shown=False)
    plane.add_tiles([Tile(0, 0, 0)], red)
    assert [colour_at(plane, *place) for place in ((0.5, 0.5), (0.9, 0.5))] == ["#FF0000"] * 2
    assert colour_at(plane, 0.5, 0.9) == "#000000"


def test_thumbnails_follow_the_colours_of_the_theme(plane, theme):
    for layer in LatentLayer:
        plane.set_layer(layer, shown=layer == LatentLayer.THUMBNAILS)
    plane.set_points(LatentPoints(np.array([[-1.0, 0.0]]), np.array([4]), np.ones((1, 4, 4, 1))))
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        assert colour_at(plane, -1, 0) == theme.label_colours(mode)[4]


def test_the_point_under_the_pointer_is_reported(qtbot, plane):
    plane.set_points(LatentPoints(np.array([[1.0, 1.0], [-1.0, 0.0]]), np.array([4, 9])))
    hovered = []
    plane.point_hovered.connect(hovered.append)
    qtbot.mouseMove(plane, QPoint(200, 350))
    qtbot.mouseMove(plane, QPoint(301, 101))
    qtbot.mouseMove(plane, QPoint(303, 101))
    qtbot.mouseMove(plane, QPoint(99, 201))
    qtbot.mouseMove(plane, QPoint(200, 300))
    assert hovered == [0, 1, -1]
    plane.set_layer(LatentLayer.POINTS, shown=False)
    qtbot.mouseMove(plane, QPoint(301, 101))
    assert hovered == [0, 1, -1]


def test_other_points_leave_none_hovered(qtbot, plane):
    plane.set_points(LatentPoints(np.array([[1.0, 1.0]]), np.array([4])))
    hovered = []
    plane.point_hovered.connect(hovered.append)
    qtbot.mouseMove(plane, QPoint(200, 300))
    qtbot.mouseMove(plane, QPoint(301, 101))
    plane.set_points(LatentPoints(np.empty((0, 2))))
    plane.grab()
    assert hovered == [0, -1]


def test_the_handle_is_white_within_black(plane):
    image = plane.grab().toImage()
    across = [QColor(image.pixel(x, 200)).lightness() for x in range(180, 200)]
    assert across[0] == 255
    inner = across[: 1 + max(i for i, grey in enumerate(across) if grey < 60)]
    assert min(inner) < 30
    assert 255 in inner[inner.index(min(inner)) :]


def test_a_pin_shows_whole_where_the_handle_lies_on_it(plane, theme):
    """A click and *Pin* leave the handle on the new pin: its number has to be read at once."""
    plane.set_pins([(0, 0)])
    half = int(0.5 * theme.sizes.caption)
    inside = QRect(CENTRE.x() - half, CENTRE.y() - half, 2 * half, 2 * half)
    plane.set_handle(1.5, 1.5)
    alone = plane.grab(inside).toImage()
    plane.set_handle(0, 0)
    assert plane.grab(inside).toImage() == alone
    plane.set_pins([])
    assert plane.grab(inside).toImage() != alone


def test_pins_and_path_appear_and_go_and_a_trail_is_there_while_the_handle_is_dragged(qtbot, plane):
    """The last drag's trail stayed, and looked like a part of the path."""
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(plane, left, pos=QPoint(60, 50))
    plain = plane.grab().toImage()
    line = [(-1, -1), (0, 1), (1, 1)]
    for show in (plane.set_pins, plane.set_path):
        show(line)
        assert plane.grab().toImage() != plain
        show([])
        assert plane.grab().toImage() == plain
    plane.set_trail(line)
    for _ in range(2):
        assert plane.grab().toImage() == plain
        qtbot.mousePress(plane, left, pos=QPoint(60, 50))
        assert plane.grab().toImage() != plain
        qtbot.mouseRelease(plane, left, pos=QPoint(60, 50))


class PaintedAreas(QObject):
    """The area of each paint of a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.sizes = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.sizes.append(sum(part.width() * part.height() for part in event.region()))
        return False


@pytest.mark.parametrize(("mode", "present"), [("light", False), ("dark", True)])
def test_a_drag_repaints_all_that_it_changes_and_not_the_whole_plane(qtbot, clusters, mode, present):
    plane, trail = LatentPlane(Theme(mode, present=present)), []
    qtbot.addWidget(plane)
    plane.resize(400, 400)
    plane.set_points(clusters)
    plane.set_pins([(0, 0), (0.2, -0.3)])
    plane.handle_moved.connect(lambda *z: (trail.append(z), plane.set_trail(trail[-5:])))
    plane.show()
    qtbot.waitExposed(plane)
    painted = PaintedAreas(plane)
    way = [(60, 60), (80, 90), (99, 65), (200, 200), (-30, 260), (30, 300), (350, 420), (220, 180)]
    for zoom in (1, 3, 1e6):
        plane.set_view(BOX.zoomed(zoom, 0, 0))
        qtbot.mousePress(plane, LEFT, pos=QPoint(*way[0]))
        for place in way[1:]:
            qtbot.mouseMove(plane, QPoint(*place))
            QApplication.processEvents()
            assert on_screen(plane) == painted_anew(plane)
        qtbot.mouseRelease(plane, LEFT, pos=QPoint(*way[-1]))
        for place in ((0.1, 0.2), (99_999, 0)):
            QApplication.processEvents()
            plane.set_handle(*place)
            QApplication.processEvents()
            assert on_screen(plane) == painted_anew(plane)
    assert min(painted.sizes) < 400 * 400 / 4


@pytest.mark.parametrize(
    ("labels", "images"),
    [(np.zeros(3, int), None), (None, np.zeros((2, 8, 8))), (None, np.zeros((3, 8, 8, 1)))],
)
def test_points_whose_parts_do_not_belong_together_are_refused(labels, images):
    with pytest.raises(ValueError, match="for each place"):
        LatentPoints(np.zeros((2, 2)), labels, images)


def test_of_more_than_ten_classes_those_of_one_colour_have_other_marks(plane):
    """The first and the eleventh share a colour; their shapes tell them apart. The tenth is a dot as ever."""
    plane.set_class_names([f"kind {i}" for i in range(30)])
    plane.set_layer(LatentLayer.GLYPHS, shown=False)
    seen = []
    for label in (0, 10, 20):
        plane.set_points(LatentPoints(np.array([[0.5, 0.5]]), np.array([label])))
        seen.append(pixels(plane))
    assert all(
        (one != other).any() for one, other in ((seen[0], seen[1]), (seen[0], seen[2]), (seen[1], seen[2]))
    )


def test_a_hovered_point_has_the_whole_name_of_its_class(qtbot, plane):
    """Names at the centres are shortened; two names that differ at their ends differ where it is hovered."""
    plane.set_layer(LatentLayer.GLYPHS, shown=False)
    plane.set_points(LatentPoints(np.array([[1.5, 1.5], [0, 0], [-1.5, 1]]), np.array([2, 0, 1])))
    seen = []
    for end in ("harbour", "meadows"):
        plane.set_class_names([f"Grumpy saw-whet owls of the northern {end}", "terns", "gulls"])
        qtbot.mouseMove(plane, QPoint(10, 10))
        qtbot.mouseMove(plane, CENTRE)
        seen.append(pixels(plane))
    assert (seen[0] != seen[1]).any()


@pytest.mark.parametrize("is_hovered", [False, True])
def test_the_name_of_a_class_at_the_edge_of_the_plane_is_not_cut_off(qtbot, plane, is_hovered):
    """Its last letter is seen: b and d, which are equally wide, differ."""
    plane.set_layer(LatentLayer.GLYPHS, shown=not is_hovered)
    seen = []
    for name in ("Photograb", "Photograd"):
        plane.set_class_names([name])
        plane.set_points(LatentPoints(np.array([[1.95, 0.0]]), np.array([0])))
        qtbot.mouseMove(plane, QPoint(10, 10))
        if is_hovered:
            qtbot.mouseMove(plane, QPoint(394, 200))
        seen.append(pixels(plane))
    assert (seen[0] != seen[1]).any()


def test_where_not_all_names_have_room_those_of_large_classes_stay(plane, theme):
    sizes = {label: label % 7 * 10 + label % 2 for label in range(40)}
    pills = {label: ClassPill(QPointF(9, 9), f"a name {label:02}", "#000000") for label in sizes}
    kept = apart(pills, sizes, theme.font("caption"), QSize(200, 100)).keys()
    assert 3 < len(kept) < 30
    assert min(sizes[label] for label in kept) >= max(sizes[label] for label in pills.keys() - kept)


@pytest.mark.parametrize("lean", [0.6, -0.6])
def test_an_ellipse_leans_as_its_covariance_says(plane, lean):
    before = plane.grab().toImage()
    plane.set_ellipse((0, 0), ((0.65, lean), (lean, 0.65)))
    after, tips = plane.grab().toImage(), ((358, 42), (358, 358))  # up and down on the right, at 2 σ
    painted = [before.copy(x - 3, y - 3, 7, 7) != after.copy(x - 3, y - 3, 7, 7) for x, y in tips]
    assert painted == [lean > 0, lean < 0]
