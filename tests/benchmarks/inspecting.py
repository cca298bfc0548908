"""Measures how fast the Inspect tab shows, scrolls and animates weights, without TensorFlow.

    python tests/benchmarks/inspecting.py [--seconds 2]

*appears* is the time from the weights of a layer to the painted montage, compared with copying and painting
them once, which no code could avoid. *scrolls* and *zooms* are repaints of a montage that is dragged;
*scrubs* updates the whole tab with the weights of another epoch. Times are processor times of the interface
thread, which do not depend on the load of the machine.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from fakes import SHAPE, description
from figures import Figures, percentiles, within
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from weighted_fakes import fake_weights

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import TrainingStarted
from cadl_gui.domain.history import History
from cadl_gui.domain.model_spec import ModelSpec, model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import Snapshot, Weights, freeze
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.ui.inspect.inspection import Inspection
from cadl_gui.ui.inspect.tab import InspectTab
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tab_page import PageContext
from cadl_gui.ui.theme.theme import Theme

WIDE = preset("lecture-autoencoder").config
CONVOLUTIONAL = preset("lecture-conv-classifier").config.replace(layers=(64, 64), use_bias=True)
APPEAR_MS, FRAME_MS = 100, 17


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="for each row")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    application = QApplication([])
    theme = Theme("light")
    theme.prepare(application)
    theme.apply(application)
    with Figures(arguments.json) as figures:
        figures.begin("inspecting", "what", "50 %, processor ms", "99 %", "worst")
        for words, config, number in (
            ("512 columns of 28×28", WIDE, 0),
            ("64×64 kernels of 5×5", CONVOLUTIONAL, 1),
        ):
            measure_layer(figures, words, table_of(config), number, theme, arguments.seconds)
        for words, config in (("512-256-128-64, tied", WIDE), ("64, 64 kernels", CONVOLUTIONAL)):
            measure_scrub(figures, words, config, theme, arguments.seconds)


def table_of(config: RunConfig) -> ModelSpec:
    """The spec of a preset's network for MNIST."""
    return model_spec(config.model, SHAPE, 10)


def random_weights(table: ModelSpec, seed: int) -> Weights:
    """Random weights; all numbers are distinct, as in a trained network."""
    random = np.random.default_rng(seed)
    fakes = fake_weights(table, 1.0)
    return freeze({path: random.normal(size=array.shape).astype(np.float32) for path, array in fakes.items()})


def measure_layer(
    figures: Figures, words: str, table: ModelSpec, number: int, theme: Theme, seconds: float
) -> None:
    """Measure the first paint, then scrolling and zooming."""
    view = WeightsView(theme, empty_text="")
    view.resize(640, 640)
    view.show()
    layer = table.layers[number]
    weights = random_weights(table, 1)
    shown = layer_image(layer_weights(table, weights)[layer.name], "layer", ())
    view.set_layer(shown)
    canvas = QImage(640, 640, QImage.Format.Format_RGB32)

    def appear() -> None:
        own = layer_weights(table, weights)
        view.set_layer(layer_image(own[layer.name], "layer", own.values()))
        view.render(canvas)

    def copy_and_paint() -> None:
        shown.images.patches.copy()
        painter = QPainter(canvas)
        painter.drawImage(canvas.rect(), view.image)
        painter.end()

    appears = measured(appear, seconds)
    bare = measured(copy_and_paint, seconds / 4)
    report(figures, f"{words}: appears", appears, APPEAR_MS)
    report(figures, f"{words}: copied and painted only", bare, None)
    wheel(view, 120 * 8)
    report(figures, f"{words}: scrolls", measured(lambda: scroll(view, canvas), seconds), FRAME_MS)
    report(figures, f"{words}: zooms", measured(lambda: zoom(view, canvas), seconds), FRAME_MS)
    report(
        figures, f"{words}: walks from unit to unit", measured(lambda: walk(view, canvas), seconds), FRAME_MS
    )
    view.close()


def scroll(view: WeightsView, canvas: QImage) -> None:
    """Drag back and forth."""
    middle = QPoint(320, 320)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, middle + (QPoint(7, 5) if time.perf_counter() % 1 < 0.5 else QPoint(-7, -5)))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
    view.render(canvas)


def zoom(view: WeightsView, canvas: QImage) -> None:
    """Turn the wheel back and forth."""
    wheel(view, 120 if time.perf_counter() % 1 < 0.5 else -120)
    view.render(canvas)


def walk(view: WeightsView, canvas: QImage) -> None:
    """Press the right arrow key."""
    QTest.keyClick(view, Qt.Key.Key_Right)
    view.render(canvas)


def wheel(view: WeightsView, delta: int) -> None:
    """A wheel event at the centre."""
    place = QPointF(320, 320)
    event = QWheelEvent(
        place, place, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def measure_scrub(figures: Figures, words: str, config: RunConfig, theme: Theme, seconds: float) -> None:
    """Measure the tab, as large as in a window of 1440×900, from epoch to epoch."""
    engine = Engine(lambda: None, lambda: None, None)
    recorded = tuple(Position(epoch) for epoch in range(8))
    engine.runs.handle_events((TrainingStarted(description("run", config), History(10), recorded),))
    settings = Settings()
    tab = InspectTab(PageContext(engine, theme, settings, {}))
    tab.resize(1208, 748)
    tab.show()
    table = table_of(config)
    snapshots = [Snapshot(Position(epoch), random_weights(table, epoch)) for epoch in range(8)]
    inspection, untrained = tab.findChildren(Inspection)
    untrained.take_weights(snapshots[0])
    montage = tab.findChild(QWidget, "weightsMontage")
    n = 0

    def scrub() -> None:
        nonlocal n
        n += 1
        inspection.take_weights(snapshots[n % len(snapshots)])
        QApplication.processEvents()  # paints what has changed

    scrub()
    assert montage.shown is not None, "the tab shows the weights"
    report(figures, f"{words}: scrubs", measured(scrub, seconds), FRAME_MS)
    tab.close()


def measured(callback: Callable[[], None], seconds: float) -> list[float]:
    """Processor time of repeated calls, in ms each."""
    callback()
    taken, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.thread_time()
        callback()
        taken.append(1000 * (time.thread_time() - started))
    return taken


def report(figures: Figures, words: str, taken: list[float], limit_ms: float | None) -> None:
    """Add a row; the median has to be below the limit."""
    half, *others = percentiles(taken)
    figures.row(words, within(half, limit_ms), *others)


if __name__ == "__main__":
    main()
