"""Measures how long it takes to enter each step of the lessons that ship, forwards and back.

    python tests/benchmarks/lesson_steps.py [--lesson NAME]… [--rounds 3]

In the real window, each lesson is played from its first step to its last, so that each run is read and each
page is built when a step first needs it, and back again. *Wall* is the time from entering a step until its
run is shown at its position on its tab, and painted; *processor* is what the interface thread computed until
then, which does not depend on the load of the machine, and *with answers* until nothing more was computed for
it for a while. The step for which it computed most is named.

Goal: 300 ms until a step of a run that ships is shown.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.append(str(Path(__file__).parents[1]))

import time
from collections.abc import Iterator
from typing import NamedTuple

from figures import Figures, percentiles
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QTabWidget

from cadl_gui.domain.lesson import SUFFIX, Step
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.ui.window.lesson_actions import LessonActions
from cadl_gui.ui.window.main_window import MainWindow

LIMIT_MS = 300
SETTLES_SECONDS = 0.5
NAMES = {path.name.removesuffix(SUFFIX): path for path in shipped_lessons()}


class Entered(NamedTuple):
    """What entering one step took, in ms."""

    step: str
    wall: float
    processor: float
    with_answers: float


def main() -> None:
    """Play the lessons, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lesson", action="append", choices=NAMES, help="all of them, otherwise")
    parser.add_argument("--rounds", type=int, default=3, help="windows that are opened, one after the other")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    entered: dict[str, list[Entered]] = {}
    for _ in range(arguments.rounds):
        with open_window() as (window, engine, _):
            for name in arguments.lesson or NAMES:
                for way, each in played(window, engine, name):
                    entered.setdefault(f"{name}, {way}", []).append(each)
    with Figures(arguments.json) as figures:
        heads = (f"{what} {n}" for what in ("wall ms,", "processor ms,") for n in ("50 %", "99 %", "worst"))
        figures.begin("lesson steps", "lesson", *heads, "with answers", "longest")
        entered["all"] = [each for some in entered.values() for each in some]
        for name, some in entered.items():
            _, walls, processors, answered = zip(*some, strict=True)
            longest = max(some, key=lambda each: each.processor).step
            most = round(max(answered), 1)
            figures.row(name, *percentiles(walls, LIMIT_MS), *percentiles(processors), most, longest)


def played(window: MainWindow, engine: Engine, name: str) -> Iterator[tuple[str, Entered]]:
    """Enter each step of a lesson, and yield what it took."""
    lessons = window.findChild(LessonActions)
    lessons.open(NAMES[name])
    wait_until(lambda: engine.view.value.lesson.path == f"{SHIPPED}{name}", 60)
    steps = lessons.lesson.steps
    for way, numbers in (("forwards", range(1, len(steps))), ("back", range(len(steps) - 2, -1, -1))):
        for number in numbers:
            yield way, enter(window, engine, lessons, number)


def enter(window: MainWindow, engine: Engine, lessons: LessonActions, number: int) -> Entered:
    """Enter a step, once nothing else is under way."""
    spin(SETTLES_SECONDS)
    step, pages = lessons.lesson.steps[number], window.findChild(QTabWidget, "tabs")
    wall, processor = time.perf_counter(), time.thread_time()
    lessons.enter(number)
    while not is_shown(step, engine, pages):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.processEvents()  # paints
    wall, computed = time.perf_counter() - wall, time.thread_time() - processor
    spin(SETTLES_SECONDS)
    answered = time.thread_time() - processor
    return Entered(f"{number + 1}. {step.title}", 1000 * wall, 1000 * computed, 1000 * answered)


def is_shown(step: Step, engine: Engine, pages: QTabWidget) -> bool:
    """Whether the window shows the run, the position and the tab of a step."""
    show, view = step.show, engine.view
    return (
        view.run is not None
        and show.run in {"", view.run.description.name}
        and show.at in {None, view.position}
        and pages.currentWidget().objectName() == (show.tab or view.value.tab)
    )


if __name__ == "__main__":
    main()
