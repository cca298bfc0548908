"""Measures how long it takes until a window with the shipped runs has other colours or sizes.

    python tests/benchmarks/theme_switch.py [--tab Train]… [--switches 10]

*Wall* is the time from the choice in the menu until the window is painted again, *processor* what the
interface thread computed until then, which does not depend on the load of the machine. All pages are built
before.

Goal: 150 ms from light to dark.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import time

from figures import Figures, percentiles
from open_window import open_window
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from shown_pages import settle, show_tab

from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.window.main_window import MainWindow

LIMIT_MS = 150
TITLES = [tab.title for tab in TABS]


def main() -> None:
    """Switch to and fro on each tab, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tab", action="append", choices=TITLES, help="all of them, otherwise")
    parser.add_argument("--switches", type=int, default=10, help="of each kind on each tab")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    switches = {"dark and light": ("darkAction", "lightAction"), "present mode": ("presentAction",) * 2}
    with Figures(arguments.json) as figures, open_window() as (window, engine, _):
        window.open_again(shipped_runs())
        for title in TITLES:
            show_tab(window, engine, title)
        heads = (f"{what} {n}" for what in ("wall ms,", "processor ms,") for n in ("50 %", "99 %", "worst"))
        figures.begin("theme", "tab, switch", *heads)
        for title in arguments.tab or TITLES:
            show_tab(window, engine, title)
            for kind, actions in switches.items():
                took = []
                for i in range(arguments.switches):
                    took.append(switched(window, actions[i % 2]))
                    settle(window, engine)
                walls, processors = zip(*took, strict=True)
                figures.row(f"{title}, {kind}", *percentiles(walls, LIMIT_MS), *percentiles(processors))


def switched(window: MainWindow, action: str) -> tuple[float, float]:
    """Switch, and return the wall and processor time in ms until the window is painted."""
    wall, processor = time.perf_counter(), time.thread_time()
    window.findChild(QAction, action).trigger()
    QCoreApplication.processEvents()  # paints
    return 1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - processor)


if __name__ == "__main__":
    main()
