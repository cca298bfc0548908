"""Walks through every figure: what it showed, and was asked, before leaves no trace in what it shows now."""

import re
import weakref
from itertools import product

import numpy as np
import pytest
from every_figure import FIGURES, NAMES, SHAPES, convolution, images, noise, serve
from hand import leave, point_at, tip_at, wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollBar, QToolTip, QWidget
from seen import hover_texts
from shiboken6 import delete

from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.colour_map import NOT_A_NUMBER_COLOUR, activation_colour_map, colour_map
from cadl_gui.system.garbage import gc_paused
from cadl_gui.ui.figures.figure_item import Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.figures.zoom import ZoomedView

pytestmark = pytest.mark.gui

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
AROUND = [QPoint(x, y) for x, y in ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2))]
KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_Return)


@pytest.fixture
def made(qtbot, theme):
    """Makes and shows a figure by its name."""
    states = []

    def made(name, theme=theme):
        figure = FIGURES[name]
        states.append(ViewState())
        widget = figure.make(theme, states[-1])
        qtbot.addWidget(widget)
        widget.resize(*figure.size)
        widget.show()
        QApplication.processEvents()
        return widget

    yield made
    QApplication.processEvents()


def views(widget):
    """The parts that can be pointed at: the figure itself, or those of a panel."""
    inner = [view for view in widget.findChildren(FigureView) if view.isVisibleTo(widget)]
    return inner or [widget]


def lattice(view, n=7):
    """Places that are spread evenly over a widget."""
    return [
        QPoint((2 * x + 1) * view.width() // (2 * n), (2 * y + 1) * view.height() // (2 * n))
        for y, x in product(range(n), repeat=2)
    ]


def drag(view, to):
    """Move with the left button pressed."""
    about = NONE, LEFT, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        view, QMouseEvent(QEvent.Type.MouseMove, QPointF(to), QPointF(view.mapToGlobal(to)), *about)
    )


def use(widget):
    """Point at it, click, press keys, scroll and drag."""
    for view in views(widget):
        for place in lattice(view, 3):
            point_at(view, place)
            QTest.mouseClick(view, LEFT, pos=place)
        for key in KEYS:
            QTest.keyClick(view, key)
        wheel(view, view.rect().center(), -360)
    for bar in widget.findChildren(QScrollBar):
        bar.setValue(bar.maximum())
    QApplication.processEvents()


def told(widget):
    """All hover texts and tips of a figure."""
    found = []
    for view in views(widget):
        heard = hover_texts(view)
        for place in lattice(view):
            point_at(view, place)
            QToolTip.showText(view.mapToGlobal(place), "no tip", view)
            found.append((heard[-1:], tip_at(view, place.x(), place.y())))
        leave(view)
    return found


def painted(widget):
    """What is painted, without the focus, and all of what can be scrolled."""
    for _ in range(3):  # a layout may ask for another one
        QApplication.processEvents()
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()
    parts = [view.render_image(1.0) for view in views(widget) if isinstance(view, FigureView)]
    return [image.convertToFormat(QImage.Format.Format_RGB32) for image in (*parts, widget.grab().toImage())]


def shown(widget):
    """All that can be seen, heard or pointed at."""
    texts = [each for each in widget.findChildren(QWidget) if isinstance(each, QLabel | QAbstractButton)]
    words = [each.text() for each in texts if each.isVisibleTo(widget)]
    described = [each.accessibleDescription() for each in views(widget)]
    return {"words": words, "described": described, "painted": painted(widget), "told": told(widget)}


def same(used, fresh):
    """Assert that two figures show the same, and tell what differs."""
    one, other = shown(used), shown(fresh)
    assert [part for part in one if one[part] != other[part]] == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_was_used_is_like_one_that_was_not(made, name):
    """It is filled, used, filled with something else, emptied, and filled again."""
    figure, used = FIGURES[name], made(name)
    figure.fill(used, 0)
    use(used)
    figure.fill(used, 1)
    fresh = made(name)
    figure.fill(fresh, 1)
    same(used, fresh)
    use(used)
    figure.empty(used)
    fresh = made(name)
    figure.empty(fresh)
    same(used, fresh)
    figure.fill(used, 0)
    fresh = made(name)
    figure.fill(fresh, 0)
    same(used, fresh)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_was_there_before_a_change_is_like_one_that_was_not(made, theme, name):
    """In dark, with ink on paper, in other colours, for a class, in another size, and while hidden."""
    figure, used = FIGURES[name], made(name)
    figure.fill(used, 0)
    for change in (
        lambda: theme.set_mode("dark"),
        lambda: theme.set_inverted(True),
        lambda: theme.set_colour_map("berlin"),
        lambda: theme.set_present(True),
        lambda: used.resize(used.size() + QSize(150, 90)),
        lambda: used.resize(used.size() - QSize(210, 120)),
        lambda: (used.hide(), theme.set_mode("light"), theme.set_colour_map("coolwarm"), used.show()),
    ):
        change()
        if figure.is_filled_again:
            figure.fill(used, 0)
        QApplication.processEvents()
        fresh = made(name)
        fresh.resize(used.size())
        QApplication.processEvents()
        figure.fill(fresh, 0)
        same(used, fresh)


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_dragged_may_go_and_something_else_come(made, name):
    figure, widget = FIGURES[name], made(name)
    figure.fill(widget, 0)
    for view in views(widget):
        for content in (figure.empty, *(lambda widget, i=i: figure.fill(widget, i) for i in (1, 0))):
            start, *way = lattice(view, 3)
            QTest.mousePress(view, LEFT, pos=start)
            drag(view, way[0])
            content(widget)
            for place in way:
                drag(view, place)
            QTest.keyClick(view, Qt.Key.Key_Right)
            wheel(view, way[0], 240)
            QTest.mouseRelease(view, LEFT, pos=way[-1])
            QApplication.processEvents()


ITEMS = {
    "cards": (r"item (\d+)", int),
    "history": (r"epoch (\d+)$", int),
    "counts": (r"^(.*) · \d+ im", lambda name, i: NAMES[i].index(name)),
    "montage": (r"image (\d+)", int),
    "pair": (r"^(\w+) · x", ("", "image", "reconstruction").index),
    "pairs": (r"image (\d+) .*image (\d+)", int),
    "images": (r"image (\d+)", lambda number: int(number) - 1),
    "mistakes": (r"\((\d+) %", lambda percent: 99 - int(percent)),
}
"""How the pointer reads the number of an image, by whose colour it is known."""


SEVERAL = [(name, 0) for name in ITEMS] + [
    (name, 1) for name in ("cards", "montage", "pairs", "images", "mistakes")
]
"""Figures with those of their contents that have several images."""

NUMBERS = {
    "activation": lambda i: noise(i, 3, 5 + i) + i / 9,
    "activations": lambda i: noise(i, *convolution(i).layer.output_shape) - 0.4,
    "unit": lambda i: convolution(i).kernel[:, :, 0, 1],
    "lecture": lambda i: convolution(i).kernel / (1 if i else convolution(i).kernel.max()),
    "weights": lambda i: convolution(i).kernel,
    "pixels": lambda i: noise(i, *SHAPES[i])[..., -1],
}
"""What is painted, as filled in: (y, x), and input and unit where there are any."""


def read(name, i, text):
    """The numbers of the images that a hover text names."""
    pattern, number_of = ITEMS[name]
    found = re.search(pattern, text)
    return (
        []
        if found is None
        else [number_of(each, i) if name == "counts" else number_of(each) for each in found.groups()]
    )


def scrolled(view):
    """Scroll, zoom and pan a figure; yields each time, first as it is at the beginning."""
    yield
    middle = view.rect().center()
    for by in (QPoint(-70, -30), QPoint(20, 45)):
        wheel(view, middle + by, 360 if isinstance(view, ZoomedView) else -360)
        QTest.mousePress(view, LEFT, pos=middle)
        drag(view, middle + by)
        QTest.mouseRelease(view, LEFT, pos=middle + by)
        yield
    QTest.keyClick(view, Qt.Key.Key_End)
    yield


@pytest.mark.parametrize(("name", "i"), SEVERAL)
def test_what_is_pointed_at_or_clicked_is_what_is_painted_there(made, name, i):
    """Wherever it is scrolled to: tips of scrolled cards were those of others."""
    view, clicked = made(name), []
    FIGURES[name].fill(view, i)
    heard = hover_texts(view)
    if name == "pairs":
        view.image_chosen.connect(clicked.append)
    elif name == "history":
        view.chosen.connect(lambda _, position: clicked.append(position.epoch))
    greys, seen = images(i, 256)[:, 1, 1, 0].tolist(), []
    for _ in scrolled(view):
        if name == "montage":
            serve(view, i)
        picture = view.grab().toImage()
        for place in lattice(view, 13):
            (red, green, blue), *others = {picture.pixelColor(place + by).getRgb()[:3] for by in AROUND}
            point_at(view, place)
            named = read(name, i, heard[-1])
            if others or not red == green == blue < 255 or not named:
                continue
            told = [k for k in named if greys[k] == red]
            assert told, f"at {place} of {red} it says {heard[-1]}"
            seen.append(told[0])
            if name in {"pairs", "history"}:
                QTest.mouseClick(view, LEFT, pos=place)
                assert clicked[-1] in told
        leave(view)
    assert len(set(seen)) > 1


@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_is_where_it_belongs_and_has_its_colour(made, theme, name, i):
    """Neither turned nor mirrored, and larger numbers further along the colour map."""
    view, seen = made(name), []
    FIGURES[name].fill(view, i)
    heard = hover_texts(view)
    numbers, chosen = NUMBERS[name](i), theme.colour_map
    seen_numbers = numbers if name == "activation" and i == 1 else np.float32(-1)
    colours = colour_map(activation_colour_map(seen_numbers, chosen, is_dark=False)).astype(int)
    for _ in scrolled(view):
        picture = view.grab().toImage()
        for place in lattice(view, 17):
            rgb, *others = {picture.pixelColor(place + by).getRgb()[:3] for by in AROUND}
            point_at(view, place)
            at = {axis: int(number) for axis, number in re.findall(r"(unit|input|x|y) (\d+)", heard[-1])}
            if others or "x" not in at:
                continue
            axes = [at["y"], at["x"], *(at[axis] for axis in ("input", "unit") if axis in at)]
            number = numbers[tuple(axes)]
            assert float(heard[-1].split()[-1].replace("−", "-")) == pytest.approx(number, abs=0.01)
            if name == "pixels":
                seen.append((min(number, 0.5 + i), rgb[-1]))  # what is white there
            elif (distance := np.abs(colours - rgb).sum(axis=1)).min() == 0:
                seen.append((number, int(distance.argmin())))
    assert len(set(seen)) > 4
    assert np.corrcoef(np.transpose(seen))[0, 1] > 0.99


@pytest.mark.parametrize(
    ("name", "i"), [("output", 1)] + [each for each in SEVERAL if each[0] not in {"history", "montage"}]
)
def test_images_keep_their_proportions(made, name, i):
    """The first that is seen as a whole; its corner has another colour."""
    view = made(name)
    view.resize(900, 600)
    FIGURES[name].fill(view, i)
    pixels = rgba_pixels(view.grab().toImage())[..., :3].astype(int)
    for number in range(12):
        rows, columns = np.nonzero((pixels == images(i, 12)[number, 1, 1, 0]).all(axis=2))
        if len(rows) < 20 or (name == "counts" and np.ptp(rows) > 40):
            continue
        height, width, _ = SHAPES[i]
        assert (np.ptp(rows) + 1) / (np.ptp(columns) + 1) == pytest.approx(height / width, rel=0.2)
        return
    raise AssertionError("no image is seen")


EDGE = 50
OF_ITEMS = (
    "activation", "activations", "confusion", "counts", "epochs", "evidence", "images", "lecture", "mistakes",
    "odd unit", "one-hot", "output", "pair", "pixels", "unit",
)  # fmt: skip


def painted_alone(view, theme, item):
    """What an item paints, (y, x, RGBA), with the figure's top left at `EDGE`."""
    image = QImage(view.width() + 2 * EDGE, view.height() + 2 * EDGE, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(EDGE, EDGE)
    item.paint(Pen(painter, theme, 1.0))
    painter.end()
    return rgba_pixels(image)


@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize("name", OF_ITEMS)
def test_each_item_is_hit_and_told_where_it_is_painted_within_the_figure(made, theme, name, i):
    view = made(name)
    heard = hover_texts(view)
    for size in ((420, 230), (250, 170)):
        view.resize(*size)
        FIGURES[name].fill(view, i)
        QApplication.processEvents()
        odd = {True: False, False: False}
        for item in view.items():
            assert QRectF(view.rect()).contains(item.rect)
            if item.image is not None:
                shape = item.image.width() / item.image.height()
                assert item.rect.width() / item.rect.height() == pytest.approx(shape, rel=0.1)
            if item.paint is not None:
                pixels = painted_alone(view, theme, item)
                rows, columns = np.nonzero(pixels[..., 3])
                place = item.rect.toAlignedRect().translated(EDGE, EDGE).adjusted(-1, -1, 1, 1)  # lines
                assert len(rows) == 0 or place.contains(QPoint(columns.min(), rows.min()))
                assert len(rows) == 0 or place.contains(QPoint(columns.max(), rows.max()))
                odd[item.image is None] |= bool((pixels[..., :3] == NOT_A_NUMBER_COLOUR).all(axis=2).any())
            place = item.rect.center().toPoint()
            point_at(view, place)
            told = [each for each in view.items() if each.is_hit(QPointF(place))]
            if not told or told[-1].part_at is None:
                assert heard[-1] == (told[-1].tip_at(QPointF(place)) if told else "")
        has_legend = name in {"activation", "odd unit", "unit"}
        assert odd[True] == odd[False] or not has_legend, (
            "the legend names what is not finite, if it is there"
        )


@pytest.mark.parametrize("i", [0, 1])
def test_arrow_keys_reach_every_item_and_stop_at_the_ends(made, i):
    view, heard = made("counts"), []
    FIGURES["counts"].fill(view, i)
    view.chosen.connect(heard.append)
    n = len(NAMES[i])
    for key, reached in (("Right", [*range(n), n - 1]), ("Up", [*range(n - 2, -1, -1), 0])):
        heard.clear()
        for _ in reached:
            QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert heard == reached
        assert [item.is_chosen for item in view.items() if item.click].index(True) == reached[-1]


@pytest.mark.parametrize("name", FIGURES)
def test_the_copied_picture_holds_all_that_is_painted(made, theme, name):
    background = QColor(theme.colours.window).getRgb()[:3]
    for i, size in product((0, 1), (None, QSize(600, 160))):
        widget = made(name)
        widget.resize(size or widget.size())
        FIGURES[name].fill(widget, i)
        for view in views(widget):
            if not isinstance(view, FigureView) or view.findChildren(QWidget):
                continue
            on_screen, copied = (
                (rgba_pixels(image)[..., :3] != background).any(axis=2).sum()
                for image in (view.grab().toImage(), view.render_image(1.0))
            )
            assert on_screen <= copied


@pytest.mark.parametrize("name", ["cards", "history", "montage", "pairs", "weights"])
def test_what_the_pointer_reads_changes_with_what_is_scrolled_beneath_it(made, name):
    view = made(name)
    FIGURES[name].fill(view, 0)
    heard = hover_texts(view)
    places = [place for place in lattice(view, 5) if point_at(view, place) or heard[-1]]
    for place in places[::3]:
        for delta in (-480, 360):
            point_at(view, place)
            wheel(view, place, -delta if isinstance(view, ZoomedView) else delta)
            told = heard[-1]
            point_at(view, place)
            assert heard[-1] == told
    assert len(set(heard)) > 2


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_is_gone_is_not_kept_by_what_it_showed(theme, name):
    figure, view = FIGURES[name], ViewState()
    widget = figure.make(theme, view)
    figure.fill(widget, 0)
    kept = [weakref.ref(each) for each in views(widget)]
    widget.grab()
    with gc_paused():
        delete(widget)
        del widget, view
        assert [each() for each in kept] == [None] * len(kept)
