"""Drives the window in a self-test."""

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QTabWidget, QWidget

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import NetworkRequest
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.shell.main_window import MainWindow

Waiting = Generator[Callable[[], object], None, Any]
"""A generator that acts on the window and yields conditions to wait for."""


class UiDriver(QObject):
    """Finds, clicks, drags and fills in widgets, sends requests to the engine, and collects its errors.

    Attributes:
        window: the real main window.
        engine: the engine of the window.
        folder: folder for saved files.
        saved: checkpoints that the engine has written.
        complaints: errors and warnings that the engine has reported; any of them fails the self-test.
    """

    def __init__(self, window: MainWindow, engine: Engine, folder: Path) -> None:
        super().__init__()
        self.window = window
        self.engine = engine
        self.folder = folder
        self.saved: list[Path] = []
        self.complaints: list[str] = []
        self._client = InferenceClient(engine.inference, self)
        engine.notifications.saved.connect(self._on_saved)
        engine.notifications.failed.connect(self._on_failed)
        engine.exporting.failed.connect(self._on_export_failed)
        engine.notifications.warned.connect(self.complaints.append)

    def find(self, name: str) -> QWidget:
        """Return the widget with an `objectName`.

        Raises:
            LookupError: if there is none.
        """
        widget: QWidget | None = self.window.findChild(QWidget, name)
        if widget is None:
            raise LookupError(f"there is no {name}")
        return widget

    def look_at(self, page: str, widget: str) -> Waiting:
        """Switch to a tab, and wait until a widget of it is visible."""
        tabs = self.find("tabs")
        assert isinstance(tabs, QTabWidget), "tabs is a tab widget"
        tabs.setCurrentWidget(self.find(page))
        yield lambda: self.find(widget).isVisible()

    def click(self, name: str) -> None:
        """Click the centre of a widget."""
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def drag(self, name: str, way: Iterable[tuple[float, float]]) -> None:
        """Press, move and release the mouse on a widget.

        Args:
            name: `objectName` of the widget.
            way: positions along the drag, as fractions of the widget's width and height.
        """
        widget = self.find(name)
        places = [QPoint(round(x * widget.width()), round(y * widget.height())) for x, y in way]
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=places[-1])

    def choose(self, name: str, text: str) -> None:
        """Select the item of a combo box with a text."""
        combo = self.find(name)
        assert isinstance(combo, QComboBox), f"{name} is a combo box"
        assert combo.findText(text) >= 0, f"{name} offers {text}"
        combo.setCurrentText(text)

    def set_number(self, name: str, value: int) -> None:
        """Set the value of a spin box."""
        spin = self.find(name)
        assert isinstance(spin, QSpinBox | QDoubleSpinBox), f"{name} is a spin box"
        spin.setValue(value)

    def error_shown(self) -> str:
        """Return the error in the window's notice strip, such as one uncaught in a thread, or ""."""
        strip = self.find("noticeStrip")
        is_error = strip.isVisible() and strip.accessibleName().startswith("Error")
        return strip.accessibleName() if is_error else ""

    def answer(self, request: NetworkRequest[Any]) -> Waiting:
        """Send a request to the engine, wait, and return the answer.

        Raises:
            CadlError: if the request failed.
        """
        answers: list[Any] = []
        failures: list[str] = []
        self._client.ask(request, lambda answer, _: answers.append(answer), failures.append)
        yield lambda: answers or failures
        if failures:
            raise CadlError(failures[0])
        return answers[0]

    @Slot(object, str)
    def _on_saved(self, path: Path, _: str) -> None:
        self.saved.append(path)

    @Slot(str, str, object)
    def _on_failed(self, message: str, details: str, suggestion: object) -> None:  # noqa: ARG002 (the signal's)
        self.complaints.append(message)

    @Slot(str, str)
    def _on_export_failed(self, message: str, details: str) -> None:  # noqa: ARG002 (the signal's)
        self.complaints.append(message)
