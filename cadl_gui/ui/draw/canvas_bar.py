"""What can be done to the canvas, as buttons and as keys."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.draw.digit_canvas import DEFAULT_BRUSH, DigitCanvas
from cadl_gui.ui.file_dialogs import ask_for_file
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.tab_actions import TAB_ACTIONS, build_tab_action
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

_THINNEST, _FATTEST = 2, 20
"""Brush in hundredths of the canvas."""

_LEAST_BRUSH_PX = 64
"""Where there is less room, buttons that have a key and a place in the menu give way."""


class CanvasBar(QWidget):
    """Brush and buttons of a canvas.

    Signals:
        brush_changed: (int) another brush size, in hundredths of the canvas.
        random_wanted: a test digit is to be put on the canvas.
    """

    brush_changed = Signal(int)
    random_wanted = Signal()

    def __init__(self, canvas: DigitCanvas, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
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
        self._unpresented: list[QToolButton] = []
        self._actions = {
            about.key: self._add(about, theme, row)
            for about in TAB_ACTIONS
            if about.menu == "Draw" and about.key != "teach"
        }
        # Pictures beside the canvas can be copied, too.
        self._actions["copy"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        canvas.addAction(self._actions["copy"])
        self._theme = theme
        self._connect()
        self._refresh()
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room to move the brush's handle."""
        super().resizeEvent(event)
        self._restyle()

    def set_brush(self, size: int) -> None:
        """Draw with this brush, in hundredths of the canvas, or the nearest that there is."""
        self._brush.setValue(size)

    def set_random_enabled(self, enabled: bool) -> None:
        """Whether there is anybody to ask for a random digit."""
        self._actions["randomDigit"].setEnabled(enabled)

    @property
    def menu_actions(self) -> list[QAction]:
        """All that can be done, in the order of the table."""
        return list(self._actions.values())

    @property
    def undo_actions(self) -> tuple[QAction, QAction]:
        """Undo and redo."""
        return self._actions["undo"], self._actions["redo"]

    def _add(self, about: ActionRow[Any], theme: Theme, row: QHBoxLayout) -> QAction:
        action = build_tab_action(about, self, theme)
        if about.icon:
            button = QToolButton()
            button.setObjectName(f"{about.key}Button")
            button.setAccessibleName(about.text.removesuffix("…"))
            button.setDefaultAction(action)
            row.addWidget(button)
            if not about.presented:
                self._unpresented.append(button)
        return action

    def _connect(self) -> None:
        canvas, actions = self._canvas, self._actions
        self._theme.changed.connect(self._restyle)
        canvas.changed.connect(self._refresh)
        actions["eraser"].toggled.connect(canvas.set_erasing)
        actions["clear"].triggered.connect(canvas.clear)
        actions["randomDigit"].triggered.connect(self.random_wanted)
        actions["openPicture"].triggered.connect(self._choose_picture)
        actions["paste"].triggered.connect(canvas.paste)
        actions["copy"].triggered.connect(canvas.copy)
        actions["thinner"].triggered.connect(lambda: self._brush.setValue(self._brush.value() - 1))
        actions["thicker"].triggered.connect(lambda: self._brush.setValue(self._brush.value() + 1))

    @Slot(int)
    def _on_brush(self, size: int) -> None:
        self._canvas.set_brush(size / 100)
        self.brush_changed.emit(size)

    @Slot()
    def _refresh(self) -> None:
        is_blank = self._canvas.drawing.is_blank
        self._actions["clear"].setEnabled(not is_blank)
        self._actions["copy"].setEnabled(not is_blank)

    @Slot()
    def _restyle(self) -> None:
        buttons = self.findChildren(QToolButton)
        needed = _LEAST_BRUSH_PX + sum(UNIT_PX + button.sizeHint().width() for button in buttons)
        for button in self._unpresented:
            button.setVisible(not self._theme.present and self.width() >= needed)

    @Slot()
    def _choose_picture(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        path = ask_for_file(self, FileKind.PICTURE, "Open picture", f"Pictures ({kinds})")
        if path is not None:
            self._canvas.open_picture(str(path))
