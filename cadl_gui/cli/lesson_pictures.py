"""Pictures for the sheets of a lesson: pages of a window that plays it, as a class sees them on a projector.

So whatever a step can show is on paper, without a rendering of its own, but not what can only be pressed.
Colours are those for paper: light, and digits in ink on white.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from cadl_gui.cli.window_use import settings_in, wait_for
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.lesson import Lesson
from cadl_gui.domain.lesson_block import NO_DRAWING
from cadl_gui.system.words import _
from cadl_gui.ui.lesson.sheet import TO_DRAW, Picture
from cadl_gui.ui.tabs import TABS

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.window.main_window import MainWindow

_WINDOW_PX, _WINDOW_OF = (1700, 720), {"Train": (2300, 760), "Draw": (1280, 720)}
"""Its size, and that in some tabs: on paper, Train has images, all that is said of them and the curve side by
side, and Draw has three images of the evidence."""

_SCALE = 2.0
_QUIET_SECONDS, _MOST_SECONDS = 0.8, 120.0
"""Nothing was asked for so long when all is shown; how long that may take."""

_EDGE_PX = 8
"""White around what is shown, in pixels of the picture."""

_ANSWERS = frozenset(
    {"probabilityBars", "predictionLabel", "confidenceLabel", "answerLabel", "accuracyLabel"}
)
"""What is shown beside figures."""

_OF_IMAGES = "Data"
"""The tab whose figures are of no network."""

_WHITE = 250
"""What is less bright than this is ink."""

_TELLS_KEYS = "labelledLabel"
"""A line about what can be pressed, which is no control."""


def pictures_of(path: Path, lesson: Lesson) -> dict[str, Picture]:
    """Return what steps show, by their titles: room where the class draws, nothing where it trains the run.

    Args:
        path: the lesson, or the bundle that it is in.
        lesson: what it says.

    Raises:
        CadlError: if the window cannot be opened.
    """
    from PySide6.QtCore import QTimer

    from cadl_gui.app import show_window

    steps, failures = [*_with_pictures(lesson)], list[Exception]()
    wanted = [(number, tab) for number, tab in steps if tab]
    pictures = {lesson.steps[number].title: TO_DRAW for number, tab in steps if not tab}

    def attend(window: "MainWindow", engine: "Engine") -> None:
        def take() -> None:
            try:
                _prepare(window, engine)
                for number, tab in wanted:
                    pictures[lesson.steps[number].title] = _picture(window, engine, number, tab)
            except Exception as error:  # noqa: BLE001 - raised below: here, Qt would hide it
                failures.append(error)
            finally:
                window.close()

        window.resize(*_WINDOW_PX)
        QTimer.singleShot(0, take)

    if wanted:
        with TemporaryDirectory(ignore_cleanup_errors=True) as scratch, settings_in(Path(scratch)):
            show_window([path], Path(scratch, "runs"), attend=attend)
    for failure in failures:
        raise failure
    return pictures


def _with_pictures(lesson: Lesson) -> Iterator[tuple[int, str]]:
    """Return the numbers of the steps that show something of a run that there is, and the titles of tabs.

    Of those that begin with an empty canvas, the title is "".
    """
    run, tab, drawing = "", "", NO_DRAWING
    for number, step in enumerate(lesson.steps):
        show = step.show
        run = "" if show.preset else show.run or run
        tab = show.tab or tab
        drawing = show.drawing or show.session or drawing
        if tab == "drawTab" and drawing == NO_DRAWING:
            if show.tab or show.drawing:
                yield number, ""
        elif run and tab:
            yield number, next(spec.title for spec in TABS if tab == f"{spec.id}Tab")


def _prepare(window: "MainWindow", engine: "Engine") -> None:
    """Wait for the lesson, and let the window look as on paper."""
    _wait(window, lambda: window.lessons.lesson is not None and engine.is_ready)
    theme = window.theme
    theme.set_mode("light")
    theme.set_reduce_motion(True)
    theme.set_inverted(True)
    theme.set_present(True)


def _picture(window: "MainWindow", engine: "Engine", number: int, tab: str) -> Picture:
    from cadl_gui.ui.figures.figure import rendered
    from cadl_gui.ui.figures.pixel_image import png_bytes
    from cadl_gui.ui.tab_page import TabPage
    from cadl_gui.ui.tab_run import TabRun

    window.resize(*_WINDOW_OF.get(tab, _WINDOW_PX))
    window.lessons.enter(number)
    _rest(window, engine)
    page = next(page for page in window.findChildren(TabPage) if page.isVisible())
    if page.objectName() == "drawTab":
        # Otherwise, a classifier answers in place of a network that copies, which the words would name.
        for shown in page.findChildren(TabRun):
            shown.set_suits(lambda about: (run := engine.view.run) is not None and about == run.description)
        _rest(window, engine)
    controls = _controls(page)
    for widget in controls:
        widget.hide()
    _rest(window, engine)  # figures have more room
    image = _trimmed(_on_white(rendered(page, _SCALE), window.theme.colours.window))
    for widget in controls:
        widget.show()
    run, at = engine.view.run, engine.view.position
    assert run is not None, "the step names it"
    about = run.description
    text = _("Tab {tab}") if tab == _OF_IMAGES else _("{name}, {position} (tab {tab})")
    return Picture(
        text.format(name=about.name, position=about.position_text(at), tab=_(tab)),
        (image.width(), image.height()),
        png_bytes(image),
    )


def _rest(window: "MainWindow", engine: "Engine") -> None:
    """Wait until all is shown."""
    began = quiet = time.monotonic()

    def is_at_rest() -> bool:
        nonlocal quiet
        now = time.monotonic()
        if not (engine.inference.is_idle and engine.datasets.is_idle and engine.jobs.is_idle):
            quiet = now
        return now - quiet > _QUIET_SECONDS or now - began > _MOST_SECONDS

    _wait(window, is_at_rest)


def _controls(page: "QWidget") -> "list[QWidget]":
    """Return what is dead on paper: controls, what stands around them alone, and covered figures.

    So is a path strip without images, which says what to press.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractSlider,
        QAbstractSpinBox,
        QComboBox,
        QLabel,
        QLineEdit,
        QScrollBar,
        QWidget,
    )

    from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
    from cadl_gui.ui.figures.curtain import Curtain
    from cadl_gui.ui.figures.figure import Figure
    from cadl_gui.ui.figures.figure_panel import FigurePanel
    from cadl_gui.ui.latent.path_strip import PathStrip

    direct = Qt.FindChildOption.FindDirectChildrenOnly
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    seen = [widget for widget in page.findChildren(QWidget) if widget.isVisible()]
    figures = Figure | FigurePanel | DrawingCanvas
    shown = [each for each in seen if isinstance(each, figures) or each.objectName() in _ANSWERS]
    found: list[QWidget] = []
    for widget in seen:
        if isinstance(widget, Curtain):
            found += [each for each in shown if isinstance(each, FigurePanel) and each.has(widget)][-1:]
        elif isinstance(widget, kinds) and not isinstance(widget, QScrollBar):
            around = widget.parentWidget()
            assert around is not None, "it is on the page"
            beside = around.findChildren(QLabel, "", direct)
            found += [each for each in beside if each.isVisible() and each.objectName() not in _ANSWERS]
            found.append(_part_without(shown, widget, page))
        elif widget.objectName() == _TELLS_KEYS or (isinstance(widget, PathStrip) and widget.images is None):
            found.append(widget)
    return found


def _part_without(shown: "list[QWidget]", control: "QWidget", page: "QWidget") -> "QWidget":
    """Return the largest part of a page that a control is in and nothing of what is shown."""
    part, around = control, control.parentWidget()
    while around is not None and around not in {page, *shown} and not any(map(around.isAncestorOf, shown)):
        part, around = around, around.parentWidget()
    return part


def _trimmed(image: "QImage") -> "QImage":
    """Return an image without what is white around it."""
    from PySide6.QtCore import QMargins, QRect

    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., :3]
    darkest = pixels.min(axis=2)
    rows, columns = (np.flatnonzero(darkest.min(axis=axis) < _WHITE) for axis in (1, 0))
    if not rows.size:
        return image
    left, right, top, bottom = map(int, (columns[0], columns[-1], rows[0], rows[-1]))
    ink = QRect(left, top, right - left + 1, bottom - top + 1)
    edge = QMargins(_EDGE_PX, _EDGE_PX, _EDGE_PX, _EDGE_PX)
    return image.copy((ink + edge).intersected(image.rect()))


def _on_white(image: "QImage", background: str) -> "QImage":
    """Return an image with a white background, which takes no ink."""
    from PySide6.QtGui import QColor

    pixels = np.frombuffer(image.bits(), np.uint32)
    pixels[pixels == QColor(background).rgb()] = QColor("white").rgb()
    return image


def _wait(window: "MainWindow", condition: Callable[[], bool]) -> None:
    try:
        wait_for(condition, window, 2 * _MOST_SECONDS)
    except CadlError as error:
        raise CadlError(_("The lesson could not be played to take its pictures.")) from error
