"""Pictures for the sheets of a lesson: pages of a window that plays it, as a class sees them on a projector.

So whatever a step can show is on paper, without a rendering of its own, but not what can only be pressed.
Colours are those for paper: light, and digits in ink on white.
"""

from collections.abc import Iterator
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

_WINDOW_PX = 1700, 720
_WINDOW_OF = {"Train": (2300, 760), "Draw": (1700, 900), "Latent": (2200, 940)}
"""Its size, and that in some tabs: on paper, Train has images, all that is said of them and the curve side by
side, Draw has three images of the evidence, and the digits on Latent's plane leave its points in sight."""

_SCALE = 2.0
_QUIET_LOOKS, _MOST_SECONDS = 80, 120.0
"""Nothing was asked in so many looks, 10 ms apart, when all is shown: on a busy machine, seconds may pass in
which nothing could be. How long it may take."""

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


def pictures_of(path: Path, lesson: Lesson, most_seconds: float = _MOST_SECONDS) -> dict[str, Picture]:
    """Return what steps show, by their titles: room where the class draws, nothing where it trains the run.

    Args:
        path: the lesson, or the bundle that it is in.
        lesson: what it says.
        most_seconds: how long it may take until all of a step is shown.

    Raises:
        CadlError: if the window cannot be opened, or the lesson or a step is not shown in time.
    """
    from PySide6.QtCore import QTimer

    from cadl_gui.app import show_window

    steps, failures = [*_with_pictures(lesson)], list[Exception]()
    wanted = [(number, tab) for number, tab in steps if tab]
    pictures = {lesson.steps[number].title: TO_DRAW for number, tab in steps if not tab}

    def attend(window: "MainWindow", engine: "Engine") -> None:
        def take() -> None:
            number = wanted[0][0]
            try:
                _prepare(window, engine)
                for number, tab in wanted:
                    title = lesson.steps[number].title
                    pictures[title] = _picture(window, engine, number, tab, most_seconds)
            except CadlError as error:
                text = _(
                    "“{name}”, step {number}: no picture could be taken, since {error}. Nothing was written."
                )
                failures.append(CadlError(text.format(name=path.name, number=number + 1, error=error)))
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
    wait_for(lambda: window.lessons.lesson is not None and engine.is_ready, window, _MOST_SECONDS)
    theme = window.theme
    theme.set_mode("light")
    theme.set_reduce_motion(True)
    theme.set_inverted(True)
    theme.set_present(True)


def _picture(window: "MainWindow", engine: "Engine", number: int, tab: str, most_seconds: float) -> Picture:
    from cadl_gui.ui.figures.figure import rendered
    from cadl_gui.ui.figures.pixel_image import png_bytes
    from cadl_gui.ui.tab_page import TabPage
    from cadl_gui.ui.tab_run import TabRun

    def rest() -> None:
        """Wait until all is shown."""
        n_quiet = 0

        def is_at_rest() -> bool:
            nonlocal n_quiet
            # A job that ended before this event is deleted after it: until then, its set is not idle.
            is_idle = engine.inference.is_idle and engine.datasets.is_idle and not engine.jobs.is_busy
            n_quiet = n_quiet + 1 if is_idle and window.lessons.number == number else 0
            return n_quiet > _QUIET_LOOKS

        wait_for(is_at_rest, window, most_seconds)

    window.resize(*_WINDOW_OF.get(tab, _WINDOW_PX))
    window.lessons.enter(number)
    rest()
    page = next(page for page in window.findChildren(TabPage) if page.isVisible())
    runs = page.findChildren(TabRun)
    if page.objectName() == "drawTab":
        # Otherwise, a classifier answers in place of a network that copies, which the words would name.
        for shown in runs:
            shown.set_suits(lambda about: (run := engine.view.run) is not None and about == run.description)
        rest()
    controls = _controls(page)
    for widget in controls:
        widget.hide()
    rest()  # figures have more room
    image = _trimmed(_on_white(rendered(page, _SCALE), window.theme.colours.window))
    for widget in controls:
        widget.show()
    run = runs[0].run if runs else engine.view.run  # not the step's, where that has no plane
    of_images, of_run = _("Tab {tab}"), _("{name}, {position} (tab {tab})")
    text = of_images.format(tab=_(tab))
    if run is not None and tab != _OF_IMAGES:
        about, at = run.description, engine.view.position_of(run) or run.newest
        text = of_run.format(name=about.name, position=about.position_text(at), tab=_(tab))
    return Picture(text, (image.width(), image.height()), png_bytes(image))


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
