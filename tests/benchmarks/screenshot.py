"""The README's picture: the real window after the five epochs of a preset.

python tests/benchmarks/screenshot.py OUT.png [--preset NAME] [--mode dark] [--size 1024x768] [--present]
"""

import argparse
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from open_window import open_window, spin, wait_until
from PySide6.QtWidgets import QComboBox, QPushButton

from cadl_gui.core.presets import PRESETS
from cadl_gui.engine.engine import EngineState


def main() -> None:
    """Train, and grab the window."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out")
    parser.add_argument("--preset", choices=list(PRESETS), default="lecture-autoencoder")
    parser.add_argument("--mode", choices=["light", "dark"], default="light")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--present", action="store_true")
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    with open_window(width, height, arguments.mode) as (window, engine, theme):
        theme.set_present(arguments.present)
        window.findChild(QComboBox, "presetCombo").setCurrentText(arguments.preset)
        window.findChild(QPushButton, "trainButton").click()
        wait_until(lambda: bool(engine.runs) and engine.state is EngineState.IDLE, 600)
        spin(1)
        window.grab().save(arguments.out)


if __name__ == "__main__":
    main()
