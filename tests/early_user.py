"""A user who draws and drags as soon as the window shows something to draw on; runs inside the program.

Its events go through the window system, as a user's do, so that the program knows what is down.
"""

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabWidget, QWidget

from cadl_gui.ui.tabs import TABS

LEFT = Qt.MouseButton.LeftButton
SEVEN = [(0.3, 0.25), (0.45, 0.25), (0.6, 0.25), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78)]
"""A stroke on the canvas, in units of its sides."""

START, END = (0.15, 0.8), (0.3, 0.6)
"""A drag on the latent plane, beside the decoded image, which covers a corner of it."""


class EarlyUser:
    """Carries out steps: a generator that yields conditions to wait for.

    Args:
        window: the program's window.
        steps: function of this user that returns the generator.
    """

    def __init__(self, window, steps):
        self._window = window
        self._steps = steps(self)
        self._condition = lambda: True
        self._timer = QTimer(window, interval=5)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def _go_on(self):
        try:
            while self._condition():
                self._condition = next(self._steps)
        except StopIteration:
            self._timer.stop()

    def part(self, name, kind=QWidget):
        """The widget with this objectName, or None."""
        return self._window.findChild(kind, name)

    def show(self, tab):
        """Click a tab."""
        bar = self.part("tabs", QTabWidget).tabBar()
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect([spec.name for spec in TABS].index(tab)).center())
        yield lambda: self.part(tab) is not None

    def press(self, widget, place):
        """Press the left button at a place, in units of the widget's sides."""
        QTest.mousePress(self._window.windowHandle(), LEFT, pos=self._at(widget, place))

    def move(self, widget, place):
        """Move the pointer."""
        QTest.mouseMove(self._window.windowHandle(), self._at(widget, place))

    def release(self, widget, place):
        """Release the left button."""
        QTest.mouseRelease(self._window.windowHandle(), LEFT, pos=self._at(widget, place))

    def clear(self):
        """Empty the canvas."""
        QTest.keyClick(self.part("digitCanvas"), Qt.Key.Key_Delete)

    def _at(self, widget, place):
        x, y = place
        return widget.mapTo(self._window, QPoint(round(x * widget.width()), round(y * widget.height())))

    def draw_seven(self):
        """Draw a 7 in Draw, wait for its answer, and keep the button pressed."""
        yield from self.show("drawTab")
        canvas, answer = self.part("digitCanvas"), self.part("predictionLabel", QLabel)
        yield lambda: canvas.isVisible() and canvas.width() > 190
        self.press(canvas, SEVEN[0])
        for place in SEVEN[1:]:
            self.move(canvas, place)
        yield lambda: "7" in answer.text()

    def drag(self, start=START, end=END):
        """Drag in Latent, wait for the decoded image, and keep the button pressed."""
        yield from self.show("latentTab")
        plane, decoded = self.part("latentPlane"), self.part("decodedImage")
        yield lambda: plane.isVisible() and decoded.images is not None
        before = decoded.images.copy()
        self.press(plane, start)
        self.move(plane, end)
        yield lambda: not np.array_equal(decoded.images, before)
