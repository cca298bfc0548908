"""The toolbar of the canvas, with its actions and shortcuts."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.draw.digit_canvas import DEFAULT_BRUSH, DigitCanvas
from cadl_gui.ui.file_dialogs import ask_for_file
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.action_button import tool_button

_THINNEST, _FATTEST = 2, 20
"""Brush sizes in hundredths of the canvas."""

_LEAST_BRUSH_PX = 64
"""In a narrower bar, buttons that have a shortcut and a menu entry are hidden."""


class CanvasBar(QWidget):
    """Brush slider and buttons of a canvas.

    Args:
        canvas: the canvas.
        theme: for icons and sizes.
        undo: provides the undo and redo buttons.

    Attributes:
        action_set: the actions of this module's rows, in order.
        canvas: the canvas.
        has_digits: whether a random digit can be requested.

    Signals:
        brush_changed: (int) the brush size has changed, in hundredths of the canvas.
        random_requested: put a test digit on the canvas.
    """

    brush_changed = Signal(int)
    random_requested = Signal()

    def __init__(
        self, canvas: DigitCanvas, theme: Theme, undo: Iterable[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self._theme = theme
        self.has_digits = False
        self._brush = QSlider(Qt.Orientation.Horizontal)
        self._brush.setObjectName("brushSizeSlider")
        self._brush.setAccessibleName("Brush size")
        self._brush.setToolTip("Brush size, in hundredths of the canvas ([ and ])")
        self._brush.setRange(_THINNEST, _FATTEST)
        self._brush.setValue(round(100 * DEFAULT_BRUSH))
        self._brush.valueChanged.connect(self._on_brush)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT_PX)
        row.addWidget(self._brush, stretch=1)
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._unpresented = [f"{about.key}Button" for about in ROWS if not about.presented]
        for action in (action for action in (*undo, *self.action_set) if not action.icon().isNull()):
            row.addWidget(tool_button(action))
        # Images beside the canvas can be copied, too.
        canvas.addAction(self.action_set["copy"])
        theme.changed.connect(self._restyle)
        canvas.changed.connect(self.action_set.refresh)
        self.action_set.refresh()
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide buttons if necessary, so that the brush slider stays usable."""
        super().resizeEvent(event)
        self._restyle()

    def set_brush(self, size: int) -> None:
        """Set the brush to the nearest available size, in hundredths of the canvas."""
        self._brush.setValue(size)

    def change_brush(self, by: int) -> None:
        """Change the brush size by this many hundredths of the canvas."""
        self._brush.setValue(self._brush.value() + by)

    def set_digits(self, has_digits: bool) -> None:
        """Set whether a random digit can be requested."""
        self.has_digits = has_digits
        self.action_set.refresh()

    @Slot(int)
    def _on_brush(self, size: int) -> None:
        self.canvas.set_brush(size / 100)
        self.brush_changed.emit(size)

    @Slot()
    def _restyle(self) -> None:
        buttons = self.findChildren(QToolButton)
        needed = _LEAST_BRUSH_PX + sum(UNIT_PX + button.sizeHint().width() for button in buttons)
        for button in buttons:
            if button.objectName() in self._unpresented:
                button.setVisible(not self._theme.present and self.width() >= needed)

    def choose_image(self) -> None:
        """Ask for an image file, and put it on the canvas."""
        kinds = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        path = ask_for_file(self, FileKind.IMAGE, "Open image", f"Images ({kinds})")
        if path is not None:
            self.canvas.open_image(str(path))


ROWS: tuple[ActionRow[CanvasBar], ...] = (
    ActionRow(key="eraser", menu="Draw", text="Erase", shortcuts=("E",), icon="eraser",
              help="The hand takes ink away; the right button always does.",
              toggle=lambda host, on: host.canvas.set_erasing(on)),
    ActionRow(key="clear", menu="Draw", text="Clear", shortcuts=("Del", "Backspace"), icon="trash",
              help="Empty the canvas.", callback=lambda host: host.canvas.clear(),
              enabled=lambda host: not host.canvas.drawing.is_blank),
    ActionRow(key="randomDigit", menu="Draw", text="Random digit", shortcuts=("R",), icon="dice-5",
              help="A test digit that no open run was trained on.",
              callback=lambda host: host.random_requested.emit(), enabled=lambda host: host.has_digits),
    ActionRow(key="openImage", menu="Draw", text="Open image…", shortcuts=("O",), icon="photo",
              presented=False,
              help="Put a scan or photograph of a digit on the canvas.", callback=CanvasBar.choose_image),
    ActionRow(key="paste", menu="Draw", text="Paste", shortcuts=("Ctrl+V",), icon="clipboard",
              presented=False,
              help="Put the clipboard's image on the canvas.", callback=lambda host: host.canvas.paste()),
    ActionRow(key="copy", menu="Draw", text="Copy image", shortcuts=("Ctrl+C",), icon="copy",
              context=Qt.ShortcutContext.WidgetShortcut, presented=False,
              help="Put the drawing on the clipboard, while the canvas has the focus.",
              callback=lambda host: host.canvas.copy(),
              enabled=lambda host: not host.canvas.drawing.is_blank),
    ActionRow(key="thinner", menu="Draw", text="Thinner pen", shortcuts=("[",),
              help="Draw with a thinner pen.", callback=lambda host: host.change_brush(-1)),
    ActionRow(key="thicker", menu="Draw", text="Thicker pen", shortcuts=("]",),
              help="Draw with a thicker pen.", callback=lambda host: host.change_brush(1)),
)  # fmt: skip
