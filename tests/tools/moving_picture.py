"""Makes the README's images: the real window with the shipped runs, or after training a preset.

    python tests/tools/screenshot.py OUT.png [--tab Draw] [--run NAME] [--preset NAME] [--mode dark]
        [--size 1024x768] [--present] [--colours 256]

In Data, a digit is chosen; in Draw, a 7 is drawn. With `--run`, a shipped run is shown; with `--preset`, that
preset is first trained in the Train tab. Few colours make a small file.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

from idle import wait_until_idle
from open_window import open_window, spin, wait_until
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget
from shown_pages import set_mode

from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm

TABS = ("Data", "Train", "Draw", "Latent", "Inspect")
IDLE_S = 600.0
"""Longest time for tiles, nearest digits, the images that excite a unit and the like to arrive."""

SEVEN = ((0.3, 0.25), (0.5, 0.24), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78))


def main() -> None:
    """Open the window as the options say, and save a screenshot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out")
    parser.add_argument("--tab", choices=TABS, default="Train")
    parser.add_argument("--run", choices=[path.name for path in shipped_runs()])
    parser.add_argument("--preset", choices=list(PRESETS))
    parser.add_argument("--mode", choices=["light", "dark"], default="light")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--present", action="store_true")
    parser.add_argument("--colours", type=int, choices=[2**n for n in range(1, 9)])
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    with open_window(width, height, arguments.mode) as (window, engine, theme):
        if arguments.present:
            set_mode(window, theme, "present")
        window.open_when_ready(shipped_runs(), show=False)
        wait_until(lambda: len(engine.runs) == len(shipped_runs()), 60)
        if arguments.run:
            engine.view.show_run(next(run for run in engine.runs if run.description.name == arguments.run))
        if arguments.preset:
            train(window, engine, arguments.preset)
        window.findChild(QTabWidget, "tabs").setCurrentIndex(TABS.index(arguments.tab))
        wait_until_idle(engine, window, most_s=IDLE_S)
        if arguments.tab == "Data":
            look_at_a_digit(window, engine)
        if arguments.tab == "Draw":
            draw(window.findChild(QWidget, "digitCanvas"))
        wait_until_idle(engine, window, most_s=IDLE_S)
        window.grab().save(arguments.out)
    if arguments.colours:
        with Image.open(arguments.out) as image:
            few = image.convert("RGB").quantize(arguments.colours, dither=Image.Dither.NONE)
        few.save(arguments.out, optimize=True)


def train(window: MainWindow, engine: Engine, name: str) -> None:
    """Train a preset to its end."""
    n_runs = len(engine.runs)
    window.findChild(ConfigurationForm).show_configuration(PRESETS[name].config)
    window.findChild(QPushButton, "trainButton").click()
    wait_until(lambda: len(engine.runs) > n_runs and engine.training.state is TrainingState.IDLE, 900)


def look_at_a_digit(window: MainWindow, engine: Engine) -> None:
    """Click an image."""
    wait_until_idle(engine, window, most_s=IDLE_S)
    montage = window.findChild(QWidget, "datasetMontage")
    place = QPoint(round(0.45 * montage.width()), round(0.4 * montage.height()))
    QTest.mouseClick(montage, Qt.MouseButton.LeftButton, pos=place)


def draw(canvas: QWidget) -> None:
    """Draw a 7 with the mouse."""
    places = [QPoint(round(x * canvas.width()), round(y * canvas.height())) for x, y in SEVEN]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
        spin(0.02)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


if __name__ == "__main__":
    main()
