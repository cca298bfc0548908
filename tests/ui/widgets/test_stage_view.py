"""What the views that paint themselves have in common."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from cadl_gui.ui.draw.picture_cards import PictureCards
from cadl_gui.ui.inspect.activation_view import ActivationView
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_view import ArithmeticView
from cadl_gui.ui.inspect.epochs_view import EpochsView
from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.confusion_view import ConfusionView
from cadl_gui.ui.widgets.mistakes_view import MistakesView
from cadl_gui.ui.widgets.picture_view import PictureView

pytestmark = pytest.mark.gui

VIEWS = {
    "activation": ActivationView,
    "activations": ActivationsView,
    "arithmetic": ArithmeticView,
    "cards": partial(PictureCards, n_lines=1),
    "confusion": ConfusionView,
    "epochs": EpochsView,
    "histogram": HistogramView,
    "mistakes": MistakesView,
    "picture": PictureView,
    "unit": UnitView,
    "weights": WeightsView,
}
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Plus, Qt.Key.Key_Return)


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_view_bears_every_hand(qtbot, name):
    view = VIEWS[name](Theme("light"), empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    qtbot.waitExposed(view)
    texts = []
    view.pointer_text.connect(texts.append)
    for place in (QPoint(20, 20), QPoint(150, 100), QPoint(280, 180)):
        qtbot.mouseMove(view, place)
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseMove(view, place + QPoint(10, 10))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
        QTest.wheelEvent(view.windowHandle(), QPointF(place), QPoint(0, 120))
    for key in KEYS:
        qtbot.keyClick(view, key)
    assert set(texts) == {""}
