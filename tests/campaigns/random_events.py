"""Monkey testing: random events for the window, in real time, while a run trains.

    python tests/campaigns/random_events.py [--events 1500] [--seed 1] [--pictures FOLDER]

The program as it is normally started, with its own engine, on a fresh profile. Mouse, wheel and key events
reach Qt like those of a display; sizes, themes and tabs change as well. Events come in bursts, since a user
reacts to the effect of the first. Native file dialogs are answered by a stub. At last, the program is closed
and started again.

Reported as faults: exceptions and logged errors, frames that are too long, and memory of the process, without
recorded snapshots, that still grows after two of every kind of network have been trained; and a second start
whose view is another, or whose figures differ by more than 1 in 255, once nothing trains. After any fault or
crash, the exit status is not 0. Time during which other processes used the core does not count for frames.

A crash leaves a core file, on Linux where /proc/sys/kernel/core_pattern says; what each thread did in C++
is then printed by `gdb -batch -ex "thread apply all bt" python core`. With MALLOC_PERTURB_=165 before the
command, whatever uses freed memory crashes at once.
"""

import argparse
import faulthandler
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from idle import wait_until_idle
from monkey_hand import Monkey
from monkey_watch import Watch
from open_window import wait_until
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from cadl_gui import app
from cadl_gui.domain.labelled import labelled_to_json
from cadl_gui.domain.view import View
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.ui.figures.figure import Figure
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.window.main_window import MainWindow

_LOOK_MS = 200
_MOST_S = 300.0
_SIZE = 1440, 900


class Shown(NamedTuple):
    """The view, the pictures of the figures of all pages, and those of the window, by page."""

    view: View
    pictures: dict[str, QImage]
    windows: dict[str, QImage]


def main() -> int:
    """Run the test, and print the faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1500, help="how many (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of their choice (default %(default)s)")
    parser.add_argument(
        "--longest-frame", metavar="MS", type=int, default=250, help="in milliseconds (default %(default)s)"
    )
    parser.add_argument("--pictures", metavar="FOLDER", type=Path, help="where to keep figures that differ")
    arguments = parser.parse_args()
    faulthandler.enable()
    _allow_core_files()
    with tempfile.TemporaryDirectory(prefix="cadl monkey ", ignore_cleanup_errors=True) as scratch:
        watch = Watch(arguments.longest_frame)
        return play(arguments.events, arguments.seed, Path(scratch), watch, arguments.pictures)


def _allow_core_files() -> None:
    """Lift the limit on core files, which is 0 in most shells; Windows writes none."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def play(n_events: int, seed: int, scratch: Path, watch: Watch, pictures: Path | None = None) -> int:
    """Open the program on a fresh profile and send events; returns the exit status."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(scratch / name.lower())
    shown: list[Shown] = []

    def attend(window: MainWindow, engine: Engine) -> None:
        Monkey(window, engine, n_events, seed, scratch, watch, lambda: shown.append(_look(window, engine)))

    status = app.show_window([], app.runs_folder(), attend=attend)
    print(watch.report(), flush=True)
    app.show_window([], app.runs_folder(), attend=lambda *there: _look_once_ready(*there, shown))
    is_done = len(shown) == 2
    differing = _differences(*shown) if is_done else ["not seen"]
    print(f"Not as before at the next start: {', '.join(differing) or 'nothing'}", flush=True)
    if pictures is not None and is_done:
        _keep(pictures, differing, *shown)
    return 0 if status == 0 and is_done and not watch.faults and not differing else 1


def _look(window: MainWindow, engine: Engine) -> Shown:
    """Let all come to rest, and return what is shown, on all pages."""

    def has_stopped() -> bool:
        if (run := engine.training.run) is not None:
            engine.training.stop(run=run)
        return run is None and engine.training.starting is None

    # QTest.qWait would hold the interpreter, so that no training could end.
    wait_until(has_stopped, _MOST_S, _LOOK_MS / 1000)
    # A replay gives way to a position that is chosen, here the one that is shown.
    engine.view.go_live() if engine.view.is_live else engine.view.show(engine.view.position)
    moving = [window.findChild(QAction, f"{key}Action") for key in ("drift", "reencode")]
    playing = [each for each in window.findChildren(QAction, "playPathAction") if each.text() == "Stop"]
    for action in (*(each for each in moving if each.isChecked()), *playing):
        action.trigger()
    window.findChild(QAction, "presentAction").setChecked(False)
    window.findChild(QAction, "inkAction").setChecked(False)
    window.showNormal()
    window.resize(*_SIZE)
    wait_until(window.updatesEnabled, _MOST_S)  # widgets are styled in turns
    view, pictures, windows = engine.view.value, {}, {}
    window.findChild(LatentPaths).clear()  # the last drag is of the moment, too, but pins are not
    engine.view.change(of_run=view.of_run)
    for spec in TABS:
        engine.view.change(tab=spec.name)
        wait_until_idle(engine, window, most_s=_MOST_S)
        page = window.findChild(TabPage, spec.name)
        # Of the moment, and not of the view: scrolling and focus.
        for bar in page.findChildren(QScrollBar):
            bar.setValue(bar.minimum())
        if (focused := QApplication.focusWidget()) is not None:
            focused.clearFocus()
        wait_until_idle(engine, window, most_s=_MOST_S)
        windows[spec.title] = window.grab().toImage()
        for number, panel in enumerate(page.findChildren(FigurePanel)):
            figures = [each for each in panel.findChildren(QWidget) if isinstance(each, Figure)]
            if panel.isVisible() and figures:
                pictures[f"{spec.title}, {number}: {figures[0].accessibleName()}"] = figures[0].render_image(
                    1.0
                )
    engine.view.change(tab=view.tab)
    return Shown(view, pictures, windows)


def _look_once_ready(window: MainWindow, engine: Engine, shown: list[Shown]) -> None:
    def look() -> None:
        if engine.is_ready and not any(isinstance(run, ExpectedRun) for run in engine.runs.listed):
            timer.stop()
            shown.append(_look(window, engine))
            QApplication.quit()

    timer = QTimer(window, interval=_LOOK_MS)
    timer.timeout.connect(look)
    timer.start()


def _differences(before: Shown, after: Shown) -> list[str]:
    """Return the parts of the view, and the figures, that are not as before."""
    # What ships is opened at each start, also if it was removed; what all networks say then differs.
    own = [tuple(key for key in each.view.runs if not key.startswith("shipped:")) for each in (before, after)]
    parts = [_values(each.view) for each in (before, after)]
    changed = [name for name in parts[0] if parts[0][name] != parts[1][name]]
    names = {**before.pictures, **after.pictures}
    if before.view.runs != after.view.runs:
        names = {name: picture for name, picture in names.items() if "What each network says" not in name}
    differ = [name for name in names if _distance(before.pictures.get(name), after.pictures.get(name)) > 1]
    return [*(() if own[0] == own[1] else ("runs",)), *changed, *differ]


def _keep(folder: Path, names: list[str], before: Shown, after: Shown) -> None:
    """Save the figures that differ, and their pages, as they were before and at the next start."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        title = name.partition(",")[0]
        for when, shown in (("before", before), ("after", after)):
            shown.pictures.get(name, QImage()).save(str(folder / f"{number}-{when}.png"))
            shown.windows.get(title, QImage()).save(str(folder / f"{title}-{when}.png"))


def _values(view: View) -> dict[str, object]:
    """Return the parts of a view, with the content of its drawings, which lie in files of their own."""
    sheets = {key: drawing.to_json() for key, drawing in view.draw.sheets.items()}
    return view.to_json() | {"runs": (), "sheets": sheets, "labelled": labelled_to_json(view.draw.labelled)}


def _distance(image: QImage | None, other: QImage | None) -> int:
    """Return by how much two images differ, in 255ths; 255 if one is missing or has another size."""
    if image is None or other is None or image.size() != other.size():
        return 255
    bits = [each.convertToFormat(QImage.Format.Format_RGB32).constBits() for each in (image, other)]
    first, second = (np.frombuffer(each, np.uint8).astype(np.int16) for each in bits)
    return int(np.abs(first - second).max(initial=0))


if __name__ == "__main__":
    sys.exit(main())
