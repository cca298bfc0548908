"""Common features of figures that paint themselves: empty ones say what to do."""

import importlib
import pkgutil

import pytest
from hand import point_at
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from seen import colours_of, hover_texts, on_screen, painted_anew
from shiboken6 import delete, isValid

import cadl_gui.ui
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.data.counts_view import CountsView
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.one_hot_view import OneHotView
from cadl_gui.ui.data.pairs_view import PairsView
from cadl_gui.ui.draw.evidence_view import EvidenceView
from cadl_gui.ui.draw.flips_view import FlipsView
from cadl_gui.ui.draw.history_view import HistoryView
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.figures.accessible_items import tell_items
from cadl_gui.ui.figures.figure_item import Item, pixels_item
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.figures.scrolled_figure import ScrolledFigure
from cadl_gui.ui.figures.zoom import Surface, ZoomedView
from cadl_gui.ui.inspect.activation_view import ActivationView
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_view import ArithmeticView
from cadl_gui.ui.inspect.before_view import BeforeView
from cadl_gui.ui.inspect.epochs_view import EpochsView
from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.inspect.lecture_view import LectureView
from cadl_gui.ui.inspect.output_view import OutputView
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.latent.path_strip import PathStrip
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane.view import LatentView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, LIGHT
from cadl_gui.ui.train.confusion_view import ConfusionView
from cadl_gui.ui.train.mistakes_view import MistakesView

pytestmark = pytest.mark.gui

KINDS = (
    ActivationView, ActivationsView, ArithmeticView, BeforeView, ConfusionView, CountsView, DatasetMontage,
    EpochsView, EvidenceView, FlipsView, HistogramView, HistoryView, LectureView, MistakesView, ImageCards,
    ImageView, NormalisationStrip, OneHotView, OutputView, PairsView, PathStrip, PlotView, UnitView,
    WeightsView,
)  # fmt: skip
NEVER_EMPTY = {LatentPlane}
ABSTRACT = {LatentView, ScrolledFigure, Surface, ZoomedView}
MORE = {ImageCards: {"n_lines": 2}, CountsView: {"rows": 10}, HistoryView: {"view": ViewState()}}
MESSAGE = "Train a network first."
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Plus, Qt.Key.Key_Return)


@pytest.fixture
def theme():
    return Theme("light")


def new(kind, theme, message):
    """An empty figure of this class."""
    more = {"now": new(WeightsView, theme, message)} if kind is BeforeView else MORE.get(kind, {})
    view = kind(theme, empty_text=message, **more)
    view.resize(260, 260)
    return view


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def view(qtbot, theme, request):
    view = new(request.param, theme, MESSAGE)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    return view


def inherited(kind):
    return {below for direct in kind.__subclasses__() for below in {direct, *inherited(direct)}}


def test_list_of_figures_is_complete():
    for module in pkgutil.walk_packages(cadl_gui.ui.__path__, "cadl_gui.ui."):
        importlib.import_module(module.name)
    ours = {kind for kind in inherited(FigureView) if kind.__module__.startswith("cadl_gui")}
    assert ours == {*KINDS, *NEVER_EMPTY, *ABSTRACT}


def test_the_message_is_in_place_of_the_content(view, theme):
    assert view.render_image(1.0) != new(type(view), theme, "").render_image(1.0)
    assert QColor(LIGHT.secondary).name() in colours_of(view.render_image(1.0))
    view.set_empty_text("Another one.")
    assert view.accessibleDescription() == "Another one."


def test_figure_follows_the_theme(qtbot, view, theme):
    light = on_screen(view)
    theme.set_mode("dark")
    qtbot.waitUntil(lambda: on_screen(view) == painted_anew(view) != light)
    assert QColor(DARK.secondary).name() in colours_of(on_screen(view))


def test_an_empty_view_accepts_all_events(qtbot, view):
    texts = hover_texts(view)
    for place in (QPoint(20, 20), QPoint(130, 100), QPoint(240, 220)):
        qtbot.mouseMove(view, place)
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseMove(view, place + QPoint(10, 10))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
        QTest.wheelEvent(view.windowHandle(), QPointF(place), QPoint(0, 120))
    for key in KEYS:
        qtbot.keyClick(view, key)
    assert set(texts) == {""}


def test_a_screen_reader_meets_the_items_that_are_there_and_none_of_a_figure_that_is_gone(theme):
    tell_items()
    view = CountsView(theme, empty_text="none", rows=3)
    view.resize(200, 90)
    view.set_counts(("cat", "dog", "owl"), (5, 3, 2), ())
    met = QAccessible.queryAccessibleInterface(view)
    cat, dog, owl = (met.child(i) for i in range(met.childCount()))
    assert [item.text(QAccessible.Text.Name).split(" ·")[0] for item in (cat, dog, owl)] == [
        "cat",
        "dog",
        "owl",
    ]
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert [item.state().selected for item in (cat, dog, owl)] == [False, True, False]
    assert met.indexOfChild(owl) == 2
    assert QRect(view.mapToGlobal(QPoint()), view.size()).contains(owl.rect())
    view.set_counts(("cat",), (5,), ())
    assert (cat.isValid(), dog.isValid(), met.childCount()) == (True, False, 1)
    delete(view)
    assert not any(map(isValid, (met, cat, dog, owl)))


class Numbers(FigureView):
    """Two buttons above each other, an image of 4×2 pixels at their right, and a scale below."""

    def __init__(self, theme):
        super().__init__(theme, empty_text=MESSAGE)
        self.clicked = []

    def _items(self, ratio):
        yield Item(QRectF(0, 0, 40, 30), None, "upper", click=lambda: self.clicked.append("upper"))
        yield Item(QRectF(0, 50, 40, 30), None, "lower", click=lambda: self.clicked.append("lower"))
        image = QImage(4, 2, QImage.Format.Format_RGB32)
        yield pixels_item(QRectF(60, 0, 80, 40), image, lambda x, y: f"pixel {x}, {y}")
        yield Item(QRectF(0, 100, 140, 40), None, lambda place: f"at {place.x():.0f}")


def test_arrow_keys_point_at_the_next_item_or_pixel_and_return_clicks_it(qtbot, theme):
    view = Numbers(theme)
    qtbot.addWidget(view)
    view.resize(200, 160)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    blank, heard = painted_anew(view), hover_texts(view)
    left, right, up, down = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down

    def press(*keys):
        for key in keys:
            QTest.keyClick(view, key)
        return heard[-1]

    for _ in range(2):
        assert press(down) == "upper", "the first key shows where it begins"
        assert press(right) == "pixel 0, 0", "past the gap"
        assert press(right, right, down) == "pixel 2, 1"
        qtbot.waitUntil(lambda: on_screen(view) == painted_anew(view) != blank)
        told = len(heard)
        assert press(left, left, up, left, Qt.Key.Key_Space, down, Qt.Key.Key_Return) == "lower"
        assert [text for text in heard[told:] if "p" in text] == [
            "pixel 1, 1",
            "pixel 0, 1",
            "pixel 0, 0",
            "upper",
        ]
        assert (view.clicked, press(left)) == (["upper", "lower"], "lower"), "at the edge, it stays"
        view.clicked.clear()
        assert (press(down), press(right), press(left)) == ("at 20", "at 25", "at 20")
        point_at(view, QPoint(30, 60))
        assert heard[-1] == "lower"
        qtbot.waitUntil(lambda: on_screen(view) == blank)  # the pointer needs no frame
        press(up)
        view.clearFocus()
        assert heard[-1] == ""
        qtbot.waitUntil(lambda: on_screen(view) == blank)
        view.setFocus()
