"""What can be done to the canvas, as buttons and as keys."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QAction, QImageReader, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSlider, QToolButton, QWidget

from cadl_gui.core.drawing.scan import ink_of
from cadl_gui.ui.draw.digit_canvas import DEFAULT_BRUSH, DigitCanvas
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.grey_image import rgba_pixels
from cadl_gui.ui.widgets.icon import icon

_THINNEST, _FATTEST = 2, 20
"""Brush in hundredths of the canvas."""


@dataclass(frozen=True, kw_only=True)
class CanvasAction:
    """One thing that can be done to the canvas.

    Attributes:
        name: of its button.
        help: one line for tooltip and F1 page.
        keys: that do the same while the canvas has the focus, in Qt's portable notation.
        icon: of its button.
        checkable: whether it is a switch.
        presented: whether present mode has a button for it, too.
    """

    name: str
    help: str
    keys: tuple[str, ...]
    icon: str
    checkable: bool = False
    presented: bool = True


CANVAS_ACTIONS = (
    CanvasAction(name="undoButton", help="Undo", keys=("Ctrl+Z",), icon="arrow-back-up"),
    CanvasAction(name="redoButton", help="Redo", keys=("Ctrl+Shift+Z", "Ctrl+Y"), icon="arrow-forward-up"),
    CanvasAction(name="eraserButton", help="Erase", keys=("E",), icon="eraser", checkable=True),
    CanvasAction(name="clearButton", help="Clear", keys=("Del", "Backspace"), icon="trash"),
    CanvasAction(name="randomDigitButton", help="Random digit", keys=("R",), icon="dice-5"),
    CanvasAction(name="openPictureButton", help="Open picture…", keys=("O",), icon="photo", presented=False),
    CanvasAction(name="pasteButton", help="Paste", keys=("Ctrl+V",), icon="clipboard", presented=False),
    CanvasAction(name="copyButton", help="Copy picture", keys=("Ctrl+C",), icon="copy", presented=False),
)
"""In the order of the bar."""


class CanvasBar(QWidget):
    """Brush and buttons of a canvas.

    Signals:
        random_wanted: a test digit is to be put on the canvas.
        failed: (str) a picture could not be opened.
    """

    random_wanted = Signal()
    failed = Signal(str)

    def __init__(self, canvas: DigitCanvas, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._brush = QSlider(Qt.Orientation.Horizontal)
        self._brush.setObjectName("brushSizeSlider")
        self._brush.setAccessibleName("Brush size")
        self._brush.setToolTip("Brush size, in hundredths of the canvas ([ and ])")
        self._brush.setRange(_THINNEST, _FATTEST)
        self._brush.setValue(round(100 * DEFAULT_BRUSH))
        self._brush.valueChanged.connect(lambda value: canvas.set_brush(value / 100))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT_PX)
        row.addWidget(self._brush, stretch=1)
        self._unpresented: list[QToolButton] = []
        self._actions = {about.name: self._add(about, theme, row) for about in CANVAS_ACTIONS}
        for key, by in (("[", -1), ("]", 1)):
            self._add_key(key, by)
        self._theme = theme
        self._connect()
        self._refresh()
        self._restyle()

    @Slot(str)
    def open_picture(self, path: str) -> None:
        """Put the digit of a picture file, dark on light or light on dark, on the canvas."""
        reader = QImageReader(path)
        reader.setAutoTransform(True)
        image = reader.read()
        if image.isNull():
            self.failed.emit(f"“{Path(path).name}” is not a picture that can be opened.")
            return
        self._canvas.set_picture(ink_of(rgba_pixels(image)))

    def set_random_enabled(self, enabled: bool) -> None:
        """Whether there is anybody to ask for a random digit."""
        self._actions["randomDigitButton"].setEnabled(enabled)

    def _add(self, about: CanvasAction, theme: Theme, row: QHBoxLayout) -> QAction:
        action = QAction(icon(about.icon, theme), about.help, self)
        action.setShortcuts([QKeySequence(key) for key in about.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setCheckable(about.checkable)
        keys = " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        action.setToolTip(f"{about.help} ({keys})")
        self._canvas.addAction(action)
        button = QToolButton()
        button.setObjectName(about.name)
        button.setAccessibleName(about.help.removesuffix("…"))
        button.setDefaultAction(action)
        row.addWidget(button)
        if not about.presented:
            self._unpresented.append(button)
        return action

    def _add_key(self, key: str, by: int) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._brush.setValue(self._brush.value() + by))
        self._canvas.addAction(action)

    def _connect(self) -> None:
        canvas, actions = self._canvas, self._actions
        self._theme.changed.connect(self._restyle)
        canvas.changed.connect(self._refresh)
        canvas.file_dropped.connect(self.open_picture)
        actions["undoButton"].triggered.connect(canvas.undo)
        actions["redoButton"].triggered.connect(canvas.redo)
        actions["eraserButton"].toggled.connect(canvas.set_erasing)
        actions["clearButton"].triggered.connect(canvas.clear)
        actions["randomDigitButton"].triggered.connect(self.random_wanted)
        actions["openPictureButton"].triggered.connect(self._choose_picture)
        actions["pasteButton"].triggered.connect(canvas.paste)
        actions["copyButton"].triggered.connect(canvas.copy)

    @Slot()
    def _refresh(self) -> None:
        self._actions["undoButton"].setEnabled(self._canvas.can_undo)
        self._actions["redoButton"].setEnabled(self._canvas.can_redo)
        is_blank = self._canvas.drawing.is_blank
        self._actions["clearButton"].setEnabled(not is_blank)
        self._actions["copyButton"].setEnabled(not is_blank)

    @Slot()
    def _restyle(self) -> None:
        for button in self._unpresented:
            button.setVisible(not self._theme.present)

    @Slot()
    def _choose_picture(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        kinds = " ".join(f"*.{bytes(kind.data()).decode()}" for kind in QImageReader.supportedImageFormats())
        path, _ = QFileDialog.getOpenFileName(self, "Open picture", folder, f"Pictures ({kinds})")
        if path:
            self.open_picture(path)
