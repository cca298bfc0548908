"""What a page shows depends on the view alone: not on what it showed before, nor on what it still asks."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from asking import watch
from fakes import FakeTraining
from idle import wait_until_idle
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QSlider, QWidget
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import DataView, DrawView, InspectView, LatentView, RunView
from cadl_gui.ui.figures.pixel_image import rgba_pixels

pytestmark = pytest.mark.gui
BACKENDS = FakeTraining, WeightedInference

PARTS = ("run", "at", "tab", "data", "draw", "inspect", "latent", "of_run", "recent")

ALIKE = 16
"""Up to which difference two pixels are alike: a stroke is painted whole, or piece by piece."""


def ink(*places):
    """A stroke through places, as shares of the canvas."""
    return Drawing((Stroke(tuple(Point(x, y) for x, y in places), 0.1),))


ONE, SEVEN = ink((0.5, 0.1), (0.45, 0.9)), ink((0.2, 0.2), (0.8, 0.25), (0.4, 0.8))


def draw(section, drawing=SEVEN, **others):
    """What is chosen in Draw."""
    return DrawView(section=section, sheets={} if drawing is None else {INK.key: drawing}, **others)


PLACES = {  # by tab: run, position, and what is chosen in the tab
    "drawTab": (
        (0, 1, draw("evidence", ONE, why_not="7")),
        (1, 2, draw("history")),
        (2, None, draw("nearest", ONE)),
        (0, None, draw("fool", noise=30)),
        (2, 0, draw("seen", is_normalised=False)),
        (0, 2, draw("evidence", None, has_all_evidence=True)),
    ),
    "inspectTab": (
        (0, 1, InspectView("weights", "logits", 3, shows_statistics=True)),
        (1, None, InspectView("activations", "encoder_2", 4, number=7)),
        (2, 1, InspectView("weights", "encoder_1", 2, range="model", is_sorted=True, colour_map="grey")),
        (1, 2, InspectView("activations", "z_mean", 1, number=3)),
        (2, 0, InspectView("weights", "hidden", 1, "test", number=12)),
        (1, 1, InspectView("operations", search="Mat")),
    ),
    "latentTab": (
        (1, 1, LatentView(layers=("points", "classifier")), RunView(z=(0.5, -1.0))),
        (1, 2, LatentView(is_grid=True), RunView(pins=((1.0, 0.5, 1), (-1.0, 0.25, 2)))),
        (1, None, LatentView(layers=("manifold",), is_sampled=True), RunView(box=(0.5, 0.25, 2.0))),
        (3, 1, LatentView(path_kind="spherical"), RunView(axes=("variables", 1, 2), z=(0.0, 1.0, 0.5))),
    ),
    "dataTab": (
        (1, 1, DataView("brightness", 1, page="statistics", of="MNIST", label=3)),
        (1, None, DataView("label", shows_split=True, page="image", of="MNIST", image=12)),
        (1, 2, DataView(page="reinterpret", of="MNIST", channel=0)),
        (1, 0, DataView(page="reinterpret", of="MNIST", image=30)),
    ),
    "trainTab": ((0, 1, None), (1, None, None), (1, 2, None), (2, None, None)),
}  # fmt: skip


@pytest.fixture
def runs(qtbot, engine, window):
    """A classifier without hidden layers, a VAE, one that convolves, and a VAE with three dimensions."""
    names = ("softmax", "vae", "lecture-conv-classifier")
    configs = [preset(name).config.replace(epochs=2) for name in names]
    configs.append(configs[1].replace(latent_dim=3))
    return [train(qtbot, engine, config) for config in configs]


@pytest.fixture
def views(engine, runs):
    """By tab, the views to walk between."""
    plain, keys = engine.view.value, [engine.runs.key(run) for run in runs]

    def view(tab, run, epoch, chosen=None, of_run=None):
        parts = {} if chosen is None else {tab.removesuffix("Tab"): chosen}
        of_runs = {} if of_run is None else {keys[run]: of_run}
        at = None if epoch is None else Position(epoch)
        return replace(plain, run=keys[run], at=at, tab=tab, of_run=of_runs, **parts)

    return {tab: [view(tab, *place) for place in places] for tab, places in PLACES.items()}


class Soon(QObject):
    """Calls a function before whatever is posted later, such as an answer."""

    due = Signal()

    def __init__(self, function):
        super().__init__()
        self.due.connect(function, Qt.ConnectionType.QueuedConnection)


def shown(window):
    """The words, choices and pixels of the window."""
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()
    QApplication.processEvents()
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            match widget:
                case QLabel():
                    found.append((widget.objectName(), widget.text()))
                case QAbstractButton():
                    found.append((widget.objectName(), widget.text(), widget.isChecked(), widget.isEnabled()))
                case QComboBox():
                    found.append((widget.objectName(), widget.currentText(), widget.isEnabled()))
                case QSlider():
                    found.append((widget.objectName(), widget.value()))
    return found, rgba_pixels(window.grab().toImage()).astype(int)


@pytest.mark.parametrize("tab", PLACES)
def test_a_page_depends_on_the_view_alone(qtbot, window, engine, theme, views, tab, monkeypatch):
    """Each view is left for others while answers about it are in flight, and is as it was once it is back.

    The second time, the window is dark for a while.
    """
    asked, leave, n = [], None, 0

    def sent(ticket):
        asked.append(ticket)
        if leave is not None and len(asked) == n:
            leave.due.emit()

    watch(engine, monkeypatch, sent)

    def go(view):
        engine.view.change(**{part: getattr(view, part) for part in PARTS})

    settled = []
    for number, view in enumerate(views[tab]):
        go(view)
        wait_until_idle(engine, window)
        views[tab][number] = engine.view.value
        settled.append(shown(window))
    for by, (number, before) in product((1, 2), enumerate(views[tab])):
        to = (number + by) % len(settled)
        n, leave = 1 + (by + number) % 3, Soon(lambda to=to: go(views[tab][to]))
        asked.clear()
        go(before)
        if by == 2 and number == 1:
            theme.set_mode("dark")
        wait_until_idle(engine, window)
        leave = None
        go(views[tab][to])
        theme.set_mode("light")
        wait_until_idle(engine, window)
        words, pixels = shown(window)
        differing = [pair for pair in zip(words, settled[to][0], strict=True) if pair[0] != pair[1]]
        assert differing == [], f"from {number} to {to}"
        assert np.abs(pixels - settled[to][1]).max() <= ALIKE, f"from {number} to {to}"
